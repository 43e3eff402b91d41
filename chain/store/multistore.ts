// Owns: the application's committed state: several IAVL stores with one app hash per version, the versions kept, and the
// records that persist them.
// Does not own: branches (branch.ts), one tree (iavl/), proof checking (proof.ts), the disk (node/storage).

import type { Hasher } from "../types/hash.ts";
import type { MultiBranch } from "./branch.ts";
import type { KVRead, MultiRead } from "./kv.ts";
import type { StoreName } from "./limits.ts";
import type { RecordSource, StateWrite } from "./ports.ts";

/** What is mounted, and how much history is kept. */
export interface MultiStoreOptions {
  /** Committed stores, each an IAVL tree under the app hash. The list is fixed for the life of a data folder. */
  readonly stores: readonly StoreName[];
  /** Emptied at every commit; not in the app hash, not on disk. */
  readonly transientStores?: readonly StoreName[];
  /** Kept in memory over commits and lost at restart; not in the app hash, not on disk. */
  readonly memoryStores?: readonly StoreName[];
  /** The version of the first commit: the chain's initial height. Default 1. */
  readonly initialVersion?: bigint;
  /** How many versions answer reads and proofs, the latest included (`pruning-keep-recent`). At least 1. */
  readonly keepRecent: number;
  /** History beyond the latest version is pruned earlier than `keepRecent` says when its tree nodes take more than this. */
  readonly historyBytes?: number;
  /** Bytes of values held to spare reads from disk. Default 32 MiB. */
  readonly cacheBytes?: number;
  /** Loading refuses when the trees take more than this. Default: no bound. */
  readonly memoryBudgetBytes?: number;
}

/** What the multistore uses from outside. */
export interface MultiStoreDependencies {
  readonly records: RecordSource;
  readonly hasher: Hasher;
}

/** The root of one store at one version. */
export interface StoreHash {
  readonly name: StoreName;
  readonly hash: Uint8Array;
}

/** A version that is computed and not yet committed. */
export interface Staged {
  readonly version: bigint;
  readonly appHash: Uint8Array;
  readonly storeHashes: readonly StoreHash[];
  /** Everything that makes this version durable, for the one atomic batch of the block. */
  readonly writes: readonly StateWrite[];
}

/** One committed version, readable until it is pruned; reading it then throws VersionNotFound. */
export interface ReadView extends MultiRead {
  readonly version: bigint;
  kv(store: StoreName): KVRead;
}

/** One operation of an `abci_query` proof. */
export interface ProofOp {
  readonly type: "ics23:iavl" | "ics23:simple";
  readonly key: Uint8Array;
  /** An encoded cosmos.ics23.v1.CommitmentProof. */
  readonly data: Uint8Array;
}

/** A value (or its absence) at a version, with the two operations that lead from it to the app hash. */
export interface Proven {
  readonly version: bigint;
  readonly value: Uint8Array | undefined;
  readonly ops: readonly ProofOp[];
}

/** The version asked for is pruned or not committed yet; the text is the SDK's (store/iavl). */
export class VersionNotFound extends Error {
  override readonly name = "VersionNotFound";
  readonly version: bigint;

  constructor(version: bigint) {
    super(
      "version mismatch on immutable IAVL tree; version does not exist. Version has either been pruned, or is for a future block height",
    );
    this.version = version;
  }
}

/** The application's committed state. */
export declare class MultiStore {
  /** Reads the state back from its records, or starts an empty one. Throws StateError when the records do not agree. */
  static load(options: MultiStoreOptions, dependencies: MultiStoreDependencies): MultiStore;
  /** The latest committed version; 0 before the first commit. */
  get version(): bigint;
  /** The oldest version kept; 0 before the first commit. */
  get oldestVersion(): bigint;
  /** The app hash of the latest version. */
  get appHash(): Uint8Array;
  /** The app hash of a kept version. Throws VersionNotFound. */
  appHashAt(version: bigint): Uint8Array;
  /** A view of a kept version, by default the latest. Throws VersionNotFound. */
  readView(version?: bigint): ReadView;
  /** A new branch over the latest version. */
  branch(): MultiBranch;
  /** Computes the next version from a branch over the latest one. Staging again drops what was staged before. */
  stage(branch: MultiBranch): Staged;
  /** Makes what was staged the latest version. */
  commit(staged: Staged): void;
  /** The value or absence of `key` at a kept version with its proof. Throws VersionNotFound, ProofUnavailable. */
  prove(store: StoreName, key: Uint8Array, version: bigint): Proven;
  /** Bytes that trees, history and caches take, about. */
  get memoryBytes(): number;
}
