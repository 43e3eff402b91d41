/**
 * Owns commits whose votes carry extensions, which travel with the block but not inside it: their form and the checks
 * of the extensions. It does not own the votes for the block themselves (commit.ts) nor what extensions mean.
 */
import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId } from "./block-id.ts";
import { upperHex } from "./block-id.ts";
import type { Commit } from "./commit.ts";
import { BLOCK_ID_FLAG_COMMIT, validateCommit, verifyCommit, voteAt } from "./commit.ts";
import type { Verifier } from "./crypto.ts";
import { ValidationError, within } from "./errors.ts";
import { MAX_SIGNATURE_BYTES, MAX_VOTE_EXTENSION_BYTES } from "./limits.ts";
import type { Validator } from "./validator.ts";
import type { ValidatorSet } from "./validator-set.ts";
import type { Vote } from "./vote.ts";
import { verifyVoteExtension } from "./vote.ts";

/** A commit whose signatures carry vote extensions. */
export type ExtendedCommit = Messages["tendermint.types.ExtendedCommit"];
/** One validator's place in an extended commit. */
export type ExtendedCommitSig = Messages["tendermint.types.ExtendedCommitSig"];

/** The vote behind place `index` of an extended commit, extension included. */
export function extendedVoteOf(extended: ExtendedCommit, index: number): Vote {
  const place = extended.extendedSignatures[index];
  const vote = voteAt(extended, place, index);
  return place === undefined
    ? vote
    : { ...vote, extension: place.extension, extensionSignature: place.extensionSignature };
}

/** The commit without its extensions. */
export function plainCommit(extended: ExtendedCommit): Commit {
  return {
    height: extended.height,
    round: extended.round,
    blockId: extended.blockId,
    signatures: extended.extendedSignatures.map(({ blockIdFlag, validatorAddress, timestamp, signature }) => ({
      blockIdFlag,
      validatorAddress,
      timestamp,
      signature,
    })),
  };
}

/** Throws ValidationError unless the extended commit has the right form (ExtendedCommit.ValidateBasic). */
export function validateExtendedCommit(extended: ExtendedCommit): void {
  validateCommit(plainCommit(extended));
  extended.extendedSignatures.forEach((place, i) => {
    within(`wrong ExtendedCommitSig #${i}`, () => {
      if (place.extension.length > MAX_VOTE_EXTENSION_BYTES) {
        throw new ValidationError(`vote extension is too big (max: ${MAX_VOTE_EXTENSION_BYTES})`);
      }
      if (place.extensionSignature.length > MAX_SIGNATURE_BYTES) {
        throw new ValidationError(`vote extension signature is too big (max: ${MAX_SIGNATURE_BYTES})`);
      }
      const silent = place.blockIdFlag !== BLOCK_ID_FLAG_COMMIT && place.extensionSignature.length === 0;
      if (silent && place.extension.length !== 0) {
        throw new ValidationError("vote extension signature absent on vote with extension");
      }
    });
  });
}

/** Throws ValidationError unless extensions are exactly where they must be: on commits when on, nowhere when off. */
export function ensureExtensions(extended: ExtendedCommit, enabled: boolean): void {
  for (const place of extended.extendedSignatures) {
    const who = `validator addr ${upperHex(place.validatorAddress)}`;
    const forBlock = enabled && place.blockIdFlag === BLOCK_ID_FLAG_COMMIT;
    if (forBlock && place.extensionSignature.length === 0) {
      throw new ValidationError(`vote extension signature is missing; ${who}`);
    }
    const reason = enabled ? "non-commit vote extension" : "vote extension present but extensions disabled";
    if (!forBlock && (place.extension.length !== 0 || place.extensionSignature.length !== 0)) {
      throw new ValidationError(`${enabled ? `${reason} present` : reason}; ${who}`);
    }
  }
}

/** verifyCommit, and every extension's signature (VerifyCommitExtended). */
export function verifyExtendedCommit(
  chainId: string,
  validators: ValidatorSet,
  blockId: BlockId,
  height: bigint,
  extended: ExtendedCommit,
  verifier: Verifier,
): void {
  ensureExtensions(extended, true);
  verifyCommit(chainId, validators, blockId, height, plainCommit(extended), verifier);
  extended.extendedSignatures.forEach((place, i) => {
    if (place.blockIdFlag !== BLOCK_ID_FLAG_COMMIT) return;
    const validator = validators.validators[i] as Validator;
    within(`invalid vote extension signature (val #${i})`, () =>
      verifyVoteExtension(chainId, extendedVoteOf(extended, i), validator.pubKey, verifier),
    );
  });
}
