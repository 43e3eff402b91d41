/** A chain with accounts that can stake, and the messages they stake with. Owns test data only. */
import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { publicKeyAddress } from "../../chain/types/public-key.ts";
import { packAny } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import { accountOf, ChainHarness, type HarnessOptions, type MessageToSend } from "./chain-harness.ts";

export const THREE_WEEKS_NS = 21n * 24n * 3600n * 1_000_000_000n;
export const consensusKeyOf = (name: string) =>
  ed25519.getPublicKey(createHash("sha256").update(`consensus ${name}`).digest());

export function newChain(
  appState: { readonly [module: string]: JsonValue } = {},
  options: HarnessOptions = {},
): ChainHarness {
  return ChainHarness.start({
    balances: Object.fromEntries(["val1", "val2", "alice", "bob"].map((name) => [name, "1000000000uopen"])),
    ...options,
    appState,
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

/** The address of a named validator's consensus key, 20 bytes. */
export const consensusOf = (name: string): Uint8Array => publicKeyAddress("ed25519", consensusKeyOf(name));

/** Two validators, with 5 and 7 units of power, whose window is ten blocks. */
export function twoValidators(slashing: object = {}): ChainHarness {
  const params = {
    signed_blocks_window: "10",
    min_signed_per_window: "0.5",
    downtime_jail_duration: "600s",
    slash_fraction_double_sign: "0.05",
    slash_fraction_downtime: "0.01",
    ...slashing,
  };
  const chain = newChain({ slashing: { params, signing_infos: [], missed_blocks: [] } });
  chain.runOk("val1", createValidator(chain, "val1", "5000000"));
  chain.runOk("val2", createValidator(chain, "val2", "7000000"));
  return chain;
}

export function move(chain: ChainHarness, who: string, from: string, to: string, amount: string): MessageToSend {
  return [
    "cosmos.staking.v1beta1.MsgBeginRedelegate",
    {
      delegatorAddress: chain.address(who),
      validatorSrcAddress: operatorOf(chain, from),
      validatorDstAddress: operatorOf(chain, to),
      amount: { denom: "uopen", amount },
    },
  ];
}

export function unjail(chain: ChainHarness, name: string): MessageToSend {
  return ["cosmos.slashing.v1beta1.MsgUnjail", { validatorAddr: operatorOf(chain, name) }];
}

/** A block whose last commit has one validator's vote, or its absence. */
export function votedBlock(chain: ChainHarness, name: string, power: bigint, present: boolean): void {
  const vote = { validator: { address: consensusOf(name), power }, blockIdFlag: present ? 2 : 1 };
  chain.block([], { decidedLastCommit: { round: 0, votes: [vote] } });
}

export function signingInfoOf(chain: ChainHarness, name: string) {
  return chain.query(
    "/cosmos.slashing.v1beta1.Query/SigningInfo",
    ["cosmos.slashing.v1beta1.QuerySigningInfoRequest", { consAddress: chain.addresses.consensus(consensusOf(name)) }],
    "cosmos.slashing.v1beta1.QuerySigningInfoResponse",
  ).valSigningInfo;
}

/** The last block's own events of one kind, as objects. */
export const eventsOf = (chain: ChainHarness, wanted: string) =>
  (chain.lastBlock?.events ?? [])
    .filter(({ type }) => type === wanted)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])));

/** A last commit that these validators signed, with their powers. */
export function signedBy(powers: { readonly [name: string]: bigint }) {
  const votes = Object.entries(powers).map(([name, power]) => ({
    validator: { address: consensusOf(name), power },
    blockIdFlag: 2,
  }));
  return { decidedLastCommit: { round: 0, votes } };
}

/** Lets an account pay a fee, so that the next block has it to divide. */
export function payFee(chain: ChainHarness, name: string, amount: bigint): void {
  const nothing: MessageToSend = [
    "cosmos.bank.v1beta1.MsgSend",
    {
      fromAddress: chain.address(name),
      toAddress: chain.address(name),
      amount: [{ denom: "uopen", amount: "1" }],
    },
  ];
  chain.runOk(name, nothing, { fee: `${amount}uopen` });
}
