/** The numbers of docs/modules/attribution.md, made again by the functions that pay. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { accumulate, earnedBetween } from "../../../chain/types/accumulator.ts";
import { shareAmount } from "../../../modules/attribution/batch/shares.ts";
import { divideCharge } from "../../../modules/attribution/charge.ts";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { scorecardOf } from "../../../modules/datanet/scorecard.ts";
import { amountIn } from "../../../modules/tokenpool/curve.ts";

const page = readFileSync(new URL("../../../docs/modules/attribution.md", import.meta.url), "utf8");

/** The last cells of the page's table rows that begin with `name`. */
function cell(name: string): bigint {
  const row = page.split("\n").find((line) => line.startsWith(`| ${name} |`) || line.startsWith(`| ${name},`));
  return BigInt(row!.split("|").at(-2)!.trim());
}

test("the parts of the charge are the page's and sum to it", () => {
  const { proved, parts } = divideCharge(1_000_003n, defaultParams.split, defaultParams.dataSplit);
  const named = { host: parts.host, model: parts.modelOwner, proved, lineage: parts.lineage, attested: parts.attested };
  for (const [name, amount] of Object.entries({ ...named, validators: parts.validators, burned: parts.burned })) {
    expect([name, cell(name)]).toEqual([name, BigInt(amount)]);
  }
});

test("the three stretches earn what the page says, and together the proved part", () => {
  const borders = [0n, 22n, 26n, 53n];
  const amounts = [1, 2, 3].map((i) => shareAmount(288_000n, borders[i - 1]!, borders[i]!, 53n, false));
  expect(amounts).toEqual(["1", "2", "3"].map(cell));
  expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(288_000n);
  expect(page).toContain((288_000n * BigInt(defaultParams.game.bondMultiple)).toString());
});

test("lineage and scores pay what the page says of 1000 bytes, and nothing is lost between them", () => {
  const counts = {
    requiredCells: 10,
    presentCells: 9,
    auditedItems: 10,
    correctItems: 8,
    checkedRules: 5,
    brokenRules: 0,
  };
  const known = { noveltyPpm: 1_000_000, approvals: 2, rejections: 0, age: 0n, halfLife: 1n };
  const score = { ...counts, datanetId: 1n, number: 1n, validator: "", height: 1n };
  const ppm = BigInt(scorecardOf(known, [score]).attestedPpm);
  const of = (amount: bigint, bytes: bigint): bigint =>
    earnedBetween(0n, accumulate({ accumulator: 0n, remainder: 0n }, amount, 1000n).accumulator, bytes);
  const [lineage, attested] = [cell("lineage"), cell("attested")];
  const part = of(attested, 600n);
  const earned = (part * ppm) / 1_000_000n;
  const figures = {
    "Ann's score": ppm,
    "Ann by lineage": of(lineage, 600n),
    "Bob by lineage": of(lineage, 400n),
    "Ann by scores": earned,
    "back to the version": part - earned,
    "waiting for Bob's score": of(attested, 400n),
  };
  for (const [name, amount] of Object.entries(figures)) expect([name, cell(name)]).toEqual([name, amount]);
});

test("the page's use costs as many of another token as it says", () => {
  expect(cell("aaa for the use")).toBe(amountIn(1_000_003n, 4_000_000_000n, 1_000_000_000n, 3000n)!);
});
