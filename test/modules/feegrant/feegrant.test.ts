/**
 * Paying the fees of others. Figures of the periodic allowance: the table of the SDK's own test (x/feegrant/periodic_fee_test.go: 555, 512, 43 and 1
 * atom, periods of ten minutes); codes and words: x/feegrant/errors.go and keeper/msg_server.go.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { infiniteGasMeter } from "../../../chain/store/gas.ts";
import { moduleAddress } from "../../../chain/types/address.ts";
import { addNanoseconds, type Timestamp } from "../../../chain/types/time.ts";
import { allowanceOf, anyOfAllowance, spend, validateAllowance } from "../../../modules/feegrant/allowance.ts";
import { state } from "../../../modules/feegrant/state.ts";
import { hex } from "../../../proto/bytes.ts";
import { type Any, decode, type MessageInput, packAny } from "../../../proto/codec.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

const BASIC = "cosmos.feegrant.v1beta1.BasicAllowance";
const PERIODIC = "cosmos.feegrant.v1beta1.PeriodicAllowance";
const ALLOWED = "cosmos.feegrant.v1beta1.AllowedMsgAllowance";
const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;

const coins = (amount: number | bigint, denom = "uopen") =>
  amount === 0 ? [] : [{ denom, amount: amount.toString() }];
const basic = (value: MessageInput<typeof BASIC>): Any => packAny(BASIC, value);

function newChain(): ChainHarness {
  return ChainHarness.start({ balances: { alice: "1000000uopen", bob: "10uopen", carol: "5uopen" } });
}

const grant = (chain: ChainHarness, granter: string, grantee: string, allowance: Any): MessageToSend => [
  "cosmos.feegrant.v1beta1.MsgGrantAllowance",
  { granter: chain.address(granter), grantee: chain.address(grantee), allowance },
];
const revoke = (chain: ChainHarness, granter: string, grantee: string): MessageToSend => [
  "cosmos.feegrant.v1beta1.MsgRevokeAllowance",
  { granter: chain.address(granter), grantee: chain.address(grantee) },
];
const send = (chain: ChainHarness, from: string): MessageToSend => [
  "cosmos.bank.v1beta1.MsgSend",
  { fromAddress: chain.address(from), toAddress: chain.address("carol"), amount: coins(1) },
];
/** A payment of bob's whose fee alice pays. */
const paidByAlice = (chain: ChainHarness, fee: string, message = send(chain, "bob")) =>
  chain.run("bob", message, { fee, feeGranter: chain.address("alice") });

function allowanceBetween(chain: ChainHarness, granter: string, grantee: string) {
  return chain.query(
    "/cosmos.feegrant.v1beta1.Query/Allowance",
    [
      "cosmos.feegrant.v1beta1.QueryAllowanceRequest",
      { granter: chain.address(granter), grantee: chain.address(grantee) },
    ],
    "cosmos.feegrant.v1beta1.QueryAllowanceResponse",
  ).allowance?.allowance;
}

const told = (events: readonly { type: string; attributes: readonly { key: string; value: string }[] }[]) =>
  events
    .filter(({ type }) => type.endsWith("_feegrant"))
    .map(({ type, attributes }) => [type, ...attributes.map(({ key, value }) => `${key}=${value}`)]);

