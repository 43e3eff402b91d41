/** Owns the attribution module's genesis: what is checked before the chain starts, and what is written and read back. */
import type { Read, Write } from "../../chain/module/context.ts";
import { BatchStatus, UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { contestFlaw } from "./challenge/contest.ts";
import { defaultParams, validateParams } from "./params.ts";
import { sumOf } from "./payout.ts";
import { tableFlaw } from "./proof/term-table.ts";
import { Due, omissionKey, state } from "./state.ts";

type Genesis = Messages["tributary.attribution.v1.GenesisState"];

/** A chain without uses. */
export function defaultGenesis(): Genesis {
  const nothing = { uses: [], payouts: [], earnings: [], batches: [], challenges: [], challengeCount: 0n };
  return {
    params: defaultParams,
    ...nothing,
    claimed: [],
    tables: [],
    pools: [],
    lineageClaims: [],
    attestedClaims: [],
    leavers: [],
    backed: "0",
    disputes: [],
    exposures: [],
  };
}

/** Throws with a sentence when numbers have gaps, a settled use has not exactly one payout of its fee, or a batch not its uses. */
export function validate(genesis: Genesis): void {
  validateParams(genesis.params);
  validateUses(genesis);
  validateBatches(genesis);
  validateDisputes(genesis);
  genesis.tables.forEach((table, i) => {
    if (table.id !== BigInt(i + 1)) throw new Error(`attribution: table ${table.id} stands where ${i + 1} should`);
    const flaw = tableFlaw(table);
    if (flaw !== undefined) throw new Error(`attribution: table ${table.id}: ${flaw}`);
  });
  if (genesis.params.rules.tableId > BigInt(genesis.tables.length)) {
    throw new Error(`attribution: there is no table ${genesis.params.rules.tableId}`);
  }
}

function validateUses({ uses, payouts }: Genesis): void {
  const payoutOf = new Map(payouts.map((payout) => [payout.useId, payout]));
  if (payoutOf.size !== payouts.length) throw new Error("attribution: a use has two payouts");
  uses.forEach((use, i) => {
    if (use.id !== BigInt(i + 1)) throw new Error(`attribution: use ${use.id} stands where ${i + 1} should`);
    const payout = payoutOf.get(use.id);
    payoutOf.delete(use.id);
    const isSettled = use.status === UseStatus.USE_STATUS_SETTLED;
    if (isSettled !== (payout !== undefined)) {
      throw new Error(
        `attribution: use ${use.id} is ${isSettled ? "settled without" : "not settled but has"} a payout`,
      );
    }
    if (payout !== undefined && sumOf(payout) !== BigInt(use.fee.amount)) {
      throw new Error(`attribution: the parts of payout ${use.id} sum to ${sumOf(payout)}, not ${use.fee.amount}`);
    }
  });
  for (const useId of payoutOf.keys()) throw new Error(`attribution: there is no use ${useId} for its payout`);
}

function validateBatches({ uses, batches, challenges, challengeCount }: Genesis): void {
  batches.forEach((batch, i) => {
    if (batch.id !== BigInt(i + 1)) throw new Error(`attribution: batch ${batch.id} stands where ${i + 1} should`);
    const open = challenges.filter(({ batchId }) => batchId === batch.id).length;
    if (open !== batch.openChallenges || (open > 0 && batch.status !== BatchStatus.BATCH_STATUS_OPEN)) {
      throw new Error(
        `attribution: batch ${batch.id} counts ${batch.openChallenges} open challenges, there are ${open}`,
      );
    }
    if (batch.status === BatchStatus.BATCH_STATUS_REJECTED) return;
    for (const useId of batch.useIds) {
      if (uses[Number(useId) - 1]?.batchId !== batch.id) {
        throw new Error(`attribution: batch ${batch.id} names use ${useId}, which is not in it`);
      }
    }
  });
  for (const challenge of challenges) {
    const { id, batchId, contested } = challenge;
    const isContest = contested.length === 0 || contestFlaw({ ...challenge, contested: [] }, contested) === undefined;
    if (id > challengeCount || batches[Number(batchId) - 1] === undefined || !isContest) {
      throw new Error(`attribution: challenge ${id} of batch ${batchId} cannot be`);
    }
  }
}

function validateDisputes({ disputes, uses, challengeCount }: Genesis): void {
  for (const { id, useId, modelId, modelVersion, isProved, provedAt } of disputes) {
    const version = `${modelId}/${modelVersion}`;
    const use = uses[Number(useId) - 1];
    const isOfUse = use?.modelId === modelId && use.modelVersion === modelVersion;
    if (id > challengeCount || !isOfUse || isProved !== provedAt > 0n) {
      throw new Error(`attribution: dispute ${id} of version ${version} cannot be`);
    }
  }
}

/** Writes a validated genesis. */
export function init(ctx: Write, genesis: Genesis): void {
  state.params.set(ctx, genesis.params);
  for (const use of genesis.uses) state.uses.set(ctx, use.id, use);
  for (const payout of genesis.payouts) state.payouts.set(ctx, payout.useId, payout);
  for (const row of genesis.earnings) {
    state.earnings.set(ctx, [ctx.addresses.parseAccount(row.beneficiary), row.denom], row);
  }
  for (const batch of genesis.batches) {
    state.batches.set(ctx, batch.id, batch);
    if (batch.status === BatchStatus.BATCH_STATUS_OPEN) {
      state.due.add(ctx, [batch.windowEnd, [Due.BATCH, batch.id]]);
      if (!batch.isDrawn) state.due.add(ctx, [0n, [Due.AUDIT, batch.id]]);
    }
    if (batch.status === BatchStatus.BATCH_STATUS_FINAL) state.due.add(ctx, [batch.claimEnd, [Due.SWEEP, batch.id]]);
  }
  for (const challenge of genesis.challenges) {
    state.challenges.set(ctx, challenge.id, challenge);
    state.due.add(ctx, [challenge.answerBy, [Due.ANSWER, challenge.id]]);
  }
  for (const dispute of genesis.disputes) {
    state.disputes.set(ctx, dispute.id, dispute);
    if (!dispute.isProved) state.due.add(ctx, [dispute.answerBy, [Due.DISPUTE, dispute.id]]);
    else state.omissions.set(ctx, omissionKey(dispute, dispute.record), dispute.id);
  }
  for (const row of genesis.exposures) state.exposures.set(ctx, ctx.addresses.parseAccount(row.host), row);
  if (genesis.challengeCount > 0n) state.challengeCount.set(ctx, genesis.challengeCount);
  for (const { batchId, word, bits } of genesis.claimed) state.claimed.set(ctx, [batchId, word], bits);
  for (const table of genesis.tables) state.tables.set(ctx, table.id, table);
  for (const pool of genesis.pools) state.pools.set(ctx, [pool.datanetId, pool.recordCount], pool);
  for (const { datanetId, recordCount, number, accumulator } of genesis.lineageClaims) {
    state.lineageClaims.set(ctx, [[datanetId, recordCount], number], BigInt(accumulator));
  }
  for (const { datanetId, recordCount, number, accumulator } of genesis.attestedClaims) {
    state.attestedClaims.set(ctx, [[datanetId, recordCount], number], BigInt(accumulator));
  }
  for (const { datanetId, recordCount, number } of genesis.leavers) {
    state.leavers.add(ctx, [[datanetId, recordCount], number]);
  }
  if (BigInt(genesis.backed) > 0n) state.backed.set(ctx, BigInt(genesis.backed));
}

/** Reads everything back in the order of the keys. Deadlines follow from the rest. */
export function exportAll(ctx: Read): Genesis {
  const params = state.params.get(ctx);
  if (params === undefined) throw new Error("attribution has no parameters");
  return {
    params,
    uses: Array.from(state.uses.iterate(ctx), ([, use]) => use),
    payouts: Array.from(state.payouts.iterate(ctx), ([, payout]) => payout),
    earnings: Array.from(state.earnings.iterate(ctx), ([, earnings]) => earnings),
    batches: Array.from(state.batches.iterate(ctx), ([, batch]) => batch),
    challenges: Array.from(state.challenges.iterate(ctx), ([, challenge]) => challenge),
    challengeCount: state.challengeCount.peek(ctx),
    claimed: Array.from(state.claimed.iterate(ctx), ([[batchId, word], bits]) => ({ batchId, word, bits })),
    tables: Array.from(state.tables.iterate(ctx), ([, table]) => table),
    pools: Array.from(state.pools.iterate(ctx), ([, pool]) => pool),
    lineageClaims: Array.from(state.lineageClaims.iterate(ctx), claimRow),
    attestedClaims: Array.from(state.attestedClaims.iterate(ctx), claimRow),
    leavers: Array.from(state.leavers.keys(ctx), ([[datanetId, recordCount], number]) => ({
      ...{ datanetId, recordCount, number },
    })),
    disputes: Array.from(state.disputes.iterate(ctx), ([, dispute]) => dispute),
    exposures: Array.from(state.exposures.iterate(ctx), ([, exposure]) => exposure),
    backed: (state.backed.get(ctx) ?? 0n).toString(),
  };
}

function claimRow([[[datanetId, recordCount], number], accumulator]: readonly [
  readonly [readonly [bigint, bigint], bigint],
  bigint,
]): Messages["tributary.attribution.v1.LineageClaim"] {
  return { datanetId, recordCount, number, accumulator: accumulator.toString() };
}
