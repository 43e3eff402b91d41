/**
 * Owns what time brings at the end of a block: lots that decide on audits, answers that did not come, windows and claims
 * that end. One block works off a bounded number, the earliest first. It does not own what follows (batches.ts).
 */
import type { BlockWrite, Write } from "../../../chain/module/context.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import { BatchStatus } from "../../../proto/enums.gen.ts";
import type { VotingStake } from "../../staking/keeper/voting-stake.ts";
import { MAX_DUE_PER_BLOCK, PARTS_PER_MILLION } from "../limits.ts";
import type { Params } from "../params.ts";
import { Due, state } from "../state.ts";
import type { Batch, Batches } from "./batches.ts";
import type { Challenges } from "./challenges.ts";
import type { Disputes } from "./disputes.ts";
import { drawByWeight, drawLot } from "./lot.ts";

/** What deadlines need of their neighbours. */
export interface DeadlineUses {
  readonly stake: Pick<VotingStake, "bondedValidators">;
  readonly hasher: Hasher;
}

type Entry = readonly [time: bigint, what: readonly [kind: bigint, id: bigint]];

export class Deadlines {
  readonly #uses: DeadlineUses;
  readonly #batches: Batches;
  readonly #challenges: Challenges;
  readonly #disputes: Disputes;

  constructor(uses: DeadlineUses, batches: Batches, challenges: Challenges, disputes: Disputes) {
    this.#uses = uses;
    this.#batches = batches;
    this.#challenges = challenges;
    this.#disputes = disputes;
  }

  /** Works off what is due before now. */
  workOff(ctx: BlockWrite, params: Params): void {
    // Lots stand at time 0, before everything else, and have places of their own: otherwise many batches would hold up all deadlines.
    const afterLots = [1n, [0n, 0n]] as const;
    const due: Entry[] = [...state.due.keys(ctx, { end: afterLots, limit: MAX_DUE_PER_BLOCK })];
    // A time belongs to who may still act in its second, so only what lies before now is due.
    const end = [ctx.time.seconds, [0n, 0n]] as const;
    due.push(...state.due.keys(ctx, { start: afterLots, end, limit: MAX_DUE_PER_BLOCK }));
    for (const [time, [kind, id]] of due) {
      if (kind === Due.AUDIT && this.#batches.batch(ctx, id).postedHeight === ctx.height) continue;
      state.due.delete(ctx, [time, [kind, id]]);
      if (kind === Due.AUDIT) this.#drawAudit(ctx, params, id);
      else if (kind === Due.ANSWER) this.#challenges.endAnswer(ctx, params, id);
      else if (kind === Due.BATCH) this.#endWindow(ctx, params, id);
      else if (kind === Due.DISPUTE) this.#disputes.end(ctx, id);
      else this.#endClaims(ctx, id);
    }
  }

  #endWindow(ctx: Write, params: Params, batchId: bigint): void {
    const batch = this.#batches.batch(ctx, batchId);
    // With challenges open it is due again when the last of them is answered.
    if (batch.status === BatchStatus.BATCH_STATUS_OPEN && batch.openChallenges === 0) {
      this.#batches.finalise(ctx, params, batch);
    }
  }

  #endClaims(ctx: Write, batchId: bigint): void {
    const batch = this.#batches.batch(ctx, batchId);
    if (batch.status === BatchStatus.BATCH_STATUS_FINAL) this.#batches.sweep(ctx, batch);
  }

  /** The hash of a block after the one it was posted in decides whether a batch is audited, by whom, and which shares it must open. */
  #drawAudit(ctx: BlockWrite, params: Params, batchId: bigint): void {
    const batch = this.#batches.batch(ctx, batchId);
    if (batch.status !== BatchStatus.BATCH_STATUS_OPEN || batch.isDrawn) return;
    const drawn: Batch = { ...batch, isDrawn: true };
    state.batches.set(ctx, batchId, drawn);
    const lot = (purpose: string, below: bigint): bigint =>
      drawLot(ctx.block.hash, `${purpose} of batch ${batchId}`, below, this.#uses.hasher);
    if (lot("audit", BigInt(PARTS_PER_MILLION)) >= BigInt(params.game.auditPpm)) return;
    const auditor = this.#drawValidator(ctx, (below) => lot("auditor", below));
    if (auditor === undefined) return;
    for (let i = 0; i < params.game.auditShares; i++) {
      const current = this.#batches.batch(ctx, batchId);
      this.#challenges.audit(ctx, params, current, auditor, lot(`share ${i}`, batch.shareCount));
    }
    ctx.emit("batch_audited", [
      ["batch_id", batchId.toString()],
      ["auditor", auditor],
    ]);
  }

  /** A validator's account, each as likely as its stake is large; undefined without validators. */
  #drawValidator(ctx: Write, lot: (below: bigint) => bigint): string | undefined {
    const validators = [...this.#uses.stake.bondedValidators(ctx)];
    const drawn = drawByWeight(
      validators.map(({ tokens }) => BigInt(tokens)),
      lot,
    );
    const validator = drawn === undefined ? undefined : validators[drawn];
    return validator && ctx.addresses.account(ctx.addresses.parseValidator(validator.operatorAddress));
  }
}
