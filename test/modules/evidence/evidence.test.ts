/**
 * What a double signature costs, wherever the stake behind it went since. Expected amounts are written out as arithmetic; the rules are those of
 * the SDK's x/evidence and x/staking.
 */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hex } from "../../../proto/bytes.ts";
import { encode, packAny } from "../../../proto/codec.ts";
import type { ChainHarness } from "../../support/chain-harness.ts";
import {
  consensusKeyOf,
  consensusOf,
  createValidator,
  move,
  signingInfoOf,
  stake,
  THREE_WEEKS_NS,
  twoValidators,
  unjail,
  validatorOf,
} from "../../support/staking-chain.ts";

const newKey = packAny("cosmos.crypto.ed25519.PubKey", { key: consensusKeyOf("a key that val1 has not used yet") });

/** A block in which the engine proves that a validator signed twice at a height. */
function prove(chain: ChainHarness, name: string, height: bigint, power: bigint, time = chain.time): void {
  const fault = {
    type: 1,
    validator: { address: consensusOf(name), power },
    height,
    time,
    totalVotingPower: 12n,
  };
  chain.block([], { misbehavior: [fault] });
}

describe("a validator that signed two blocks of one height", () => {
  test("pays with all stake that was behind it, wherever that went since, and never comes back", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("bob", stake(chain, "Delegate", "bob", "val1", "1000000"));
    const height = chain.height;
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "400000"));
    chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
    prove(chain, "val1", height, 8n);
    // 5 % of 8,000,000, of which the withdrawal and the moved stake bear their own twentieths.
    const total = (8_000_000n * 5n) / 100n;
    const fromWithdrawal = (400_000n * 5n) / 100n;
    const fromMoved = (600_000n * 5n) / 100n;
    expect(validatorOf(chain, "val1")).toMatchObject({
      jailed: true,
      tokens: (7_000_000n - (total - fromWithdrawal - fromMoved)).toString(),
    });
    expect(validatorOf(chain, "val2")?.tokens).toBe((7_600_000n - fromMoved).toString());
    expect(signingInfoOf(chain, "val1")).toMatchObject({
      tombstoned: true,
      jailedUntil: { seconds: 253_402_300_799n },
    });
    chain.checkInvariants();
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 2_000_000n + 400_000n - fromWithdrawal);
    expect(chain.run("val1", unjail(chain, "val1"))).toMatchObject({ codespace: "slashing", code: 4 });
    chain.checkInvariants();
  });

  test("does not come back by leaving altogether and beginning anew with the same key", () => {
    const chain = twoValidators();
    prove(chain, "val1", chain.height, 5n);
    const left = validatorOf(chain, "val1")?.tokens ?? "0";
    chain.runOk("val1", stake(chain, "Undelegate", "val1", "val1", left));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(() => validatorOf(chain, "val1")).toThrow("validator");
    const again = createValidator(chain, "val1", "5000000");
    const refused = chain.run("val1", again);
    expect([refused.codespace, refused.code]).toEqual(["slashing", 9]);
    expect(refused.log).toContain("signed two blocks of one height: validator already tombstoned");
    // Its operator may, with another key.
    chain.runOk("val1", createValidator(chain, "val1", "5000000", { pubkey: newKey }));
    chain.checkInvariants();
  });

  test("pays once, and the fault can be looked up by its hash", () => {
    const chain = twoValidators();
    const { height } = chain;
    const time = chain.time;
    prove(chain, "val1", height, 5n);
    const tokens = validatorOf(chain, "val1")?.tokens;
    prove(chain, "val1", height, 5n);
    expect(validatorOf(chain, "val1")?.tokens).toBe(tokens);
    const consensusAddress = chain.addresses.consensus(consensusOf("val1"));
    const fault = encode("cosmos.evidence.v1beta1.Equivocation", { height, time, power: 5n, consensusAddress });
    const hash = hex(new Uint8Array(createHash("sha256").update(fault).digest()));
    const { evidence } = chain.query(
      "/cosmos.evidence.v1beta1.Query/Evidence",
      ["cosmos.evidence.v1beta1.QueryEvidenceRequest", { hash }],
      "cosmos.evidence.v1beta1.QueryEvidenceResponse",
    );
    expect(evidence).toEqual({ typeUrl: "/cosmos.evidence.v1beta1.Equivocation", value: fault });
  });

  test("does not escape by withdrawing what was moved (ASA-2024-005): the withdrawal pays before the delegation", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    const { height } = chain;
    chain.runOk("alice", move(chain, "alice", "val1", "val2", "2000000"));
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val2", "2000000"));
    prove(chain, "val1", height, 7n);
    chain.checkInvariants();
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - (2_000_000n * 5n) / 100n);
    expect(validatorOf(chain, "val2")?.tokens).toBe("7000000");
    chain.checkInvariants();
  });

  test("pays a twentieth of all shares that were moved once the withdrawal there does not cover its part, as in the SDK", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    const { height } = chain;
    chain.runOk("alice", move(chain, "alice", "val1", "val2", "2000000"));
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val2", "40000"));
    prove(chain, "val1", height, 7n);
    // The part is 100,000: 40,000 out of the withdrawal, and because that is not all of it, 5 % of 2,000,000 shares.
    expect(validatorOf(chain, "val2")?.tokens).toBe((7_000_000n + 1_960_000n - (2_000_000n * 5n) / 100n).toString());
    expect(validatorOf(chain, "val1")?.tokens).toBe((5_000_000n - (7_000_000n * 5n) / 100n + 100_000n).toString());
    chain.checkInvariants();
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 2_000_000n);
  });

  test("is left alone once its stake is free, and when the fault is too old", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "1"));
    const { height } = chain;
    chain.runOk("val1", stake(chain, "Undelegate", "val1", "val1", "5000000"));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(validatorOf(chain, "val1")).toMatchObject({ status: 1, tokens: "1" });
    prove(chain, "val1", height, 5n);
    expect(validatorOf(chain, "val1")?.tokens).toBe("1");
    const old = { seconds: chain.time.seconds - 172_801n, nanos: 0 };
    prove(chain, "val2", chain.height - 100_001n, 7n, old);
    expect(validatorOf(chain, "val2")).toMatchObject({ jailed: false, tokens: "7000000" });
    // Old by one measure alone is not too old.
    prove(chain, "val2", chain.height - 2n, 7n, old);
    expect(validatorOf(chain, "val2")).toMatchObject({ jailed: true, tokens: (7_000_000n - 350_000n).toString() });
  });
});

