// Owns: what staking stores, with the Cosmos SDK's prefixes and key layouts (x/staking/types/keys.go), and its parameters' defaults.
// Does not own: what is done with it (keeper/).

import { item, key, map, schema, sequence, set, value } from "../../chain/store/collections.ts";
import { validateDenom } from "../../chain/types/coin.ts";
import { Dec } from "../../chain/types/dec.ts";
import { concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { POWER_REDUCTION } from "./limits.ts";

export type Params = Messages["cosmos.staking.v1beta1.Params"];
export type Validator = Messages["cosmos.staking.v1beta1.Validator"];
export type Delegation = Messages["cosmos.staking.v1beta1.Delegation"];
export type Redelegation = Messages["cosmos.staking.v1beta1.Redelegation"];
export type UnbondingDelegation = Messages["cosmos.staking.v1beta1.UnbondingDelegation"];

/** cosmos.staking.v1beta1.BondStatus */
export const UNBONDED = 1;
export const UNBONDING = 2;
export const BONDED = 3;

/** The module accounts that hold staked coins: of validators in the set, and of all others together with what is being withdrawn. */
export const BONDED_POOL = "bonded_tokens_pool";
export const NOT_BONDED_POOL = "not_bonded_tokens_pool";

const delegatorThenValidator = key.pair(key.prefixedAddress, key.prefixedValidatorAddress);
const delegatorSourceDestination = key.triple(
  key.prefixedAddress,
  key.prefixedValidatorAddress,
  key.prefixedValidatorAddress,
);
/** Of the two indexes of moves: the validator that is looked for first, then the delegator, then the other validator. */
const sourceDelegatorDestination = key.triple(
  key.prefixedValidatorAddress,
  key.prefixedAddress,
  key.prefixedValidatorAddress,
);
const validatorThenDelegator = key.pair(key.prefixedValidatorAddress, key.prefixedAddress);

export const state = schema("staking", {
  lastValidatorPowers: map(0x11, key.prefixedValidatorAddress, value.proto("tributary.store.v1.Int64Value")),
  lastTotalPower: item(0x12, value.proto("cosmos.base.v1beta1.IntProto")),
  validators: map(0x21, key.prefixedValidatorAddress, value.proto("cosmos.staking.v1beta1.Validator")),
  validatorsByConsensusAddress: map(0x22, key.prefixedConsensusAddress, value.bytes),
  /** Not jailed, ordered by power and then by address, lower addresses higher; see powerIndexKey. The value is the operator's address. */
  validatorsByPower: map(0x23, key.bytes, value.bytes),
  delegations: map(0x31, delegatorThenValidator, value.proto("cosmos.staking.v1beta1.Delegation")),
  unbondingDelegations: map(0x32, delegatorThenValidator, value.proto("cosmos.staking.v1beta1.UnbondingDelegation")),
  unbondingDelegationsByValidator: set(0x33, validatorThenDelegator),
  redelegations: map(0x34, delegatorSourceDestination, value.proto("cosmos.staking.v1beta1.Redelegation")),
  redelegationsBySource: set(0x35, sourceDelegatorDestination),
  redelegationsByDestination: set(0x36, sourceDelegatorDestination),
  unbondingId: sequence(0x37),
  /** The key in this store of the operation that an unbonding id names. */
  unbondingIndex: map(0x38, key.uint64, value.bytes),
  unbondingType: map(0x39, key.uint64, value.uint64),
  /** By completion time: whose withdrawals may be due. */
  unbondingQueue: map(0x41, key.time, value.proto("cosmos.staking.v1beta1.DVPairs")),
  /** By completion time: which moves may be over. */
  redelegationQueue: map(0x42, key.time, value.proto("cosmos.staking.v1beta1.DVVTriplets")),
  /** By time and height (see validatorQueueKey): validators whose unbonding may be over. */
  validatorQueue: map(0x43, key.bytes, value.proto("cosmos.staking.v1beta1.ValAddresses")),
  historicalInfo: map(0x50, key.uint64, value.proto("cosmos.staking.v1beta1.HistoricalInfo")),
  params: item(0x51, value.proto("cosmos.staking.v1beta1.Params")),
  /** What the engine was told at the end of the last block. */
  validatorUpdates: item(0x61, value.proto("cosmos.staking.v1beta1.ValidatorUpdates")),
  delegationsByValidator: set(0x71, key.pair(key.prefixedValidatorAddress, key.address)),
});

/** What `unbondingType` says of a withdrawal, a move, and a validator that left the set (x/staking/types: UnbondingType). */
export const UNBONDING_TYPE_DELEGATION = 1n;
export const UNBONDING_TYPE_REDELEGATION = 2n;
export const UNBONDING_TYPE_VALIDATOR = 3n;

/** Voting power of an amount of the bond denomination, rounded down. */
export function consensusPower(tokens: bigint): bigint {
  return tokens / POWER_REDUCTION;
}

/** The order of validators by power: 8 bytes of power, the address's length, and its bytes inverted, so that walking down meets lower addresses first. */
export function powerIndexKey(operator: Uint8Array, tokens: bigint): Uint8Array {
  return concat(
    key.uint64.encode(consensusPower(tokens)),
    Uint8Array.of(operator.length),
    operator.map((byte) => ~byte),
  );
}

/** The order of the validator queue: the length of the time's text, the text, the height (x/staking/types: GetValidatorQueueKey). */
export function validatorQueueKey(time: Messages["google.protobuf.Timestamp"], height: bigint): Uint8Array {
  const text = key.time.encode(time);
  return concat(key.uint64.encode(BigInt(text.length)), text, key.uint64.encode(height));
}

/** The SDK's defaults with this chain's coin: three weeks of unbonding, 100 validators. */
export const DEFAULT_PARAMS: Params = {
  unbondingTime: { seconds: 1_814_400n, nanos: 0 },
  maxValidators: 100,
  maxEntries: 7,
  historicalEntries: 10_000,
  bondDenom: "uopen",
  minCommissionRate: Dec.zero.toWire(),
};

/** Throws a sentence for the first parameter that is out of range (x/staking/types/params.go). */
export function validateParams(params: Params): void {
  const { unbondingTime, maxValidators, maxEntries, bondDenom, minCommissionRate } = params;
  if (unbondingTime.seconds < 0n || (unbondingTime.seconds === 0n && unbondingTime.nanos <= 0))
    throw new Error("unbonding time must be positive");
  if (maxValidators === 0) throw new Error("max validators must be positive: 0");
  if (maxEntries === 0) throw new Error("max entries must be positive: 0");
  if (bondDenom.trim() === "") throw new Error("bond denom cannot be blank");
  validateDenom(bondDenom);
  const rate = Dec.fromWire(minCommissionRate);
  if (rate.isNegative()) throw new Error(`minimum commission rate cannot be negative: ${rate}`);
  if (rate.greaterThan(Dec.one)) throw new Error(`minimum commission rate cannot be greater than 100%: ${rate}`);
}
