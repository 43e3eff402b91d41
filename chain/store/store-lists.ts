// Owns: which committed stores a state has at which version, and whether an upgrade may change them. Does not own the trees
// (mounts.ts), nor which upgrade is due (modules/upgrade).
// Source: cosmos-sdk store/types/store.go (StoreUpgrades), store/rootmulti (loadCommitStoreFromParams).

import type { StoreName } from "./limits.ts";
import { type Format, formatOf, type StoreChange } from "./records.ts";

/** How an upgrade changes which stores there are; what it does not name stays. */
export interface StoreUpgrade {
  /** Stores that begin empty. */
  readonly added?: readonly StoreName[];
  /** Stores that go on under another name with all they hold. */
  readonly renamed?: readonly { readonly from: StoreName; readonly to: StoreName }[];
  /** Stores that end with all they hold. */
  readonly deleted?: readonly StoreName[];
}

/** Names in byte order; they are ASCII, so the order of code units is that of bytes. */
export function inOrder(names: Iterable<StoreName>): readonly StoreName[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The lists of a format record: one list until each change. */
export class StoreLists {
  readonly format: Format;
  readonly #spans: readonly { readonly from: bigint; readonly stores: readonly StoreName[] }[];

  constructor(format: Format) {
    this.format = format;
    let stores = inOrder(format.stores);
    const spans = [{ from: 0n, stores }];
    for (const { version, added, removed } of format.changes) {
      stores = inOrder([...stores.filter((name) => !removed.includes(name)), ...added]);
      spans.push({ from: version, stores });
    }
    this.#spans = spans;
  }

  /** The stores of a version in byte order: the same array for every version between two changes. */
  at(version: bigint): readonly StoreName[] {
    return this.#spans.findLast(({ from }) => from <= version)!.stores;
  }

  /** The stores of the latest list. */
  get latest(): readonly StoreName[] {
    return this.#spans[this.#spans.length - 1]!.stores;
  }

  /** Every store there ever was, in byte order. */
  get all(): readonly StoreName[] {
    return inOrder(new Set(this.#spans.flatMap(({ stores }) => stores)));
  }

  /** The lists with one more change. */
  with(change: StoreChange): StoreLists {
    const { initialVersion, stores, changes } = this.format;
    return new StoreLists(formatOf(initialVersion, stores, [...changes, change]));
  }
}

/** What would have to change at `version` for the state to have the stores that the program mounts; undefined for nothing. */
export function changeTo(
  mounted: readonly StoreName[],
  current: readonly StoreName[],
  version: bigint,
): StoreChange | undefined {
  const added = mounted.filter((name) => !current.includes(name));
  const removed = current.filter((name) => !mounted.includes(name));
  return added.length + removed.length === 0 ? undefined : { version, added, removed };
}

/** Why the upgrade that is due, if any, does not make this change; undefined when it does. */
export function changeRefusal(change: StoreChange, upgrade: StoreUpgrade | undefined): string | undefined {
  const { added = [], renamed = [], deleted = [] } = upgrade ?? {};
  const mayAdd = new Set([...added, ...renamed.map(({ to }) => to)]);
  const mayRemove = new Set([...deleted, ...renamed.map(({ from }) => from)]);
  const tooMany = change.added.filter((name) => !mayAdd.delete(name));
  const tooFew = change.removed.filter((name) => !mayRemove.delete(name));
  const after = `after height ${change.version - 1n} no upgrade is due that`;
  if (tooMany.length > 0) {
    return `this program has the ${listed(tooMany)}, which the chain does not have, and ${after} adds it: run the program the chain ran with`;
  }
  if (tooFew.length > 0) {
    return `the chain has the ${listed(tooFew)}, which this program does not have, and ${after} removes it: run the program the chain ran with`;
  }
  const left = [...mayAdd, ...mayRemove];
  if (left.length === 0) return undefined;
  return `the upgrade that is due changes the ${listed(left)}, and this program does not: it is not the program for this upgrade`;
}

function listed(names: readonly StoreName[]): string {
  return `${names.length === 1 ? "store" : "stores"} ${names.join(", ")}`;
}
