/** The numbers of docs/modules/attribution.md, made again by the functions that pay. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { shareAmount } from "../../../modules/attribution/batch/shares.ts";
import { divideCharge } from "../../../modules/attribution/charge.ts";
import { defaultParams } from "../../../modules/attribution/params.ts";

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
