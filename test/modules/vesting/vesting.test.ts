/**
 * Coins that come free over time. Rules and words: x/auth/vesting/README.md (the specification's formulas for V, DV and DF) and msg_server.go; the
 * figures are written out.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { addNanoseconds } from "../../../chain/types/time.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { createValidator, operatorOf, stake, THREE_WEEKS_NS } from "../../support/staking-chain.ts";

const SECOND = 1_000_000_000n;
const coins = (amount: bigint | number, denom = "uopen") => [{ denom, amount: amount.toString() }];

/** Blocks here take five seconds unless a test says how long one takes. */
function newChain(): ChainHarness {
  return ChainHarness.start({
    balances: { alice: "1000000000uopen,1000uother", val1: "1000000000uopen", bob: "5uopen" },
  });
}

type Create<Name extends string> = Messages[`cosmos.vesting.v1beta1.MsgCreate${Name}` & keyof Messages];
const create = (chain: ChainHarness, to: string, changes: Partial<Create<"VestingAccount">>): MessageToSend => [
  "cosmos.vesting.v1beta1.MsgCreateVestingAccount",
  { fromAddress: chain.address("alice"), toAddress: chain.address(to), amount: coins(1000), ...changes },
];
const createPeriodic = (
  chain: ChainHarness,
  to: string,
  changes: Partial<Create<"PeriodicVestingAccount">>,
): MessageToSend => [
  "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount",
  { fromAddress: chain.address("alice"), toAddress: chain.address(to), startTime: chain.time.seconds, ...changes },
];
const createLocked = (chain: ChainHarness, to: string, amount = coins(1000)): MessageToSend => [
  "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount",
  { fromAddress: chain.address("alice"), toAddress: chain.address(to), amount },
];
const send = (chain: ChainHarness, from: string, to: string, amount: bigint | number): MessageToSend => [
  "cosmos.bank.v1beta1.MsgSend",
  { fromAddress: chain.address(from), toAddress: chain.address(to), amount: coins(amount) },
];

function spendable(chain: ChainHarness, name: string, denom = "uopen"): bigint {
  const address = chain.address(name);
  const one = chain.query(
    "/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom",
    ["cosmos.bank.v1beta1.QuerySpendableBalanceByDenomRequest", { address, denom }],
    "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomResponse",
  ).balance;
  const { balances } = chain.query(
    "/cosmos.bank.v1beta1.Query/SpendableBalances",
    ["cosmos.bank.v1beta1.QuerySpendableBalancesRequest", { address }],
    "cosmos.bank.v1beta1.QuerySpendableBalancesResponse",
  );
  expect(balances.find((coin) => coin.denom === denom)?.amount ?? "0").toBe(one?.amount);
  return BigInt(one?.amount ?? "0");
}

function accountOf(chain: ChainHarness, name: string) {
  const { auth } = chain.application.exportGenesis() as unknown as { auth: { accounts: Record<string, unknown>[] } };
  const base = (account: Record<string, unknown>): Record<string, unknown> =>
    (account.base_vesting_account as Record<string, unknown>) ?? account;
  return auth.accounts
    .map((account) => ({ ...account, base: base(account) }))
    .find(
      ({ base: found }) => (found.base_account as { address?: string } | undefined)?.address === chain.address(name),
    ) as
    | { "@type": string; base: { delegated_vesting: unknown; delegated_free: unknown; end_time: string } }
    | undefined;
}

const wait = (chain: ChainHarness, seconds: bigint): void => void chain.block([], { nanoseconds: seconds * SECOND });

