// Bank's queries over one chain whose numbers are written out. Order, forms and statuses are those of the SDK (x/bank/keeper/grpc_query.go, 0.53):
// denominations by their bytes, owners by their addresses' bytes, and metadata and exceptions as genesis names them.
import { describe, expect, test } from "vitest";
import { equalBytes, hex } from "../../../proto/bytes.ts";
import { encode, type MessageInput } from "../../../proto/codec.ts";
import type { MessageName, Messages } from "../../../proto/types.gen.ts";
import { accountOf, ChainHarness } from "../../support/chain-harness.ts";

type QueryName =
  | "Balance"
  | "AllBalances"
  | "SpendableBalances"
  | "SpendableBalanceByDenom"
  | "TotalSupply"
  | "SupplyOf"
  | "Params"
  | "DenomsMetadata"
  | "DenomMetadata"
  | "DenomMetadataByQueryString"
  | "DenomOwners"
  | "DenomOwnersByQuery"
  | "SendEnabled";
type RequestName<Name extends QueryName> = `cosmos.bank.v1beta1.Query${Name}Request` & MessageName;
type ResponseName<Name extends QueryName> = `cosmos.bank.v1beta1.Query${Name}Response` & MessageName;

const unit = (denom: string, exponent: number) => ({ denom, exponent, aliases: [] });
const metadata = {
  description: "what the chain is paid in",
  denom_units: [unit("uopen", 0), unit("open", 6)],
  base: "uopen",
  display: "open",
  name: "Open",
  symbol: "OPEN",
  uri: "",
  uri_hash: "",
};
const chain = ChainHarness.start({
  balances: { alice: "1000uopen,7pool/9", bob: "30uopen", carol: "5pool/9" },
  appState: {
    bank: {
      denom_metadata: [metadata],
      send_enabled: [
        { denom: "pool/9", enabled: false },
        { denom: "uopen", enabled: true },
      ],
    },
  },
});
const alice = chain.address("alice");

const requestOf = <Name extends QueryName>(name: Name) =>
  `cosmos.bank.v1beta1.Query${name}Request` as RequestName<Name>;

function ask<Name extends QueryName>(
  name: Name,
  request: MessageInput<RequestName<Name>>,
): Messages[ResponseName<Name>] {
  return chain.query(
    `/cosmos.bank.v1beta1.Query/${name}`,
    [requestOf(name), request],
    `cosmos.bank.v1beta1.Query${name}Response` as ResponseName<Name>,
  );
}

function refusal<Name extends QueryName>(name: Name, request: MessageInput<RequestName<Name>>) {
  const { codespace, code, log } = chain.abciQuery(
    `/cosmos.bank.v1beta1.Query/${name}`,
    encode(requestOf(name), request),
  );
  return `${codespace}/${code} ${log}`;
}

const coin = (denom: string, amount: string) => ({ denom, amount });
const NO_KEY = new Uint8Array(0);
const whole = (total: bigint) => ({ nextKey: NO_KEY, total });

describe("balances", () => {
  test("of one denomination, and none of what is not held", () => {
    expect(ask("Balance", { address: alice, denom: "uopen" })).toEqual({ balance: coin("uopen", "1000") });
    expect(ask("Balance", { address: alice, denom: "other" })).toEqual({ balance: coin("other", "0") });
    expect(ask("SpendableBalanceByDenom", { address: alice, denom: "pool/9" })).toEqual({
      balance: coin("pool/9", "7"),
    });
  });

  test("of all, by their bases or, where asked for, by what people call them", () => {
    const { balances, pagination } = ask("AllBalances", { address: alice });
    expect(balances).toEqual([coin("pool/9", "7"), coin("uopen", "1000")]);
    expect(pagination).toEqual(whole(2n));
    expect(ask("AllBalances", { address: alice, resolveDenom: true }).balances).toEqual([
      coin("pool/9", "7"),
      coin("open", "1000"),
    ]);
    expect(ask("SpendableBalances", { address: alice }).balances).toEqual(balances);
    expect(ask("AllBalances", { address: chain.address("dave") }).balances).toEqual([]);
  });
});

