/**
 * Owns the module's money: what accounts have earned and not yet claimed, and every coin that enters or leaves the module's
 * account. It does not own what is earned by whom (payout.ts, batches.ts, version-pools.ts).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { moduleAddress } from "../../../chain/types/address.ts";
import { type Coin, newCoins } from "../../../chain/types/coin.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { BankKeeper } from "../../bank/keeper.ts";
import type { DatanetKeeper } from "../../datanet/keeper.ts";
import { errors } from "../errors.ts";
import { MAX_DENOMS_PER_CLAIM, PARTS_PER_MILLION } from "../limits.ts";
import { splitByWeights } from "../split.ts";
import { state } from "../state.ts";

export type Earnings = Messages["tributary.attribution.v1.Earnings"];

/** The module's name, and that of the account that holds escrow, bonds and unclaimed earnings. */
export const ATTRIBUTION = "attribution";

/** The account whose coins are distributed to validators and delegators (SDK auth FeeCollectorName). */
const FEE_COLLECTOR = "fee_collector";

/** What the ledger needs of its neighbours. */
export interface LedgerUses {
  readonly bank: Pick<BankKeeper, "balances" | "sendToModule" | "sendFromModule" | "sendBetweenModules" | "burn">;
  readonly datanets: Pick<DatanetKeeper, "datanet" | "payoutAddress">;
}

/** What a claim came to. */
export interface Claimed {
  readonly to: Uint8Array;
  readonly paid: readonly Coin[];
}

export class Ledger {
  readonly #uses: LedgerUses;

  constructor(uses: LedgerUses) {
    this.#uses = uses;
  }

  /** The denomination of all fees. */
  denom(ctx: Read): string {
    return state.params.get(ctx)!.feeDenom;
  }

  /** What the module's account holds. */
  held(ctx: Read): readonly Coin[] {
    return this.#uses.bank.balances(ctx, moduleAddress(ATTRIBUTION));
  }

  /** What an account has earned, by denomination. */
  earnings(ctx: Read, beneficiary: Uint8Array): readonly Earnings[] {
    return Array.from(state.earnings.iterate(ctx, { prefix: beneficiary }), ([, earnings]) => earnings);
  }

  /** Takes an amount of the fee's denomination from an account. */
  take(ctx: Write, from: Uint8Array, amount: bigint): void {
    const coins = this.#coins(ctx, amount);
    if (coins.length > 0) this.#uses.bank.sendToModule(ctx, from, ATTRIBUTION, coins);
  }

  /** Gives an amount that the module holds to an account, named by its text. */
  give(ctx: Write, to: string, amount: bigint): void {
    const coins = this.#coins(ctx, amount);
    if (coins.length > 0) this.#uses.bank.sendFromModule(ctx, ATTRIBUTION, ctx.addresses.parseAccount(to), coins);
  }

  /** Burns an amount that the module holds. */
  burn(ctx: Write, amount: bigint): void {
    const coins = this.#coins(ctx, amount);
    if (coins.length > 0) this.#uses.bank.burn(ctx, ATTRIBUTION, coins);
  }

  /** Gives the winner, named by its text, its part of a bond that was lost to it, and burns the rest. Gives that part. */
  forfeit(ctx: Write, bond: bigint, winner: string): bigint {
    const { bountyPpm } = state.params.get(ctx)!.game;
    const bounty = (bond * BigInt(bountyPpm)) / BigInt(PARTS_PER_MILLION);
    this.give(ctx, winner, bounty);
    this.burn(ctx, bond - bounty);
    return bounty;
  }

  /** Gives an amount to validators and delegators. */
  giveValidators(ctx: Write, amount: bigint): void {
    const coins = this.#coins(ctx, amount);
    if (coins.length > 0) this.#uses.bank.sendBetweenModules(ctx, ATTRIBUTION, FEE_COLLECTOR, coins);
  }

  /** Notes that an account, named by its text, has earned an amount of what the module holds. */
  credit(ctx: Write, beneficiary: string, amount: bigint): void {
    if (amount === 0n) return;
    const denom = this.denom(ctx);
    const at = [ctx.addresses.parseAccount(beneficiary), denom] as const;
    const before = state.earnings.get(ctx, at);
    const unclaimed = (BigInt(before?.unclaimed ?? 0) + amount).toString();
    state.earnings.set(ctx, at, { beneficiary, denom, unclaimed, claimed: before?.claimed ?? "0" });
  }

  /** Notes what backers of a model were given. */
  noteBacked(ctx: Write, amount: bigint): void {
    if (amount > 0n) state.backed.set(ctx, (state.backed.get(ctx) ?? 0n) + amount);
  }

  /** Gives an amount to datanets' treasuries, by the weights of their versions. */
  creditTreasuries(
    ctx: Write,
    versions: readonly { readonly datanetId: bigint; readonly weight: bigint }[],
    amount: bigint,
  ): void {
    const parts = splitByWeights(
      amount,
      versions.map(({ weight }) => weight),
    );
    versions.forEach(({ datanetId }, i) => {
      this.credit(ctx, this.#uses.datanets.datanet(ctx, datanetId).treasury, parts[i]!);
    });
  }

  /**
   * Pays what the account has earned to its payout address. Throws attribution/13 when that is nothing, or less than
   * the parameters pay out.
   */
  payOut(ctx: Write, beneficiary: Uint8Array): Claimed {
    const name = ctx.addresses.account(beneficiary);
    const due = this.#due(ctx, beneficiary);
    if (due.length === 0) throw errors.nothingToClaim.because(name);
    for (const { denom, unclaimed, claimed } of due) {
      const total = (BigInt(claimed) + BigInt(unclaimed)).toString();
      state.earnings.set(ctx, [beneficiary, denom], { beneficiary: name, denom, unclaimed: "0", claimed: total });
    }
    const paid = newCoins(...due.map(({ denom, unclaimed }) => ({ denom, amount: BigInt(unclaimed) })));
    const to = this.#uses.datanets.payoutAddress(ctx, beneficiary);
    this.#uses.bank.sendFromModule(ctx, ATTRIBUTION, to, paid);
    ctx.emit("earnings_claimed", [
      ["beneficiary", name],
      ["payout_address", ctx.addresses.account(to)],
      ["amount", paid.map(({ amount, denom }) => `${amount}${denom}`).join(",")],
    ]);
    return { to, paid };
  }

  /** Whether `payOut` has something to pay. */
  isWorthPaying(ctx: Read, beneficiary: Uint8Array): boolean {
    return this.#due(ctx, beneficiary).length > 0;
  }

  #due(ctx: Read, beneficiary: Uint8Array): readonly Earnings[] {
    const least = BigInt(state.params.get(ctx)!.minClaim);
    return this.earnings(ctx, beneficiary)
      .filter(({ unclaimed }) => unclaimed !== "0" && BigInt(unclaimed) >= least)
      .slice(0, MAX_DENOMS_PER_CLAIM);
  }

  #coins(ctx: Read, amount: bigint): readonly Coin[] {
    return newCoins({ denom: this.denom(ctx), amount });
  }
}
