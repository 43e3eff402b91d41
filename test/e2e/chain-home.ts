// Home folders of whole chains in temporary folders: one validator bonded by a genesis transaction that CosmJS signed,
// funded accounts, and followers that are given nothing but genesis.json and a peer's address. Owns files, not processes.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { SigningStargateClient } from "@cosmjs/stargate";
import { PubKey } from "cosmjs-types/cosmos/crypto/ed25519/keys";
import { MsgCreateValidator } from "cosmjs-types/cosmos/staking/v1beta1/tx";
import { AddressCodec } from "../../chain/types/address.ts";
import type { PublicKey } from "../../chain/types/validator.ts";
import { addAccount } from "../../genesis/add-accounts.ts";
import { type AppGenesis, genesisText } from "../../genesis/app-genesis.ts";
import { newGenesis, withGenesisTransactions } from "../../genesis/build.ts";
import { definitions } from "../../modules/app.ts";
import { configFileText, type NodeConfig } from "../../node/config.ts";
import { createValidatorKeyFile } from "../../node/engine/validator-key.ts";
import { decode } from "../../proto/codec.ts";
import { toJson } from "../../proto/json.ts";

/** A published throw-away phrase: every account of these chains comes from it. */
export const mnemonic =
  "economy stock theory fatal elder harbor betray wasp final emotion task crumble siren bottom lizard educate guess current outdoor pair theory focus wife stone";

/** Accounts of the phrase, by index. Deriving one costs time, so tests ask for few. */
export async function wallet(accounts = 3, prefix = "trib"): Promise<DirectSecp256k1HdWallet> {
  const hdPaths = Array.from({ length: accounts }, (_, index) => stringToPath(`m/44'/118'/0'/0/${index}`));
  return await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix, hdPaths });
}

/** A home folder; remove it with `remove`. */
export interface Home {
  readonly path: string;
  remove(): void;
}

/** A home with the validator of a new chain. */
export interface ChainHome extends Home {
  readonly chainId: string;
  /** Account addresses; the first is the validator's operator. */
  readonly addresses: readonly string[];
}

/** What every account has at genesis, before the operator bonds `BONDED`. */
export const FUNDS = 10_000_000_000n;
export const BONDED = 500_000_000n;

/** Makes the home of a chain's one validator. `others` are funded as well, with the account numbers that follow. `adapt` changes the genesis. */
export async function chainHome(
  changes: Partial<NodeConfig> = {},
  accounts = 3,
  others: readonly string[] = [],
  adapt: (genesis: AppGenesis) => AppGenesis = (genesis) => genesis,
): Promise<ChainHome> {
  const home = emptyHome("validator");
  const chainId = "e2e-1";
  const key = createValidatorKeyFile(join(home.path, "config", "priv_validator_key.json"));
  const signer = await wallet(accounts);
  const addresses = [...(await signer.getAccounts()).map(({ address }) => address), ...others];
  let genesis = newGenesis(definitions, {
    appName: "tributaryd",
    appVersion: "test",
    // A little in the past: the first block waits for genesis time.
    genesisTime: { seconds: BigInt(Math.floor(Date.now() / 1_000) - 60), nanos: 0 },
    chainId,
    initialHeight: 1,
    denom: "uopen",
  });
  for (const address of addresses) genesis = addAccount(genesis, address, [{ denom: "uopen", amount: FUNDS }]);
  const bonding = await genesisTransaction(signer, addresses[0]!, chainId, key.publicKey);
  genesis = withGenesisTransactions(genesis, [bonding]);
  writeFileSync(join(home.path, "config", "genesis.json"), genesisText(adapt(genesis)));
  writeConfig(home, changes);
  return { ...home, chainId, addresses };
}

/** Makes the home of a node that joins: the genesis file and nothing else. Its peers stand in `changes`. */
export function followerHome(chain: Home, changes: Partial<NodeConfig>): Home {
  const home = emptyHome("follower");
  copyFileSync(join(chain.path, "config", "genesis.json"), join(home.path, "config", "genesis.json"));
  writeConfig(home, changes);
  return home;
}

/** Writes the configuration files of a home. Ports are any that are free, unless `changes` names them. */
export function writeConfig(home: Home, changes: Partial<NodeConfig>): void {
  const config: Partial<NodeConfig> = {
    rpcAddress: "tcp://127.0.0.1:0",
    peerAddress: "tcp://127.0.0.1:0",
    apiAddress: "tcp://127.0.0.1:0",
    grpcAddress: "127.0.0.1:0",
    timeoutCommitMs: 50,
    ...changes,
  };
  writeFileSync(join(home.path, "config", "config.toml"), configFileText("config", config));
  writeFileSync(join(home.path, "config", "app.toml"), configFileText("app", config));
}

function emptyHome(name: string): Home {
  const path = mkdtempSync(join(tmpdir(), `tributary-${name}-`));
  for (const folder of ["config", "data"]) mkdirSync(join(path, folder));
  writeFileSync(join(path, "data", "priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The operator's MsgCreateValidator, signed by CosmJS as a genesis transaction: account number and sequence 0. */
async function genesisTransaction(
  signer: DirectSecp256k1HdWallet,
  operator: string,
  chainId: string,
  consensusKey: PublicKey,
): Promise<ReturnType<typeof toJson>> {
  const message = MsgCreateValidator.fromPartial({
    description: { moniker: "first" },
    commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
    minSelfDelegation: "1",
    validatorAddress: operatorAddress(operator),
    pubkey: {
      typeUrl: "/cosmos.crypto.ed25519.PubKey",
      value: PubKey.encode({ key: consensusKey.ed25519 ?? new Uint8Array() }).finish(),
    },
    value: { denom: "uopen", amount: BONDED.toString() },
  });
  const client = await SigningStargateClient.offline(signer);
  const raw = await client.sign(
    operator,
    [{ typeUrl: "/cosmos.staking.v1beta1.MsgCreateValidator", value: message }],
    { amount: [], gas: "200000" },
    "",
    { accountNumber: 0n, sequence: 0, chainId } as never,
  );
  const tx = {
    body: decode("cosmos.tx.v1beta1.TxBody", raw.bodyBytes),
    authInfo: decode("cosmos.tx.v1beta1.AuthInfo", raw.authInfoBytes),
    signatures: raw.signatures,
  };
  return toJson("cosmos.tx.v1beta1.Tx", tx as never);
}

/** The operator address of an account. */
export function operatorAddress(account: string): string {
  const codec = new AddressCodec(account.slice(0, account.indexOf("1")));
  return codec.validator(codec.parseAccount(account));
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
