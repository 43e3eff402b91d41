/**
 * Minting: the arithmetic against the tables of the SDK's own tests (x/mint/types/minter_test.go), and a chain whose supply is its genesis and what
 * its blocks say they minted.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { blockProvision, nextInflation } from "../../../modules/mint/inflation.ts";
import { mint } from "../../../modules/mint/module.ts";
import { DEFAULT_PARAMS, state } from "../../../modules/mint/state.ts";
import { utf8Text } from "../../../proto/bytes.ts";
import type { JsonValue } from "../../../proto/json.ts";
import type { ChainHarness } from "../../support/chain-harness.ts";
import { handlerContext } from "../../support/handler-context.ts";
import { createValidator, newChain, stake } from "../../support/staking-chain.ts";

const dec = (text: string): Dec => Dec.parse(text);
const BLOCKS_PER_YEAR = (60n * 60n * 8766n) / 5n;

describe("inflation", () => {
  const perBlock = (yearly: Dec): Dec => yearly.quo(Dec.fromInt(BLOCKS_PER_YEAR));
  const toward = (bonded: string): Dec => perBlock(Dec.one.sub(dec(bonded).quo(dec("0.67"))).mul(dec("0.13")));
  test.each([
    ["nothing bonded: it rises by all that a year allows", "0", "0.07", perBlock(dec("0.13"))],
    ["everything bonded: it falls", "1", "0.2", toward("1")],
    ["half bonded: it rises a little", "0.5", "0.1", toward("0.5")],
    ["it stops at the minimum", "1", "0.07", Dec.zero],
    ["it falls to the minimum and no further", "1", "0.0700000001", dec("-0.0000000001")],
    ["it stops at the maximum", "0", "0.2", Dec.zero],
    ["it rises to the maximum and no further", "0", "0.1999999999", dec("0.0000000001")],
    ["it stays at the goal", "0.67", "0.15", Dec.zero],
  ])("%s", (_, bonded, before, change) => {
    const after = nextInflation(dec(before), DEFAULT_PARAMS, dec(bonded));
    expect(after.sub(dec(before)).toString()).toBe(change.toString());
  });

  test.each([
    [BLOCKS_PER_YEAR, 1n],
    [BLOCKS_PER_YEAR + 1n, 1n],
    [BLOCKS_PER_YEAR * 2n, 2n],
    [BLOCKS_PER_YEAR / 2n, 0n],
  ])("a year of %i mints %i in a block", (year, block) => {
    expect(blockProvision(Dec.fromInt(year), DEFAULT_PARAMS)).toBe(block);
  });
});

/** A mint whose figures can be followed by hand: 100 blocks a year, inflation 10 % and unmoved. */
const steady = {
  minter: { inflation: "0.100000000000000000", annual_provisions: "0.000000000000000000" },
  params: {
    mint_denom: "uopen",
    inflation_rate_change: "0.000000000000000000",
    inflation_max: "0.200000000000000000",
    inflation_min: "0.070000000000000000",
    goal_bonded: "0.670000000000000000",
    blocks_per_year: "100",
  },
};

function supplyOf(chain: ChainHarness): bigint {
  const { amount } = chain.query(
    "/cosmos.bank.v1beta1.Query/SupplyOf",
    ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
    "cosmos.bank.v1beta1.QuerySupplyOfResponse",
  );
  return BigInt(amount?.amount ?? "0");
}

function mintEvents(chain: ChainHarness) {
  return chain
    .lastBlock!.events.filter(({ attributes }) => attributes.some(({ value }) => value === "BeginBlock"))
    .map(({ type, attributes }) => [
      type,
      Object.fromEntries(attributes.filter(({ key }) => key !== "mode").map(({ key, value }) => [key, value])),
    ]);
}

const collector = (chain: ChainHarness): string => chain.addresses.account(moduleAddress("fee_collector"));

