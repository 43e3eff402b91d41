// Home folders of a chain of several validators of equal power, of full nodes, and of whoever joins later. Owns files, not
// processes. Everything is made in this process, as the program's own commands would make it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PublicKey } from "../../../chain/types/validator.ts";
import { addAccount } from "../../../genesis/add-accounts.ts";
import { genesisText } from "../../../genesis/app-genesis.ts";
import { newGenesis, withGenesisTransactions } from "../../../genesis/build.ts";
import { definitions } from "../../../modules/app.ts";
import { configFileText, type NodeConfig } from "../../../node/config.ts";
import { createValidatorKeyFile, type ValidatorKey } from "../../../node/engine/validator-key.ts";
import { formatNodeKey, generateNodeKey } from "../../../node/p2p/identity.ts";
import { decode, packAny } from "../../../proto/codec.ts";
import { toJson } from "../../../proto/json.ts";
import { nextTransaction, type Sender, senderOf } from "../../bench/sends.ts";
import { withPatience } from "../../support/patient-genesis.ts";
import { BONDED, FUNDS, operatorAddress } from "../chain-home.ts";

/** One node's home, not yet configured. */
export interface NetworkHome {
  readonly path: string;
  readonly nodeId: string;
  /** Undefined in a full node. */
  readonly key: ValidatorKey | undefined;
}

/** A chain that has not begun. */
export interface NetworkChain {
  readonly chainId: string;
  /** The text of genesis.json. */
  readonly genesis: string;
  /** Accounts that pay; none is an operator's. */
  readonly senders: readonly Sender[];
  /** The operators' accounts, one for each validator. */
  readonly operators: readonly Sender[];
}

/** Makes the folders of a node: keys, and nothing about the chain. */
export function makeHome(path: string, isValidator: boolean): NetworkHome {
  for (const folder of ["config", "data"]) mkdirSync(join(path, folder), { recursive: true });
  const nodeKey = generateNodeKey();
  writeFileSync(join(path, "config", "node_key.json"), formatNodeKey(nodeKey), { mode: 0o600 });
  if (!isValidator) return { path, nodeId: nodeKey.id, key: undefined };
  writeFileSync(join(path, "data", "priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
  const key = createValidatorKeyFile(join(path, "config", "priv_validator_key.json"));
  return { path, nodeId: nodeKey.id, key };
}

/** Writes what a node needs to know: the genesis and its settings. */
export function configure(home: NetworkHome, chain: NetworkChain, config: Partial<NodeConfig>): void {
  writeFileSync(join(home.path, "config", "genesis.json"), chain.genesis);
  for (const file of ["config", "app"] as const)
    writeFileSync(join(home.path, "config", `${file}.toml`), configFileText(file, config));
}

/** A new chain: every key is bonded, with the same stake unless `stakes` says otherwise; every account is funded. */
export function makeChain(
  chainId: string,
  keys: readonly ValidatorKey[],
  senderCount: number,
  stakes: readonly bigint[] = [],
): NetworkChain {
  const operators = keys.map((_, index) => senderOf(index, BigInt(index)));
  const senders = Array.from({ length: senderCount }, (_, index) => {
    const number = keys.length + index;
    return senderOf(number, BigInt(number));
  });
  const empty = newGenesis(definitions, {
    appName: "tributaryd",
    appVersion: "test",
    // A little in the past: the first block waits for genesis time.
    genesisTime: { seconds: BigInt(Math.floor(Date.now() / 1_000) - 60), nanos: 0 },
    chainId,
    initialHeight: 1,
    denom: "uopen",
  });
  let genesis = withPatience(empty);
  for (const { address } of [...operators, ...senders])
    genesis = addAccount(genesis, address, [{ denom: "uopen", amount: FUNDS }]);
  const bondings = operators.map((operator, index) => {
    // A genesis transaction is signed with account number and sequence 0.
    const signer = { ...operator, accountNumber: 0n, sequence: 0n };
    const stake = stakes[index] ?? BONDED;
    const message = createValidatorMessage(operator.address, keys[index]!.publicKey, stake);
    const { tx } = nextTransaction(signer, [message], chainId, { gas: 200_000n, fee: "" });
    const { bodyBytes, authInfoBytes, signatures } = decode("cosmos.tx.v1beta1.TxRaw", tx);
    const body = decode("cosmos.tx.v1beta1.TxBody", bodyBytes);
    const authInfo = decode("cosmos.tx.v1beta1.AuthInfo", authInfoBytes);
    operator.sequence = 1n;
    return toJson("cosmos.tx.v1beta1.Tx", { body, authInfo, signatures } as never);
  });
  return { chainId, genesis: genesisText(withGenesisTransactions(genesis, bondings)), senders, operators };
}

function createValidatorMessage(operator: string, key: PublicKey, stake: bigint): ReturnType<typeof packAny> {
  return packAny("cosmos.staking.v1beta1.MsgCreateValidator", {
    description: { moniker: "validator", identity: "", website: "", securityContact: "", details: "" },
    commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
    minSelfDelegation: "1",
    validatorAddress: operatorAddress(operator),
    pubkey: packAny("cosmos.crypto.ed25519.PubKey", { key: key.ed25519 ?? new Uint8Array() }),
    value: { denom: "uopen", amount: stake.toString() },
  });
}
