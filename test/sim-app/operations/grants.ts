/** Messages run for others and fees paid for others: given, used, taken back. Owns the choice. */
import { type Any, packAny } from "../../../proto/codec.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";

const SEND = "cosmos.bank.v1beta1.MsgSend";
const DELEGATE = "cosmos.staking.v1beta1.MsgDelegate";
const REWARD = "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward";
const MESSAGES = [SEND, DELEGATE, REWARD] as const;

function authorization(world: AppWorld): Any {
  const kind = world.random.below(3);
  if (kind === 0)
    return packAny("cosmos.authz.v1beta1.GenericAuthorization", { msg: `/${world.random.pick(MESSAGES)}` });
  if (kind === 1) {
    const spendLimit = [world.coin(BigInt(1000 + world.random.below(100_000)))];
    return packAny("cosmos.bank.v1beta1.SendAuthorization", { spendLimit, allowList: [] });
  }
  const validators = { address: world.validators().map(({ operatorAddress }) => operatorAddress) };
  const maxTokens = world.random.chance(0.5) ? world.coin(BigInt(1000 + world.random.below(100_000))) : undefined;
  const limit = maxTokens === undefined ? {} : { maxTokens };
  return packAny("cosmos.staking.v1beta1.StakeAuthorization", {
    authorizationType: 1,
    allowList: validators,
    ...limit,
  });
}

/** A message of the granter's that the authorization may be for. */
function messageUnder(world: AppWorld, granter: string, typeUrl: string): MessageToSend | undefined {
  const small = world.coin(BigInt(1 + world.random.below(5000)));
  const validatorAddress = world.someValidator()?.operatorAddress;
  if (validatorAddress === undefined) return undefined;
  if (typeUrl.endsWith("SendAuthorization") || typeUrl === SEND) {
    const toAddress = world.address(world.random.pick(world.people));
    return [SEND, { fromAddress: granter, toAddress, amount: [small] }];
  }
  if (typeUrl === REWARD) {
    const name = world.nameOf(granter);
    const has = name === undefined ? [] : world.delegationsOf(name);
    if (has.length === 0) return undefined;
    return [REWARD, { delegatorAddress: granter, validatorAddress: world.random.pick(has).operator }];
  }
  return [DELEGATE, { delegatorAddress: granter, validatorAddress, amount: small }];
}

function grantsTo(world: AppWorld, name: string) {
  return world.chain.query(
    "/cosmos.authz.v1beta1.Query/GranteeGrants",
    ["cosmos.authz.v1beta1.QueryGranteeGrantsRequest", { grantee: world.address(name) }],
    "cosmos.authz.v1beta1.QueryGranteeGrantsResponse",
  ).grants;
}

/** What an authorization is for: its message's name, or its own when that is known by it. */
function subjectOf(any: Any | undefined): string {
  const text = new TextDecoder().decode(any?.value ?? new Uint8Array());
  if (any?.typeUrl.endsWith("GenericAuthorization") === true)
    return MESSAGES.find((name) => text.includes(name)) ?? SEND;
  return any?.typeUrl ?? SEND;
}

function someoneElse(world: AppWorld, name: string): string {
  return world.random.pick(world.people.filter((other) => other !== name));
}

const authzOperations: readonly Operation[] = [
  {
    name: "authz.Grant",
    weight: 4,
    plan: (world) => {
      const from = world.someone();
      const expiration = world.random.chance(0.7) ? { expiration: world.later(5 + world.random.below(300)) } : {};
      const value = {
        granter: world.address(from),
        grantee: world.address(someoneElse(world, from)),
        grant: { authorization: authorization(world), ...expiration },
      };
      return { from, message: ["cosmos.authz.v1beta1.MsgGrant", value] };
    },
  },
  {
    name: "authz.Exec",
    weight: 5,
    plan: (world) => {
      const owner = world.ownerOf((name) => grantsTo(world, name));
      if (owner === undefined) return undefined;
      const inner = messageUnder(world, owner.thing.granter, subjectOf(owner.thing.authorization));
      if (inner === undefined) return undefined;
      const value = { grantee: world.address(owner.from), msgs: [packAny(inner[0], inner[1] as never)] };
      return { from: owner.from, message: ["cosmos.authz.v1beta1.MsgExec", value] };
    },
  },
  {
    name: "authz.Exec inside another",
    weight: 2,
    plan: (world) => {
      const owner = world.ownerOf((name) => grantsTo(world, name));
      if (owner === undefined) return undefined;
      const inner = messageUnder(world, owner.thing.granter, subjectOf(owner.thing.authorization));
      if (inner === undefined) return undefined;
      const grantee = world.address(owner.from);
      let value = { grantee, msgs: [packAny(inner[0], inner[1] as never)] };
      // Two deep is allowed, three is not.
      for (let depth = world.random.chance(0.8) ? 1 : 2; depth > 0; depth--)
        value = { grantee, msgs: [packAny("cosmos.authz.v1beta1.MsgExec", value)] };
      return { from: owner.from, message: ["cosmos.authz.v1beta1.MsgExec", value] };
    },
  },
  {
    name: "authz.Revoke",
    weight: 2,
    plan: (world) => {
      const grants = world.ownerOf((name) => grantsTo(world, name));
      const from = grants && world.nameOf(grants.thing.granter);
      if (grants === undefined || from === undefined) return undefined;
      const subject = subjectOf(grants.thing.authorization);
      const message = subject.endsWith("SendAuthorization")
        ? SEND
        : subject.endsWith("StakeAuthorization")
          ? DELEGATE
          : subject;
      const { granter, grantee } = grants.thing;
      return { from, message: ["cosmos.authz.v1beta1.MsgRevoke", { granter, grantee, msgTypeUrl: `/${message}` }] };
    },
  },
];

