/**
 * Random lives of batches over a chain: receipts, honest batches and false ones, challenges, demands, answers, claims, uses
 * that nobody batched. After every step the module's account holds open escrow, unclaimed and bonds to the unit (the
 * module's invariants), no coin is made, and none is lost but what an event says was burned. At least half of each kind of
 * operation must succeed, or the sequences show little.
 */
import { expect, test } from "vitest";
import { utf8 } from "../../../proto/bytes.ts";
import { BatchPart, BatchStatus, UseStatus } from "../../../proto/enums.gen.ts";
import { BatchWorld, DAY, OUTPUT } from "../../support/batch-world.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import type { MadeBatch } from "../../support/honest-batch.ts";
import { shown } from "../../support/lineage-world.ts";
import { Dice } from "../../support/random-batch.ts";
import { showMatch, Texts } from "../../support/watcher.ts";

const RUNS = process.env.TRIBUTARY_FULL === "1" ? 40 : 2;
const STEPS = 90;
const HOUR = 3_600_000_000_000n;

/** What a step sends; `isWrong` says that it must be refused. */
interface Attempt {
  readonly from: string;
  readonly message: MessageToSend;
  readonly isWrong: boolean;
  readonly done?: () => void;
}

interface PostedBatch {
  readonly id: bigint;
  readonly made: MadeBatch;
  readonly useIds: readonly bigint[];
  readonly isHonest: boolean;
  readonly claimed: Set<number>;
}

class BatchLife {
  readonly world = new BatchWorld({ bondMultiple: 3 });
  readonly tried = new Map<string, { tries: number; successes: number }>();
  readonly #dice: Dice;
  readonly #batches: PostedBatch[] = [];
  /** Inline uses that were settled without a span, and not challenged yet. */
  readonly #bare: bigint[] = [];

  constructor(seed: number) {
    this.#dice = new Dice(seed);
  }