describe("coins come free", () => {
  test("evenly, from the block that makes the account until the end", () => {
    const chain = newChain();
    const end = chain.time.seconds + 5n + 400n;
    chain.runOk("alice", create(chain, "dave", { endTime: end }));
    expect(accountOf(chain, "dave")?.["@type"]).toBe("/cosmos.vesting.v1beta1.ContinuousVestingAccount");
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 1000n);
    expect(spendable(chain, "dave")).toBe(0n);
    wait(chain, 100n);
    expect(spendable(chain, "dave")).toBe((1000n * 100n) / 400n);
    wait(chain, 300n);
    expect(spendable(chain, "dave")).toBe(1000n);
  });

  test("evenly, to the coin that may be spent", () => {
    const chain = newChain();
    const begin = chain.time.seconds + 5n;
    chain.runOk("alice", create(chain, "dave", { endTime: begin + 300n }));
    wait(chain, 95n);
    // The next block is 100 of 300 seconds after the beginning: 333.33 are rounded to 333.
    const refused = chain.run("dave", send(chain, "dave", "bob", 334));
    expect(refused).toMatchObject({ codespace: "sdk", code: 5 });
    expect(refused.log).toContain("spendable balance 333uopen is smaller than 334uopen: insufficient funds");
    wait(chain, 195n);
    chain.runOk("dave", send(chain, "dave", "bob", 1000));
    expect(chain.balance("dave", "uopen")).toBe(0n);
  });

  test("all at the end", () => {
    const chain = newChain();
    chain.runOk("alice", create(chain, "dave", { endTime: chain.time.seconds + 100n, delayed: true }));
    wait(chain, 94n);
    expect(spendable(chain, "dave")).toBe(0n);
    wait(chain, 1n);
    expect(spendable(chain, "dave")).toBe(1000n);
  });

  test("in steps", () => {
    const chain = newChain();
    const startTime = chain.time.seconds;
    const vestingPeriods = [
      { length: 100n, amount: coins(500) },
      { length: 50n, amount: coins(200) },
      { length: 1n, amount: [...coins(300), ...coins(7, "uother")] },
    ];
    chain.runOk("alice", createPeriodic(chain, "dave", { startTime, vestingPeriods }));
    expect(accountOf(chain, "dave")?.base.end_time).toBe((startTime + 151n).toString());
    const seen: bigint[] = [];
    for (const until of [99n, 100n, 149n, 150n, 151n]) {
      wait(chain, startTime + until - chain.time.seconds);
      seen.push(spendable(chain, "dave"));
    }
    expect(seen).toEqual([0n, 500n, 500n, 700n, 1000n]);
    expect(spendable(chain, "dave", "uother")).toBe(7n);
    chain.checkInvariants();
  });

  test("never, when they are locked for good; what is received besides is free", () => {
    const chain = newChain();
    chain.runOk("alice", createLocked(chain, "dave"));
    wait(chain, 1_000_000_000n);
    expect(spendable(chain, "dave")).toBe(0n);
    chain.runOk("alice", send(chain, "alice", "dave", 60));
    expect(spendable(chain, "dave")).toBe(60n);
    expect(chain.run("dave", send(chain, "dave", "bob", 61)).code).toBe(5);
    chain.runOk("dave", send(chain, "dave", "bob", 60));
    // A fee cannot be paid with locked coins either.
    expect(chain.run("dave", send(chain, "dave", "bob", 1), { fee: "1uopen" })).toMatchObject({
      codespace: "sdk",
      code: 5,
    });
  });
});

describe("a delegation of a vesting account", () => {
  const begun = (): ChainHarness => {
    const chain = newChain();
    chain.runOk("val1", createValidator(chain, "val1", "5000000"));
    chain.runOk("alice", createLocked(chain, "dave"));
    chain.runOk("alice", send(chain, "alice", "dave", 300));
    return chain;
  };

  test("takes locked coins first and free ones after them, and gives back free ones first", () => {
    const chain = begun();
    // V = 1000, D = 1100: X = min(max(V − DV, 0), D) = 1000, Y = D − X = 100.
    const events = chain.runOk("dave", stake(chain, "Delegate", "dave", "val1", "1100")).events;
    expect(accountOf(chain, "dave")?.base).toMatchObject({
      delegated_vesting: coins(1000),
      delegated_free: coins(100),
    });
    expect(chain.balance("dave", "uopen")).toBe(200n);
    // What is locked is with the validator, so the rest is free.
    expect(spendable(chain, "dave")).toBe(200n);
    expect(events.filter(({ type }) => type === "transfer")).toEqual([]);
    // X = min(DF, D) = 100, Y = min(DV, D − X) = 50.
    chain.runOk("dave", stake(chain, "Undelegate", "dave", "val1", "150"));
    chain.block([], { nanoseconds: THREE_WEEKS_NS });
    expect(accountOf(chain, "dave")?.base).toMatchObject({ delegated_vesting: coins(950), delegated_free: [] });
    expect(chain.balance("dave", "uopen")).toBe(350n);
    expect(spendable(chain, "dave")).toBe(350n - 50n);
    chain.checkInvariants();
  });

  test("of more than it holds is refused with the SDK's words", () => {
    const chain = begun();
    const result = chain.run("dave", stake(chain, "Delegate", "dave", "val1", "1301"));
    expect(result).toMatchObject({ codespace: "sdk", code: 5 });
    expect(result.log).toContain("failed to delegate; 1300uopen is smaller than 1301uopen: insufficient funds");
  });

  test("keeps every coin locked that was, over random delegations, withdrawals, payments and waits", () => {
    const step = fc.record({
      kind: fc.constantFrom("Delegate" as const, "Undelegate" as const, "send" as const),
      amount: fc.integer({ min: 1, max: 700 }),
      long: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 10 }), (steps) => {
        const chain = begun();
        let sent = 0n;
        for (const { kind, amount, long } of steps) {
          const free = spendable(chain, "dave");
          if (kind === "send") {
            const paid = chain.run("dave", send(chain, "dave", "bob", amount)).code === 0;
            expect(paid).toBe(BigInt(amount) <= free);
            if (paid) sent += BigInt(amount);
          } else chain.run("dave", stake(chain, kind, "dave", "val1", amount.toString()));
          if (long) chain.block([], { nanoseconds: THREE_WEEKS_NS });
          chain.checkInvariants();
          // The 300 that came besides are all that can ever leave: the thousand is held, delegated or on its way back.
          expect(sent <= 300n).toBe(true);
        }
      }),
      { numRuns: process.env.TRIBUTARY_FULL === "1" ? 100 : 6 },
    );
  });
});

