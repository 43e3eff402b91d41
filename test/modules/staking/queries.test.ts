/**
 * What can be asked about stake, over one chain whose numbers are written out: val1 with 5,000,000 of its own, alice's 2,000,000 and bob's 1,000,000,
 * of which alice then withdraws 400,000 and moves 600,000 to val2 with its 7,000,000. Statuses and sentences are those of the SDK's
 * x/staking/keeper/grpc_query.go.
 */
import { describe, expect, test } from "vitest";
import { encode, type MessageInput } from "../../../proto/codec.ts";
import type { JsonValue } from "../../../proto/json.ts";
import type { MessageName, Messages } from "../../../proto/types.gen.ts";
import { ChainHarness } from "../../support/chain-harness.ts";
import { consensusOf, move, operatorOf, stake, twoValidators } from "../../support/staking-chain.ts";

type QueryName =
  | "Validators"
  | "Validator"
  | "ValidatorDelegations"
  | "ValidatorUnbondingDelegations"
  | "Delegation"
  | "UnbondingDelegation"
  | "DelegatorDelegations"
  | "DelegatorUnbondingDelegations"
  | "Redelegations"
  | "DelegatorValidators"
  | "DelegatorValidator"
  | "HistoricalInfo"
  | "Pool"
  | "Params";
type RequestName<Name extends QueryName> = `cosmos.staking.v1beta1.Query${Name}Request` & MessageName;
type ResponseName<Name extends QueryName> = `cosmos.staking.v1beta1.Query${Name}Response` & MessageName;

function stakedChain(): ChainHarness {
  const chain = twoValidators();
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
  chain.runOk("bob", stake(chain, "Delegate", "bob", "val1", "1000000"));
  chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "400000"));
  chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
  return chain;
}

const chain = stakedChain();
const alice = chain.address("alice");
const [first, second] = [operatorOf(chain, "val1"), operatorOf(chain, "val2")];
const shares = (whole: string): string => `${whole}${"0".repeat(18)}`;
const uopen = (amount: string) => ({ denom: "uopen", amount });

function ask<Name extends QueryName>(
  name: Name,
  request: MessageInput<RequestName<Name>>,
): Messages[ResponseName<Name>] {
  return chain.query(
    `/cosmos.staking.v1beta1.Query/${name}`,
    [`cosmos.staking.v1beta1.Query${name}Request` as RequestName<Name>, request],
    `cosmos.staking.v1beta1.Query${name}Response` as ResponseName<Name>,
  );
}

function refusal<Name extends QueryName>(name: Name, request: MessageInput<RequestName<Name>>): string {
  const bytes = encode(`cosmos.staking.v1beta1.Query${name}Request` as RequestName<Name>, request);
  return chain.abciQuery(`/cosmos.staking.v1beta1.Query/${name}`, bytes).log;
}

const held = (delegator: string, validator: string, amount: string) => ({
  delegation: { delegatorAddress: delegator, validatorAddress: validator, shares: shares(amount) },
  balance: uopen(amount),
});

test("all validators, and those of one status", () => {
  const { validators } = ask("Validators", { status: "", pagination: undefined });
  expect(new Map(validators.map(({ operatorAddress, tokens }) => [operatorAddress, tokens]))).toEqual(
    new Map([
      [first, "7000000"],
      [second, "7600000"],
    ]),
  );
  expect(ask("Validators", { status: "BOND_STATUS_BONDED", pagination: undefined }).validators).toHaveLength(2);
  expect(ask("Validators", { status: "BOND_STATUS_UNBONDING", pagination: undefined }).validators).toEqual([]);
  expect(refusal("Validators", { status: "bonded", pagination: undefined })).toContain(
    "invalid validator status bonded",
  );
});

test("one validator", () => {
  expect(ask("Validator", { validatorAddr: first }).validator).toMatchObject({
    operatorAddress: first,
    tokens: "7000000",
    delegatorShares: shares("7000000"),
    minSelfDelegation: "1",
  });
  expect(refusal("Validator", { validatorAddr: "" })).toContain("validator address cannot be empty");
  const nobody = operatorOf(chain, "bob");
  expect(refusal("Validator", { validatorAddr: nobody })).toContain(`validator ${nobody} not found`);
});

test("who stakes with a validator, and one such delegation", () => {
  const { delegationResponses } = ask("ValidatorDelegations", { validatorAddr: first, pagination: undefined });
  const expected = [
    held(chain.address("val1"), first, "5000000"),
    held(alice, first, "1000000"),
    held(chain.address("bob"), first, "1000000"),
  ];
  expect(delegationResponses).toHaveLength(3);
  expect(delegationResponses).toEqual(expect.arrayContaining(expected));
  expect(ask("Delegation", { delegatorAddr: alice, validatorAddr: second }).delegationResponse).toEqual(
    held(alice, second, "600000"),
  );
  const bob = chain.address("bob");
  expect(refusal("Delegation", { delegatorAddr: bob, validatorAddr: second })).toContain(
    `delegation with delegator ${bob} not found for validator ${second}`,
  );
});

test("where somebody stakes", () => {
  const { delegationResponses } = ask("DelegatorDelegations", { delegatorAddr: alice, pagination: undefined });
  expect(delegationResponses).toHaveLength(2);
  expect(delegationResponses).toEqual(
    expect.arrayContaining([held(alice, first, "1000000"), held(alice, second, "600000")]),
  );
  const { validators } = ask("DelegatorValidators", { delegatorAddr: alice, pagination: undefined });
  expect(new Set(validators.map(({ operatorAddress }) => operatorAddress))).toEqual(new Set([first, second]));
  expect(ask("DelegatorValidator", { delegatorAddr: alice, validatorAddr: first }).validator.tokens).toBe("7000000");
  expect(refusal("DelegatorValidator", { delegatorAddr: chain.address("bob"), validatorAddr: second })).toContain(
    "no delegation for (address, validator) tuple",
  );
});

