/**
 * Owns the accumulator of a datanet's records: a Merkle mountain range whose peaks, hashed together from the right, are
 * the RFC 6962 root over all records that were ever accepted, so its proofs are checked as any other of the chain.
 *
 * Leaves are made anew from the records; of the inner nodes only the roots of 256, 65,536 and so on records are kept. So
 * a record costs one 256th of an entry, and a proof reads at most 256 leaves and 256 nodes for each eight levels.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import { innerHash, leafHash, type MerkleProof, splitPoint } from "../../../chain/types/merkle.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { DatanetKeeper, Record } from "../keeper.ts";
import { state } from "../state.ts";

type Accumulator = Messages["tributary.datanet.v1.Accumulator"];

/** Every how many levels a node is kept. */
const KEPT_LEVELS = 8;

/** What the accumulator holds for a record: what never changes about it. */
export function recordLeaf({ datanetId, number, contentHash, length, textRoot }: Record): Uint8Array {
  return encode("tributary.datanet.v1.RecordLeaf", { datanetId, number, contentHash, length, textRoot });
}

/** The accumulator of a datanet; empty before its first record. */
export function accumulatorOf(ctx: Read, datanetId: bigint): Accumulator {
  return state.accumulators.get(ctx, datanetId) ?? { datanetId, size: 0n, peaks: [] };
}

/** Appends a datanet's next record. */
export function appendRecord(keeper: DatanetKeeper, ctx: Write, record: Record): void {
  const { hasher } = keeper.uses;
  const { datanetId } = record;
  const { size, peaks } = accumulatorOf(ctx, datanetId);
  if (record.number !== size + 1n) throw new Error(`record ${record.number} is appended to ${size}`);
  const kept = [...peaks];
  let hash = leafHash(recordLeaf(record), hasher);
  // Each lowest bit of the size that is set is a tree as tall as the new one: the two become one.
  let level = 0;
  for (let rest = size; (rest & 1n) === 1n; rest >>= 1n) {
    hash = innerHash(kept.pop()!, hash, hasher);
    level++;
    if (level % KEPT_LEVELS === 0) state.accumulatorNodes.set(ctx, [datanetId, level, size >> BigInt(level)], hash);
  }
  state.accumulators.set(ctx, datanetId, { datanetId, size: size + 1n, peaks: [...kept, hash] });
}

/** The RFC 6962 root over all records; that of no records is the hash of nothing. */
export function rootOf({ peaks }: Accumulator, hasher: Hasher): Uint8Array {
  if (peaks.length === 0) return hasher.hash(new Uint8Array(0));
  return peaks.reduceRight((right, peak) => innerHash(peak, right, hasher));
}

/** The proof that record `number` is under the root. */
export function proveRecord(keeper: DatanetKeeper, ctx: Read, record: Record): MerkleProof {
  const { size } = accumulatorOf(ctx, record.datanetId);
  const tree = new RecordTree(keeper, ctx, record.datanetId);
  const index = record.number - 1n;
  const aunts = tree.aunts(index, 0n, size);
  return { total: size, index, leafHash: leafHash(recordLeaf(record), keeper.uses.hasher), aunts };
}

/** The tree over a datanet's records, read from what is kept of it. */
class RecordTree {
  readonly #keeper: DatanetKeeper;
  readonly #ctx: Read;
  readonly #datanetId: bigint;

  constructor(keeper: DatanetKeeper, ctx: Read, datanetId: bigint) {
    this.#keeper = keeper;
    this.#ctx = ctx;
    this.#datanetId = datanetId;
  }

  /** The aunts of leaf `index` in the tree over `size` leaves from `start` on, the leaf's sibling first. */
  aunts(index: bigint, start: bigint, size: bigint): readonly Uint8Array[] {
    if (size === 1n) return [];
    const left = splitPoint(size);
    if (index < start + left) return [...this.aunts(index, start, left), this.#hash(start + left, size - left)];
    return [...this.aunts(index, start + left, size - left), this.#hash(start, left)];
  }

  /** The root over `size` leaves from `start` on. */
  #hash(start: bigint, size: bigint): Uint8Array {
    if (size === 1n) return this.#leaf(start);
    const left = splitPoint(size);
    const level = bitLength(size) - 1;
    // A perfect tree of a kept level; `start` is a multiple of its size, as everywhere in RFC 6962.
    if (left * 2n === size && level % KEPT_LEVELS === 0) return this.#node(level, start >> BigInt(level));
    return innerHash(this.#hash(start, left), this.#hash(start + left, size - left), this.#keeper.uses.hasher);
  }

  #leaf(index: bigint): Uint8Array {
    return leafHash(recordLeaf(this.#keeper.record(this.#ctx, this.#datanetId, index + 1n)), this.#keeper.uses.hasher);
  }

  #node(level: number, index: bigint): Uint8Array {
    const hash = state.accumulatorNodes.get(this.#ctx, [this.#datanetId, level, index]);
    if (hash === undefined) throw new Error(`node ${level}/${index} of datanet ${this.#datanetId} was not kept`);
    return hash;
  }
}

function bitLength(size: bigint): number {
  return size.toString(2).length;
}
