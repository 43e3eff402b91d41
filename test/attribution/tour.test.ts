/**
 * The integration test of the chain's main job: the tour over a real node and its RPC, by unmodified CosmJS. What the
 * tour checks itself throws; here its result is looked at, and its proof is checked once more with @confio/ics23.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iavlSpec, ics23, tendermintSpec, verifyMembership } from "@confio/ics23";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTour, seedAndPayOnce, type TourOptions, type TourResult, tourLines } from "../../attribution/tour.ts";
import { devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { openDevHome } from "../../cli/dev/home.ts";
import { tourAccounts } from "../../cli/dev/seed.ts";
import { homePaths } from "../../cli/home.ts";
import { nodeConfig } from "../../node/config.ts";
import { readHome } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import { type RunningNode, startNode } from "../../node/main.ts";
import { fromBase64, fromHex } from "../../proto/bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-test-tour-"));
const lines: string[] = [];
let node: RunningNode;
let result: TourResult;

function options(): TourOptions {
  return {
    rpcUrl: node.rpcUrl,
    prefix: "trib",
    gasPrice: "0.001uopen",
    accounts: tourAccounts(devAccounts(readDevPreset())),
    report: (line) => lines.push(line),
  };
}

beforeAll(async () => {
  await openDevHome(homePaths(folder), readDevPreset(), devAccounts(readDevPreset()), "tour");
  const config = nodeConfig({
    rpcAddress: "tcp://127.0.0.1:0",
    peerAddress: "",
    apiEnabled: false,
    timeoutCommitMs: 100,
  });
  node = await startNode({ ...readHome(folder), config, version: "0.0.0-test", log: silentLogger() });
  result = await runTour(options());
}, 240_000);

afterAll(async () => {
  await node?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the tour", () => {
  test("puts every Solidity file of the five packages on the chain, each under its contributor", () => {
    expect(result.contributions.map((one) => [one.name, one.package])).toEqual([
      ["dave", "@openzeppelin/contracts"],
      ["erin", "solady"],
      ["frank", "@uniswap/v2-core"],
      ["grace", "@uniswap/v3-core"],
      ["heidi", "@aave/core-v3"],
    ]);
    expect(result.contributions.reduce((sum, one) => sum + one.files, 0)).toBeGreaterThan(500);
    expect(result.model.lineage).toEqual([`1:${result.contributions.reduce((sum, one) => sum + one.files, 0)}`]);
  });

  test("has twenty answers, nearly all of whose tokens are found, settled and paid to the last unit", () => {
    expect(result.uses).toHaveLength(20);
    const { fees, ...parts } = result.totals;
    expect(BigInt(fees)).toBe(20n * 1_000_003n);
    expect(Object.values(parts).reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(fees));
    const shares = result.uses.flatMap((use) => use.shares);
    expect(shares.reduce((sum, share) => sum + BigInt(share.amount), 0n)).toBe(BigInt(parts.contributors));
    const [covered, all] = [
      result.uses.reduce((sum, use) => sum + use.coveredTokens, 0),
      result.uses.reduce((sum, use) => sum + use.outputTokens, 0),
    ];
    expect(covered).toBeGreaterThan(0.8 * all);
  });

  test("names files and lines for every payment, and says so", () => {
    for (const use of result.uses) {
      for (const share of use.shares) {
        const spans = use.lines.filter(({ record }) => record === share.record);
        expect(spans.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(share.tokens);
        for (const { firstLine, lastLine, file } of spans) {
          expect(firstLine).toBeGreaterThan(0);
          expect(lastLine).toBeGreaterThanOrEqual(firstLine);
          expect(file).toBe(share.file);
        }
      }
    }
    const text = tourLines(result).join("\n");
    expect(text).toMatch(/ {2}\d+uopen {2}dave {2}@openzeppelin\/contracts\/.+ {2}lines? \d/);
    expect(lines.length).toBeGreaterThan(15);
  });

  test("was refused where it had to be: a duplicate, a changed byte, a second claim", () => {
    const codes = [result.duplicate, result.tampered, result.secondClaim].map(({ codespace, code }) => [
      codespace,
      code,
    ]);
    expect(codes).toEqual([
      ["datanet", 11],
      ["attribution", 12],
      ["attribution", 13],
    ]);
  });

  test("has its earnings claimed, swapped and delegated", () => {
    expect(result.claims).toHaveLength(5);
    expect(result.claims.filter(({ payoutAddress, beneficiary }) => payoutAddress !== beneficiary)).toHaveLength(1);
    expect(result.claims.filter(({ sender, beneficiary }) => sender !== beneficiary)).toHaveLength(1);
    expect(BigInt(result.swap.received.amount)).toBeGreaterThan(0n);
    expect(result.delegation.amount.amount).toBe(result.claims[1]?.amount);
  });

  test("has a payout whose proof @confio/ics23 accepts against the verified app hash, and refuses with a byte changed", () => {
    const { proof } = result;
    const [ofKey, ofStore] = proof.ops.map(({ data }) => ics23.CommitmentProof.decode(fromBase64(data)));
    const storeRoot = ofStore!.exist!.value!;
    const [key, value, appHash] = [fromHex(proof.key), fromHex(proof.value), fromHex(proof.appHash)];
    const store = new TextEncoder().encode(proof.store);
    expect(verifyMembership(ofStore!, tendermintSpec, appHash, store, storeRoot)).toBe(true);
    expect(verifyMembership(ofKey!, iavlSpec, storeRoot, key, value)).toBe(true);
    value[value.length >> 1]! ^= 1;
    expect(verifyMembership(ofKey!, iavlSpec, storeRoot, key, value)).toBe(false);
    expect(BigInt(proof.headerHeight)).toBe(BigInt(proof.height) + 1n);
  });

  test("is plain data", () => {
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test("keeps what is there when it is begun again, and pays one more use", async () => {
    const use = await seedAndPayOnce(options(), "function skim(address to) external lock {");
    expect(use.useId).toBe("21");
    expect(use.shares.length).toBeGreaterThan(0);
  }, 120_000);

  test.runIf(process.env.TRIBUTARY_FULL === "1")(
    "can be taken again as a whole on the same chain",
    async () => {
      const again = await runTour(options());
      expect(again.model).toEqual(result.model);
      expect(again.uses.map(({ useId }) => useId)).toEqual(result.uses.map(({ useId }) => String(Number(useId) + 21)));
    },
    240_000,
  );
});
