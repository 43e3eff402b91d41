/** Models, uses of them and what those earn. Owns the choice; outputs quote nothing, so spans are left to the tests of attribution. */
import { arbitrarySignBytes } from "../../../chain/types/arbitrary-signature.ts";
import { receiptText } from "../../../modules/attribution/receipt.ts";
import { registrationText } from "../../../modules/model/registration.ts";
import { sha256 } from "../../../node/crypto.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { stubSignature } from "../../sim/keys.ts";
import { accountOf } from "../../support/chain-harness.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";
import { datanets } from "./native.ts";

const MOST_MODELS = 6;

function models(world: AppWorld) {
  return world.chain.query(
    "/tributary.model.v1.Query/Models",
    ["tributary.model.v1.QueryModelsRequest", {}],
    "tributary.model.v1.QueryModelsResponse",
  ).models;
}

function someOpenUse(world: AppWorld) {
  const known = models(world);
  if (known.length === 0) return undefined;
  const { uses } = world.chain.query(
    "/tributary.attribution.v1.Query/OpenUses",
    ["tributary.attribution.v1.QueryOpenUsesRequest", { modelId: world.random.pick(known).id }],
    "tributary.attribution.v1.QueryOpenUsesResponse",
  );
  return uses.length === 0 ? undefined : world.random.pick(uses);
}

/** An ADR-036 signature of a named account, as the simulation's verifier takes it. */
export function signText(world: AppWorld, name: string, text: string): Uint8Array {
  return stubSignature(accountOf(name).publicKey, arbitrarySignBytes(world.address(name), text));
}

export const attributionOperations: readonly Operation[] = [
  {
    name: "model.RegisterModel",
    weight: 1,
    plan: (world) => {
      const filled = datanets(world).filter(({ recordCount }) => recordCount > 0n);
      const known = models(world).length;
      const from = world.someone();
      if (filled.length === 0 || known >= MOST_MODELS) return undefined;
      const weightsHash = sha256(utf8(`weights ${world.chain.height}`));
      const name = `model-${known}`;
      const { id: datanetId, recordCount } = world.random.pick(filled);
      const value = {
        owner: world.address(from),
        name,
        weightsHash,
        lineage: [{ datanetId, recordCount }],
        host: world.address(world.random.pick(world.people)),
        price: world.coin(BigInt(1 + world.random.below(100_000))),
        pubKey: accountOf(from).publicKey,
        signature: signText(world, from, registrationText(world.chain.chainId, name, weightsHash)),
      };
      return { from, message: ["tributary.model.v1.MsgRegisterModel", value] };
    },
  },
  {
    name: "model.UpdateHosting",
    weight: 0.5,
    plan: (world) => {
      const known = models(world);
      if (known.length === 0) return undefined;
      const { id: modelId, owner } = world.random.pick(known);
      const from = world.nameOf(owner);
      if (from === undefined) return undefined;
      const host = world.address(world.random.pick(world.people));
      const value = { owner, modelId, host, price: world.coin(BigInt(1 + world.random.below(100_000))) };
      return { from, message: ["tributary.model.v1.MsgUpdateHosting", value] };
    },
  },
  {
    name: "attribution.OpenUse",
    weight: 4,
    plan: (world) => {
      const known = models(world);
      const from = world.someone();
      if (known.length === 0) return undefined;
      const value = {
        user: world.address(from),
        modelId: world.random.pick(known).id,
        promptHash: sha256(utf8(`prompt ${world.chain.height}`)),
        maxFee: { denom: DENOM, amount: "100000" },
        receiptKey: accountOf(from).publicKey,
      };
      return { from, message: ["tributary.attribution.v1.MsgOpenUse", value] };
    },
  },
  {
    name: "attribution.SettleUse",
    weight: 4,
    plan: (world) => {
      const use = someOpenUse(world);
      const from = use && world.nameOf(use.host);
      const user = use && world.nameOf(use.user);
      if (use === undefined || from === undefined || user === undefined) return undefined;
      const output = utf8(`an output of ${world.random.below(1000)} words`);
      const receipt = signText(world, user, receiptText(world.chain.chainId, use.id, sha256(output)));
      const value = { host: use.host, useId: use.id, output, receipt, spans: [] };
      return { from, message: ["tributary.attribution.v1.MsgSettleUse", value] };
    },
  },
  {
    name: "attribution.CancelUse",
    weight: 0.5,
    plan: (world) => {
      const use = someOpenUse(world);
      const from = use && world.nameOf(use.host);
      if (use === undefined || from === undefined) return undefined;
      return { from, message: ["tributary.attribution.v1.MsgCancelUse", { sender: use.host, useId: use.id }] };
    },
  },
  {
    name: "attribution.Claim",
    weight: 2,
    plan: (world) => {
      const owner = world.ownerOf((name) => {
        const { earnings } = world.chain.query(
          "/tributary.attribution.v1.Query/Earnings",
          ["tributary.attribution.v1.QueryEarningsRequest", { beneficiary: world.address(name) }],
          "tributary.attribution.v1.QueryEarningsResponse",
        );
        return earnings.filter(({ unclaimed }) => BigInt(unclaimed) >= 1000n);
      });
      if (owner === undefined) return undefined;
      const sender = world.address(owner.from);
      return { from: owner.from, message: ["tributary.attribution.v1.MsgClaim", { sender, beneficiary: sender }] };
    },
  },
];
