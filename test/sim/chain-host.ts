// The chain's own application in a simulated world: every module of modules/app.ts, a genesis whose validators come from
// signed genesis transactions, and transactions that are really signed. Owns the accounts and the making of transactions;
// what is sent when is workload.ts. Signatures are the simulator's cheap ones, checked wherever real ones would be.

import type { Application } from "../../chain/app/abci.ts";
import { type ApplicationModules, createApplication } from "../../chain/app/application.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { secp256k1Address } from "../../chain/types/public-key.ts";
import { addAccount } from "../../genesis/add-accounts.ts";
import { newGenesis, withGenesisTransactions } from "../../genesis/build.ts";
import { createModules, definitions } from "../../modules/app.ts";
import { sha256 } from "../../node/crypto.ts";
import { utf8 } from "../../proto/bytes.ts";
import { decode, encode, type MessageInput, packAny } from "../../proto/codec.ts";
import { toJson } from "../../proto/json.ts";
import type { MessageName } from "../../proto/types.gen.ts";
import { NO_INFLATION } from "../support/chain-harness.ts";
import { withPatience } from "../support/patient-genesis.ts";
import { hasher } from "./forge.ts";
import type { ApplicationHost, HostValidators } from "./host.ts";
import { stubKey, stubSignature, stubVerifier } from "./keys.ts";
import { nativeHex as hex } from "./native-hex.ts";

const CODEC = new AddressCodec("trib");
export const DENOM = "uopen";
/** One unit of power. */
export const POWER_COINS = 1_000_000n;
const ACCOUNT_COINS = 1_000_000_000n;
/** Names `user0` and so on; beside them each node has the account `operator<number>`. */
export const USERS = 4;
/** Nodes that may ever want to validate. */
const OPERATORS = 10;
const UNBONDING_SECONDS = 10n;
const GAS = 400_000n;

export interface SimAccount {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly bytes: Uint8Array;
  readonly address: string;
  /** Its number in the genesis. */
  readonly number: bigint;
}

type SentName = Exclude<Extract<MessageName, `${string}.Msg${string}`>, `${string}Response`>;
/** A message by name, with its value. */
export type SimMessage = { [Name in SentName]: readonly [Name, MessageInput<Name>] }[SentName];

function account(name: string, number: number): SimAccount {
  const publicKey = Uint8Array.of(2, ...sha256(utf8(name)));
  const bytes = secp256k1Address(publicKey);
  return { name, publicKey, bytes, address: CODEC.account(bytes), number: BigInt(number) };
}

/** Every account of every simulated chain, users first. */
export const accounts: readonly SimAccount[] = Array.from({ length: USERS + OPERATORS }, (_, at) =>
  account(at < USERS ? `user${at}` : `operator${at - USERS}`, at),
);

export function operatorOf(node: number): SimAccount {
  return accounts[USERS + node] as SimAccount;
}

export function validatorAddress(of: SimAccount): string {
  return CODEC.validator(of.bytes);
}

/** A transaction in SIGN_MODE_DIRECT. */
export function signedTx(
  from: SimAccount,
  message: SimMessage,
  options: { readonly chainId: string; readonly sequence: bigint; readonly memo?: string; readonly genesis?: boolean },
): Uint8Array {
  const { chainId, sequence, memo = "" } = options;
  const bodyBytes = encode("cosmos.tx.v1beta1.TxBody", {
    messages: [packAny(message[0], message[1] as never)],
    memo,
    timeoutHeight: 0n,
  });
  const authInfoBytes = encode("cosmos.tx.v1beta1.AuthInfo", {
    signerInfos: [
      {
        publicKey: packAny("cosmos.crypto.secp256k1.PubKey", { key: from.publicKey }),
        modeInfo: { single: { mode: 1 } },
        sequence,
      },
    ],
    fee: { amount: [], gasLimit: GAS, payer: "", granter: "" },
  });
  // At genesis accounts have no numbers yet.
  const accountNumber = options.genesis === true ? 0n : from.number;
  const signBytes = encode("cosmos.tx.v1beta1.SignDoc", { bodyBytes, authInfoBytes, chainId, accountNumber });
  const signatures = [stubSignature(from.publicKey, signBytes)];
  return encode("cosmos.tx.v1beta1.TxRaw", { bodyBytes, authInfoBytes, signatures });
}

