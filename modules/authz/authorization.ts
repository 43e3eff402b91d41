// Owns: the kinds of authorization: reading one from its packed form, which message it is for, what makes it valid, and what running a message
// makes of it (x/authz/generic_authorization.go, x/bank/types/send_authorization.go, x/staking/types/authz.go). Does not own: who has which (keeper.ts).

import type { InnerMessage } from "../../chain/module/dispatch.ts";
import { sdkErrors, TxError, uncodedError } from "../../chain/module/errors.ts";
import type { GasMeter } from "../../chain/store/gas.ts";
import { areValidCoins, type Coin, type CoinMessage, coinsToMessages, safeSubCoins } from "../../chain/types/coin.ts";
import { impossible } from "../../chain/types/impossible.ts";
import { IntError, parseInteger } from "../../chain/types/int.ts";
import { type Any, DecodeError, decode, packAny } from "../../proto/codec.ts";
import { AuthorizationType } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { LIST_CHECK_GAS } from "./limits.ts";

type Send = Messages["cosmos.bank.v1beta1.SendAuthorization"];
type Stake = Messages["cosmos.staking.v1beta1.StakeAuthorization"];

/** An authorization of any kind, unpacked. */
export type Authorization =
  | { readonly kind: "generic"; readonly typeUrl: string }
  | { readonly kind: "send"; readonly send: Send }
  | { readonly kind: "stake"; readonly stake: Stake };

/** Unpacks an authorization. Throws sdk/29 when there is none, sdk/34 for another kind of message or damaged bytes. */
export function authorizationOf(any: Any | undefined): Authorization {
  if (any === undefined) throw sdkErrors.invalidType.because("authorization is nil");
  try {
    switch (any.typeUrl) {
      case "/cosmos.authz.v1beta1.GenericAuthorization":
        return { kind: "generic", typeUrl: decode("cosmos.authz.v1beta1.GenericAuthorization", any.value).msg };
      case "/cosmos.bank.v1beta1.SendAuthorization":
        return { kind: "send", send: decode("cosmos.bank.v1beta1.SendAuthorization", any.value) };
      case "/cosmos.staking.v1beta1.StakeAuthorization":
        return { kind: "stake", stake: decode("cosmos.staking.v1beta1.StakeAuthorization", any.value) };
      default:
        throw sdkErrors.unpackAny.because(`${any.typeUrl} is not an authorization`);
    }
  } catch (error) {
    if (error instanceof DecodeError) throw sdkErrors.unpackAny.because(`${any.typeUrl}: ${error.message}`);
    throw error;
  }
}

/** Packs an authorization as it is stored. */
export function anyOfAuthorization(authorization: Authorization): Any {
  switch (authorization.kind) {
    case "generic":
      return packAny("cosmos.authz.v1beta1.GenericAuthorization", { msg: authorization.typeUrl });
    case "send":
      return packAny("cosmos.bank.v1beta1.SendAuthorization", authorization.send);
    case "stake":
      return packAny("cosmos.staking.v1beta1.StakeAuthorization", authorization.stake);
    default:
      return impossible(authorization);
  }
}

/** The type URL of the message it is for. Throws authz/4 for a stake authorization of no known type. */
export function messageOf(authorization: Authorization): string {
  switch (authorization.kind) {
    case "generic":
      return authorization.typeUrl;
    case "send":
      return "/cosmos.bank.v1beta1.MsgSend";
    case "stake":
      return stakeMessage(authorization.stake.authorizationType);
    default:
      return impossible(authorization);
  }
}

function stakeMessage(type: number): string {
  switch (type) {
    case AuthorizationType.AUTHORIZATION_TYPE_DELEGATE:
      return "/cosmos.staking.v1beta1.MsgDelegate";
    case AuthorizationType.AUTHORIZATION_TYPE_UNDELEGATE:
      return "/cosmos.staking.v1beta1.MsgUndelegate";
    case AuthorizationType.AUTHORIZATION_TYPE_REDELEGATE:
      return "/cosmos.staking.v1beta1.MsgBeginRedelegate";
    case AuthorizationType.AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION:
      return "/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation";
    default:
      throw errors.unknownAuthorizationType.because(`cannot normalize authz type ${type}`);
  }
}

/** Throws what the SDK says of an authorization that cannot be given. */
export function validateAuthorization(authorization: Authorization): void {
  switch (authorization.kind) {
    case "generic":
      if (authorization.typeUrl === "") throw uncodedError("msg type cannot be empty");
      return;
    case "send":
      validateSend(authorization.send);
      return;
    case "stake":
      validateStake(authorization.stake);
      return;
    default:
      impossible(authorization);
  }
}

function validateSend({ spendLimit, allowList }: Send): void {
  if (spendLimit.length === 0) throw sdkErrors.invalidCoins.because("spend limit cannot be nil");
  if (coinsOf(spendLimit) === undefined) throw sdkErrors.invalidCoins.because("spend limit must be positive");
  if (new Set(allowList).size !== allowList.length) throw new TxError("bank", 8, "duplicate entry"); // x/bank/types/errors.go, ErrDuplicateEntry
}

