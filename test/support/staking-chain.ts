/** A chain with accounts that can stake, and the messages they stake with. Owns test data only. */
import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { packAny } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import { accountOf, ChainHarness, type MessageToSend } from "./chain-harness.ts";

export const THREE_WEEKS_NS = 21n * 24n * 3600n * 1_000_000_000n;
export const consensusKeyOf = (name: string) =>
  ed25519.getPublicKey(createHash("sha256").update(`consensus ${name}`).digest());

export function newChain(appState: { readonly [module: string]: JsonValue } = {}): ChainHarness {
  return ChainHarness.start({
    appState,
    balances: Object.fromEntries(["val1", "val2", "alice", "bob"].map((name) => [name, "1000000000uopen"])),
  });
}

export const operatorOf = (chain: ChainHarness, name: string) => chain.addresses.validator(accountOf(name).bytes);

export function createValidator(
  chain: ChainHarness,
  name: string,
  amount: string,
  changes: object = {},
): MessageToSend {
  return [
    "cosmos.staking.v1beta1.MsgCreateValidator",
    {
      description: { moniker: name, identity: "", website: "", securityContact: "", details: "" },
      commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
      minSelfDelegation: "1",
      delegatorAddress: "",
      validatorAddress: operatorOf(chain, name),
      pubkey: packAny("cosmos.crypto.ed25519.PubKey", { key: consensusKeyOf(name) }),
      value: { denom: "uopen", amount },
      ...changes,
    },
  ];
}

export function stake(
  chain: ChainHarness,
  kind: "Delegate" | "Undelegate",
  from: string,
  to: string,
  amount: string,
): MessageToSend {
  return [
    `cosmos.staking.v1beta1.Msg${kind}`,
    {
      delegatorAddress: chain.address(from),
      validatorAddress: operatorOf(chain, to),
      amount: { denom: "uopen", amount },
    },
  ];
}

export function validatorOf(chain: ChainHarness, name: string) {
  return chain.query(
    "/cosmos.staking.v1beta1.Query/Validator",
    ["cosmos.staking.v1beta1.QueryValidatorRequest", { validatorAddr: operatorOf(chain, name) }],
    "cosmos.staking.v1beta1.QueryValidatorResponse",
  ).validator;
}