describe("making one is refused", () => {
  const chain = newChain();
  const far = chain.time.seconds + 1_000_000n;
  const module = chain.addresses.account(moduleAddress("tokenpool"));
  const period = (length: bigint, amount: readonly { denom: string; amount: string }[]) => ({ length, amount });
  const bob = chain.address("bob");
  // Barberry: amounts and lengths that are not above zero would lock an account for ever. ASA-2024-003: a module's address.
  const cases: readonly (readonly [string, MessageToSend, number, string])[] = [
    [
      "at an address with an account",
      create(chain, "bob", { endTime: far }),
      18,
      `account ${bob} already exists: invalid request`,
    ],
    [
      "at a module's address",
      create(chain, "x", { toAddress: module, endTime: far }),
      4,
      `${module} is not allowed to receive funds: unauthorized`,
    ],
    ["without an end", create(chain, "x", { endTime: 0n }), 18, "invalid end time: invalid request"],
    ["with nothing", create(chain, "x", { endTime: far, amount: [] }), 10, ": invalid coins"],
    ["with less than nothing", create(chain, "x", { endTime: far, amount: coins(-5) }), 10, "-5uopen: invalid coins"],
    [
      "with coins twice",
      create(chain, "x", { endTime: far, amount: [...coins(1), ...coins(1)] }),
      10,
      "1uopen,1uopen: invalid coins",
    ],
    [
      "with more than there is",
      create(chain, "x", { endTime: far, amount: coins(10n ** 12n) }),
      5,
      "spendable balance 1000000000uopen is smaller than",
    ],
    ["locked, with nothing", createLocked(chain, "x", coins(0)), 10, "0uopen: invalid coins"],
    [
      "before time began",
      createPeriodic(chain, "x", { startTime: 0n, vestingPeriods: [period(1n, coins(1))] }),
      18,
      "invalid start time of 0, length must be greater than 0: invalid request",
    ],
    [
      "in a step of no time",
      createPeriodic(chain, "x", { vestingPeriods: [period(5n, coins(1)), period(0n, coins(1))] }),
      18,
      "invalid period length of 0 in period 1, length must be greater than 0: invalid request",
    ],
    [
      "in a step back",
      createPeriodic(chain, "x", { vestingPeriods: [period(-5n, coins(1))] }),
      18,
      "invalid period length of -5 in period 0",
    ],
    [
      "in a step of less than nothing",
      createPeriodic(chain, "x", { vestingPeriods: [period(5n, coins(10)), period(5n, coins(-3))] }),
      10,
      "-3uopen: invalid coins",
    ],
    ["in a step of nothing", createPeriodic(chain, "x", { vestingPeriods: [period(5n, [])] }), 10, ": invalid coins"],
    ["in no steps", createPeriodic(chain, "x", { vestingPeriods: [] }), 18, "invalid coins: : invalid request"],
    [
      "beyond the end of time",
      createPeriodic(chain, "x", { vestingPeriods: [period(2n ** 63n - 1n, coins(1))] }),
      18,
      "cumulative endTime overflowed, and/or is less than startTime: invalid request",
    ],
  ];
  test.each(cases)("%s", (_, message, code, words) => {
    const before = chain.balance("alice", "uopen");
    const result = chain.run("alice", message);
    expect([result.codespace, result.code]).toEqual(["sdk", code]);
    expect(result.log).toContain(`failed to execute message; message index: 0: ${words}`);
    expect(chain.balance("alice", "uopen")).toBe(before);
    expect(accountOf(chain, "x")).toBeUndefined();
  });
});