describe("a basic allowance", () => {
  test("pays the fee with the granter's coins, shrinks by it and is gone when it is used up", () => {
    const chain = newChain();
    const [alice, bob] = [chain.address("alice"), chain.address("bob")];
    const made = chain.runOk("alice", grant(chain, "alice", "bob", basic({ spendLimit: coins(100) })));
    expect(told(made.events)).toEqual([["set_feegrant", `granter=${alice}`, `grantee=${bob}`, "msg_index=0"]]);
    const first = paidByAlice(chain, "60uopen");
    expect(first.code).toBe(0);
    expect(told(first.events)).toEqual([
      ["use_feegrant", `granter=${alice}`, `grantee=${bob}`],
      ["update_feegrant", `granter=${alice}`, `grantee=${bob}`],
    ]);
    expect(first.events.find(({ type }) => type === "tx")?.attributes.map(({ key, value }) => [key, value])).toEqual([
      ["fee", "60uopen"],
      ["fee_payer", alice],
    ]);
    expect(chain.balance("alice", "uopen")).toBe(1_000_000n - 60n);
    expect(chain.balance("bob", "uopen")).toBe(10n - 1n);
    expect(decode(BASIC, allowanceBetween(chain, "alice", "bob")!.value).spendLimit).toEqual(coins(100 - 60));

    const beyond = paidByAlice(chain, "41uopen");
    expect(beyond).toMatchObject({ codespace: "feegrant", code: 2 });
    expect(beyond.log).toBe(`${alice} does not allow to pay fees for ${bob}: basic allowance: fee limit exceeded`);
    expect(chain.balance("alice", "uopen")).toBe(1_000_000n - 60n);

    const last = paidByAlice(chain, "40uopen");
    expect(told(last.events)).toEqual([
      ["revoke_feegrant", `granter=${alice}`, `grantee=${bob}`],
      ["use_feegrant", `granter=${alice}`, `grantee=${bob}`],
    ]);
    expect(paidByAlice(chain, "1uopen")).toMatchObject({ codespace: "sdk", code: 38 });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000n - 100n);
    chain.checkInvariants();
  });

  test("without a limit pays as long as the granter can", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "bob", basic({})));
    expect(paidByAlice(chain, "999999uopen").code).toBe(0);
    expect(paidByAlice(chain, "2uopen")).toMatchObject({ codespace: "sdk", code: 5 });
  });

  test("makes an account of the grantee's address", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "newcomer", basic({ spendLimit: coins(100) })));
    const message: MessageToSend = [
      "cosmos.bank.v1beta1.MsgSend",
      { fromAddress: chain.address("newcomer"), toAddress: chain.address("bob"), amount: coins(1) },
    ];
    // The newcomer owns nothing, so the payment fails; its fee is paid all the same.
    const result = chain.run("newcomer", message, { fee: "7uopen", feeGranter: chain.address("alice") });
    expect(result).toMatchObject({ codespace: "sdk", code: 5 });
    expect(chain.balance("alice", "uopen")).toBe(1_000_000n - 7n);
  });

  test("ends at its time, is forgotten after it, and may be given again", () => {
    const chain = newChain();
    const end = addNanoseconds(chain.time, HOUR);
    chain.runOk("alice", grant(chain, "alice", "bob", basic({ expiration: end })));
    // The block whose time is the end itself may still use it (Before, not After).
    chain.block([], { nanoseconds: HOUR - 5n * SECOND });
    expect(chain.time).toEqual(end);
    expect(allowanceBetween(chain, "alice", "bob")).toBeDefined();
    chain.block([], { nanoseconds: 1n });
    expect(() => allowanceBetween(chain, "alice", "bob")).toThrow("fee-grant not found");
    chain.checkInvariants();
    chain.runOk("alice", grant(chain, "alice", "bob", basic({ spendLimit: coins(3) })));
  });

  test("that was taken back does not end the one given after it", () => {
    const chain = newChain();
    const end = addNanoseconds(chain.time, HOUR);
    chain.runOk("alice", grant(chain, "alice", "bob", basic({ expiration: end })));
    const taken = chain.runOk("alice", revoke(chain, "alice", "bob"));
    expect(told(taken.events).map(([type]) => type)).toEqual(["revoke_feegrant"]);
    chain.runOk("alice", grant(chain, "alice", "bob", basic({ spendLimit: coins(100) })));
    chain.block([], { nanoseconds: 2n * HOUR });
    expect(paidByAlice(chain, "60uopen").code).toBe(0);
    chain.checkInvariants();
  });
});

