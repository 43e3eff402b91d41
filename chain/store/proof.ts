// Owns: checking ICS-23 proofs: that a key has a value, or is absent, under a root. Pure, and alone: a browser may import
// this file and its steps (proof-ops.ts) without the rest of the store. Does not own building proofs (iavl/prove.ts).
// Source: cosmos/ics23 proofs.proto and go/proof.go, with its present rules (layer numbers, strict neighbours).
//
// Batch and compressed proofs are refused: no query of this chain answers with them.

import { compareBytes, equalBytes } from "../../proto/bytes.ts";
import { DecodeError, decode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { DEFAULT_PROOF_DEPTH, MAX_PROOF_BYTES } from "./limits.ts";
import {
  applyInner,
  applyLeaf,
  checkExactStep,
  checkInner,
  checkLeaf,
  type InnerOp,
  type InnerSpec,
  iavlSpec,
  ProofError,
  type ProofSpec,
  prehash,
  tendermintSpec,
} from "./proof-ops.ts";

export { iavlSpec, ProofError, type ProofSpec, smtSpec, tendermintSpec } from "./proof-ops.ts";

export type CommitmentProof = Messages["cosmos.ics23.v1.CommitmentProof"];
export type ExistenceProof = Messages["cosmos.ics23.v1.ExistenceProof"];
export type NonExistenceProof = Messages["cosmos.ics23.v1.NonExistenceProof"];

/** One operation of an `abci_query` answer, as the RPC gives it. */
export interface QueryProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** Decodes a proof. Throws ProofError unless the bytes are its one canonical encoding: no unknown or repeated field. */
export function decodeProof(bytes: Uint8Array): CommitmentProof {
  if (bytes.length > MAX_PROOF_BYTES) throw new ProofError(`proof of ${bytes.length} bytes is too long`);
  try {
    return decode("cosmos.ics23.v1.CommitmentProof", bytes, "adr027");
  } catch (error) {
    if (error instanceof DecodeError) throw new ProofError(`malformed proof: ${error.message}`);
    throw error;
  }
}

/** Throws ProofError unless `proof` shows that `key` has `value` under `root`. */
export function verifyMembership(
  spec: ProofSpec,
  root: Uint8Array,
  proof: CommitmentProof,
  key: Uint8Array,
  value: Uint8Array,
): void {
  const { exist } = only(proof);
  if (exist === undefined) throw new ProofError("not a proof of existence");
  verifyExistence(spec, root, exist, key, value);
}

/** Throws ProofError unless `proof` shows that `key` is absent under `root`. */
export function verifyNonMembership(spec: ProofSpec, root: Uint8Array, proof: CommitmentProof, key: Uint8Array): void {
  const { nonexist } = only(proof);
  if (nonexist === undefined) throw new ProofError("not a proof of absence");
  verifyAbsence(spec, root, nonexist, key);
}

/**
 * Throws ProofError unless the two operations of an `abci_query` answer lead from `key` of `store` with `value` (or,
 * for `undefined`, from its absence) to `appHash`: the app hash of the header after the queried height.
 */
export function verifyQueryProof(
  appHash: Uint8Array,
  store: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
  ops: readonly QueryProofOp[],
): void {
  const [iavl, simple] = ops;
  if (ops.length !== 2 || iavl === undefined || simple === undefined) {
    throw new ProofError(`a query proof has two operations, not ${ops.length}`);
  }
  if (iavl.type !== "ics23:iavl" || simple.type !== "ics23:simple") throw new ProofError("unknown proof operations");
  if (!equalBytes(iavl.key, key)) throw new ProofError("the proof is of another key");
  if (!equalBytes(simple.key, store)) throw new ProofError("the proof is of another store");
  const ofKey = decodeProof(iavl.data);
  const ofStore = decodeProof(simple.data);
  const storeRoot = only(ofStore).exist?.value;
  if (storeRoot === undefined) throw new ProofError("the store's proof is not a proof of existence");
  if (value === undefined) verifyNonMembership(iavlSpec, storeRoot, ofKey, key);
  else verifyMembership(iavlSpec, storeRoot, ofKey, key, value);
  verifyMembership(tendermintSpec, appHash, ofStore, store, storeRoot);
}

/** The root a proof leads to, whatever its form: to be checked by one of the functions above before it is believed. */
export function proofRoot(proof: CommitmentProof): Uint8Array {
  const { exist, nonexist } = only(proof);
  const existence = exist ?? nonexist?.left ?? nonexist?.right;
  if (existence === undefined) throw new ProofError("the proof leads to no root");
  return existenceRoot(existence);
}

/** The root an existence proof leads to. Throws ProofError when it cannot be computed. */
export function existenceRoot(proof: ExistenceProof, spec?: ProofSpec): Uint8Array {
  if (proof.leaf === undefined) throw new ProofError("existence Proof needs defined LeafOp");
  const childSize = spec?.innerSpec?.childSize ?? 0;
  let hash = applyLeaf(proof.leaf, proof.key, proof.value);
  for (const step of proof.path) {
    hash = applyInner(step, hash);
    if (childSize >= 32 && hash.length > childSize) throw new ProofError("inner, hash is longer than a child");
  }
  return hash;
}

/** Throws ProofError unless every step of the proof is one of the specification. */
export function checkAgainstSpec(proof: ExistenceProof, spec: ProofSpec): void {
  if (proof.leaf === undefined) throw new ProofError("existence Proof needs defined LeafOp");
  within("leaf", () => checkLeaf(proof.leaf!, spec));
  const depth = proof.path.length;
  if (spec.minDepth > 0 && depth < spec.minDepth) throw new ProofError(`innerOps depth too short: ${depth}`);
  const maxDepth = spec.maxDepth === 0 ? DEFAULT_PROOF_DEPTH : spec.maxDepth;
  if (depth > maxDepth) throw new ProofError(`innerOps depth too long: ${depth}`);
  proof.path.forEach((step, i) => {
    within("inner", () => checkInner(step, spec, i + 1));
  });
}

function within(part: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof ProofError) throw new ProofError(`${part}, ${error.message}`);
    throw error;
  }
}

