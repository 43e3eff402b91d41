/**
 * Owns evidence of misbehaviour: its hashes, its form, the checks that prove it, and how the application is told.
 * It does not own when evidence is looked for or kept (node/engine). Source: CometBFT types/evidence.go and
 * evidence/verify.go.
 */
import { compareBytes, concat, equalBytes } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { blockIdKey, equalBlockIds, formatBlockId, upperHex } from "./block-id.ts";
import type { Fraction } from "./commit.ts";
import { BLOCK_ID_FLAG_COMMIT, verifyCommitLight, verifyCommitLightTrusting } from "./commit.ts";
import type { Verifier } from "./crypto.ts";
import { ValidationError, within } from "./errors.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import type { Header } from "./header.ts";
import { headerHash } from "./header.ts";
import type { LightBlock, SignedHeader } from "./light-block.ts";
import { validateLightBlock } from "./light-block.ts";
import { merkleRoot } from "./merkle.ts";
import type { Timestamp } from "./time.ts";
import { compareTime, formatTime, nanosecondsBetween, validateTime } from "./time.ts";
import type { Validator } from "./validator.ts";
import { compareByPower, publicKeyToAddress, verifySignature } from "./validator.ts";
import type { ValidatorSet } from "./validator-set.ts";
import { findValidator, validatorSetFromProto, validatorSetToProto } from "./validator-set.ts";
import type { Vote } from "./vote.ts";
import { validateVote, voteSignBytes } from "./vote.ts";
import { zigzagVarint } from "./wire.ts";

/** Evidence as blocks carry it: one of the two kinds (tendermint.types.Evidence). */
export type Evidence = Messages["tendermint.types.Evidence"];
/** Two votes of one validator for different blocks in one step. */
export type DuplicateVoteEvidence = Messages["tendermint.types.DuplicateVoteEvidence"];
/** A block that was shown to a light client and is not the chain's. */
export type LightClientAttackEvidence = Messages["tendermint.types.LightClientAttackEvidence"];
/** Misbehaviour as the application is told (tendermint.abci.Misbehavior). */
export type Misbehavior = Messages["tendermint.abci.Misbehavior"];

/** Kinds of misbehaviour (tendermint.abci.MisbehaviorType). */
export const MISBEHAVIOR_DUPLICATE_VOTE = 1;
export const MISBEHAVIOR_LIGHT_CLIENT_ATTACK = 2;

const ONE_THIRD: Fraction = { numerator: 1n, denominator: 3n };

/** The two kinds apart. Throws ValidationError when there is neither or both. */
export function evidenceKind(
  evidence: Evidence,
):
  | { readonly kind: "duplicateVote"; readonly value: DuplicateVoteEvidence }
  | { readonly kind: "lightClientAttack"; readonly value: LightClientAttackEvidence } {
  const { duplicateVoteEvidence: duplicate, lightClientAttackEvidence: attack } = evidence;
  if (duplicate !== undefined && attack === undefined) return { kind: "duplicateVote", value: duplicate };
  if (attack !== undefined && duplicate === undefined) return { kind: "lightClientAttack", value: attack };
  throw new ValidationError("evidence is not recognized");
}

/** Encoding of the concrete kind, not of the oneof around it: the leaf of EvidenceHash. */
export function evidenceBytes(evidence: Evidence): Uint8Array {
  const { kind, value } = evidenceKind(evidence);
  if (kind === "duplicateVote") return encode("tendermint.types.DuplicateVoteEvidence", value);
  return encode("tendermint.types.LightClientAttackEvidence", {
    ...value,
    conflictingBlock: value.conflictingBlock && {
      ...value.conflictingBlock,
      // Go recomputes totals and writes them as zero, so a sender's own number must not reach the hash.
      validatorSet: value.conflictingBlock.validatorSet && validatorSetToProto(value.conflictingBlock.validatorSet),
    },
  });
}

/** EvidenceHash of a header: Merkle root over the block's evidence. */
export function evidenceListHash(list: readonly Evidence[], hasher: Hasher = nobleHasher): Uint8Array {
  return merkleRoot(list.map(evidenceBytes), hasher);
}

/** Bytes the list takes as tendermint.types.EvidenceList, which `evidence.max_bytes` bounds. */
export function evidenceListSize(list: readonly Evidence[]): bigint {
  return list.length === 0 ? 0n : BigInt(encode("tendermint.types.EvidenceList", { evidence: list }).length);
}

