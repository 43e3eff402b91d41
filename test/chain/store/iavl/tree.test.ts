// The IAVL tree against Go's recorded roots and exports, and against a naive tree over long random histories.

import { describe, expect, test } from "vitest";
import { NONE, NodeArena } from "../../../../chain/store/iavl/arena.ts";
import { NodeHasher } from "../../../../chain/store/iavl/hashing.ts";
import { IavlTree } from "../../../../chain/store/iavl/tree.ts";
import { countKeys, findLeaf, rank, walkLeaves } from "../../../../chain/store/iavl/walk.ts";
import { nobleHasher } from "../../../../chain/types/hash.ts";
import { hex } from "../../../../proto/bytes.ts";
import { describeVectors, vector } from "../../../vectors/vectors.ts";
import { nativeHasher, randomBytes, randomNumbers } from "../random.ts";
import { type ExportedNode, NaiveIavl } from "./naive-iavl.ts";

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

function newTree(hasher = nativeHasher): IavlTree {
  const arena = new NodeArena();
  return new IavlTree(arena, new NodeHasher(arena, hasher, 0n));
}

type Operation = readonly ["s", key: string, value: string] | readonly ["d", key: string];

function applyOne(tree: IavlTree, operation: Operation): void {
  if (operation[0] === "s") tree.set(unhex(operation[1]), unhex(operation[2]));
  else tree.remove(unhex(operation[1]));
}

function exported(tree: IavlTree, values: ReadonlyMap<string, string>, node = tree.root): ExportedNode[] {
  const { arena } = tree;
  const key = hex(arena.keys.read(arena.key(node)));
  const self = { key, version: arena.version(node), height: arena.height(node) };
  if (arena.isLeaf(node)) return [{ ...self, value: values.get(key)! }];
  return [
    ...exported(tree, values, arena.left(node)),
    ...exported(tree, values, arena.right(node)),
    { ...self, value: null },
  ];
}

describeVectors("IAVL vectors of cosmos/iavl", () => {
  test.each([
    ["native", nativeHasher],
    ["pure", nobleHasher],
  ])(
    "sixteen thousand sets, removals and rotations give Go's root at each of four versions (%s hashing)",
    (_, hasher) => {
      const trace = vector<{ expected_hashes: string[]; versions: Operation[][] }>("iavl/tree_hash_trace.json");
      const tree = newTree(hasher);
      trace.versions.forEach((operations, i) => {
        tree.begin(i + 1);
        for (const operation of operations) applyOne(tree, operation);
        tree.save();
        expect(hex(tree.rootHash())).toBe(trace.expected_hashes[i]);
      });
    },
  );

  test("the trace applied in one call per version gives the same roots", () => {
    const trace = vector<{ expected_hashes: string[]; versions: Operation[][] }>("iavl/tree_hash_trace.json");
    const tree = newTree();
    trace.versions.forEach((operations, i) => {
      tree.begin(i + 1);
      tree.apply(
        operations.map((operation) => ({
          key: unhex(operation[1]),
          valueHash: operation[0] === "s" ? nativeHasher.hash(unhex(operation[2])) : undefined,
          valueLength: 16,
        })),
      );
      tree.save();
      expect(hex(tree.rootHash())).toBe(trace.expected_hashes[i]);
    });
  });

  test("the basic export has Go's nodes in shape, version and order", () => {
    const basic = vector<{ ops: Operation[][]; expected: ExportedNode[] }>("iavl/export_basic.json");
    const tree = newTree();
    const values = new Map<string, string>();
    basic.ops.forEach((operations, i) => {
      tree.begin(i + 1);
      for (const operation of operations) {
        applyOne(tree, operation);
        if (operation[0] === "s") values.set(operation[1], operation[2]);
        else values.delete(operation[1]);
      }
      tree.save();
    });
    expect(exported(tree, values)).toEqual(
      basic.expected.map(({ key, value, version, height }) => ({ key, value, version, height })),
    );
  });
});

