/**
 * Random schedules of staking, moving, withdrawing, rewards and slashes, against the plain model of exact-model.ts: nobody is paid more than it has
 * earned, nor less by more than the fraction of a coin that goes to the community and what fractions of coins earned that others left behind; and nobody gains by splitting stake, by asking often, by the
 * order of asking or by dust. All modules' invariants are checked after every block. `npm run exactness` draws fresh schedules and more of them.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Messages } from "../../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import {
  consensusOf,
  createValidator,
  move,
  operatorOf,
  payFee,
  signedBy,
  stake,
  unjail,
  validatorOf,
  votedBlock,
} from "../../support/staking-chain.ts";
import { type Earned, ExactValidator, Fraction, NONE } from "./exact-model.ts";

const VALIDATORS = ["val1", "val2", "val3"] as const;
const USERS = ["alice", "bob", "carol"] as const;
const RATE = new Fraction(1n, 10n);
const AFTER_TAX = new Fraction(98n, 100n);
/** What 18 places come to over a whole schedule, in coins: far below the fraction of a coin that a withdrawal drops. */
const ROUNDING = new Fraction(1n, 1_000_000n);
const ONE_COIN = new Fraction(1n);
const SECOND = 1_000_000_000n;
const DOUBLE_SIGN = new Fraction(5n, 100n);
const FULL = process.env.TRIBUTARY_FULL === "1";
/** Schedules to compare, and chains on which a stake is split. */
const SCHEDULES = Number(process.env.TRIBUTARY_SCHEDULES ?? (FULL ? 150 : 4));
const SPLITS = Math.ceil(SCHEDULES / 3);

function newChain(): ChainHarness {
  const slashing = {
    params: {
      signed_blocks_window: "10",
      min_signed_per_window: "0.5",
      downtime_jail_duration: "600s",
      slash_fraction_double_sign: "0.05",
      slash_fraction_downtime: "0.013",
    },
  };
  const staking = {
    params: {
      unbonding_time: "1814400s",
      max_validators: 100,
      max_entries: 1000,
      historical_entries: 1,
      bond_denom: "uopen",
      min_commission_rate: "0",
    },
  };
  const names = [...VALIDATORS, ...USERS, "payer"];
  const chain = ChainHarness.start({
    appState: { slashing, staking },
    balances: Object.fromEntries(names.map((name) => [name, "1000000000uopen"])),
  });
  for (const [at, name] of VALIDATORS.entries()) chain.runOk(name, createValidator(chain, name, `${3 + at}000007`));
  return reconciled(chain);
}

/** The chain, with every account reconciled after every block. */
function reconciled(chain: ChainHarness): ChainHarness {
  const make = chain.block.bind(chain);
  chain.block = (...given) => {
    const results = make(...given);
    chain.checkInvariants();
    counts.blocks += 1;
    return results;
  };
  return chain;
}

const withdrawal = (chain: ChainHarness, who: string, from: string): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
  { delegatorAddress: chain.address(who), validatorAddress: operatorOf(chain, from) },
];

const commissionWithdrawal = (chain: ChainHarness, who: string): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission",
  { validatorAddress: operatorOf(chain, who) },
];

/** What all schedules came to. */
const counts = { blocks: 0, tried: 0, accepted: 0, paid: 0n, payments: 0, slashes: 0, late: 0 };

/** Rewards of fractions that were counted for nobody, of all schedules. */
let late = NONE;

/** The chain and the model beside each other. */
class Comparison {
  readonly chain = newChain();
  readonly validators = new Map<string, ExactValidator>();
  readonly #nameOf = new Map<string, string>();
  paid = 0n;

  constructor() {
    for (const name of VALIDATORS) {
      const validator = new ExactValidator(RATE);
      validator.add(name, this.tokensOf(name));
      this.validators.set(name, validator);
      this.#nameOf.set(operatorOf(this.chain, name), name);
    }
    for (const name of [...VALIDATORS, ...USERS]) this.#nameOf.set(this.chain.address(name), name);
  }

  tokensOf(name: string): bigint {
    return BigInt(validatorOf(this.chain, name)?.tokens ?? "0");
  }

  model(name: string): ExactValidator {
    return this.validators.get(name) as ExactValidator;
  }

  /** Runs a message. Gives whether it was accepted; what it paid is compared. */
  run(who: string, message: MessageToSend): boolean {
    const { code, codespace, events, log } = this.chain.run(who, message);
    counts.tried += 1;
    if (code !== 0) {
      // A move of moved stake is refused, as are amounts that come to nothing after a slash.
      expect(["staking", "sdk"], log).toContain(codespace);
      return false;
    }
    counts.accepted += 1;
    this.comparePayments(events);
    return true;
  }

