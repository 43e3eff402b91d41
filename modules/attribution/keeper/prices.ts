/**
 * Owns what a use costs: whom it asks, the price of one unit, whether the user's limit admits it, and its purchase with
 * other tokens. It does not own escrow (keeper.ts) nor pools (modules/tokenpool).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, coinFromMessage, formatCoin } from "../../../chain/types/coin.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { DatanetKeeper } from "../../datanet/keeper.ts";
import type { exchange } from "../../tokenpool/keeper/exchange.ts";
import { errors } from "../errors.ts";
import { MAX_AMOUNT, MAX_UNITS } from "../limits.ts";
import type { Params } from "../params.ts";
import type { Models } from "./lineages.ts";

/** What a use is opened with. */
export type UseRequest = Omit<Messages["tributary.attribution.v1.MsgOpenUse"], "user" | "maxFee"> & {
  readonly maxFee: Coin;
};

/** What prices need of the module's neighbours. */
export interface PricedUses {
  readonly models: Pick<Models, "model" | "route" | "serving" | "owedRevenue">;
  readonly datanets: Pick<DatanetKeeper, "datanet">;
}

/** Pools as the purchase of a fee needs them (modules/tokenpool/keeper/exchange.ts). */
export type Exchange = Pick<ReturnType<typeof exchange>, "bestRoute" | "swapExactOut">;

/** What a use costs for one unit, and of whom. */
interface Priced {
  readonly price: Coin;
  /** As text. */
  readonly host: string;
  readonly name: string;
  /** Of a datanet; 0 for models. */
  readonly recordCount: bigint;
  /** Of a model; 0 for datanets. */
  readonly modelVersion: number;
  /** Whether the host is the model's own, not one that offers slots for it. */
  readonly isOwnHost: boolean;
}

/** The units a use may come to; a request that names none means one. */
export function unitsOf({ maxUnits }: Pick<UseRequest, "maxUnits">): bigint {
  return maxUnits === 0n ? 1n : maxUnits;
}

/** A model's price, its host, and the name for messages. Who names no host is sent to the one that stands best and whose fee is within the limit. */
export function pricedModel(
  uses: PricedUses,
  ctx: Read,
  { feeDenom }: Pick<Params, "feeDenom">,
  request: Omit<UseRequest, "kind" | "proof" | "promptHash" | "receiptKey">,
): Priced {
  const { modelId, datanetId, host: asked, maxFee } = request;
  if (datanetId !== 0n) throw errors.invalidUse.because("a use of a model names no datanet");
  // What a fee costs in another token than its own is known when it is bought.
  const admits = ({ denom, amount }: Coin) =>
    denom === feeDenom && (maxFee.denom !== feeDenom || amount * unitsOf(request) <= maxFee.amount);
  const { models } = uses;
  const { price, host } = asked === "" ? models.route(ctx, modelId, admits) : models.serving(ctx, modelId, asked);
  const { version } = models.owedRevenue(ctx, modelId);
  const isOwnHost = host === models.model(ctx, modelId).host;
  return { price, host, name: `model ${modelId}`, recordCount: 0n, modelVersion: version, isOwnHost };
}

/**
 * A datanet's price of access. The payer has no say in which records it pays: those whose windows have ended, as far as they
 * stand; where none has, all there are, who then share it when theirs end.
 */
export function pricedDatanet(uses: PricedUses, ctx: Read, request: UseRequest): Priced {
  const { datanetId } = request;
  if (request.modelId !== 0n) throw errors.invalidUse.because("a use of a datanet names no model");
  const datanet = uses.datanets.datanet(ctx, datanetId);
  const recordCount = datanet.finalCount === 0n ? datanet.recordCount : datanet.finalCount;
  if (recordCount === 0n) throw errors.invalidUse.because(`datanet ${datanetId} has no records`);
  if (datanet.accessPrice === undefined)
    throw errors.invalidUse.because(`datanet ${datanetId} names no price of access`);
  return {
    price: coinFromMessage(datanet.accessPrice),
    host: datanet.owner,
    name: `datanet ${datanetId}`,
    recordCount,
    modelVersion: 0,
    isOwnHost: false,
  };
}

/** Throws attribution/4 or 5 for a fee in another denomination than all fees, beyond what can be counted, or above a limit in its own. */
export function checkFee(params: Params, name: string, units: bigint, fee: Coin, maxFee: Coin): void {
  if (fee.denom !== params.feeDenom) {
    throw errors.invalidUse.because(`${name} asks for ${fee.denom}, fees are paid in ${params.feeDenom}`);
  }
  if (units > MAX_UNITS || fee.amount >= MAX_AMOUNT)
    throw errors.invalidUse.because(`${units} units for ${formatCoin(fee)}`);
  if (maxFee.denom === fee.denom && maxFee.amount < fee.amount) {
    throw errors.feeTooHigh.because(`${formatCoin(fee)} for at most ${formatCoin(maxFee)}`);
  }
}

/**
 * Buys exactly the fee for the user, with tokens of another denomination of which `most` is the most they give, along the
 * best route of pools there is in this block. Gives what they paid; undefined when nothing had to be bought. Throws
 * attribution/5 when it costs more, tokenpool/12 when no route leads to the fee's denomination.
 */
export function buyFee(exchange: Exchange, ctx: Write, user: Uint8Array, fee: Coin, most: Coin): Coin | undefined {
  if (most.denom === fee.denom || fee.amount === 0n) return undefined;
  const { poolIds, input } = exchange.bestRoute(ctx, { kind: "exact out", output: fee, denomIn: most.denom });
  if (input.amount > most.amount) {
    throw errors.feeTooHigh.because(`${formatCoin(fee)} costs ${formatCoin(input)}, for at most ${formatCoin(most)}`);
  }
  return exchange.swapExactOut(ctx, user, poolIds, fee, most);
}
