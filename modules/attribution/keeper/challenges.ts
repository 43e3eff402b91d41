/**
 * Owns challenges of batches: those that decide at once by what they show, those that wait for the host's answer, and
 * what either costs. It does not own what is wrong with a batch (challenge/) nor what a lost one costs (batches.ts).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Page, PageRequest } from "../../../chain/store/collections.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import { BatchPart } from "../../../proto/enums.gen.ts";
import { answerFlaw } from "../challenge/answer.ts";
import type { BatchFacts } from "../challenge/batch-facts.ts";
import { contestFlaw, type ShownPlaces, shownPlacesFlaw } from "../challenge/contest.ts";
import { commonnessRefusal, type Decision, type Shown } from "../challenge/decision.ts";
import { errors } from "../errors.ts";
import { GAS_PER_BYTE, GAS_PER_HASH, GAS_PER_SCORE } from "../limits.ts";
import type { Params } from "../params.ts";
import { Due, state } from "../state.ts";
import { type Batch, type Batches, type Challenge, openChallenges } from "./batches.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The bond of one more challenge when so many wait: twice as high for each `challenges_per_doubling` of them. There is no last place
 * that a host's own accounts could take: whoever keeps many taken loses half of what makes the next one dear, again and again.
 */
function challengeBond({ game }: Pick<Params, "game">, waiting: number): bigint {
  return BigInt(game.challengeBond) << (BigInt(waiting) / BigInt(game.challengesPerDoubling));
}

/** What is asked of the host, and by whom. */
type Asked = Pick<Challenge, "challenger" | "part" | "index" | "entry" | "occurrences">;

export class Challenges {
  readonly #batches: Batches;
  readonly #ledger: Ledger;
  readonly #hasher: Hasher;

  constructor(batches: Batches, ledger: Ledger, hasher: Hasher) {
    this.#batches = batches;
    this.#ledger = ledger;
    this.#hasher = hasher;
  }

  /** Throws attribution/19 when no such challenge is open. */
  challenge(ctx: Read, challengeId: bigint): Challenge {
    const challenge = state.challenges.get(ctx, challengeId);
    if (challenge === undefined) throw errors.challengeNotFound.because(`challenge ${challengeId}`);
    return challenge;
  }

  ofBatch(ctx: Read, batchId: bigint, request: PageRequest | undefined): Page<readonly [bigint, Challenge]> {
    return state.challenges.by.batch.paginate(ctx, batchId, request);
  }

