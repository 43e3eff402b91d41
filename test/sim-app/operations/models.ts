/** What people put on models, and who serves them. Owns the choice; registering and using models is attribution.ts. */

import { arbitrarySignBytes } from "../../../chain/types/arbitrary-signature.ts";
import { registrationText } from "../../../modules/model/registration.ts";
import { sha256 } from "../../../node/crypto.ts";
import { utf8 } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { stubSignature } from "../../sim/keys.ts";
import { accountOf } from "../../support/chain-harness.ts";
import type { Operation, Plan } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";

const FAR = 4_000_000_000n;

type Model = Messages["tributary.model.v1.Model"];
type Curve = Messages["tributary.model.v1.Curve"];

function someModel(world: AppWorld, fits: (model: Model) => boolean = () => true): Model | undefined {
  const { models } = world.chain.query(
    "/tributary.model.v1.Query/Models",
    ["tributary.model.v1.QueryModelsRequest", {}],
    "tributary.model.v1.QueryModelsResponse",
  );
  const fitting = models.filter(fits);
  return fitting.length === 0 ? undefined : world.random.pick(fitting);
}

function curveOf(world: AppWorld, modelId: bigint): Curve | undefined {
  try {
    return world.chain.query(
      "/tributary.model.v1.Query/Curve",
      ["tributary.model.v1.QueryCurveRequest", { modelId }],
      "tributary.model.v1.QueryCurveResponse",
    ).curve;
  } catch {
    return undefined;
  }
}

function position(world: AppWorld, modelId: bigint, name: string) {
  return world.chain.query(
    "/tributary.model.v1.Query/Position",
    ["tributary.model.v1.QueryPositionRequest", { modelId, backer: world.address(name) }],
    "tributary.model.v1.QueryPositionResponse",
  );
}

/** A message of a model's owner about it. */
function byOwner(world: AppWorld, model: Model | undefined, message: (owner: string, model: Model) => Plan["message"]) {
  const from = model && world.nameOf(model.owner);
  return model === undefined || from === undefined ? undefined : { from, message: message(model.owner, model) };
}

const backingOperations: readonly Operation[] = [
  {
    name: "model.Back",
    weight: 3,
    plan: (world) => {
      const model = someModel(world);
      const from = world.someone();
      if (model === undefined) return undefined;
      const amount = world.coin(world.amount(world.spendable(from) / 1000n));
      const value = { backer: world.address(from), modelId: model.id, amount };
      return { from, message: ["tributary.model.v1.MsgBack", value] };
    },
  },
  {
    name: "model.Unback",
    weight: 3,
    plan: (world) => {
      const model = someModel(world);
      if (model === undefined) return undefined;
      const owner = world.ownerOf((name) => {
        const { activeShares, pendingShares } = position(world, model.id, name).position;
        const shares = BigInt(activeShares) + BigInt(pendingShares);
        return shares > 10n ? [shares] : [];
      });
      if (owner === undefined) return undefined;
      const value = {
        backer: world.address(owner.from),
        modelId: model.id,
        shares: world.amount(owner.thing).toString(),
      };
      return { from: owner.from, message: ["tributary.model.v1.MsgUnback", value] };
    },
  },
  {
    name: "model.ClaimBacking",
    weight: 1,
    plan: (world) => {
      const model = someModel(world);
      if (model === undefined) return undefined;
      const owner = world.ownerOf((name) => {
        const { amount } = position(world, model.id, name).claimable;
        return amount === "0" ? [] : [amount];
      });
      if (owner === undefined) return undefined;
      const value = { backer: world.address(owner.from), modelId: model.id };
      return { from: owner.from, message: ["tributary.model.v1.MsgClaimBacking", value] };
    },
  },
  {
    name: "model.BondOperator",
    weight: 1,
    plan: (world) => {
      const from = world.someone();
      const value = { operator: world.address(from), amount: world.coin(world.amount(1_000_000n)) };
      return { from, message: ["tributary.model.v1.MsgBondOperator", value] };
    },
  },
  {
    name: "model.UnbondOperator",
    weight: 2,
    plan: (world) => {
      const owner = world.ownerOf((name) => {
        const { operator } = world.chain.query(
          "/tributary.model.v1.Query/Operator",
          ["tributary.model.v1.QueryOperatorRequest", { operator: world.address(name) }],
          "tributary.model.v1.QueryOperatorResponse",
        );
        return operator.bond === "0" ? [] : [BigInt(operator.bond)];
      });
      if (owner === undefined) return undefined;
      const value = { operator: world.address(owner.from), amount: world.coin(world.amount(owner.thing)) };
      return { from: owner.from, message: ["tributary.model.v1.MsgUnbondOperator", value] };
    },
  },
];

