// Bank through the whole application: what moves, what is refused, what the events say. Texts and events are the SDK's
// (x/bank/keeper, 0.53), written out here.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { ChainHarness } from "../../support/chain-harness.ts";

const SEND = "cosmos.bank.v1beta1.MsgSend";
const MULTI_SEND = "cosmos.bank.v1beta1.MsgMultiSend";

function sendOf(chain: ChainHarness, from: string, to: string, amount: string, denom = "uopen") {
  return [
    SEND,
    { fromAddress: chain.address(from), toAddress: chain.address(to), amount: [{ denom, amount }] },
  ] as const;
}

describe("MsgSend", () => {
  test("moves coins, makes the receiver's account and leaves the supply alone", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen", bob: "5uopen" } });
    chain.runOk("alice", sendOf(chain, "alice", "carol", "30"));
    expect(chain.balance("alice", "uopen")).toBe(70n);
    expect(chain.balance("carol", "uopen")).toBe(30n);
    const { info } = chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: chain.address("carol") }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    expect(info?.sequence).toBe(0n);
    chain.checkInvariants();
  });

  test("says what moved in the SDK's events and their order", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen", bob: "5uopen" } });
    const { events } = chain.runOk("alice", sendOf(chain, "alice", "bob", "30"), { fee: "2uopen" });
    const alice = chain.address("alice");
    const bob = chain.address("bob");
    const collector = chain.addresses.account(moduleAddress("fee_collector"));
    const told = events.map(({ type, attributes }) => [type, ...attributes.map(({ key, value }) => `${key}=${value}`)]);
    expect(told.filter(([type, first]) => type !== "tx" || !first?.startsWith("signature"))).toEqual([
      ["coin_spent", `spender=${alice}`, "amount=2uopen"],
      ["coin_received", `receiver=${collector}`, "amount=2uopen"],
      ["transfer", `recipient=${collector}`, `sender=${alice}`, "amount=2uopen"],
      ["message", `sender=${alice}`],
      ["tx", "fee=2uopen", `fee_payer=${alice}`],
      ["tx", `acc_seq=${alice}/0`],
      ["message", "action=/cosmos.bank.v1beta1.MsgSend", `sender=${alice}`, "module=bank", "msg_index=0"],
      ["coin_spent", `spender=${alice}`, "amount=30uopen", "msg_index=0"],
      ["coin_received", `receiver=${bob}`, "amount=30uopen", "msg_index=0"],
      ["transfer", `recipient=${bob}`, `sender=${alice}`, "amount=30uopen", "msg_index=0"],
      ["message", `sender=${alice}`, "msg_index=0"],
    ]);
  });

  test.each([
    ["101", "sdk", 5, "spendable balance 100uopen is smaller than 101uopen: insufficient funds"],
    ["0", "sdk", 10, "0uopen: invalid coins"],
    ["-1", "sdk", 10, "-1uopen: invalid coins"],
  ])("of %suopen out of 100 is refused as %s/%i", (amount, codespace, code, text) => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen", bob: "5uopen" } });
    const result = chain.run("alice", sendOf(chain, "alice", "bob", amount));
    expect([result.codespace, result.code]).toEqual([codespace, code]);
    expect(result.log).toBe(`failed to execute message; message index: 0: ${text}`);
    expect(chain.balance("alice", "uopen")).toBe(100n);
    expect(chain.balance("bob", "uopen")).toBe(5n);
  });

  test("to a module account is refused as unauthorized", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen" } });
    const toAddress = chain.addresses.account(moduleAddress("fee_collector"));
    const amount = [{ denom: "uopen", amount: "1" }];
    const result = chain.run("alice", [SEND, { fromAddress: chain.address("alice"), toAddress, amount }]);
    expect([result.codespace, result.code]).toEqual(["sdk", 4]);
    expect(result.log).toBe(
      `failed to execute message; message index: 0: ${toAddress} is not allowed to receive funds: unauthorized`,
    );
  });

  test("of a denomination that may not be sent is refused as bank/5", () => {
    const chain = ChainHarness.start({
      balances: { alice: "100uopen" },
      appState: { bank: { send_enabled: [{ denom: "uopen", enabled: false }] } },
    });
    const result = chain.run("alice", sendOf(chain, "alice", "bob", "1"));
    expect([result.codespace, result.code]).toEqual(["bank", 5]);
    expect(result.log).toBe(
      "failed to execute message; message index: 0: uopen transfers are currently disabled: send transactions are disabled",
    );
  });
});

describe("MsgMultiSend", () => {
  test("pays several from one", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen,7usd" } });
    const coins = [{ denom: "uopen", amount: "30" }];
    const result = chain.runOk("alice", [
      MULTI_SEND,
      {
        inputs: [{ address: chain.address("alice"), coins }],
        outputs: [
          { address: chain.address("bob"), coins: [{ denom: "uopen", amount: "10" }] },
          { address: chain.address("carol"), coins: [{ denom: "uopen", amount: "20" }] },
        ],
      },
    ]);
    expect(result.code).toBe(0);
    expect(chain.balance("bob", "uopen")).toBe(10n);
    expect(chain.balance("carol", "uopen")).toBe(20n);
    chain.checkInvariants();
  });

  test("whose sums differ is refused as bank/4", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen" } });
    const result = chain.run("alice", [
      MULTI_SEND,
      {
        inputs: [{ address: chain.address("alice"), coins: [{ denom: "uopen", amount: "30" }] }],
        outputs: [{ address: chain.address("bob"), coins: [{ denom: "uopen", amount: "31" }] }],
      },
    ]);
    expect([result.codespace, result.code]).toEqual(["bank", 4]);
    expect(result.log).toBe("failed to execute message; message index: 0: sum inputs != sum outputs");
  });
});

test("over random sends every denomination is conserved, and at least half of them succeed", () => {
  const names = ["alice", "bob", "carol", "dave"] as const;
  const denoms = ["uopen", "usd"] as const;
  const one = fc.record({
    from: fc.constantFrom(...names),
    to: fc.constantFrom(...names),
    denom: fc.constantFrom(...denoms),
    share: fc.integer({ min: 1, max: 130 }),
  });
  let tried = 0;
  let succeeded = 0;
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (sends) => {
      const balances = Object.fromEntries(names.map((name) => [name, "1000000uopen,1000usd"]));
      const chain = ChainHarness.start({ balances });
      for (const { from, to, denom, share } of sends) {
        const held = chain.balance(from, denom);
        const amount = ((held * BigInt(share)) / 100n).toString();
        const before = names.map((name) => chain.balance(name, denom));
        const result = chain.run(from, sendOf(chain, from, to, amount, denom));
        tried++;
        if (result.code === 0) succeeded++;
        else expect(names.map((name) => chain.balance(name, denom))).toEqual(before);
        expect(names.reduce((sum, name) => sum + chain.balance(name, "uopen"), 0n)).toBe(4_000_000n);
        expect(names.reduce((sum, name) => sum + chain.balance(name, "usd"), 0n)).toBe(4_000n);
      }
      chain.checkInvariants();
    }),
    { numRuns: 25 },
  );
  expect(succeeded * 2).toBeGreaterThanOrEqual(tried);
});