  /** Takes a challenge that decides at once: what it shows rejects the batch or is refused. Gives the bounty. */
  decide(
    ctx: Write,
    params: Params,
    challenger: string,
    batchId: bigint,
    decision: (facts: BatchFacts, hasher: Hasher) => Decision,
  ): bigint {
    const batch = this.#batches.openBatch(ctx, batchId);
    ctx.gas.consume(GAS_PER_SCORE, "challenge");
    const found = decision(this.#batches.facts(ctx, batch), chargedHasher(ctx, this.#hasher));
    if ("refusal" in found) throw errors.challengeFailed.because(found.refusal);
    return this.#batches.reject(ctx, params, batch, challenger, found.flaw);
  }

  /** Asks the host to open a part. */
  demand(
    ctx: Write,
    params: Params,
    challenger: string,
    batchId: bigint,
    { part, index, entry }: Shown<"MsgDemand">,
  ): Challenge {
    const batch = this.#batches.openBatch(ctx, batchId);
    const count = part === BatchPart.BATCH_PART_SHARE ? batch.shareCount : batch.payeeCount;
    const isPart =
      part === BatchPart.BATCH_PART_SHARE || part === BatchPart.BATCH_PART_PAYEE || part === BatchPart.BATCH_PART_ENTRY;
    if (!isPart || index >= count) throw errors.challengeFailed.because(`there is no part ${part} number ${index}`);
    return this.#open(ctx, params, batch, { challenger, part, index, entry, occurrences: [] });
  }

  /** Lists places where a paid match is said to stand; the host must show one to be false. */
  commonness(
    ctx: Write,
    params: Params,
    challenger: string,
    batchId: bigint,
    shown: Shown<"MsgChallengeCommonness">,
  ): Challenge {
    const batch = this.#batches.openBatch(ctx, batchId);
    const refusal = commonnessRefusal(this.#batches.facts(ctx, batch), shown, chargedHasher(ctx, this.#hasher));
    if (refusal !== undefined) throw errors.challengeFailed.because(refusal);
    const { occurrences, share } = shown;
    const part = BatchPart.BATCH_PART_COMMONNESS;
    return this.#open(ctx, params, batch, { challenger, part, index: share.index, entry: 0n, occurrences });
  }

  /** Asks for a share in an audit's name: without a bond, and whatever else is open. */
  audit(ctx: Write, params: Params, batch: Batch, auditor: string, index: bigint): void {
    if (openChallenges(ctx, batch.id).some((open) => isSame(open, BatchPart.BATCH_PART_SHARE, index, 0n))) return;
    const asked = { challenger: auditor, part: BatchPart.BATCH_PART_SHARE, index, entry: 0n, occurrences: [] };
    this.#store(ctx, params, batch, asked, 0n);
  }

  /** Takes the host's answer; a wrong one is refused and may be tried again in time. */
  respond(ctx: Write, host: string, challengeId: bigint, answer: Shown<"MsgRespond">): void {
    const { challenge, batch } = this.#waiting(ctx, challengeId);
    if (batch.host !== host) throw errors.notHost.because(`${host} of batch ${batch.id}`);
    const facts = this.#batches.facts(ctx, batch);
    ctx.gas.consume(GAS_PER_SCORE, "answer");
    const flaw = answerFlaw(challenge, answer, facts, chargedHasher(ctx, this.#hasher));
    if (flaw !== undefined) throw errors.invalidAnswer.because(flaw);
    this.#close(ctx, batch, challenge);
    ctx.emit("challenge_answered", challengeAttributes(challenge));
  }

  /** Takes the host's word that it cannot get the texts of listed places, once: the challenger must show these in time. */
  contest(ctx: Write, params: Params, host: string, challengeId: bigint, contested: readonly number[]): Challenge {
    const { challenge, batch } = this.#waiting(ctx, challengeId);
    if (batch.host !== host) throw errors.notHost.because(`${host} of batch ${batch.id}`);
    const flaw = contestFlaw(challenge, contested);
    if (flaw !== undefined) throw errors.invalidAnswer.because(flaw);
    // The window stays as it is: nobody else may challenge for longer, and the batch waits for what is open in any case.
    const answerBy = ctx.time.seconds + BigInt(params.game.answerSeconds);
    const waiting: Challenge = { ...challenge, contested, answerBy };
    state.due.delete(ctx, [challenge.answerBy, [Due.ANSWER, challenge.id]]);
    state.due.add(ctx, [answerBy, [Due.ANSWER, challenge.id]]);
    state.challenges.set(ctx, challenge.id, waiting);
    ctx.emit("challenge_contested", challengeAttributes(waiting));
    return waiting;
  }

  /** Takes contested places that hold the match. With the last one the batch is rejected. Gives what is left, and the bounty. */
  show(
    ctx: Write,
    params: Params,
    challenger: string,
    challengeId: bigint,
    message: ShownPlaces,
  ): { readonly left: number; readonly bounty: bigint } {
    const { challenge, batch } = this.#waiting(ctx, challengeId);
    if (challenge.challenger !== challenger) throw errors.notChallenger.because(`${challenger} of ${challenge.id}`);
    ctx.gas.consume(GAS_PER_SCORE, "places");
    for (const { record } of message.shown) ctx.gas.consume(GAS_PER_BYTE * BigInt(record.chunks.length), "place");
    const facts = this.#batches.facts(ctx, batch);
    const flaw = shownPlacesFlaw(challenge, message, facts, chargedHasher(ctx, this.#hasher));
    if (flaw !== undefined) throw errors.challengeFailed.because(flaw);
    const shown = new Set(message.shown.map(({ chosen }) => chosen));
    const contested = challenge.contested.filter((position) => !shown.has(position));
    if (contested.length === 0) {
      const why = `the match of share ${challenge.index} is common: all places that were contested hold it`;
      return { left: 0, bounty: this.#batches.reject(ctx, params, batch, challenger, why) };
    }
    state.challenges.set(ctx, challenge.id, { ...challenge, contested });
    return { left: contested.length, bounty: 0n };
  }

  /** The time of whoever had to act has ended: what the host did not answer beats its batch, what the challenger did not show falls. */
  endAnswer(ctx: Write, params: Params, challengeId: bigint): void {
    const challenge = state.challenges.get(ctx, challengeId);
    // A challenge that was answered or fell with its batch is gone.
    if (challenge === undefined) return;
    const batch = this.#batches.batch(ctx, challenge.batchId);
    if (challenge.contested.length === 0) {
      const why = `challenge ${challengeId} was not answered`;
      this.#batches.reject(ctx, params, batch, challenge.challenger, why, "OFFENCE_WITHHOLDING");
      return;
    }
    this.#close(ctx, batch, challenge);
    ctx.emit("challenge_fallen", challengeAttributes(challenge));
  }

  /** A challenge in whose time one may still act, and its batch. */
  #waiting(ctx: Read, challengeId: bigint): { readonly challenge: Challenge; readonly batch: Batch } {
    const challenge = this.challenge(ctx, challengeId);
    if (ctx.time.seconds > challenge.answerBy) {
      throw errors.answeredTooLate.because(`challenge ${challenge.id} was open until ${challenge.answerBy}`);
    }
    return { challenge, batch: this.#batches.batch(ctx, challenge.batchId) };
  }

  /** Ends a challenge that the batch stood. */
  #close(ctx: Write, batch: Batch, challenge: Challenge): void {
    state.challenges.delete(ctx, challenge.id);
    state.due.delete(ctx, [challenge.answerBy, [Due.ANSWER, challenge.id]]);
    // All of it would let a host ask itself and keep the dear places taken at no cost.
    this.#ledger.forfeit(ctx, BigInt(challenge.bond), batch.host);
    const openCount = batch.openChallenges - 1;
    state.batches.set(ctx, batch.id, { ...batch, openChallenges: openCount });
    // A batch whose window ended while it waited for this is looked at again.
    if (openCount === 0 && ctx.time.seconds >= batch.windowEnd)
      state.due.add(ctx, [ctx.time.seconds, [Due.BATCH, batch.id]]);
  }

  /** Opens a challenge that the host must answer, under a bond. */
  #open(ctx: Write, params: Params, batch: Batch, asked: Asked): Challenge {
    const { game } = params;
    if (ctx.time.seconds >= batch.windowEnd) throw errors.batchClosed.because(`its window ended at ${batch.windowEnd}`);
    const open = openChallenges(ctx, batch.id);
    const own = open.filter(({ challenger }) => challenger === asked.challenger).length;
    if (own >= game.maxOpenPerChallenger) {
      throw errors.tooManyChallenges.because(`${own} of ${asked.challenger} about batch ${batch.id} wait for answers`);
    }
    if (open.some((other) => isSame(other, asked.part, asked.index, asked.entry) && !isAnotherList(other, asked))) {
      throw errors.tooManyChallenges.because(`this part of batch ${batch.id} is asked for already`);
    }
    const bonded = open.filter(({ bond }) => bond !== "0").length;
    const bond = challengeBond(params, bonded);
    this.#ledger.take(ctx, ctx.addresses.parseAccount(asked.challenger), bond);
    return this.#store(ctx, params, batch, asked, bond);
  }

  #store(ctx: Write, params: Params, batch: Batch, asked: Asked, bond: bigint): Challenge {
    const answerBy = ctx.time.seconds + BigInt(params.game.answerSeconds);
    const id = state.challengeCount.next(ctx) + 1n;
    const challenge: Challenge = { ...asked, id, batchId: batch.id, bond: bond.toString(), answerBy, contested: [] };
    state.challenges.set(ctx, id, challenge);
    state.due.add(ctx, [answerBy, [Due.ANSWER, id]]);
    const open = { ...batch, openChallenges: batch.openChallenges + 1 };
    // Once only: otherwise challenges close to the end could put it off for ever.
    if (answerBy <= batch.windowEnd || batch.isExtended) state.batches.set(ctx, batch.id, open);
    else {
      state.batches.set(ctx, batch.id, { ...open, windowEnd: answerBy, isExtended: true });
      state.due.delete(ctx, [batch.windowEnd, [Due.BATCH, batch.id]]);
      state.due.add(ctx, [answerBy, [Due.BATCH, batch.id]]);
    }
    ctx.emit("challenge_opened", challengeAttributes(challenge));
    return challenge;
  }
}

function isSame(challenge: Challenge, part: number, index: bigint, entry: bigint): boolean {
  return challenge.part === part && challenge.index === index && challenge.entry === entry;
}

/** Lists of places differ: a host's friend with a list that cannot be shown must not keep others from listing places of the same share. */
function isAnotherList({ part, challenger }: Challenge, asked: Asked): boolean {
  return part === BatchPart.BATCH_PART_COMMONNESS && challenger !== asked.challenger;
}

function challengeAttributes(challenge: Challenge): readonly (readonly [string, string])[] {
  return [
    ["challenge_id", challenge.id.toString()],
    ["batch_id", challenge.batchId.toString()],
    ["challenger", challenge.challenger],
    ["part", challenge.part.toString()],
    ["index", challenge.index.toString()],
    ["entry", challenge.entry.toString()],
    ["answer_by", challenge.answerBy.toString()],
  ];
}

/** The hasher, charging for what it hashes. */
export function chargedHasher(ctx: Write, hasher: Hasher): Hasher {
  const charge = (count: number): void => ctx.gas.consume(GAS_PER_HASH * BigInt(count), "opening hashes");
  return {
    hash: (bytes) => {
      charge(1);
      return hasher.hash(bytes);
    },
    batch: (preimages) => {
      charge(preimages.length);
      return hasher.batch(preimages);
    },
  };
}