/** The proof, when it is one of the two single kinds and nothing besides. */
function only(proof: CommitmentProof): CommitmentProof {
  const kinds = [proof.exist, proof.nonexist, proof.batch, proof.compressed].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) throw new ProofError("a proof must be of exactly one kind");
  if (proof.batch !== undefined || proof.compressed !== undefined)
    throw new ProofError("batch proofs are not accepted");
  return proof;
}

function verifyExistence(
  spec: ProofSpec,
  root: Uint8Array,
  proof: ExistenceProof,
  key: Uint8Array,
  value: Uint8Array,
): void {
  checkAgainstSpec(proof, spec);
  for (const step of proof.path) checkExactStep(step, spec);
  if (!equalBytes(key, proof.key)) throw new ProofError("provided key doesn't match proof");
  if (!equalBytes(value, proof.value)) throw new ProofError("provided value doesn't match proof");
  if (!equalBytes(existenceRoot(proof, spec), root))
    throw new ProofError("calculated root doesn't match provided root");
}

function verifyAbsence(spec: ProofSpec, root: Uint8Array, proof: NonExistenceProof, key: Uint8Array): void {
  const { left, right } = proof;
  const { innerSpec } = spec;
  if (innerSpec === undefined) throw new ProofError("spec.InnerSpec must be non-nil");
  // A sparse tree's proof names the hash by which it places the key.
  const place = comparable(spec, key);
  if (!equalBytes(proof.key, place)) throw new ProofError("provided key doesn't match proof");
  if (left !== undefined) within("left proof", () => verifyExistence(spec, root, left, left.key, left.value));
  if (right !== undefined) within("right proof", () => verifyExistence(spec, root, right, right.key, right.value));
  if (right !== undefined && compareBytes(place, comparable(spec, right.key)) >= 0) {
    throw new ProofError("key is not left of right proof");
  }
  if (left !== undefined && compareBytes(place, comparable(spec, left.key)) <= 0) {
    throw new ProofError("key is not right of left proof");
  }
  if (left !== undefined && right !== undefined) {
    if (!areNeighbours(innerSpec, left.path, right.path)) throw new ProofError("the two proofs are not neighbours");
  } else if (right !== undefined) {
    if (!isLeftMost(innerSpec, right.path)) throw new ProofError("left proof missing, right proof must be left-most");
  } else if (left !== undefined) {
    if (!isRightMost(innerSpec, left.path)) throw new ProofError("right proof missing, left proof must be right-most");
  } else throw new ProofError("both left and right proofs missing");
}

