// Owns where things lie in a home folder, and how the folder is chosen. It reads and writes none of them. The node names
// some of these places itself (node/home.ts); they are repeated here because loading the node would double the time every
// command takes to start, and a test compares them.
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The home folder used when neither --home nor TRIBUTARYD_HOME says otherwise. */
export function defaultHome(): string {
  return process.env.TRIBUTARYD_HOME ?? join(homedir(), ".tributaryd");
}

/** The paths inside a home folder, laid out as a Cosmos SDK 0.53 chain lays them out. */
export interface HomePaths {
  readonly home: string;
  readonly config: string;
  readonly data: string;
  readonly appToml: string;
  readonly configToml: string;
  readonly clientToml: string;
  readonly genesis: string;
  readonly nodeKey: string;
  readonly privValidatorKey: string;
  readonly privValidatorState: string;
  readonly gentx: string;
  /** What the validator key has signed; outside `data`, so that clearing the data never clears it. */
  readonly signJournal: string;
  readonly database: string;
}

/** The paths of a home folder; `home` may be relative or start with `~`. */
export function homePaths(home: string): HomePaths {
  const root = resolve(home === "~" || home.startsWith("~/") ? join(homedir(), home.slice(1)) : home);
  const config = join(root, "config");
  const data = join(root, "data");
  return {
    home: root,
    config,
    data,
    appToml: join(config, "app.toml"),
    configToml: join(config, "config.toml"),
    clientToml: join(config, "client.toml"),
    genesis: join(config, "genesis.json"),
    nodeKey: join(config, "node_key.json"),
    privValidatorKey: join(config, "priv_validator_key.json"),
    privValidatorState: join(data, "priv_validator_state.json"),
    gentx: join(config, "gentx"),
    signJournal: join(root, "sign.journal"),
    database: join(data, "tributary.db"),
  };
}
