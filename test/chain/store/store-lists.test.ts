// Stores that begin, end and change their names with a version, as the SDK's StoreUpgrades have it. Roots are compared
// with a tree that is written apart from the one under test, app hashes with the Merkle map over those roots.

import { describe, expect, test } from "vitest";
import type { MultiBranch } from "../../../chain/store/branch.ts";
import type { CheckpointPolicy } from "../../../chain/store/checkpointer.ts";
import { MultiStore, type MultiStoreOptions, ProofUnavailable, StateError } from "../../../chain/store/multistore.ts";
import { rollbackWrites } from "../../../chain/store/rollback.ts";
import { StateExport } from "../../../chain/store/snapshot-export.ts";
import { StateImport } from "../../../chain/store/snapshot-import.ts";
import type { StoreUpgrade } from "../../../chain/store/store-lists.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { appHashOf } from "../../support/app-hash.ts";
import { NaiveIavl } from "./iavl/naive-iavl.ts";
import { MemoryRecords } from "./memory-records.ts";
import { nativeHasher, randomNumbers } from "./random.ts";

const BEFORE = ["acc", "bank", "old", "params"];
const AFTER = ["acc", "authz", "bank", "new"];
const UPGRADE: StoreUpgrade = {
  added: ["authz"],
  renamed: [{ from: "old", to: "new" }],
  deleted: ["params"],
};
/** The version that changes the stores. */
const DUE = 21n;

/** A program that is due for the upgrade after the version before it. */
const next: Partial<MultiStoreOptions> = {
  stores: AFTER,
  upgradeDue: ({ version }) => (version + 1n === DUE ? UPGRADE : undefined),
};

function open(records: MemoryRecords, options: Partial<MultiStoreOptions> = {}): MultiStore {
  return MultiStore.load({ stores: BEFORE, keepRecent: 8, ...options }, { records, hasher: nativeHasher });
}

/** The same chain in trees that are written apart. */
class Model {
  readonly trees = new Map<string, NaiveIavl>();
  readonly entries = new Map<string, Map<string, Uint8Array>>();

  constructor(stores: readonly string[]) {
    for (const name of stores) this.add(name);
  }

  add(name: string): void {
    this.trees.set(name, new NaiveIavl());
    this.entries.set(name, new Map());
  }

  remove(name: string): void {
    this.trees.delete(name);
    this.entries.delete(name);
  }

