// Owns: staking's messages, checked in the order and with the words of the SDK (x/staking/keeper/msg_server.go). Does not own: what they do
// to the state (keeper/).

import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { orUncoded, sdkErrors } from "../../chain/module/errors.ts";
import { accountAddress, operatorAddress } from "../../chain/module/message-addresses.ts";
import { type Coin, type CoinMessage, coinFromMessage, coinToMessage, formatCoin } from "../../chain/types/coin.ts";
import { groupText, quotedText, timeText } from "../../chain/types/compact-text.ts";
import { Dec } from "../../chain/types/dec.ts";
import { parseInteger } from "../../chain/types/int.ts";
import { formatTime, nanosecondsBetween, type Timestamp } from "../../chain/types/time.ts";
import { utf8 } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { consensusKeyOf, type StakingKeeper } from "./keeper/keeper.ts";
import { beginRedelegation } from "./keeper/redelegation.ts";
import { tokensOf } from "./keeper/shares.ts";
import { cancelUnbonding, undelegate as withdraw } from "./keeper/unbonding.ts";
import { COMMISSION_CHANGE_INTERVAL_NS, DESCRIPTION_BYTES, DO_NOT_MODIFY } from "./limits.ts";
import { state, UNBONDED, type Validator, validateParams } from "./state.ts";

type Message<Name extends string> = Messages[`cosmos.staking.v1beta1.Msg${Name}` & keyof Messages];
type Description = Validator["description"];
type Rates = Validator["commission"]["commissionRates"];

export function createValidator(keeper: StakingKeeper, ctx: Write, message: Message<"CreateValidator">) {
  const operator = operatorAddress(ctx, "validator", message.validatorAddress);
  if (message.pubkey === undefined) throw errors.emptyValidatorPubKey.because();
  const value = positiveCoin(message.value, "invalid delegation amount");
  if (isEmptyDescription(message.description)) throw sdkErrors.invalidRequest.because("empty description");
  const rates = message.commission;
  if ([rates.rate, rates.maxRate, rates.maxChangeRate].every((rate) => rate === ""))
    throw sdkErrors.invalidRequest.because("empty commission");
  validateRates(rates);
  const minSelfDelegation = wholeNumber(message.minSelfDelegation);
  if (minSelfDelegation === undefined || minSelfDelegation <= 0n)
    throw sdkErrors.invalidRequest.because("minimum self delegation must be a positive integer");
  if (value.amount < minSelfDelegation) throw errors.selfDelegationBelowMinimum.because();

  const params = keeper.params(ctx);
  const minRate = Dec.fromWire(params.minCommissionRate);
  if (Dec.fromWire(rates.rate).lessThan(minRate))
    throw errors.commissionLessThanMinRate.because(
      `cannot set validator commission to less than minimum rate of ${minRate}`,
    );
  if (state.validators.has(ctx, operator)) throw errors.validatorOwnerExists.because();
  const key = consensusKeyOf(message.pubkey);
  if (keeper.operatorByConsensusAddress(ctx, key.address) !== undefined) throw errors.validatorPubKeyExists.because();
  requireBondDenom(value, params.bondDenom);
  validateDescription(message.description);
  const allowed = ctx.consensusParams.validator?.pubKeyTypes;
  if (allowed !== undefined && !allowed.includes(key.type))
    throw errors.validatorPubKeyTypeNotSupported.because(`got: ${key.type}, expected: [${allowed.join(" ")}]`);

  const validator: Validator = {
    operatorAddress: message.validatorAddress,
    consensusPubkey: message.pubkey,
    jailed: false,
    status: UNBONDED,
    tokens: "0",
    delegatorShares: Dec.zero.toWire(),
    description: message.description,
    unbondingHeight: 0n,
    unbondingTime: { seconds: 0n, nanos: 0 },
    commission: { commissionRates: rates, updateTime: ctx.time },
    minSelfDelegation: minSelfDelegation.toString(),
    unbondingOnHoldRefCount: 0n,
    unbondingIds: [],
  };
  keeper.addValidator(ctx, validator);
  keeper.hooks.afterValidatorCreated(ctx, operator);
  keeper.delegate(ctx, operator, value.amount, validator);
  ctx.emit("create_validator", [
    ["validator", message.validatorAddress],
    ["amount", formatCoin(value)],
  ]);
  return {};
}

