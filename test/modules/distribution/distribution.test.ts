/**
 * Rewards through whole transactions and blocks: how a block's fees are divided, who may withdraw what, and the community pool. Expected amounts
 * are written out as arithmetic on the numbers times 10^18; events, codes and texts are those of the SDK's x/distribution.
 */
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { state } from "../../../modules/distribution/state.ts";
import { hex } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import {
  consensusOf,
  eventsOf,
  operatorOf,
  payFee,
  signedBy,
  stake,
  THREE_WEEKS_NS,
  twoValidators,
} from "../../support/staking-chain.ts";

const ONE = 10n ** 18n;
const POWERS = { val1: 5n, val2: 7n };
const FEE = 1_000_000n;

/** 5/12 and 7/12 of 98 % of the fee, both cut off after 18 places. */
const PART = {
  val1: ((FEE * 98n) / 100n) * ((5n * ONE) / 12n),
  val2: ((FEE * 98n) / 100n) * ((7n * ONE) / 12n),
} as const;

const decimal = (scaled: bigint): string => `${scaled / ONE}.${(scaled % ONE).toString().padStart(18, "0")}`;
const coins = (scaled: bigint): string => `${decimal(scaled)}uopen`;
const owed = (scaled: bigint) => [{ denom: "uopen", amount: scaled.toString() }];

function withdraw(chain: ChainHarness, who: string, from: string): MessageToSend {
  return [
    "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
    { delegatorAddress: chain.address(who), validatorAddress: operatorOf(chain, from) },
  ];
}

function withdrawCommission(chain: ChainHarness, who: string): MessageToSend {
  return ["cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", { validatorAddress: operatorOf(chain, who) }];
}

const rewardsOf = (chain: ChainHarness, who: string, from: string) =>
  chain.query(
    "/cosmos.distribution.v1beta1.Query/DelegationRewards",
    [
      "cosmos.distribution.v1beta1.QueryDelegationRewardsRequest",
      { delegatorAddress: chain.address(who), validatorAddress: operatorOf(chain, from) },
    ],
    "cosmos.distribution.v1beta1.QueryDelegationRewardsResponse",
  ).rewards;

const commissionOf = (chain: ChainHarness, who: string) =>
  chain.query(
    "/cosmos.distribution.v1beta1.Query/ValidatorCommission",
    ["cosmos.distribution.v1beta1.QueryValidatorCommissionRequest", { validatorAddress: operatorOf(chain, who) }],
    "cosmos.distribution.v1beta1.QueryValidatorCommissionResponse",
  ).commission.commission;

const communityPool = (chain: ChainHarness): bigint =>
  BigInt(
    chain.query(
      "/cosmos.distribution.v1beta1.Query/CommunityPool",
      ["cosmos.distribution.v1beta1.QueryCommunityPoolRequest", {}],
      "cosmos.distribution.v1beta1.QueryCommunityPoolResponse",
    ).pool[0]?.amount ?? "0",
  );

const refusal = ({ codespace, code }: { codespace: string; code: number }) => [codespace, code];

/** Two validators and a fee that was divided between them; alice stakes as much with the first as its operator. */
function rewarded(): ChainHarness {
  const chain = twoValidators();
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "5000000"));
  payFee(chain, "bob", FEE);
  chain.block([], signedBy(POWERS));
  return chain;
}

