import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  computeMerkleRoot,
  MerkleError,
  merkleProofs,
  merkleRoot,
  parseKeyPath,
  verifyMerkleProof,
} from "../../../chain/types/merkle.ts";
import { utf8 } from "../../../proto/bytes.ts";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

/** RFC 6962 section 2.1, word for word. */
function treeHead(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0] as Uint8Array);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Uint8Array.of(1), treeHead(leaves.slice(0, k)), treeHead(leaves.slice(k)));
}

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8(`leaf ${i}`));

describe("a Merkle tree", () => {
  test("has the root RFC 6962 defines, for every size", () => {
    for (let count = 0; count <= 70; count++) {
      expect(Uint8Array.from(treeHead(leavesOf(count)))).toEqual(merkleRoot(leavesOf(count)));
    }
  });

  test("proves every leaf, and only that leaf at that place", () => {
    for (let count = 1; count <= 40; count++) {
      const leaves = leavesOf(count);
      const { root, proofs } = merkleProofs(leaves);
      expect(root).toEqual(merkleRoot(leaves));
      proofs.forEach((proof, i) => {
        verifyMerkleProof(proof, root, leaves[i] as Uint8Array);
        expect(() => verifyMerkleProof(proof, root, utf8("another"))).toThrow("invalid leaf hash");
        expect(() => verifyMerkleProof(proof, sha256(), leaves[i] as Uint8Array)).toThrow("invalid root hash");
        const next = { ...proof, index: BigInt(i + 1) };
        expect(() => verifyMerkleProof(next, root, leaves[i] as Uint8Array)).toThrow(MerkleError);
        const shorter = { ...proof, aunts: proof.aunts.slice(1) };
        if (count > 1) expect(() => verifyMerkleProof(shorter, root, leaves[i] as Uint8Array)).toThrow(MerkleError);
        const longer = { ...proof, aunts: [...proof.aunts, root] };
        expect(() => verifyMerkleProof(longer, root, leaves[i] as Uint8Array)).toThrow(MerkleError);
      });
    }
    expect(merkleProofs([])).toEqual({ root: Uint8Array.from(sha256()), proofs: [] });
  });

  test("refuses proofs of nothing and of negative places", () => {
    const proof = { total: 1n, index: 0n, leafHash: Uint8Array.from(sha256(Uint8Array.of(0))), aunts: [] };
    expect(computeMerkleRoot(proof)).toEqual(proof.leafHash);
    expect(() => computeMerkleRoot({ ...proof, total: 0n })).toThrow("invalid index 0 and/or total 0");
    expect(() => verifyMerkleProof({ ...proof, total: -1n }, proof.leafHash, new Uint8Array(0))).toThrow("total");
    expect(() => verifyMerkleProof({ ...proof, index: -1n }, proof.leafHash, new Uint8Array(0))).toThrow("index");
  });
});

describe("a key path", () => {
  test("is read back whatever its keys are", () => {
    const encode = (key: Uint8Array, asHex: boolean) =>
      asHex
        ? `x:${Buffer.from(key).toString("hex")}`
        : [...key].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array(), fc.boolean()), { minLength: 1 }), (parts) => {
        const path = parts.map(([key, asHex]) => `/${encode(key, asHex)}`).join("");
        expect(parseKeyPath(path)).toEqual(parts.map(([key]) => key));
      }),
    );
    expect(parseKeyPath("/store/a%2Fb")).toEqual([utf8("store"), utf8("a/b")]);
  });

  test("is refused with its own error when it is malformed", () => {
    for (const path of ["", "store", "/x:0", "/x:zz", "/%", "/%4", "/%zz"]) {
      expect(() => parseKeyPath(path), path).toThrow(MerkleError);
    }
  });
});