export function editValidator(keeper: StakingKeeper, ctx: Write, message: Message<"EditValidator">) {
  const operator = operatorAddress(ctx, "validator", message.validatorAddress);
  if (isEmptyDescription(message.description)) throw sdkErrors.invalidRequest.because("empty description");
  const rate = message.commissionRate === "" ? undefined : Dec.fromWire(message.commissionRate);
  if (rate !== undefined) {
    if (rate.greaterThan(Dec.one) || rate.isNegative())
      throw sdkErrors.invalidRequest.because("commission rate must be between 0 and 1 (inclusive)");
    const minRate = Dec.fromWire(keeper.params(ctx).minCommissionRate);
    if (rate.lessThan(minRate))
      throw sdkErrors.invalidRequest.because(`commission rate cannot be less than the min commission rate ${minRate}`);
  }
  const minSelfDelegation = message.minSelfDelegation === "" ? undefined : wholeNumber(message.minSelfDelegation);
  if (message.minSelfDelegation !== "" && (minSelfDelegation === undefined || minSelfDelegation <= 0n))
    throw sdkErrors.invalidRequest.because("minimum self delegation must be a positive integer");
  const before = keeper.validator(ctx, operator);
  const description = editedDescription(before.description, message.description);
  validateDescription(description);
  const commission = rate === undefined ? before.commission : changedCommission(before.commission, rate, ctx.time);
  if (minSelfDelegation !== undefined) {
    if (minSelfDelegation <= BigInt(before.minSelfDelegation)) throw errors.minSelfDelegationDecreased.because();
    if (minSelfDelegation > tokensOf(before)) throw errors.selfDelegationBelowMinimum.because();
  }
  const after = {
    ...before,
    description,
    commission,
    minSelfDelegation: minSelfDelegation?.toString() ?? before.minSelfDelegation,
  };
  keeper.hooks.beforeValidatorModified(ctx, operator);
  keeper.saveValidator(ctx, before, after);
  ctx.emit("edit_validator", [
    ["commission_rate", commissionText(after.commission)],
    ["min_self_delegation", after.minSelfDelegation],
  ]);
  return {};
}

export function delegate(keeper: StakingKeeper, ctx: Write, message: Message<"Delegate">) {
  const operator = operatorAddress(ctx, "validator", message.validatorAddress);
  const delegator = accountAddress(ctx, "delegator", message.delegatorAddress);
  const amount = positiveCoin(message.amount, "invalid delegation amount");
  const validator = keeper.validator(ctx, operator);
  requireBondDenom(amount, keeper.params(ctx).bondDenom);
  const issued = keeper.delegate(ctx, delegator, amount.amount, validator);
  ctx.emit("delegate", [
    ["validator", message.validatorAddress],
    ["delegator", message.delegatorAddress],
    ["amount", formatCoin(amount)],
    ["new_shares", issued.toString()],
  ]);
  return {};
}

export function undelegate(keeper: StakingKeeper, ctx: Write, message: Message<"Undelegate">) {
  const operator = operatorAddress(ctx, "validator", message.validatorAddress);
  const delegator = accountAddress(ctx, "delegator", message.delegatorAddress);
  const amount = positiveCoin(message.amount, "invalid shares amount");
  const shares = keeper.sharesToWithdraw(ctx, delegator, operator, amount.amount);
  requireBondDenom(amount, keeper.params(ctx).bondDenom);
  const { completion, amount: withdrawn } = withdraw(keeper, ctx, delegator, operator, shares);
  const coin = keeper.coin(ctx, withdrawn);
  ctx.emit("unbond", [
    ["validator", message.validatorAddress],
    ["delegator", message.delegatorAddress],
    ["amount", formatCoin(coin)],
    // Go's time.RFC3339 drops the fraction of a second.
    ["completion_time", formatTime({ ...completion, nanos: 0 })],
  ]);
  return { completionTime: completion, amount: coinToMessage(coin) };
}

export function beginRedelegate(keeper: StakingKeeper, ctx: Write, message: Message<"BeginRedelegate">) {
  const source = operatorAddress(ctx, "source validator", message.validatorSrcAddress);
  const destination = operatorAddress(ctx, "destination validator", message.validatorDstAddress);
  const delegator = accountAddress(ctx, "delegator", message.delegatorAddress);
  const amount = positiveCoin(message.amount, "invalid shares amount");
  const shares = keeper.sharesToWithdraw(ctx, delegator, source, amount.amount);
  requireBondDenom(amount, keeper.params(ctx).bondDenom);
  const completionTime = beginRedelegation(keeper, ctx, { delegator, source, destination }, shares);
  ctx.emit("redelegate", [
    ["source_validator", message.validatorSrcAddress],
    ["destination_validator", message.validatorDstAddress],
    ["amount", formatCoin(amount)],
    ["completion_time", formatTime({ ...completionTime, nanos: 0 })],
  ]);
  return { completionTime };
}

