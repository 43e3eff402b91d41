// Building a genesis: default states, accounts with balances, and their sums.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressCodec } from "../../chain/types/address.ts";
import { type AppGenesis, genesisText } from "../../genesis/app-genesis.ts";
import { accountAddresses, addAccount, DuplicateAccountError, newGenesis } from "../../genesis/build.ts";
import { validateGenesis } from "../../genesis/validate.ts";
import { definitions } from "../../modules/app.ts";

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
const bankOf = (genesis: AppGenesis): Bank => genesis.app_state.bank as unknown as Bank;

describe("a new genesis", () => {
  test("holds together, and says that it lacks a validator", () => {
    const { problems, notices } = validateGenesis(fresh(), definitions);
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
          expect(accountAddresses(genesis)).toEqual(accounts.map(([index]) => address(index)));
          const { balances, supply } = bankOf(genesis);
          expect(balances.map((balance) => balance.address)).toEqual(
            [...accounts]
              .map(([index]) => index)
              .sort((a, b) => a - b)
              .map(address),
          );
          const total = accounts.reduce((sum, [, amount]) => sum + amount, 0n);
          expect(supply).toEqual(total === 0n ? [] : [{ denom: "uopen", amount: total.toString() }]);
          expect(validateGenesis(genesis, definitions).problems).toEqual([]);
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
    expect(accountAddresses(twice)).toHaveLength(1);
  });

  test("of another prefix than the first are refused", () => {
    const once = addAccount(fresh(), address(1), []);
    const foreign = new AddressCodec("cosmos").account(new Uint8Array(20).fill(9));
    expect(() => addAccount(once, foreign, [])).toThrow("has the prefix cosmos, the genesis accounts have trib");
  });
});