describe("the tree against a naive tree", () => {
  // TRIBUTARY_FULL=1 runs more seeds.
  test.each(process.env.TRIBUTARY_FULL === "1" ? [1, 2, 3, 4, 5, 6] : [1])(
    "a hundred thousand random changes over many versions agree in every root and every read (seed %i)",
    (seed) => {
      const random = randomNumbers(seed);
      const tree = newTree();
      const naive = new NaiveIavl();
      const model = new Map<string, string>();
      // Three phases: growing, churning, and shrinking down to nothing, so that every rotation and the empty tree appear.
      const total = 100_000;
      let version = 0;
      let done = 0;
      while (done < total) {
        version++;
        tree.begin(version);
        const count = random(400) + 1;
        for (let i = 0; i < count; i++, done++) {
          const key = randomBytes(random, 1 + random(3), 24);
          const removing = random(100) < (done < total / 3 ? 20 : done < (2 * total) / 3 ? 50 : 90);
          const target = removing && random(2) === 0 && model.size > 0 ? unhex(pick(model, random)) : key;
          if (removing) {
            expect(tree.remove(target)).toBe(model.delete(hex(target)));
            naive.remove(target);
          } else {
            const value = randomBytes(random, random(60), 256);
            tree.set(target, value);
            naive.set(target, value);
            model.set(hex(target), hex(nativeHasher.hash(value)));
          }
          if (done % 97 === 0) expect(tree.size).toBe(model.size);
          // Asking for the root in the middle of a version must not change what the version ends with.
          if (random(500) === 0) tree.rootHash();
        }
        tree.save();
        expect(hex(tree.rootHash())).toBe(naive.save(version).toString("hex"));
        if (version > 5) tree.prune(version - 5);
      }
      checkReads(tree, model);
      tree.begin(version + 1);
      for (const key of [...model.keys()]) tree.remove(unhex(key));
      expect(tree.root).toBe(NONE);
      tree.save();
      tree.prune(version + 1);
      expect(tree.arena.liveNodes).toBe(0);
      expect(tree.orphanCount).toBe(0);
    },
  );

  test("a version that is rolled back leaves the root, the older versions and the memory as they were", () => {
    const random = randomNumbers(7);
    const tree = newTree();
    let before = "";
    for (let version = 1; version <= 60; version++) {
      for (const kept of [false, false, true]) {
        const live = tree.arena.liveNodes;
        tree.begin(version);
        for (let i = 0; i < 50; i++) {
          const key = randomBytes(random, 1 + random(2), 40);
          if (random(3) === 0) tree.remove(key);
          else tree.set(key, randomBytes(random, 8, 256));
        }
        if (kept) {
          tree.save();
          before = hex(tree.rootHash());
        } else {
          tree.rootHash();
          tree.rollback();
          expect(tree.arena.liveNodes).toBe(live);
          if (version > 1) expect(hex(tree.rootHash())).toBe(before);
        }
      }
    }
  });
});

/** Lookups, ranks and walks in both directions over random bounds, against a sorted list. */
function checkReads(tree: IavlTree, model: ReadonlyMap<string, string>): void {
  const random = randomNumbers(99);
  const { arena, root } = tree;
  const sorted = [...model.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (const key of sorted) expect(findLeaf(arena, root, unhex(key))).not.toBe(NONE);
  for (let i = 0; i < 300; i++) {
    const start = random(4) === 0 ? undefined : hex(randomBytes(random, random(4), 24));
    const end = random(4) === 0 ? undefined : hex(randomBytes(random, random(4), 24));
    const expected = sorted.filter((key) => (start === undefined || key >= start) && (end === undefined || key < end));
    const range = {
      start: start === undefined ? undefined : unhex(start),
      end: end === undefined ? undefined : unhex(end),
    };
    const walked = (reverse: boolean): string[] =>
      [...walkLeaves(arena, root, { ...range, reverse })].map((leaf) => hex(arena.keys.read(arena.key(leaf))));
    expect(walked(false)).toEqual(expected);
    expect(walked(true)).toEqual(expected.toReversed());
    expect(countKeys(arena, root, range)).toBe(expected.length);
    if (start !== undefined) expect(rank(arena, root, unhex(start))).toBe(sorted.filter((key) => key < start).length);
  }
}

function pick(model: ReadonlyMap<string, string>, random: (bound: number) => number): string {
  let skip = random(Math.min(model.size, 50));
  for (const key of model.keys()) if (skip-- === 0) return key;
  throw new Error("the model is empty");
}
