// The old way to ask for single parameters. Expected values are the SDK's defaults in the JSON its params store held (x/staking/types/params.go,
// x/auth/types/params.go): durations are nanoseconds in quotes, uint32 plain numbers, uint64 numbers in quotes.
import { expect, test } from "vitest";
import { ChainHarness } from "../../support/chain-harness.ts";

const chain = ChainHarness.start({ balances: { alice: "1uopen" } });
const ask = (subspace: string, key: string) =>
  chain.query(
    "/cosmos.params.v1beta1.Query/Params",
    ["cosmos.params.v1beta1.QueryParamsRequest", { subspace, key }],
    "cosmos.params.v1beta1.QueryParamsResponse",
  ).param;

test("a parameter is found by its module's name and its old key", () => {
  expect(ask("staking", "MaxValidators")).toEqual({ subspace: "staking", key: "MaxValidators", value: "100" });
  expect(ask("staking", "BondDenom").value).toBe('"uopen"');
  // Three weeks.
  expect(ask("staking", "UnbondingTime").value).toBe(`"${21n * 86_400n * 1_000_000_000n}"`);
  expect(ask("auth", "TxSigLimit").value).toBe('"7"');
  expect(ask("auth", "SigVerifyCostED25519").value).toBe('"590"');
  expect(ask("bank", "DefaultSendEnabled").value).toBe("true");
  expect(ask("gov", "BurnVoteQuorum").value).toBe("false");
});

test("a key that is not there is empty, and a module that is not there is refused", () => {
  expect(ask("staking", "Nothing").value).toBe("");
  expect(() => ask("nothing", "MaxValidators")).toThrow("nothing: unknown subspace");
  expect(() => ask("", "x")).toThrow("invalid request");
});

test("the modules and their keys can be listed", () => {
  const { subspaces } = chain.query(
    "/cosmos.params.v1beta1.Query/Subspaces",
    ["cosmos.params.v1beta1.QuerySubspacesRequest", {}],
    "cosmos.params.v1beta1.QuerySubspacesResponse",
  );
  const byName = new Map(subspaces.map(({ subspace, keys }) => [subspace, keys]));
  expect(byName.get("staking")).toEqual([
    "UnbondingTime",
    "MaxValidators",
    "MaxEntries",
    "HistoricalEntries",
    "BondDenom",
    "MinCommissionRate",
  ]);
  expect(byName.has("params")).toBe(false);
});
