import { describe, expect, test } from "vitest";
import { batchReports, reportLines, reportPage } from "../../attribution/answer-report.ts";
import { attributeUses, BuiltBatch, batchOfBody } from "../../attribution/batch-builder.ts";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { ProofType } from "../../proto/enums.gen.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = ["one two three", "<b>red</b> green", "so it is", "so it is a"].map(bytes);
const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text }));
const index = new SpanIndex(Corpus.of(records));
const output = bytes("one two three, <b>red</b> and so it is");

function reportOf() {
  const uses = [
    { useId: 7n, prompt: bytes("what <is>?"), output, facts: { part: 1000n, proof: ProofType.PROOF_TYPE_SPAN } },
  ];
  const shares = attributeUses(uses, {
    segments: [{ datanetId: 1n, firstNumber: 1n, lastNumber: 4n, load: () => index }],
    rules: { minTokens: 3, maxTokens: 8, maxOccurrences: 1, maxPassages: 3, neighbours: 3 },
    table: undefined,
    counts: () => true,
    contributorOf: ({ number }) => `owner-${number}`,
  });
  return batchReports(batchOfBody(BuiltBatch.of(uses, shares).bodyBytes).body, "uopen");
}

describe("a report of a batch", () => {
  test("cuts the answer into what each record earned from, loses no word, and sums to the records' amounts", () => {
    const [report] = reportOf();
    expect(report!.pieces.map(({ text }) => text).join("")).toBe(new TextDecoder().decode(output));
    expect(report!.pieces.map(({ record, isCommon }) => [record, isCommon])).toEqual([
      ["1/1", false],
      [undefined, false],
      ["1/2", false],
      [undefined, false],
      [undefined, true],
    ]);
    // 17 tokens: 3 are the first record's, 8 the second's, 3 in too many records.
    expect(report!.earners).toEqual([
      { record: "1/2", contributor: "owner-2", amount: report!.pieces[2]!.amount },
      { record: "1/1", contributor: "owner-1", amount: report!.pieces[0]!.amount },
    ]);
  });

  test("is text with a mark at each stretch that earned", () => {
    const lines = reportOf().flatMap(reportLines);
    expect(lines[0]).toBe("use 7: what <is>?");
    expect(lines[2]).toContain("[one two three](1/1)");
    expect(lines.at(-1)).toMatch(/^\d+uopen {2}owner-1 {2}record 1\/1$/);
  });

  test("is a page that shows texts as they are and can run or load nothing", () => {
    const page = reportPage("<Batch>", reportOf());
    expect(page).toContain("&lt;b&gt;red&lt;/b&gt;");
    expect(page).toContain("<title>&lt;Batch&gt;</title>");
    expect(page).toContain('<span class="common">');
    expect(page).not.toMatch(/<b>|<script|src=|href=/);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<mark title="record 1\/1 of owner-1"/g)).toHaveLength(1);
  });
});
