// Owns: validators and the stake behind them: reading and writing both with their indexes, adding and taking stake.
// The rules are the Cosmos SDK's (x/staking/keeper). Does not own: share arithmetic (shares.ts), withdrawals (unbonding.ts), moves (redelegation.ts), slashes (slash.ts), who is in the set (validator-set.ts),
// what a message may ask (../msgs.ts).

import type { Read, Write } from "../../../chain/module/context.ts";
import { sdkErrors } from "../../../chain/module/errors.ts";
import { type Coin, newCoins } from "../../../chain/types/coin.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { publicKeyAddress } from "../../../chain/types/public-key.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { decode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { StakingHookList } from "../hooks.ts";
import {
  BONDED_POOL,
  type Delegation,
  NOT_BONDED_POOL,
  type Params,
  powerIndexKey,
  state,
  UNBONDED,
  type Validator,
} from "../state.ts";
import {
  addTokens,
  hasInvalidExchangeRate,
  poolOf,
  removeShares,
  sharesFromTokens,
  sharesFromTokensTruncated,
  sharesOf,
  tokensFromShares,
  tokensOf,
} from "./shares.ts";

/** What staking needs from its neighbours, and no more. */
export interface StakingUses {
  readonly bank: {
    balance(ctx: Read, address: Uint8Array, denom: string): bigint;
    delegate(ctx: Write, from: Uint8Array, module: string, coins: readonly Coin[]): void;
    undelegate(ctx: Write, module: string, to: Uint8Array, coins: readonly Coin[]): void;
    sendBetweenModules(ctx: Write, from: string, to: string, coins: readonly Coin[]): void;
    burn(ctx: Write, module: string, coins: readonly Coin[]): void;
  };
  readonly accounts: {
    moduleAddress(name: string): Uint8Array;
    ensureModuleAccount(ctx: Write, name: string): Uint8Array;
  };
}

/** A consensus key as the validator's message carries it: type and bytes. Only ed25519 signs blocks here. */
export interface ConsensusKey {
  readonly type: "ed25519";
  readonly bytes: Uint8Array;
  /** 20 bytes. */
  readonly address: Uint8Array;
}

/** Reads a packed consensus key. Throws staking/6 for another kind and sdk/8 for one of the wrong length. */
export function consensusKeyOf(any: Messages["google.protobuf.Any"]): ConsensusKey {
  if (any.typeUrl !== "/cosmos.crypto.ed25519.PubKey")
    throw errors.validatorPubKeyTypeNotSupported.because(`got: ${any.typeUrl}, expected: [ed25519]`);
  const { key } = decode("cosmos.crypto.ed25519.PubKey", any.value);
  if (key.length !== 32) throw sdkErrors.invalidPubKey.because(`an ed25519 key has 32 bytes, this one ${key.length}`);
  return { type: "ed25519", bytes: key, address: publicKeyAddress("ed25519", key) };
}

export class StakingKeeper {
  /** Whoever keeps accounts about stake; modules/app.ts says who that is. */
  readonly hooks = new StakingHookList();
  readonly #uses: StakingUses;

  constructor(uses: StakingUses) {
    this.#uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("staking has no parameters: genesis was not run");
    return params;
  }

  // ------------------------------------------------------------ validators

  /** The validator of an operator. Throws staking/3 when there is none. */
  validator(ctx: Read, operator: Uint8Array): Validator {
    const found = state.validators.get(ctx, operator);
    if (found === undefined) throw errors.noValidatorFound.because();
    return found;
  }

  /** The operator whose validator signs with this consensus address, or undefined. */
  operatorByConsensusAddress(ctx: Read, address: Uint8Array): Uint8Array | undefined {
    return state.validatorsByConsensusAddress.get(ctx, address);
  }

  operatorOf(ctx: Read, validator: Validator): Uint8Array {
    return ctx.addresses.parseValidator(validator.operatorAddress);
  }

  consensusKey(validator: Validator): ConsensusKey {
    if (validator.consensusPubkey === undefined) throw new Error(`validator ${validator.operatorAddress} has no key`);
    return consensusKeyOf(validator.consensusPubkey);
  }

  /** Stores a validator and keeps its place in the order of powers: `before` is what was stored, undefined for a new one. */
  saveValidator(ctx: Write, before: Validator | undefined, after: Validator): void {
    const operator = this.operatorOf(ctx, after);
    const keyOf = (validator: Validator | undefined): Uint8Array | undefined =>
      validator === undefined || validator.jailed ? undefined : powerIndexKey(operator, tokensOf(validator));
    const [was, is] = [keyOf(before), keyOf(after)];
    const same = was !== undefined && is !== undefined && was.every((byte, at) => byte === is[at]);
    if (was !== undefined && !same) state.validatorsByPower.delete(ctx, was);
    if (is !== undefined && !same) state.validatorsByPower.set(ctx, is, operator);
    state.validators.set(ctx, operator, after);
  }

  /** Stores a new validator under all its keys. */
  addValidator(ctx: Write, validator: Validator): void {
    const operator = this.operatorOf(ctx, validator);
    state.validatorsByConsensusAddress.set(ctx, this.consensusKey(validator).address, operator);
    this.saveValidator(ctx, undefined, validator);
  }

  /** Forgets a validator that is unbonded and holds nothing. */
  removeValidator(ctx: Write, validator: Validator): void {
    if (validator.status !== UNBONDED) throw new Error("cannot call RemoveValidator on bonded or unbonding validators");
    if (tokensOf(validator) !== 0n) throw new Error("attempting to remove a validator which still contains tokens");
    const operator = this.operatorOf(ctx, validator);
    state.validators.delete(ctx, operator);
    state.validatorsByConsensusAddress.delete(ctx, this.consensusKey(validator).address);
    state.validatorsByPower.delete(ctx, powerIndexKey(operator, 0n));
    this.hooks.afterValidatorRemoved(ctx, this.consensusKey(validator).address, operator);
  }

  /** Keeps a validator out of the set from the next block's end on. */
  jail(ctx: Write, validator: Validator): Validator {
    if (validator.jailed) throw new Error(`cannot jail already jailed validator ${validator.operatorAddress}`);
    const jailed = { ...validator, jailed: true };
    this.saveValidator(ctx, validator, jailed);
    return jailed;
  }

  /** Lets a validator back into the order of powers. */
  unjail(ctx: Write, validator: Validator): void {
    if (!validator.jailed) throw new Error(`cannot unjail already unjailed validator ${validator.operatorAddress}`);
    this.saveValidator(ctx, validator, { ...validator, jailed: false });
  }

  // ------------------------------------------------------------ delegations

  delegation(ctx: Read, delegator: Uint8Array, operator: Uint8Array): Delegation | undefined {
    return state.delegations.get(ctx, [delegator, operator]);
  }

  /** A delegation. Throws staking/19 when there is none. */
  existingDelegation(ctx: Read, delegator: Uint8Array, operator: Uint8Array): Delegation {
    const found = this.delegation(ctx, delegator, operator);
    if (found === undefined) throw errors.noDelegation.because();
    return found;
  }

  /** Stakes coins of the delegator's account with a validator and gives the shares issued for them. */
  delegate(ctx: Write, delegator: Uint8Array, amount: bigint, validator: Validator): Dec {
    return this.#addStake(ctx, delegator, amount, validator, () => {
      this.#uses.bank.delegate(ctx, delegator, poolOf(validator), [this.coin(ctx, amount)]);
    });
  }

  /** Stakes coins that a pool holds already, as after a move or a withdrawal that was taken back, and gives the shares issued for them. */
  delegateFromPool(ctx: Write, delegator: Uint8Array, amount: bigint, pool: string, validator: Validator): Dec {
    return this.#addStake(ctx, delegator, amount, validator, () => {
      if (pool !== poolOf(validator)) this.moveBetweenPools(ctx, pool, poolOf(validator), amount);
    });
  }

  /** The shares to withdraw for `amount`, never more than there are (ValidateUnbondAmount). */
  sharesToWithdraw(ctx: Read, delegator: Uint8Array, operator: Uint8Array, amount: bigint): Dec {
    const validator = this.validator(ctx, operator);
    const delegation = this.existingDelegation(ctx, delegator, operator);
    const held = Dec.fromWire(delegation.shares);
    if (sharesFromTokensTruncated(validator, amount).greaterThan(held))
      throw sdkErrors.invalidRequest.because("invalid shares amount");
    return sharesFromTokens(validator, amount).min(held);
  }

  /** Takes shares out of a delegation and gives the tokens they were worth (x/staking/keeper: Unbond). The tokens stay in their pool. */
  unbond(ctx: Write, delegator: Uint8Array, operator: Uint8Array, shares: Dec): bigint {
    const delegation = this.delegation(ctx, delegator, operator);
    if (delegation === undefined) throw errors.noDelegatorForAddress.because();
    this.hooks.beforeDelegationSharesModified(ctx, delegator, operator);
    const held = Dec.fromWire(delegation.shares);
    if (held.lessThan(shares)) throw errors.notEnoughDelegationShares.because(held.toString());
    const left = held.sub(shares);
    let validator = this.validator(ctx, operator);
    if (equalBytes(delegator, operator) && !validator.jailed) {
      const selfDelegated = tokensFromShares(validator, left).truncateInt();
      if (selfDelegated < BigInt(validator.minSelfDelegation)) validator = this.jail(ctx, validator);
    }
    if (left.isZero()) this.hooks.beforeDelegationRemoved(ctx, delegator, operator);
    this.#saveDelegation(ctx, delegator, operator, left);
    if (!left.isZero()) this.hooks.afterDelegationModified(ctx, delegator, operator);
    const { validator: shrunk, tokens } = removeShares(validator, shares);
    this.saveValidator(ctx, validator, shrunk);
    if (sharesOf(shrunk).isZero() && shrunk.status === UNBONDED) this.removeValidator(ctx, shrunk);
    return tokens;
  }

  /** Stores a delegation under both keys, as genesis gives it. A new one is told of; an export holds the listeners' records already. */
  importDelegation(ctx: Write, delegation: Delegation, isNew: boolean): void {
    const delegator = ctx.addresses.parseAccount(delegation.delegatorAddress);
    const operator = ctx.addresses.parseValidator(delegation.validatorAddress);
    if (isNew) this.hooks.beforeDelegationCreated(ctx, delegator, operator);
    this.#saveDelegation(ctx, delegator, operator, Dec.fromWire(delegation.shares));
    if (isNew) this.hooks.afterDelegationModified(ctx, delegator, operator);
  }

  // ------------------------------------------------------------ pools

  /** An amount of the bond denomination. */
  coin(ctx: Read, amount: bigint): Coin {
    return { denom: this.params(ctx).bondDenom, amount };
  }

  /** Moving nothing is told in events too, as the SDK does. */
  moveBetweenPools(ctx: Write, from: string, to: string, amount: bigint): void {
    this.#uses.bank.sendBetweenModules(ctx, from, to, newCoins(this.coin(ctx, amount)));
  }

  /** Pays coins of the pool of what is not bonded to an account. */
  payOut(ctx: Write, to: Uint8Array, amount: bigint): void {
    if (amount > 0n) this.#uses.bank.undelegate(ctx, NOT_BONDED_POOL, to, [this.coin(ctx, amount)]);
  }

  /** Destroys coins of a pool: what a slash takes. */
  burn(ctx: Write, pool: string, amount: bigint): void {
    if (amount > 0n) this.#uses.bank.burn(ctx, pool, [this.coin(ctx, amount)]);
  }

  /** What the two pools hold of the bond denomination. */
  poolBalances(ctx: Read): { readonly bonded: bigint; readonly notBonded: bigint } {
    const { bondDenom } = this.params(ctx);
    const held = (pool: string): bigint =>
      this.#uses.bank.balance(ctx, this.#uses.accounts.moduleAddress(pool), bondDenom);
    return { bonded: held(BONDED_POOL), notBonded: held(NOT_BONDED_POOL) };
  }

  ensurePools(ctx: Write): void {
    for (const pool of [BONDED_POOL, NOT_BONDED_POOL]) this.#uses.accounts.ensureModuleAccount(ctx, pool);
  }

  // ------------------------------------------------------------ inside

  #addStake(ctx: Write, delegator: Uint8Array, amount: bigint, validator: Validator, fund: () => void): Dec {
    if (hasInvalidExchangeRate(validator)) throw errors.delegatorShareExchangeRateInvalid.because();
    const operator = this.operatorOf(ctx, validator);
    const held = this.delegation(ctx, delegator, operator);
    if (held === undefined) this.hooks.beforeDelegationCreated(ctx, delegator, operator);
    else this.hooks.beforeDelegationSharesModified(ctx, delegator, operator);
    fund();
    const { validator: grown, issued } = addTokens(validator, amount);
    this.saveValidator(ctx, validator, grown);
    const shares = held === undefined ? issued : Dec.fromWire(held.shares).add(issued);
    this.#saveDelegation(ctx, delegator, operator, shares);
    this.hooks.afterDelegationModified(ctx, delegator, operator);
    return issued;
  }

  #saveDelegation(ctx: Write, delegator: Uint8Array, operator: Uint8Array, shares: Dec): void {
    if (shares.isZero()) {
      state.delegations.delete(ctx, [delegator, operator]);
      state.delegationsByValidator.delete(ctx, [operator, delegator]);
      return;
    }
    state.delegations.set(ctx, [delegator, operator], {
      delegatorAddress: ctx.addresses.account(delegator),
      validatorAddress: ctx.addresses.validator(operator),
      shares: shares.toWire(),
    });
    state.delegationsByValidator.add(ctx, [operator, delegator]);
  }
}
