// Owns: the trees of a state by store and version, and what an upgrade does to them before its block. Does not own what
// changes them otherwise (multistore.ts), nor which stores there are (store-lists.ts).

import type { MultiBranch } from "./branch.ts";
import type { IavlTree } from "./iavl/tree.ts";
import type { StoreName } from "./limits.ts";
import { type StoreChange, valuePrefixOf } from "./records.ts";
import type { StoreLists, StoreUpgrade } from "./store-lists.ts";

/** One store's tree. */
export interface Mount {
  readonly name: StoreName;
  readonly tree: IavlTree;
  /** What the keys of its value records begin with. */
  readonly valuePrefix: Uint8Array;
}

/** The trees of every store that some kept version may have. */
export class Mounts {
  readonly all: readonly Mount[];
  readonly #byName: ReadonlyMap<StoreName, Mount>;
  readonly #byList = new Map<readonly StoreName[], readonly Mount[]>();
  #lists: StoreLists;

  constructor(trees: ReadonlyMap<StoreName, IavlTree>, lists: StoreLists) {
    this.all = [...trees].map(([name, tree]) => ({ name, tree, valuePrefix: valuePrefixOf(name) }));
    this.#byName = new Map(this.all.map((mount) => [mount.name, mount]));
    this.#lists = lists;
  }

  /** Which stores there are at which version. */
  get lists(): StoreLists {
    return this.#lists;
  }

  set lists(lists: StoreLists) {
    this.#lists = lists;
  }

  get(name: StoreName): Mount | undefined {
    return this.#byName.get(name);
  }

  /** Those of a version, in byte order of names. */
  at(version: bigint, lists: StoreLists = this.#lists): readonly Mount[] {
    const names = lists.at(version);
    let mounts = this.#byList.get(names);
    if (mounts === undefined) {
      mounts = names.map((name) => this.#byName.get(name)!);
      this.#byList.set(names, mounts);
    }
    return mounts;
  }
}

/** A change of the stores that the next version makes. */
export interface PendingChange {
  readonly change: StoreChange;
  readonly upgrade: StoreUpgrade;
}

/** Moves and removes what the stores hold that end with the version being made: before anything else in its block. */
export function moveStores(branch: MultiBranch, { change, upgrade }: PendingChange): void {
  for (const { from, to } of upgrade.renamed ?? []) {
    const target = branch.kv(to);
    for (const [key, value] of branch.kv(from).iterate()) target.set(key, value);
  }
  for (const name of change.removed) {
    const store = branch.kv(name);
    for (const key of [...store.keys()]) store.delete(key);
  }
}