describe("a block's fees", () => {
  test("go to the community by the tax, to those who signed by their power, and to each one's commission and delegators", () => {
    const chain = rewarded();
    // Commissions are a tenth, rounded half to even; these products have no 19th place that is not zero.
    const commission = { val1: PART.val1 / 10n, val2: PART.val2 / 10n };
    expect(eventsOf(chain, "commission")).toEqual([
      { amount: coins(commission.val1), validator: operatorOf(chain, "val1"), mode: "BeginBlock" },
      { amount: coins(commission.val2), validator: operatorOf(chain, "val2"), mode: "BeginBlock" },
    ]);
    expect(eventsOf(chain, "rewards")).toEqual([
      { amount: coins(PART.val1), validator: operatorOf(chain, "val1"), mode: "BeginBlock" },
      { amount: coins(PART.val2), validator: operatorOf(chain, "val2"), mode: "BeginBlock" },
    ]);
    expect(commissionOf(chain, "val1")).toEqual(owed(commission.val1));
    expect(communityPool(chain)).toBe(FEE * ONE - PART.val1 - PART.val2);
    // The two delegators of the first have equal stakes: what one coin earned, cut off after 18 places, times the coins.
    const perCoin = (PART.val1 - commission.val1) / 10_000_000n;
    expect(rewardsOf(chain, "alice", "val1")).toEqual(owed(perCoin * 5_000_000n));
    expect(rewardsOf(chain, "val1", "val1")).toEqual(owed(perCoin * 5_000_000n));
    chain.checkInvariants();
  });

  test("belong to everybody when nobody signed, and in the first block there is nothing", () => {
    const chain = twoValidators();
    payFee(chain, "bob", FEE);
    chain.block([]);
    expect(communityPool(chain)).toBe(FEE * ONE);
    chain.checkInvariants();
  });

  test("cost the same events in a block without fees, with nothing in them", () => {
    const chain = twoValidators();
    chain.block([], signedBy({ val1: 5n }));
    expect(eventsOf(chain, "rewards")).toEqual([
      { amount: "", validator: operatorOf(chain, "val1"), mode: "BeginBlock" },
    ]);
  });

  test("remember who proposed the block, as the SDK stores it", () => {
    const chain = twoValidators();
    chain.block([], { proposerAddress: consensusOf("val2") });
    const key = Uint8Array.of(0x01);
    const { value } = chain.application.query({
      path: "/store/distribution/key",
      data: key,
      height: 0n,
      prove: false,
    });
    expect(hex(value)).toBe(`0a14${hex(consensusOf("val2"))}`);
    expect(chain.application.exportGenesis()).toMatchObject({
      distribution: { previous_proposer: chain.addresses.consensus(consensusOf("val2")) },
    });
  });
});

describe("withdrawing", () => {
  test("pays whole coins, gives the fraction to the community, and begins anew", () => {
    const chain = rewarded();
    const before = chain.balance("alice", "uopen");
    const pool = communityPool(chain);
    const earned = ((PART.val1 - PART.val1 / 10n) / 10_000_000n) * 5_000_000n;
    const result = chain.runOk("alice", withdraw(chain, "alice", "val1"));
    expect(chain.balance("alice", "uopen")).toBe(before + earned / ONE);
    expect(communityPool(chain)).toBe(pool + (earned % ONE));
    expect(result.events.find(({ type }) => type === "withdraw_rewards")?.attributes.slice(0, 3)).toMatchObject([
      { key: "amount", value: `${earned / ONE}uopen` },
      { key: "validator", value: operatorOf(chain, "val1") },
      { key: "delegator", value: chain.address("alice") },
    ]);
    const { msgResponses } = decode("cosmos.base.abci.v1beta1.TxMsgData", result.data);
    expect(decode("cosmos.distribution.v1beta1.MsgWithdrawDelegatorRewardResponse", msgResponses[0]!.value)).toEqual({
      amount: [{ denom: "uopen", amount: (earned / ONE).toString() }],
    });
    chain.checkInvariants();
    // Nothing was earned since: the SDK tells it as zero of the staking coin.
    const again = chain.runOk("alice", withdraw(chain, "alice", "val1"));
    expect(again.events.find(({ type }) => type === "withdraw_rewards")?.attributes[0]).toMatchObject({
      value: "0uopen",
    });
    expect(chain.balance("alice", "uopen")).toBe(before + earned / ONE);
    chain.checkInvariants();
  });

  test("happens by itself when the stake changes", () => {
    const chain = rewarded();
    const before = chain.balance("alice", "uopen");
    const earned = ((PART.val1 - PART.val1 / 10n) / 10_000_000n) * 5_000_000n;
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "1"));
    expect(chain.balance("alice", "uopen")).toBe(before + earned / ONE - 1n);
    chain.checkInvariants();
  });

  test("of commission pays whole coins to the operator and keeps the fraction, once", () => {
    const chain = rewarded();
    const before = chain.balance("val1", "uopen");
    const commission = PART.val1 / 10n;
    const result = chain.runOk("val1", withdrawCommission(chain, "val1"));
    expect(chain.balance("val1", "uopen")).toBe(before + commission / ONE);
    expect(commissionOf(chain, "val1")).toEqual(owed(commission % ONE));
    expect(result.events.find(({ type }) => type === "withdraw_commission")?.attributes[0]).toMatchObject({
      key: "amount",
      value: `${commission / ONE}uopen`,
    });
    chain.checkInvariants();
    const idle = twoValidators();
    expect(refusal(idle.run("val1", withdrawCommission(idle, "val1")))).toEqual(["distribution", 7]);
  });

  test("is refused to strangers to staking, with staking's own words", () => {
    const chain = rewarded();
    expect(refusal(chain.run("alice", withdraw(chain, "alice", "bob")))).toEqual(["staking", 3]);
    expect(refusal(chain.run("bob", withdraw(chain, "bob", "val1")))).toEqual(["staking", 19]);
  });
});

