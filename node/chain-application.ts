/**
 * Owns making the application a node hosts from the node's configuration. Does not own the application (chain/app) nor its modules.
 */
import type { Application } from "../chain/app/abci.ts";
import { type ChainApplication, createApplication } from "../chain/app/application.ts";
import type { SnapshotArchive } from "../chain/app/ports.ts";
import type { Verifier } from "../chain/types/crypto.ts";
import { parseDecCoins } from "../chain/types/dec-coin.ts";
import type { Hasher } from "../chain/types/hash.ts";
import { createModules } from "../modules/app.ts";
import type { Upgrade } from "../modules/upgrade/keeper.ts";
import { keptVersions, type NodeConfig } from "./config.ts";
import { skippedUpgradesOf } from "./config-options.ts";
import type { Logger } from "./log.ts";

/** Makes the application the node hosts; another than the chain's own may be given, for tests and other chains. */
export type ApplicationFactory = (parts: ApplicationParts) => Application;

/** What an application is given by the node. */
export interface ApplicationParts {
  readonly config: NodeConfig;
  readonly version: string;
  readonly records: { get(key: Uint8Array): Uint8Array | undefined };
  /** The snapshots on the disk; a command that reads a stopped chain leaves them out. */
  readonly snapshots?: SnapshotArchive;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  readonly log: Logger;
}

/** The chain's own application: all modules of modules/app.ts, with the upgrades listed there unless others are given. */
export function chainApplication(parts: ApplicationParts, upgrades?: readonly Upgrade[]): ChainApplication {
  const { config, hasher, verifier, log } = parts;
  const skipUpgradeHeights = skippedUpgradesOf(config);
  return createApplication(
    {
      version: parts.version,
      minGasPrices: parseDecCoins(config.minimumGasPrices),
      keepRecent: keptVersions(config),
      minRetainBlocks: BigInt(config.minRetainBlocks),
    },
    {
      modules: createModules({ verifier, hasher, skipUpgradeHeights, ...(upgrades === undefined ? {} : { upgrades }) }),
      records: parts.records,
      ...(parts.snapshots === undefined ? {} : { snapshots: parts.snapshots }),
      hasher,
      verifier,
      report: (error, where) =>
        log.error(
          { err: error, where, module: "app" },
          "a defect of this program was met and contained; this line is what to report",
        ),
    },
  );
}