/** What keys are ordered by: themselves, or in sparse trees their hashes. */
function comparable(spec: ProofSpec, key: Uint8Array): Uint8Array {
  return spec.prehashKeyBeforeComparison && spec.leafSpec !== undefined ? prehash(spec.leafSpec.prehashKey, key) : key;
}

/** Whether nothing lies left of the path, empty placeholders aside. */
function isLeftMost(spec: InnerSpec, path: readonly InnerOp[]): boolean {
  return path.every((step) => hasPadding(step, padding(spec, 0)) || leftBranchesAreEmpty(spec, step));
}

/** Whether nothing lies right of the path, empty placeholders aside. */
function isRightMost(spec: InnerSpec, path: readonly InnerOp[]): boolean {
  const last = spec.childOrder.length - 1;
  return path.every((step) => hasPadding(step, padding(spec, last)) || rightBranchesAreEmpty(spec, step));
}

/**
 * Whether `right` is the next leaf after `left`: above a common part the two paths part at neighbouring children, and
 * below that one runs along the right edge and the other along the left edge.
 */
function areNeighbours(spec: InnerSpec, left: readonly InnerOp[], right: readonly InnerOp[]): boolean {
  let leftAt = left.length - 1;
  let rightAt = right.length - 1;
  while (leftAt >= 0 && rightAt >= 0) {
    const a = left[leftAt]!;
    const b = right[rightAt]!;
    if (!equalBytes(a.prefix, b.prefix) || !equalBytes(a.suffix, b.suffix)) break;
    leftAt--;
    rightAt--;
  }
  const topLeft = left[leftAt];
  const topRight = right[rightAt];
  // One path ran out inside the other: they cannot both end in leaves of one tree.
  if (topLeft === undefined || topRight === undefined) return false;
  return (
    branchOf(spec, topRight) === branchOf(spec, topLeft) + 1 &&
    isRightMost(spec, left.slice(0, leftAt)) &&
    isLeftMost(spec, right.slice(0, rightAt))
  );
}

interface Padding {
  readonly minPrefix: number;
  readonly maxPrefix: number;
  readonly suffix: number;
}

/** How long prefix and suffix are for a child at `branch`. */
function padding(spec: InnerSpec, branch: number): Padding {
  const position = positionOf(spec, branch);
  const before = position * spec.childSize;
  return {
    minPrefix: before + spec.minPrefixLength,
    maxPrefix: before + spec.maxPrefixLength,
    suffix: (spec.childOrder.length - 1 - position) * spec.childSize,
  };
}

function hasPadding(op: InnerOp, { minPrefix, maxPrefix, suffix }: Padding): boolean {
  return op.prefix.length >= minPrefix && op.prefix.length <= maxPrefix && op.suffix.length === suffix;
}

function positionOf(spec: InnerSpec, branch: number): number {
  const position = spec.childOrder.indexOf(branch);
  if (branch < 0 || branch >= spec.childOrder.length || position < 0) throw new ProofError(`invalid branch: ${branch}`);
  return position;
}

/** Which child the step's own one is. */
function branchOf(spec: InnerSpec, op: InnerOp): number {
  for (let branch = 0; branch < spec.childOrder.length; branch++) {
    if (hasPadding(op, padding(spec, branch))) return branch;
  }
  throw new ProofError("cannot find any valid spacing for this node");
}

/** Whether every child left of the step's own is the empty placeholder. */
export function leftBranchesAreEmpty(spec: InnerSpec, op: InnerOp): boolean {
  const branches = branchOf(spec, op);
  const start = op.prefix.length - branches * spec.childSize;
  if (branches === 0 || start < 0) return false;
  for (let branch = 0; branch < branches; branch++) {
    const from = start + positionOf(spec, branch) * spec.childSize;
    if (!equalBytes(spec.emptyChild, op.prefix.subarray(from, from + spec.childSize))) return false;
  }
  return true;
}

/** Whether every child right of the step's own is the empty placeholder. */
export function rightBranchesAreEmpty(spec: InnerSpec, op: InnerOp): boolean {
  const branches = spec.childOrder.length - 1 - branchOf(spec, op);
  if (branches === 0 || op.suffix.length !== branches * spec.childSize) return false;
  for (let branch = 0; branch < branches; branch++) {
    const from = positionOf(spec, branch) * spec.childSize;
    if (!equalBytes(spec.emptyChild, op.suffix.subarray(from, from + spec.childSize))) return false;
  }
  return true;
}
