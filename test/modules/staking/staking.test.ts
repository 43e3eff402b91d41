/**
 * Staking through whole transactions. Foreign sources: simd's own genesis with its signed gentx, the SDK's key-layout vectors, CosmJS for
 * key derivation, and arithmetic written out with exact fractions.
 */
import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { powerIndexKey, state, validatorQueueKey } from "../../../modules/staking/state.ts";
import { hex } from "../../../proto/bytes.ts";
import { packAny } from "../../../proto/codec.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import {
  consensusKeyOf,
  createValidator,
  newChain,
  operatorOf,
  stake,
  THREE_WEEKS_NS,
  validatorOf,
} from "../../support/staking-chain.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

describeVectors("simd's own genesis", () => {
  test("its gentx makes its validator, whose key and power the engine is told", () => {
    const genesis = vector<{ app_state: never; chain_id: string }>("genesis/simapp53-genesis.json");
    const key = vector<{ pub_key: { value: string } }>("genesis/simapp53-priv_validator_key.json").pub_key.value;
    const chain = ChainHarness.genesis({
      wholeAppState: genesis.app_state,
      chainId: genesis.chain_id,
      prefix: "cosmos",
    });
    // 3,000,000 ustake are delegated by the gentx, and 10^6 of them are one unit of power.
    expect(chain.genesisValidators).toEqual([
      { pubKey: { ed25519: new Uint8Array(Buffer.from(key, "base64")) }, power: 3n },
    ]);
    chain.block([]);
    chain.checkInvariants();
  });
});

describeVectors("the SDK's key layout", () => {
  const layout = () =>
    vector<{ power_index: { operator: string; consensus_power: string; key: string }[] }>(
      "sdk-tx/store_keys_staking.json",
    );
  // addr(PK1): sha256 of the public key whose seed is sha256 of the byte 1.
  const pk1 = ed25519.getPublicKey(createHash("sha256").update(Uint8Array.of(1)).digest());
  const operator = new Uint8Array(createHash("sha256").update(pk1).digest().subarray(0, 20));

  test("of the order of powers", () => {
    for (const { consensus_power, key } of layout().power_index) {
      const stored = state.validatorsByPower.storeKey(powerIndexKey(operator, BigInt(consensus_power) * 1_000_000n));
      expect(hex(stored)).toBe(key);
    }
  });
});

test("the validator queue is ordered by time and then by height", () => {
  const at = (seconds: bigint, height: bigint) => hex(validatorQueueKey({ seconds, nanos: 0 }, height));
  expect([at(2n, 1n), at(1n, 2n), at(1n, 1n)].sort()).toEqual([at(1n, 1n), at(1n, 2n), at(2n, 1n)]);
});

describe("a validator", () => {
  test("joins the set with what it delegates to itself, and grows by what others delegate", () => {
    const chain = newChain();
    expect(chain.runOk("val1", createValidator(chain, "val1", "5000000")).code).toBe(0);
    expect(chain.lastBlock!.validatorUpdates).toEqual([{ pubKey: { ed25519: consensusKeyOf("val1") }, power: 5n }]);
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2500000"));
    expect(chain.lastBlock!.validatorUpdates.map(({ power }) => power)).toEqual([7n]);
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "400000"));
    // 7.9 units of power are still 7: nothing for the engine.
    expect(chain.lastBlock!.validatorUpdates).toEqual([]);
    expect(validatorOf(chain, "val1")).toMatchObject({
      status: 3,
      tokens: "7900000",
      delegatorShares: `7900000${"0".repeat(18)}`,
    });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 2_900_000n);
    chain.checkInvariants();
  });

  test("leaves the set when its operator withdraws below the minimum, and is forgotten when all have left", () => {
    const chain = newChain();
    chain.runOk("val1", createValidator(chain, "val1", "5000000"));
    chain.runOk("val2", createValidator(chain, "val2", "3000000"));
    chain.runOk("val2", stake(chain, "Undelegate", "val2", "val2", "3000000"));
    expect(chain.lastBlock!.validatorUpdates).toEqual([{ pubKey: { ed25519: consensusKeyOf("val2") }, power: 0n }]);
    expect(validatorOf(chain, "val2")).toMatchObject({ status: 2, jailed: true, tokens: "0" });
    chain.checkInvariants();
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(() => validatorOf(chain, "val2")).toThrow(/validator .* not found/);
    expect(chain.balance("val2", "uopen")).toBe(1_000_000_000n);
    chain.checkInvariants();
  });

  test("withdrawn coins are paid after the unbonding time and not a block earlier", () => {
    const chain = newChain();
    chain.runOk("val1", createValidator(chain, "val1", "5000000"));
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "1500000"));
    const withdrawn = chain.time;
    chain.block([], { nanoseconds: THREE_WEEKS_NS - 1n });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 2_000_000n);
    chain.block([], { nanoseconds: 1n });
    expect(chain.time.seconds - withdrawn.seconds).toBe(1_814_400n);
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 500_000n);
    const paid = chain.lastBlock!.events.find(({ type }) => type === "complete_unbonding");
    expect(paid?.attributes.map(({ key, value }) => [key, value])).toContainEqual(["amount", "1500000uopen"]);
    chain.checkInvariants();
  });

  test("the default gas of 200,000 is enough to delegate", () => {
    const chain = newChain();
    chain.runOk("val1", createValidator(chain, "val1", "5000000"));
    expect(chain.run("alice", stake(chain, "Delegate", "alice", "val1", "1"), { gas: 200_000n }).code).toBe(0);
  });
});

