/**
 * Owns models as the module sees them that settles their uses (modules/attribution): what a use costs and where, whom its
 * revenue is owed to, the backers' part of it, and punishment for what was proved. It does not own settlements or proofs.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import type { ModelKeeper } from "../keeper.ts";
import type { LineageWeight, StackShare } from "../state.ts";
import { payBackers } from "./backing.ts";
import { hostsOf, routeOf, type Serving, servingAt } from "./hosting.ts";
import { type Charge, operatorOf, type Penalty, slashOperator } from "./operators.ts";

export type { Serving } from "./hosting.ts";
export type { Charge, Penalty } from "./operators.ts";

/** Whom a model's revenue is owed to. */
export interface OwedRevenue {
  /** The version that the rest is about. */
  readonly version: number;
  /** What divides what its uses pay by lineage. */
  readonly lineageWeights: readonly LineageWeight[];
  /**
   * All ancestors (model_id), with their shares of the model's own part, and all datanets (datanet_id) that it and they were
   * trained on: its uses may cite these records. Shares are absolute: none is paid from another's.
   */
  readonly stack: readonly StackShare[];
  /** The block the version was registered in. */
  readonly height: bigint;
}

/** The model's keeper, for the module that settles uses. */
export function attributed(keeper: ModelKeeper) {
  return {
    model: (ctx: Read, modelId: bigint) => keeper.model(ctx, modelId),
    /** What the latest version, or another, owes. Throws model/2, model/9. */
    owedRevenue: (ctx: Read, modelId: bigint, version = 0): OwedRevenue => {
      const { number, lineageWeights, stack, height } = keeper.version(ctx, modelId, version);
      return { version: number, lineageWeights, stack, height };
    },
    /** What a use costs at a host, or at the model's own; see hosting.ts for what it throws. */
    serving: (ctx: Read, modelId: bigint, host?: string): Serving => servingAt(keeper, ctx, modelId, host),
    /** Where a use goes that names no host, of those whose price is admitted. Throws model/2, model/8. */
    route: (ctx: Read, modelId: bigint, admits: (price: Coin) => boolean): Serving =>
      routeOf(keeper, ctx, modelId, admits),
    /** Who serves the model now, the heaviest bond first. */
    hosts: (ctx: Read, modelId: bigint, limit: number) => hostsOf(keeper, ctx, modelId, limit),
    /**
     * Takes the backers' part of the model's own revenue from the account of the module `payer`, and gives what was taken:
     * the rest of `amount` is the owner's. To be called for an ancestor's share too, with the ancestor. Throws model/14.
     */
    payBackers: (ctx: Write, payer: string, modelId: bigint, amount: Coin): bigint =>
      payBackers(keeper, ctx, payer, modelId, amount),
    /** What an account has put up for its conduct, and not asked back. */
    bond: (ctx: Read, operator: Uint8Array): bigint => BigInt(operatorOf(ctx, operator).bond),
    /** Punishes who was proved to have committed an offence (the enumeration tributary.model.v1.Offence). */
    slashOperator: (ctx: Write, charge: Charge): Penalty => slashOperator(keeper, ctx, charge),
  };
}