  /** Compares the rewards that events tell of. */
  comparePayments(events: readonly Messages["tendermint.abci.Event"][]): void {
    for (const { type, attributes } of events) {
      if (type !== "withdraw_rewards") continue;
      const [amount, validator, delegator] = attributes.map(({ value }) => value) as [string, string, string];
      this.compare(
        BigInt(amount.replace("uopen", "")),
        this.model(this.#nameOf.get(validator) as string).withdraw(this.#nameOf.get(delegator) as string),
      );
    }
  }

  compare(paid: bigint, { exact, least }: Earned): void {
    this.paid += paid;
    counts.paid += paid;
    counts.payments += 1;
    const text = `paid ${paid} of ${exact.over}/${exact.under}, at least ${least.over}/${least.under}`;
    expect(new Fraction(paid).minus(exact).isBelow(ROUNDING), text).toBe(true);
    expect(least.minus(new Fraction(paid)).isBelow(ONE_COIN.plus(ROUNDING)), text).toBe(true);
    // Nothing but fractions of coins is counted late.
    expect(least.isBelow(exact.plus(ROUNDING)), text).toBe(true);
    late = late.plus(exact.minus(least));
  }

  delegate(who: string, to: string, amount: bigint): void {
    if (this.run(who, stake(this.chain, "Delegate", who, to, amount.toString()))) this.model(to).add(who, amount);
  }

  /** Gives the coins that leave, if any do. */
  undelegate(who: string, from: string, amount: bigint): bigint | undefined {
    const before = this.tokensOf(from);
    if (!this.run(who, stake(this.chain, "Undelegate", who, from, amount.toString()))) return undefined;
    return this.#taken(who, from, amount, before);
  }

  /** Gives the coins that move and the shares they become, if any do. */
  redelegate(who: string, from: string, to: string, amount: bigint) {
    const before = this.tokensOf(from);
    if (!this.run(who, move(this.chain, who, from, to, amount.toString()))) return undefined;
    const coins = this.#taken(who, from, amount, before);
    return { coins, shares: this.model(to).add(who, coins) };
  }

  #taken(who: string, from: string, asked: bigint, before: bigint): bigint {
    const taken = before - this.tokensOf(from);
    expect([asked, asked - 1n]).toContain(taken);
    this.model(from).take(who, asked, taken);
    return taken;
  }

  reward(fee: bigint, powers: readonly bigint[]): void {
    payFee(this.chain, "payer", fee);
    const votes = Object.fromEntries(VALIDATORS.map((name, at) => [name, powers[at] ?? 1n]));
    this.chain.block([], signedBy(votes));
    const total = powers.reduce((sum, power) => sum + power, 0n);
    for (const [name, power] of Object.entries(votes))
      this.model(name).reward(new Fraction(fee).times(AFTER_TAX).times(new Fraction(power, total)));
  }

  /** A validator is away until it is slashed and jailed, and comes back when it may. */
  downtime(name: string): void {
    const before = this.tokensOf(name);
    for (let blocks = 0; blocks < 25 && this.tokensOf(name) === before; blocks += 1)
      votedBlock(this.chain, name, before / 1_000_000n, false);
    counts.slashes += this.tokensOf(name) < before ? 1 : 0;
    this.model(name).slash(this.tokensOf(name));
    this.chain.block([], { nanoseconds: 601n * SECOND });
    this.run(name, unjail(this.chain, name));
  }

