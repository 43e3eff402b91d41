/**
 * Owns what a node reads from its home folder at start: configuration, genesis, keys, and the sign journal's place.
 * Does not own writing them (`tributaryd init`), except the journal of a key that has signed nothing yet.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type GenesisDocument, GenesisError } from "../chain/types/genesis-doc.ts";
import { JsonTextError } from "../proto/json-text.ts";
import { type ConfigSources, type NodeConfig, readNodeConfig } from "./config.ts";
import { fromCometSignState, type SignState } from "./engine/sign-state.ts";
import { readValidatorKeyFile, type ValidatorKey } from "./engine/validator-key.ts";
import { genesisHash, readGenesisFile } from "./genesis-file.ts";
import { loadOrCreateNodeKey, type NodeKey } from "./p2p/identity.ts";

/** What stands in a home folder. */
export interface NodeHome {
  readonly home: string;
  readonly config: NodeConfig;
  readonly genesis: GenesisDocument;
  readonly nodeKey: NodeKey;
  /** Undefined in a node without a consensus key: it follows and never signs. */
  readonly validatorKey: ValidatorKey | undefined;
}

/** The home folder lacks something or holds something broken; the message says what and what to do. */
export class HomeError extends Error {
  override readonly name = "HomeError";
}

/** Paths below a home folder that the node uses beyond the configuration files. */
export function nodePaths(home: string): {
  readonly database: string;
  readonly snapshots: string;
  /** Where a state is put together before it takes its place. */
  readonly stateSync: string;
  readonly writeAheadLog: string;
  readonly signJournal: string;
  readonly signState: string;
  /** What a supervisor reads when the chain goes on with another program. */
  readonly upgradeInfo: string;
  /** Contributed texts. */
  readonly blocks: string;
} {
  return {
    database: join(home, "data", "tributary.db"),
    snapshots: join(home, "data", "snapshots"),
    stateSync: join(home, "data", "statesync"),
    writeAheadLog: join(home, "data", "cs.wal"),
    // Outside data/: deleting that folder must not delete the memory of what was signed.
    signJournal: join(home, "sign.journal"),
    signState: join(home, "data", "priv_validator_state.json"),
    upgradeInfo: join(home, "data", "upgrade-info.json"),
    // Outside data/ too: beginning the chain anew must not delete what people wrote.
    blocks: join(home, "blocks"),
  };
}

/** Reads a home folder. Throws HomeError, ConfigError or ValidatorKeyError, each in one line. */
export function readHome(home: string, sources: ConfigSources = {}): NodeHome {
  const path = join(home, "config", "priv_validator_key.json");
  return {
    home,
    config: readNodeConfig(home, sources),
    genesis: readGenesis(join(home, "config", "genesis.json")),
    nodeKey: loadOrCreateNodeKey(join(home, "config", "node_key.json")),
    validatorKey: existsSync(path) ? readValidatorKeyFile(path) : undefined,
  };
}

function readGenesis(path: string): GenesisDocument {
  if (!existsSync(path)) {
    throw new HomeError(
      `${path} does not exist. Make a chain with \`tributaryd init\`, or copy the genesis of the one to join.`,
    );
  }
  try {
    const document = readGenesisFile(path);
    // Every value is read once here, so that what is not JSON is found before anything begins.
    genesisHash(document);
    return document;
  } catch (error) {
    if (error instanceof JsonTextError) {
      throw new HomeError(`${path} is not JSON: ${error.message}. Correct the file; nothing was changed.`);
    }
    if (error instanceof GenesisError) {
      throw new HomeError(`${path}: ${error.message}. Correct the file; nothing was changed.`);
    }
    throw error;
  }
}

/** What CometBFT's priv_validator_state.json, which `init` writes, says was signed; undefined without the file. */
export function readSignState(path: string): SignState | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return fromCometSignState(readFileSync(path, "utf8"));
  } catch {
    throw new HomeError(`${path} cannot be read. Restore it: it says what this node's key has signed.`);
  }
}
