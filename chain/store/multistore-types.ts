// Owns: what the multistore takes and gives: options, dependencies, staged versions, views, proofs.
// Does not own what it does (multistore.ts).

import type { Hasher } from "../types/hash.ts";
import type { CheckpointPolicy } from "./checkpointer.ts";
import type { StoreHash } from "./commit-info.ts";
import type { MultiRead } from "./kv.ts";
import type { StoreName } from "./limits.ts";
import type { RecordSource, StateWrite } from "./ports.ts";
import { inOrder, type StoreUpgrade } from "./store-lists.ts";

/** What is mounted, and how much history is kept. */
export interface MultiStoreOptions {
  /** Committed stores, each an IAVL tree under the app hash. A data folder's are fixed but for an upgrade that is due. */
  readonly stores: readonly StoreName[];
  /** What the upgrade that is due after a state, by that state's own plan, does to the stores; undefined for nothing. */
  readonly upgradeDue?: (state: ReadView) => StoreUpgrade | undefined;
  /** Emptied at every commit; not in the app hash, not on disk. */
  readonly transientStores?: readonly StoreName[];
  /** Kept in memory over commits and lost at restart; not in the app hash, not on disk, the same for every version. */
  readonly memoryStores?: readonly StoreName[];
  /**
   * The version of the first commit: the chain's initial height. Left out, it is the one on record, or 1 for an empty
   * folder; given, it must agree with the one on record.
   */
  readonly initialVersion?: bigint;
  /** How many versions answer reads and proofs, the latest included (`pruning-keep-recent`). At least 1. */
  readonly keepRecent: number;
  /** Versions are pruned earlier than `keepRecent` says when only they hold tree nodes of more bytes. Default 128 MiB. */
  readonly historyBytes?: number;
  /** Bytes of values held to spare reads from disk. Default 32 MiB. */
  readonly cacheBytes?: number;
  /** Loading refuses when the trees take more bytes than this. Default: no bound. */
  readonly memoryBudgetBytes?: number;
  /** When checkpoints are made. */
  readonly checkpoints?: CheckpointPolicy;
}

/** The committed stores in byte order. Throws on options that no program should have. */
export function checkedStores(options: MultiStoreOptions): readonly StoreName[] {
  const names = inOrder(options.stores);
  const all = [...names, ...(options.transientStores ?? []), ...(options.memoryStores ?? [])];
  if (new Set(all).size !== all.length) throw new Error(`a store is mounted twice: ${all.join(", ")}`);
  const { initialVersion } = options;
  if (initialVersion !== undefined && initialVersion < 1n) {
    throw new Error(`the first version cannot be ${initialVersion}`);
  }
  if (!Number.isSafeInteger(options.keepRecent) || options.keepRecent < 1) {
    throw new Error("at least one version must be kept");
  }
  return names;
}

/** What the multistore uses from outside. */
export interface MultiStoreDependencies {
  readonly records: RecordSource;
  readonly hasher: Hasher;
}

/** A version that is computed and not yet committed. */
export interface Staged {
  readonly version: bigint;
  readonly appHash: Uint8Array;
  /** In byte order of names. */
  readonly storeHashes: readonly StoreHash[];
  /**
   * Of a very large first version: records that say nothing by themselves, to be written before `writes`, in as many batches
   * as need be. To be walked before the next version is staged.
   */
  readonly before?: Iterable<StateWrite>;
  /** Everything that makes this version durable, for the one atomic batch of the block. */
  readonly writes: readonly StateWrite[];
}

/** One committed version, readable until it is pruned; reading it then throws VersionNotFound. */
export interface ReadView extends MultiRead {
  readonly version: bigint;
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
  /** The app hash of `version`, which stands in the header after it. */
  readonly appHash: Uint8Array;
  readonly ops: readonly ProofOp[];
}

/** There is no proof to give: an empty store proves nothing absent. */
export class ProofUnavailable extends Error {
  override readonly name = "ProofUnavailable";
}
