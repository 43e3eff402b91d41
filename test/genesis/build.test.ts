// Building a genesis: default states, accounts with balances, and their sums.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressCodec } from "../../chain/types/address.ts";
import { accountAddresses, addAccount, DuplicateAccountError } from "../../genesis/add-accounts.ts";
import { type AppGenesis, genesisText } from "../../genesis/app-genesis.ts";
import { newGenesis } from "../../genesis/build.ts";
import { partsOf } from "../../genesis/state-parts.ts";
import { validateGenesis } from "../../genesis/validate.ts";
import { definitions } from "../../modules/app.ts";
import type { JsonValue } from "../../proto/json.ts";
import { ChainHarness } from "../support/chain-harness.ts";
import { genesisTextOf } from "../support/genesis-text.ts";

const codec = new AddressCodec("trib");
const address = (index: number): string => codec.account(new Uint8Array(20).fill(index + 1));
const fresh = (denom = "uopen"): AppGenesis =>
  newGenesis(definitions, {
    appName: "tributaryd",
    appVersion: "0",
    genesisTime: { seconds: 1_700_000_000n, nanos: 0 },
    chainId: "test-1",
    initialHeight: 1,
    denom,
  });

interface Bank {
  readonly balances: readonly {
    readonly address: string;
    readonly coins: readonly { denom: string; amount: string }[];
  }[];
  readonly supply: readonly { denom: string; amount: string }[];
}
const addressesOf = (genesis: AppGenesis): readonly string[] => [...accountAddresses(partsOf(genesis.app_state))];
const bankOf = (genesis: AppGenesis): Bank => genesis.app_state.bank as unknown as Bank;

describe("a new genesis", () => {
  test("holds together, and says that it lacks a validator", () => {
    const { problems, notices } = validateGenesis(genesisTextOf(fresh()), definitions);
    expect(problems).toEqual([]);
    expect(notices).toEqual(["there is no validator yet: the chain cannot start until a gentx is collected"]);
  });

  test("names the coin it was given wherever a module names one", () => {
    const text = JSON.stringify(fresh("ustake").app_state);
    expect(text).toContain('"bond_denom":"ustake"');
    expect(text).not.toContain("uopen");
  });

  test("is written in the SDK's order with a null app hash, and reads back as it was", () => {
    const text = genesisText(fresh());
    expect([...text.matchAll(/^ {2}"([a-z_]+)":/gm)].map((match) => match[1])).toEqual([
      ...[
        "app_name",
        "app_version",
        "genesis_time",
        "chain_id",
        "initial_height",
        "app_hash",
        "app_state",
        "consensus",
      ],
    ]);
    expect(text).toContain('"app_hash": null');
    expect(JSON.parse(text)).toEqual(fresh());
  });
});

describe("accounts", () => {
  test("get ascending numbers, balances are sorted by address bytes, and the supply is their sum", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.bigInt({ min: 1n, max: 10n ** 30n })), {
          selector: ([index]) => index,
          maxLength: 12,
        }),
        (accounts) => {
          const genesis = accounts.reduce(
            (before, [index, amount]) => addAccount(before, address(index), [{ denom: "uopen", amount }]),
            fresh(),
          );
          expect(addressesOf(genesis)).toEqual(accounts.map(([index]) => address(index)));
          const { balances, supply } = bankOf(genesis);
          expect(balances.map((balance) => balance.address)).toEqual(
            [...accounts]
              .map(([index]) => index)
              .sort((a, b) => a - b)
              .map(address),
          );
          const total = accounts.reduce((sum, [, amount]) => sum + amount, 0n);
          expect(supply).toEqual(total === 0n ? [] : [{ denom: "uopen", amount: total.toString() }]);
          expect(validateGenesis(genesisTextOf(genesis), definitions).problems).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("are refused a second time, unless their coins are to be added to", () => {
    const coins = [{ denom: "uopen", amount: 5n }];
    const once = addAccount(fresh(), address(1), coins);
    expect(() => addAccount(once, address(1), coins)).toThrow(DuplicateAccountError);
    const twice = addAccount(once, address(1), [{ denom: "ushare", amount: 2n }, ...coins].reverse(), true);
    expect(bankOf(twice).balances[0]!.coins).toEqual([
      { denom: "uopen", amount: "10" },
      { denom: "ushare", amount: "2" },
    ]);
    expect(addressesOf(twice)).toHaveLength(1);
  });

  test("of another prefix than the first are refused", () => {
    const once = addAccount(fresh(), address(1), []);
    const foreign = new AddressCodec("cosmos").account(new Uint8Array(20).fill(9));
    expect(() => addAccount(once, foreign, [])).toThrow("has the prefix cosmos, the genesis accounts have trib");
  });
});

