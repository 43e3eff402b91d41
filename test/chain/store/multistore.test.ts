// The multistore over many versions: one app hash, history, pruning, records, checkpoints and loading, against a model
// that keeps every version as a plain map.

import {
  ics23,
  iavlSpec as theirIavlSpec,
  verifyMembership as theirMembership,
  verifyNonMembership as theirNonMembership,
  tendermintSpec as theirTendermintSpec,
} from "@confio/ics23";
import { describe, expect, test } from "vitest";
import type { MultiBranch } from "../../../chain/store/branch.ts";
import type { CheckpointPolicy } from "../../../chain/store/checkpointer.ts";
import { simpleMapRoot } from "../../../chain/store/commit-info.ts";
import {
  MultiStore,
  type MultiStoreOptions,
  ProofUnavailable,
  StateError,
  VersionNotFound,
} from "../../../chain/store/multistore.ts";
import { decodeProof, iavlSpec, verifyNonMembership, verifyQueryProof } from "../../../chain/store/proof.ts";
import { stateReader } from "../../../chain/store/records.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";
import { NaiveIavl } from "./iavl/naive-iavl.ts";
import { MemoryRecords } from "./memory-records.ts";
import { nativeHasher, randomBytes, randomNumbers } from "./random.ts";

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Model = Map<string, Map<string, string>>;

function open(records: MemoryRecords, options: Partial<MultiStoreOptions> = {}): MultiStore {
  return MultiStore.load(
    { stores: ["bank", "acc", "empty"], keepRecent: 5, ...options },
    { records, hasher: nativeHasher },
  );
}

function commit(store: MultiStore, records: MemoryRecords, branch: MultiBranch): Uint8Array {
  const staged = store.stage(branch);
  store.commit(staged);
  records.write(staged.writes);
  return staged.appHash;
}

const eager: CheckpointPolicy = { changes: 50, versions: 7, leavesPerVersion: 20 };

/** One random block over two stores; gives the model after it. */
function randomBlock(branch: MultiBranch, before: Model, random: (bound: number) => number): Model {
  const after: Model = new Map([...before].map(([name, entries]) => [name, new Map(entries)]));
  for (const name of ["bank", "acc"]) {
    const entries = after.get(name)!;
    if (random(4) === 0) continue;
    for (let i = random(30); i > 0; i--) {
      const known = [...entries.keys()];
      const key =
        random(2) === 0 && known.length > 0
          ? unhex(known[random(known.length)]!)
          : randomBytes(random, 1 + random(3), 12);
      if (random(3) === 0) {
        branch.kv(name).delete(key);
        entries.delete(hex(key));
      } else {
        // Empty values are stored well and proven badly (ICS-23 has no leaf for them): one store has them, the other is proven.
        const value = randomBytes(random, name === "acc" && random(5) === 0 ? 0 : 1 + random(80), 256);
        branch.kv(name).set(key, value);
        entries.set(hex(key), hex(value));
      }
    }
  }
  return after;
}

/** The version reads as the model says, in every way of reading. */
function expectVersion(store: MultiStore, version: bigint, model: Model): void {
  const view = store.readView(version);
  for (const [name, entries] of model) {
    const kv = view.kv(name);
    const sorted = [...entries].sort((a, b) => compareText(a[0], b[0]));
    expect([...kv.iterate()].map(([key, value]) => [hex(key), hex(value)])).toEqual(sorted);
    expect([...kv.keys({ reverse: true })].map(hex)).toEqual(sorted.map(([key]) => key).toReversed());
    expect(kv.count!()).toBe(sorted.length);
    for (const [key, value] of sorted.slice(0, 10)) {
      expect(hex(kv.get(unhex(key))!)).toBe(value);
      expect(kv.has(unhex(key))).toBe(true);
    }
    expect(kv.get(utf8("no such key"))).toBeUndefined();
  }
}

