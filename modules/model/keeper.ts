/**
 * Owns registered models: whose they are, what they were trained on, and who serves them at what price. It does not own
 * what a use costs or pays beyond the price (modules/attribution), nor the weights, which are kept off the chain.
 */
import type { Read, Write } from "../../chain/module/context.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { arbitrarySignBytes } from "../../chain/types/arbitrary-signature.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { PUBLIC_KEY_BYTES, secp256k1Address } from "../../chain/types/public-key.ts";
import { equalBytes, hex, utf8Length } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { DatanetKeeper } from "../datanet/keeper.ts";
import { errors } from "./errors.ts";
import { HASH_BYTES, MAX_LINEAGE, MAX_NAME_BYTES, MAX_URI_BYTES } from "./limits.ts";
import { registrationText } from "./registration.ts";
import { state } from "./state.ts";

export type Model = Messages["tributary.model.v1.Model"];
export type Lineage = Messages["tributary.model.v1.Lineage"];

/** What model needs of its neighbours, and no more. */
export interface ModelUses {
  readonly datanets: Pick<DatanetKeeper, "find">;
  readonly verifier: Pick<Verifier, "secp256k1">;
}

/** What a model is registered with. */
export type Registration = Omit<Model, "id" | "registeredHeight">;

/** Checking one secp256k1 signature, as the SDK charges for a transaction's (auth params sig_verify_cost_secp256k1). */
const GAS_PER_SIGNATURE = 1000n;

export class ModelKeeper {
  readonly #uses: ModelUses;

  constructor(uses: ModelUses) {
    this.#uses = uses;
  }

  /** Throws model/2 when there is no such model. */
  model(ctx: Read, modelId: bigint): Model {
    const model = state.models.get(ctx, modelId);
    if (model === undefined) throw errors.modelNotFound.because(`model ${modelId}`);
    return model;
  }

  modelByWeights(ctx: Read, weightsHash: Uint8Array): Model {
    const modelId = state.models.by.weights.find(ctx, weightsHash);
    if (modelId === undefined) throw errors.modelNotFound.because(`weights ${hex(weightsHash)}`);
    return this.model(ctx, modelId);
  }

  models(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Model]> {
    return state.models.paginate(ctx, request);
  }

  allModels(ctx: Read): Model[] {
    return Array.from(state.models.iterate(ctx), ([, model]) => model);
  }

  /** Stores a model as it is: genesis, and every change below. */
  setModel(ctx: Write, model: Model): void {
    state.models.set(ctx, model.id, model);
  }

  /** Registers weights with their lineage. Gives the model's number. */
  register(ctx: Write, owner: Uint8Array, registration: Registration): bigint {
    checkRegistration(registration);
    const taken = state.models.by.weights.find(ctx, registration.weightsHash);
    if (taken !== undefined) throw errors.weightsTaken.because(`${hex(registration.weightsHash)} is model ${taken}`);
    if (registration.baseModelId !== 0n) this.model(ctx, registration.baseModelId);
    this.#checkLineage(ctx, registration.lineage);
    this.#checkSignature(ctx, owner, registration);
    const id = (state.models.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
    this.setModel(ctx, { ...registration, id, registeredHeight: ctx.height });
    ctx.emit("model_registered", [
      ["model_id", id.toString()],
      ["name", registration.name],
      ["owner", registration.owner],
      ["host", registration.host],
      ["weights_hash", hex(registration.weightsHash)],
      ["datanets", registration.lineage.map((line) => `${line.datanetId}:${line.recordCount}`).join(",")],
    ]);
    return id;
  }

  /** Changes who serves the model and at what price. `owner` is the sender's address as text. */
  updateHosting(ctx: Write, owner: string, modelId: bigint, hosting: Pick<Model, "host" | "price">): void {
    const model = this.model(ctx, modelId);
    if (model.owner !== owner) throw errors.notOwner.because(`${owner} of model ${modelId}`);
    this.setModel(ctx, { ...model, ...hosting });
    ctx.emit("hosting_updated", [
      ["model_id", modelId.toString()],
      ["host", hosting.host],
      ["price", `${hosting.price.amount}${hosting.price.denom}`],
    ]);
  }

  #checkLineage(ctx: Read, lineage: readonly Lineage[]): void {
    if (lineage.length === 0 || lineage.length > MAX_LINEAGE) {
      throw errors.invalidLineage.because(`a model names 1 to ${MAX_LINEAGE} datanets, not ${lineage.length}`);
    }
    let previous = 0n;
    for (const { datanetId, recordCount } of lineage) {
      const datanet = this.#uses.datanets.find(ctx, datanetId);
      if (datanet === undefined) throw errors.invalidLineage.because(`there is no datanet ${datanetId}`);
      if (datanetId <= previous) throw errors.invalidLineage.because(`datanet ${datanetId} is out of order`);
      if (recordCount < 1n || recordCount > datanet.recordCount) {
        throw errors.invalidLineage.because(
          `datanet ${datanetId} has ${datanet.recordCount} records, the model names ${recordCount}`,
        );
      }
      previous = datanetId;
    }
  }

  #checkSignature(ctx: Write, owner: Uint8Array, registration: Registration): void {
    const { name, pubKey, signature, weightsHash } = registration;
    ctx.gas.consume(GAS_PER_SIGNATURE, "model registration signature");
    if (pubKey.length !== PUBLIC_KEY_BYTES.secp256k1 || !equalBytes(secp256k1Address(pubKey), owner)) {
      throw errors.invalidSignature.because("pub_key is not the owner's");
    }
    const signed = arbitrarySignBytes(registration.owner, registrationText(ctx.chainId, name, weightsHash));
    if (!this.#uses.verifier.secp256k1(pubKey, signed, signature)) throw errors.invalidSignature.because(name);
  }
}

function checkRegistration({ name, uri, weightsHash }: Registration): void {
  // A line break would let a name forge the lines that follow it in the signed text.
  if (name === "" || utf8Length(name) > MAX_NAME_BYTES || /[\n\r]/.test(name)) {
    throw errors.invalidModel.because(`a name has 1 to ${MAX_NAME_BYTES} bytes and no line break`);
  }
  if (utf8Length(uri) > MAX_URI_BYTES) throw errors.invalidModel.because(`a uri over ${MAX_URI_BYTES} bytes`);
  if (weightsHash.length !== HASH_BYTES)
    throw errors.invalidModel.because(`weights_hash has ${weightsHash.length} bytes`);
}
