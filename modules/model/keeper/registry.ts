/** Owns models and their versions: registering, adding, changing terms, retiring. What a version owes is lineage.ts's. */
import type { Write } from "../../../chain/module/context.ts";
import { arbitrarySignBytes } from "../../../chain/types/arbitrary-signature.ts";
import { PUBLIC_KEY_BYTES, secp256k1Address } from "../../../chain/types/public-key.ts";
import { equalBytes, hex, utf8Length } from "../../../proto/bytes.ts";
import { ModelStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import type { ModelKeeper } from "../keeper.ts";
import { GAS_PER_SIGNATURE, HASH_BYTES, MAX_NAME_BYTES, MAX_URI_BYTES, PARTS_PER_MILLION } from "../limits.ts";
import { registrationText } from "../registration.ts";
import { type Lineage, type Model, type Parent, state, type Version } from "../state.ts";
import { newBacking, setBacking, unlist } from "./backing.ts";
import { owedBy, requireAcyclic, requireLineage, resolveParents } from "./lineage.ts";
import { endEscrow } from "./milestones.ts";

/** What a model is registered with; host and price as they are stored. */
export type Registration = Omit<Messages["tributary.model.v1.MsgRegisterModel"], "price"> & Pick<Model, "price">;

/** What a version is added with. */
export type Addition = Messages["tributary.model.v1.MsgAddVersion"];

/** A CIDv1 in its usual text: base32 in lower case behind the letter that says so. */
const CID_TEXT = /^b[a-z2-7]{8,127}$/;

/** What is signed and declared for one set of weights. */
interface Weights {
  readonly name: string;
  readonly owner: string;
  readonly weightsHash: Uint8Array;
  readonly weightsCid: string;
  readonly uri: string;
  readonly recipeHash: Uint8Array;
  readonly lineage: readonly Lineage[];
  readonly parents: readonly Parent[];
  readonly pubKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** Registers weights with their lineage as a new model. Gives the model's number. */
export function register(keeper: ModelKeeper, ctx: Write, owner: Uint8Array, registration: Registration): bigint {
  const { name, baseModelId, adapter, royaltyPpm, backersPpm } = registration;
  // A line break would let a name forge the lines that follow it in the signed text.
  if (name === "" || utf8Length(name) > MAX_NAME_BYTES || /[\n\r]/.test(name)) {
    throw errors.invalidModel.because(`a name has 1 to ${MAX_NAME_BYTES} bytes and no line break`);
  }
  requirePpm("royalty_ppm", royaltyPpm);
  requirePpm("backers_ppm", backersPpm);
  if (baseModelId !== 0n) {
    const base = keeper.model(ctx, baseModelId);
    if (adapter && base.adapter) throw errors.invalidModel.because(`model ${baseModelId} is an adapter itself`);
  } else if (adapter) throw errors.invalidModel.because("an adapter names the base model that it runs on");
  const id = (state.models.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
  const version = addWeights(keeper, ctx, owner, id, 1, baseModelId, registration);
  state.models.set(ctx, id, {
    ...registration,
    ...current(version),
    id,
    registeredHeight: ctx.height,
    version: 1,
    status: ModelStatus.MODEL_STATUS_ACTIVE,
  });
  setBacking(ctx, newBacking(id));
  ctx.emit("model_registered", [
    ["model_id", id.toString()],
    ["name", name],
    ["owner", registration.owner],
    ["host", registration.host],
    ...versionAttributes(version),
  ]);
  return id;
}

/** Registers new weights of a model. Gives the version's number. */
export function addVersion(keeper: ModelKeeper, ctx: Write, owner: Uint8Array, addition: Addition): number {
  keeper.ownModel(ctx, addition.owner, addition.modelId);
  const model = keeper.activeModel(ctx, addition.modelId);
  const number = model.version + 1;
  const weights = { ...addition, name: model.name };
  const version = addWeights(keeper, ctx, owner, model.id, number, model.baseModelId, weights);
  state.models.set(ctx, model.id, { ...model, ...current(version), version: number });
  ctx.emit("version_added", [
    ["model_id", model.id.toString()],
    ["version", number.toString()],
    ...versionAttributes(version),
  ]);
  return number;
}

/** Changes what derived models and backers are promised from now on. The backers' part never falls: they came for it. */
export function updateTerms(
  keeper: ModelKeeper,
  ctx: Write,
  owner: string,
  modelId: bigint,
  terms: Pick<Model, "royaltyPpm" | "backersPpm" | "openHosting">,
): void {
  keeper.ownModel(ctx, owner, modelId);
  const model = keeper.activeModel(ctx, modelId);
  requirePpm("royalty_ppm", terms.royaltyPpm);
  requirePpm("backers_ppm", terms.backersPpm);
  if (terms.backersPpm < model.backersPpm) {
    throw errors.invalidModel.because(`backers_ppm is ${model.backersPpm} and cannot be less`);
  }
  const { royaltyPpm, backersPpm, openHosting } = terms;
  state.models.set(ctx, modelId, { ...model, royaltyPpm, backersPpm, openHosting });
  ctx.emit("terms_updated", [
    ["model_id", modelId.toString()],
    ["royalty_ppm", royaltyPpm.toString()],
    ["backers_ppm", backersPpm.toString()],
    ["open_hosting", openHosting.toString()],
  ]);
}

/** Changes who serves the model by default and at what price. `owner` is the sender's address as text. */
export function updateHosting(
  keeper: ModelKeeper,
  ctx: Write,
  owner: string,
  modelId: bigint,
  hosting: Pick<Model, "host" | "price">,
): void {
  const model = keeper.ownModel(ctx, owner, modelId);
  state.models.set(ctx, modelId, { ...model, ...hosting });
  ctx.emit("hosting_updated", [
    ["model_id", modelId.toString()],
    ["host", hosting.host],
    ["price", `${hosting.price.amount}${hosting.price.denom}`],
  ]);
}

/** Stores one version and what it owes. */
function addWeights(
  keeper: ModelKeeper,
  ctx: Write,
  owner: Uint8Array,
  modelId: bigint,
  number: number,
  baseModelId: bigint,
  weights: Weights,
): Version {
  requireForm(weights);
  requireLineage(keeper, ctx, weights.lineage);
  const parents = resolveParents(keeper, ctx, modelId, baseModelId, weights.parents);
  requireAcyclic(ctx, modelId, parents);
  const owed = owedBy(keeper, ctx, { lineage: weights.lineage, parents });
  requireSignature(keeper, ctx, owner, weights);
  // Others may have registered the same: a hash that is seen on its way to a block must not keep its owner out.
  const own = state.versions.by.signer.find(ctx, [weights.weightsHash, weights.pubKey]);
  if (own !== undefined) throw errors.weightsTaken.because(`${hex(weights.weightsHash)} is model ${own[0]}`);
  const { weightsHash, weightsCid, uri, recipeHash, pubKey, signature } = weights;
  const lineage = [...weights.lineage];
  const declared = { weightsHash, weightsCid, uri, recipeHash, lineage, parents, pubKey, signature };
  const version: Version = { modelId, number, ...declared, height: ctx.height, ...owed };
  state.versions.set(ctx, [modelId, number], version);
  for (const parent of parents) state.derived.add(ctx, [modelId, parent.modelId]);
  return version;
}

/** What a model shows of its latest version. */
function current(version: Version): Pick<Model, keyof Version & keyof Model> {
  const { weightsHash, weightsCid, uri, recipeHash, lineage, parents, pubKey, signature } = version;
  return { weightsHash, weightsCid, uri, recipeHash, lineage, parents, pubKey, signature };
}

function requireForm({ weightsHash, weightsCid, uri, recipeHash }: Weights): void {
  if (utf8Length(uri) > MAX_URI_BYTES) throw errors.invalidModel.because(`a uri over ${MAX_URI_BYTES} bytes`);
  if (weightsHash.length !== HASH_BYTES) {
    throw errors.invalidModel.because(`weights_hash has ${weightsHash.length} bytes`);
  }
  if (recipeHash.length !== 0 && recipeHash.length !== HASH_BYTES) {
    throw errors.invalidModel.because(`recipe_hash has ${recipeHash.length} bytes`);
  }
  if (weightsCid !== "" && !CID_TEXT.test(weightsCid)) {
    throw errors.invalidModel.because("weights_cid is not a CIDv1 in base32");
  }
}

function requireSignature(keeper: ModelKeeper, ctx: Write, owner: Uint8Array, weights: Weights): void {
  const { name, pubKey, signature, weightsHash } = weights;
  ctx.gas.consume(GAS_PER_SIGNATURE, "model registration signature");
  if (pubKey.length !== PUBLIC_KEY_BYTES.secp256k1 || !equalBytes(secp256k1Address(pubKey), owner)) {
    throw errors.invalidSignature.because("pub_key is not the owner's");
  }
  const signed = arbitrarySignBytes(weights.owner, registrationText(ctx.chainId, name, weightsHash));
  if (!keeper.uses.verifier.secp256k1(pubKey, signed, signature)) throw errors.invalidSignature.because(name);
}

function requirePpm(name: string, ppm: number): void {
  if (ppm > PARTS_PER_MILLION) throw errors.invalidModel.because(`${name} ${ppm} is above ${PARTS_PER_MILLION}`);
}

function versionAttributes(version: Version): readonly (readonly [string, string])[] {
  return [
    ["weights_hash", hex(version.weightsHash)],
    ["datanets", version.lineage.map((line) => `${line.datanetId}:${line.recordCount}`).join(",")],
    ["parents", version.parents.map((parent) => `${parent.modelId}:${parent.sharePpm}`).join(",")],
  ];
}

/** Ends a model: nothing new begins on it. What was put on it can be asked back, what is owed can be claimed. */
export function retire(keeper: ModelKeeper, ctx: Write, owner: string, modelId: bigint): void {
  keeper.ownModel(ctx, owner, modelId);
  const model = keeper.activeModel(ctx, modelId);
  state.models.set(ctx, modelId, { ...model, status: ModelStatus.MODEL_STATUS_RETIRED });
  unlist(keeper, ctx, modelId);
  endEscrow(keeper, ctx, modelId);
  ctx.emit("model_retired", [["model_id", modelId.toString()]]);
}
