/**
 * Owns commits: their hash, their form and the check that enough of a validator set signed, in the three strengths of
 * CometBFT's types/validation.go. It does not own how votes are gathered (chain/consensus).
 */
import { concat, equalBytes, hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId } from "./block-id.ts";
import { equalBlockIds, formatBlockId, isCompleteBlockId, isZeroBlockId, upperHex, ZERO_BLOCK_ID } from "./block-id.ts";
import type { Verifier } from "./crypto.ts";
import { NotEnoughVotingPowerError, ValidationError, within } from "./errors.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import { multiplySafe64 } from "./int.ts";
import { ADDRESS_BYTES, MAX_SIGNATURE_BYTES, MAX_VOTES } from "./limits.ts";
import { merkleRoot } from "./merkle.ts";
import type { Timestamp, WeightedTime } from "./time.ts";
import { isZeroTime, validateTime, weightedMedian, ZERO_TIME } from "./time.ts";
import type { Validator } from "./validator.ts";
import { verifySignature } from "./validator.ts";
import type { ValidatorSet } from "./validator-set.ts";
import { validatorIndex } from "./validator-set.ts";
import type { Vote } from "./vote.ts";
import { SIGNED_PRECOMMIT, voteSignTemplate } from "./vote.ts";
import { bytesField, messageField, timestampBytes, varintField } from "./wire.ts";

/** Precommits for one block, one place per validator (tendermint.types.Commit). */
export type Commit = Messages["tendermint.types.Commit"];
/** One validator's place in a commit. */
export type CommitSig = Messages["tendermint.types.CommitSig"];

/** What a validator did (tendermint.types.BlockIDFlag). */
export const BLOCK_ID_FLAG_ABSENT = 1;
export const BLOCK_ID_FLAG_COMMIT = 2;
export const BLOCK_ID_FLAG_NIL = 3;

const NOTHING = new Uint8Array(0);

/** A part of one: numerator over denominator. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The commit a chain's first block carries: of height 0, signed by nobody. */
export const EMPTY_COMMIT: Commit = { height: 0n, round: 0, blockId: ZERO_BLOCK_ID, signatures: [] };

/** The place of a validator that did not vote. */
export const ABSENT_COMMIT_SIG: CommitSig = {
  blockIdFlag: BLOCK_ID_FLAG_ABSENT,
  validatorAddress: new Uint8Array(0),
  timestamp: ZERO_TIME,
  signature: new Uint8Array(0),
};

/** LastCommitHash: Merkle root over the signatures in their order. */
export function commitHash(commit: Commit, hasher: Hasher = nobleHasher): Uint8Array {
  return merkleRoot(
    commit.signatures.map((signature) =>
      concat(
        varintField(1, BigInt(signature.blockIdFlag)),
        bytesField(2, signature.validatorAddress),
        messageField(3, timestampBytes(signature.timestamp)),
        bytesField(4, signature.signature),
      ),
    ),
    hasher,
  );
}

/** Throws ValidationError unless the commit has the right form (Commit.ValidateBasic). */
export function validateCommit(commit: Commit): void {
  if (commit.height < 0n) throw new ValidationError("negative Height");
  if (commit.round < 0) throw new ValidationError("negative Round");
  if (commit.height < 1n) return;
  if (isZeroBlockId(commit.blockId)) throw new ValidationError("commit cannot be for nil block");
  if (commit.signatures.length === 0) throw new ValidationError("no signatures in commit");
  if (commit.signatures.length > MAX_VOTES) {
    throw new ValidationError(`too many signatures in commit (max: ${MAX_VOTES})`);
  }
  commit.signatures.forEach((signature, i) => {
    within(`wrong CommitSig #${i}`, () => validateCommitSig(signature));
  });
}

/** Throws ValidationError unless the place has the right form (CommitSig.ValidateBasic). */
export function validateCommitSig(signature: CommitSig): void {
  if (signature.blockIdFlag === BLOCK_ID_FLAG_ABSENT) {
    if (signature.validatorAddress.length !== 0) throw new ValidationError("validator address is present");
    if (!isZeroTime(signature.timestamp)) throw new ValidationError("time is present");
    if (signature.signature.length !== 0) throw new ValidationError("signature is present");
    return;
  }
  if (signature.blockIdFlag !== BLOCK_ID_FLAG_COMMIT && signature.blockIdFlag !== BLOCK_ID_FLAG_NIL) {
    throw new ValidationError(`unknown BlockIDFlag: ${signature.blockIdFlag}`);
  }
  if (signature.validatorAddress.length !== ADDRESS_BYTES) {
    throw new ValidationError(
      `expected ValidatorAddress size to be ${ADDRESS_BYTES} bytes, got ${signature.validatorAddress.length} bytes`,
    );
  }
  within("wrong Timestamp", () => validateTime(signature.timestamp));
  if (signature.signature.length === 0) throw new ValidationError("signature is missing");
  if (signature.signature.length > MAX_SIGNATURE_BYTES) {
    throw new ValidationError(`signature is too big (max: ${MAX_SIGNATURE_BYTES})`);
  }
}