describe("evidence in a transaction", () => {
  const fault = (chain: ChainHarness) => ({
    height: 1n,
    time: chain.time,
    power: 5n,
    consensusAddress: chain.addresses.consensus(consensusOf("val1")),
  });

  test("has no handler, as in simapp, is known already, or is none at all", () => {
    const chain = twoValidators();
    const submit = (evidence: ReturnType<typeof packAny>) => {
      const { codespace, code } = chain.run("alice", [
        "cosmos.evidence.v1beta1.MsgSubmitEvidence",
        { submitter: chain.address("alice"), evidence },
      ]);
      return [codespace, code];
    };
    const { height } = chain;
    const time = chain.time;
    expect(submit(packAny("cosmos.evidence.v1beta1.Equivocation", fault(chain)))).toEqual(["evidence", 2]);
    expect(submit(packAny("cosmos.evidence.v1beta1.Equivocation", { ...fault(chain), power: 0n }))).toEqual([
      "evidence",
      3,
    ]);
    chain.block([], {
      misbehavior: [
        { type: 1, validator: { address: consensusOf("val1"), power: 5n }, height, time, totalVotingPower: 12n },
      ],
    });
    const known = { ...fault(chain), height, time };
    expect(submit(packAny("cosmos.evidence.v1beta1.Equivocation", known))).toEqual(["evidence", 5]);
  });
});

test("all evidence can be listed", () => {
  const chain = twoValidators();
  prove(chain, "val1", chain.height, 5n);
  prove(chain, "val2", chain.height, 7n);
  const { evidence } = chain.query(
    "/cosmos.evidence.v1beta1.Query/AllEvidence",
    ["cosmos.evidence.v1beta1.QueryAllEvidenceRequest", { pagination: undefined }],
    "cosmos.evidence.v1beta1.QueryAllEvidenceResponse",
  );
  expect(evidence.map(({ typeUrl }) => typeUrl)).toEqual(Array(2).fill("/cosmos.evidence.v1beta1.Equivocation"));
});
