/**
 * Owns the step of a light client: whether a header may be trusted because an older one is. Pure: the caller says what
 * time it is and brings the headers. Runs in a browser. It does not own where headers come from (bisection.ts asks for
 * them) nor the comparison of several sources. Source: CometBFT light/verifier.go, spec/light-client/verification.
 */
import { equalBytes } from "../../proto/bytes.ts";
import { upperHex } from "../types/block-id.ts";
import type { Fraction } from "../types/commit.ts";
import { verifyCommitLight, verifyCommitLightTrusting } from "../types/commit.ts";
import type { Verifier } from "../types/crypto.ts";
import { NotEnoughVotingPowerError, ValidationError } from "../types/errors.ts";
import type { Header } from "../types/header.ts";
import { headerHash, validateHeader } from "../types/header.ts";
import type { LightBlock, SignedHeader } from "../types/light-block.ts";
import { validateSignedHeader } from "../types/light-block.ts";
import type { Timestamp } from "../types/time.ts";
import { addNanoseconds, compareTime, formatTime } from "../types/time.ts";
import type { ValidatorSet } from "../types/validator-set.ts";
import { validatorSetHash } from "../types/validator-set.ts";

/** Why a header is not trusted. */
export type LightErrorReason =
  /** The headers do not stand to each other as the check needs; a mistake of the caller. */
  | "misuse"
  /** The trusted header is older than the trusting period. */
  | "expired"
  /** The new header or its commit is wrong: whoever sent it is faulty. */
  | "invalid-header"
  /** Too little of the trusted power signed; a nearer header may help. */
  | "not-enough-trust";

/** The new header is not trusted. */
export class LightClientError extends Error {
  override name = "LightClientError";
  readonly reason: LightErrorReason;

