// Snapshot and restore: the stream gives back the same trees, hashes, values and proofs; a stream that is damaged in any
// way gives another app hash or is refused, never anything else.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MultiStore } from "../../../chain/store/multistore.ts";
import { StateExport } from "../../../chain/store/snapshot-export.ts";
import { SnapshotError, StateImport, type StateImportOptions } from "../../../chain/store/snapshot-import.ts";
import { concat, equalBytes, hex, utf8 } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { MemoryRecords } from "./memory-records.ts";
import { nativeHasher, randomBytes, randomNumbers } from "./random.ts";

type Item = Messages["cosmos.store.snapshots.v1.SnapshotItem"];

const stores = ["bank", "acc", "empty"];

/** A state of some versions over some keys. */
function someState(seed: number, versions: number, initialVersion = 1n): { store: MultiStore; records: MemoryRecords } {
  const records = new MemoryRecords();
  const random = randomNumbers(seed);
  const store = MultiStore.load({ stores, keepRecent: 3, initialVersion }, { records, hasher: nativeHasher });
  for (let version = 0; version < versions; version++) {
    const branch = store.branch();
    for (const name of ["bank", "acc"]) {
      for (let i = random(60); i >= 0; i--) {
        const key = utf8(`key/${random(200)}`);
        if (random(5) === 0) branch.kv(name).delete(key);
        else branch.kv(name).set(key, randomBytes(random, random(80), 256));
      }
    }
    const staged = store.stage(branch);
    store.commit(staged);
    records.write(staged.writes);
  }
  return { store, records };
}

function streamOf(store: MultiStore, version = store.version): Uint8Array {
  const walk = new StateExport(store, version);
  const bytes = concat(...walk.pieces());
  walk.release();
  return bytes;
}

function itemsOf(stream: Uint8Array): Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = stream[at++]!;
      length |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f);
    items.push(stream.subarray(at, at + length));
    at += length;
  }
  return items;
}

function delimited(items: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...items.flatMap((item) => {
      const length: number[] = [];
      let rest = item.length;
      for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
      return [Uint8Array.from([...length, rest]), item];
    }),
  );
}

function restore(stream: Uint8Array, options: Partial<StateImportOptions> = {}, cut = 1_000) {
  const records = new MemoryRecords();
  const state = new StateImport({ stores, version: 1n, initialVersion: 1n, ...options }, nativeHasher);
  for (let at = 0; at < stream.length; at += cut) records.write(state.add(stream.subarray(at, at + cut)));
  records.write(state.finish());
  records.write([...state.finalRecords()]);
  return { records, appHash: state.appHash };
}

describe("a restored state", () => {
  test.each([
    [1, 1, 1n],
    [2, 8, 1n],
    [3, 30, 1n],
    [4, 12, 4_000_000_000n],
  ])("has the hashes, values and proofs of the one it was taken from (seed %d)", (seed, versions, initialVersion) => {
    const { store } = someState(seed, versions, initialVersion);
    const { version } = store;
    const { records, appHash } = restore(streamOf(store), { version, initialVersion }, 37);
    expect(hex(appHash)).toBe(hex(store.appHash));
    const loaded = MultiStore.load({ stores, keepRecent: 3 }, { records, hasher: nativeHasher });
    expect([loaded.version, loaded.oldestVersion, hex(loaded.appHash)]).toEqual([version, version, hex(store.appHash)]);
    for (const name of stores) {
      expect([...loaded.readView().kv(name).iterate()]).toEqual([...store.readView().kv(name).iterate()]);
    }
    const [key] = [...store.readView().kv("bank").iterate()][0]!;
    expect(loaded.prove("bank", key)).toEqual(store.prove("bank", key));
    expect(loaded.prove("bank", utf8("nothing"))).toEqual(store.prove("bank", utf8("nothing")));
  });

  test("goes on exactly as the one it was taken from, shape for shape, over a restart too", () => {
    const { store, records: original } = someState(5, 20);
    const { records } = restore(streamOf(store), { version: store.version });
    let copy = MultiStore.load({ stores, keepRecent: 3 }, { records, hasher: nativeHasher });
    const random = randomNumbers(99);
    for (let block = 0; block < 15; block++) {
      const changes = Array.from(
        { length: 20 },
        () => [utf8(`key/${random(250)}`), randomBytes(random, 9, 256)] as const,
      );
      const hashes = (
        [
          [store, original],
          [copy, records],
        ] as const
      ).map(([state, disk]) => {
        const branch = state.branch();
        for (const [key, value] of changes) {
          if (value[0]! % 3 === 0) branch.kv("acc").delete(key);
          else branch.kv("acc").set(key, value);
        }
        const staged = state.stage(branch);
        state.commit(staged);
        disk.write(staged.writes);
        return hex(staged.appHash);
      });
      expect(hashes[1]).toBe(hashes[0]);
      if (block === 7) copy = MultiStore.load({ stores, keepRecent: 3 }, { records, hasher: nativeHasher });
    }
  });
});

test("the stream is the SDK's: stores by name, nodes after their children, nothing encoded that is empty", () => {
  const { store } = someState(6, 5);
  const decoded = itemsOf(streamOf(store)).map((item) => {
    const read: Item = decode("cosmos.store.snapshots.v1.SnapshotItem", item);
    expect(hex(encode("cosmos.store.snapshots.v1.SnapshotItem", read))).toBe(hex(item));
    return read;
  });
  expect(decoded.flatMap(({ store: begun }) => (begun === undefined ? [] : [begun.name]))).toEqual([
    "acc",
    "bank",
    "empty",
  ]);
  const waiting: number[] = [];
  for (const { iavl } of decoded) {
    if (iavl === undefined || iavl.height === 0) waiting.push(iavl?.height ?? -1);
    else {
      const [left, right] = waiting.splice(-2);
      expect(Math.max(left!, right!) + 1).toBe(iavl.height);
      expect(Math.min(left!, right!)).toBeGreaterThanOrEqual(0);
      waiting.push(iavl.height);
    }
  }
});