/** Checks a proof with our verifier and with another implementation. */
function expectProven(
  store: MultiStore,
  name: string,
  key: Uint8Array,
  version: bigint,
  value: string | undefined,
): void {
  const proven = store.prove(name, key, version);
  expect(proven.value === undefined ? undefined : hex(proven.value)).toBe(value);
  expect(hex(proven.appHash)).toBe(hex(store.appHashAt(version)));
  verifyQueryProof(proven.appHash, utf8(name), key, proven.value, proven.ops);
  const root = store.storeHashesAt(version).find((hash) => hash.name === name)!.hash;
  const [ofKey, ofStore] = proven.ops.map((op) => ics23.CommitmentProof.decode(op.data));
  if (proven.value !== undefined) {
    expect(theirMembership(ofKey!, theirIavlSpec, root, key, proven.value)).toBe(true);
    expect(theirMembership(ofKey!, theirIavlSpec, root, key, utf8("another value"))).toBe(false);
  } else expect(theirNonMembership(ofKey!, theirIavlSpec, root, key)).toBe(true);
  expect(theirMembership(ofStore!, theirTendermintSpec, proven.appHash, utf8(name), root)).toBe(true);
}

describe("many versions", () => {
  test.each([
    { keepRecent: 1, seed: 1 },
    { keepRecent: 3, seed: 2 },
    { keepRecent: 12, seed: 3 },
  ])(
    "keeping $keepRecent versions: every kept one reads and proves as the model, older ones refuse, and loading gives the same",
    ({ keepRecent, seed }) => {
      const random = randomNumbers(seed);
      const records = new MemoryRecords();
      const options = { keepRecent, initialVersion: 4n, checkpoints: eager, cacheBytes: 4_000 };
      let store = open(records, options);
      expect(hex(store.appHash)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
      const naive = new Map(["acc", "bank", "empty"].map((name) => [name, new NaiveIavl()]));
      const models = new Map<bigint, Model>();
      const hashes = new Map<bigint, string>();
      let model: Model = new Map([
        ["acc", new Map()],
        ["bank", new Map()],
        ["empty", new Map()],
      ]);
      for (let version = 4n; version < 84n; version++) {
        const branch = store.branch();
        model = randomBlock(branch, model, random);
        models.set(version, model);
        for (const [name, changes] of branch.changes()) {
          for (const { key, value } of [...changes].sort((a, b) => compareText(hex(a.key), hex(b.key)))) {
            if (value === undefined) naive.get(name)!.remove(key);
            else naive.get(name)!.set(key, value);
          }
        }
        if (random(3) === 0) {
          // A block that is executed twice: the first result is dropped.
          const other = store.branch();
          randomBlock(other, model, random);
          store.stage(other);
        }
        const appHash = commit(store, records, branch);
        const roots = [...naive].map(
          ([name, tree]) => [utf8(name), Uint8Array.from(tree.save(Number(version)))] as const,
        );
        expect(hex(appHash)).toBe(hex(simpleMapRoot(roots, nativeHasher)));
        hashes.set(version, hex(appHash));
        expect(store.version).toBe(version);

        if (version % 3n === 0n) store = open(records.copy(), options);
        else if (version % 11n === 0n) store = open(records, options);
        if (version % 3n === 0n) store = open(records, options);
        const wanted = version - BigInt(keepRecent) + 1n;
        expect(store.oldestVersion).toBeLessThanOrEqual(wanted < 4n ? 4n : wanted);
        if (version % 4n !== 0n) continue;
        for (let old = 1n; old < store.oldestVersion; old++) {
          expect(() => store.readView(old)).toThrow(VersionNotFound);
          expect(() => store.prove("bank", utf8("k"), old)).toThrow("version does not exist");
        }
        expect(() => store.readView(version + 1n)).toThrow("version does not exist");
        for (let kept = store.oldestVersion; kept <= version; kept++) {
          expectVersion(store, kept, models.get(kept)!);
          expect(hex(store.appHashAt(kept))).toBe(hashes.get(kept));
          const entries = [...models.get(kept)!.get("bank")!];
          if (entries.length === 0) continue;
          const [key, value] = entries[random(entries.length)]!;
          expectProven(store, "bank", unhex(key), kept, value);
          for (const absent of [Uint8Array.of(0), randomBytes(random, 4, 12), Uint8Array.of(255)]) {
            expectProven(store, "bank", absent, kept, models.get(kept)!.get("bank")!.get(hex(absent)));
          }
        }
      }
      // What is on disk stays in proportion to what is kept.
      const reachable = new Set<string>();
      for (let kept = store.oldestVersion; kept <= store.version; kept++) {
        for (const [name, entries] of models.get(kept)!)
          for (const [key, value] of entries) reachable.add(`${name}/${key}/${value}`);
      }
      expect(records.count("sv")).toBeLessThanOrEqual(reachable.size + 200);
      expect(records.count("sd")).toBeLessThanOrEqual(keepRecent + 40);
      expect(records.count("sc")).toBe(1);
    },
  );

  test("every version, loaded right after its batch, is the live state", () => {
    const random = randomNumbers(21);
    const records = new MemoryRecords();
    const options = { checkpoints: eager };
    const live = open(records, options);
    let model: Model = new Map([
      ["acc", new Map()],
      ["bank", new Map()],
    ]);
    for (let version = 1n; version <= 60n; version++) {
      const branch = live.branch();
      model = randomBlock(branch, model, random);
      const appHash = commit(live, records, branch);
      const loaded = open(records.copy(), options);
      expect(loaded.version).toBe(version);
      expect(loaded.oldestVersion).toBe(live.oldestVersion);
      expect(hex(loaded.appHash)).toBe(hex(appHash));
      for (let kept = live.oldestVersion; kept <= version; kept++) {
        expect(hex(loaded.appHashAt(kept))).toBe(hex(live.appHashAt(kept)));
      }
      expectVersion(loaded, version, model);
    }
    expect(records.count("sc")).toBe(1);
  });

  test("a crash before the batch, at any version, goes on as if nothing had happened", () => {
    const random = randomNumbers(22);
    const steady = new MemoryRecords();
    const crashing = new MemoryRecords();
    const options = { checkpoints: eager };
    const a = open(steady, options);
    let b = open(crashing, options);
    for (let version = 1; version <= 60; version++) {
      const seed = random(1 << 30);
      const model: Model = new Map([
        ["acc", new Map()],
        ["bank", new Map()],
      ]);
      const branchA = a.branch();
      randomBlock(branchA, model, randomNumbers(seed));
      commit(a, steady, branchA);
      if (version % 2 === 0) {
        const lost = b.branch();
        randomBlock(lost, model, randomNumbers(seed));
        const staged = b.stage(lost);
        if (version % 4 === 0) b.commit(staged);
        b = open(crashing, options);
      }
      const branchB = b.branch();
      randomBlock(branchB, model, randomNumbers(seed));
      commit(b, crashing, branchB);
      expect(hex(b.appHash)).toBe(hex(a.appHash));
    }
    const orphanedChunks = open(crashing, options);
    expect(hex(orphanedChunks.appHash)).toBe(hex(a.appHash));
    expect(crashing.count("sk")).toBeLessThanOrEqual(20);
  });

  test("versions without changes share everything and still prune", () => {
    const records = new MemoryRecords();
    const store = open(records, { keepRecent: 3 });
    const branch = store.branch();
    branch.kv("bank").set(utf8("a"), utf8("1"));
    commit(store, records, branch);
    const first = hex(store.appHash);
    for (let i = 0; i < 10; i++) expect(hex(commit(store, records, store.branch()))).toBe(first);
    expect(store.version).toBe(11n);
    expect(store.oldestVersion).toBe(9n);
    expect(records.count("sv")).toBe(1);
    expect(open(records.copy(), { keepRecent: 3 }).version).toBe(11n);
  });

  test("writing the same value again is a change, as in IAVL", () => {
    const records = new MemoryRecords();
    const store = open(records);
    const roots = ["x", "x"].map((value) => {
      const branch = store.branch();
      branch.kv("bank").set(utf8("a"), utf8(value));
      return hex(commit(store, records, branch));
    });
    expect(roots[0]).not.toBe(roots[1]);
  });
});

describe("history", () => {
  test("a byte budget prunes before the count does", () => {
    const random = randomNumbers(5);
    const records = new MemoryRecords();
    const store = open(records, { keepRecent: 1000, historyBytes: 200_000 });
    for (let version = 1; version <= 80; version++) {
      const branch = store.branch();
      for (let i = 0; i < 100; i++) branch.kv("bank").set(randomBytes(random, 2, 256), randomBytes(random, 20, 256));
      commit(store, records, branch);
    }
    expect(store.oldestVersion).toBeGreaterThan(40n);
    expect(store.oldestVersion).toBeLessThan(80n);
    expect(store.readView(store.oldestVersion).kv("bank").count!()).toBeGreaterThan(0);
  });

  test("keeping more versions after a restart brings none back, keeping fewer prunes them with their values", () => {
    const random = randomNumbers(6);
    const records = new MemoryRecords();
    const models = new Map<bigint, Model>();
    let model: Model = new Map([
      ["acc", new Map()],
      ["bank", new Map()],
    ]);
    const run = (store: MultiStore, blocks: number): void => {
      for (let i = 0; i < blocks; i++) {
        const branch = store.branch();
        model = randomBlock(branch, model, random);
        commit(store, records, branch);
        models.set(store.version, model);
        for (let kept = store.oldestVersion; kept <= store.version; kept++)
          expectVersion(store, kept, models.get(kept)!);
      }
    };
    run(open(records, { keepRecent: 4 }), 10);
    const more = open(records, { keepRecent: 9 });
    expect(more.oldestVersion).toBe(7n);
    run(more, 3);
    expect(more.oldestVersion).toBe(7n);
    run(more, 6);
    expect(more.oldestVersion).toBe(11n);
    const fewer = open(records, { keepRecent: 1 });
    expect(fewer.oldestVersion).toBe(11n);
    run(fewer, 1);
    expect(fewer.oldestVersion).toBe(20n);
    const nonEmpty = [...model.values()].flatMap((entries) => [...entries.values()]).filter((value) => value !== "");
    expect(records.count("sv")).toBe(nonEmpty.length);
  });

  test("a view that is pruned while it is walked throws instead of showing other keys", () => {
    const records = new MemoryRecords();
    const store = open(records, { keepRecent: 1 });
    const fill = (value: string): MultiBranch => {
      const branch = store.branch();
      for (let i = 0; i < 20; i++) branch.kv("bank").set(Uint8Array.of(i), utf8(value));
      return branch;
    };
    commit(store, records, fill("one"));
    const view = store.readView();
    const walk = view.kv("bank").iterate()[Symbol.iterator]();
    expect(walk.next().done).toBe(false);
    commit(store, records, fill("two"));
    expect(() => walk.next()).toThrow(VersionNotFound);
    expect(() => view.kv("bank").get(Uint8Array.of(1))).toThrow(VersionNotFound);
    expect(() => view.kv("acc").has(Uint8Array.of(1))).toThrow(VersionNotFound);
  });

  test("values of the latest version are readable before their batch is on disk", () => {
    const records = new MemoryRecords();
    const store = open(records, { cacheBytes: 0 });
    const branch = store.branch();
    branch.kv("bank").set(utf8("a"), utf8("1"));
    const staged = store.stage(branch);
    store.commit(staged);
    expect(store.readView().kv("bank").get(utf8("a"))).toEqual(utf8("1"));
    records.write(staged.writes);
    commit(store, records, store.branch());
    expect(store.readView().kv("bank").get(utf8("a"))).toEqual(utf8("1"));
  });

  test("hot values are read from disk once", () => {
    const filled = new MemoryRecords();
    const writer = open(filled);
    const block = writer.branch();
    for (let i = 0; i < 50; i++) block.kv("bank").set(Uint8Array.of(i), Uint8Array.of(i, i));
    commit(writer, filled, block);
    const store = open(filled);
    const before = filled.reads;
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 50; i++)
        expect(store.readView().kv("bank").get(Uint8Array.of(i))).toEqual(Uint8Array.of(i, i));
    }
    expect(filled.reads - before).toBe(50);
  });
});