describe("another address for rewards", () => {
  const setTo = (chain: ChainHarness, to: string): MessageToSend => [
    "cosmos.distribution.v1beta1.MsgSetWithdrawAddress",
    { delegatorAddress: chain.address("alice"), withdrawAddress: to },
  ];

  test("is paid instead, and can be asked for", () => {
    const chain = rewarded();
    const result = chain.runOk("alice", setTo(chain, chain.address("val2")));
    expect(result.events.find(({ type }) => type === "set_withdraw_address")?.attributes[0]).toMatchObject({
      key: "withdraw_address",
      value: chain.address("val2"),
    });
    const [alice, other] = [chain.balance("alice", "uopen"), chain.balance("val2", "uopen")];
    const earned = ((PART.val1 - PART.val1 / 10n) / 10_000_000n) * 5_000_000n;
    chain.runOk("alice", withdraw(chain, "alice", "val1"));
    expect([chain.balance("alice", "uopen"), chain.balance("val2", "uopen")]).toEqual([alice, other + earned / ONE]);
    const { withdrawAddress } = chain.query(
      "/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress",
      [
        "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressRequest",
        { delegatorAddress: chain.address("alice") },
      ],
      "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressResponse",
    );
    expect(withdrawAddress).toBe(chain.address("val2"));
    chain.checkInvariants();
  });

  test("must not be a module's, and may be forbidden", () => {
    const chain = rewarded();
    const pool = chain.addresses.account(moduleAddress("bonded_tokens_pool"));
    expect(refusal(chain.run("alice", setTo(chain, pool)))).toEqual(["sdk", 4]);
    const params = {
      community_tax: "0.02",
      base_proposer_reward: "0",
      bonus_proposer_reward: "0",
      withdraw_addr_enabled: false,
    };
    const strict = ChainHarness.start({
      balances: { alice: "1000000uopen" },
      appState: { distribution: { params, fee_pool: { community_pool: [] } } },
    });
    expect(refusal(strict.run("alice", setTo(strict, strict.address("alice"))))).toEqual(["distribution", 8]);
  });
});

describe("the community pool", () => {
  const fund = (chain: ChainHarness, amount: string): MessageToSend => [
    "cosmos.distribution.v1beta1.MsgFundCommunityPool",
    { depositor: chain.address("bob"), amount: [{ denom: "uopen", amount }] },
  ];

  test("takes gifts, and only governance spends it or sets the tax", () => {
    const chain = twoValidators();
    chain.runOk("bob", fund(chain, "1234"));
    expect(communityPool(chain)).toBe(1234n * ONE);
    expect(refusal(chain.run("bob", fund(chain, "0")))).toEqual(["sdk", 10]);
    const spend: MessageToSend = [
      "cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
      {
        authority: chain.address("bob"),
        recipient: chain.address("bob"),
        amount: [{ denom: "uopen", amount: "1" }],
      },
    ];
    expect(refusal(chain.run("bob", spend))).toEqual(["gov", 13]);
    const zero = "0";
    const params = {
      communityTax: zero,
      baseProposerReward: zero,
      bonusProposerReward: zero,
      withdrawAddrEnabled: true,
    };
    expect(
      refusal(
        chain.run("bob", ["cosmos.distribution.v1beta1.MsgUpdateParams", { authority: chain.address("bob"), params }]),
      ),
    ).toEqual(["gov", 13]);
    chain.checkInvariants();
  });
});