  constructor(reason: LightErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** How much a light client trusts. */
export interface TrustOptions {
  /** The part of the trusted power that must have signed a header further ahead, from 1/3 to 1. */
  readonly trustLevel: Fraction;
  /** How long after its time a header is trusted, in nanoseconds; shorter than the unbonding time. */
  readonly trustingPeriod: bigint;
  /** How far in the future a header's time may lie, in nanoseconds. */
  readonly maxClockDrift: bigint;
  readonly now: Timestamp;
  readonly verifier: Verifier;
}

/** One third: CometBFT's default trust level. */
export const DEFAULT_TRUST_LEVEL: Fraction = { numerator: 1n, denominator: 3n };

/** Throws LightClientError unless the level lies in [1/3, 1]. */
export function validateTrustLevel({ numerator, denominator }: Fraction): void {
  if (denominator <= 0n || numerator * 3n < denominator || numerator > denominator) {
    throw new LightClientError("misuse", `trustLevel must be within [1/3, 1], given ${numerator}/${denominator}`);
  }
}

/** True when the trusting period of the header is over; the last instant of it is over already. */
export function isHeaderExpired(header: Pick<Header, "time">, trustingPeriod: bigint, now: Timestamp): boolean {
  return compareTime(addNanoseconds(header.time, trustingPeriod), now) <= 0;
}

/**
 * Throws LightClientError unless `untrusted` may be trusted because `trusted` is (Verify). `trustedValidators` are the
 * validators of the trusted header's height, or of the one after.
 */
export function verifyLightBlock(
  trusted: SignedHeader,
  trustedValidators: ValidatorSet,
  untrusted: LightBlock,
  options: TrustOptions,
): void {
  if (untrusted.signedHeader.header.height === trusted.header.height + 1n) {
    verifyAdjacent(trusted, untrusted, options);
  } else {
    verifyNonAdjacent(trusted, trustedValidators, untrusted, options);
  }
}

/** The next height: the trusted header itself names its validators (VerifyAdjacent). */
export function verifyAdjacent(trusted: SignedHeader, untrusted: LightBlock, options: TrustOptions): void {
  const { header } = untrusted.signedHeader;
  if (header.height !== trusted.header.height + 1n) {
    throw new LightClientError("misuse", "headers must be adjacent in height");
  }
  checkNewHeader(trusted, untrusted, options);
  if (!equalBytes(header.validatorsHash, trusted.header.nextValidatorsHash)) {
    throw new LightClientError(
      "invalid-header",
      `expected old header next validators (${upperHex(trusted.header.nextValidatorsHash)}) to match those from new header (${upperHex(header.validatorsHash)})`,
    );
  }
  checkOwnCommit(trusted, untrusted, options);
}

/** A height further ahead: enough of the trusted validators must have signed it too (VerifyNonAdjacent). */
export function verifyNonAdjacent(
  trusted: SignedHeader,
  trustedValidators: ValidatorSet,
  untrusted: LightBlock,
  options: TrustOptions,
): void {
  if (untrusted.signedHeader.header.height === trusted.header.height + 1n) {
    throw new LightClientError("misuse", "headers must be non adjacent in height");
  }
  validateTrustLevel(options.trustLevel);
  checkNewHeader(trusted, untrusted, options);
  try {
    verifyCommitLightTrusting(
      trusted.header.chainId,
      trustedValidators,
      untrusted.signedHeader.commit,
      options.trustLevel,
      options.verifier,
    );
  } catch (error) {
    if (error instanceof NotEnoughVotingPowerError) {
      throw new LightClientError("not-enough-trust", `cant trust new val set: ${error.message}`);
    }
    if (error instanceof ValidationError) throw new LightClientError("invalid-header", error.message);
    throw error;
  }
  checkOwnCommit(trusted, untrusted, options);
}

/** Throws LightClientError unless `older` is the block right before `trusted` (VerifyBackwards). */
export function verifyBackwards(older: Header, trusted: Header): void {
  invalidHeader(() => {
    validateHeader(older);
    if (older.chainId !== trusted.chainId) throw new ValidationError("header belongs to another chain");
    if (compareTime(older.time, trusted.time) >= 0) {
      throw new ValidationError(
        `expected older header time ${formatTime(older.time)} to be before new header time ${formatTime(trusted.time)}`,
      );
    }
    const hash = headerHash(older) ?? new Uint8Array(0);
    if (!equalBytes(hash, trusted.lastBlockId.hash)) {
      throw new ValidationError(
        `older header hash ${upperHex(hash)} does not match trusted header's last block ${upperHex(trusted.lastBlockId.hash)}`,
      );
    }
  });
}

/** Everything about the new header but signatures and trust (verifyNewHeaderAndVals). */
function checkNewHeader(trusted: SignedHeader, untrusted: LightBlock, options: TrustOptions): void {
  if (isHeaderExpired(trusted.header, options.trustingPeriod, options.now)) {
    const at = addNanoseconds(trusted.header.time, options.trustingPeriod);
    throw new LightClientError(
      "expired",
      `old header has expired at ${formatTime(at)} (now: ${formatTime(options.now)})`,
    );
  }
  const { header } = untrusted.signedHeader;
  invalidHeader(() => {
    validateSignedHeader(untrusted.signedHeader, trusted.header.chainId);
    if (header.height <= trusted.header.height) {
      throw new ValidationError(
        `expected new header height ${header.height} to be greater than one of old header ${trusted.header.height}`,
      );
    }
    if (compareTime(header.time, trusted.header.time) <= 0) {
      throw new ValidationError(
        `expected new header time ${formatTime(header.time)} to be after old header time ${formatTime(trusted.header.time)}`,
      );
    }
    if (compareTime(header.time, addNanoseconds(options.now, options.maxClockDrift)) >= 0) {
      throw new ValidationError(
        `new header has a time from the future ${formatTime(header.time)} (now: ${formatTime(options.now)}; max clock drift: ${options.maxClockDrift}ns)`,
      );
    }
    const supplied = validatorSetHash(untrusted.validators);
    if (!equalBytes(header.validatorsHash, supplied)) {
      throw new ValidationError(
        `expected new header validators (${upperHex(header.validatorsHash)}) to match those that were supplied (${upperHex(supplied)}) at height ${header.height}`,
      );
    }
  });
}

function checkOwnCommit(trusted: SignedHeader, untrusted: LightBlock, options: TrustOptions): void {
  const { header, commit } = untrusted.signedHeader;
  invalidHeader(() => {
    verifyCommitLight(
      trusted.header.chainId,
      untrusted.validators,
      commit.blockId,
      header.height,
      commit,
      options.verifier,
    );
  });
}

/** Runs a check whose failure means that the new header is wrong. */
function invalidHeader(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof ValidationError) {
      throw new LightClientError("invalid-header", `invalid header: ${error.message}`);
    }
    throw error;
  }
}