describe("a refusal has the SDK's code and words, and changes nothing", () => {
  const chain = newChain();
  chain.runOk("val1", createValidator(chain, "val1", "5000000"));
  // Codes and texts: x/staking/types/errors.go and x/staking/keeper/msg_server.go.
  const cases: readonly (readonly [string, string, MessageToSend, string, number, string])[] = [
    [
      "an operator twice",
      "val1",
      createValidator(chain, "val1", "1"),
      "staking",
      4,
      "must use new validator operator address",
    ],
    [
      "a key twice",
      "val2",
      createValidator(chain, "val2", "1", {
        pubkey: packAny("cosmos.crypto.ed25519.PubKey", { key: consensusKeyOf("val1") }),
      }),
      "staking",
      5,
      "must use new validator pubkey",
    ],
    [
      "another coin",
      "val2",
      createValidator(chain, "val2", "1", { value: { denom: "uatom", amount: "1" } }),
      "sdk",
      18,
      "invalid coin denomination: got uatom, expected uopen",
    ],
    [
      "a self-delegation below its own minimum",
      "val2",
      createValidator(chain, "val2", "1", { minSelfDelegation: "2" }),
      "staking",
      16,
      "self delegation must be greater",
    ],
    [
      "no description",
      "val2",
      createValidator(chain, "val2", "1", { description: {} }),
      "sdk",
      18,
      "empty description",
    ],
    [
      "a commission above its maximum",
      "val2",
      createValidator(chain, "val2", "1", { commission: { rate: "3", maxRate: "2", maxChangeRate: "1" } }),
      "staking",
      11,
      "cannot be more than the max rate",
    ],
    [
      "an unknown validator",
      "alice",
      stake(chain, "Delegate", "alice", "bob", "1"),
      "staking",
      3,
      "validator does not exist",
    ],
    [
      "more than the balance",
      "alice",
      stake(chain, "Delegate", "alice", "val1", "1000000001"),
      "sdk",
      5,
      "is smaller than 1000000001uopen",
    ],
    ["nothing", "alice", stake(chain, "Delegate", "alice", "val1", "0"), "sdk", 18, "invalid delegation amount"],
    [
      "withdrawing without a delegation",
      "alice",
      stake(chain, "Undelegate", "alice", "val1", "1"),
      "staking",
      19,
      "no delegation for (address, validator) tuple",
    ],
    [
      "withdrawing more than was delegated",
      "val1",
      stake(chain, "Undelegate", "val1", "val1", "5000001"),
      "sdk",
      18,
      "invalid shares amount",
    ],
  ];
  test.each(cases)("%s", (_, from, message, codespace, code, words) => {
    const before = chain.balance(from, "uopen");
    const result = chain.run(from, message);
    expect(result).toMatchObject({ codespace, code });
    expect(result.log).toContain(words);
    expect(chain.balance(from, "uopen")).toBe(before);
    expect(chain.lastBlock!.validatorUpdates).toEqual([]);
  });

  test("the eighth open withdrawal of one delegation", () => {
    const other = newChain();
    other.runOk("val1", createValidator(other, "val1", "5000000"));
    other.runOk("alice", stake(other, "Delegate", "alice", "val1", "100"));
    for (let count = 0; count < 7; count += 1) other.runOk("alice", stake(other, "Undelegate", "alice", "val1", "1"));
    expect(other.run("alice", stake(other, "Undelegate", "alice", "val1", "1"))).toMatchObject({
      codespace: "staking",
      code: 27,
    });
  });
});