describe("transient and memory stores", () => {
  test("they take writes, stay out of the app hash and the disk, and live as long as they say", () => {
    const options = { transientStores: ["transient_params"], memoryStores: ["memory"] };
    const records = new MemoryRecords();
    const plain = new MemoryRecords();
    const store = open(records, options);
    const other = open(plain);
    const branch = store.branch();
    branch.kv("bank").set(utf8("a"), utf8("1"));
    branch.kv("transient_params").set(utf8("t"), utf8("1"));
    branch.kv("memory").set(utf8("m"), utf8("1"));
    branch.kv("memory").set(utf8("n"), utf8("2"));
    expect(branch.kv("transient_params").get(utf8("t"))).toEqual(utf8("1"));
    const same = other.branch();
    same.kv("bank").set(utf8("a"), utf8("1"));
    expect(hex(commit(store, records, branch))).toBe(hex(commit(other, plain, same)));
    expect(store.branch().kv("transient_params").has(utf8("t"))).toBe(false);
    expect(store.readView().kv("memory").get(utf8("m"))).toEqual(utf8("1"));
    const next = store.branch();
    next.kv("memory").delete(utf8("m"));
    commit(store, records, next);
    expect([...store.readView().kv("memory").keys()].map(hex)).toEqual([hex(utf8("n"))]);
    expect(open(records.copy(), options).readView().kv("memory").has(utf8("n"))).toBe(false);
  });

  test("a store that is not mounted, or mounted twice, is refused", () => {
    const store = open(new MemoryRecords());
    expect(() => store.branch().kv("staking")).toThrow("store staking is not mounted");
    expect(() => open(new MemoryRecords(), { memoryStores: ["bank"] })).toThrow("mounted twice");
  });
});