describe("genesis", () => {
  test("of an export is the same chain: what is locked stays locked, what is delegated stays counted", () => {
    const chain = newChain();
    chain.runOk("val1", createValidator(chain, "val1", "5000000"));
    const begin = chain.time.seconds + 5n;
    chain.runOk("alice", create(chain, "dave", { endTime: begin + 1000n }));
    chain.runOk("dave", stake(chain, "Delegate", "dave", "val1", "400"));
    const exported = chain.application.exportGenesis() as { [module: string]: never };
    const again = ChainHarness.genesis({ wholeAppState: exported as never, time: chain.time });
    again.block([], { nanoseconds: 1n });
    expect(accountOf(again, "dave")).toEqual(accountOf(chain, "dave"));
    expect(exported.vesting).toEqual({});
    again.checkInvariants();
    expect(operatorOf(again, "val1")).toBe(operatorOf(chain, "val1"));
  });

  test("of an export with an account that was over when it was made begins a chain: nothing of it is locked", () => {
    const chain = newChain();
    chain.runOk("alice", create(chain, "dave", { endTime: 1n }));
    const exported = chain.application.exportGenesis() as { [module: string]: never };
    const again = ChainHarness.genesis({ wholeAppState: exported as never, time: chain.time });
    again.block([], { nanoseconds: 1n });
    expect(accountOf(again, "dave")).toEqual(accountOf(chain, "dave"));
    wait(again, 1n);
    expect(spendable(again, "dave")).toBe(1000n);
  });

  test.each([
    [
      "never ends, and has an end",
      "PermanentLockedAccount",
      {},
      { end_time: "10" },
      "permanently vested accounts cannot have an end-time",
    ],
    ["has nothing", "DelayedVestingAccount", {}, { original_vesting: [] }, "invalid coins: "],
    [
      "has delegated more of its bound coins than it has",
      "DelayedVestingAccount",
      {},
      { delegated_vesting: coins(2000) },
      "delegated vesting amount cannot be greater than original vesting amount",
    ],
    [
      "has steps that are not its sum",
      "PeriodicVestingAccount",
      { start_time: "1", vesting_periods: [{ length: "9", amount: coins(1) }] },
      { end_time: "10" },
      "original vesting coins (1000uopen) does not match the sum of all coins in vesting periods (1uopen)",
    ],
    [
      "has steps that do not end with it",
      "PeriodicVestingAccount",
      { start_time: "1", vesting_periods: [{ length: "8", amount: coins(1000) }] },
      { end_time: "10" },
      "vesting end time does not match length of all vesting periods",
    ],
  ])("with an account that %s is refused", (_, kind, whole, base, words) => {
    const address = newChain().address("dave");
    const account = {
      "@type": `/cosmos.vesting.v1beta1.${kind}`,
      base_vesting_account: {
        base_account: { address, pub_key: null, account_number: "0", sequence: "0" },
        original_vesting: coins(1000),
        delegated_free: [],
        delegated_vesting: [],
        end_time: "0",
        ...base,
      },
      ...whole,
    };
    expect(() => ChainHarness.genesis({ appState: { auth: { accounts: [account] } as never } })).toThrow(words);
  });
});

test("coins of a chain with vesting accounts are conserved", () => {
  const chain = newChain();
  const supply = (): unknown => (chain.application.exportGenesis() as { bank: { supply: unknown } }).bank.supply;
  const before = supply();
  chain.runOk("alice", [
    create(chain, "dave", { endTime: addNanoseconds(chain.time, 1000n * SECOND).seconds }),
    createLocked(chain, "erin"),
    createPeriodic(chain, "frank", { vestingPeriods: [{ length: 5n, amount: coins(3) }] }),
  ]);
  expect(supply()).toEqual(before);
  chain.checkInvariants();
});
