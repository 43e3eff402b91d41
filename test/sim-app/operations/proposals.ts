/** Messages that governance runs: parameters of every module, money of the community, plans of upgrades. Owns the choice of one. */
import { consensusParams, type MessageToSend } from "../../support/chain-harness.ts";
import { govAddress } from "../../support/governance.ts";
import { type AppWorld, OTHER_DENOM } from "../world.ts";

/** Far beyond every run. */
const FAR_HEIGHTS = 1_000_000n;
const PERCENT = 10n ** 16n;

type Maker = (world: AppWorld, authority: string) => MessageToSend;

const makers: readonly Maker[] = [
  (world, authority) => {
    const { params } = world.chain.query(
      "/cosmos.staking.v1beta1.Query/Params",
      ["cosmos.staking.v1beta1.QueryParamsRequest", {}],
      "cosmos.staking.v1beta1.QueryParamsResponse",
    );
    const changes = {
      maxValidators: 3 + world.random.below(6),
      historicalEntries: world.random.below(20),
      unbondingTime: { seconds: BigInt(30 + world.random.below(200)), nanos: 0 },
    };
    return ["cosmos.staking.v1beta1.MsgUpdateParams", { authority, params: { ...params, ...changes } }];
  },
  (world, authority) => {
    const { params } = world.chain.query(
      "/cosmos.slashing.v1beta1.Query/Params",
      ["cosmos.slashing.v1beta1.QueryParamsRequest", {}],
      "cosmos.slashing.v1beta1.QueryParamsResponse",
    );
    const signedBlocksWindow = BigInt(10 + world.random.below(20));
    return ["cosmos.slashing.v1beta1.MsgUpdateParams", { authority, params: { ...params, signedBlocksWindow } }];
  },
  (world, authority) => {
    const { params } = world.chain.query(
      "/cosmos.distribution.v1beta1.Query/Params",
      ["cosmos.distribution.v1beta1.QueryParamsRequest", {}],
      "cosmos.distribution.v1beta1.QueryParamsResponse",
    );
    const communityTax = (BigInt(world.random.below(20)) * PERCENT).toString();
    return ["cosmos.distribution.v1beta1.MsgUpdateParams", { authority, params: { ...params, communityTax } }];
  },
  (world, authority) => {
    const { params } = world.chain.query(
      "/cosmos.mint.v1beta1.Query/Params",
      ["cosmos.mint.v1beta1.QueryParamsRequest", {}],
      "cosmos.mint.v1beta1.QueryParamsResponse",
    );
    const goalBonded = (BigInt(30 + world.random.below(60)) * PERCENT).toString();
    return ["cosmos.mint.v1beta1.MsgUpdateParams", { authority, params: { ...params, goalBonded } }];
  },
  (world, authority) => {
    const { params } = world.chain.query(
      "/cosmos.gov.v1.Query/Params",
      ["cosmos.gov.v1.QueryParamsRequest", { paramsType: "" }],
      "cosmos.gov.v1.QueryParamsResponse",
    );
    if (params === undefined) throw new Error("gov has no parameters");
    const burnVoteQuorum = world.random.chance(0.5);
    return ["cosmos.gov.v1.MsgUpdateParams", { authority, params: { ...params, burnVoteQuorum } }];
  },
  (world, authority) => {
    // Payments of the other coin stop for a while; an entry that is taken back leaves the default.
    const change = { sendEnabled: [{ denom: OTHER_DENOM, enabled: world.random.chance(0.7) }], useDefaultFor: [] };
    return ["cosmos.bank.v1beta1.MsgSetSendEnabled", { authority, ...change }];
  },
  (world, authority) => {
    const recipient = world.address(world.random.pick(world.people));
    const amount = [world.coin(world.amount(10_000n))];
    return ["cosmos.distribution.v1beta1.MsgCommunityPoolSpend", { authority, recipient, amount }];
  },
  (world, authority) => {
    const params = { feePpm: world.random.below(20_000) };
    return ["tributary.tokenpool.v1.MsgUpdateParams", { authority, params }];
  },
  (world, authority) => {
    const { params } = world.chain.query(
      "/cosmos.auth.v1beta1.Query/Params",
      ["cosmos.auth.v1beta1.QueryParamsRequest", {}],
      "cosmos.auth.v1beta1.QueryParamsResponse",
    );
    const changes = {
      txSizeCostPerByte: BigInt(1 + world.random.below(20)),
      sigVerifyCostSecp256k1: BigInt(500 + world.random.below(1000)),
      txSigLimit: BigInt(2 + world.random.below(6)),
    };
    return ["cosmos.auth.v1beta1.MsgUpdateParams", { authority, params: { ...params, ...changes } as never }];
  },
  (world, authority) => {
    const params = { sendEnabled: [], defaultSendEnabled: world.random.chance(0.9) };
    return ["cosmos.bank.v1beta1.MsgUpdateParams", { authority, params }];
  },
  (world, authority) => {
    // Blocks that hold everything, or less than a full one of a simulation asks for.
    const maxGas = world.random.chance(0.5) ? -1n : BigInt(10 + world.random.below(40)) * 1_000_000n;
    const limits = {
      maxGas,
      maxBytes: BigInt(2_000_000 + world.random.below(20_000_000)),
      evidenceAge: BigInt(5 + world.random.below(100_000)),
    };
    return ["cosmos.consensus.v1.MsgUpdateParams", { authority, ...consensusParams(limits) }];
  },
  (world, authority) => {
    const { params } = world.chain.query(
      "/tributary.attribution.v1.Query/Params",
      ["tributary.attribution.v1.QueryParamsRequest", {}],
      "tributary.attribution.v1.QueryParamsResponse",
    );
    return ["tributary.attribution.v1.MsgUpdateParams", { authority, params }];
  },
  (world, authority) => {
    // Due soon after a vote: the chain halts for it, and goes on with the program that knows it.
    const height = world.chain.height + BigInt(world.mayUpgrade ? 15 + world.random.below(60) : 1_000_000);
    return [
      "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
      { authority, plan: { name: `soon-${world.random.below(1_000_000)}`, height, info: "" } },
    ];
  },
  (world, authority) => {
    const plan = { name: `plan-${world.random.below(1000)}`, height: world.chain.height + FAR_HEIGHTS, info: "" };
    return ["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority, plan }];
  },
  (_world, authority) => ["cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority }],
];

/** A message for a proposal, signed by governance. */
export function someProposal(world: AppWorld): MessageToSend {
  return world.random.pick(makers)(world, govAddress(world.chain));
}
