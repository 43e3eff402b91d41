/** Economic attacks on batches, one named test each. Griefing, deadline stuffing and under-reporting need a chain: batches.test.ts. */
import { expect, test } from "vitest";
import { divideCharge } from "../../../modules/attribution/charge.ts";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { ProofType, ShareKind } from "../../../proto/enums.gen.ts";
import { type MadeBatch, makeBatch, textRecord } from "../../support/honest-batch.ts";

const RULES = { ...defaultParams.rules, maxOccurrences: 3 };
const PART = 288_000n;
const POEM = "the sea gives back what it took and more than that the rain fell all night on the roof of tin";

function paid(batch: MadeBatch, name: string): bigint {
  return BigInt(batch.payouts.payees.find(({ payee }) => payee.beneficiary === name)?.payee.amount ?? 0);
}

function batchOf(output: string, records: readonly (readonly [contributor: string, text: string])[]): MadeBatch {
  const texts = records.map(([contributor, text], i) => textRecord(BigInt(i + 1), contributor, utf8(text)));
  const use = { part: PART, proof: ProofType.PROOF_TYPE_SPAN, output: utf8(output), prompt: utf8("?") };
  return makeBatch([use], texts, RULES);
}

test("Sybil split: a text cut in two under two names earns no more than it does whole", () => {
  const whole = paid(batchOf(`${POEM} or so`, [["ann", POEM]]), "ann");
  const middle = POEM.indexOf("and more");
  const halves = batchOf(`${POEM} or so`, [
    ["ann1", POEM.slice(0, middle)],
    ["ann2", POEM.slice(middle)],
  ]);
  expect(whole).toBeGreaterThan(0n);
  expect(paid(halves, "ann1") + paid(halves, "ann2")).toBeLessThanOrEqual(whole);
});

test("near-copy: a copy that came later earns nothing for what it copied", () => {
  const batch = batchOf(POEM, [
    ["ann", POEM],
    ["eve", `${POEM} indeed`],
  ]);
  expect([paid(batch, "ann"), paid(batch, "eve")]).toEqual([PART, 0n]);
});

test("boilerplate farming: what stands in more than the most records pays nobody, however many of them are one's own", () => {
  const farm = Array.from({ length: 4 }, (_, i) => ["eve", `${i} is a number . ${POEM}`] as const);
  const batch = batchOf(POEM, farm);
  expect(paid(batch, "eve")).toBe(0n);
  expect(batch.shares.shares.map(({ kind }) => kind)).toContain(ShareKind.SHARE_KIND_COMMON);
  expect(paid(batchOf(POEM, farm.slice(0, 3)), "eve")).toBe(PART);
});

test("self-dealing use: who is user, host, owner and every contributor loses what is burned and what validators get", () => {
  const charge = 1_000_003n;
  const { proved, parts } = divideCharge(charge, defaultParams.split, defaultParams.dataSplit);
  const own = proved + BigInt(parts.host) + BigInt(parts.modelOwner) + BigInt(parts.lineage);
  expect(charge - own).toBe(BigInt(parts.burned) + BigInt(parts.validators) + BigInt(parts.attested));
  expect((charge - own) * 100n).toBeGreaterThan(charge * 7n);
});

test("dust: many small stretches of one contributor are one leaf, and lose nothing to rounding", () => {
  const words = POEM.split(" ");
  const output = [words.slice(0, 7), ["xx"], words.slice(8, 15), ["yy"], words.slice(4, 12)].flat().join(" ");
  const batch = batchOf(output, [["ann", POEM]]);
  expect(batch.payouts.payees.map(({ payee }) => payee.beneficiary)).toEqual(["", "ann"]);
  expect(paid(batch, "ann") + paid(batch, "")).toBe(PART);
});