describe("accounts that are more than an address", () => {
  const coins = [{ denom: "uopen", amount: 1_000n }];
  const time = 1_700_000_000n;
  const vesting = { amount: [{ denom: "uopen", amount: 800n }], start: time, end: time + 100n };

  test("vest evenly between two times, or all at the end, and are members as simd writes them", () => {
    const both = addAccount(addAccount(fresh(), address(1), coins, false, { vesting }), address(2), coins, false, {
      vesting: { ...vesting, start: 0n },
    });
    const { accounts } = both.app_state.auth as unknown as { readonly accounts: readonly JsonValue[] };
    const base_vesting_account = (index: number, number: string) => ({
      base_account: { address: address(index), pub_key: null, account_number: number, sequence: "0" },
      original_vesting: [{ denom: "uopen", amount: "800" }],
      delegated_free: [],
      delegated_vesting: [],
      end_time: "1700000100",
    });
    expect(accounts).toEqual([
      {
        "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount",
        base_vesting_account: base_vesting_account(1, "0"),
        start_time: "1700000000",
      },
      {
        "@type": "/cosmos.vesting.v1beta1.DelayedVestingAccount",
        base_vesting_account: base_vesting_account(2, "1"),
      },
    ]);
    expect(validateGenesis(genesisTextOf(both), definitions).problems).toEqual([]);

    const chain = ChainHarness.genesis({ wholeAppState: both.app_state, time: { seconds: time, nanos: 0 } });
    chain.block([], { nanoseconds: 25_000_000_000n });
    const spendable = (index: number) =>
      chain.query(
        "/cosmos.bank.v1beta1.Query/SpendableBalances",
        ["cosmos.bank.v1beta1.QuerySpendableBalancesRequest", { address: address(index) }],
        "cosmos.bank.v1beta1.QuerySpendableBalancesResponse",
      ).balances;
    // A quarter of the time has passed: 200 of 800 are free beside the 200 that never vested.
    expect(spendable(1)).toEqual([{ denom: "uopen", amount: "400" }]);
    expect(spendable(2)).toEqual([{ denom: "uopen", amount: "200" }]);
    chain.block([], { nanoseconds: 75_000_000_000n });
    expect([spendable(1), spendable(2)]).toEqual([1, 2].map(() => [{ denom: "uopen", amount: "1000" }]));
  });

  test("keep their kind when their coins are added to", () => {
    const once = addAccount(fresh(), address(1), coins, false, { vesting });
    const twice = addAccount(once, address(1), coins, true);
    expect(twice.app_state.auth).toEqual(once.app_state.auth);
  });

  test("of a module stand at its address, with the permissions simd gives", () => {
    // sha256("stakers")[:20], x/auth/types NewModuleAddress.
    const bytes = createHash("sha256").update("stakers").digest().subarray(0, 20);
    const genesis = addAccount(fresh(), codec.account(bytes), coins, false, { module: "stakers" });
    expect(genesis.app_state.auth).toMatchObject({
      accounts: [
        {
          "@type": "/cosmos.auth.v1beta1.ModuleAccount",
          base_account: { address: codec.account(bytes), account_number: "0" },
          name: "stakers",
          permissions: ["burner", "minter"],
        },
      ],
    });
    expect(validateGenesis(genesisTextOf(genesis), definitions).problems).toEqual([]);
    expect(() => addAccount(fresh(), address(1), coins, false, { module: "stakers" })).toThrow(
      "is not the address of module stakers",
    );
  });

  test("are refused when their parts do not fit", () => {
    const refused = (changes: object) => () =>
      addAccount(fresh(), address(1), coins, false, { vesting: { ...vesting, ...changes } });
    const more = [{ denom: "uopen", amount: 1_001n }];
    expect(refused({ amount: more })).toThrow("vesting amount cannot be greater than total amount: 1001uopen of 1000");
    expect(refused({ end: 0n })).toThrow("invalid vesting parameters; must supply start and end time or end time");
    expect(refused({ start: time + 100n })).toThrow("the vesting start time 1700000100 is not before the end time");
    expect(() => addAccount(fresh(), address(1), coins, false, { vesting, module: "stakers" })).toThrow(
      "the account of a module does not vest",
    );
  });
});
