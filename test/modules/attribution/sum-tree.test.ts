/** Merkle-sum trees beside the definition written out with Node's own SHA-256: what a root promises, and what it does not let pass. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { integerOf, naturalOf } from "../../../modules/attribution/batch/numbers.ts";
import {
  EMPTY_SUM,
  type SumLeaf,
  type SumNode,
  SumTree,
  sumParent,
  verifySumPath,
} from "../../../modules/attribution/batch/sum-tree.ts";

const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const sixteenBytes = (sum: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(sum.toString(16).padStart(32, "0"), "hex"));

/** The definition: neighbours are paired, an odd last node rises, a parent's hash covers both sums and both hashes. */
function naiveRoot(leaves: readonly SumLeaf[]): SumNode {
  let level = leaves.map(({ amount, bytes }) => ({ sum: amount, hash: sha256(Uint8Array.of(0), bytes) }));
  while (level.length > 1) {
    const parents: SumNode[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]];
      if (right === undefined) parents.push(left);
      else {
        const hash = sha256(Uint8Array.of(1), sixteenBytes(left.sum), left.hash, sixteenBytes(right.sum), right.hash);
        parents.push({ sum: left.sum + right.sum, hash });
      }
    }
    level = parents as typeof level;
  }
  return level[0] ?? { sum: 0n, hash: sha256() };
}

const leaves = fc.array(
  fc.record({ amount: fc.bigInt({ min: 0n, max: 1n << 64n }), bytes: fc.uint8Array({ maxLength: 8 }) }),
  { maxLength: 20 },
);

describe("a Merkle-sum tree", () => {
  test("has the root that the definition gives, and an empty one that of nothing", () => {
    fc.assert(
      fc.property(leaves, (made) => {
        expect(new SumTree(made).root).toEqual(naiveRoot(made));
      }),
      { numRuns: 300 },
    );
    expect(new SumTree([]).root).toEqual(EMPTY_SUM);
  });

  test("shows every leaf, at its own place alone, with its own amount alone", () => {
    fc.assert(
      fc.property(leaves, fc.nat(), (made, pick) => {
        fc.pre(made.length > 0);
        const tree = new SumTree(made);
        const count = BigInt(made.length);
        const index = pick % made.length;
        const [leaf, path] = [made[index]!, tree.path(index)];
        const shows = (changes: {
          index?: bigint;
          leaf?: SumLeaf;
          path?: typeof path;
          root?: SumNode;
          count?: bigint;
        }) =>
          verifySumPath(
            changes.root ?? tree.root,
            changes.count ?? count,
            changes.index ?? BigInt(index),
            changes.leaf ?? leaf,
            changes.path ?? path,
          );
        expect(shows({})).toBe(true);
        expect(shows({ leaf: { ...leaf, amount: leaf.amount + 1n } })).toBe(false);
        expect(shows({ root: { ...tree.root, sum: tree.root.sum + 1n } })).toBe(false);
        expect(shows({ index: count })).toBe(false);
        expect(shows({ path: [...path, { sum: "0", hash: new Uint8Array(32) }] })).toBe(false);
        path.forEach((node, at) => {
          const more = path.map((each, i) => (i === at ? { ...node, sum: `${BigInt(node.sum) + 1n}` } : each));
          expect(shows({ path: more })).toBe(false);
          expect(shows({ path: path.filter((_, i) => i !== at) })).toBe(false);
          // The same number written in another way is none.
          expect(shows({ path: path.map((each, i) => (i === at ? { ...node, sum: `0${node.sum}` } : each)) })).toBe(
            false,
          );
        });
      }),
      { numRuns: 300 },
    );
  });

  test("covers both children's sums: moving a unit from one to the other changes the parent, though its sum is the same", () => {
    const [left, right] = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))];
    const before = sumParent({ sum: 5n, hash: left }, { sum: 7n, hash: right });
    const after = sumParent({ sum: 6n, hash: left }, { sum: 6n, hash: right });
    expect(after.sum).toBe(before.sum);
    expect(after.hash).not.toEqual(before.hash);
  });

  test("promises nothing that its leaves have not: a parent with another sum has no opening below it", () => {
    // A host that writes more into an inner node than its children hold, and commits to the root above it.
    const made = [1n, 2n, 3n, 4n].map((amount) => ({ amount, bytes: sixteenBytes(amount) }));
    const [a, b] = [new SumTree(made.slice(0, 2)).root, new SumTree(made.slice(2)).root];
    const forged = sumParent({ ...a, sum: a.sum + 90n }, b);
    const path = new SumTree(made).path(0);
    expect(verifySumPath(forged, 4n, 0n, made[0]!, path)).toBe(false);
    const raised = [path[0]!, path[1]!];
    expect(verifySumPath(forged, 4n, 0n, { ...made[0]!, amount: 91n }, raised)).toBe(false);
  });

  test("has sums below 2^128, as openings have", () => {
    const half = { sum: 1n << 127n, hash: new Uint8Array(32) };
    expect(() => sumParent(half, half)).toThrow("2^128");
    const leaf = { amount: 1n << 127n, bytes: new Uint8Array(0) };
    const sibling = { sum: `${1n << 127n}`, hash: new Uint8Array(32) };
    expect(verifySumPath({ sum: 1n << 128n, hash: new Uint8Array(32) }, 2n, 0n, leaf, [sibling])).toBe(false);
    expect(verifySumPath(EMPTY_SUM, 1n, 0n, { ...leaf, amount: -1n }, [])).toBe(false);
  });
});

describe("numbers in leaves", () => {
  test("have one way to be written", () => {
    for (const text of ["0", "1", "10", `${1n << 127n}`, "9".repeat(100)]) expect(naturalOf(text)).toBe(BigInt(text));
    for (const text of ["", "00", "01", "+1", "-1", " 1", "1 ", "1e3", "0x1", "1_000", "٣", "9".repeat(101)]) {
      expect(naturalOf(text)).toBeUndefined();
    }
    expect([integerOf("-7"), integerOf("7"), integerOf("0")]).toEqual([-7n, 7n, 0n]);
    for (const text of ["-0", "--1", "-01", "- 1", "-"]) expect(integerOf(text)).toBeUndefined();
  });
});