describe("a chain that mints", () => {
  test("makes each block's share of the year and hands it on, and says so", () => {
    const chain = newChain({ mint: steady });
    // newChain gives four accounts 10^9 each and makes one block: a tenth of a hundredth of 4 · 10^9.
    const first = (4_000_000_000n * 10n) / 100n / 100n;
    expect(supplyOf(chain)).toBe(4_000_000_000n + first);
    // The next block reckons with what the first made.
    const second = (4_000_000_000n + first) / 1000n;
    chain.block([]);
    expect(supplyOf(chain)).toBe(4_000_000_000n + first + second);
    const minter = chain.addresses.account(moduleAddress("mint"));
    const amount = `${second}uopen`;
    expect(mintEvents(chain).slice(0, 7)).toEqual([
      ["coin_received", { receiver: minter, amount }],
      ["coinbase", { minter, amount }],
      ["coin_spent", { spender: minter, amount }],
      ["coin_received", { receiver: collector(chain), amount }],
      ["transfer", { recipient: collector(chain), sender: minter, amount }],
      ["message", { sender: minter }],
      [
        "mint",
        {
          bonded_ratio: "0.000000000000000000",
          inflation: "0.100000000000000000",
          annual_provisions: `${(4_000_000_000n + first) / 10n}.000000000000000000`,
          amount: second.toString(),
        },
      ],
    ]);
    chain.checkInvariants();
  });

  test("answers for its inflation, its year and its rules", () => {
    const chain = newChain({ mint: steady });
    const { inflation } = chain.query(
      "/cosmos.mint.v1beta1.Query/Inflation",
      ["cosmos.mint.v1beta1.QueryInflationRequest", {}],
      "cosmos.mint.v1beta1.QueryInflationResponse",
    );
    expect(Dec.fromWire(utf8Text(inflation)).toString()).toBe("0.100000000000000000");
    const { annualProvisions } = chain.query(
      "/cosmos.mint.v1beta1.Query/AnnualProvisions",
      ["cosmos.mint.v1beta1.QueryAnnualProvisionsRequest", {}],
      "cosmos.mint.v1beta1.QueryAnnualProvisionsResponse",
    );
    expect(Dec.fromWire(utf8Text(annualProvisions)).truncateInt()).toBe(4_000_000_000n / 10n);
    const { params } = chain.query(
      "/cosmos.mint.v1beta1.Query/Params",
      ["cosmos.mint.v1beta1.QueryParamsRequest", {}],
      "cosmos.mint.v1beta1.QueryParamsResponse",
    );
    expect(params).toMatchObject({ mintDenom: "uopen", blocksPerYear: 100n, goalBonded: dec("0.67").toWire() });
  });

  test("moves inflation by what is bonded", () => {
    const moving = { ...steady, params: { ...steady.params, inflation_rate_change: "0.130000000000000000" } };
    const chain = newChain({ mint: moving });
    const before = mintEvents(chain).find(([type]) => type === "mint")![1] as { inflation: string };
    // (1 − 0 / 0.67) · 0.13 / 100 = 0.0013
    expect(before.inflation).toBe("0.101300000000000000");
    chain.runOk("val1", createValidator(chain, "val1", "1000000000"));
    const supply = supplyOf(chain);
    chain.block([]);
    const after = mintEvents(chain).find(([type]) => type === "mint")![1] as { [name: string]: string };
    expect(after.bonded_ratio).toBe(Dec.fromInt(1_000_000_000n).quoInt(supply).toString());
  });

  test("exports what it was given", () => {
    const chain = newChain({ mint: { ...steady, params: { ...steady.params, mint_denom: "unew" } } });
    const { params, minter } = chain.application.exportGenesis().mint as typeof steady;
    expect(params).toEqual({ ...steady.params, mint_denom: "unew" });
    expect(minter).toEqual({ inflation: steady.minter.inflation, annual_provisions: "400000000.000000000000000000" });
    expect(chain.balance(collector(chain), "unew")).toBe(4_000_000n);
  });

  test("loses and invents nothing, over random stakes and rules", () => {
    const rates = fc.record({
      max: fc.nat(100),
      change: fc.nat(100),
      start: fc.nat(100),
      year: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 1, max: 400_000_000 }), { maxLength: 4 }), (rule, stakes) => {
        const share = (percent: number): string => Dec.withPlaces(BigInt(percent), 2).toString();
        const genesis: JsonValue = {
          minter: { inflation: share(Math.min(rule.start, rule.max)), annual_provisions: "0.000000000000000000" },
          params: {
            ...steady.params,
            inflation_max: share(rule.max),
            inflation_min: share(0),
            inflation_rate_change: share(rule.change),
            blocks_per_year: rule.year.toString(),
          },
        };
        const chain = newChain({ mint: genesis });
        let expected = 4_000_000_000n;
        const account = (): void => {
          const told = mintEvents(chain).find(([type]) => type === "mint")![1] as { amount: string };
          expected += BigInt(told.amount);
          expect(supplyOf(chain)).toBe(expected);
        };
        account();
        chain.runOk("val1", createValidator(chain, "val1", "5000000"));
        account();
        for (const amount of stakes) {
          chain.run("alice", stake(chain, "Delegate", "alice", "val1", amount.toString()));
          account();
        }
        chain.checkInvariants();
      }),
      { numRuns: process.env.TRIBUTARY_FULL === "1" ? 200 : 8 },
    );
  });
});

