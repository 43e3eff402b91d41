// The app hash over the roots of stores, written apart from the product (cosmos-sdk store/types/commit_info.go).
import { createHash } from "node:crypto";

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A Merkle tree (RFC 6962) over length-prefixed names and the hashes of roots. */
export function appHashOf(roots: ReadonlyMap<string, Uint8Array>): Buffer {
  const leaves = [...roots]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, root]) =>
      sha256(Uint8Array.of(0), Uint8Array.of(name.length), Buffer.from(name), Uint8Array.of(32), sha256(root)),
    );
  const rootOf = (nodes: readonly Buffer[]): Buffer => {
    if (nodes.length === 1) return nodes[0]!;
    let split = 1;
    while (split * 2 < nodes.length) split *= 2;
    return sha256(Uint8Array.of(1), rootOf(nodes.slice(0, split)), rootOf(nodes.slice(split)));
  };
  return rootOf(leaves);
}
