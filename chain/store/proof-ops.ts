// Owns: the steps an ICS-23 proof is made of: what a leaf and an inner step compute, and whether one has the form a
// specification asks for. Does not own whole proofs (proof.ts). Pure; imports nothing of the store.
// Source: cosmos/ics23 proofs.proto and go/ops.go; error texts are that library's, since its test tables name them.

import { blake2b, blake2s } from "@noble/hashes/blake2.js";
import { sha512, sha512_256 } from "@noble/hashes/sha2.js";
import { concat, equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { ripemd160, sha256 } from "../types/hash.ts";
import { delimited, varint } from "../types/wire.ts";

export type LeafOp = Messages["cosmos.ics23.v1.LeafOp"];
export type InnerOp = Messages["cosmos.ics23.v1.InnerOp"];
export type InnerSpec = Messages["cosmos.ics23.v1.InnerSpec"];
export type ProofSpec = Messages["cosmos.ics23.v1.ProofSpec"];

/** A proof is not of the form asked for, or does not prove what it should. */
export class ProofError extends Error {
  override readonly name = "ProofError";
}

// Numbers of cosmos.ics23.v1.HashOp.
const HASH = { none: 0, sha256: 1, sha512: 2, ripemd160: 4, bitcoin: 5, sha512_256: 6, blake2b512: 7, blake2s256: 8 };
// Numbers of cosmos.ics23.v1.LengthOp.
const LENGTH = {
  none: 0,
  varProto: 1,
  fixed32Big: 3,
  fixed32Little: 4,
  fixed64Big: 5,
  fixed64Little: 6,
  require32Bytes: 7,
  require64Bytes: 8,
};

const NO_BYTES = new Uint8Array(0);

/** IAVL trees (spec of cosmos/iavl's proofs): a key below a store's root. */
export const iavlSpec: ProofSpec = {
  leafSpec: {
    hash: HASH.sha256,
    prehashKey: HASH.none,
    prehashValue: HASH.sha256,
    length: LENGTH.varProto,
    prefix: Uint8Array.of(0),
  },
  innerSpec: {
    childOrder: [0, 1],
    childSize: 33,
    minPrefixLength: 4,
    maxPrefixLength: 12,
    emptyChild: NO_BYTES,
    hash: HASH.sha256,
  },
  maxDepth: 0,
  minDepth: 0,
  prehashKeyBeforeComparison: false,
};

/** CometBFT's simple Merkle tree: a store's root below the app hash. */
export const tendermintSpec: ProofSpec = {
  leafSpec: {
    hash: HASH.sha256,
    prehashKey: HASH.none,
    prehashValue: HASH.sha256,
    length: LENGTH.varProto,
    prefix: Uint8Array.of(0),
  },
  innerSpec: {
    childOrder: [0, 1],
    childSize: 32,
    minPrefixLength: 1,
    maxPrefixLength: 1,
    emptyChild: NO_BYTES,
    hash: HASH.sha256,
  },
  maxDepth: 0,
  minDepth: 0,
  prehashKeyBeforeComparison: false,
};

/** Sparse Merkle trees as celestiaorg/smt makes them; nothing here commits to one, other chains do. */
export const smtSpec: ProofSpec = {
  leafSpec: {
    hash: HASH.sha256,
    prehashKey: HASH.sha256,
    prehashValue: HASH.sha256,
    length: LENGTH.none,
    prefix: Uint8Array.of(0),
  },
  innerSpec: {
    childOrder: [0, 1],
    childSize: 32,
    minPrefixLength: 1,
    maxPrefixLength: 1,
    emptyChild: new Uint8Array(32),
    hash: HASH.sha256,
  },
  maxDepth: 256,
  minDepth: 0,
  prehashKeyBeforeComparison: true,
};

/** Whether two specifications describe the same kind of tree; depths are bounds, not kinds. */
export function isSameSpec(a: ProofSpec, b: ProofSpec): boolean {
  const { leafSpec: leafA, innerSpec: innerA } = a;
  const { leafSpec: leafB, innerSpec: innerB } = b;
  if (leafA === undefined || leafB === undefined || innerA === undefined || innerB === undefined) return false;
  return (
    leafA.hash === leafB.hash &&
    leafA.prehashKey === leafB.prehashKey &&
    leafA.prehashValue === leafB.prehashValue &&
    leafA.length === leafB.length &&
    innerA.hash === innerB.hash &&
    innerA.minPrefixLength === innerB.minPrefixLength &&
    innerA.maxPrefixLength === innerB.maxPrefixLength &&
    innerA.childSize === innerB.childSize &&
    innerA.childOrder.length === innerB.childOrder.length &&
    innerA.childOrder.every((branch, i) => branch === innerB.childOrder[i])
  );
}

/** The hash `op` names, of `preimage`. Keccak and BLAKE3 have numbers but no meaning in the reference either. */
export function applyHash(op: number, preimage: Uint8Array): Uint8Array {
  switch (op) {
    case HASH.sha256:
      return sha256(preimage);
    case HASH.sha512:
      return sha512(preimage);
    case HASH.ripemd160:
      return ripemd160(preimage);
    case HASH.bitcoin:
      return ripemd160(sha256(preimage));
    case HASH.sha512_256:
      return sha512_256(preimage);
    case HASH.blake2b512:
      return blake2b(preimage);
    case HASH.blake2s256:
      return blake2s(preimage);
    default:
      throw new ProofError(`unsupported hashop: ${op}`);
  }
}

/** `data`, hashed when `op` names a hash. */
export function prehash(op: number, data: Uint8Array): Uint8Array {
  return op === HASH.none ? data : applyHash(op, data);
}

/** `data` after its length in the form `op` names. */
export function applyLength(op: number, data: Uint8Array): Uint8Array {
  switch (op) {
    case LENGTH.none:
      return data;
    case LENGTH.varProto:
      return delimited(data);
    case LENGTH.fixed32Big:
      return concat(bigEndian(data.length, 4), data);
    case LENGTH.fixed32Little:
      return concat(bigEndian(data.length, 4).reverse(), data);
    case LENGTH.fixed64Big:
      return concat(bigEndian(data.length, 8), data);
    case LENGTH.fixed64Little:
      return concat(bigEndian(data.length, 8).reverse(), data);
    case LENGTH.require32Bytes:
      if (data.length !== 32) throw new ProofError(`data was ${data.length} bytes, not 32`);
      return data;
    case LENGTH.require64Bytes:
      if (data.length !== 64) throw new ProofError(`data was ${data.length} bytes, not 64`);
      return data;
    default:
      throw new ProofError(`unsupported lengthop: ${op}`);
  }
}

/** The hash of a leaf with this key and value. */
export function applyLeaf(op: LeafOp, key: Uint8Array, value: Uint8Array): Uint8Array {
  if (key.length === 0) throw new ProofError("leaf op needs key");
  if (value.length === 0) throw new ProofError("leaf op needs value");
  const hashedKey = applyLength(op.length, prehash(op.prehashKey, key));
  const hashedValue = applyLength(op.length, prehash(op.prehashValue, value));
  return applyHash(op.hash, concat(op.prefix, hashedKey, hashedValue));
}

/** The hash of a node whose one child has the hash `child`. */
export function applyInner(op: InnerOp, child: Uint8Array): Uint8Array {
  if (child.length === 0) throw new ProofError("inner op needs child value");
  return applyHash(op.hash, concat(op.prefix, child, op.suffix));
}

/** Throws ProofError unless the leaf step is one of the specification. */
export function checkLeaf(op: LeafOp, spec: ProofSpec): void {
  const { leafSpec } = spec;
  if (leafSpec === undefined) throw new ProofError("spec.LeafSpec must be non-nil");
  if (isSameSpec(spec, iavlSpec)) checkIavlStep(op, 0);
  if (op.hash !== leafSpec.hash) throw new ProofError(`unexpected HashOp: ${op.hash}`);
  if (op.prehashKey !== leafSpec.prehashKey) throw new ProofError(`unexpected PrehashKey: ${op.prehashKey}`);
  if (op.prehashValue !== leafSpec.prehashValue) throw new ProofError(`unexpected PrehashValue: ${op.prehashValue}`);
  if (op.length !== leafSpec.length) throw new ProofError(`unexpected LengthOp: ${op.length}`);
  if (!startsWith(op.prefix, leafSpec.prefix)) throw new ProofError("leaf Prefix doesn't start with the spec's");
}

/** Throws ProofError unless the step is one of the specification; `layer` counts steps from 1 above the leaf. */
export function checkInner(op: InnerOp, spec: ProofSpec, layer: number): void {
  const { innerSpec, leafSpec } = spec;
  if (innerSpec === undefined) throw new ProofError("spec.InnerSpec must be non-nil");
  if (leafSpec === undefined) throw new ProofError("spec.LeafSpec must be non-nil");
  if (op.hash !== innerSpec.hash) throw new ProofError(`unexpected HashOp: ${op.hash}`);
  if (isSameSpec(spec, iavlSpec)) checkIavlStep(op, layer);
  if (isSameSpec(spec, tendermintSpec)) checkTendermintStep(op);
  // An inner step that looks like a leaf would let one tree be read as two.
  if (startsWith(op.prefix, leafSpec.prefix)) throw new ProofError("inner Prefix starts with the leaf's");
  if (op.prefix.length < innerSpec.minPrefixLength) {
    throw new ProofError(`innerOp prefix too short (${op.prefix.length})`);
  }
  const leftSiblings = (innerSpec.childOrder.length - 1) * innerSpec.childSize;
  if (op.prefix.length > innerSpec.maxPrefixLength + leftSiblings) {
    throw new ProofError(`innerOp prefix too long (${op.prefix.length})`);
  }
  if (innerSpec.childSize <= 0) throw new ProofError("spec.InnerSpec.ChildSize must be >= 1");
  if (innerSpec.maxPrefixLength >= innerSpec.minPrefixLength + innerSpec.childSize) {
    throw new ProofError(
      "spec.InnerSpec.MaxPrefixLength must be < spec.InnerSpec.MinPrefixLength + spec.InnerSpec.ChildSize",
    );
  }
  if (op.suffix.length % innerSpec.childSize !== 0) throw new ProofError("InnerOp suffix malformed");
}

// IAVL steps begin with height, size and version; what follows them is nothing (leaf), a length byte (left child), or
// the left sibling between two length bytes (right child).
function checkIavlStep(op: LeafOp | InnerOp, layer: number): void {
  const { prefix } = op;
  const [height, afterHeight] = readZigzag(prefix, 0, "height");
  if (height < 0n || height < BigInt(layer)) {
    throw new ProofError(
      `IAVL height (${height}) must be non-negative and greater than or equal to the layer number (${layer})`,
    );
  }
  const [size, afterSize] = readZigzag(prefix, afterHeight, "size");
  if (size < 0n) throw new ProofError("IAVL size must be non-negative");
  const [version, end] = readZigzag(prefix, afterSize, "version");
  if (version < 0n) throw new ProofError("IAVL version must be non-negative");
  const rest = prefix.length - end;
  if (layer === 0) {
    if (rest !== 0) throw new ProofError(`expected remaining prefix length to be 0, got: ${rest}`);
    if (height !== 0n) throw new ProofError(`expected leaf node height to be 0, got: ${height}`);
    if (size !== 1n) throw new ProofError(`expected leaf node size to be 1, got: ${size}`);
    return;
  }
  if (rest !== 1 && rest !== 34) {
    throw new ProofError(`remainder of prefix must be of length 1 or 34, got: ${rest}`);
  }
  if (op.hash !== HASH.sha256) throw new ProofError("IAVL hash op must be SHA256");
}

function checkTendermintStep(op: InnerOp): void {
  if (op.prefix.length === 0) throw new ProofError("inner op prefix must not be empty");
  if (op.prefix[0] !== 1) throw new ProofError("expected inner op prefix to begin with: [1]");
  if (op.suffix.length > 0 && op.prefix.length !== 1) throw new ProofError("expected inner op prefix: [1]");
}

/**
 * Throws ProofError unless a step of the two trees this chain commits to has exactly the bytes such a tree can hash:
 * one child here, the other in prefix or suffix, nothing more. The reference lets a step carry spare bytes that no tree
 * makes; they can only serve a forger.
 */
export function checkExactStep(op: InnerOp, spec: ProofSpec): void {
  const isIavl = isSameSpec(spec, iavlSpec);
  if (!isIavl && !isSameSpec(spec, tendermintSpec)) return;
  let numbers = 1;
  if (isIavl) {
    numbers = 0;
    for (const name of ["height", "size", "version"]) {
      const [value, next] = readZigzag(op.prefix, numbers, name);
      if (next - numbers !== varint(value << 1n).length) throw new ProofError(`IAVL ${name} varint is padded`);
      numbers = next;
    }
  }
  const child = isIavl ? 33 : 32;
  const isLeftChild = op.prefix.length === numbers + child - 32 && op.suffix.length === child;
  const isRightChild = op.prefix.length === numbers + 2 * child - 32 && op.suffix.length === 0;
  if (!isLeftChild && !isRightChild) throw new ProofError("inner op carries bytes that are no node's");
  if (!isIavl) return;
  const lengths = isLeftChild
    ? [op.prefix[numbers], op.suffix[0]]
    : [op.prefix[numbers], op.prefix[op.prefix.length - 1]];
  if (lengths.some((length) => length !== 32)) throw new ProofError("inner op has a child that is no SHA-256 hash");
}

function readZigzag(bytes: Uint8Array, at: number, name: string): readonly [value: bigint, next: number] {
  let raw = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    raw |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte >= 0x80) continue;
    if (raw >> 64n !== 0n) break;
    return [(raw & 1n) === 0n ? raw >> 1n : -(raw >> 1n) - 1n, at + i + 1];
  }
  throw new ProofError(`failed to read IAVL ${name} varint: ${at === bytes.length ? "EOF" : "malformed"}`);
}

function bigEndian(value: number, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest >>>= 8) bytes[i] = rest & 0xff;
  return bytes;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix);
}