describe("a periodic allowance, as the SDK's own table has it", () => {
  const now: Timestamp = { seconds: 1_700_000_000n, nanos: 0 };
  const at = (minutes: number): Timestamp => addNanoseconds(now, BigInt(minutes) * 60n * SECOND);
  const tenMinutes = { seconds: 600n, nanos: 0 };
  const periodic = (value: MessageInput<typeof PERIODIC>) => allowanceOf(packAny(PERIODIC, value));
  const pay = (allowance: MessageInput<typeof PERIODIC>, fee: number, time: Timestamp) => {
    const left = spend(periodic(allowance), {
      coins: fee === 0 ? [] : [{ denom: "atom", amount: BigInt(fee) }],
      time,
      typeUrls: [],
      gas: infiniteGasMeter(),
    });
    return left === undefined ? undefined : decode(PERIODIC, anyOfAllowance(left).value);
  };
  const atom = (amount: number) => coins(amount, "atom");

  test.each([
    ["nothing at all", {}],
    ["only what bounds all periods", { basic: { spendLimit: atom(555), expiration: at(60) } }],
    [
      "other coins than those that bound it",
      { basic: { spendLimit: atom(555) }, period: tenMinutes, periodSpendLimit: coins(1, "eth") },
    ],
    ["a period of less than nothing", { period: { seconds: 0n, nanos: -1 }, periodSpendLimit: atom(1) }],
    ["a negative amount", { period: tenMinutes, periodSpendLimit: [{ denom: "atom", amount: "-1" }] }],
  ])("%s cannot be given", (_, value) => {
    expect(() => validateAllowance(periodic(value))).toThrow();
  });

  const given = { basic: { spendLimit: atom(555), expiration: at(120) }, period: tenMinutes };
  test.each([
    [
      "nothing is paid",
      { period: tenMinutes, periodSpendLimit: atom(43), periodReset: at(30) },
      0,
      now,
      [],
      [],
      at(30),
    ],
    [
      "within a period",
      { ...given, periodReset: at(60), periodSpendLimit: atom(512), periodCanSpend: atom(43) },
      43,
      now,
      [],
      atom(512),
      at(60),
    ],
    ["after a period", { ...given, periodReset: now, periodSpendLimit: atom(512) }, 512, at(60), [], atom(43), at(70)],
    [
      "never above what is left in all",
      {
        basic: { spendLimit: atom(43), expiration: at(120) },
        period: tenMinutes,
        periodReset: now,
        periodSpendLimit: atom(555),
      },
      1,
      at(60),
      atom(42),
      atom(42),
      at(70),
    ],
    [
      "without a bound in all",
      { period: tenMinutes, periodReset: now, periodSpendLimit: atom(555) },
      555,
      at(60),
      [],
      [],
      at(70),
    ],
    [
      "one step after the last when it is used in every period",
      { period: tenMinutes, periodReset: now, periodSpendLimit: atom(555) },
      555,
      at(7),
      [],
      [],
      at(10),
    ],
  ])("%s", (_, value, fee, time, leftOfPeriod, leftInAll, reset) => {
    validateAllowance(periodic(value));
    expect(pay(value, fee, time)).toMatchObject({
      periodCanSpend: leftOfPeriod,
      basic: { spendLimit: leftInAll },
      periodReset: reset,
    });
  });

  test("refuses after its end, beyond the period and beyond what is left in all", () => {
    const ended = { basic: { spendLimit: atom(555), expiration: now }, period: tenMinutes, periodSpendLimit: atom(43) };
    expect(() => pay(ended, 43, at(60))).toThrow("absolute limit: fee allowance expired");
    const small = { ...given, periodReset: at(60), periodSpendLimit: atom(512), periodCanSpend: atom(43) };
    expect(() => pay(small, 512, now)).toThrow("period limit: fee limit exceeded");
    const bounded = {
      basic: { spendLimit: atom(43) },
      period: tenMinutes,
      periodReset: at(60),
      periodSpendLimit: atom(43),
      periodCanSpend: atom(555),
    };
    expect(() => pay(bounded, 512, now)).toThrow("absolute limit: fee limit exceeded");
    expect(pay({ ...bounded, periodCanSpend: atom(43) }, 43, now)).toBeUndefined();
  });

  test("whose next period would begin after the year 9999 is a refusal, not a failure of the node", () => {
    const long = {
      period: { seconds: 9_000_000_000n, nanos: 0 },
      periodReset: { seconds: 250_000_000_000n, nanos: 0 },
      periodSpendLimit: atom(1),
    };
    expect(() => pay(long, 1, { seconds: 250_000_000_000n, nanos: 0 })).toThrow(/invalid duration$/);
  });
});

describe("an allowance for certain messages", () => {
  test("pays for those and no others", () => {
    const chain = newChain();
    const allowance = packAny(ALLOWED, {
      allowance: basic({ spendLimit: coins(100) }),
      allowedMessages: ["/cosmos.bank.v1beta1.MsgSend"],
    });
    chain.runOk("alice", grant(chain, "alice", "bob", allowance));
    expect(paidByAlice(chain, "30uopen").code).toBe(0);
    const other = paidByAlice(chain, "30uopen", revoke(chain, "bob", "carol"));
    expect(other).toMatchObject({ codespace: "feegrant", code: 7 });
    expect(other.log).toContain("message does not exist in allowed messages: message not allowed");
    const { allowance: inner } = decode(ALLOWED, allowanceBetween(chain, "alice", "bob")!.value);
    expect(decode(BASIC, inner!.value).spendLimit).toEqual(coins(70));
  });

  test("may lie in another, but not deeper than eight", () => {
    const chain = newChain();
    const nested = (depth: number): Any =>
      depth === 0
        ? basic({})
        : packAny(ALLOWED, { allowance: nested(depth - 1), allowedMessages: ["/cosmos.bank.v1beta1.MsgSend"] });
    chain.runOk("alice", grant(chain, "alice", "bob", nested(7)));
    expect(paidByAlice(chain, "30uopen").code).toBe(0);
    const result = chain.run("alice", grant(chain, "alice", "carol", nested(8)));
    expect(result.code).not.toBe(0);
    expect(result.log).toContain("deeper than");
  });
});

