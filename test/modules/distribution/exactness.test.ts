/**
 * Random schedules of staking, moving, withdrawing, rewards and slashes, against the plain model of exact-model.ts: nobody is paid more than it has
 * earned, nor less by more than the fraction of a coin that goes to the community and what fractions of coins earned that others left behind; and
 * nobody gains by splitting stake, by asking often, by the order of asking or by dust. All modules' invariants are checked after every block.
 * `npm run exactness` draws fresh schedules and more of them.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Comparison, counts, ONE_COIN, USERS, VALIDATORS, withdrawal } from "./comparison.ts";

const FULL = process.env.TRIBUTARY_FULL === "1";
/** Schedules to compare, and chains on which a stake is split. */
const SCHEDULES = Number(process.env.TRIBUTARY_SCHEDULES ?? (FULL ? 150 : 4));
const SPLITS = Math.ceil(SCHEDULES / 3);

const validator = fc.constantFrom(...VALIDATORS);
const leaving = fc.record({
  user: fc.constantFrom(...USERS),
  amount: fc.bigInt({ min: 1n, max: 4_000_000n }),
  to: fc.option(fc.constantFrom(...VALIDATORS), { nil: undefined }),
});
const user = fc.constantFrom(...USERS);
const amount = fc.bigInt({ min: 1n, max: 4_000_000n });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("delegate" as const), user, validator, amount }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("undelegate" as const), user, validator, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("redelegate" as const), user, validator, other: validator, amount }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), user, validator }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("reward" as const),
      fee: fc.bigInt({ min: 1n, max: 3_000_000n }),
      powers: fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 3, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("downtime" as const), validator }) },
);
type Step = typeof step extends fc.Arbitrary<infer Kind> ? Kind : never;

function perform(both: Comparison, next: Step): void {
  switch (next.kind) {
    case "delegate":
      both.delegate(next.user, next.validator, next.amount);
      break;
    case "undelegate":
    case "redelegate": {
      // What is held, for more would only be refused.
      const held = both.model(next.validator).stakeOf(next.user).whole();
      const asked = held === 0n ? 0n : (next.amount % held) + 1n;
      if (asked === 0n) break;
      if (next.kind === "undelegate") both.undelegate(next.user, next.validator, asked);
      else if (next.other !== next.validator) both.redelegate(next.user, next.validator, next.other, asked);
      break;
    }
    case "withdraw":
      if (both.model(next.validator).shares.has(next.user))
        both.run(next.user, withdrawal(both.chain, next.user, next.validator));
      break;
    case "reward":
      both.reward(next.fee, next.powers);
      break;
    case "downtime":
      both.downtime(next.validator);
  }
}

const schedule = fc.array(step, { minLength: 12, maxLength: 24 });

test("rewards are those of the exact model, over random schedules with slashes, and every account reconciles after every block", () => {
  fc.assert(
    fc.property(schedule, validator, fc.array(leaving, { minLength: 2, maxLength: 6 }), (steps, guilty, late) => {
      const both = new Comparison();
      for (const next of steps) {
        perform(both, next);
        both.check();
      }
      both.doubleSign(guilty, late);
      both.reward(1_234_567n, [3n, 4n, 5n]);
      both.check();
      both.withdrawAll();
      both.check();
    }),
    // What is found is told as it was drawn: to make it shorter takes an hour.
    { numRuns: SCHEDULES, endOnFailure: FULL },
  );
  if (FULL) console.log(`${SCHEDULES} schedules`, { ...counts, unowned: counts.unowned.whole() });
  // A schedule of refusals would compare nothing.
  expect(counts.accepted * 2).toBeGreaterThan(counts.tried);
  expect(counts.paid).toBeGreaterThan(1_000_000n);
  expect(counts.slashes).toBeGreaterThanOrEqual(SCHEDULES);
});

test("what a fraction of a coin earns that somebody left behind is paid to nobody, and is less than its part", () => {
  const before = counts.unowned;
  const both = new Comparison();
  both.downtime("val1");
  both.delegate("alice", "val1", 221_133n);
  both.downtime("val1");
  // Shares of so many coins that are worth one less when they are taken out.
  for (const asked of [1n, 3n, 1_007n, 65_537n]) both.undelegate("alice", "val1", asked);
  both.reward(1_578_404n, [35n, 1n, 1n]);
  both.withdrawAll();
  both.check();
  expect(ONE_COIN.isBelow(counts.unowned.minus(before))).toBe(true);
});

describe("nobody gains", () => {
  const WHOLE = 6_000_000n;
  const event = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("reward" as const),
        fee: fc.bigInt({ min: 1n, max: 1_500_000n }),
        powers: fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 3, maxLength: 3 }),
        asking: fc.shuffledSubarray([...USERS]),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("downtime" as const) }) },
  );
  type Event = typeof event extends fc.Arbitrary<infer Kind> ? Kind : never;

  /** What is paid out of the same rewards to those who stake these parts with the first validator, when they ask as the events say. */
  function paidTo(parts: readonly (readonly [who: string, part: bigint])[], events: readonly Event[]): bigint {
    const both = new Comparison();
    for (const [who, part] of parts) both.delegate(who, "val1", part);
    const holds = new Set(parts.map(([who]) => who));
    for (const next of events) {
      if (next.kind === "downtime") {
        both.downtime("val1");
        continue;
      }
      both.reward(next.fee, next.powers);
      for (const who of next.asking.filter((name) => holds.has(name)))
        both.run(who, withdrawal(both.chain, who, "val1"));
    }
    for (const who of holds) both.run(who, withdrawal(both.chain, who, "val1"));
    both.check();
    return both.paid;
  }

  test("by splitting its stake, by asking often, or by the order of asking", () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 3, maxLength: 8 }),
        fc.bigInt({ min: 1n, max: WHOLE / 2n }),
        fc.bigInt({ min: 1n, max: WHOLE / 2n - 1n }),
        (events, second, third) => {
          // Who asks once, at the end, loses one fraction of a coin.
          const silent = events.map((next) => (next.kind === "reward" ? { ...next, asking: [] } : next));
          const whole = paidTo([["alice", WHOLE]], silent);
          const parts = [
            ["alice", WHOLE - second - third],
            ["bob", second],
            ["carol", third],
          ] as const;
          expect(paidTo([["alice", WHOLE]], events)).toBeLessThanOrEqual(whole);
          expect(paidTo(parts, silent)).toBeLessThanOrEqual(whole);
          expect(paidTo(parts.toReversed(), events)).toBeLessThanOrEqual(whole);
        },
      ),
      { numRuns: SPLITS },
    );
  });

  test("with dust: a stake of one coin takes nothing that it has not earned", () => {
    const both = new Comparison();
    both.delegate("alice", "val1", 1n);
    for (let block = 0; block < 5; block += 1) {
      both.reward(999_999n, [1n, 1n, 1n]);
      both.run("alice", withdrawal(both.chain, "alice", "val1"));
    }
    expect(both.paid).toBe(0n);
    both.check();
  });
});
