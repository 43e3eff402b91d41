/** Models, their versions and terms, who serves them and the adapters in hosts' slots. Owns the choice; money on models is models.ts. */
import { registrationText } from "../../../modules/model/registration.ts";
import { sha256 } from "../../../node/crypto.ts";
import { utf8 } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { accountOf } from "../../support/chain-harness.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";
import { activeModels, byOwner, type Model, signText, someModel } from "./models.ts";
import { datanets } from "./people.ts";

type Offer = Messages["tributary.model.v1.ServingHost"];

const MOST_MODELS = 8;
const MOST_PRICE = 100_000;

function lineageOf(world: AppWorld) {
  const filled = datanets(world).filter(({ recordCount }) => recordCount > 0n);
  const first = world.some(filled);
  if (first === undefined) return undefined;
  const second = world.random.chance(0.5) ? world.random.pick(filled) : first;
  return [...new Set([first, second])]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id: datanetId, recordCount }) => ({ datanetId, recordCount }));
}

/** New weights of a model, signed for by its owner. */
function signed(world: AppWorld, name: string, owner: string, weightsOf: string) {
  const weightsHash = sha256(utf8(`${weightsOf} at ${world.chain.height}`));
  const { publicKey: pubKey } = accountOf(owner);
  return {
    weightsHash,
    pubKey,
    signature: signText(world, owner, registrationText(world.chain.chainId, name, weightsHash)),
  };
}

function somePrice(world: AppWorld) {
  return world.coin(BigInt(1 + world.random.below(MOST_PRICE)));
}

const registryOperations: readonly Operation[] = [
  {
    name: "model.RegisterModel",
    weight: 3,
    plan: (world) => {
      const [lineage, known] = [lineageOf(world), world.ask("model", "Models").models.length];
      if (lineage === undefined || activeModels(world).length >= MOST_MODELS) return undefined;
      const from = world.someone();
      const { random } = world;
      const base = random.chance(0.5) ? someModel(world, ({ adapter }) => !adapter) : undefined;
      const name = `model-${known}`;
      const value = {
        ...{ owner: world.address(from), name, lineage, price: somePrice(world) },
        ...signed(world, name, from, name),
        // Half of the owners serve their models themselves.
        host: random.chance(0.5) ? world.address(from) : world.address(random.pick(world.people)),
        baseModelId: base?.id ?? 0n,
        adapter: base !== undefined && random.chance(0.7),
        openHosting: random.chance(0.8),
        backersPpm: random.below(500_000),
      };
      return { from, message: ["tributary.model.v1.MsgRegisterModel", value] };
    },
  },
  {
    name: "model.AddVersion",
    weight: 1,
    plan: (world) =>
      byOwner(world, someModel(world), (owner, model) => {
        const name = world.nameOf(owner) ?? "";
        const lineage = lineageOf(world) ?? model.lineage;
        const weights = signed(world, model.name, name, `a version of ${model.id}`);
        const value = { owner, modelId: model.id, lineage, parents: model.parents, ...weights };
        return ["tributary.model.v1.MsgAddVersion", value];
      }),
  },
  {
    name: "model.UpdateHosting",
    weight: 0.7,
    plan: (world) =>
      byOwner(world, someModel(world), (owner, { id: modelId }) => {
        const host = world.random.chance(0.5) ? owner : world.address(world.random.pick(world.people));
        return ["tributary.model.v1.MsgUpdateHosting", { owner, modelId, host, price: somePrice(world) }];
      }),
  },
  {
    name: "model.UpdateTerms",
    weight: 0.7,
    plan: (world) =>
      byOwner(world, someModel(world), (owner, { id: modelId, backersPpm }) => [
        "tributary.model.v1.MsgUpdateTerms",
        { owner, modelId, royaltyPpm: 10, backersPpm: backersPpm + 1000, openHosting: true },
      ]),
  },
  {
    name: "model.Retire",
    weight: 0.3,
    plan: (world) =>
      activeModels(world).length < 3
        ? undefined
        : byOwner(world, someModel(world), (owner, { id: modelId }) => [
            "tributary.model.v1.MsgRetire",
            { owner, modelId },
          ]),
  },
];

/** What hosts offer of a base model, the host's name among it; the model's own host is among them only with an offer of its own. */
function offers(world: AppWorld, { id: modelId }: Model): readonly (Offer & { readonly name: string })[] {
  return world.ask("model", "Hosts", { modelId }).hosts.flatMap((offer) => {
    const name = world.nameOf(offer.host);
    return name === undefined || offer.endpoint === "" ? [] : [{ ...offer, name }];
  });
}

/** An adapter in a slot, and by whom; also one that was retired since. */
function mounted(world: AppWorld) {
  return world
    .ask("model", "Models")
    .models.filter(({ adapter }) => adapter)
    .flatMap((adapter) => offers(world, adapter).map(({ host, name }) => ({ adapter, host, name })));
}

const hostOperations: readonly Operation[] = [
  {
    name: "model.OfferSlots",
    weight: 2,
    plan: (world) => {
      const model = someModel(world, ({ openHosting, adapter }) => openHosting && !adapter);
      const from = world.someone();
      if (model === undefined) return undefined;
      const used = mounted(world).filter(
        ({ adapter, name }) => adapter.baseModelId === model.id && name === from,
      ).length;
      const terms = {
        slots: used + world.random.below(4),
        price: world.coin(5n, DENOM),
        endpoint: `https://${from}.example`,
      };
      const value = { host: world.address(from), modelId: model.id, ...terms };
      return { from, message: ["tributary.model.v1.MsgOfferSlots", value] };
    },
  },
  {
    name: "model.WithdrawOffer",
    weight: 1,
    plan: (world) => {
      const model = someModel(world, ({ adapter }) => !adapter);
      if (model === undefined) return undefined;
      const inUse = new Set(
        mounted(world)
          .filter(({ adapter }) => adapter.baseModelId === model.id)
          .map(({ name }) => name),
      );
      const offer = world.some(offers(world, model).filter(({ name }) => !inUse.has(name)));
      if (offer === undefined) return undefined;
      const value = { host: offer.host, modelId: model.id };
      return { from: offer.name, message: ["tributary.model.v1.MsgWithdrawOffer", value] };
    },
  },
  {
    name: "model.MountAdapter",
    weight: 4,
    plan: (world) => {
      const adapter = someModel(world, (model) => model.adapter && model.openHosting);
      const base = adapter && world.ask("model", "Model", { modelId: adapter.baseModelId }).model;
      if (adapter === undefined || base === undefined) return undefined;
      const there = new Set(offers(world, adapter).map(({ name }) => name));
      const free = offers(world, base).filter(({ name, freeSlots }) => freeSlots > 0 && !there.has(name));
      const offer = world.some(free);
      if (offer === undefined) return undefined;
      const value = { host: offer.host, adapterId: adapter.id };
      return { from: offer.name, message: ["tributary.model.v1.MsgMountAdapter", value] };
    },
  },
  {
    name: "model.UnmountAdapter",
    weight: 1,
    plan: (world) => {
      const one = world.some(mounted(world));
      if (one === undefined) return undefined;
      const value = { host: one.host, adapterId: one.adapter.id };
      return { from: one.name, message: ["tributary.model.v1.MsgUnmountAdapter", value] };
    },
  },
];

export const servingOperations: readonly Operation[] = [...registryOperations, ...hostOperations];