/** MsgCreateValidator of a node: its operator stakes so many units of power on its consensus key. */
export function createValidatorMessage(node: number, power: bigint): SimMessage {
  const key = stubKey(node).publicKey.ed25519;
  if (key === undefined) throw new Error("no ed25519 key");
  return [
    "cosmos.staking.v1beta1.MsgCreateValidator",
    {
      description: { moniker: `n${node}`, identity: "", website: "", securityContact: "", details: "" },
      commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
      minSelfDelegation: "1",
      delegatorAddress: "",
      validatorAddress: validatorAddress(operatorOf(node)),
      pubkey: packAny("cosmos.crypto.ed25519.PubKey", { key }),
      value: { denom: DENOM, amount: (power * POWER_COINS).toString() },
    },
  ];
}

interface Prepared {
  readonly appState: unknown;
  readonly modules: ApplicationModules;
}

/** What follows from chain id and powers alone is made once, and runs only read it; the most common powers stay. */
const prepared = new Map<string, Prepared>();
const MAX_PREPARED = 8;

function prepare({ chainId, time, powers }: HostValidators): Prepared {
  const name = `${chainId} ${powers.join()}`;
  const known = prepared.get(name);
  if (known !== undefined) return known;
  const empty = newGenesis(definitions, {
    appName: "",
    appVersion: "",
    genesisTime: time,
    chainId,
    initialHeight: 1,
    denom: DENOM,
  });
  const staking = empty.app_state.staking as { params: { unbonding_time: string } };
  staking.params.unbonding_time = `${UNBONDING_SECONDS}s`;
  empty.app_state.mint = NO_INFLATION; // every coin is counted
  let genesis = withPatience(empty);
  for (const { address } of accounts) genesis = addAccount(genesis, address, [{ denom: DENOM, amount: ACCOUNT_COINS }]);
  const transactions = powers.map((power, node) => {
    const bytes = signedTx(operatorOf(node), createValidatorMessage(node, power), {
      chainId,
      sequence: 0n,
      genesis: true,
    });
    const raw = decode("cosmos.tx.v1beta1.TxRaw", bytes);
    return toJson("cosmos.tx.v1beta1.Tx", {
      body: decode("cosmos.tx.v1beta1.TxBody", raw.bodyBytes),
      authInfo: decode("cosmos.tx.v1beta1.AuthInfo", raw.authInfoBytes),
      signatures: raw.signatures,
    });
  });
  genesis = withGenesisTransactions(genesis, transactions);
  const made = { appState: genesis.app_state, modules: createModules({ verifier: stubVerifier, hasher }) };
  if (prepared.size < MAX_PREPARED) prepared.set(name, made);
  return made;
}

export function chainHost(validators: HostValidators): ApplicationHost {
  const { appState, modules } = prepare(validators);
  return {
    genesis: {
      appName: "",
      appVersion: "",
      genesisTime: validators.time,
      chainId: validators.chainId,
      initialHeight: 1n,
      consensusParams: {
        ...DEFAULT_CONSENSUS_PARAMS,
        block: { maxBytes: 200_000n, maxGas: 20_000_000n },
        evidence: { ...DEFAULT_CONSENSUS_PARAMS.evidence, maxBytes: 100_000n },
      },
      validators: [],
      appHash: new Uint8Array(0),
      appState,
    },
    create: (records, report): Application =>
      createApplication(
        { version: "simulated", keepRecent: 2, cacheBytes: 1 << 20 },
        { modules, records: { get: (key) => records.get(hex(key)) }, hasher, verifier: stubVerifier, report },
      ),
  };
}

/** The account's next sequence, as a node that is up sees it. */
export function sequenceOf(application: Application, of: SimAccount): bigint | undefined {
  const request = encode("cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: of.address });
  const path = "/cosmos.auth.v1beta1.Query/AccountInfo";
  const answer = application.query({ path, data: request, height: 0n, prove: false });
  if (answer.code !== 0) return undefined;
  return decode("cosmos.auth.v1beta1.QueryAccountInfoResponse", answer.value).info?.sequence;
}

/** All coins there are, as a node that is up counts them. */
export function supplyOf(application: Application): bigint {
  const data = encode("cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: DENOM });
  const answer = application.query({ path: "/cosmos.bank.v1beta1.Query/SupplyOf", data, height: 0n, prove: false });
  return BigInt(decode("cosmos.bank.v1beta1.QuerySupplyOfResponse", answer.value).amount?.amount ?? "0");
}

export const TOTAL_SUPPLY = ACCOUNT_COINS * BigInt(accounts.length);
