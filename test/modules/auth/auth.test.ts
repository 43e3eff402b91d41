// Accounts through the whole application: their numbers, what genesis makes of them, and the queries of the service.
// Layout bytes and texts are the SDK's (x/auth, 0.53), written out here.

import { BaseAccount, ModuleAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { ContinuousVestingAccount } from "cosmjs-types/cosmos/vesting/v1beta1/vesting";
import { Any } from "cosmjs-types/google/protobuf/any";
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { concat, hex, utf8 } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { accountOf, ChainHarness } from "../../support/chain-harness.ts";

const QUERY = "/cosmos.auth.v1beta1.Query";

function baseOf(chain: ChainHarness, name: string) {
  return chain.query(
    `${QUERY}/AccountInfo`,
    ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: chain.address(name) }],
    "cosmos.auth.v1beta1.QueryAccountInfoResponse",
  ).info;
}

function pay(chain: ChainHarness, from: string, to: string, amount = "1") {
  const coins = [{ denom: "uopen", amount }];
  return chain.runOk(from, [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address(from), toAddress: chain.address(to), amount: coins },
  ]);
}

describe("accounts", () => {
  test("are numbered in the order in which they come into being", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen", bob: "5uopen" } });
    const first = baseOf(chain, "alice")!.accountNumber;
    pay(chain, "alice", "carol");
    pay(chain, "alice", "dave");
    const numbers = ["carol", "dave"].map((name) => baseOf(chain, name)!.accountNumber);
    expect(numbers[1]! - numbers[0]!).toBe(1n);
    expect(first).toBe(0n);
    expect(numbers[0]).toBeGreaterThan(baseOf(chain, "bob")!.accountNumber);
  });

  test("learn their key from their first transaction and keep it", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen" } });
    expect(baseOf(chain, "alice")?.pubKey).toBeUndefined();
    pay(chain, "alice", "bob");
    const base = baseOf(chain, "alice")!;
    expect([base.sequence, base.pubKey?.typeUrl]).toEqual([1n, "/cosmos.crypto.secp256k1.PubKey"]);
    expect(hex(base.pubKey!.value.slice(2))).toBe(hex(accountOf("alice").publicKey));
  });

  test("stand in the store as the SDK's bytes: an Any under 01 and the address", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen" } });
    const key = concat(Uint8Array.of(1), accountOf("alice").bytes);
    const { value } = chain.abciQuery("/store/acc/key", key);
    const any = Any.decode(value);
    expect(any.typeUrl).toBe("/cosmos.auth.v1beta1.BaseAccount");
    const account = BaseAccount.decode(any.value);
    expect([account.address, account.accountNumber]).toEqual([chain.address("alice"), 0n]);
    const byNumber = concat(utf8("accountNumber"), new Uint8Array(8));
    expect(hex(chain.abciQuery("/store/acc/key", byNumber).value)).toBe(hex(accountOf("alice").bytes));
  });
});

describe("genesis", () => {
  const base = (chain: ChainHarness, name: string, number: string) => ({
    "@type": "/cosmos.auth.v1beta1.BaseAccount",
    address: chain.address(name),
    pub_key: null,
    account_number: number,
    sequence: "3",
  });

  test("keeps numbers, gives duplicates the lowest free ones, and goes on after the highest", () => {
    const names = ChainHarness.genesis();
    const accounts = [base(names, "alice", "4"), base(names, "bob", "4"), base(names, "carol", "0")];
    const coins = [{ denom: "uopen", amount: "9" }];
    const chain = ChainHarness.start({
      appState: { auth: { accounts }, bank: { balances: [{ address: names.address("alice"), coins }] } },
    });
    expect(["alice", "bob", "carol"].map((name) => baseOf(chain, name)?.accountNumber)).toEqual([4n, 1n, 0n]);
    expect(baseOf(chain, "alice")?.sequence).toBe(3n);
    pay(chain, "alice", "dave");
    expect(baseOf(chain, "dave")!.accountNumber).toBeGreaterThan(4n);
  });

  test("keeps vesting accounts what they were when they pay with what is free", () => {
    const names = ChainHarness.genesis();
    const coins = [{ denom: "uopen", amount: "100" }];
    const vesting = {
      "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount",
      base_vesting_account: {
        base_account: { ...base(names, "alice", "0"), "@type": undefined, sequence: "0" },
        original_vesting: coins,
        delegated_free: [],
        delegated_vesting: [],
        end_time: "9999999999",
      },
      start_time: "1",
    };
    const chain = ChainHarness.start({
      appState: {
        auth: { accounts: [JSON.parse(JSON.stringify(vesting))] },
        bank: { balances: [{ address: names.address("alice"), coins: [{ denom: "uopen", amount: "160" }] }] },
      },
    });
    pay(chain, "alice", "bob", "60");
    const { account } = chain.query(
      `${QUERY}/Account`,
      ["cosmos.auth.v1beta1.QueryAccountRequest", { address: chain.address("alice") }],
      "cosmos.auth.v1beta1.QueryAccountResponse",
    );
    expect(account?.typeUrl).toBe("/cosmos.vesting.v1beta1.ContinuousVestingAccount");
    const kept = ContinuousVestingAccount.decode(account!.value);
    expect(kept.baseVestingAccount?.endTime).toBe(9_999_999_999n);
    expect(kept.baseVestingAccount?.baseAccount?.sequence).toBe(1n);
  });

  test("refuses an address that stands twice", () => {
    const names = ChainHarness.genesis();
    const accounts = [base(names, "alice", "0"), base(names, "alice", "1")];
    expect(() => ChainHarness.genesis({ appState: { auth: { accounts } } })).toThrow(
      "duplicate account found in genesis state",
    );
  });
});