describe("the rules of minting", () => {
  const route = mint.create({} as never).messages.find(({ typeUrl }) => typeUrl.endsWith("MsgUpdateParams"))!;

  test("are changed by the gov module's account", () => {
    const ctx = handlerContext();
    route.handle(ctx, {
      authority: ctx.addresses.account(moduleAddress("gov")),
      params: { ...DEFAULT_PARAMS, blocksPerYear: 7n },
    });
    expect(state.params.get(ctx)).toEqual({ ...DEFAULT_PARAMS, blocksPerYear: 7n });
  });

  test("are changed by nobody else", () => {
    const chain = newChain();
    const alice = chain.address("alice");
    const result = chain.run("alice", [
      "cosmos.mint.v1beta1.MsgUpdateParams",
      { authority: alice, params: DEFAULT_PARAMS },
    ]);
    expect(result).toMatchObject({ codespace: "gov", code: 13 });
    const gov = chain.addresses.account(moduleAddress("gov"));
    expect(result.log).toBe(
      `failed to execute message; message index: 0: invalid authority; expected ${gov}, got ${alice}: expected gov account as only signer for proposal message`,
    );
  });

  // Sentences of x/mint/types/params.go.
  test.each([
    [{ mintDenom: " " }, "mint denom cannot be blank"],
    [{ mintDenom: "1x" }, "invalid denom: 1x"],
    [{ inflationRateChange: "-1" }, "inflation rate change cannot be negative: -0.000000000000000001"],
    [{ inflationMax: dec("1.1").toWire() }, "max inflation too large: 1.100000000000000000"],
    [{ inflationMin: "-1" }, "min inflation cannot be negative: -0.000000000000000001"],
    [{ goalBonded: "0" }, "goal bonded must be positive: 0.000000000000000000"],
    [{ goalBonded: "" }, "goal bonded cannot be nil: <nil>"],
    [{ blocksPerYear: 0n }, "blocks per year must be positive: 0"],
    [
      { inflationMin: dec("0.3").toWire() },
      "max inflation (0.200000000000000000) must be greater than or equal to min inflation (0.300000000000000000)",
    ],
  ])("%o are refused", (change, words) => {
    const ctx = handlerContext();
    const message = {
      authority: ctx.addresses.account(moduleAddress("gov")),
      params: { ...DEFAULT_PARAMS, ...change },
    };
    expect(() => route.handle(ctx, message)).toThrow(words);
    expect(state.params.get(ctx)).toBeUndefined();
  });
});