describe("the supply", () => {
  test("is what everybody has together", () => {
    const supply = [coin("pool/9", `${7 + 5}`), coin("uopen", `${1000 + 30}`)];
    expect(ask("TotalSupply", {}).supply).toEqual(supply);
    const page = ask("TotalSupply", { pagination: { limit: 1n, countTotal: true } });
    expect(page.supply).toEqual(supply.slice(0, 1));
    expect(page.pagination?.total).toBe(2n);
    const next = ask("TotalSupply", { pagination: { key: page.pagination?.nextKey ?? NO_KEY, limit: 1n } });
    expect(next.supply).toEqual(supply.slice(1));
    expect(ask("SupplyOf", { denom: "uopen" })).toEqual({ amount: supply[1] });
    expect(ask("SupplyOf", { denom: "none" })).toEqual({ amount: coin("none", "0") });
  });
});

describe("what coins are called", () => {
  const read = {
    description: metadata.description,
    denomUnits: metadata.denom_units,
    base: "uopen",
    display: "open",
    name: "Open",
    symbol: "OPEN",
    uri: "",
    uriHash: "",
  };

  test("is told of all, and of one by both ways to ask", () => {
    expect(ask("DenomsMetadata", {})).toEqual({ metadatas: [read], pagination: whole(1n) });
    expect(ask("DenomMetadata", { denom: "uopen" })).toEqual({ metadata: read });
    expect(ask("DenomMetadataByQueryString", { denom: "uopen" })).toEqual({ metadata: read });
  });

  test("is not there for a denomination without metadata", () => {
    for (const name of ["DenomMetadata", "DenomMetadataByQueryString"] as const) {
      expect(refusal(name, { denom: "pool/9" })).toBe(
        "sdk/22 rpc error: code = NotFound desc = client metadata for denom pool/9: key not found",
      );
    }
  });
});

describe("the owners of a denomination", () => {
  const owners = [
    { name: "alice", amount: "7" },
    { name: "carol", amount: "5" },
  ].sort((a, b) => (hex(accountOf(a.name).bytes) < hex(accountOf(b.name).bytes) ? -1 : 1));
  const expected = owners.map(({ name, amount }) => ({
    address: chain.address(name),
    balance: coin("pool/9", amount),
  }));

  test("are listed in the order of their addresses, by both ways to ask", () => {
    for (const name of ["DenomOwners", "DenomOwnersByQuery"] as const) {
      expect(ask(name, { denom: "pool/9" })).toEqual({ denomOwners: expected, pagination: whole(2n) });
    }
  });

  test("come in pages", () => {
    const page = ask("DenomOwnersByQuery", { denom: "pool/9", pagination: { limit: 1n } });
    expect(page.denomOwners).toEqual(expected.slice(0, 1));
    // The SDK's next key is the rest of the index's key: the address of the next owner.
    const next = page.pagination?.nextKey ?? NO_KEY;
    expect(equalBytes(next.slice(-20), accountOf(owners[1]?.name ?? "").bytes)).toBe(true);
    expect(ask("DenomOwnersByQuery", { denom: "pool/9", pagination: { key: next } }).denomOwners).toEqual(
      expected.slice(1),
    );
  });
});

describe("what may be sent", () => {
  const [closed, open] = [
    { denom: "pool/9", enabled: false },
    { denom: "uopen", enabled: true },
  ];

  test("is told of all that is named, or of some; what is not named is left out", () => {
    expect(ask("SendEnabled", {})).toEqual({ sendEnabled: [closed, open], pagination: whole(2n) });
    expect(ask("SendEnabled", { denoms: ["uopen", "other", "pool/9"] })).toEqual({
      sendEnabled: [open, closed],
      pagination: undefined,
    });
    expect(ask("Params", {})).toEqual({ params: { sendEnabled: [], defaultSendEnabled: true } });
  });
});

test("a denomination and an address that are none are refused with the SDK's words", () => {
  const denom = "1?";
  const words = `sdk/18 rpc error: code = InvalidArgument desc = invalid denom: ${denom}: invalid request`;
  for (const name of ["SupplyOf", "DenomMetadata", "DenomMetadataByQueryString", "DenomOwners"] as const) {
    expect(refusal(name, { denom })).toBe(words);
  }
  expect(refusal("DenomOwnersByQuery", { denom })).toBe(words);
  expect(refusal("Balance", { address: alice, denom })).toBe(words);
  expect(refusal("SpendableBalanceByDenom", { address: alice, denom })).toBe(words);
  for (const name of ["AllBalances", "SpendableBalances"] as const) {
    expect(refusal(name, { address: "nobody" })).toMatch(
      /^sdk\/18 rpc error: code = InvalidArgument desc = invalid address: /,
    );
  }
});
