// A genesis is checked before a chain trusts it: the SDK's own documents pass, and every kind of damage is named by its
// place in the file.
import { describe, expect, test } from "vitest";
import { toAppGenesis } from "../../genesis/app-genesis.ts";
import { type GenesisProblem, validateGenesis } from "../../genesis/validate.ts";
import { definitions } from "../../modules/app.ts";
import { genesisTextOf } from "../support/genesis-text.ts";
import { describeVectors, vector } from "../vectors/vectors.ts";

type Json = { [key: string]: unknown };

/** The document with one place changed; `change` gets the object that holds the last name of the path. */
function changed(document: Json, path: string, value: unknown): Json {
  const copy = structuredClone(document);
  const names = path.split(".");
  let holder = copy as Json;
  for (const name of names.slice(0, -1)) holder = holder[name] as Json;
  const last = names.at(-1)!;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

const problemsOf = (document: unknown): readonly GenesisProblem[] =>
  validateGenesis(genesisTextOf(document), definitions).problems;

describeVectors("genesis documents the Go programs wrote", () => {
  const simapp53 = vector<Json>("genesis/simapp53-genesis.json");

  test("simapp 0.53's passes, and modules this chain lacks are reported and ignored", () => {
    const { problems, notices } = validateGenesis(genesisTextOf(simapp53), definitions);
    expect(problems).toEqual([]);
    expect(notices).toContain("app_state.epochs is ignored: this application has no module epochs");
    expect(notices.some((notice) => notice.includes("app_state.upgrade"))).toBe(false);
  });

  test("simapp 0.50's passes", () => {
    expect(problemsOf(vector("genesis/simapp50-genesis.json"))).toEqual([]);
  });

  test("the two forms of one genesis become one", () => {
    const app = toAppGenesis(vector("genesis/sdk-app_genesis.json"));
    const comet = toAppGenesis(vector("genesis/sdk-cmt_genesis.json"));
    expect(comet.app_state).toEqual(app.app_state);
    expect(comet.initial_height).toBe(app.initial_height);
    expect(comet.chain_id).toBe(app.chain_id);
    // The CometBFT form is older than the abci parameters.
    expect(app.consensus.params).toMatchObject(comet.consensus.params as object);
  });

  const staking = "app_state.staking.params";
  test.each([
    ["chain_id", "", "chain_id", /non-empty chain_id/],
    ["chain_id", "x".repeat(51), "chain_id", /too long/],
    ["initial_height", -3, "initial_height", /negative/],
    ["genesis_time", "yesterday", "genesis_time", /./],
    ["consensus.params.block.max_bytes", "0", "consensus.params", /block\.MaxBytes/i],
    ["consensus.params.block.max_gas", "many", "consensus.params", /max_gas/],
    ["consensus.params.evidence.max_age_duration", "-5", "consensus.params", /duration/i],
    ["app_state.auth.params.tx_sig_limit", "0", "app_state.auth", /./],
    ["app_state.auth.params.tx_sig_limit", {}, "app_state.auth.params.tx_sig_limit", /expected an integer/],
    ["app_state.auth.surplus", 1, "app_state.auth", /unknown field "surplus"/],
    ["app_state.bank.supply", [{ denom: "ucosm", amount: "1" }], "app_state.bank", /supply|sum/i],
    ["app_state.bank.params", "none", "app_state.bank.params", /expected an object/],
    [`${staking}.bond_denom`, "", "app_state.staking", /./],
    [`${staking}.max_validators`, 0, "app_state.staking", /./],
    [`${staking}.unbonding_time`, "soon", `${staking}.unbonding_time`, /./],
    ["app_state.genutil.gen_txs", [{ body: {} }], "app_state.genutil", /./],
  ])("%s = %j is refused, naming the place", (path, value, place, message) => {
    const [problem] = problemsOf(changed(simapp53, path, value));
    expect(problem?.path).toMatch(new RegExp(`^${place.replaceAll(".", "\\.")}`));
    expect(problem?.message).toMatch(message);
  });

  test("a gentx that delegates more than its account has is refused", () => {
    const poor = structuredClone(simapp53) as {
      app_state: {
        bank: { balances: { address: string; coins: { denom: string; amount: string }[] }[]; supply: unknown[] };
      };
    };
    const { balances } = poor.app_state.bank;
    const index = balances.findIndex((balance) => balance.address === "cosmos12nt2hqjps8r065wc02qks88tvqzdeua0ld3jxy");
    balances[index]!.coins = [{ denom: "ustake", amount: "2" }];
    poor.app_state.bank.supply = [];
    const [problem] = problemsOf(poor);
    expect(problem).toMatchObject({
      path: "app_state.genutil.gen_txs[0]",
      message: "delegates 3000000ustake, and cosmos12nt2hqjps8r065wc02qks88tvqzdeua0ld3jxy has 2ustake",
    });
  });

  test("accounts of two prefixes are refused", () => {
    const mixed = structuredClone(simapp53) as { app_state: { auth: { accounts: { address: string }[] } } };
    mixed.app_state.auth.accounts[1]!.address = "trib1qel04ttpsjwqyy7fusq7cjgzqxfl8a6ea75ydk";
    expect(problemsOf(mixed).some((problem) => /prefix/.test(problem.message))).toBe(true);
  });
});

describe("what is no genesis at all", () => {
  test.each([[null], [[]], ["text"], [{ app_state: [] }], [{}]])("%j is refused", (document) => {
    expect(problemsOf(document).length).toBeGreaterThan(0);
  });
});