test("a version is kept while its stream is read, and pruned as before once it is released", () => {
  const { store, records } = someState(7, 4);
  const walk = new StateExport(store, store.version);
  const expected = hex(store.appHash);
  const pieces = walk.pieces();
  const first = pieces.next().value as Uint8Array;
  const more = () => {
    const branch = store.branch();
    for (let i = 0; i < 50; i++) branch.kv("bank").set(utf8(`key/${i}`), utf8(`later ${store.version} ${i}`));
    const staged = store.stage(branch);
    store.commit(staged);
    records.write(staged.writes);
  };
  for (let i = 0; i < 10; i++) more();
  expect(store.oldestVersion).toBe(walk.version);
  const stream = concat(first, ...pieces);
  expect(hex(restore(stream, { version: walk.version }).appHash)).toBe(expected);
  walk.release();
  more();
  expect(store.oldestVersion).toBe(store.version - 2n);
});

describe("a stream that is not what was asked for", () => {
  const { store } = someState(8, 9);
  const { version } = store;
  const stream = streamOf(store);
  const items = itemsOf(stream);

  /** True unless the damaged stream passes for the state. */
  function isFoundOut(damaged: Uint8Array): boolean {
    try {
      return !equalBytes(restore(damaged, { version }).appHash, store.appHash);
    } catch (error) {
      if (error instanceof SnapshotError) return true;
      throw error;
    }
  }

  test("is found out whichever bit of it is changed", () => {
    fc.assert(
      fc.property(fc.nat(stream.length - 1), fc.nat(7), (at, bit) => {
        const damaged = stream.slice();
        damaged[at]! ^= 1 << bit;
        return isFoundOut(damaged);
      }),
      { numRuns: 300 },
    );
  });

  test("is found out when it is cut short, or an item is missing, doubled or moved", () => {
    fc.assert(
      fc.property(fc.nat(items.length - 1), fc.nat(items.length - 1), fc.nat(stream.length - 1), (a, b, cut) => {
        const without = items.filter((_, index) => index !== a);
        const moved = without.toSpliced(b, 0, items[a]!);
        const same = moved.every((item, index) => equalBytes(item, items[index]!));
        expect(isFoundOut(stream.subarray(0, cut))).toBe(true);
        expect(isFoundOut(delimited(without))).toBe(true);
        expect(isFoundOut(delimited(items.toSpliced(b, 0, items[a]!)))).toBe(true);
        expect(same || isFoundOut(delimited(moved))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("is refused with a reason, whatever bytes it is made of", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 50 }), (bytes, cut) => {
        expect(() => restore(bytes, { version }, cut)).toThrow(SnapshotError);
      }),
      { numRuns: 500 },
    );
  });

  const node = (iavl: Partial<NonNullable<Item["iavl"]>>) =>
    encode("cosmos.store.snapshots.v1.SnapshotItem", {
      iavl: { key: utf8("k"), value: utf8("v"), version: 1n, height: 0, ...iavl },
    });
  const begin = (name: string) => encode("cosmos.store.snapshots.v1.SnapshotItem", { store: { name } });
  test.each([
    ["an item of four gigabytes", Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), /impossible length/],
    ["an item of 200 megabytes", Uint8Array.of(0xff, 0xff, 0xff, 0x60, 1), /impossible length/],
    ["an empty item", Uint8Array.of(0), /impossible length/],
    ["a node outside any store", delimited([node({})]), /before its store/],
    ["another store", delimited([begin("bank")]), /where this program mounts acc/],
    ["a store too many", delimited(["acc", "bank", "empty", "more"].map(begin)), /after the last one/],
    ["a store too few", delimited(["acc", "bank"].map(begin)), /holds 2 stores/],
    ["two roots", delimited([begin("acc"), node({}), node({ key: utf8("l") })]), /more than one root/],
    ["a parent without children", delimited([begin("acc"), node({ height: 1 })]), /no children/],
    [
      "a parent that does not fit",
      delimited([
        begin("acc"),
        node({}),
        node({ key: utf8("l") }),
        node({ key: utf8("l"), value: new Uint8Array(), height: 2 }),
      ]),
      /does not fit/,
    ],
    ["keys that descend", delimited([begin("acc"), node({}), node({ key: utf8("a") })]), /not in order/],
    ["a node of the future", delimited([begin("acc"), node({ version: version + 1n })]), /is of height/],
    ["a node of before the chain", delimited([begin("acc"), node({ version: 0n })]), /is of height/],
    [
      "a comb without end",
      delimited([begin("acc"), ...Array.from({ length: 70 }, (_, i) => node({ key: Uint8Array.of(i + 1) }))]),
      /too deep/,
    ],
  ])("is refused: %s", (_what, bytes, reason) => {
    expect(() => restore(bytes, { version })).toThrow(reason);
  });

  test("is refused when it needs more memory than the node gives its state", () => {
    expect(() => restore(stream, { version, memoryBudgetBytes: 10_000 })).toThrow(/bytes of memory allowed/);
    expect(() => restore(stream, { version: 1n << 40n })).toThrow(/cannot be of a chain/);
  });
});