/** The identity of a piece of evidence: nodes keep and gossip it under this hash. */
export function evidenceHash(evidence: Evidence, hasher: Hasher = nobleHasher): Uint8Array {
  const { kind, value } = evidenceKind(evidence);
  if (kind === "duplicateVote") return hasher.hash(evidenceBytes(evidence));
  // An attack is its conflicting header and the height it forked from. CometBFT copies 31 of the header hash's 32
  // bytes and leaves the last one zero; that is the identity all nodes agree on.
  const block = lightBlockOf(value);
  const hash = headerHash(block.signedHeader.header, hasher) ?? new Uint8Array(0);
  const first = new Uint8Array(32);
  first.set(hash.subarray(0, 31));
  return hasher.hash(concat(first, zigzagVarint(value.commonHeight)));
}

/** The height of the misbehaviour. */
export function evidenceHeight(evidence: Evidence): bigint {
  const { kind, value } = evidenceKind(evidence);
  return kind === "duplicateVote" ? requireVote(value.voteA).height : value.commonHeight;
}

/** The time of the block at the evidence's height, as the evidence claims it. */
export function evidenceTime(evidence: Evidence): Timestamp {
  return evidenceKind(evidence).value.timestamp;
}

/** What the application is told: one entry per validator (Evidence.ABCI). */
export function evidenceToAbci(list: readonly Evidence[]): readonly Misbehavior[] {
  return list.flatMap((evidence): readonly Misbehavior[] => {
    const { kind, value } = evidenceKind(evidence);
    const common = { time: value.timestamp, totalVotingPower: value.totalVotingPower };
    if (kind === "duplicateVote") {
      const vote = requireVote(value.voteA);
      const validator = { address: vote.validatorAddress, power: value.validatorPower };
      return [{ ...common, type: MISBEHAVIOR_DUPLICATE_VOTE, validator, height: vote.height }];
    }
    return value.byzantineValidators.map((validator) => ({
      ...common,
      type: MISBEHAVIOR_LIGHT_CLIENT_ATTACK,
      validator: { address: validator.address, power: validator.votingPower },
      height: value.commonHeight,
    }));
  });
}

/**
 * Makes evidence from two conflicting votes, in the order of their block ids, stamped with the block's time and the
 * powers at their height. Throws ValidationError when the voter is not in the set.
 */
export function newDuplicateVoteEvidence(
  first: Vote,
  second: Vote,
  blockTime: Timestamp,
  validators: ValidatorSet,
): Evidence {
  const found = findValidator(validators, first.validatorAddress);
  if (found === undefined) {
    throw new ValidationError(`validator ${upperHex(first.validatorAddress)} not in validator set`);
  }
  const inOrder = compareBytes(blockIdKey(first.blockId), blockIdKey(second.blockId)) < 0;
  return {
    duplicateVoteEvidence: {
      voteA: inOrder ? first : second,
      voteB: inOrder ? second : first,
      totalVotingPower: validators.totalVotingPower,
      validatorPower: found.validator.votingPower,
      timestamp: blockTime,
    },
  };
}

/** Throws ValidationError unless the evidence has the right form (Evidence.ValidateBasic). Nothing is proven yet. */
export function validateEvidence(evidence: Evidence): void {
  const { kind, value } = evidenceKind(evidence);
  within("wrong Timestamp", () => validateTime(value.timestamp));
  if (kind === "duplicateVote") {
    const voteA = requireVote(value.voteA);
    const voteB = requireVote(value.voteB);
    within("invalid VoteA", () => validateVote(voteA));
    within("invalid VoteB", () => validateVote(voteB));
    if (compareBytes(blockIdKey(voteA.blockId), blockIdKey(voteB.blockId)) >= 0) {
      throw new ValidationError("duplicate votes in invalid order");
    }
    return;
  }
  const block = lightBlockOf(value);
  const { header } = block.signedHeader;
  if (value.totalVotingPower <= 0n) throw new ValidationError("negative or zero total voting power");
  if (value.commonHeight <= 0n) throw new ValidationError("negative or zero common height");
  if (value.commonHeight > header.height) {
    throw new ValidationError(
      `common height is ahead of the conflicting block height (${value.commonHeight} > ${header.height})`,
    );
  }
  within("invalid conflicting light block", () => validateLightBlock(block, header.chainId));
}

