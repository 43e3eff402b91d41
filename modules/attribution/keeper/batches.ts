/**
 * Owns batches from their posting to the last claim: the bond, the window, what a final batch pays and what becomes of
 * one that lost a challenge. It does not own challenges (challenges.ts) nor what a batch must be (challenge/).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Page, PageRequest } from "../../../chain/store/collections.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import { equalBytes, hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { BatchStatus, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { naturalOf } from "../batch/numbers.ts";
import { type PayeeOpening, verifyPayee } from "../batch/payees.ts";
import { EMPTY_SUM } from "../batch/sum-tree.ts";
import type { BatchFacts } from "../challenge/batch-facts.ts";
import { addParts, NO_PARTS, type Parts, partsSum } from "../charge.ts";
import { errors } from "../errors.ts";
import { GAS_PER_HASH, MAX_BATCH_SHARES, MAX_BATCH_USES } from "../limits.ts";
import type { Params } from "../params.ts";
import { TermCounts } from "../proof/term-table.ts";
import { Due, state } from "../state.ts";
import type { Use } from "./acknowledgements.ts";
import type { Ledger } from "./ledger.ts";
import type { Lineages } from "./lineages.ts";

export type Batch = Messages["tributary.attribution.v1.Batch"];
export type Challenge = Messages["tributary.attribution.v1.Challenge"];

/** What a host posts. */
export type BatchInput = Omit<Messages["tributary.attribution.v1.MsgPostBatch"], "host">;

const HASH_BYTES = 32;
const CLAIM_BITS = 64n;

export class Batches {
  readonly #ledger: Ledger;
  readonly #lineages: Lineages;
  readonly #hasher: Hasher;

  constructor(ledger: Ledger, lineages: Lineages, hasher: Hasher) {
    this.#ledger = ledger;
    this.#lineages = lineages;
    this.#hasher = hasher;
  }

  /** Throws attribution/15 when there is no such batch. */
  batch(ctx: Read, batchId: bigint): Batch {
    const batch = state.batches.get(ctx, batchId);
    if (batch === undefined) throw errors.batchNotFound.because(`batch ${batchId}`);
    return batch;
  }

  batches(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Batch]> {
    return state.batches.paginate(ctx, request);
  }

  /** The batch while it can be challenged; throws attribution/17 otherwise. */
  openBatch(ctx: Read, batchId: bigint): Batch {
    const batch = this.batch(ctx, batchId);
    if (batch.status !== BatchStatus.BATCH_STATUS_OPEN) throw errors.batchClosed.because(`batch ${batchId}`);
    return batch;
  }

  /** Everything that checks of a batch depend on. */
  facts(ctx: Read, batch: Batch): BatchFacts {
    const { rules, shareCount, sharesRoot, payeeCount, payoutsRoot } = batch;
    const table = rules.tableId === 0n ? undefined : state.tables.get(ctx, rules.tableId);
    return {
      commitment: { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: BigInt(batch.sum) },
      uses: batch.useIds.map((useId) => {
        const use = state.uses.get(ctx, useId);
        if (use?.receipt === undefined) throw new Error(`use ${useId} of batch ${batch.id} has no receipt`);
        const { promptRoot, promptLength, outputRoot, outputLength } = use.receipt;
        // Receipts name texts of at most 2^20 bytes.
        return {
          part: BigInt(use.proved),
          proof: use.proof,
          output: { root: outputRoot, length: Number(outputLength) },
          prompt: { root: promptRoot, length: Number(promptLength) },
        };
      }),
      rules,
      table: table === undefined ? undefined : new TermCounts(table),
      record: this.#lineages.records(ctx, batch, batch.asOf),
      isPrivate: this.#lineages.isPrivate(ctx, batch),
    };
  }