describe("a refusal has the SDK's code and words", () => {
  const chain = newChain();
  const bob = chain.address("bob");
  chain.runOk("alice", grant(chain, "alice", "carol", basic({})));
  const past = { seconds: 1_600_000_000n, nanos: 0 };
  const cases: readonly (readonly [string, MessageToSend, string, number, string])[] = [
    [
      "to oneself",
      grant(chain, "alice", "alice", basic({})),
      "sdk",
      7,
      "cannot self-grant fee authorization: invalid address",
    ],
    [
      "taking back from oneself",
      revoke(chain, "alice", "alice"),
      "sdk",
      7,
      "addresses must be different: invalid address",
    ],
    [
      "a second one",
      grant(chain, "alice", "carol", basic({})),
      "sdk",
      18,
      "fee allowance already exists: invalid request",
    ],
    [
      "one that has ended",
      grant(chain, "alice", "bob", basic({ expiration: past })),
      "sdk",
      18,
      "expiration is before current block time: invalid request",
    ],
    ["taking back what is not given", revoke(chain, "alice", "bob"), "sdk", 38, "fee-grant not found: not found"],
    [
      "coins out of order",
      grant(chain, "alice", "bob", basic({ spendLimit: [...coins(1, "b"), ...coins(1, "a")] })),
      "sdk",
      10,
      "send amount is invalid: 1b,1a: invalid coins",
    ],
    [
      "no messages",
      grant(chain, "alice", "bob", packAny(ALLOWED, { allowance: basic({}), allowedMessages: [] })),
      "feegrant",
      6,
      "allowed messages shouldn't be empty: allowed messages are empty",
    ],
    [
      "none inside",
      grant(chain, "alice", "bob", packAny(ALLOWED, { allowedMessages: ["/x"] })),
      "feegrant",
      5,
      "allowance should not be empty: no allowance",
    ],
    [
      "another kind of message",
      grant(chain, "alice", "bob", packAny("cosmos.bank.v1beta1.MsgSend", {})),
      "sdk",
      34,
      "/cosmos.bank.v1beta1.MsgSend is not a fee allowance: failed unpacking protobuf message from Any",
    ],
  ];
  test.each(cases)("%s", (_, message, codespace, code, words) => {
    const result = chain.run("alice", message);
    expect([result.codespace, result.code]).toEqual([codespace, code]);
    expect(result.log).toBe(`failed to execute message; message index: 0: ${words}`);
  });

  test("a module's account that does not exist yet is not made by an allowance", () => {
    const pool = chain.addresses.account(moduleAddress("tokenpool"));
    const result = chain.run("alice", [
      "cosmos.feegrant.v1beta1.MsgGrantAllowance",
      { granter: chain.address("alice"), grantee: pool, allowance: basic({}) },
    ]);
    expect(result).toMatchObject({ codespace: "sdk", code: 4 });
    expect(bob).not.toBe(pool);
  });

  test("a fee whose coins are out of order meets an allowance without stopping the node", () => {
    const tx = chain.sign("carol", send(chain, "carol"), { feeGranter: chain.address("alice") });
    const raw = decode("cosmos.tx.v1beta1.TxRaw", tx);
    expect(raw.signatures.length).toBe(1);
    expect(
      chain.run("carol", send(chain, "carol"), { fee: "1uopen,1usd", feeGranter: chain.address("alice") }),
    ).toMatchObject({
      codespace: "sdk",
      code: 5,
    });
  });
});

test("everyone's allowances can be asked for, by both sides and in pages", () => {
  const chain = newChain();
  chain.runOk("alice", [grant(chain, "alice", "bob", basic({})), grant(chain, "alice", "carol", basic({}))]);
  chain.runOk("bob", grant(chain, "bob", "carol", basic({})));
  const received = chain.query(
    "/cosmos.feegrant.v1beta1.Query/Allowances",
    ["cosmos.feegrant.v1beta1.QueryAllowancesRequest", { grantee: chain.address("carol") }],
    "cosmos.feegrant.v1beta1.QueryAllowancesResponse",
  ).allowances;
  expect(new Set(received.map(({ granter }) => granter))).toEqual(
    new Set([chain.address("alice"), chain.address("bob")]),
  );
  const issued = (limit: bigint) =>
    chain.query(
      "/cosmos.feegrant.v1beta1.Query/AllowancesByGranter",
      [
        "cosmos.feegrant.v1beta1.QueryAllowancesByGranterRequest",
        { granter: chain.address("alice"), pagination: { limit, countTotal: true } },
      ],
      "cosmos.feegrant.v1beta1.QueryAllowancesByGranterResponse",
    ).allowances;
  expect(new Set(issued(10n).map(({ grantee }) => grantee))).toEqual(
    new Set([chain.address("bob"), chain.address("carol")]),
  );
  expect(issued(1n)).toHaveLength(1);
});