  readonly #steps: { readonly [kind: string]: (isWrong: boolean) => Attempt | undefined } = {
    acknowledge: (isWrong) => this.#acknowledge(isWrong),
    post: (isWrong) => this.#post(isWrong),
    challenge: (isWrong) => this.#challenge(isWrong),
    demand: (isWrong) => this.#demand(isWrong),
    respond: (isWrong) => this.#respond(isWrong),
    claimPayout: (isWrong) => this.#claimPayout(isWrong),
    claimLineage: (isWrong) => this.#claimLineage(isWrong),
    giveUp: (isWrong) => this.#giveUp(isWrong),
    settleInline: (isWrong) => this.#settleInline(isWrong),
    challengeInline: (isWrong) => this.#challengeInline(isWrong),
  };

  step(): void {
    const { world } = this;
    // Hours mostly, now and then the days that end windows and the time to batch.
    const hours = this.#dice.below(8) === 0 ? 25 + this.#dice.below(60) : this.#dice.below(3);
    this.#conserving(() => world.chain.block([], { nanoseconds: BigInt(hours) * HOUR + 1_000_000_000n }));
    const { kind, attempt } = this.#next();
    let isSuccess = false;
    this.#conserving(() => {
      const { code, log } = world.run(attempt.from, attempt.message);
      isSuccess = code === 0;
      expect({ kind, isWrong: attempt.isWrong, log: isSuccess ? "" : log }).toMatchObject({ isWrong: !isSuccess });
    });
    if (isSuccess) attempt.done?.();
    const count = this.tried.get(kind) ?? { tries: 0, successes: 0 };
    this.tried.set(kind, { tries: count.tries + 1, successes: count.successes + (isSuccess ? 1 : 0) });
  }

  /** An operation that has something to work on; what is seldom possible is tried first now and then. */
  #next(): { readonly kind: string; readonly attempt: Attempt } {
    const seldom = ["challenge", "respond", "demand", "challengeInline", "giveUp", "post"];
    for (;;) {
      const kind = this.#dice.pick([...Object.keys(this.#steps), ...seldom]);
      const attempt = this.#steps[kind]!(this.#dice.below(16) === 0);
      if (attempt !== undefined) return { kind, attempt };
    }
  }

  /** Runs one block's worth and compares the supply with what the block says it burned. */
  #conserving(action: () => void): void {
    const { chain } = this.world;
    const before = this.#supply();
    action();
    const results = chain.lastBlock?.txResults ?? [];
    const events = [...(chain.lastBlock?.events ?? []), ...results.flatMap((result) => result.events)];
    let burned = 0n;
    for (const { type, attributes } of events) {
      if (type !== "burn") continue;
      burned += BigInt(attributes.find(({ key }) => key === "amount")!.value.replace("uopen", ""));
    }
    expect(before - this.#supply()).toBe(burned);
    chain.checkInvariants();
  }

  #supply(): bigint {
    const request = ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }] as const;
    const path = "/cosmos.bank.v1beta1.Query/SupplyOf";
    return BigInt(this.world.chain.query(path, request, "cosmos.bank.v1beta1.QuerySupplyOfResponse").amount.amount);
  }

  #acknowledge(isWrong: boolean): Attempt | undefined {
    const { world } = this;
    if (isWrong) {
      const [useId] = this.#waiting();
      return useId === undefined ? undefined : { from: "other", message: world.ack(useId, OUTPUT, 2n), isWrong };
    }
    const opened = world.opened();
    return { from: "other", message: world.ack(opened, OUTPUT, 1n), isWrong };
  }

  /** Acknowledged uses that can still be put in a batch, or those that no longer can. */
  #waiting(inTime = true): bigint[] {
    const request = ["tributary.attribution.v1.QueryUsesRequest", { pagination: { limit: 1000n } }] as const;
    const path = "/tributary.attribution.v1.Query/Uses";
    const { uses } = this.world.chain.query(path, request, "tributary.attribution.v1.QueryUsesResponse");
    const soon = this.world.chain.time.seconds + 10n;
    return uses
      .filter(({ status }) => status === UseStatus.USE_STATUS_ACKNOWLEDGED)
      .filter(({ settleBy }) => settleBy > soon === inTime)
      .map(({ id }) => id);
  }

  #post(isWrong: boolean): Attempt | undefined {
    const useIds = this.#waiting().slice(0, 1 + this.#dice.below(3));
    if (useIds.length === 0) return undefined;
    const isHonest = this.#dice.below(2) > 0;
    const made = isHonest ? this.world.made(useIds) : this.world.made(useIds, [1, 2]);
    const [name, value] = this.world.postOf(useIds, made) as ["tributary.attribution.v1.MsgPostBatch", { sum: string }];
    const message = [name, isWrong ? { ...value, sum: `${BigInt(value.sum) + 1n}` } : value] as MessageToSend;
    const id = BigInt(this.#batches.length + 1);
    return {
      from: "host",
      message,
      isWrong,
      done: () => {
        this.#batches.push({ id, made, useIds, isHonest, claimed: new Set() });
      },
    };
  }

  #withStatus(status: number): readonly PostedBatch[] {
    return this.#batches.filter(({ id }) => this.world.batch(id).status === status);
  }

  /** Ann shows the match of hers that a false batch left out; against an honest one it proves nothing. */
  #challenge(isWrong: boolean): Attempt | undefined {
    const open = this.#withStatus(BatchStatus.BATCH_STATUS_OPEN).filter(({ isHonest }) => isHonest === isWrong);
    if (open.length === 0) return undefined;
    const { id, made, useIds } = this.#dice.pick(open);
    const honest = this.world.made(useIds);
    const own = honest.shares.shares[0]!;
    const at = { record: own.record!, recordStart: own.recordStart };
    const match = showMatch(new Texts(honest), utf8(OUTPUT), made.shares.open(0), own, at);
    const value = { challenger: this.world.address("ann"), batchId: id, ...match };
    return { from: "ann", message: ["tributary.attribution.v1.MsgChallengeOmission", value], isWrong };
  }

  #demand(isWrong: boolean): Attempt | undefined {
    const open = this.#withStatus(BatchStatus.BATCH_STATUS_OPEN).filter(
      ({ id }) =>
        this.world.batch(id).windowEnd > this.world.chain.time.seconds + 10n && this.world.challenges(id).length === 0,
    );
    if (open.length === 0) return undefined;
    const { id, made } = this.#dice.pick(open);
    const count = made.shares.shares.length;
    const index = BigInt(isWrong ? count : this.#dice.below(count));
    return { from: "eve", message: this.world.demand(id, BatchPart.BATCH_PART_SHARE, index), isWrong };
  }

  #respond(isWrong: boolean): Attempt | undefined {
    const { world } = this;
    const asked = this.#withStatus(BatchStatus.BATCH_STATUS_OPEN).filter(({ id }) => world.challenges(id).length > 0);
    const now = world.chain.time.seconds + 10n;
    const inTime = asked.filter(({ id }) => world.challenges(id)[0]!.answerBy > now);
    if (inTime.length === 0) return undefined;
    const { id, made } = this.#dice.pick(inTime);
    const [challenge] = world.challenges(id);
    const share = made.shares.open(Number(challenge!.index));
    const evidence = isWrong ? {} : new Texts(made).evidence(share.share);
    const value = { ...evidence, share, host: world.address("host"), challengeId: challenge!.id };
    return { from: "host", message: ["tributary.attribution.v1.MsgRespond", value], isWrong };
  }

  #claimPayout(isWrong: boolean): Attempt | undefined {
    for (const { id, made, claimed } of this.#withStatus(BatchStatus.BATCH_STATUS_FINAL)) {
      const index = made.payouts.payees.findIndex((_, i) => claimed.has(i) === isWrong);
      if (index < 0) continue;
      return {
        from: "other",
        message: this.world.claim(id, made, index),
        isWrong,
        done: () => {
          claimed.add(index);
        },
      };
    }
    return undefined;
  }

  #claimLineage(isWrong: boolean): Attempt | undefined {
    const { pools } = this.world.chain.application.exportGenesis().attribution as { pools?: readonly unknown[] };
    if (pools === undefined || pools.length === 0) return undefined;
    const number = isWrong ? 4n : BigInt(1 + this.#dice.below(3));
    const value = { sender: this.world.address("other"), datanetId: 1n, recordCount: 3n, numbers: [number] };
    return { from: "other", message: ["tributary.attribution.v1.MsgClaimLineage", value], isWrong };
  }

  /** Ends an acknowledged use that no batch settled in time. */
  #giveUp(isWrong: boolean): Attempt | undefined {
    const useId = this.#waiting(isWrong)[0];
    if (useId === undefined) return undefined;
    const value = { sender: this.world.address("other"), useId };
    return { from: "other", message: ["tributary.attribution.v1.MsgCancelUse", value], isWrong };
  }

  #settleInline(isWrong: boolean): Attempt | undefined {
    const useId = this.world.opened();
    const host = isWrong ? "other" : "host";
    const message = this.world.settle(useId, OUTPUT, { host: this.world.address(host), spans: [] });
    return { from: host, message, isWrong, done: () => void this.#bare.push(useId) };
  }

  #challengeInline(isWrong: boolean): Attempt | undefined {
    const limit = this.world.chain.time.seconds - 80_000n;
    const at = this.#bare.findIndex((useId) => this.world.use(useId).expiresAt > limit);
    if (at < 0) return undefined;
    const useId = this.#bare[at]!;
    const { text } = this.world.records[0]!;
    const { opening } = shown(text);
    const place = { matchStart: 0n, matchEnd: BigInt(text.length), recordStart: isWrong ? 1n : 0n };
    const recordId = { datanetId: 1n, number: 1n };
    const value = {
      challenger: this.world.address("ann"),
      useId,
      output: utf8(OUTPUT),
      ...place,
      recordId,
      record: opening,
    };
    const done = () => void this.#bare.splice(at, 1);
    return { from: "ann", message: ["tributary.attribution.v1.MsgChallengeSettlement", value], isWrong, done };
  }
}

test("no life of batches makes or loses a coin, or pays a leaf twice", { timeout: 600_000 }, () => {
  const tried = new Map<string, { tries: number; successes: number }>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const life = new BatchLife(seed);
    for (let step = 0; step < STEPS; step++) life.step();
    // And to the end: what nobody claims is swept, and nothing is left but earnings.
    life.world.chain.block([], { nanoseconds: 190n * DAY });
    life.world.chain.checkInvariants();
    for (const [kind, { tries, successes }] of life.tried) {
      const sum = tried.get(kind) ?? { tries: 0, successes: 0 };
      tried.set(kind, { tries: sum.tries + tries, successes: sum.successes + successes });
    }
  }
  expect([...tried.keys()].sort()).toEqual([
    "acknowledge",
    "challenge",
    "challengeInline",
    "claimLineage",
    "claimPayout",
    "demand",
    "giveUp",
    "post",
    "respond",
    "settleInline",
  ]);
  for (const [kind, { tries, successes }] of tried) {
    expect({ kind, isHalf: successes * 2 >= tries }).toEqual({ kind, isHalf: true });
  }
});