  /**
   * A validator signs twice, some of its stake leaves or moves away, and then the evidence comes. What left or moved since the fault pays its
   * part first, each cut to whole coins; the stake that is still there pays what remains (x/staking Slash).
   */
  doubleSign(name: string, leaving: readonly Leaving[]): void {
    // Two blocks in which nothing moves: what left before them does not pay.
    for (let blocks = 0; blocks < 2; blocks += 1) this.chain.block([]);
    const { height, time } = this.chain;
    const power = this.tokensOf(name) / 1_000_000n;
    let owed = (power * 1_000_000n * DOUBLE_SIGN.over) / DOUBLE_SIGN.under;
    const moved: { readonly who: string; readonly to: string; readonly shares: Fraction }[] = [];
    const left = new Map<string, bigint>();
    for (const { user, amount: wanted, to } of leaving) {
      const holders = USERS.filter((one) => this.model(name).shares.has(one));
      const who = holders[USERS.indexOf(user) % holders.length];
      if (who === undefined) break;
      const held = this.model(name).stakeOf(who).whole();
      const asked = held === 0n ? 0n : (wanted % held) + 1n;
      if (asked === 0n || to === name || moved.some((other) => other.to === to)) continue;
      const move = to === undefined ? undefined : this.redelegate(who, name, to, asked);
      const coins = to === undefined ? this.undelegate(who, name, asked) : move?.coins;
      if (coins === undefined) continue;
      const lost = (coins * DOUBLE_SIGN.over) / DOUBLE_SIGN.under;
      owed -= lost;
      counts.late += 1;
      if (to !== undefined && move !== undefined) moved.push({ who, to, shares: move.shares });
      else left.set(who, (left.get(who) ?? 0n) + coins - lost);
    }
    const before = this.tokensOf(name);
    const validator = { address: consensusOf(name), power };
    this.chain.block([], { misbehavior: [{ type: 1, validator, height, time, totalVotingPower: 100n }] });
    this.#slashMoved(moved);
    const burnt = owed < 0n ? 0n : owed < before ? owed : before;
    expect(this.tokensOf(name)).toBe(before - burnt);
    counts.slashes += burnt > 0n ? 1 : 0;
    this.model(name).slash(before - burnt);
    for (const [who, kept] of left) expect(this.#unbonding(who, name, height)).toBe(kept);
  }

  /** Moved stake loses its fraction of shares where it is now; doing so pays its rewards. */
  #slashMoved(moved: readonly { readonly who: string; readonly to: string; readonly shares: Fraction }[]): void {
    this.comparePayments(this.chain.lastBlock?.events ?? []);
    for (const { who, to, shares } of moved) {
      const model = this.model(to);
      const lost = shares.times(DOUBLE_SIGN);
      const burnt = model.tokens - this.tokensOf(to);
      const over = model.worthOf(lost).minus(new Fraction(burnt));
      expect(over.isBelow(ONE_COIN.plus(ROUNDING)), `${burnt} burnt`).toBe(true);
      expect(NONE.minus(over).isBelow(ROUNDING), `${burnt} burnt`).toBe(true);
      model.takeShares(who, lost, burnt);
    }
  }

  /** What somebody is to get of the withdrawals that began after a height. */
  #unbonding(who: string, from: string, height: bigint): bigint {
    const { unbond } = this.chain.query(
      "/cosmos.staking.v1beta1.Query/UnbondingDelegation",
      [
        "cosmos.staking.v1beta1.QueryUnbondingDelegationRequest",
        { delegatorAddr: this.chain.address(who), validatorAddr: operatorOf(this.chain, from) },
      ],
      "cosmos.staking.v1beta1.QueryUnbondingDelegationResponse",
    );
    const entries = (unbond?.entries ?? []).filter(({ creationHeight }) => creationHeight > height);
    return entries.reduce((sum, { balance }) => sum + BigInt(balance), 0n);
  }

  withdrawAll(): void {
    for (const [name, model] of this.validators) {
      for (const who of [...model.shares.keys()]) this.run(who, withdrawal(this.chain, who, name));
      const before = this.chain.balance(name, "uopen");
      // Refused when there is none.
      this.chain.run(name, commissionWithdrawal(this.chain, name));
      this.compare(this.chain.balance(name, "uopen") - before, { exact: model.commission, least: model.commission });
      model.commission = NONE;
    }
  }

  check(): void {
    for (const [name, model] of this.validators) expect(this.tokensOf(name)).toBe(model.tokens);
  }
}

const validator = fc.constantFrom(...VALIDATORS);
const leaving = fc.record({
  user: fc.constantFrom(...USERS),
  amount: fc.bigInt({ min: 1n, max: 4_000_000n }),
  to: fc.option(fc.constantFrom(...VALIDATORS), { nil: undefined }),
});
type Leaving = typeof leaving extends fc.Arbitrary<infer Kind> ? Kind : never;
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
  if (FULL) console.log(`${SCHEDULES} schedules`, counts, `counted for nobody: ${late.whole()} coins`);
  // A schedule of refusals would compare nothing.
  expect(counts.accepted * 2).toBeGreaterThan(counts.tried);
  expect(counts.paid).toBeGreaterThan(1_000_000n);
  expect(counts.slashes).toBeGreaterThanOrEqual(SCHEDULES);
});

test("what a fraction of a coin earns that somebody left behind is paid to nobody, and is less than its part", () => {
  const before = late;
  const both = new Comparison();
  both.downtime("val1");
  both.delegate("alice", "val1", 221_133n);
  both.downtime("val1");
  // Shares of so many coins that are worth one less when they are taken out.
  for (const asked of [1n, 3n, 1_007n, 65_537n]) both.undelegate("alice", "val1", asked);
  both.reward(1_578_404n, [35n, 1n, 1n]);
  both.withdrawAll();
  both.check();
  expect(ONE_COIN.isBelow(late.minus(before))).toBe(true);
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
