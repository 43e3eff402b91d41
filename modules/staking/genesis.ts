// Owns: staking's genesis (x/staking/keeper/genesis.go) and the record of past headers that begins every block. Does not own: genesis
// transactions (genutil).

import type { BlockWrite, Read, ValidatorUpdate, Write } from "../../chain/module/context.ts";
import { parseInteger } from "../../chain/types/int.ts";
import { compareBytes, hex, utf8, utf8Text } from "../../proto/bytes.ts";
import { fullDefault } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { consensusKeyOf, type StakingKeeper } from "./keeper/keeper.ts";
import { importRedelegation } from "./keeper/redelegation.ts";
import { sharesOf, tokensOf } from "./keeper/shares.ts";
import { countUnbondingId, importUnbonding } from "./keeper/unbonding.ts";
import { applyValidatorSetUpdates } from "./keeper/validator-set.ts";
import {
  BONDED,
  consensusPower,
  DEFAULT_PARAMS,
  state,
  UNBONDING,
  validateParams,
  validatorQueueKey,
} from "./state.ts";

type GenesisState = Messages["cosmos.staking.v1beta1.GenesisState"];

export function defaultGenesis() {
  return { params: DEFAULT_PARAMS };
}

/** Throws for bad parameters, a key or operator that stands twice, and shares without tokens in the set. */
export function validateGenesis(genesis: GenesisState): void {
  validateParams(genesis.params);
  const seen = new Set<string>();
  for (const validator of genesis.validators) {
    if (validator.consensusPubkey === undefined)
      throw new Error(`validator ${validator.operatorAddress} has no consensus key`);
    const key = hex(consensusKeyOf(validator.consensusPubkey).bytes);
    const { moniker } = validator.description;
    if (seen.has(key))
      throw new Error(`duplicate validator in genesis state: moniker ${moniker}, ${validator.operatorAddress}`);
    seen.add(key);
    if (validator.jailed && validator.status === BONDED)
      throw new Error(
        `validator is bonded and jailed in genesis state: moniker ${moniker}, ${validator.operatorAddress}`,
      );
    if (sharesOf(validator).isZero() && validator.status !== UNBONDING)
      throw new Error(
        `bonded/unbonded genesis validator cannot have zero delegator shares, validator: ${validator.operatorAddress}`,
      );
  }
}

/** Writes the state, checks that the pools hold what is staked, and gives the first validator set. */
export function initGenesis(keeper: StakingKeeper, ctx: Write, genesis: GenesisState): readonly ValidatorUpdate[] {
  validateGenesis(genesis);
  state.params.set(ctx, genesis.params);
  const total = utf8Text(genesis.lastTotalPower);
  state.lastTotalPower.set(ctx, { int: total === "" ? "0" : parseInteger(total).toString() });
  keeper.ensurePools(ctx);
  let bonded = 0n;
  let notBonded = 0n;
  for (const validator of genesis.validators) {
    keeper.addValidator(ctx, validator);
    if (!genesis.exported) keeper.hooks.afterValidatorCreated(ctx, keeper.operatorOf(ctx, validator));
    if (validator.status === BONDED) bonded += tokensOf(validator);
    else notBonded += tokensOf(validator);
    for (const id of validator.unbondingIds) countUnbondingId(ctx, id);
    if (validator.status === UNBONDING) {
      const at = validatorQueueKey(validator.unbondingTime, validator.unbondingHeight);
      const waiting = state.validatorQueue.get(ctx, at)?.addresses ?? [];
      state.validatorQueue.set(ctx, at, { addresses: [...waiting, validator.operatorAddress] });
    }
  }
  for (const delegation of genesis.delegations) keeper.importDelegation(ctx, delegation, !genesis.exported);
  for (const unbonding of genesis.unbondingDelegations) {
    importUnbonding(ctx, unbonding);
    for (const { balance } of unbonding.entries) notBonded += BigInt(balance);
  }
  for (const redelegation of genesis.redelegations) importRedelegation(ctx, redelegation);
  const held = keeper.poolBalances(ctx);
  if (held.bonded !== bonded)
    throw new Error(`bonded pool balance is different from bonded coins: ${held.bonded} <-> ${bonded}`);
  if (held.notBonded !== notBonded)
    throw new Error(`not bonded pool balance is different from not bonded coins: ${held.notBonded} <-> ${notBonded}`);
  if (!genesis.exported) return applyValidatorSetUpdates(keeper, ctx);
  return genesis.lastValidatorPowers.map(({ address, power }) => {
    const operator = ctx.addresses.parseValidator(address);
    state.lastValidatorPowers.set(ctx, operator, { value: power });
    return { pubKey: { ed25519: keeper.consensusKey(keeper.validator(ctx, operator)).bytes }, power };
  });
}

export function exportGenesis(keeper: StakingKeeper, ctx: Read) {
  const values = <Value>(rows: Iterable<readonly [unknown, Value]>): Value[] => [...rows].map(([, row]) => row);
  return {
    params: keeper.params(ctx),
    // math.Int travels as its decimal text.
    lastTotalPower: utf8(state.lastTotalPower.get(ctx)?.int ?? "0"),
    lastValidatorPowers: [...state.lastValidatorPowers.iterate(ctx)].map(([operator, { value }]) => ({
      address: ctx.addresses.validator(operator),
      power: value,
    })),
    validators: values(state.validators.iterate(ctx)),
    delegations: values(state.delegations.iterate(ctx)),
    unbondingDelegations: values(state.unbondingDelegations.iterate(ctx)),
    redelegations: values(state.redelegations.iterate(ctx)),
    exported: true,
  };
}

/** At the beginning of a block: remembers its header and the set that signs it, and forgets the oldest (TrackHistoricalInfo). */
export function trackHistoricalInfo(keeper: StakingKeeper, ctx: BlockWrite): void {
  const entries = BigInt(keeper.params(ctx).historicalEntries);
  // More than one may be too old after the parameter was lowered; each block removes what it finds contiguous.
  for (let height = ctx.height - entries; height >= 0n && state.historicalInfo.has(ctx, height); height -= 1n)
    state.historicalInfo.delete(ctx, height);
  if (entries === 0n) return;
  const operators = [...state.lastValidatorPowers.keys(ctx)];
  const valset = operators.map((operator) => keeper.validator(ctx, operator));
  // As the engine orders them: by power, then by the key's address.
  valset.sort((a, b) => {
    const [more, less] = [consensusPower(tokensOf(b)), consensusPower(tokensOf(a))];
    if (more !== less) return more > less ? 1 : -1;
    return compareBytes(keeper.consensusKey(a).address, keeper.consensusKey(b).address);
  });
  const { chainId, height, time } = ctx;
  const { appHash, nextValidatorsHash, proposerAddress } = ctx.block;
  // As in the SDK, only what FinalizeBlock says of the header is known here.
  const header = {
    ...fullDefault("tendermint.types.Header"),
    chainId,
    height,
    time,
    appHash,
    nextValidatorsHash,
    proposerAddress,
  };
  state.historicalInfo.set(ctx, height, { header, valset });
}
