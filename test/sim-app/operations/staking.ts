/** Validators and their delegators: stake that comes, moves, leaves and stays after all, and validators that come back. Owns the choice. */
import { publicKeyAddress } from "../../../chain/types/public-key.ts";
import { decode, encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { createValidator, operatorOf, unjail } from "../../support/staking-chain.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM, POWER_COINS } from "../world.ts";

type Validator = Messages["cosmos.staking.v1beta1.Validator"];

/** cosmos.staking.v1beta1.Description's way to leave a field as it is. */
const UNCHANGED = "[do-not-modify]";

function unbondingsOf(world: AppWorld, name: string) {
  return world.chain
    .query(
      "/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations",
      ["cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsRequest", { delegatorAddr: world.address(name) }],
      "cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsResponse",
    )
    .unbondingResponses.flatMap(({ validatorAddress, entries }) =>
      entries.map((entry) => ({ validatorAddress, ...entry })),
    );
}

/** A validator whose operator is one of us and free. */
function ownValidator(world: AppWorld, wanted: (validator: Validator) => boolean) {
  const own = world.validators().flatMap((validator) => {
    const name = world.nameOf(validator.operatorAddress);
    return name !== undefined && world.isFree(name) && wanted(validator) ? [{ name, validator }] : [];
  });
  return own.length === 0 ? undefined : world.random.pick(own);
}

/** Whether the operator still has what it promised to stake, and its jail is over. */
function isFreeToReturn(world: AppWorld, name: string, validator: Validator): boolean {
  const own = world.delegationsOf(name).find(({ operator }) => operator === validator.operatorAddress);
  if (own === undefined || own.amount < BigInt(validator.minSelfDelegation)) return false;
  const key = decode("cosmos.crypto.ed25519.PubKey", validator.consensusPubkey?.value ?? new Uint8Array()).key;
  const consAddress = world.chain.addresses.consensus(publicKeyAddress("ed25519", key));
  const answer = world.chain.abciQuery(
    "/cosmos.slashing.v1beta1.Query/SigningInfo",
    encode("cosmos.slashing.v1beta1.QuerySigningInfoRequest", { consAddress }),
  );
  // One that was jailed before it ever was in the set has no record to keep it.
  if (answer.code !== 0) return true;
  const { valSigningInfo: info } = decode("cosmos.slashing.v1beta1.QuerySigningInfoResponse", answer.value);
  return !info.tombstoned && (info.jailedUntil?.seconds ?? 0n) <= world.chain.time.seconds;
}

function isJailed(world: AppWorld, operator: string): boolean {
  return world.validators().some(({ operatorAddress, jailed }) => operatorAddress === operator && jailed);
}

function canTakeStake(validator: Validator): boolean {
  return validator.tokens !== "0" || validator.delegatorShares === "0";
}

export const stakingOperations: readonly Operation[] = [
  {
    name: "staking.CreateValidator",
    weight: 2,
    plan: (world) => {
      const from = world.someone();
      if (world.validators().some(({ operatorAddress }) => operatorAddress === operatorOf(world.chain, from)))
        return undefined;
      const amount = world.amount(
        (world.spendable(from) < 300n * POWER_COINS ? world.spendable(from) : 300n * POWER_COINS) + 1n,
      );
      const rate = BigInt(world.random.below(20)) * 10n ** 16n;
      const commission = {
        rate: rate.toString(),
        maxRate: (rate + 10n ** 17n).toString(),
        maxChangeRate: (10n ** 16n).toString(),
      };
      const minSelfDelegation = (amount / BigInt(1 + world.random.below(4)) + 1n).toString();
      const changes = { pubkey: world.newConsensusKey(), commission, minSelfDelegation };
      return { from, message: createValidator(world.chain, from, amount.toString(), changes) };
    },
  },
  {
    name: "staking.EditValidator",
    weight: 2,
    plan: (world) => {
      const own = ownValidator(world, () => true);
      if (own === undefined) return undefined;
      const { rate, maxChangeRate } = own.validator.commission.commissionRates;
      const description = {
        moniker: `new ${world.random.below(1000)}`,
        identity: UNCHANGED,
        website: UNCHANGED,
        securityContact: UNCHANGED,
        details: UNCHANGED,
      };
      const isRateChanged = world.random.chance(0.2);
      const commissionRate = isRateChanged
        ? ((BigInt(rate) > 0n ? BigInt(rate) : BigInt(maxChangeRate)) / 2n).toString()
        : "";
      return {
        from: own.name,
        message: [
          "cosmos.staking.v1beta1.MsgEditValidator",
          { description, validatorAddress: own.validator.operatorAddress, commissionRate, minSelfDelegation: "" },
        ],
      };
    },
  },
  {
    name: "staking.Delegate",
    weight: 10,
    plan: (world) => {
      const from = world.someone();
      const validator = world.someValidator();
      if (validator === undefined || !canTakeStake(validator)) return undefined;
      // Locked coins too: a vesting account may stake them.
      const most = world.chain.balance(from, DENOM) / 8n;
      const cap = 100n * POWER_COINS;
      const amount = world.coin(world.amount(most < cap ? most : cap));
      const value = { delegatorAddress: world.address(from), validatorAddress: validator.operatorAddress, amount };
      return { from, message: ["cosmos.staking.v1beta1.MsgDelegate", value] };
    },
  },
  {
    name: "staking.Undelegate",
    weight: 8,
    plan: (world) => {
      const owner = world.ownerOf((name) => world.delegationsOf(name));
      if (owner === undefined) return undefined;
      const { from, thing } = owner;
      // Everything, in a quarter of cases: then the delegation, and with the last one the validator, goes.
      const amount = world.coin(world.random.chance(0.25) ? thing.amount : world.amount(thing.amount));
      const value = { delegatorAddress: world.address(from), validatorAddress: thing.operator, amount };
      return { from, message: ["cosmos.staking.v1beta1.MsgUndelegate", value] };
    },
  },
  {
    name: "staking.BeginRedelegate",
    weight: 6,
    plan: (world) => {
      const owner = world.ownerOf((name) => world.delegationsOf(name));
      const to = world.someValidator();
      if (owner === undefined || to === undefined || !canTakeStake(to)) return undefined;
      const { from, thing } = owner;
      if (to.operatorAddress === thing.operator && world.random.chance(0.95)) return undefined;
      const value = {
        delegatorAddress: world.address(from),
        validatorSrcAddress: thing.operator,
        validatorDstAddress: to.operatorAddress,
        amount: world.coin(world.random.chance(0.25) ? thing.amount : world.amount(thing.amount)),
      };
      return { from, message: ["cosmos.staking.v1beta1.MsgBeginRedelegate", value] };
    },
  },
  {
    name: "staking.CancelUnbondingDelegation",
    weight: 3,
    plan: (world) => {
      const owner = world.ownerOf((name) => unbondingsOf(world, name));
      if (owner === undefined) return undefined;
      const { from, thing } = owner;
      if (isJailed(world, thing.validatorAddress) && world.random.chance(0.9)) return undefined;
      const value = {
        delegatorAddress: world.address(from),
        validatorAddress: thing.validatorAddress,
        amount: world.coin(world.amount(BigInt(thing.balance))),
        creationHeight: thing.creationHeight,
      };
      return { from, message: ["cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", value] };
    },
  },
  {
    name: "slashing.Unjail",
    weight: 6,
    plan: (world) => {
      const own = ownValidator(world, ({ jailed }) => jailed);
      if (own === undefined) return undefined;
      // Mostly one that may come back; the others are tried too.
      const mayComeBack = isFreeToReturn(world, own.name, own.validator);
      if (!mayComeBack && world.random.chance(0.95)) return undefined;
      return { from: own.name, message: unjail(world.chain, own.name) };
    },
  },
];
