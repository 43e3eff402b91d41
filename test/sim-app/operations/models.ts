/** What people put on models: backing, bonds, shares on curves, milestones. Owns the choice; registering and serving models is serving.ts. */

import { arbitrarySignBytes } from "../../../chain/types/arbitrary-signature.ts";
import { MilestoneStatus, ModelStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { stubSignature } from "../../sim/keys.ts";
import { accountOf } from "../../support/chain-harness.ts";
import type { Operation, Plan } from "../operation.ts";
import type { AppWorld } from "../world.ts";

const FAR = 4_000_000_000n;
/** Of one bond or backing that may wait at a time (modules/model/limits.ts, MAX_WITHDRAWALS). */
const MOST_WITHDRAWALS = 8;

export type Model = Messages["tributary.model.v1.Model"];
type Curve = Messages["tributary.model.v1.Curve"];

/** An ADR-036 signature of a named account, as the simulation's verifier takes it. */
export function signText(world: AppWorld, name: string, text: string): Uint8Array {
  return stubSignature(accountOf(name).publicKey, arbitrarySignBytes(world.address(name), text));
}

export function activeModels(world: AppWorld): readonly Model[] {
  return world.ask("model", "Models").models.filter(({ status }) => status === ModelStatus.MODEL_STATUS_ACTIVE);
}

/** A model that is not retired. */
export function someModel(world: AppWorld, fits: (model: Model) => boolean = () => true): Model | undefined {
  return world.some(activeModels(world).filter(fits));
}

function curveOf(world: AppWorld, modelId: bigint): Curve | undefined {
  return world.seek("model", "Curve", { modelId })?.curve;
}

function position(world: AppWorld, modelId: bigint, name: string) {
  return world.ask("model", "Position", { modelId, backer: world.address(name) });
}

/** A message of a model's owner about it. */
export function byOwner(
  world: AppWorld,
  model: Model | undefined,
  message: (owner: string, model: Model) => Plan["message"],
): Plan | undefined {
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
        const { position: own, unbackings } = position(world, model.id, name);
        const shares = BigInt(own.activeShares) + BigInt(own.pendingShares);
        return shares > 10n && unbackings.length < MOST_WITHDRAWALS ? [shares] : [];
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
    weight: 3,
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
    weight: 2,
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
        const { operator, withdrawals } = world.ask("model", "Operator", { operator: world.address(name) });
        return operator.bond === "0" || withdrawals.length >= MOST_WITHDRAWALS ? [] : [BigInt(operator.bond)];
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
    weight: 4,
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
      if (model === undefined) return undefined;
      const from = world.random.chance(0.3) ? world.nameOf(model.owner) : world.someone();
      if (from === undefined) return undefined;
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
    weight: 3,
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
    name: "model.UnlockShares",
    weight: 5,
    plan: (world) => {
      const model = someModel(world, ({ id }) => {
        const curve = curveOf(world, id);
        return curve !== undefined && curve.creatorLocked !== "0" && curve.creatorUnlocksAt <= world.now;
      });
      return byOwner(world, model, (owner, { id: modelId }) => [
        "tributary.model.v1.MsgUnlockShares",
        { owner, modelId },
      ]);
    },
  },
];

/** The milestone of a model that waits to be decided. */
function openMilestone(world: AppWorld, modelId: bigint) {
  const pagination = { limit: 1n, reverse: true };
  const [last] = world.ask("model", "Milestones", { modelId, pagination }).milestones;
  return last?.status === MilestoneStatus.MILESTONE_STATUS_OPEN ? last : undefined;
}

const milestoneOperations: readonly Operation[] = [
  {
    name: "model.ProposeMilestone",
    weight: 2,
    plan: (world) => {
      const model = someModel(
        world,
        ({ id }) => (curveOf(world, id)?.escrow ?? "0") !== "0" && openMilestone(world, id) === undefined,
      );
      return byOwner(world, model, (owner, { id: modelId }) => {
        const amount = world.coin(world.amount(BigInt(curveOf(world, modelId)?.escrow ?? "1")));
        const value = { owner, modelId, amount, evidenceHash: new Uint8Array(32), note: "done" };
        return ["tributary.model.v1.MsgProposeMilestone", value];
      });
    },
  },
  {
    name: "model.VetoMilestone",
    weight: 6,
    plan: (world) => {
      const model = someModel(world, ({ id }) => openMilestone(world, id) !== undefined);
      const open = model && openMilestone(world, model.id);
      if (model === undefined || open === undefined || open.decidesAt <= world.now + 12n) return undefined;
      const owner = world.ownerOf((name) => {
        const { activeShares, vetoed } = position(world, model.id, name).position;
        return activeShares === "0" || vetoed >= open.number ? [] : [activeShares];
      });
      if (owner === undefined) return undefined;
      const value = { backer: world.address(owner.from), modelId: model.id, number: open.number };
      return { from: owner.from, message: ["tributary.model.v1.MsgVetoMilestone", value] };
    },
  },
];

export const modelOperations: readonly Operation[] = [...backingOperations, ...curveOperations, ...milestoneOperations];