test("the description and commission of a validator can be edited within its own limits", () => {
  const chain = newChain();
  chain.runOk("val1", createValidator(chain, "val1", "5000000"));
  const keep = "[do-not-modify]";
  const edit = (commissionRate: string): MessageToSend => [
    "cosmos.staking.v1beta1.MsgEditValidator",
    {
      description: { moniker: "new name", identity: keep, website: keep, securityContact: keep, details: keep },
      validatorAddress: operatorOf(chain, "val1"),
      commissionRate,
      minSelfDelegation: "",
    },
  ];
  expect(chain.run("val1", edit("105000000000000000"))).toMatchObject({ codespace: "staking", code: 12 });
  chain.block([], { nanoseconds: 24n * 3600n * 1_000_000_000n });
  expect(chain.run("val1", edit("150000000000000000"))).toMatchObject({ codespace: "staking", code: 15 });
  chain.runOk("val1", edit("105000000000000000"));
  const { description, commission } = validatorOf(chain, "val1");
  expect(description.moniker).toBe("new name");
  expect(commission.commissionRates.rate).toBe("105000000000000000");
});

test("coins are conserved and nobody gains, over random delegations and withdrawals", () => {
  const operation = fc.record({
    kind: fc.constantFrom("Delegate" as const, "Undelegate" as const),
    from: fc.constantFrom("alice", "bob"),
    to: fc.constantFrom("val1", "val2"),
    amount: fc.integer({ min: 1, max: 3_000_000 }),
    wait: fc.boolean(),
  });
  const counts = { Delegate: { tried: 0, succeeded: 0 }, Undelegate: { tried: 0, succeeded: 0 } };
  fc.assert(
    fc.property(fc.array(operation, { minLength: 8, maxLength: 16 }), (operations) => {
      const chain = newChain();
      chain.runOk("val1", createValidator(chain, "val1", "5000000"));
      chain.runOk("val2", createValidator(chain, "val2", "7000000"));
      const staked = new Map<string, bigint>();
      for (const { kind, from, to: wanted, amount, wait } of operations) {
        // Most withdrawals would fail blindly; asking where something is held, and for no more, makes many succeed.
        const heldAt = ["val1", "val2"].find((name) => (staked.get(`${from}/${name}`) ?? 0n) > 0n);
        const to = kind === "Undelegate" ? (heldAt ?? wanted) : wanted;
        const at = `${from}/${to}`;
        const held = staked.get(at) ?? 0n;
        const asked = kind === "Undelegate" && held > 0n ? BigInt(amount) % held || held : BigInt(amount);
        const { code } = chain.run(from, stake(chain, kind, from, to, asked.toString()));
        counts[kind].tried++;
        if (code === 0) counts[kind].succeeded++;
        if (kind === "Delegate") expect(code).toBe(0);
        if (code === 0) staked.set(at, held + (kind === "Delegate" ? asked : -asked));
        if (wait) chain.block([], { nanoseconds: THREE_WEEKS_NS });
        chain.checkInvariants();
      }
      chain.block([], { nanoseconds: THREE_WEEKS_NS });
      for (const name of ["alice", "bob"]) {
        const still = [...staked].filter(([at]) => at.startsWith(name)).reduce((sum, [, amount]) => sum + amount, 0n);
        // Without slashing a share is a coin: everything that is not staked is back.
        expect(chain.balance(name, "uopen")).toBe(1_000_000_000n - still);
      }
    }),
    { numRuns: process.env.TRIBUTARY_FULL === "1" ? 200 : 10 },
  );
  for (const { tried, succeeded } of Object.values(counts)) expect(succeeded * 2).toBeGreaterThanOrEqual(tried);
});