test("what has ended is removed 200 to a block and 75 to a message, the earliest first", () => {
  const chain = newChain();
  const soon = (number: number): Timestamp => addNanoseconds(chain.time, HOUR + BigInt(number));
  const names = Array.from({ length: 280 }, (_, at) => `friend${at}`);
  for (let from = 0; from < names.length; from += 70)
    chain.runOk(
      "alice",
      names
        .slice(from, from + 70)
        .map((name, at) => grant(chain, "alice", name, basic({ expiration: soon(from + at) }))),
      { gas: 20_000_000n },
    );
  const left = (): number =>
    (chain.application.exportGenesis().feegrant as { allowances: unknown[] }).allowances.length;
  const prune: MessageToSend = ["cosmos.feegrant.v1beta1.MsgPruneAllowances", { pruner: chain.address("bob") }];
  const tx = chain.sign("bob", prune, { gas: 5_000_000n });
  const [result] = chain.block([tx], { nanoseconds: 2n * HOUR });
  expect(result?.code).toBe(0);
  expect(told(result!.events)).toEqual([["prune_feegrant", `pruner=${chain.address("bob")}`, "msg_index=0"]]);
  expect(left()).toBe(280 - 75 - 200);
  chain.block([]);
  expect(left()).toBe(0);
  chain.checkInvariants();
});

test("the store's keys are the SDK's: grantee, then granter, each after its length; in the queue after 29 bytes of time", () => {
  const [alice, bob] = [accountOf("alice").bytes, accountOf("bob").bytes];
  expect(hex(state.allowances.storeKey([bob, alice]))).toBe(`0014${hex(bob)}14${hex(alice)}`);
  const time = Buffer.from("2023-11-14T22:13:20.000000007").toString("hex");
  expect(hex(state.queue.storeKey([{ seconds: 1_700_000_000n, nanos: 7 }, bob, alice]))).toBe(
    `01${time}14${hex(bob)}14${hex(alice)}`,
  );
});

test("an export begins another chain with the same allowances", () => {
  const chain = newChain();
  chain.runOk(
    "alice",
    grant(chain, "alice", "bob", basic({ spendLimit: coins(100), expiration: addNanoseconds(chain.time, HOUR) })),
  );
  paidByAlice(chain, "30uopen");
  const exported = chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as never, time: chain.time });
  expect(again.application.exportGenesis().feegrant).toEqual(exported.feegrant);
  again.checkInvariants();
});

test("an allowance never pays more than it says, over random fees and waits", () => {
  const step = fc.record({ fee: fc.integer({ min: 0, max: 40 }), wait: fc.integer({ min: 1, max: 900 }) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(step, { minLength: 4, maxLength: 10 }),
      (total, perPeriod, steps) => {
        const chain = newChain();
        const period = 600n;
        const began = chain.time;
        chain.runOk(
          "alice",
          grant(
            chain,
            "alice",
            "bob",
            packAny(PERIODIC, {
              basic: { spendLimit: coins(total) },
              period: { seconds: period, nanos: 0 },
              periodSpendLimit: coins(perPeriod),
              periodCanSpend: coins(perPeriod),
              periodReset: addNanoseconds(began, period * SECOND),
            }),
          ),
        );
        let paid = 0n;
        for (const { fee, wait } of steps) {
          chain.block([], { nanoseconds: BigInt(wait) * SECOND });
          const before = chain.balance("alice", "uopen");
          paidByAlice(chain, fee === 0 ? "" : `${fee}uopen`);
          paid += before - chain.balance("alice", "uopen");
          const periods = (chain.time.seconds - began.seconds) / period + 1n;
          expect(paid <= BigInt(total)).toBe(true);
          expect(paid <= BigInt(perPeriod) * periods).toBe(true);
          chain.checkInvariants();
        }
      },
    ),
    { numRuns: process.env.TRIBUTARY_FULL === "1" ? 200 : 8 },
  );
});
