/**
 * Owns the errors of checking consensus data: headers, blocks, votes, commits, validator sets, evidence, parameters.
 * Their words are CometBFT's. A peer or a file can cause them, so whoever reads from one must catch them.
 */

/** The data breaks a rule of the block protocol. */
export class ValidationError extends Error {
  override name = "ValidationError";
}

/** Not enough of the validators' power signed. Light clients answer it by trying a nearer header. */
export class NotEnoughVotingPowerError extends ValidationError {
  override name = "NotEnoughVotingPowerError";
  /** Power that signed. */
  readonly got: bigint;
  /** Power that must be exceeded. */
  readonly needed: bigint;

  constructor(got: bigint, needed: bigint) {
    super(`invalid commit -- insufficient voting power: got ${got}, needed more than ${needed}`);
    this.got = got;
    this.needed = needed;
  }
}

/** Runs a check and puts `context` before the message of the ValidationError it throws. */
export function within<Result>(context: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof NotEnoughVotingPowerError) throw error;
    if (error instanceof ValidationError) throw new ValidationError(`${context}: ${error.message}`);
    throw error;
  }
}