describe("staging", () => {
  test("only a branch over the latest version of this state is staged, and only the last staged version is committed", () => {
    const records = new MemoryRecords();
    const store = open(records);
    const stale = store.branch();
    commit(store, records, store.branch());
    expect(() => store.stage(stale)).toThrow("the branch is over version 0, the latest is 1");
    expect(() => store.stage(open(records.copy()).branch())).toThrow("not over this state");
    expect(() => store.stage(store.branch().branch())).toThrow("not over this state");
    const first = store.stage(store.branch());
    const second = store.stage(store.branch());
    expect(() => store.commit(first)).toThrow("only what was staged last");
    store.commit(second);
    expect(() => store.commit(second)).toThrow("only what was staged last");
  });

  test("what is staged is not visible before it is committed", () => {
    const records = new MemoryRecords();
    const store = open(records);
    const branch = store.branch();
    branch.kv("bank").set(utf8("a"), utf8("1"));
    store.stage(branch);
    expect(store.version).toBe(0n);
    expect(store.readView().kv("bank").has(utf8("a"))).toBe(false);
  });
});

describe("loading", () => {
  function filled(checkpoints: CheckpointPolicy = eager): MemoryRecords {
    const random = randomNumbers(31);
    const records = new MemoryRecords();
    const store = open(records, { checkpoints });
    let model: Model = new Map([
      ["acc", new Map()],
      ["bank", new Map()],
    ]);
    for (let version = 0; version < 30; version++) {
      const branch = store.branch();
      model = randomBlock(branch, model, random);
      commit(store, records, branch);
    }
    return records;
  }

  test("other stores, another first version and another format are refused with a reason", () => {
    const records = filled();
    expect(() => open(records, { stores: ["bank", "acc"] })).toThrow(
      "the chain has the store empty, which this program does not have, and after height 30 no upgrade is due that removes it: run the program the chain ran with",
    );
    expect(() => open(records, { initialVersion: 9n })).toThrow("the state begins at version 1, not at 9");
    const later = new MemoryRecords();
    const store = open(later, { initialVersion: 40n });
    commit(store, later, store.branch());
    expect(open(later).version).toBe(40n);
    expect(open(later, { initialVersion: 40n }).version).toBe(40n);
    expect(() => open(later, { initialVersion: 1n })).toThrow("the state begins at version 40, not at 1");
    const newer = records.copy();
    newer.records.set(hex(utf8("sm")), Uint8Array.of(3, 9, 9));
    expect(() => open(newer)).toThrow("holds state of format 3, this program reads formats 1 and 2");
  });

  test("a state that does not fit its memory budget is refused with the figures", () => {
    const records = filled();
    expect(() => open(records, { memoryBudgetBytes: 1000 })).toThrow(
      /needs \d+ bytes of memory for \d+ keys, the budget is 1000/,
    );
    expect(open(records, { memoryBudgetBytes: 1 << 20 }).version).toBe(30n);
  });

  test("a changed, cut or missing record is refused, never loaded as another state", () => {
    const records = filled();
    const appHash = hex(open(records.copy()).appHash);
    const random = randomNumbers(77);
    const kinds = ["sm", "sh", "sc", "sk", "sd"].map((kind) => Buffer.from(kind).toString("hex"));
    const keys = [...records.records.keys()].filter((key) => kinds.some((kind) => key.startsWith(kind)));
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const damaged = records.copy();
      const key = keys[random(keys.length)]!;
      const bytes = damaged.records.get(key)!.slice();
      const how = random(3);
      if (how === 0) damaged.records.delete(key);
      else if (how === 1) damaged.records.set(key, bytes.subarray(0, random(bytes.length)));
      else {
        bytes[random(bytes.length)]! ^= 1 + random(255);
        damaged.records.set(key, bytes);
      }
      try {
        // The only change that may pass is one that changes nothing: the note of a checkpoint under way, say.
        expect(hex(open(damaged).appHash)).toBe(appHash);
      } catch (error) {
        expect(error).toBeInstanceOf(StateError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(350);
  });

  test("a missing, shortened or changed value record is an error when it is read", () => {
    const records = filled();
    const store = open(records, { cacheBytes: 0 });
    const [key, value] = [...store.readView().kv("bank").iterate()][0]!;
    const name = [...records.records.keys()].find(
      (record) =>
        record.startsWith(Buffer.from("sv\x04bank").toString("hex") + hex(key)) &&
        hex(records.records.get(record)!) === hex(value),
    )!;
    records.records.delete(name);
    expect(() => store.readView().kv("bank").get(key)).toThrow("the value of a key of store bank is missing");
    records.records.set(name, Uint8Array.of(1));
    expect(() => store.readView().kv("bank").get(key)).toThrow(StateError);
    records.records.set(
      name,
      value.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    );
    expect(() => store.readView().kv("bank").get(key)).toThrow("the value of a key of store bank is damaged");
    records.records.set(name, value);
    expect(store.readView().kv("bank").get(key)).toEqual(value);
    // What was computed meanwhile may rest on the error, so nothing is committed until the state is loaded anew.
    expect(() => store.stage(store.branch())).toThrow("the value of a key of store bank is damaged");
    const again = open(records, { cacheBytes: 0 });
    expect(again.stage(again.branch()).version).toBe(again.version + 1n);
  });

  test("a leaf's value lies under store, key and the version it was written at", () => {
    const records = new MemoryRecords();
    const store = open(records);
    const reader = stateReader(records);
    for (const value of ["one", "two"]) {
      const branch = store.branch();
      branch.kv("bank").set(utf8("k"), utf8(value));
      commit(store, records, branch);
    }
    expect(reader.read("bank", utf8("k"), 1n)).toEqual(utf8("one"));
    expect(reader.read("bank", utf8("k"), 2n)).toEqual(utf8("two"));
    expect(reader.read("bank", utf8("k"), 3n)).toBeUndefined();
  });
});

describe("proofs", () => {
  test("an empty store has no proof, and says so", () => {
    const records = new MemoryRecords();
    const store = open(records);
    commit(store, records, store.branch());
    expect(() => store.prove("bank", utf8("a"))).toThrow(ProofUnavailable);
    expect(() => store.prove("nowhere", utf8("a"))).toThrow("not mounted");
  });

  test("a single store and many stores both prove their place under the app hash", () => {
    for (const count of [1, 2, 3, 5, 8, 13, 21]) {
      const stores = Array.from({ length: count }, (_, i) => `store${i}`);
      const records = new MemoryRecords();
      const store = open(records, { stores });
      const branch = store.branch();
      for (const name of stores) branch.kv(name).set(utf8("k"), utf8(name));
      commit(store, records, branch);
      for (const name of stores) expectProven(store, name, utf8("k"), 1n, hex(utf8(name)));
    }
  });
});

describeVectors("vectors", () => {
  test("presence and absence are as in cosmos/iavl's table, for both verifiers", () => {
    const table = vector<{ keys: string[]; cases: { key: string; present: number }[] }>("iavl/proof_presence.json");
    const records = new MemoryRecords();
    const store = open(records);
    const branch = store.branch();
    for (const key of table.keys) branch.kv("bank").set(unhex(key), unhex(key));
    commit(store, records, branch);
    for (const { key, present } of table.cases) {
      expectProven(store, "bank", unhex(key), 1n, present === 1 ? key : undefined);
    }
    const absent = decodeProof(store.prove("bank", unhex("60")).ops[0]!.data);
    const root = store.storeHashesAt(1n).find(({ name }) => name === "bank")!.hash;
    expect(() => verifyNonMembership(iavlSpec, root, absent, unhex("61"))).toThrow();
  });

  test("the SDK's mixed scenario gives the same state when it is loaded again", () => {
    type Op = ["s", string, string] | ["d", string];
    const { commits } = vector<{ commits: Record<string, Op[]>[] }>("store/multistore_mixed_ops.json");
    const options = { stores: ["iavl1", "iavl2", "iavl3"], transientStores: ["trans1"] };
    const records = new MemoryRecords();
    const store = open(records, options);
    for (const block of commits) {
      const branch = store.branch();
      for (const [name, ops] of Object.entries(block)) {
        const kv = branch.kv(name.split(" ")[0]!);
        for (const op of ops) op[0] === "s" ? kv.set(unhex(op[1]), unhex(op[2])) : kv.delete(unhex(op[1]));
      }
      commit(store, records, branch);
    }
    const loaded = open(records.copy(), options);
    expect(hex(loaded.appHash)).toBe(hex(store.appHash));
    const dump = (name: string): string[][] =>
      [...loaded.readView().kv(name).iterate()].map(([k, v]) => [hex(k), hex(v)]);
    expect(dump("iavl1")).toEqual([
      ["61", "01"],
      ["62", "02"],
      ["63", "03"],
    ]);
    expect(dump("iavl2")).toEqual([
      ["41", "65"],
      ["42", "66"],
      ["43", "67"],
    ]);
    expect(dump("iavl3")).toEqual([]);
  });
});
