// Owns: upgrade's answers to queries (cosmossdk.io/x/upgrade/keeper/grpc_query.go). Does not own: the state (chain/app/state.ts).

import { upgradeState as state } from "../../chain/app/state.ts";
import { authorityText } from "../../chain/module/authority.ts";
import type { Read } from "../../chain/module/context.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { UpgradeKeeper } from "./keeper.ts";

type Request<Name extends string> = Messages[`cosmos.upgrade.v1beta1.Query${Name}Request` & keyof Messages];

export function currentPlan(_keeper: UpgradeKeeper, ctx: Read) {
  return { plan: state.plan.get(ctx) };
}

export function appliedPlan(keeper: UpgradeKeeper, ctx: Read, { name }: Request<"AppliedPlan">) {
  return { height: keeper.doneHeight(ctx, name) ?? 0n };
}

/** This chain has no IBC, so nothing was ever written for its clients. */
export function upgradedConsensusState() {
  return {};
}

export function moduleVersions(_keeper: UpgradeKeeper, ctx: Read, { moduleName }: Request<"ModuleVersions">) {
  if (moduleName === "") {
    return { moduleVersions: [...state.moduleVersions.iterate(ctx)].map(([name, version]) => ({ name, version })) };
  }
  const version = state.moduleVersions.get(ctx, moduleName);
  if (version === undefined) {
    throw errors.noModuleVersionFound.because(`x/upgrade: QueryModuleVersions module ${moduleName} not found`);
  }
  return { moduleVersions: [{ name: moduleName, version }] };
}

export function authority(_keeper: UpgradeKeeper, ctx: Read) {
  return { address: authorityText(ctx) };
}
