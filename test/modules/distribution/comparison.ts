/** A chain of three validators beside the model of exact-model.ts: every step is done on both and what they say is compared. Owns no schedule. */
import { expect } from "vitest";
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

export const VALIDATORS = ["val1", "val2", "val3"] as const;
export const USERS = ["alice", "bob", "carol"] as const;
const RATE = new Fraction(1n, 10n);
const AFTER_TAX = new Fraction(98n, 100n);
/** What 18 places come to over a whole schedule, in coins: far below the fraction of a coin that a withdrawal drops. */
const ROUNDING = new Fraction(1n, 1_000_000n);
export const ONE_COIN = new Fraction(1n);
const SECOND = 1_000_000_000n;
const DOUBLE_SIGN = new Fraction(5n, 100n);

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

export const withdrawal = (chain: ChainHarness, who: string, from: string): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
  { delegatorAddress: chain.address(who), validatorAddress: operatorOf(chain, from) },
];

const commissionWithdrawal = (chain: ChainHarness, who: string): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission",
  { validatorAddress: operatorOf(chain, who) },
];

/** What all schedules came to: `late` are parts of stake that left or moved before a fault was known, `unowned` rewards of fractions, counted for nobody. */
export const counts = { blocks: 0, tried: 0, accepted: 0, paid: 0n, payments: 0, slashes: 0, late: 0, unowned: NONE };

/** Stake that leaves, or moves to another validator, before a fault is known. */
export interface Leaving {
  readonly user: (typeof USERS)[number];
  readonly amount: bigint;
  readonly to: string | undefined;
}

/** The chain and the model beside each other. */
export class Comparison {
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
    counts.unowned = counts.unowned.plus(exact.minus(least));
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
