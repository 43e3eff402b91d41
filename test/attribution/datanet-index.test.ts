import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { DatanetIndex } from "../../attribution/datanet-index.ts";
import { IndexFileError } from "../../attribution/segment-file.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { searchOutputs } from "../../attribution/span-search.ts";

const root = mkdtempSync(join(tmpdir(), "tributary-test-index-"));
let folders = 0;
const newFolder = (): string => join(root, `index-${++folders}`);

afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const record = (number: number, text: string) => ({ number: BigInt(number), text: bytes(text) });
const words = fc
  .array(fc.constantFrom("a", "b", "cc", "+", ";", " ", "  ", "\n", "é"), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.join(""));

const all = { minTokens: 2, maxTokens: 12, maxRecords: 3 };

/** What searching all records in one segment in memory gives: the definition. */
function searchedAtOnce(texts: readonly string[], outputs: readonly Uint8Array[], counts = (_: number) => true) {
  const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: bytes(text) }));
  const index = new SpanIndex(Corpus.of(records.filter(({ number }) => counts(Number(number)))));
  const segment = { datanetId: 1n, firstNumber: 1n, lastNumber: BigInt(texts.length), load: () => index };
  return searchOutputs([segment], outputs, all);
}

describe("an index in a folder", () => {
  test("finds in many small segments, on disk, what one segment in memory has, of all records or some", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { minLength: 1, maxLength: 12 }),
        fc.array(words, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
        fc.nat(12),
        async (texts, outputTexts, cuts, newest) => {
          const folder = newFolder();
          const options = { segmentTokens: 20, memoryBytes: 1 };
          for (let from = 0, step = 0; from < texts.length; step++) {
            const to = Math.min(from + 1 + cuts[step]!, texts.length);
            const index = DatanetIndex.open(folder, 1n, options);
            await index.append(texts.slice(from, to).map((text, i) => record(from + i + 1, text)));
            from = to;
          }
          const index = DatanetIndex.open(folder, 1n, options);
          const outputs = outputTexts.map(bytes);
          expect(searchOutputs(index.segments, outputs, all)).toEqual(searchedAtOnce(texts, outputs));
          const isOdd = (number: number): boolean => number % 2 === 1 && number <= newest;
          const counts = ({ number }: { readonly number: bigint }): boolean => isOdd(Number(number));
          expect(searchOutputs(index.segments, outputs, { ...all, counts })).toEqual(
            searchedAtOnce(texts, outputs, isOdd),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  test("takes records whose texts come late, wherever they belong", async () => {
    const texts = ["x y z", "a b c d", "e f g h", "a b c d e", "k l m"];
    const outputs = [bytes("a b c d"), bytes("k l m"), bytes("e f g")];
    const folder = newFolder();
    const index = DatanetIndex.open(folder, 1n, { segmentTokens: 8 });
    await index.append([record(1, texts[0]!), record(4, texts[3]!)]);
    expect([...index.missing()]).toEqual([2n, 3n]);
    await index.append([record(3, texts[2]!), record(5, texts[4]!)]);
    expect([...index.missing()]).toEqual([2n]);
    const again = DatanetIndex.open(folder, 1n, { segmentTokens: 8 });
    await again.append([record(2, texts[1]!)]);
    expect([...again.missing()]).toEqual([]);
    expect(again.lastNumber).toBe(5n);
    expect(searchOutputs(again.segments, outputs, all)).toEqual(searchedAtOnce(texts, outputs));
    expect(again.record(2n)?.text).toEqual(bytes(texts[1]!));
    expect(again.record(9n)).toBeUndefined();
    await expect(again.append([record(2, "again")])).rejects.toThrow("record 1/2 is here already");
    await expect(again.append([record(7, "x"), record(6, "y")])).rejects.toThrow("record 1/6 is here already");
  });

  test("keeps segments few and none larger than allowed, one long record excepted", async () => {
    const folder = newFolder();
    const index = DatanetIndex.open(folder, 1n, { segmentTokens: 64 });
    for (let i = 1; i <= 100; i++) await index.append([record(i, `w${i} x y z`)]);
    await index.append([record(101, "long ".repeat(200))]);
    const sizes = index.segments.map((segment) => segment.load().corpus.units.length);
    expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(600);
    expect(sizes.at(-1)).toBe(200);
    expect(Math.max(...sizes.slice(0, -1))).toBeLessThanOrEqual(64);
    expect(sizes.length).toBeLessThan(14);
    const files = readdirSync(folder).filter((name) => name.endsWith(".segment"));
    expect(files).toHaveLength(sizes.length);
  });

  test("refuses a damaged segment, whichever byte it is, and a manifest of something else", async () => {
    const folder = newFolder();
    await DatanetIndex.open(folder, 1n).append([record(1, "let a = b + c;")]);
    const file = readdirSync(folder).find((name) => name.endsWith(".segment"))!;
    const whole = readFileSync(join(folder, file));
    for (let at = 0; at < whole.length; at += 7) {
      const copy = newFolder();
      cpSync(folder, copy, { recursive: true });
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x10;
      writeFileSync(join(copy, file), damaged);
      // The last four bytes of the preamble are unused.
      if (at >= 12 && at < 16) continue;
      expect(() => DatanetIndex.open(copy, 1n).segments[0]!.load()).toThrow();
    }
    expect(() => DatanetIndex.open(folder, 2n)).toThrow(IndexFileError);
    writeFileSync(join(folder, "index.json"), '{"format":"other"}');
    expect(() => DatanetIndex.open(folder, 1n)).toThrow("is no tributary span index 1");
    writeFileSync(join(folder, "index.json"), "{");
    expect(() => DatanetIndex.open(folder, 1n)).toThrow("is not valid JSON");
  });

  test("removes what a write that was cut off left behind", async () => {
    const folder = newFolder();
    await DatanetIndex.open(folder, 1n).append([record(1, "a b c")]);
    writeFileSync(join(folder, "2-3-2.segment"), "half");
    writeFileSync(join(folder, "index.json.tmp"), "half");
    writeFileSync(join(folder, "notes.txt"), "mine");
    const index = DatanetIndex.open(folder, 1n);
    expect(index.segments).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["1-1-1.segment", "index.json", "notes.txt"]);
  });
});