/**
 * Throws ValidationError unless the two votes prove that a validator of the set signed two blocks in one step
 * (VerifyDuplicateVote). `validators` is the set of the votes' height.
 */
export function verifyDuplicateVote(
  evidence: DuplicateVoteEvidence,
  chainId: string,
  validators: ValidatorSet,
  verifier: Verifier,
): void {
  const voteA = requireVote(evidence.voteA);
  const voteB = requireVote(evidence.voteB);
  const validator = findValidator(validators, voteA.validatorAddress)?.validator;
  if (validator === undefined) {
    throw new ValidationError(
      `address ${upperHex(voteA.validatorAddress)} was not a validator at height ${voteA.height}`,
    );
  }
  if (voteA.height !== voteB.height || voteA.round !== voteB.round || voteA.type !== voteB.type) {
    throw new ValidationError(
      `h/r/s does not match: ${voteA.height}/${voteA.round}/${voteA.type} vs ${voteB.height}/${voteB.round}/${voteB.type}`,
    );
  }
  if (!equalBytes(voteA.validatorAddress, voteB.validatorAddress)) {
    throw new ValidationError(
      `validator addresses do not match: ${upperHex(voteA.validatorAddress)} vs ${upperHex(voteB.validatorAddress)}`,
    );
  }
  if (equalBlockIds(voteA.blockId, voteB.blockId)) {
    throw new ValidationError(`block IDs are the same (${formatBlockId(voteA.blockId)}) - not a real duplicate vote`);
  }
  if (!equalBytes(publicKeyToAddress(validator.pubKey), voteA.validatorAddress)) {
    throw new ValidationError(`address (${upperHex(voteA.validatorAddress)}) doesn't match pubkey`);
  }
  if (validator.votingPower !== evidence.validatorPower) {
    throw new ValidationError(
      `validator power from evidence and our validator set does not match (${evidence.validatorPower} != ${validator.votingPower})`,
    );
  }
  checkTotalPower(evidence.totalVotingPower, validators);
  if (!verifySignature(validator.pubKey, voteSignBytes(chainId, voteA), voteA.signature, verifier)) {
    throw new ValidationError("verifying VoteA: invalid signature");
  }
  if (!verifySignature(validator.pubKey, voteSignBytes(chainId, voteB), voteB.signature, verifier)) {
    throw new ValidationError("verifying VoteB: invalid signature");
  }
}

/**
 * Throws ValidationError unless the evidence proves an attack on light clients (VerifyLightClientAttack).
 * `common` is our header at the common height and `commonValidators` its set; `trusted` is our header at the
 * conflicting height, or our latest one when the conflicting height is still ahead.
 */
export function verifyLightClientAttack(
  evidence: LightClientAttackEvidence,
  common: SignedHeader,
  trusted: SignedHeader,
  commonValidators: ValidatorSet,
  verifier: Verifier,
): void {
  const conflicting = lightBlockOf(evidence);
  const { header, commit } = conflicting.signedHeader;
  const chainId = trusted.header.chainId;
  if (common.header.height !== header.height) {
    within("skipping verification of conflicting block failed", () =>
      verifyCommitLightTrusting(chainId, commonValidators, commit, ONE_THIRD, verifier, true),
    );
  } else if (differsFromTrusted(header, trusted.header)) {
    throw new ValidationError(
      "common height is the same as conflicting block height so expected the conflicting block to be correctly derived yet it wasn't",
    );
  }
  within("invalid commit from conflicting block", () =>
    verifyCommitLight(chainId, conflicting.validators, commit.blockId, header.height, commit, verifier, true),
  );
  checkTotalPower(evidence.totalVotingPower, commonValidators);
  const ahead = header.height > trusted.header.height;
  if (ahead && compareTime(header.time, trusted.header.time) > 0) {
    throw new ValidationError(
      `conflicting block doesn't violate monotonically increasing time (${formatTime(header.time)} is after ${formatTime(trusted.header.time)})`,
    );
  }
  const trustedHash = headerHash(trusted.header) ?? new Uint8Array(0);
  if (equalBytes(trustedHash, headerHash(header) ?? new Uint8Array(0))) {
    throw new ValidationError(
      `trusted header hash matches the evidence's conflicting header hash: ${upperHex(trustedHash)}`,
    );
  }
  checkByzantineValidators(evidence, byzantineValidators(conflicting, commonValidators, trusted));
}

