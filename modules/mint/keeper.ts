// Owns: minting: what a block mints, and to whom it is handed. Does not own: the arithmetic (inflation.ts), what becomes of the coins
// (distribution), how much is bonded (staking).

import type { Read, Write } from "../../chain/module/context.ts";
import { type Coin, newCoins } from "../../chain/types/coin.ts";
import { Dec } from "../../chain/types/dec.ts";
import { blockProvision, nextInflation } from "./inflation.ts";
import { type Minter, type Params, state } from "./state.ts";

/** The account coins are made in: they leave it in the same block. */
export const MINT_ACCOUNT = "mint";

/** What mint needs from its neighbours, and no more. */
export interface MintUses {
  readonly bank: {
    supply(ctx: Read, denom: string): bigint;
    mint(ctx: Write, module: string, coins: readonly Coin[]): void;
    sendBetweenModules(ctx: Write, from: string, to: string, coins: readonly Coin[]): void;
  };
  readonly accounts: { ensureModuleAccount(ctx: Write, name: string): Uint8Array };
  readonly staking: {
    params(ctx: Read): { readonly bondDenom: string };
    /** What is bonded, in the smallest unit. */
    poolBalances(ctx: Read): { readonly bonded: bigint };
  };
  /** The module account that receives what is minted. */
  readonly feeCollector: string;
}

export class MintKeeper {
  readonly #uses: MintUses;

  constructor(uses: MintUses) {
    this.#uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("mint has no parameters: genesis was not run");
    return params;
  }

  minter(ctx: Read): Minter {
    const minter = state.minter.get(ctx);
    if (minter === undefined) throw new Error("mint has no minter: genesis was not run");
    return minter;
  }

  ensureAccount(ctx: Write): void {
    this.#uses.accounts.ensureModuleAccount(ctx, MINT_ACCOUNT);
  }

  /** At the beginning of a block: moves inflation, mints the block's share of the year and hands it to the fee collector. */
  mintBlock(ctx: Write): void {
    const { bank, staking, feeCollector } = this.#uses;
    const params = this.params(ctx);
    const supply = bank.supply(ctx, staking.params(ctx).bondDenom);
    const bondedRatio = supply > 0n ? Dec.fromInt(staking.poolBalances(ctx).bonded).quoInt(supply) : Dec.zero;
    const inflation = nextInflation(Dec.fromWire(this.minter(ctx).inflation), params, bondedRatio);
    const annualProvisions = inflation.mulInt(supply);
    state.minter.set(ctx, { inflation: inflation.toWire(), annualProvisions: annualProvisions.toWire() });
    const amount = blockProvision(annualProvisions, params);
    const minted = newCoins({ denom: params.mintDenom, amount });
    if (minted.length > 0) bank.mint(ctx, MINT_ACCOUNT, minted);
    // Nothing is handed over too, and told: so does the SDK.
    bank.sendBetweenModules(ctx, MINT_ACCOUNT, feeCollector, minted);
    ctx.emit("mint", [
      ["bonded_ratio", bondedRatio.toString()],
      ["inflation", inflation.toString()],
      ["annual_provisions", annualProvisions.toString()],
      ["amount", amount.toString()],
    ]);
  }
}