const curveOperations: readonly Operation[] = [
  {
    name: "model.OpenCurve",
    weight: 1,
    plan: (world) => {
      const model = someModel(world, ({ id }) => curveOf(world, id) === undefined);
      const curve = world.random.chance(0.5)
        ? { kind: 1, base: `${world.random.below(1_000_000)}000000`, slope: "1000000", blockBuyCap: "1000000" }
        : { kind: 2, virtualReserve: "3000000", virtualShares: "1000000", saleShares: "793100", blockBuyCap: "500000" };
      return byOwner(world, model, (owner, { id: modelId }) => [
        "tributary.model.v1.MsgOpenCurve",
        { owner, modelId, ...curve },
      ]);
    },
  },
  {
    name: "model.BuyShares",
    weight: 3,
    plan: (world) => {
      const model = someModel(world, ({ id }) => curveOf(world, id)?.poolId === 0n);
      const from = world.someone();
      if (model === undefined) return undefined;
      const value = {
        buyer: world.address(from),
        modelId: model.id,
        shares: `${1 + world.random.below(100_000)}`,
        maxCost: world.coin(world.spendable(from) + 1n),
        deadline: FAR,
      };
      return { from, message: ["tributary.model.v1.MsgBuyShares", value] };
    },
  },
  {
    name: "model.SellShares",
    weight: 1.5,
    plan: (world) => {
      const model = someModel(world, ({ id }) => curveOf(world, id)?.poolId === 0n);
      if (model === undefined) return undefined;
      const owner = world.ownerOf((name) => {
        const held = world.spendable(name, `model/${model.id}`);
        return held > 100n ? [held] : [];
      });
      if (owner === undefined) return undefined;
      const terms = { shares: world.amount(owner.thing).toString(), minPayout: world.coin(1n), deadline: FAR };
      const value = { seller: world.address(owner.from), modelId: model.id, ...terms };
      return { from: owner.from, message: ["tributary.model.v1.MsgSellShares", value] };
    },
  },
  {
    name: "model.ProposeMilestone",
    weight: 1.5,
    plan: (world) => {
      const model = someModel(world, ({ id }) => (curveOf(world, id)?.escrow ?? "0") !== "0");
      return byOwner(world, model, (owner, { id: modelId }) => [
        "tributary.model.v1.MsgProposeMilestone",
        { owner, modelId, amount: world.coin(1n), evidenceHash: new Uint8Array(32), note: "done" },
      ]);
    },
  },
  {
    name: "model.VetoMilestone",
    weight: 2,
    plan: (world) => {
      const model = someModel(world);
      if (model === undefined) return undefined;
      const owner = world.ownerOf((name) => {
        const { activeShares } = position(world, model.id, name).position;
        return activeShares === "0" ? [] : [activeShares];
      });
      const { milestones } = world.chain.query(
        "/tributary.model.v1.Query/Milestones",
        ["tributary.model.v1.QueryMilestonesRequest", { modelId: model.id }],
        "tributary.model.v1.QueryMilestonesResponse",
      );
      const open = milestones.find(({ status }) => status === 0);
      if (owner === undefined || open === undefined) return undefined;
      const value = { backer: world.address(owner.from), modelId: model.id, number: open.number };
      return { from: owner.from, message: ["tributary.model.v1.MsgVetoMilestone", value] };
    },
  },
];

const servingOperations: readonly Operation[] = [
  {
    name: "model.AddVersion",
    weight: 1,
    plan: (world) =>
      byOwner(world, someModel(world), (owner, model) => {
        const name = world.nameOf(owner) ?? "";
        const weightsHash = sha256(utf8(`version ${world.chain.height} of ${model.id}`));
        const signed = arbitrarySignBytes(owner, registrationText(world.chain.chainId, model.name, weightsHash));
        const { publicKey: pubKey } = accountOf(name);
        const signature = stubSignature(pubKey, signed);
        const value = { owner, modelId: model.id, weightsHash, lineage: model.lineage, pubKey, signature };
        return ["tributary.model.v1.MsgAddVersion", value];
      }),
  },
  {
    name: "model.UpdateTerms",
    weight: 0.5,
    plan: (world) =>
      byOwner(world, someModel(world), (owner, { id: modelId, backersPpm }) => [
        "tributary.model.v1.MsgUpdateTerms",
        { owner, modelId, royaltyPpm: 10, backersPpm: backersPpm + 1000, openHosting: true },
      ]),
  },
  {
    name: "model.OfferSlots",
    weight: 1,
    plan: (world) => {
      const model = someModel(world, ({ openHosting, adapter }) => openHosting && !adapter);
      const from = world.someone();
      if (model === undefined) return undefined;
      const terms = { slots: world.random.below(5), price: world.coin(5n, DENOM), endpoint: "" };
      const value = { host: world.address(from), modelId: model.id, ...terms };
      return { from, message: ["tributary.model.v1.MsgOfferSlots", value] };
    },
  },
];

export const modelOperations: readonly Operation[] = [...backingOperations, ...curveOperations, ...servingOperations];