describe("a gift to a validator", () => {
  const give = (chain: ChainHarness, to: string, amount: string): MessageToSend => [
    "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool",
    {
      depositor: chain.address("bob"),
      validatorAddress: operatorOf(chain, to),
      amount: [{ denom: "uopen", amount }],
    },
  ];

  test("is divided like earned rewards", () => {
    const chain = twoValidators();
    chain.runOk("bob", give(chain, "val1", "1000000"));
    // A tenth is commission; the rest belongs to 5,000,000 coins of one delegator.
    expect(commissionOf(chain, "val1")).toEqual(owed(100_000n * ONE));
    expect(rewardsOf(chain, "val1", "val1")).toEqual(owed(900_000n * ONE));
    chain.checkInvariants();
  });

  test("is refused to nobody's validator, and takes nothing then", () => {
    const chain = twoValidators();
    const before = chain.balance("bob", "uopen");
    expect(refusal(chain.run("bob", give(chain, "alice", "5")))).toEqual(["staking", 3]);
    expect(chain.balance("bob", "uopen")).toBe(before);
  });

  // x/distribution/keeper/msg_server.go (0.53) hands on what its address codec says, and asks for no coin.
  test("is refused with the address codec's own codes, and may be nothing", () => {
    const chain = twoValidators();
    const before = chain.balance("bob", "uopen");
    const to = (validatorAddress: string, amount = [{ denom: "uopen", amount: "5" }]): MessageToSend => [
      "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool",
      { depositor: chain.address("bob"), validatorAddress, amount },
    ];
    const wrapped = "failed to execute message; message index: 0: ";
    const told = (validatorAddress: string) => {
      const { codespace, code, log } = chain.run("bob", to(validatorAddress));
      return [`${codespace}/${code}`, log];
    };
    expect(told(chain.address("alice"))).toEqual([
      "sdk/35",
      `${wrapped}hrp does not match bech32 prefix: expected 'tribvaloper' got 'trib': internal logic error`,
    ]);
    expect(told("")).toEqual(["undefined/1", `${wrapped}empty address string is not allowed`]);
    expect(told("tribvaloper1")).toEqual([
      "undefined/1",
      `${wrapped}decoding bech32 failed: invalid separator index 11`,
    ]);
    chain.runOk("bob", to(operatorOf(chain, "val1"), []));
    expect(commissionOf(chain, "val1")).toEqual([]);
    expect(chain.balance("bob", "uopen")).toBe(before);
    chain.checkInvariants();
  });
});

describe("a validator that was slashed", () => {
  test("has delegators whose rewards before the slash are theirs in full, and after it by what is left", () => {
    const chain = rewarded();
    const { height } = chain;
    const time = chain.time;
    const fault = {
      type: 1,
      validator: { address: consensusOf("val1"), power: 10n },
      height,
      time,
      totalVotingPower: 17n,
    };
    payFee(chain, "bob", FEE);
    chain.block([], { ...signedBy({ val1: 10n, val2: 7n }), misbehavior: [fault] });
    // The fee was divided before the slash: both parts were earned with 10,000,000 coins.
    const second = ((FEE * 98n) / 100n) * ((10n * ONE) / 17n);
    const both = (PART.val1 - PART.val1 / 10n + (second - second / 10n)) / 10_000_000n;
    expect(rewardsOf(chain, "alice", "val1")).toEqual(owed(both * 5_000_000n));
    const { slashes } = chain.query(
      "/cosmos.distribution.v1beta1.Query/ValidatorSlashes",
      [
        "cosmos.distribution.v1beta1.QueryValidatorSlashesRequest",
        { validatorAddress: operatorOf(chain, "val1"), startingHeight: 0n, endingHeight: 1000n, pagination: undefined },
      ],
      "cosmos.distribution.v1beta1.QueryValidatorSlashesResponse",
    );
    // A twentieth of 10,000,000 was burnt. Three periods: its creation's, alice's beginning, and the one the slash ended.
    expect(slashes).toEqual([{ validatorPeriod: 3n, fraction: (ONE / 20n).toString() }]);
    chain.checkInvariants();
    // A gift afterwards: 4,750,000 of 9,500,000 coins are hers.
    const gift: MessageToSend = [
      "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool",
      {
        depositor: chain.address("bob"),
        validatorAddress: operatorOf(chain, "val1"),
        amount: [{ denom: "uopen", amount: "9500000" }],
      },
    ];
    chain.runOk("bob", gift);
    const perCoin = (9_500_000n * 9n * ONE) / 10n / 9_500_000n;
    expect(rewardsOf(chain, "alice", "val1")).toEqual(owed(both * 5_000_000n + perCoin * 4_750_000n));
    chain.checkInvariants();
  });

  test("and abandoned leaves its commission to its operator and the rest to everybody", () => {
    const chain = rewarded();
    const before = chain.balance("val2", "uopen");
    const pool = communityPool(chain);
    const commission = PART.val2 / 10n;
    const reward = ((PART.val2 - commission) / 7_000_000n) * 7_000_000n;
    chain.runOk("val2", stake(chain, "Undelegate", "val2", "val2", "7000000"));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(chain.balance("val2", "uopen")).toBe(before + reward / ONE + commission / ONE + 7_000_000n);
    const left = PART.val2 - (reward / ONE + commission / ONE) * ONE;
    expect(communityPool(chain)).toBe(pool + left);
    chain.checkInvariants();
  });
});