function allowance(world: AppWorld): Any {
  const limit = [world.coin(BigInt(2000 + world.random.below(100_000)))];
  const expiration = world.random.chance(0.7) ? { expiration: world.later(5 + world.random.below(300)) } : {};
  const basic = { spendLimit: world.random.chance(0.8) ? limit : [], ...expiration };
  const kind = world.random.below(3);
  if (kind === 0) return packAny("cosmos.feegrant.v1beta1.BasicAllowance", basic);
  const periodSpendLimit = [world.coin(BigInt(500 + world.random.below(1500)))];
  const periodic = packAny("cosmos.feegrant.v1beta1.PeriodicAllowance", {
    basic,
    period: { seconds: BigInt(10 + world.random.below(60)), nanos: 0 },
    periodSpendLimit,
    periodCanSpend: periodSpendLimit,
    periodReset: world.later(10),
  });
  if (kind === 1) return periodic;
  return packAny("cosmos.feegrant.v1beta1.AllowedMsgAllowance", { allowance: periodic, allowedMessages: [`/${SEND}`] });
}

function allowancesTo(world: AppWorld, name: string) {
  return world.chain.query(
    "/cosmos.feegrant.v1beta1.Query/Allowances",
    ["cosmos.feegrant.v1beta1.QueryAllowancesRequest", { grantee: world.address(name) }],
    "cosmos.feegrant.v1beta1.QueryAllowancesResponse",
  ).allowances;
}

const feegrantOperations: readonly Operation[] = [
  {
    name: "feegrant.GrantAllowance",
    weight: 3,
    plan: (world) => {
      const from = world.someone();
      const grantee = someoneElse(world, from);
      if (allowancesTo(world, grantee).some(({ granter }) => granter === world.address(from))) return undefined;
      const value = { granter: world.address(from), grantee: world.address(grantee), allowance: allowance(world) };
      return { from, message: ["cosmos.feegrant.v1beta1.MsgGrantAllowance", value] };
    },
  },
  {
    name: "feegrant.RevokeAllowance",
    weight: 1,
    plan: (world) => {
      const owner = world.ownerOf((name) => allowancesTo(world, name));
      const from = owner && world.nameOf(owner.thing.granter);
      if (owner === undefined || from === undefined) return undefined;
      const { granter, grantee } = owner.thing;
      return { from, message: ["cosmos.feegrant.v1beta1.MsgRevokeAllowance", { granter, grantee }] };
    },
  },
  {
    name: "feegrant.PruneAllowances",
    weight: 1,
    plan: (world) => {
      const from = world.someone();
      return { from, message: ["cosmos.feegrant.v1beta1.MsgPruneAllowances", { pruner: world.address(from) }] };
    },
  },
  {
    name: "a payment whose fee another pays",
    weight: 4,
    plan: (world) => {
      const owner = world.ownerOf((name) => allowancesTo(world, name));
      if (owner === undefined) return undefined;
      const fromAddress = world.address(owner.from);
      const amount = [world.coin(BigInt(1 + world.random.below(100)))];
      const options = { fee: `${1 + world.random.below(600)}${DENOM}`, feeGranter: owner.thing.granter };
      const toAddress = world.address(world.random.pick(world.people));
      return { from: owner.from, message: [SEND, { fromAddress, toAddress, amount }], options };
    },
  },
];

export const grantOperations: readonly Operation[] = [...authzOperations, ...feegrantOperations];
