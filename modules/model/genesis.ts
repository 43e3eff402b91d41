/** Owns the model module's genesis: what is checked before the chain starts, and what is written and read back. */
import type { Read, Write } from "../../chain/module/context.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { invariants } from "./invariants.ts";
import { setBacking } from "./keeper/backing.ts";
import type { ModelKeeper } from "./keeper.ts";
import { defaultParams, validateParams } from "./params.ts";
import { state } from "./state.ts";

type Genesis = Messages["tributary.model.v1.GenesisState"];

export function defaultGenesis(): Partial<Genesis> & Pick<Genesis, "params" | "models"> {
  return { params: defaultParams, models: [], nextWithdrawal: 1n };
}

/** Throws with a sentence when numbers have gaps, or a model has not exactly the versions and the backing it says. */
export function validateGenesis({ params, models, versions, backings }: Genesis): void {
  validateParams(params);
  models.forEach(({ id, version, weightsHash }, i) => {
    if (id !== BigInt(i + 1)) throw new Error(`model: model ${id} stands where ${i + 1} should`);
    const own = versions.filter(({ modelId }) => modelId === id);
    if (own.length !== version) throw new Error(`model: model ${id} has ${own.length} versions, not ${version}`);
    own.forEach(({ number }, at) => {
      if (number !== at + 1) throw new Error(`model: version ${number} of model ${id} stands where ${at + 1} should`);
    });
    const latest = own.at(-1);
    if (latest === undefined || !equalBytes(latest.weightsHash, weightsHash)) {
      throw new Error(`model: model ${id} does not show the weights of its latest version`);
    }
    if (backings[i]?.modelId !== id) throw new Error(`model: model ${id} has no backing in its place`);
  });
}

/** Writes a validated genesis. */
export function initGenesis(keeper: ModelKeeper, ctx: Write, genesis: Genesis): void {
  validateGenesis(genesis);
  const account = (text: string): Uint8Array => ctx.addresses.parseAccount(text);
  state.params.set(ctx, genesis.params);
  for (const row of genesis.models) state.models.set(ctx, row.id, row);
  for (const row of genesis.versions) {
    state.versions.set(ctx, [row.modelId, row.number], row);
    for (const parent of row.parents) state.derived.add(ctx, [row.modelId, parent.modelId]);
  }
  for (const row of genesis.operators) state.operators.set(ctx, account(row.operator), row);
  for (const row of genesis.bondWithdrawals) state.bondWithdrawals.set(ctx, row.id, row);
  for (const row of genesis.offers) state.offers.set(ctx, [account(row.host), row.modelId], row);
  for (const row of genesis.mounts) state.mounts.set(ctx, [account(row.host), row.adapterId], row);
  for (const row of genesis.curves) state.curves.set(ctx, row.modelId, row);
  for (const row of genesis.milestones) state.milestones.set(ctx, [row.modelId, row.number], row);
  for (const row of genesis.backings) setBacking(ctx, row);
  for (const row of genesis.epochStarts) state.epochStarts.set(ctx, [row.modelId, row.epoch], row);
  for (const row of genesis.positions) state.positions.set(ctx, [row.modelId, account(row.backer)], row);
  for (const row of genesis.unbackings) state.unbackings.set(ctx, row.id, row);
  if (genesis.nextWithdrawal > 1n) state.withdrawals.set(ctx, genesis.nextWithdrawal - 1n);
  // The bank's genesis comes first: what is owed must lie there.
  for (const invariant of Object.values(invariants)) {
    const flaw = invariant(keeper, ctx);
    if (flaw !== undefined) throw new Error(`model: ${flaw}`);
  }
}

/** Reads everything back in the order of the keys. */
export function exportGenesis(keeper: ModelKeeper, ctx: Read): Genesis {
  const rowsOf = <Key, Row>(rows: Iterable<readonly [Key, Row]>): Row[] => Array.from(rows, ([, row]) => row);
  return {
    params: keeper.params(ctx),
    models: rowsOf(state.models.iterate(ctx)),
    versions: rowsOf(state.versions.iterate(ctx)),
    operators: rowsOf(state.operators.iterate(ctx)),
    bondWithdrawals: rowsOf(state.bondWithdrawals.iterate(ctx)),
    offers: rowsOf(state.offers.iterate(ctx)),
    mounts: rowsOf(state.mounts.iterate(ctx)),
    backings: rowsOf(state.backings.iterate(ctx)),
    epochStarts: rowsOf(state.epochStarts.iterate(ctx)),
    positions: rowsOf(state.positions.iterate(ctx)),
    unbackings: rowsOf(state.unbackings.iterate(ctx)),
    curves: rowsOf(state.curves.iterate(ctx)),
    milestones: rowsOf(state.milestones.iterate(ctx)),
    nextWithdrawal: state.withdrawals.peek(ctx) + 1n,
  };
}