/** The validators that must be named by an attack's evidence, by power descending (GetByzantineValidators). */
export function byzantineValidators(
  conflicting: LightBlock,
  commonValidators: ValidatorSet,
  trusted: SignedHeader,
): readonly Validator[] {
  const { header, commit } = conflicting.signedHeader;
  const signers = (set: ValidatorSet, among: (index: number) => boolean): readonly Validator[] =>
    commit.signatures
      .flatMap((signature, i) => {
        if (signature.blockIdFlag !== BLOCK_ID_FLAG_COMMIT || !among(i)) return [];
        const found = findValidator(set, signature.validatorAddress);
        return found === undefined ? [] : [found.validator];
      })
      .sort(compareByPower);
  // Lunatic: the header claims a state the chain never had. Everyone of the common set who signed it lied.
  if (differsFromTrusted(header, trusted.header)) return signers(commonValidators, () => true);
  // Equivocation: same round, so whoever signed both blocks voted twice. Otherwise amnesia, where nobody is provable.
  if (trusted.commit.round !== commit.round) return [];
  return signers(conflicting.validators, (i) => trusted.commit.signatures[i]?.blockIdFlag === BLOCK_ID_FLAG_COMMIT);
}

/** True when evidence is too old both in time and in blocks to be punished (IsEvidenceExpired). */
export function isEvidenceExpired(
  heightNow: bigint,
  timeNow: Timestamp,
  height: bigint,
  time: Timestamp,
  maxAgeNumBlocks: bigint,
  maxAgeNanoseconds: bigint,
): boolean {
  return nanosecondsBetween(time, timeNow) > maxAgeNanoseconds && heightNow - height > maxAgeNumBlocks;
}

/** The conflicting block of an attack. Throws ValidationError when parts of it are missing. */
export function lightBlockOf(evidence: LightClientAttackEvidence): LightBlock {
  const { conflictingBlock: block } = evidence;
  if (block === undefined) throw new ValidationError("conflicting block is nil");
  if (block.signedHeader === undefined) throw new ValidationError("conflicting block missing signed header");
  const { header, commit } = block.signedHeader;
  if (header === undefined) throw new ValidationError("conflicting block missing header");
  if (commit === undefined) throw new ValidationError("conflicting block missing commit");
  return { signedHeader: { header, commit }, validators: validatorSetFromProto(block.validatorSet) };
}

/** ConflictingHeaderIsInvalid: whether the fields a correct execution determines differ. */
function differsFromTrusted(header: Header, trusted: Header): boolean {
  return !(
    equalBytes(trusted.validatorsHash, header.validatorsHash) &&
    equalBytes(trusted.nextValidatorsHash, header.nextValidatorsHash) &&
    equalBytes(trusted.consensusHash, header.consensusHash) &&
    equalBytes(trusted.appHash, header.appHash) &&
    equalBytes(trusted.lastResultsHash, header.lastResultsHash)
  );
}

function checkByzantineValidators(evidence: LightClientAttackEvidence, expected: readonly Validator[]): void {
  const named = evidence.byzantineValidators;
  if (expected.length !== named.length) {
    throw new ValidationError(`expected ${expected.length} byzantine validators from evidence but got ${named.length}`);
  }
  expected.forEach((validator, i) => {
    const claimed = named[i] as Validator;
    if (!equalBytes(claimed.address, validator.address)) {
      throw new ValidationError(
        `evidence contained an unexpected byzantine validator address; expected: ${upperHex(validator.address)}, got: ${upperHex(claimed.address)}`,
      );
    }
    if (claimed.votingPower !== validator.votingPower) {
      throw new ValidationError(
        `evidence contained unexpected byzantine validator power; expected ${validator.votingPower}, got ${claimed.votingPower}`,
      );
    }
    if (!equalBytes(publicKeyToAddress(claimed.pubKey), claimed.address)) {
      throw new ValidationError(
        `byzantine validator at index ${i} has address ${upperHex(claimed.address)} that does not match its pubkey`,
      );
    }
  });
}

function checkTotalPower(claimed: bigint, validators: ValidatorSet): void {
  if (claimed !== validators.totalVotingPower) {
    throw new ValidationError(
      `total voting power from the evidence and our validator set does not match (${claimed} != ${validators.totalVotingPower})`,
    );
  }
}

function requireVote(vote: Vote | undefined): Vote {
  if (vote === undefined) throw new ValidationError("one or both of the votes are empty");
  return vote;
}
