/** Owns what must always hold of models and of the money on them. */
import type { Read } from "../../chain/module/context.ts";
import { isCovered } from "./curve.ts";
import { backingOf, positionOf } from "./keeper/backing.ts";
import { stackPpm } from "./keeper/lineage.ts";
import { shapeOf, sharesOf } from "./keeper/trading.ts";
import { CURVES, MODEL, type ModelKeeper } from "./keeper.ts";
import { MAX_DEPTH, PARTS_PER_MILLION } from "./limits.ts";
import { state } from "./state.ts";

export const invariants = {
  /** The module's account holds at least all bonds, all backing and what backers have not claimed; gifts may lie beside them. */
  holdings: (keeper: ModelKeeper, ctx: Read): string | undefined => {
    let owed = 0n;
    for (const [, { bond, leaving }] of state.operators.iterate(ctx)) owed += BigInt(bond) + BigInt(leaving);
    for (const [, row] of state.backings.iterate(ctx)) {
      owed += BigInt(row.tokens) + BigInt(row.leavingTokens) + BigInt(row.toBackers) - BigInt(row.claimed);
    }
    const held = keeper.held(ctx, MODEL);
    return held < owed
      ? `bonds, backing and unclaimed revenue are ${owed}, the module's account holds ${held}`
      : undefined;
  },
  /** Every curve can pay for all its shares, and the curves' account holds their reserves, escrows and locked shares. */
  curves: (keeper: ModelKeeper, ctx: Read): string | undefined => {
    let owed = 0n;
    for (const [modelId, curve] of state.curves.iterate(ctx)) {
      owed += BigInt(curve.reserve) + BigInt(curve.escrow);
      const denom = sharesOf(modelId);
      const locked = keeper.held(ctx, CURVES, denom);
      if (locked < BigInt(curve.creatorLocked)) return `${curve.creatorLocked}${denom} are locked, ${locked} held`;
      if (curve.poolId !== 0n) continue;
      if (!isCovered(shapeOf(curve), BigInt(curve.supply), BigInt(curve.reserve))) {
        return `a reserve of ${curve.reserve} does not cover ${curve.supply}${denom}`;
      }
      const supply = keeper.uses.bank.supply(ctx, denom);
      if (supply !== BigInt(curve.supply))
        return `the curve of model ${modelId} counts ${curve.supply} shares of ${supply}`;
    }
    const held = keeper.held(ctx, CURVES);
    return held < owed ? `curves and escrows count ${owed}, their account holds ${held}` : undefined;
  },
  /** A bond's withdrawals are what it says is leaving, and its offers are counted. */
  bonds: (_keeper: ModelKeeper, ctx: Read): string | undefined => {
    const leaving = new Map<string, bigint>();
    for (const [, { operator, amount }] of state.bondWithdrawals.iterate(ctx)) {
      leaving.set(operator, (leaving.get(operator) ?? 0n) + BigInt(amount));
    }
    const offers = new Map<string, number>();
    for (const [, { host }] of state.offers.iterate(ctx)) offers.set(host, (offers.get(host) ?? 0) + 1);
    for (const [, row] of state.operators.iterate(ctx)) {
      const own = leaving.get(row.operator) ?? 0n;
      if (own !== BigInt(row.leaving))
        return `${row.leaving} of the bond of ${row.operator} leave, its withdrawals are ${own}`;
      const count = offers.get(row.operator) ?? 0;
      if (count !== row.offers) return `${row.operator} has ${count} offers and counts ${row.offers}`;
      leaving.delete(row.operator);
    }
    for (const name of leaving.keys()) return `${name} withdraws a bond it never had`;
    return undefined;
  },
  /** The positions of a backing sum to its shares, what leaves to its leaving shares, and nobody can claim more than came. */
  backing: (keeper: ModelKeeper, ctx: Read): string | undefined => {
    for (const [modelId] of state.models.iterate(ctx)) {
      const backing = backingOf(keeper, ctx, modelId);
      let [active, pending, owed, leaving] = [0n, 0n, 0n, 0n];
      for (const [[, backer]] of state.positions.iterate(ctx, { prefix: modelId })) {
        const position = positionOf(keeper, ctx, modelId, backer);
        active += BigInt(position.activeShares);
        pending += BigInt(position.pendingShares);
        owed += BigInt(position.owed);
      }
      for (const [, row] of state.unbackings.iterate(ctx)) if (row.modelId === modelId) leaving += BigInt(row.shares);
      const [sums, stated] = [
        [active, pending, leaving].join("/"),
        [backing.activeShares, backing.pendingShares, backing.leavingShares].join("/"),
      ];
      if (sums !== stated) return `the shares of model ${modelId} sum to ${sums}, its backing has ${stated}`;
      const unclaimed = BigInt(backing.toBackers) - BigInt(backing.claimed);
      if (owed > unclaimed) return `backers of model ${modelId} can claim ${owed} of ${unclaimed}`;
    }
    return undefined;
  },
  /** No version owes more than all, none lies too deep, and no model descends from itself. */
  lineage: (_keeper: ModelKeeper, ctx: Read): string | undefined => {
    for (const [[modelId, number], { stack, depth }] of state.versions.iterate(ctx)) {
      const sum = stackPpm(stack);
      if (sum > PARTS_PER_MILLION || depth > MAX_DEPTH) {
        return `version ${number} of model ${modelId} owes ${sum} parts per million at depth ${depth}`;
      }
    }
    return cycleIn(ctx);
  },
  /** Every slot in use has its adapter. */
  slots: (_keeper: ModelKeeper, ctx: Read): string | undefined => {
    const used = new Map<string, number>();
    for (const [, { host, modelId }] of state.mounts.iterate(ctx)) {
      const at = `${host} ${modelId}`;
      used.set(at, (used.get(at) ?? 0) + 1);
    }
    for (const [, { host, modelId, used: counted, slots }] of state.offers.iterate(ctx)) {
      const at = `${host} ${modelId}`;
      const mounted = used.get(at) ?? 0;
      if (mounted !== counted || counted > slots)
        return `${mounted} adapters at ${at}, ${counted} counted, ${slots} slots`;
      used.delete(at);
    }
    for (const at of used.keys()) return `an adapter is mounted at ${at}, which has no offer`;
    return undefined;
  },
};

/** Takes models away whose parents are all gone; what remains lies on a cycle. */
function cycleIn(ctx: Read): string | undefined {
  const parents = new Map<bigint, Set<bigint>>();
  for (const [child, parent] of state.derived.keys(ctx)) {
    parents.set(child, (parents.get(child) ?? new Set()).add(parent));
  }
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const [child, above] of parents) {
      if ([...above].some((parent) => parents.has(parent))) continue;
      parents.delete(child);
      isSmaller = true;
    }
  }
  const [left] = parents.keys();
  return left === undefined ? undefined : `model ${left} descends from itself`;
}
