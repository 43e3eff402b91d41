/**
 * Owns what all parts of the module share: its neighbours, its parameters and the reading of models and versions. What is
 * done with them is the folder beside it: registry.ts, hosting.ts, operators.ts, backing.ts, trading.ts, milestones.ts. It does not own what a use
 * costs or pays beyond the price (modules/attribution), nor the weights, which are kept off the chain.
 */
import type { Read } from "../../chain/module/context.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import type { Coin } from "../../chain/types/coin.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import { ModelStatus } from "../../proto/enums.gen.ts";
import type { BankKeeper } from "../bank/keeper.ts";
import type { DatanetKeeper } from "../datanet/keeper.ts";
import type { exchange } from "../tokenpool/keeper/exchange.ts";
import { errors } from "./errors.ts";
import { MAX_HEIGHT, MAX_RANKED } from "./limits.ts";
import { type Model, type Params, state, type Version } from "./state.ts";

export type { Lineage, Model } from "./state.ts";

/** The module's name, and that of the account that holds bonds, backing and what backers have not claimed. */
export const MODEL = "model";

/** The account that holds the reserves of curves, the escrows, and the shares their models' owners cannot move yet. */
export const CURVES = "model_curves";

/** What model needs of its neighbours, and no more. */
export interface ModelUses {
  readonly datanets: Pick<DatanetKeeper, "find" | "version">;
  readonly bank: Pick<
    BankKeeper,
    "balance" | "supply" | "sendToModule" | "sendFromModule" | "sendBetweenModules" | "mint" | "burn"
  >;
  readonly exchange: Pick<ReturnType<typeof exchange>, "openLocked" | "anchorDenom">;
  readonly verifier: Pick<Verifier, "secp256k1">;
}

export class ModelKeeper {
  readonly uses: ModelUses;

  constructor(uses: ModelUses) {
    this.uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("model has no parameters");
    return params;
  }

  /** Throws model/2 when there is no such model. */
  model(ctx: Read, modelId: bigint): Model {
    const model = state.models.get(ctx, modelId);
    if (model === undefined) throw errors.modelNotFound.because(`model ${modelId}`);
    return model;
  }

  /** The model, if it is not retired. Throws model/2 and model/8. */
  activeModel(ctx: Read, modelId: bigint): Model {
    const model = this.model(ctx, modelId);
    if (model.status !== ModelStatus.MODEL_STATUS_ACTIVE) throw errors.retired.because(`model ${modelId}`);
    return model;
  }

  /** The model, if the account owns it. Throws model/2 and model/7. */
  ownModel(ctx: Read, owner: string, modelId: bigint): Model {
    const model = this.model(ctx, modelId);
    if (model.owner !== owner) throw errors.notOwner.because(`${owner} of model ${modelId}`);
    return model;
  }

  /** A version of a model; 0 for the latest. Throws model/2 and model/9. */
  version(ctx: Read, modelId: bigint, number: number): Version {
    const at = number === 0 ? this.model(ctx, modelId).version : number;
    const version = state.versions.get(ctx, [modelId, at]);
    if (version === undefined) {
      this.model(ctx, modelId);
      throw errors.versionNotFound.because(`version ${at} of model ${modelId}`);
    }
    return version;
  }

  /** The versions that weights were registered as, the earliest first. Throws model/2 when there is none. */
  byWeights(ctx: Read, weightsHash: Uint8Array): readonly [Version, ...Version[]] {
    const range = { start: [weightsHash, 0n], end: [weightsHash, MAX_HEIGHT], limit: MAX_RANKED } as const;
    const found = [...state.versions.by.weights.iterate(ctx, range)].map(([, at]) => state.versions.get(ctx, at)!);
    const [first, ...others] = found;
    if (first === undefined) throw errors.modelNotFound.because(`weights ${hex(weightsHash)}`);
    return [first, ...others];
  }

  models(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Model]> {
    return state.models.paginate(ctx, request);
  }

  /** What one of the module's accounts holds of a denomination; by default of the reserve's. */
  held(ctx: Read, account: string, denom = this.params(ctx).reserveDenom): bigint {
    return this.uses.bank.balance(ctx, moduleAddress(account), denom);
  }

  /** The amount, if it is in the reserve's denomination. Throws model/14. */
  reserveAmount(ctx: Read, coin: Coin): bigint {
    const { reserveDenom } = this.params(ctx);
    if (coin.denom !== reserveDenom) throw errors.wrongDenom.because(`${coin.denom} instead of ${reserveDenom}`);
    return coin.amount;
  }

  /** An amount of the reserve's denomination as a list of coins; empty for nothing. */
  reserveCoins(ctx: Read, amount: bigint): readonly Coin[] {
    return amount === 0n ? [] : [{ denom: this.params(ctx).reserveDenom, amount }];
  }
}
