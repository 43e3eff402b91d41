// Owns: when a checkpoint is made, and writing it a little with every version, so that no block waits for it. Does not
// own the stream (checkpoint.ts) or the batch it is written in (multistore.ts).
//
// A checkpoint is always of the oldest kept version: every kept version can then be rebuilt from it by replaying the
// version records after it, which alone are kept. While it is being written that version is not pruned.

import { writeTree } from "./checkpoint.ts";
import type { NodeArena } from "./iavl/arena.ts";
import type { StateWrite } from "./ports.ts";
import {
  type Checkpoint,
  checkpointKey,
  chunkKey,
  encodeCheckpoint,
  type PartialCheckpoint,
  versionKey,
} from "./records.ts";

/** When to make a checkpoint, and how fast. */
export interface CheckpointPolicy {
  /** Changes since the last checkpoint that make a new one worth while; at least half the keys are always waited for. */
  readonly changes: number;
  /** Versions since the last checkpoint after which a new one is made though little changed. */
  readonly versions: number;
  /** Leaves written with one version, at least; four for each of its changes if that is more. */
  readonly leavesPerVersion: number;
}

export const DEFAULT_CHECKPOINT_POLICY: CheckpointPolicy = {
  changes: 50_000,
  versions: 10_000,
  leavesPerVersion: 2_000,
};

const LEAVES_PER_CHANGE = 4;

interface Writing {
  readonly version: bigint;
  readonly roots: readonly number[];
  readonly appHash: Uint8Array;
  readonly chunks: number[];
  storeIndex: number;
  walk: ReturnType<typeof writeTree> | undefined;
  isFinished: boolean;
}

export class Checkpointer {
  readonly #arena: NodeArena;
  readonly #policy: CheckpointPolicy;
  /** The version before the first: what there is to replay from without a checkpoint. */
  readonly #origin: bigint;
  #last: Checkpoint | undefined;
  #writing: Writing | undefined;
  /** Made for the version being staged and not known to be committed; staged again with the next one. */
  #pending: StateWrite[] = [];
  /** Changes of each version after the last checkpoint, oldest first. */
  #changeCounts: number[] = [];
  /** Of those, how many versions and changes the oldest kept version has passed: what a checkpoint would save. */
  #passedVersions = 0;
  #passedChanges = 0;

  constructor(
    arena: NodeArena,
    policy: CheckpointPolicy,
    restored: {
      readonly origin: bigint;
      readonly last: Checkpoint | undefined;
      readonly leftBehind: PartialCheckpoint | undefined;
      readonly changeCounts: readonly number[];
    },
  ) {
    this.#arena = arena;
    this.#policy = policy;
    this.#origin = restored.origin;
    this.#last = restored.last;
    this.#changeCounts = [...restored.changeCounts];
    // Chunks of a checkpoint that a crash interrupted are of no use: a new one starts from the beginning.
    if (restored.leftBehind !== undefined) this.#pending.push(...chunkDeletes(restored.leftBehind));
  }

  /** The version that must not be pruned, if any. */
  get pinned(): bigint | undefined {
    return this.#writing?.version;
  }

  /** What the head says is under way once everything pending is written. */
  get partial(): PartialCheckpoint | undefined {
    const writing = this.#writing;
    return writing === undefined || writing.isFinished
      ? undefined
      : { version: writing.version, chunks: writing.chunks };
  }

  /** The records to write with the version being staged, which makes `changes` changes. */
  advance(changes: number): readonly StateWrite[] {
    const writing = this.#writing;
    if (writing !== undefined && !writing.isFinished) {
      const budget = Math.max(this.#policy.leavesPerVersion, changes * LEAVES_PER_CHANGE);
      for (let leaves = 0; leaves < budget && !writing.isFinished; ) leaves += this.#step(writing);
    }
    return this.#pending;
  }

  /** The first version is stored as a checkpoint, of which the batch with it makes the records. */
  begun(checkpoint: Checkpoint): void {
    this.#last = checkpoint;
  }

  /** The staged version is committed: `oldest` is now the oldest kept version, of a tree with `keys` keys. */
  committed(
    changes: number,
    oldest: bigint,
    keys: number,
    stateAt: (version: bigint) => { readonly roots: readonly number[]; readonly appHash: Uint8Array },
  ): void {
    this.#pending = [];
    this.#changeCounts.push(changes);
    if (this.#writing?.isFinished === true) {
      const { version, chunks, appHash } = this.#writing;
      this.#dropCounts(version);
      this.#last = { version, chunks, appHash };
      this.#writing = undefined;
    }
    this.#pass(oldest);
    if (this.#writing !== undefined || !this.#isDue(keys)) return;
    const { roots, appHash } = stateAt(oldest);
    this.#writing = {
      version: oldest,
      roots,
      appHash,
      chunks: roots.map(() => 0),
      storeIndex: 0,
      walk: undefined,
      isFinished: false,
    };
  }

  get #lastVersion(): bigint {
    return this.#last?.version ?? this.#origin;
  }

  #isDue(keys: number): boolean {
    if (this.#passedVersions === 0) return false;
    return (
      this.#passedChanges >= Math.max(this.#policy.changes, keys >> 1) || this.#passedVersions >= this.#policy.versions
    );
  }

  #pass(oldest: bigint): void {
    const passed = Number(oldest - this.#lastVersion);
    while (this.#passedVersions < passed) this.#passedChanges += this.#changeCounts[this.#passedVersions++]!;
  }

  #dropCounts(version: bigint): void {
    const dropped = Number(version - this.#lastVersion);
    for (const count of this.#changeCounts.splice(0, dropped)) this.#passedChanges -= count;
    this.#passedVersions -= dropped;
  }

  /** Writes a little more and gives the number of leaves; a store's end, and the end of all, count as one. */
  #step(writing: Writing): number {
    if (writing.storeIndex === writing.roots.length) {
      this.#finish(writing);
      return 1;
    }
    writing.walk ??= writeTree(this.#arena, writing.roots[writing.storeIndex]!);
    const step = writing.walk.next();
    if (step.done === true) {
      writing.walk = undefined;
      writing.storeIndex++;
      return 1;
    }
    const { chunk, leaves } = step.value;
    if (chunk !== undefined) {
      const number = writing.chunks[writing.storeIndex]!++;
      this.#pending.push({ key: chunkKey(writing.version, writing.storeIndex, number), value: chunk });
    }
    return leaves;
  }

  /** The checkpoint is whole: it replaces the one before, and the versions up to it need no records any more. */
  #finish(writing: Writing): void {
    writing.isFinished = true;
    const checkpoint = { version: writing.version, chunks: writing.chunks, appHash: writing.appHash };
    this.#pending.push({ key: checkpointKey, value: encodeCheckpoint(checkpoint) });
    if (this.#last !== undefined) this.#pending.push(...chunkDeletes(this.#last));
    for (let version = this.#lastVersion + 1n; version <= writing.version; version++) {
      this.#pending.push({ key: versionKey(version), value: undefined });
    }
  }
}

function chunkDeletes({ version, chunks }: PartialCheckpoint): StateWrite[] {
  return chunks.flatMap((count, storeIndex) =>
    Array.from({ length: count }, (_, chunk) => ({ key: chunkKey(version, storeIndex, chunk), value: undefined })),
  );
}