  /** Takes the bond and leaves the uses to the batch. `host` is the sender's address as text. */
  post(ctx: Write, params: Params, host: string, input: BatchInput): Batch {
    checkCommitments(input);
    if (!equalBytes(rulesBytes(input.rules), rulesBytes(params.rules))) {
      throw errors.invalidBatch.because("it was made by other rules than the parameters': make it anew");
    }
    const uses = this.#usesOf(ctx, host, input.useIds);
    const sum = uses.reduce((total, use) => total + BigInt(use.proved), 0n);
    if (BigInt(input.sum) !== sum) throw errors.invalidBatch.because(`its sum is ${input.sum}, its uses' ${sum}`);
    const id = (state.batches.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
    const { game } = params;
    const multiple = sum * BigInt(game.bondMultiple);
    const bond = multiple > BigInt(game.minBond) ? multiple : BigInt(game.minBond);
    this.#ledger.take(ctx, ctx.addresses.parseAccount(host), bond);
    const batch: Batch = {
      ...input,
      id,
      host,
      modelId: uses[0]!.modelId,
      modelVersion: uses[0]!.modelVersion,
      asOf: uses[0]!.openedAt,
      sum: sum.toString(),
      bond: bond.toString(),
      parts: uses.reduce<Parts>((parts, use) => addParts(parts, use.parts!), NO_PARTS),
      postedHeight: ctx.height,
      windowEnd: ctx.time.seconds + BigInt(game.windowSeconds),
      isExtended: false,
      openChallenges: 0,
      status: BatchStatus.BATCH_STATUS_OPEN,
      claimed: "0",
      claimEnd: 0n,
      isDrawn: false,
    };
    state.batches.set(ctx, id, batch);
    for (const use of uses) state.uses.set(ctx, use.id, { ...use, status: UseStatus.USE_STATUS_BATCHED, batchId: id });
    state.due.add(ctx, [batch.windowEnd, [Due.BATCH, id]]);
    // The lot falls in the next block, whose hash nobody knows yet.
    state.due.add(ctx, [0n, [Due.AUDIT, id]]);
    emitPosted(ctx, batch, this.#ledger.denom(ctx));
    return batch;
  }

  /** Pays what needs no proof, returns the bond, and lets payees claim. */
  finalise(ctx: Write, params: Params, batch: Batch): void {
    const { parts } = batch;
    const claimEnd = ctx.time.seconds + BigInt(params.game.claimSeconds);
    state.batches.set(ctx, batch.id, { ...batch, status: BatchStatus.BATCH_STATUS_FINAL, claimEnd });
    state.due.add(ctx, [claimEnd, [Due.SWEEP, batch.id]]);
    this.#ledger.give(ctx, batch.host, BigInt(batch.bond));
    this.#ledger.credit(ctx, batch.host, BigInt(parts.host));
    this.#lineages.payModel(ctx, batch, BigInt(parts.modelOwner));
    this.#lineages.credit(ctx, batch, BigInt(parts.lineage));
    this.#lineages.creditAttested(ctx, batch, BigInt(parts.attested));
    this.#ledger.giveValidators(ctx, BigInt(parts.validators));
    this.#ledger.burn(ctx, BigInt(parts.burned));
    ctx.emit("batch_finalised", [
      ["batch_id", batch.id.toString()],
      ["host", batch.host],
      ["sum", `${batch.sum}${this.#ledger.denom(ctx)}`],
    ]);
  }

  /**
   * Takes the bond, a part of it for the winner, the rest burned; gives the bonds of other challenges back and leaves
   * the uses to another batch. Gives the bounty.
   */
  reject(
    ctx: Write,
    params: Params,
    batch: Batch,
    winner: string,
    why: string,
    offence: "OFFENCE_FALSE_BATCH" | "OFFENCE_WITHHOLDING" = "OFFENCE_FALSE_BATCH",
  ): bigint {
    const bounty = this.#ledger.forfeit(ctx, BigInt(batch.bond), winner);
    const isOwnHost = batch.useIds.some((useId) => state.uses.get(ctx, useId)!.isOwnHost);
    this.#lineages.punish(ctx, { ...batch, isOwnHost }, offence, winner);
    for (const challenge of openChallenges(ctx, batch.id)) {
      state.challenges.delete(ctx, challenge.id);
      state.due.delete(ctx, [challenge.answerBy, [Due.ANSWER, challenge.id]]);
      this.#ledger.give(ctx, challenge.challenger, BigInt(challenge.bond));
    }
    const settleBy = ctx.time.seconds + BigInt(params.game.settleSeconds);
    for (const useId of batch.useIds) {
      const use = state.uses.get(ctx, useId)!;
      const waiting = { status: UseStatus.USE_STATUS_ACKNOWLEDGED, batchId: 0n, settleBy };
      state.uses.set(ctx, useId, { ...use, ...waiting });
    }
    const status = BatchStatus.BATCH_STATUS_REJECTED;
    state.batches.set(ctx, batch.id, { ...batch, status, openChallenges: 0 });
    ctx.emit("batch_rejected", [
      ["batch_id", batch.id.toString()],
      ["host", batch.host],
      ["challenger", winner],
      ["bounty", `${bounty}${this.#ledger.denom(ctx)}`],
      ["flaw", why],
    ]);
    return bounty;
  }

  /** Credits a payee of a final batch, once. Its beneficiary is an account, or empty for the lineage. Gives the amount. */
  claimPayout(ctx: Write, batchId: bigint, opening: PayeeOpening): bigint {
    const batch = this.batch(ctx, batchId);
    if (batch.status !== BatchStatus.BATCH_STATUS_FINAL) throw errors.batchNotFinal.because(`batch ${batchId}`);
    ctx.gas.consume(GAS_PER_HASH * BigInt(opening.path.length + 1), "payee hashes");
    const root = { sum: BigInt(batch.sum), hash: batch.payoutsRoot };
    if (!verifyPayee(root, batch.payeeCount, opening, this.#hasher)) {
      throw errors.invalidClaim.because(`payee ${opening.index} is not under the payouts_root of batch ${batchId}`);
    }
    this.#markClaimed(ctx, batchId, opening.index);
    const amount = BigInt(opening.payee.amount);
    state.batches.set(ctx, batchId, { ...batch, claimed: (BigInt(batch.claimed) + amount).toString() });
    const { beneficiary } = opening.payee;
    if (beneficiary === "") this.#lineages.credit(ctx, batch, amount);
    // An address may be written in two ways, and earnings stand under one.
    else this.#ledger.credit(ctx, ctx.addresses.account(ctx.addresses.parseAccount(beneficiary)), amount);
    ctx.emit("payout_claimed", [
      ["batch_id", batchId.toString()],
      ["index", opening.index.toString()],
      ["beneficiary", beneficiary],
      ["amount", `${amount}${this.#ledger.denom(ctx)}`],
    ]);
    return amount;
  }

  /** Whether a payee was paid. */
  isClaimed(ctx: Read, batchId: bigint, index: bigint): boolean {
    const bits = state.claimed.get(ctx, [batchId, index / CLAIM_BITS]) ?? 0n;
    return ((bits >> (index % CLAIM_BITS)) & 1n) === 1n;
  }

  /** Gives what nobody claimed in time to the treasuries of the model's datanets. */
  sweep(ctx: Write, batch: Batch): void {
    const rest = BigInt(batch.sum) - BigInt(batch.claimed);
    const status = BatchStatus.BATCH_STATUS_SWEPT;
    state.batches.set(ctx, batch.id, { ...batch, status, claimed: batch.sum });
    this.#ledger.creditTreasuries(ctx, this.#lineages.weights(ctx, batch), rest);
    ctx.emit("batch_swept", [
      ["batch_id", batch.id.toString()],
      ["amount", `${rest}${this.#ledger.denom(ctx)}`],
    ]);
  }

  #markClaimed(ctx: Write, batchId: bigint, index: bigint): void {
    const at = [batchId, index / CLAIM_BITS] as const;
    const bits = state.claimed.get(ctx, at) ?? 0n;
    const bit = 1n << (index % CLAIM_BITS);
    if ((bits & bit) !== 0n) throw errors.alreadyClaimed.because(`payee ${index} of batch ${batchId}`);
    state.claimed.set(ctx, at, bits | bit);
  }

  /** The uses of a new batch: acknowledged, of one host and one model, in ascending order. */
  #usesOf(ctx: Read, host: string, useIds: readonly bigint[]): readonly Use[] {
    if (useIds.length < 1 || useIds.length > MAX_BATCH_USES) {
      throw errors.invalidBatch.because(`${useIds.length} uses, 1 to ${MAX_BATCH_USES} are accepted`);
    }
    let before: Use | undefined;
    return useIds.map((useId) => {
      const use = state.uses.get(ctx, useId);
      if (use === undefined) throw errors.useNotFound.because(`use ${useId}`);
      if (use.host !== host) throw errors.notHost.because(`${host} of use ${useId}`);
      if (use.status !== UseStatus.USE_STATUS_ACKNOWLEDGED) throw errors.useNotAcknowledged.because(`use ${useId}`);
      if (ctx.time.seconds > use.settleBy) {
        throw errors.useExpired.because(`use ${useId} could be put in a batch until ${use.settleBy}`);
      }
      if (
        before !== undefined &&
        (useId <= before.id || use.modelId !== before.modelId || use.modelVersion !== before.modelVersion)
      ) {
        throw errors.invalidBatch.because(`use ${useId} is out of order or of another model or version`);
      }
      before = use;
      return use;
    });
  }
}

/** The challenges of a batch that wait for answers. */
export function openChallenges(ctx: Read, batchId: bigint): readonly Challenge[] {
  return allRows((request) => state.challenges.by.batch.paginate(ctx, batchId, request));
}

/** The rows of all pages; to be asked for where there are few. */
function allRows<Row>(pageOf: (request: PageRequest | undefined) => Page<readonly [bigint, Row]>): readonly Row[] {
  const found: Row[] = [];
  for (let key: Uint8Array | undefined; ; ) {
    const { rows, page } = pageOf(key === undefined ? undefined : pageAfter(key));
    for (const [, row] of rows) found.push(row);
    if (page.nextKey.length === 0) return found;
    key = page.nextKey;
  }
}

function pageAfter(key: Uint8Array): PageRequest {
  return { key, offset: 0n, limit: 100n, countTotal: false, reverse: false };
}

/** What the batch's uses were charged, all parts together. */
export function chargedBy(batch: Batch): bigint {
  return BigInt(batch.sum) + partsSum(batch.parts);
}

function rulesBytes(rules: Messages["tributary.attribution.v1.BatchRules"]): Uint8Array {
  return encode("tributary.attribution.v1.BatchRules", rules);
}

function checkCommitments({ shareCount, sharesRoot, payeeCount, payoutsRoot, bodyHash, sum }: BatchInput): void {
  for (const [name, hash] of [
    ["shares_root", sharesRoot],
    ["payouts_root", payoutsRoot],
  ] as const) {
    if (hash.length !== HASH_BYTES) throw errors.invalidBatch.because(`${name} has ${hash.length} bytes`);
  }
  if (bodyHash.length !== 0 && bodyHash.length !== HASH_BYTES)
    throw errors.invalidBatch.because("body_hash is no SHA-256");
  if (shareCount < 1n || shareCount > MAX_BATCH_SHARES || payeeCount > shareCount) {
    throw errors.invalidBatch.because(`${shareCount} shares and ${payeeCount} payees`);
  }
  // An empty tree has no leaf that anyone could ask for, so its root must be the one there is.
  if (payeeCount === 0n && !equalBytes(payoutsRoot, EMPTY_SUM.hash)) {
    throw errors.invalidBatch.because("its payouts_root is not that of a tree without payees");
  }
  if (naturalOf(sum) === undefined) throw errors.invalidBatch.because(`its sum is ${JSON.stringify(sum)}`);
}

function emitPosted(ctx: Write, batch: Batch, denom: string): void {
  ctx.emit("batch_posted", [
    ["batch_id", batch.id.toString()],
    ["host", batch.host],
    ["model_id", batch.modelId.toString()],
    ["uses", batch.useIds.length.toString()],
    ["sum", `${batch.sum}${denom}`],
    ["bond", `${batch.bond}${denom}`],
    ["shares_root", hex(batch.sharesRoot)],
    ["payouts_root", hex(batch.payoutsRoot)],
    ["body_hash", hex(batch.bodyHash)],
    ["window_end", batch.windowEnd.toString()],
  ]);
}