export function cancelUnbondingDelegation(
  keeper: StakingKeeper,
  ctx: Write,
  message: Message<"CancelUnbondingDelegation">,
) {
  const operator = operatorAddress(ctx, "validator", message.validatorAddress);
  const delegator = accountAddress(ctx, "delegator", message.delegatorAddress);
  const amount = positiveCoin(message.amount, "invalid amount");
  if (message.creationHeight <= 0n) throw sdkErrors.invalidRequest.because("invalid height");
  requireBondDenom(amount, keeper.params(ctx).bondDenom);
  cancelUnbonding(keeper, ctx, delegator, operator, amount.amount, message.creationHeight);
  ctx.emit("cancel_unbonding_delegation", [
    ["amount", formatCoin(amount)],
    ["validator", message.validatorAddress],
    ["delegator", message.delegatorAddress],
    ["creation_height", message.creationHeight.toString()],
  ]);
  return {};
}

export function updateParams(_keeper: StakingKeeper, ctx: Write, { authority, params }: Message<"UpdateParams">) {
  requireAuthority(ctx, authority);
  orUncoded(() => validateParams(params));
  state.params.set(ctx, params);
  return {};
}

// -------------------------------------------------------------- checks

function positiveCoin(message: CoinMessage, otherwise: string): Coin {
  try {
    const coin = coinFromMessage(message);
    if (coin.amount > 0n) return coin;
  } catch {
    // Any malformed coin is the same refusal.
  }
  throw sdkErrors.invalidRequest.because(otherwise);
}

function wholeNumber(text: string): bigint | undefined {
  try {
    return parseInteger(text);
  } catch {
    return undefined;
  }
}

function requireBondDenom(coin: Coin, bondDenom: string): void {
  if (coin.denom === bondDenom) return;
  throw sdkErrors.invalidRequest.because(`invalid coin denomination: got ${coin.denom}, expected ${bondDenom}`);
}

const DESCRIPTION_FIELDS = ["moniker", "identity", "website", "securityContact", "details"] as const;
/** Field names as the SDK's refusals print them. */
const DESCRIPTION_WORDS = { securityContact: "security contact" } as Partial<
  Record<(typeof DESCRIPTION_FIELDS)[number], string>
>;

function isEmptyDescription(description: Description): boolean {
  return DESCRIPTION_FIELDS.every((field) => description[field] === "");
}

function validateDescription(description: Description): void {
  for (const field of DESCRIPTION_FIELDS) {
    const length = utf8(description[field]).length;
    const max = DESCRIPTION_BYTES[field];
    if (length <= max) continue;
    throw sdkErrors.invalidRequest.because(
      `invalid ${DESCRIPTION_WORDS[field] ?? field} length; got: ${length}, max: ${max}`,
    );
  }
}

function editedDescription(before: Description, change: Description): Description {
  const edited = { ...before };
  for (const field of DESCRIPTION_FIELDS) if (change[field] !== DO_NOT_MODIFY) edited[field] = change[field];
  return edited;
}

/** CommissionRates.Validate of x/staking/types/commission.go. */
function validateRates(rates: Rates): void {
  const [rate, maxRate, maxChangeRate] = [rates.rate, rates.maxRate, rates.maxChangeRate].map((text) =>
    Dec.fromWire(text),
  );
  if (maxRate!.isNegative()) throw errors.commissionNegative.because();
  if (maxRate!.greaterThan(Dec.one)) throw errors.commissionHuge.because();
  if (rate!.isNegative()) throw errors.commissionNegative.because();
  if (rate!.greaterThan(maxRate!)) throw errors.commissionGreaterThanMaxRate.because();
  if (maxChangeRate!.isNegative()) throw errors.commissionChangeRateNegative.because();
  if (maxChangeRate!.greaterThan(maxRate!)) throw errors.commissionChangeRateGreaterThanMaxRate.because();
}

function changedCommission(before: Validator["commission"], rate: Dec, now: Timestamp): Validator["commission"] {
  const { commissionRates: rates, updateTime } = before;
  if (nanosecondsBetween(updateTime, now) < COMMISSION_CHANGE_INTERVAL_NS) throw errors.commissionUpdateTime.because();
  if (rate.greaterThan(Dec.fromWire(rates.maxRate))) throw errors.commissionGreaterThanMaxRate.because();
  const change = rate.sub(Dec.fromWire(rates.rate)).abs();
  if (change.greaterThan(Dec.fromWire(rates.maxChangeRate))) throw errors.commissionGreaterThanMaxChangeRate.because();
  return { commissionRates: { ...rates, rate: rate.toWire() }, updateTime: now };
}

/** A commission as Go prints the message: its decimals stand there as they are stored, times 10^18. */
function commissionText({ commissionRates: rates, updateTime }: Validator["commission"]): string {
  const rate = (name: string, wire: string): string => quotedText(name, Dec.fromWire(wire).toWire());
  const inside = [
    rate("rate", rates.rate),
    rate("max_rate", rates.maxRate),
    rate("max_change_rate", rates.maxChangeRate),
  ];
  return groupText("commission_rates", inside.join("")) + timeText("update_time", updateTime);
}
