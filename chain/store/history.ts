// Owns: how far back the versions kept reach: by their number and by the bytes of tree nodes that only they hold.
// Does not own pruning itself (multistore.ts, iavl/tree.ts).

import { NODE_BYTES } from "./iavl/arena.ts";
import type { IavlTree } from "./iavl/tree.ts";

export class History {
  readonly #keepRecent: bigint;
  readonly #maxBytes: number;
  /** Tree nodes that version v ceased to show, by v, oldest first; and their sum. */
  readonly #counts = new Map<bigint, number>();
  #nodes = 0;
  /** Versions somebody still reads, and how many do. */
  readonly #pins = new Map<bigint, number>();

  constructor(keepRecent: number, maxBytes: number) {
    this.#keepRecent = BigInt(keepRecent);
    this.#maxBytes = maxBytes;
  }

  /** Takes the figures of trees that were loaded. `base` is the absolute version of relative version 0. */
  restore(trees: readonly IavlTree[], base: bigint): void {
    const counts = new Map<number, number>();
    for (const tree of trees) {
      for (const [version, count] of tree.orphansByVersion()) counts.set(version, (counts.get(version) ?? 0) + count);
    }
    const versions = [...counts.keys()].sort((a, b) => a - b);
    for (const version of versions) this.note(base + BigInt(version), counts.get(version)!);
  }

  /** Notes how many nodes `version`, the latest so far, ceased to show. */
  note(version: bigint, count: number): void {
    if (count === 0) return;
    this.#counts.set(version, count);
    this.#nodes += count;
  }

  /** Keeps a version until the function given back is called, once. */
  pin(version: bigint): () => void {
    this.#pins.set(version, (this.#pins.get(version) ?? 0) + 1);
    return () => {
      const left = (this.#pins.get(version) ?? 0) - 1;
      if (left > 0) this.#pins.set(version, left);
      else this.#pins.delete(version);
    };
  }

  /**
   * The oldest version to keep once `version` is committed, which ceases to show `count` nodes; now it is `oldest`. It
   * never passes `pinned` or a version that is pinned here.
   */
  oldestAfter(version: bigint, count: number, oldest: bigint, pinned: bigint | undefined): bigint {
    let next = version - this.#keepRecent + 1n;
    if (next < oldest) next = oldest;
    let nodes = this.#nodes + count;
    for (let pruned = oldest + 1n; pruned <= next; pruned++) nodes -= this.#counts.get(pruned) ?? 0;
    while (nodes * NODE_BYTES > this.#maxBytes && next < version) {
      next++;
      nodes -= this.#counts.get(next) ?? 0;
    }
    if (pinned !== undefined && pinned < next) next = pinned;
    for (const version of this.#pins.keys()) if (version < next) next = version;
    return next;
  }

  /** Versions before `oldest` are pruned. */
  prune(oldest: bigint): void {
    for (const [version, count] of this.#counts) {
      if (version > oldest) break;
      this.#counts.delete(version);
      this.#nodes -= count;
    }
  }

  /** Bytes of the lists of nodes to give back; the nodes themselves are counted with the trees. */
  get memoryBytes(): number {
    return this.#nodes * 4;
  }
}