describe("queries", () => {
  test("find an address by its number, and refuse the old id", () => {
    const chain = ChainHarness.start({ balances: { alice: "1uopen" } });
    const ask = (accountId: bigint, id = 0n) =>
      chain.query(
        `${QUERY}/AccountAddressByID`,
        ["cosmos.auth.v1beta1.QueryAccountAddressByIDRequest", { accountId, id }],
        "cosmos.auth.v1beta1.QueryAccountAddressByIDResponse",
      );
    expect(ask(0n).accountAddress).toBe(chain.address("alice"));
    expect(() => ask(999n)).toThrow("account address not found with account number 999: key not found");
    expect(() => ask(0n, 5n)).toThrow("requesting with id isn't supported");
  });

  test("name module accounts and what they may do", () => {
    const chain = ChainHarness.start({ balances: { alice: "1uopen" } });
    const { account } = chain.query(
      `${QUERY}/ModuleAccountByName`,
      ["cosmos.auth.v1beta1.QueryModuleAccountByNameRequest", { name: "fee_collector" }],
      "cosmos.auth.v1beta1.QueryModuleAccountByNameResponse",
    );
    const module = ModuleAccount.decode(account!.value);
    expect([module.name, module.permissions]).toEqual(["fee_collector", []]);
    expect(module.baseAccount?.address).toBe(chain.addresses.account(moduleAddress("fee_collector")));
  });

  test("list all module accounts by name, each with what it may do", () => {
    const chain = ChainHarness.start({ balances: { alice: "1uopen" } });
    const { accounts } = chain.query(
      `${QUERY}/ModuleAccounts`,
      ["cosmos.auth.v1beta1.QueryModuleAccountsRequest", {}],
      "cosmos.auth.v1beta1.QueryModuleAccountsResponse",
    );
    const found = accounts.map(({ value }) => ModuleAccount.decode(value));
    // The names and permissions of simapp's maccPerms (0.53), beside this chain's own modules, sorted as the SDK sorts them.
    const names = found.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const cosmos = [
      ["bonded_tokens_pool", "burner", "staking"],
      ["distribution"],
      ["fee_collector"],
      ["gov", "burner"],
      ["mint", "minter"],
      ["not_bonded_tokens_pool", "burner", "staking"],
    ];
    const told = found.map(({ name, permissions }) => [name, ...permissions]);
    expect(told.filter(([name]) => cosmos.some(([known]) => known === name))).toEqual(cosmos);
    expect(names).toContain("tokenpool");
    expect(found.map(({ name, baseAccount }) => [name, baseAccount?.address])).toEqual(
      found.map(({ name }) => [name, chain.addresses.account(moduleAddress(name))]),
    );
    // Some have not been needed yet: they are shown with the numbers they would be given, as in the SDK, and nothing is written.
    const { accounts: stored } = chain.query(
      `${QUERY}/Accounts`,
      ["cosmos.auth.v1beta1.QueryAccountsRequest", {}],
      "cosmos.auth.v1beta1.QueryAccountsResponse",
    );
    const next = BigInt(stored.length);
    const isNew = (address: string) =>
      chain.abciQuery(`${QUERY}/Account`, encode("cosmos.auth.v1beta1.QueryAccountRequest", { address })).code !== 0;
    const numbers = found.flatMap(({ baseAccount }) =>
      baseAccount !== undefined && isNew(baseAccount.address) ? [baseAccount.accountNumber] : [],
    );
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => next + BigInt(index)));
    expect(() => baseOf(chain, "nobody")).toThrow("key not found");
  });

  test("turn addresses into bytes and back, and tell the prefix", () => {
    const chain = ChainHarness.start({ balances: { alice: "1uopen" } });
    const { bytes } = accountOf("alice");
    const text = chain.query(
      `${QUERY}/AddressBytesToString`,
      ["cosmos.auth.v1beta1.AddressBytesToStringRequest", { addressBytes: bytes }],
      "cosmos.auth.v1beta1.AddressBytesToStringResponse",
    ).addressString;
    expect(text).toBe(chain.address("alice"));
    const back = chain.query(
      `${QUERY}/AddressStringToBytes`,
      ["cosmos.auth.v1beta1.AddressStringToBytesRequest", { addressString: text }],
      "cosmos.auth.v1beta1.AddressStringToBytesResponse",
    ).addressBytes;
    expect(hex(back)).toBe(hex(bytes));
    const { bech32Prefix } = chain.query(
      `${QUERY}/Bech32Prefix`,
      ["cosmos.auth.v1beta1.Bech32PrefixRequest", {}],
      "cosmos.auth.v1beta1.Bech32PrefixResponse",
    );
    expect(bech32Prefix).toBe("trib");
  });

  test("page through all accounts", () => {
    const chain = ChainHarness.start({ balances: { alice: "1uopen", bob: "1uopen", carol: "1uopen" } });
    const { accounts, pagination } = chain.query(
      `${QUERY}/Accounts`,
      ["cosmos.auth.v1beta1.QueryAccountsRequest", { pagination: { limit: 2n, countTotal: true } }],
      "cosmos.auth.v1beta1.QueryAccountsResponse",
    );
    expect(accounts).toHaveLength(2);
    expect(pagination?.nextKey.length).toBeGreaterThan(0);
    expect(pagination?.total).toBeGreaterThanOrEqual(4n);
  });
});