/** The place of a validator that sent `vote`; undefined is one that did not vote (Vote.CommitSig). */
export function commitSigOf(vote: Vote | undefined): CommitSig {
  if (vote === undefined) return ABSENT_COMMIT_SIG;
  const forNothing = isZeroBlockId(vote.blockId);
  if (!forNothing && !isCompleteBlockId(vote.blockId)) {
    throw new ValidationError("Invalid vote - expected BlockID to be either empty or complete");
  }
  return {
    blockIdFlag: forNothing ? BLOCK_ID_FLAG_NIL : BLOCK_ID_FLAG_COMMIT,
    validatorAddress: vote.validatorAddress,
    timestamp: vote.timestamp,
    signature: vote.signature,
  };
}

/** The vote behind place `index` of a commit. Throws ValidationError for an absent one. */
export function voteOf(commit: Commit, index: number): Vote {
  const place = commit.signatures[index];
  if (place === undefined || place.blockIdFlag === BLOCK_ID_FLAG_ABSENT) {
    throw new ValidationError(`no vote at index ${index} of the commit`);
  }
  return {
    type: SIGNED_PRECOMMIT,
    height: commit.height,
    round: commit.round,
    blockId: blockIdOf(place, commit.blockId),
    timestamp: place.timestamp,
    validatorAddress: place.validatorAddress,
    validatorIndex: index,
    signature: place.signature,
    extension: NOTHING,
    extensionSignature: NOTHING,
  };
}

/** The bytes the validator at place `index` signed. Shared parts are encoded once per commit. */
export function commitSignBytes(chainId: string, commit: Commit): (index: number) => Uint8Array {
  const templates = new Map<number, (timestamp: Timestamp) => Uint8Array>();
  return (index) => {
    const place = commit.signatures[index];
    if (place === undefined) throw new ValidationError(`no signature at index ${index} of the commit`);
    let template = templates.get(place.blockIdFlag);
    if (template === undefined) {
      const blockId = blockIdOf(place, commit.blockId);
      template = voteSignTemplate(chainId, {
        type: SIGNED_PRECOMMIT,
        height: commit.height,
        round: commit.round,
        blockId,
      });
      templates.set(place.blockIdFlag, template);
    }
    return template(place.timestamp);
  };
}

/**
 * Throws unless more than two thirds of the power signed `blockId` and every signature present is valid, nil votes
 * included (VerifyCommit). Blocks are checked with this one: rewards depend on every signature in it.
 */
export function verifyCommit(
  chainId: string,
  validators: ValidatorSet,
  blockId: BlockId,
  height: bigint,
  commit: Commit,
  verifier: Verifier,
): void {
  checkCommitFits(validators, commit, height, blockId);
  tally({ chainId, validators, commit, verifier, needed: twoThirds(validators), byIndex: true, all: true });
}

/** Throws unless more than two thirds of the power signed `blockId`; stops as soon as that is known. */
export function verifyCommitLight(
  chainId: string,
  validators: ValidatorSet,
  blockId: BlockId,
  height: bigint,
  commit: Commit,
  verifier: Verifier,
  allSignatures = false,
): void {
  checkCommitFits(validators, commit, height, blockId);
  tally({
    chainId,
    validators,
    commit,
    verifier,
    needed: twoThirds(validators),
    byIndex: true,
    all: allSignatures,
    commitsOnly: true,
  });
}

/**
 * Throws unless more than `trustLevel` of the power of `validators`, a set of another height, signed the commit.
 * Signatures of unknown validators are passed over.
 */
export function verifyCommitLightTrusting(
  chainId: string,
  validators: ValidatorSet,
  commit: Commit,
  trustLevel: Fraction,
  verifier: Verifier,
  allSignatures = false,
): void {
  if (trustLevel.denominator === 0n) throw new ValidationError("trustLevel has zero Denominator");
  const product = multiplySafe64(validators.totalVotingPower, trustLevel.numerator);
  if (product === undefined) {
    throw new ValidationError(
      "int64 overflow while calculating voting power needed. please provide smaller trustLevel numerator",
    );
  }
  const needed = product / trustLevel.denominator;
  tally({ chainId, validators, commit, verifier, needed, byIndex: false, all: allSignatures, commitsOnly: true });
}

