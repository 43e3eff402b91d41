// Owns: the arithmetic between a validator's tokens and its delegators' shares (x/staking/types/validator.go). Pure functions over the stored
// message. Does not own: when they are applied.

import { Dec } from "../../../chain/types/dec.ts";
import { errors } from "../errors.ts";
import { BONDED, BONDED_POOL, NOT_BONDED_POOL, type Validator } from "../state.ts";

export function tokensOf(validator: Validator): bigint {
  return BigInt(validator.tokens);
}

export function sharesOf(validator: Validator): Dec {
  return Dec.fromWire(validator.delegatorShares);
}

export function isBonded(validator: Validator): boolean {
  return validator.status === BONDED;
}

/** The module account that holds a validator's tokens. */
export function poolOf(validator: Validator): string {
  return isBonded(validator) ? BONDED_POOL : NOT_BONDED_POOL;
}

/** True after a slash took everything: shares are left and no tokens, so a new delegation has no price. */
export function hasInvalidExchangeRate(validator: Validator): boolean {
  return tokensOf(validator) === 0n && sharesOf(validator).isPositive();
}

/** What `shares` are worth, with fractions of the base unit. */
export function tokensFromShares(validator: Validator, shares: Dec): Dec {
  return shares.mulInt(tokensOf(validator)).quo(sharesOf(validator));
}

/** As `tokensFromShares`, never more than exact. */
export function tokensFromSharesTruncated(validator: Validator, shares: Dec): Dec {
  return shares.mulInt(tokensOf(validator)).quoTruncate(sharesOf(validator));
}

/** The shares that `amount` buys or stands for. Throws when the validator has no tokens. */
export function sharesFromTokens(validator: Validator, amount: bigint): Dec {
  if (tokensOf(validator) === 0n) throw errors.delegatorShareExchangeRateInvalid.because();
  return sharesOf(validator).mulInt(amount).quoInt(tokensOf(validator));
}

/** As `sharesFromTokens`, never more than exact. */
export function sharesFromTokensTruncated(validator: Validator, amount: bigint): Dec {
  if (tokensOf(validator) === 0n) throw errors.delegatorShareExchangeRateInvalid.because();
  return sharesOf(validator)
    .mulInt(amount)
    .quoTruncate(Dec.fromInt(tokensOf(validator)));
}

/** The validator after a delegation of `amount`, and the shares issued for it: one for one to begin with. */
export function addTokens(validator: Validator, amount: bigint): { validator: Validator; issued: Dec } {
  const shares = sharesOf(validator);
  const issued = shares.isZero() ? Dec.fromInt(amount) : sharesFromTokens(validator, amount);
  return {
    issued,
    validator: {
      ...validator,
      tokens: (tokensOf(validator) + amount).toString(),
      delegatorShares: shares.add(issued).toWire(),
    },
  };
}

/** The validator after `removed` shares left it, and the tokens that go with them; the last share takes what rounding left over. */
export function removeShares(validator: Validator, removed: Dec): { validator: Validator; tokens: bigint } {
  const remaining = sharesOf(validator).sub(removed);
  const tokens = remaining.isZero() ? tokensOf(validator) : tokensFromShares(validator, removed).truncateInt();
  const left = tokensOf(validator) - tokens;
  if (left < 0n) throw new Error("attempting to remove more tokens than available in validator");
  return { tokens, validator: { ...validator, tokens: left.toString(), delegatorShares: remaining.toWire() } };
}
