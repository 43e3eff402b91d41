// Home folders of one-validator chains in temporary folders, and nodes started in them, for tests of whole nodes.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import type { Application } from "../../chain/app/abci.ts";
import { publicKeyToJson } from "../../chain/types/genesis-doc.ts";
import { genesisText } from "../../genesis/app-genesis.ts";
import { addAccount, newGenesis } from "../../genesis/build.ts";
import { definitions } from "../../modules/app.ts";
import { configFileText, type NodeConfig } from "../../node/config.ts";
import { createValidatorKeyFile } from "../../node/engine/validator-key.ts";
import { readHome } from "../../node/home.ts";
import { createLogger, silentLogger } from "../../node/log.ts";
import {
  type ApplicationParts,
  chainApplication,
  type RunningNode,
  type StartOptions,
  startNode,
} from "../../node/main.ts";

/** A published throw-away phrase: every account of these chains comes from it. */
export const mnemonic =
  "economy stock theory fatal elder harbor betray wasp final emotion task crumble siren bottom lizard educate guess current outdoor pair theory focus wife stone";

/** Accounts of the phrase, by index. */
export async function wallet(prefix = "trib", accounts = 3): Promise<DirectSecp256k1HdWallet> {
  const { stringToPath } = await import("@cosmjs/crypto");
  const hdPaths = Array.from({ length: accounts }, (_, index) => stringToPath(`m/44'/118'/0'/0/${index}`));
  return await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix, hdPaths });
}

/** A home folder with a genesis of one validator and funded accounts. Remove it with `remove`. */
export interface TestHome {
  readonly home: string;
  readonly chainId: string;
  readonly addresses: readonly string[];
  remove(): void;
}

export async function makeHome(changes: Partial<NodeConfig> = {}): Promise<TestHome> {
  const home = mkdtempSync(join(tmpdir(), "tributary-home-"));
  for (const folder of ["config", "data"]) mkdirSync(join(home, folder));
  const chainId = "test-1";
  const key = createValidatorKeyFile(join(home, "config", "priv_validator_key.json"));
  writeFileSync(join(home, "data", "priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
  const addresses = (await (await wallet()).getAccounts()).map(({ address }) => address);
  const seconds = BigInt(Math.floor(Date.now() / 1_000) - 60);
  let genesis = newGenesis(definitions, {
    appName: "tributaryd",
    appVersion: "test",
    genesisTime: { seconds, nanos: 0 },
    chainId,
    initialHeight: 1,
    denom: "uopen",
  });
  for (const address of addresses) genesis = addAccount(genesis, address, [{ denom: "uopen", amount: 1_000_000_000n }]);
  const address = Buffer.from(key.address).toString("hex").toUpperCase();
  const validators = [{ address, pub_key: publicKeyToJson(key.publicKey), power: "10", name: "test" }];
  writeFileSync(
    join(home, "config", "genesis.json"),
    genesisText({ ...genesis, consensus: { ...genesis.consensus, validators } }),
  );
  const config = {
    rpcAddress: "tcp://127.0.0.1:0",
    peerAddress: "",
    apiAddress: "tcp://127.0.0.1:0",
    timeoutCommitMs: 100,
    ...changes,
  };
  writeFileSync(join(home, "config", "config.toml"), configFileText("config", config));
  writeFileSync(join(home, "config", "app.toml"), configFileText("app", config));
  return { home, chainId, addresses, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Starts a node in a home folder; TRIBUTARY_LOG=debug shows what it says. */
export async function startIn(home: string, changes: Partial<StartOptions> = {}): Promise<RunningNode> {
  const level = process.env.TRIBUTARY_LOG;
  const log = level === undefined ? silentLogger() : createLogger({ level });
  return await startNode({ ...readHome(home), version: "test", log, application: withoutStaking, ...changes });
}

/** The chain's application with validators taken from the genesis document alone. */
function withoutStaking(parts: ApplicationParts): Application {
  const application = chainApplication(parts);
  const { initChain } = application;
  application.initChain = (request) => initChain.call(application, { ...request, validators: [] });
  return application;
}