  /** Applies net changes in byte order of keys and gives the app hash. */
  save(changes: ReadonlyMap<string, ReadonlyMap<string, Uint8Array | undefined>>, version: bigint): string {
    const roots = new Map<string, Uint8Array>();
    for (const [name, tree] of this.trees) {
      for (const [key, value] of [...(changes.get(name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (value === undefined) tree.remove(utf8(key));
        else tree.set(utf8(key), value);
        if (value === undefined) this.entries.get(name)!.delete(key);
        else this.entries.get(name)!.set(key, value);
      }
      roots.set(name, tree.save(Number(version)));
    }
    return hex(appHashOf(roots));
  }
}

/** The changes of a version: the same for every node that makes it. */
function changesOf(version: bigint, stores: readonly string[]): Map<string, Map<string, Uint8Array | undefined>> {
  const random = randomNumbers(Number(version));
  return new Map(
    stores.map((name) => [
      name,
      new Map(
        Array.from({ length: random(8) }, () => [
          `key${random(40)}`,
          random(4) === 0 ? undefined : utf8(`${name}${version}${random(9)}`),
        ]),
      ),
    ]),
  );
}

function apply(branch: MultiBranch, changes: ReadonlyMap<string, ReadonlyMap<string, Uint8Array | undefined>>): void {
  for (const [name, entries] of changes) {
    for (const [key, value] of entries) {
      if (value === undefined) branch.kv(name).delete(utf8(key));
      else branch.kv(name).set(utf8(key), value);
    }
  }
}

function step(store: MultiStore, records: MemoryRecords): string {
  const version = store.version + 1n;
  const branch = store.branch();
  apply(branch, changesOf(version, version < DUE ? BEFORE : AFTER));
  const staged = store.stage(branch);
  store.commit(staged);
  records.write(staged.writes);
  return hex(staged.appHash);
}

/** The app hash of every version, from the model. */
const expected: ReadonlyMap<bigint, string> = (() => {
  const model = new Model(BEFORE);
  const hashes = new Map<bigint, string>();
  for (let version = 1n; version <= 60n; version++) {
    const changes = changesOf(version, version < DUE ? BEFORE : AFTER);
    if (version === DUE) {
      // What is moved is written before the block, and the block's own changes hide it key by key.
      const moved = new Map<string, Uint8Array | undefined>(model.entries.get("old"));
      for (const [key, value] of changes.get("new") ?? []) moved.set(key, value);
      for (const [key, value] of moved) if (value === undefined) moved.delete(key);
      changes.set("new", moved);
      for (const name of ["old", "params"]) model.remove(name);
      for (const name of ["authz", "new"]) model.add(name);
    }
    hashes.set(version, model.save(changes, version));
  }
  return hashes;
})();

/** A state one version before the change. */
function beforeChange(options: Partial<MultiStoreOptions> = {}): MemoryRecords {
  const records = new MemoryRecords();
  const store = open(records, options);
  while (store.version < DUE - 1n) expect(step(store, records)).toBe(expected.get(store.version));
  return records;
}

const eager: CheckpointPolicy = { changes: 20, versions: 5, leavesPerVersion: 10 };

describe("an upgrade's stores", () => {
  test.each([
    ["few checkpoints", undefined],
    ["many checkpoints", eager],
  ] as const)(
    "begin, go on under their names and end with its version, whatever is loaded when (%s)",
    (_, checkpoints) => {
      const options = checkpoints === undefined ? {} : { checkpoints };
      const records = beforeChange(options);
      const store = open(records, { ...next, ...options });
      while (store.version < 60n) {
        expect(step(store, records)).toBe(expected.get(store.version));
        // Every kept version has the stores and the hash it had, live and loaded again.
        for (const state of [store, open(records.copy(), { ...next, ...options })]) {
          for (let kept = state.oldestVersion; kept <= state.version; kept++) {
            expect(hex(state.appHashAt(kept))).toBe(expected.get(kept));
            expect(state.storesAt(kept)).toEqual(kept < DUE ? BEFORE : AFTER);
          }
        }
      }
      // Nothing is left on the disk of what ended.
      for (const name of ["old", "params"]) {
        expect(records.count(`sv${String.fromCharCode(name.length)}${name}`)).toBe(0);
      }
    },
  );

  test("hold what the store had under its old name, and can be read by what the block does first", () => {
    const records = beforeChange();
    const store = open(records, next);
    const before = [...store.readView().kv("old").iterate()];
    expect(before.length).toBeGreaterThan(0);
    expect([...store.branch().kv("new").iterate()]).toEqual(before);
    expect([...store.branch().kv("params").keys()]).toEqual([]);
  });

  test("are proven from their version on, and cannot be before", () => {
    const records = beforeChange();
    const store = open(records, next);
    for (let i = 0; i < 3; i++) step(store, records);
    const [key] = [...store.readView().kv("authz").iterate()][0]!;
    expect(hex(store.prove("authz", key).appHash)).toBe(expected.get(store.version));
    expect(() => store.prove("authz", key, DUE - 1n)).toThrow(ProofUnavailable);
    const [old] = [
      ...store
        .readView(DUE - 1n)
        .kv("old")
        .iterate(),
    ][0]!;
    expect(hex(store.prove("old", old, DUE - 1n).appHash)).toBe(expected.get(DUE - 1n));
  });

  test("are in a snapshot of their version, and not in one of a version before", () => {
    const records = beforeChange();
    const store = open(records, next);
    step(store, records);
    for (const [version, stores] of [
      [DUE - 1n, BEFORE],
      [DUE, AFTER],
    ] as const) {
      const copy = new StateImport({ stores, version, initialVersion: 1n }, nativeHasher);
      for (const piece of new StateExport(store, version).pieces()) copy.add(piece);
      copy.finish();
      expect(hex(copy.appHash)).toBe(expected.get(version));
    }
  });
});

describe("a node that dies at the upgrade", () => {
  test("begins it again when its batch was not written, and has made it when it was", () => {
    for (const died of ["staged", "committed", "written"] as const) {
      const records = beforeChange();
      const lost = open(records, next);
      const branch = lost.branch();
      apply(branch, changesOf(DUE, AFTER));
      const staged = lost.stage(branch);
      if (died !== "staged") lost.commit(staged);
      if (died === "written") records.write(staged.writes);
      const store = open(records, next);
      expect(store.version).toBe(died === "written" ? DUE : DUE - 1n);
      if (died !== "written") expect(step(store, records)).toBe(expected.get(DUE));
      expect(step(store, records)).toBe(expected.get(DUE + 1n));
      expect(step(open(records, next), records)).toBe(expected.get(DUE + 2n));
    }
  });

  test("can stage another block at the same version first", () => {
    const records = beforeChange();
    const store = open(records, next);
    const other = store.branch();
    other.kv("authz").set(utf8("x"), utf8("y"));
    store.stage(other);
    expect(step(store, records)).toBe(expected.get(DUE));
  });
});

describe("a rollback across the upgrade", () => {
  test("gives back the stores of before, to the program of before and to the next one", () => {
    const records = beforeChange();
    const store = open(records, next);
    for (let i = 0; i < 2; i++) step(store, records);
    records.write(rollbackWrites(records));
    expect(open(records, next).version).toBe(DUE);
    records.write(rollbackWrites(records));
    expect(hex(open(records).appHash)).toBe(expected.get(DUE - 1n));
    const again = open(records, next);
    expect(step(again, records)).toBe(expected.get(DUE));
    expect(step(again, records)).toBe(expected.get(DUE + 1n));
  });
});

describe("other stores are refused", () => {
  const refusal = (records: MemoryRecords, options: Partial<MultiStoreOptions>): string => {
    try {
      open(records, options);
    } catch (error) {
      expect(error).toBeInstanceOf(StateError);
      return (error as Error).message;
    }
    return "";
  };
  const records = beforeChange();
  const more = [...BEFORE, "authz"];

  test("when no upgrade is due, or it does not name them", () => {
    const words =
      "this program has the store authz, which the chain does not have, and after height 20 no upgrade is due that adds it: run the program the chain ran with";
    expect(refusal(records, { stores: more })).toBe(words);
    expect(refusal(records, { stores: more, upgradeDue: () => ({ added: ["gov"] }) })).toBe(words);
    expect(refusal(records, { stores: BEFORE.slice(1) })).toBe(
      "the chain has the store acc, which this program does not have, and after height 20 no upgrade is due that removes it: run the program the chain ran with",
    );
  });

  test("when the upgrade that is due changes more than the program does", () => {
    const upgradeDue = () => ({ added: ["authz", "feegrant"] });
    expect(refusal(records, { stores: more, upgradeDue })).toBe(
      "the upgrade that is due changes the store feegrant, and this program does not: it is not the program for this upgrade",
    );
  });

  test("by the program of before once the upgrade is made", () => {
    const changed = records.copy();
    step(open(changed, next), changed);
    expect(refusal(changed, {})).toContain("this program has the stores old, params, which the chain does not have");
  });
});
