/**
 * Moves of stake and withdrawals taken back, through whole transactions and blocks. Expected amounts are written out as arithmetic; codes,
 * texts and events are those of the SDK's x/staking.
 */
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import {
  eventsOf,
  move,
  operatorOf,
  stake,
  THREE_WEEKS_NS,
  twoValidators,
  validatorOf,
} from "../../support/staking-chain.ts";

function takeBack(chain: ChainHarness, who: string, from: string, amount: string, height: bigint): MessageToSend {
  return [
    "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation",
    {
      delegatorAddress: chain.address(who),
      validatorAddress: operatorOf(chain, from),
      amount: { denom: "uopen", amount },
      creationHeight: height,
    },
  ];
}

function movesOf(chain: ChainHarness, who: string) {
  return chain.query(
    "/cosmos.staking.v1beta1.Query/Redelegations",
    [
      "cosmos.staking.v1beta1.QueryRedelegationsRequest",
      { delegatorAddr: chain.address(who), srcValidatorAddr: "", dstValidatorAddr: "" },
    ],
    "cosmos.staking.v1beta1.QueryRedelegationsResponse",
  ).redelegationResponses;
}

describe("stake that moves from one validator to another", () => {
  test("serves the new one at once, and is free of the old one after the unbonding time", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("alice", move(chain, "alice", "val1", "val2", "1500000"));
    expect(chain.lastBlock?.validatorUpdates.map(({ power }) => power).sort()).toEqual([5n, 8n]);
    expect(validatorOf(chain, "val2")?.tokens).toBe("8500000");
    expect(movesOf(chain, "alice")[0]).toMatchObject({
      redelegation: { delegatorAddress: chain.address("alice"), validatorDstAddress: operatorOf(chain, "val2") },
      entries: [{ redelegationEntry: { initialBalance: "1500000" }, balance: "1500000" }],
    });
    chain.checkInvariants();
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(eventsOf(chain, "complete_redelegation")).toMatchObject([{ amount: "1500000uopen" }]);
    expect(movesOf(chain, "alice")).toEqual([]);
    chain.checkInvariants();
  });

  test("is refused to the same validator, to none, onward while it is bound, and an eighth time", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    const refusal = (message: MessageToSend) => {
      const { codespace, code } = chain.run("alice", message);
      return [codespace, code];
    };
    expect(refusal(move(chain, "alice", "val1", "val1", "1"))).toEqual(["staking", 29]);
    expect(refusal(move(chain, "alice", "val1", "bob", "1"))).toEqual(["staking", 31]);
    for (let count = 0; count < 7; count += 1) chain.runOk("alice", move(chain, "alice", "val1", "val2", "1"));
    expect(refusal(move(chain, "alice", "val1", "val2", "1"))).toEqual(["staking", 33]);
    expect(refusal(move(chain, "alice", "val2", "val1", "1"))).toEqual(["staking", 32]);
    chain.checkInvariants();
  });

  test("is free at once when the validator it leaves was out of the set for long", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("bob", stake(chain, "Delegate", "bob", "val1", "1"));
    chain.runOk("val1", stake(chain, "Undelegate", "val1", "val1", "5000000"));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(validatorOf(chain, "val1")).toMatchObject({ status: 1, jailed: true });
    chain.runOk("alice", move(chain, "alice", "val1", "val2", "2000000"));
    expect(movesOf(chain, "alice")).toEqual([]);
    expect(validatorOf(chain, "val2")?.tokens).toBe("9000000");
    chain.checkInvariants();
  });

  test("cannot be the last of a validator that is forgotten with it (getBeginInfo finds none), which is left by a withdrawal", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("val1", stake(chain, "Undelegate", "val1", "val1", "5000000"));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(chain.run("alice", move(chain, "alice", "val1", "val2", "2000000"))).toMatchObject({
      codespace: "staking",
      code: 3,
    });
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "2000000"));
    expect(() => validatorOf(chain, "val1")).toThrow("not found");
    chain.checkInvariants();
  });
});

describe("a withdrawal that is taken back", () => {
  test("is staked again, in part or whole, and only that part is not paid out", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "1500000"));
    const at = chain.height;
    chain.runOk("alice", takeBack(chain, "alice", "val1", "600000", at));
    expect(validatorOf(chain, "val1")?.tokens).toBe(String(5_000_000 + 2_000_000 - 1_500_000 + 600_000));
    chain.checkInvariants();
    expect(chain.run("alice", takeBack(chain, "alice", "val1", "900001", at))).toMatchObject({
      codespace: "sdk",
      code: 18,
    });
    expect(chain.run("alice", takeBack(chain, "alice", "val1", "1", at - 1n))).toMatchObject({
      codespace: "sdk",
      code: 38,
    });
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 2_000_000n + 900_000n);
    chain.checkInvariants();
  });

  test("is gone when all of it was taken back", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "1500000"));
    chain.runOk("alice", takeBack(chain, "alice", "val1", "1500000", chain.height));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(eventsOf(chain, "complete_unbonding")).toEqual([]);
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 2_000_000n);
    chain.checkInvariants();
  });
});

test("moves survive an export", () => {
  const chain = twoValidators();
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
  chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
  const exported = chain.application.exportGenesis();
  expect(exported.staking).toMatchObject({ redelegations: [{ entries: [{ initial_balance: "600000" }] }] });
});

test("after an import no number of a withdrawal, a move or a validator that leaves stands twice", () => {
  const chain = twoValidators();
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
  chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
  chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "100000"));
  const again = ChainHarness.start({
    wholeAppState: chain.application.exportGenesis() as unknown as JsonValue,
    initialHeight: chain.height + 1n,
    time: chain.time,
  });
  again.runOk("alice", stake(again, "Undelegate", "alice", "val1", "100000"));
  // The move was the first and the withdrawal the second; the next is the third.
  expect(again.application.exportGenesis().staking).toMatchObject({
    redelegations: [{ entries: [{ unbonding_id: "1" }] }],
    unbonding_delegations: [{ entries: [{ unbonding_id: "2" }, { unbonding_id: "3" }] }],
  });
});