/**
 * BFT time (spec/consensus/bft-time.md): the median of the times in the commit, nil votes included, weighted by power.
 * Throws ValidationError when a signer is not in the set.
 */
export function medianTime(commit: Commit, validators: ValidatorSet): Timestamp {
  const index = validatorIndex(validators);
  const times: WeightedTime[] = [];
  let total = 0n;
  for (const signature of commit.signatures) {
    if (signature.blockIdFlag === BLOCK_ID_FLAG_ABSENT) continue;
    const place = index.get(hex(signature.validatorAddress));
    if (place === undefined) {
      throw new ValidationError(`commit validator not found in validator set: ${upperHex(signature.validatorAddress)}`);
    }
    const { votingPower } = validators.validators[place] as Validator;
    total += votingPower;
    times.push({ time: signature.timestamp, weight: votingPower });
  }
  return weightedMedian(times, total);
}

function blockIdOf(place: { readonly blockIdFlag: number }, commitBlockId: BlockId): BlockId {
  return place.blockIdFlag === BLOCK_ID_FLAG_COMMIT ? commitBlockId : ZERO_BLOCK_ID;
}

function twoThirds(validators: ValidatorSet): bigint {
  return (validators.totalVotingPower * 2n) / 3n;
}

function checkCommitFits(validators: ValidatorSet, commit: Commit, height: bigint, blockId: BlockId): void {
  if (validators.validators.length !== commit.signatures.length) {
    throw new ValidationError(
      `Invalid commit -- wrong set size: ${validators.validators.length} vs ${commit.signatures.length}`,
    );
  }
  if (height !== commit.height) {
    throw new ValidationError(`Invalid commit -- wrong height: ${height} vs ${commit.height}`);
  }
  if (!equalBlockIds(blockId, commit.blockId)) {
    throw new ValidationError(
      `invalid commit -- wrong block ID: want ${formatBlockId(blockId)}, got ${formatBlockId(commit.blockId)}`,
    );
  }
}

interface Tally {
  readonly chainId: string;
  readonly validators: ValidatorSet;
  readonly commit: Commit;
  readonly verifier: Verifier;
  /** Power that must be exceeded. */
  readonly needed: bigint;
  /** Whether place i belongs to validator i; otherwise validators are found by address. */
  readonly byIndex: boolean;
  /** Whether to go on checking signatures after the power suffices. */
  readonly all: boolean;
  /** Whether to look at votes for the block only; otherwise nil votes are checked too, though never counted. */
  readonly commitsOnly?: boolean;
}

/** verifyCommitSingle: checks signatures in order and adds up the power of those for the block. */
function tally({ chainId, validators, commit, verifier, needed, byIndex, all, commitsOnly = false }: Tally): void {
  const places = byIndex ? undefined : validatorIndex(validators);
  const signBytes = commitSignBytes(chainId, commit);
  const seen = new Map<number, number>();
  let power = 0n;
  for (let i = 0; i < commit.signatures.length; i++) {
    const signature = commit.signatures[i] as CommitSig;
    const forBlock = signature.blockIdFlag === BLOCK_ID_FLAG_COMMIT;
    if (commitsOnly ? !forBlock : signature.blockIdFlag === BLOCK_ID_FLAG_ABSENT) continue;
    within(`invalid signature at index ${i}`, () => validateCommitSig(signature));
    const place = places === undefined ? i : places.get(hex(signature.validatorAddress));
    if (place === undefined) continue;
    const validator = validators.validators[place] as Validator;
    if (!equalBytes(validator.address, signature.validatorAddress)) {
      throw new ValidationError(
        `validator address mismatch at index ${i}: expected ${upperHex(validator.address)}, got ${upperHex(signature.validatorAddress)}`,
      );
    }
    const first = seen.get(place);
    if (first !== undefined) {
      throw new ValidationError(`double vote from ${upperHex(validator.address)} (${first} and ${i})`);
    }
    seen.set(place, i);
    if (!verifySignature(validator.pubKey, signBytes(i), signature.signature, verifier)) {
      throw new ValidationError(`wrong signature (#${i}): ${upperHex(signature.signature)}`);
    }
    if (forBlock) power += validator.votingPower;
    if (!all && power > needed) return;
  }
  if (power <= needed) throw new NotEnoughVotingPowerError(power, needed);
}
