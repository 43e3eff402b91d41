/**
 * A random life of uses, batches, challenges and disputes over a chain with validators. Owns what has happened in it and the
 * account of coins after every block; the steps there are stand in attribution-steps.ts.
 */
import { expect } from "vitest";
import type { ChainHarness, MessageToSend } from "./chain-harness.ts";
import { blockEventsOf, burnedIn, supplyOf } from "./coin-count.ts";
import type { MadeBatch } from "./honest-batch.ts";
import { LineageWorld } from "./lineage-world.ts";
import { Dice } from "./random-batch.ts";
import { createValidator } from "./staking-chain.ts";
import type { Posted } from "./watcher.ts";

/** What a step sends; `isWrong` says that it must be refused. */
export interface Attempt {
  readonly from: string;
  readonly message: MessageToSend;
  readonly isWrong: boolean;
  readonly done?: () => void;
}

/** One kind of step: undefined when there is nothing to do it with. */
export type Step = (life: AttributionLife, isWrong: boolean) => Attempt | undefined;

export interface PostedBatch {
  readonly id: bigint;
  /** What an honest host would have posted. */
  readonly truth: MadeBatch;
  readonly posted: Posted;
  readonly useIds: readonly bigint[];
  readonly isHonest: boolean;
  /** Payees that were paid. */
  readonly claimed: Set<number>;
}

const HOUR = 3_600_000_000_000n;
const VALIDATORS = ["val1", "val2"];
/** Windows and times to claim that end while the life goes on, and a lot that falls on every third batch. */
const GAME = { bondMultiple: 3, claimSeconds: 5 * 86_400, auditPpm: 333_333, auditShares: 2 };

export class AttributionLife {
  readonly world: LineageWorld;
  readonly dice: Dice;
  readonly tried = new Map<string, { tries: number; successes: number }>();
  /** How often the blocks and transactions emitted an event. */
  readonly events = new Map<string, number>();
  readonly batches: PostedBatch[] = [];
  /** Open uses of model 1 that this life opened by themselves. */
  readonly open: bigint[] = [];
  /** Inline uses that were settled without a span, and not challenged yet. */
  readonly bare: bigint[] = [];
  /** Uses whose host was reported for a second receipt. */
  readonly reported = new Set<bigint>();
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #kinds: readonly string[];

  /** Each kind stands in `kinds` as often as it should have its turn. */
  constructor(seed: number, steps: ReadonlyMap<string, Step>, seldom: readonly string[]) {
    this.dice = new Dice(seed);
    this.#steps = steps;
    this.#kinds = [...steps.keys(), ...seldom];
    const balances = Object.fromEntries(VALIDATORS.map((name) => [name, "1000000000uopen"]));
    this.world = new LineageWorld(GAME, balances);
    for (const name of VALIDATORS) this.world.ok(name, createValidator(this.world.chain, name, "5000000"));
    for (const name of ["host", "owner"]) this.world.ok(name, this.world.bond(name, 1_000_000_000n));
  }

  get chain(): ChainHarness {
    return this.world.chain;
  }

  /** The time of the last block, with room for the next two. */
  get soon(): bigint {
    return this.chain.time.seconds + 10n;
  }

  step(): void {
    // Seconds mostly, hours in which uses expire, and now and then the days that end windows and the time to batch.
    const fate = this.dice.below(8);
    const hours = fate === 0 ? 25 + this.dice.below(60) : fate < 4 ? this.dice.below(3) : 0;
    this.pass(BigInt(hours) * HOUR + 1_000_000_000n);
    const { kind, attempt } = this.#next();
    let isSuccess = false;
    this.#conserving(() => {
      const { code, log } = this.world.run(attempt.from, attempt.message);
      isSuccess = code === 0;
      expect({ kind, isWrong: attempt.isWrong, log: isSuccess ? "" : log }).toMatchObject({ isWrong: !isSuccess });
    });
    if (isSuccess) attempt.done?.();
    this.#claimedOnce();
    const count = this.tried.get(kind) ?? { tries: 0, successes: 0 };
    this.tried.set(kind, { tries: count.tries + 1, successes: count.successes + (isSuccess ? 1 : 0) });
  }

  /** An empty block so long after the last. */
  pass(nanoseconds: bigint): void {
    this.#conserving(() => this.chain.block([], { nanoseconds }));
  }

  /** An operation that has something to work on; what is seldom possible is tried more often. */
  #next(): { readonly kind: string; readonly attempt: Attempt } {
    for (;;) {
      const kind = this.dice.pick(this.#kinds);
      const attempt = this.#steps.get(kind)!(this, this.dice.below(16) === 0);
      if (attempt !== undefined) return { kind, attempt };
    }
  }

  /** Runs blocks and compares the supply with what the last of them says it burned. */
  #conserving(action: () => void): void {
    const before = supplyOf(this.chain);
    action();
    for (const { type } of blockEventsOf(this.chain)) this.events.set(type, (this.events.get(type) ?? 0) + 1);
    expect(before - supplyOf(this.chain)).toBe(burnedIn(this.chain));
    this.chain.checkInvariants();
  }

  /** What a batch has paid is what its payees were paid, each once. */
  #claimedOnce(): void {
    for (const { id, posted, claimed } of this.batches) {
      const batch = this.world.batch(id);
      // What nobody claimed in time counts as paid when it is swept.
      if (claimed.size === 0 || batch.claimed === batch.sum) continue;
      const paid = [...claimed].reduce((sum, index) => sum + BigInt(posted.openPayee(index)!.payee.amount), 0n);
      if (BigInt(batch.claimed) !== paid) throw new Error(`batch ${id} has paid ${paid} and knows of ${batch.claimed}`);
    }
  }
}