test("everything can be asked for together", () => {
  const chain = rewarded();
  const service = "/cosmos.distribution.v1beta1.Query";
  const perCoin = (PART.val1 - PART.val1 / 10n) / 10_000_000n;
  expect(
    chain.query(
      `${service}/DelegationTotalRewards`,
      ["cosmos.distribution.v1beta1.QueryDelegationTotalRewardsRequest", { delegatorAddress: chain.address("alice") }],
      "cosmos.distribution.v1beta1.QueryDelegationTotalRewardsResponse",
    ),
  ).toEqual({
    rewards: [{ validatorAddress: operatorOf(chain, "val1"), reward: owed(perCoin * 5_000_000n) }],
    total: owed(perCoin * 5_000_000n),
  });
  expect(
    chain.query(
      `${service}/DelegatorValidators`,
      ["cosmos.distribution.v1beta1.QueryDelegatorValidatorsRequest", { delegatorAddress: chain.address("alice") }],
      "cosmos.distribution.v1beta1.QueryDelegatorValidatorsResponse",
    ).validators,
  ).toEqual([operatorOf(chain, "val1")]);
  expect(
    chain.query(
      `${service}/ValidatorDistributionInfo`,
      [
        "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoRequest",
        { validatorAddress: operatorOf(chain, "val1") },
      ],
      "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoResponse",
    ),
  ).toEqual({
    operatorAddress: chain.address("val1"),
    selfBondRewards: owed(perCoin * 5_000_000n),
    commission: owed(PART.val1 / 10n),
  });
  expect(
    chain.query(
      `${service}/ValidatorOutstandingRewards`,
      [
        "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsRequest",
        { validatorAddress: operatorOf(chain, "val2") },
      ],
      "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsResponse",
    ).rewards.rewards,
  ).toEqual(owed(PART.val2));
  expect(
    chain.query(
      `${service}/Params`,
      ["cosmos.distribution.v1beta1.QueryParamsRequest", {}],
      "cosmos.distribution.v1beta1.QueryParamsResponse",
    ).params,
  ).toEqual({
    communityTax: (ONE / 50n).toString(),
    baseProposerReward: "0",
    bonusProposerReward: "0",
    withdrawAddrEnabled: true,
  });
});

test("queries refuse what is not there with the SDK's statuses", () => {
  const chain = rewarded();
  const ask = (delegatorAddress: string, validatorAddress: string) =>
    chain.abciQuery(
      "/cosmos.distribution.v1beta1.Query/DelegationRewards",
      encode("cosmos.distribution.v1beta1.QueryDelegationRewardsRequest", { delegatorAddress, validatorAddress }),
    ).log;
  expect(ask("", operatorOf(chain, "val1"))).toContain("empty delegator address");
  expect(ask(chain.address("alice"), "")).toContain("empty validator address");
  expect(ask(chain.address("alice"), operatorOf(chain, "bob"))).toContain("validator does not exist");
  expect(ask(chain.address("bob"), operatorOf(chain, "val1"))).toContain(
    "no delegation for (address, validator) tuple",
  );
});

test("the store has the SDK's keys: periods in little-endian after the operator with its length", () => {
  const chain = rewarded();
  const operator = hex(accountOf("val1").bytes);
  expect(hex(state.historicalRewards.storeKey([accountOf("val1").bytes, 0x0102n]))).toBe(
    `0514${operator}0201000000000000`,
  );
  expect(hex(state.slashEvents.storeKey([accountOf("val1").bytes, 5n, 2n]))).toBe(
    `0814${operator}00000000000000050000000000000002`,
  );
  expect(hex(state.startingInfos.storeKey([accountOf("val1").bytes, accountOf("alice").bytes]))).toBe(
    `0414${operator}14${hex(accountOf("alice").bytes)}`,
  );
  chain.checkInvariants();
});

test("rewards survive an export and an import, to the last digit", () => {
  const chain = rewarded();
  const exported = chain.application.exportGenesis();
  const again = ChainHarness.genesis({
    wholeAppState: exported as JsonValue,
    initialHeight: chain.height + 1n,
    time: chain.time,
  });
  again.block([], { proposerAddress: new Uint8Array(20) });
  expect(again.application.exportGenesis()).toEqual(exported);
  expect(rewardsOf(again, "alice", "val1")).toEqual(rewardsOf(chain, "alice", "val1"));
  again.checkInvariants();
});