test("what is being withdrawn, by whom and from where", () => {
  const entry = { initialBalance: "400000", balance: "400000", unbondingOnHoldRefCount: 0n };
  const withdrawn = { delegatorAddress: alice, validatorAddress: first, entries: [entry] };
  expect(ask("UnbondingDelegation", { delegatorAddr: alice, validatorAddr: first }).unbond).toMatchObject(withdrawn);
  expect(ask("DelegatorUnbondingDelegations", { delegatorAddr: alice, pagination: undefined })).toMatchObject({
    unbondingResponses: [withdrawn],
  });
  expect(ask("ValidatorUnbondingDelegations", { validatorAddr: first, pagination: undefined })).toMatchObject({
    unbondingResponses: [withdrawn],
  });
  expect(ask("ValidatorUnbondingDelegations", { validatorAddr: second, pagination: undefined })).toMatchObject({
    unbondingResponses: [],
  });
  expect(refusal("UnbondingDelegation", { delegatorAddr: alice, validatorAddr: second })).toContain(
    `unbonding delegation with delegator ${alice} not found for validator ${second}`,
  );
});

test("what was moved, by delegator, by source, and between two", () => {
  const expected = {
    redelegationResponses: [
      {
        redelegation: { delegatorAddress: alice, validatorSrcAddress: first, validatorDstAddress: second, entries: [] },
        entries: [{ redelegationEntry: { initialBalance: "600000", sharesDst: shares("600000") }, balance: "600000" }],
      },
    ],
  };
  const empty = { delegatorAddr: "", srcValidatorAddr: "", dstValidatorAddr: "", pagination: undefined };
  expect(ask("Redelegations", { ...empty, delegatorAddr: alice })).toMatchObject(expected);
  expect(ask("Redelegations", { ...empty, srcValidatorAddr: first })).toMatchObject(expected);
  expect(
    ask("Redelegations", { ...empty, delegatorAddr: alice, srcValidatorAddr: first, dstValidatorAddr: second }),
  ).toMatchObject(expected);
  expect(
    refusal("Redelegations", { ...empty, delegatorAddr: alice, srcValidatorAddr: second, dstValidatorAddr: first }),
  ).toContain(`redelegation not found for delegator address ${alice} from validator address ${second}`);
});

test("what the pools hold, and the parameters", () => {
  // 14,600,000 are behind validators of the set; 400,000 are on their way out.
  expect(ask("Pool", {}).pool).toEqual({ bondedTokens: "14600000", notBondedTokens: "400000" });
  expect(ask("Params", {}).params).toMatchObject({ maxValidators: 100, maxEntries: 7, historicalEntries: 10_000 });
});

describe("the record of a past block", () => {
  test("has its header with the app hash before it, and the validators as the engine orders them: by power, then by key", () => {
    const before = chain.appHash;
    chain.block([], { proposerAddress: consensusOf("val2") });
    const { hist } = ask("HistoricalInfo", { height: chain.height });
    expect(hist?.header).toMatchObject({
      chainId: chain.chainId,
      height: chain.height,
      time: chain.time,
      appHash: before,
      proposerAddress: consensusOf("val2"),
    });
    const powers = [7, 7].map(BigInt);
    expect(hist?.valset.map(({ tokens }) => BigInt(tokens) / 1_000_000n)).toEqual(powers);
    const byKey = ["val1", "val2"].sort((a, b) => Buffer.compare(consensusOf(a), consensusOf(b)));
    expect(hist?.valset.map(({ operatorAddress }) => operatorAddress)).toEqual(
      byKey.map((name) => operatorOf(chain, name)),
    );
    expect(refusal("HistoricalInfo", { height: chain.height + 1n })).toContain(
      `historical info for height ${chain.height + 1n} not found`,
    );
    expect(refusal("HistoricalInfo", { height: -1n })).toContain("height cannot be negative");
  });
});

test("what the engine was told stands in the store where the SDK keeps it", () => {
  const other = twoValidators();
  const { validatorUpdates } = other.lastBlock ?? { validatorUpdates: [] };
  expect(validatorUpdates).toHaveLength(1);
  const key = Uint8Array.of(0x61);
  const stored = other.application.query({ path: "/store/staking/key", data: key, height: 0n, prove: false });
  expect(stored.value).toEqual(encode("cosmos.staking.v1beta1.ValidatorUpdates", { updates: validatorUpdates }));
});

test("a genesis that names validators and delegations tells the listeners of them: they can earn and be slashed", () => {
  const source = twoValidators();
  source.runOk("alice", stake(source, "Delegate", "alice", "val1", "2000000"));
  const exported = source.application.exportGenesis() as Record<string, Record<string, unknown>>;
  const { distribution: _, slashing: __, ...rest } = exported;
  const made = { ...rest, staking: { ...exported.staking, exported: false, last_validator_powers: [] } };
  const again = ChainHarness.genesis({ wholeAppState: made as unknown as JsonValue });
  again.block([]);
  again.checkInvariants();
  const { rewards } = again.query(
    "/cosmos.distribution.v1beta1.Query/DelegationRewards",
    [
      "cosmos.distribution.v1beta1.QueryDelegationRewardsRequest",
      { delegatorAddress: again.address("alice"), validatorAddress: operatorOf(again, "val1") },
    ],
    "cosmos.distribution.v1beta1.QueryDelegationRewardsResponse",
  );
  expect(rewards).toEqual([]);
});