function validateStake({ maxTokens, authorizationType }: Stake): void {
  if (maxTokens !== undefined) {
    const amount = amountOf(maxTokens);
    if (amount === undefined || amount < 0n)
      throw errors.negativeMaxTokens.because(`negative coin amount: ${maxTokens.amount}${maxTokens.denom}`);
  }
  if (authorizationType === AuthorizationType.AUTHORIZATION_TYPE_UNSPECIFIED)
    throw errors.unknownAuthorizationType.because();
}

/**
 * What is left of the authorization when the message runs: the same one when it is not used up, undefined when nothing is left.
 * Throws what the SDK says of a message that it does not reach to.
 */
export function accept(authorization: Authorization, message: InnerMessage, gas: GasMeter): Authorization | undefined {
  switch (authorization.kind) {
    case "generic":
      return authorization;
    case "send":
      return acceptSend(authorization.send, message, gas);
    case "stake":
      return acceptStake(authorization, message, gas);
    default:
      return impossible(authorization);
  }
}

function acceptSend(before: Send, { name, value }: InnerMessage, gas: GasMeter): Authorization | undefined {
  if (name !== "cosmos.bank.v1beta1.MsgSend") throw sdkErrors.invalidType.because("type mismatch");
  const { amount, toAddress } = value as Messages["cosmos.bank.v1beta1.MsgSend"];
  const coins = coinsOf(amount);
  if (coins === undefined)
    throw sdkErrors.invalidCoins.because(amount.map((coin) => coin.amount + coin.denom).join(","));
  const left = safeSubCoins(coinsOf(before.spendLimit) ?? [], coins);
  if (left.negative) throw sdkErrors.insufficientFunds.because("requested amount is more than spend limit");
  if (before.allowList.length > 0 && !listed(before.allowList, toAddress, gas, "send authorization"))
    throw sdkErrors.unauthorized.because(`cannot send to ${toAddress} address`);
  if (left.coins.length === 0) return undefined;
  return { kind: "send", send: { ...before, spendLimit: coinsToMessages(left.coins) } };
}

function acceptStake(
  authorization: Extract<Authorization, { kind: "stake" }>,
  message: InnerMessage,
  gas: GasMeter,
): Authorization | undefined {
  const { stake } = authorization;
  const { validator, amount } = stakeOf(message);
  const refused = sdkErrors.unauthorized.because(`cannot delegate/undelegate to ${validator} validator`);
  const allowed = stake.allowList?.address ?? [];
  const isAllowed = listed(allowed, validator, gas, "stake authorization");
  if (listed(stake.denyList?.address ?? [], validator, gas, "stake authorization")) throw refused;
  if (allowed.length > 0 && !isAllowed) throw refused;
  if (stake.maxTokens === undefined) return authorization;
  const { denom } = stake.maxTokens;
  if (amount.denom !== denom) throw uncodedError(`invalid coin denoms: ${denom}, ${amount.denom}`);
  const asked = amountOf(amount);
  if (asked === undefined || asked < 0n) throw sdkErrors.invalidCoins.because(amount.amount + amount.denom);
  const left = parseInteger(stake.maxTokens.amount) - asked;
  if (left < 0n) throw uncodedError(`negative coin amount: ${left}${denom}`);
  if (left === 0n) return undefined;
  return { kind: "stake", stake: { ...stake, maxTokens: { denom, amount: left.toString() } } };
}

/** The validator that gains or loses, and how much. */
function stakeOf({ name, value }: InnerMessage): { readonly validator: string; readonly amount: CoinMessage } {
  switch (name) {
    case "cosmos.staking.v1beta1.MsgDelegate":
    case "cosmos.staking.v1beta1.MsgUndelegate":
    case "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation": {
      const { validatorAddress, amount } = value as Messages[typeof name];
      return { validator: validatorAddress, amount };
    }
    case "cosmos.staking.v1beta1.MsgBeginRedelegate": {
      const { validatorDstAddress, amount } = value as Messages[typeof name];
      return { validator: validatorDstAddress, amount };
    }
    default:
      throw sdkErrors.invalidRequest.because("unknown msg type");
  }
}

function listed(list: readonly string[], address: string, gas: GasMeter, descriptor: string): boolean {
  for (const entry of list) {
    gas.consume(LIST_CHECK_GAS, descriptor);
    if (entry === address) return true;
  }
  return false;
}

/** The coins when they are sorted, distinct and above zero. */
function coinsOf(messages: readonly CoinMessage[]): readonly Coin[] | undefined {
  const coins: Coin[] = [];
  for (const message of messages) {
    const amount = amountOf(message);
    if (amount === undefined) return undefined;
    coins.push({ denom: message.denom, amount });
  }
  return areValidCoins(coins) ? coins : undefined;
}

function amountOf({ amount }: CoinMessage): bigint | undefined {
  try {
    return parseInteger(amount);
  } catch (error) {
    if (error instanceof IntError) return undefined;
    throw error;
  }
}
