/**
 * What governance may change about stake, faults and rewards: each message through a whole proposal, and refused to anyone else. Expected codes and
 * sentences are those of the SDK 0.53.
 */
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { DEFAULT_PARAMS as DISTRIBUTION_PARAMS } from "../../../modules/distribution/state.ts";
import { DEFAULT_PARAMS as SLASHING_PARAMS } from "../../../modules/slashing/state.ts";
import { DEFAULT_PARAMS as STAKING_PARAMS } from "../../../modules/staking/state.ts";
import type { ChainHarness, MessageToSend } from "../../support/chain-harness.ts";
import { coins, decide, govAddress, govChain } from "../../support/governance.ts";

const [PASSED, FAILED] = [3, 5];
/** A tenth, scaled by 10^18. */
const TENTH = (10n ** 17n).toString();

const staking = (authority: string, changes: object = {}): MessageToSend => [
  "cosmos.staking.v1beta1.MsgUpdateParams",
  { authority, params: { ...STAKING_PARAMS, maxValidators: 1, ...changes } },
];
const slashing = (authority: string, changes: object = {}): MessageToSend => [
  "cosmos.slashing.v1beta1.MsgUpdateParams",
  { authority, params: { ...SLASHING_PARAMS, signedBlocksWindow: 5n, ...changes } },
];
const distribution = (authority: string, changes: object = {}): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgUpdateParams",
  { authority, params: { ...DISTRIBUTION_PARAMS, communityTax: TENTH, ...changes } },
];
const spend = (authority: string, recipient: string, amount: string): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
  { authority, recipient, amount: coins(amount) },
];

function paramsOf(chain: ChainHarness) {
  const stakingParams = chain.query(
    "/cosmos.staking.v1beta1.Query/Params",
    ["cosmos.staking.v1beta1.QueryParamsRequest", {}],
    "cosmos.staking.v1beta1.QueryParamsResponse",
  ).params;
  const slashingParams = chain.query(
    "/cosmos.slashing.v1beta1.Query/Params",
    ["cosmos.slashing.v1beta1.QueryParamsRequest", {}],
    "cosmos.slashing.v1beta1.QueryParamsResponse",
  ).params;
  const distributionParams = chain.query(
    "/cosmos.distribution.v1beta1.Query/Params",
    ["cosmos.distribution.v1beta1.QueryParamsRequest", {}],
    "cosmos.distribution.v1beta1.QueryParamsResponse",
  ).params;
  return { staking: stakingParams, slashing: slashingParams, distribution: distributionParams };
}

test("one proposal changes the parameters of all three, which take effect at once: the set has one place from then on", () => {
  const chain = govChain();
  const authority = govAddress(chain);
  const proposal = decide(chain, [staking(authority), slashing(authority), distribution(authority)]);
  expect(proposal.status).toBe(PASSED);
  expect(paramsOf(chain)).toEqual({
    staking: { ...STAKING_PARAMS, maxValidators: 1 },
    slashing: { ...SLASHING_PARAMS, signedBlocksWindow: 5n },
    distribution: { ...DISTRIBUTION_PARAMS, communityTax: TENTH },
  });
  // The validator with 3 units leaves; whether in the same block depends on who ends the block first, so one more is run.
  chain.block([]);
  const { validators } = chain.query(
    "/cosmos.staking.v1beta1.Query/Validators",
    ["cosmos.staking.v1beta1.QueryValidatorsRequest", { status: "BOND_STATUS_BONDED", pagination: undefined }],
    "cosmos.staking.v1beta1.QueryValidatorsResponse",
  );
  expect(validators.map(({ tokens }) => tokens)).toEqual(["7000000"]);
  chain.checkInvariants();
});

test("a proposal pays from the community pool, and not more than there is", () => {
  const chain = govChain();
  const authority = govAddress(chain);
  chain.runOk("alice", [
    "cosmos.distribution.v1beta1.MsgFundCommunityPool",
    { depositor: chain.address("alice"), amount: coins("5000") },
  ]);
  const before = chain.balance("val2", "uopen");
  expect(decide(chain, [spend(authority, chain.address("val2"), "5001")])).toMatchObject({
    status: FAILED,
    failedReason: expect.stringContaining("community pool does not have sufficient coins to distribute"),
  });
  expect(decide(chain, [spend(authority, chain.address("val2"), "4999")]).status).toBe(PASSED);
  expect(chain.balance("val2", "uopen")).toBe(before + 4999n);
  // A module's account takes no coins from outside.
  const pool = chain.addresses.account(moduleAddress("bonded_tokens_pool"));
  expect(decide(chain, [spend(authority, pool, "1")]).status).toBe(FAILED);
  chain.checkInvariants();
});

test("a payment to what is no address fails with the words of the SDK's address codec", () => {
  const chain = govChain();
  const authority = govAddress(chain);
  const stranger = chain.addresses.validator(new Uint8Array(20).fill(1));
  expect(decide(chain, [spend(authority, stranger, "1")]).failedReason).toBe(
    "hrp does not match bech32 prefix: expected 'trib' got 'tribvaloper': internal logic error",
  );
  expect(decide(chain, [spend(authority, " ", "1")]).failedReason).toBe("empty address string is not allowed");
  expect(decide(chain, [spend(authority, "trib1", "1")]).failedReason).toBe(
    "decoding bech32 failed: invalid bech32 string length 5",
  );
});

describe("nobody else", () => {
  test.each([
    ["staking", staking],
    ["slashing", slashing],
    ["distribution", distribution],
    ["the community pool", (authority: string) => spend(authority, authority, "1")],
  ] as const)("decides about %s", (_, message) => {
    const chain = govChain();
    const result = chain.run("alice", message(chain.address("alice")));
    expect(result).toMatchObject({ codespace: "gov", code: 13 });
    expect(result.log).toContain(`invalid authority; expected ${govAddress(chain)}, got ${chain.address("alice")}`);
  });
});

// Sentences of x/staking, x/slashing and x/distribution (types/params.go).
test.each([
  [staking, { maxEntries: 0 }, "max entries must be positive: 0"],
  [staking, { bondDenom: "1x" }, "invalid denom: 1x"],
  [staking, { unbondingTime: { seconds: 0n, nanos: 0 } }, "unbonding time must be positive"],
  [slashing, { signedBlocksWindow: 0n }, "signed blocks window must be positive: 0"],
  [slashing, { downtimeJailDuration: { seconds: 0n, nanos: 0 } }, "downtime jail duration must be positive"],
  [distribution, { communityTax: (10n ** 18n + 1n).toString() }, "community tax too large: 1.000000000000000001"],
  [
    distribution,
    { baseProposerReward: "1" },
    "cannot update base or bonus proposer reward because these are deprecated fields",
  ],
] as const)("parameters out of range fail their proposal: %#", (message, changes, sentence) => {
  const chain = govChain();
  expect(decide(chain, [message(govAddress(chain), changes)])).toMatchObject({
    status: FAILED,
    failedReason: expect.stringContaining(sentence),
  });
});
