// Owns: staking's numbers that are not parameters, with their source.

/** Base units of the bond denomination for one unit of voting power (SDK DefaultPowerReduction). */
export const POWER_REDUCTION = 1_000_000n;
/** A commission rate may change once in this time. Nanoseconds. */
export const COMMISSION_CHANGE_INTERVAL_NS = 24n * 3600n * 1_000_000_000n;
/** The longest texts of a validator's description, in bytes (x/staking/types/validator.go). */
export const DESCRIPTION_BYTES = {
  moniker: 70,
  identity: 3000,
  website: 140,
  securityContact: 140,
  details: 280,
} as const;
/** In a MsgEditValidator, this text leaves a field of the description as it is. */
export const DO_NOT_MODIFY = "[do-not-modify]";
