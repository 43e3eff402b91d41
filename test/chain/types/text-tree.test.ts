import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEXT_CHUNK_BYTES } from "../../../chain/types/limits.ts";
import { chunkCount, TextTree, textRoot, verifyChunks } from "../../../chain/types/text-tree.ts";

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** RFC 6962 section 2.1 as it is written there, over the chunks of a text. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Uint8Array.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

function chunksOf(text: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < text.length; i += TEXT_CHUNK_BYTES) chunks.push(text.slice(i, i + TEXT_CHUNK_BYTES));
  return chunks;
}

function textOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 7)) & 255);
}

describe("the tree over a text", () => {
  test("has the root that RFC 6962 defines, for every shape of tree up to 70 chunks", () => {
    for (let chunks = 1; chunks <= 70; chunks++) {
      for (const length of [chunks * TEXT_CHUNK_BYTES, chunks * TEXT_CHUNK_BYTES - 127]) {
        const text = textOf(length);
        expect(chunkCount(length)).toBe(chunks);
        expect(textRoot(text)).toEqual(treeHash(chunksOf(text)));
      }
    }
  });

  test("of one chunk is the hash of a leaf", () => {
    expect(textRoot(Uint8Array.of(1, 2, 3))).toEqual(sha256(Uint8Array.of(0, 1, 2, 3)));
  });

  test("does not exist for an empty text", () => {
    expect(() => textRoot(new Uint8Array(0))).toThrow("empty");
  });
});

describe("a proof of neighbouring chunks", () => {
  test("is accepted for every run of chunks of every shape up to 20 chunks", () => {
    for (let chunks = 1; chunks <= 20; chunks++) {
      const text = textOf(chunks * TEXT_CHUNK_BYTES - 5);
      const tree = new TextTree(text);
      for (let first = 0; first < chunks; first++) {
        for (let last = first; last < chunks; last++) {
          const proof = tree.prove(first, last);
          expect(verifyChunks(tree.root, text.length, first, proof.chunks, proof.path)).toBe(true);
        }
      }
    }
  });

  test("is refused with any byte changed, any hash missing, added or moved, or for another place or length", () => {
    const shape = fc.integer({ min: 2, max: 60 }).chain((chunks) =>
      fc.record({
        length: fc.integer({ min: (chunks - 1) * TEXT_CHUNK_BYTES + 1, max: chunks * TEXT_CHUNK_BYTES }),
        first: fc.integer({ min: 0, max: chunks - 1 }),
        more: fc.integer({ min: 0, max: 5 }),
        at: fc.nat(),
        bit: fc.integer({ min: 0, max: 7 }),
      }),
    );
    fc.assert(
      fc.property(shape, ({ length, first, more, at, bit }) => {
        const text = textOf(length);
        const tree = new TextTree(text);
        const last = Math.min(first + more, chunkCount(length) - 1);
        const { chunks, path } = tree.prove(first, last);
        const accepts = (
          part: Partial<{ length: number; first: number; chunks: Uint8Array; path: readonly Uint8Array[] }>,
        ) =>
          verifyChunks(tree.root, part.length ?? length, part.first ?? first, part.chunks ?? chunks, part.path ?? path);
        expect(accepts({})).toBe(true);
        const flipped = chunks.slice();
        flipped[at % chunks.length]! ^= 1 << bit;
        expect(accepts({ chunks: flipped })).toBe(false);
        expect(accepts({ chunks: chunks.slice(1) })).toBe(false);
        expect(accepts({ first: first + 1 })).toBe(false);
        expect(accepts({ path: [...path, new Uint8Array(32)] })).toBe(false);
        if (path.length > 0) {
          const damaged = path.map((hash) => hash.slice());
          damaged[at % path.length]![at % 32]! ^= 1 << bit;
          expect(accepts({ path: damaged })).toBe(false);
          expect(accepts({ path: path.slice(1) })).toBe(false);
          expect(accepts({ path: [path[0]!.slice(0, 31), ...path.slice(1)] })).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
