// Owns: which root node a tree had at which version. Does not own the nodes (tree.ts).

import { NONE } from "./arena.ts";

/** Roots by version; a version that did not change the tree shows the root before it and takes no memory. */
export class VersionRoots {
  /** The versions that changed the tree, oldest first, and the root of each. */
  readonly #versions: number[] = [];
  readonly #roots: number[] = [];

  /** Notes the root of a version above all noted so far. */
  add(version: number, root: number): void {
    if (this.#roots.length > 0 && this.#roots[this.#roots.length - 1] === root) return;
    this.#versions.push(version);
    this.#roots.push(root);
  }

  /** The root at `version`; NONE where the tree was empty. */
  at(version: number): number {
    let low = 0;
    let high = this.#versions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#versions[middle]! <= version) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? NONE : this.#roots[low - 1]!;
  }

  /** Forgets what only versions before `oldest` show. */
  prune(oldest: number): void {
    let first = 0;
    while (first + 1 < this.#versions.length && this.#versions[first + 1]! <= oldest) first++;
    if (first === 0) return;
    this.#versions.splice(0, first);
    this.#roots.splice(0, first);
  }
}
