import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { omittedWords, undeclaredPart } from "../../attribution/omission-search.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { nobleHasher, sha256 } from "../../chain/types/hash.ts";
import { tokenize } from "../../chain/types/lexer.ts";
import { TextTree, textRoot } from "../../chain/types/text-tree.ts";
import { decideOmittedWords } from "../../modules/attribution/challenge/use-decision.ts";
import { showStretch } from "../../modules/attribution/proof/text-window.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function segmentOf(texts: readonly string[]) {
  const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: bytes(text) }));
  const index = new SpanIndex(Corpus.of(records));
  return { load: () => index };
}

describe("words that show an omission", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c", " d"), { minLength: 1, maxLength: 16, size: "max" });
  const text = words.map((list) => list.join(" "));
  const limits = { minTokens: 4, promptTokens: 3 };

  test("are what the chain's rule takes, and there are some whenever trying every place finds some", () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), text, text, (records, output, prompt) => {
        const texts = { output: bytes(output), prompt: bytes(prompt) };
        const whole = (one: Uint8Array) => ({ firstChunk: 0n, chunks: one, path: [] });
        const refusal = (number: number, matchStart: number, matchEnd: number, recordStart: number) => {
          const record = bytes(records[number]!);
          if (recordStart + matchEnd - matchStart > record.length) return "it is longer than the record";
          const id = { datanetId: 1n, number: BigInt(number + 1) };
          const known = { root: textRoot(record), length: record.length };
          const facts = {
            ...{ ...limits, output: { sha256: sha256(texts.output) }, prompt: { sha256: sha256(texts.prompt) } },
            record: () => ({ id, contributor: "", height: 1n, text: known }),
          };
          const shown = {
            ...{ output: whole(texts.output), prompt: whole(texts.prompt), recordId: id },
            record: showStretch(new TextTree(record), record.length, recordStart, recordStart + matchEnd - matchStart),
            ...{ matchStart: BigInt(matchStart), matchEnd: BigInt(matchEnd), recordStart: BigInt(recordStart) },
          };
          const decision = decideOmittedWords(facts, shown, nobleHasher);
          return "refusal" in decision ? decision.refusal : undefined;
        };
        const given = [...omittedWords([segmentOf(records)], texts, limits, () => true)];
        for (const { start, end, places } of given) {
          for (const place of places)
            expect(refusal(Number(place.id.number) - 1, start, end, place.start)).toBeUndefined();
        }
        found += given.length;
        if (given.length > 0) return;
        const { starts, ends } = tokenize(texts.output);
        for (const [first, start] of starts.entries()) {
          for (const end of ends.slice(first + limits.minTokens - 1)) {
            for (const [number, record] of records.entries()) {
              for (const place of tokenize(bytes(record)).starts) {
                expect(refusal(number, start, end, place)).toBeTypeOf("string");
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(50);
  });

  test("come the longest first, at most as long as a dispute may show, with the places of all records that hold them", () => {
    const long = Array.from({ length: 400 }, (_, i) => `w${i}`).join(" ");
    const records = segmentOf([long, `x ${long}`]);
    const [first] = omittedWords([records], { output: bytes(long), prompt: bytes("?") }, limits, () => true);
    expect(tokenize(bytes(long).subarray(first!.start, first!.end)).starts).toHaveLength(10 + 90 + 127);
    expect(first!.end - first!.start).toBe(1024);
    expect(first!.places.map(({ id, start }) => [id.number, start])).toEqual([
      [1n, 0],
      [2n, 2],
    ]);
  });
});

describe("the part of words that declared records do not explain", () => {
  const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `w${from + i}`).join(" ");
  const part = (declared: string, words: string, counts = () => true) => {
    const found = undeclaredPart([segmentOf([declared])], bytes(words), 8, counts);
    return found && words.slice(found.start, found.end);
  };

  test("is all of them when these hold none, or a stretch shorter than a quarter of what a dispute needs", () => {
    expect(part("nothing", numbered(0, 20))).toBe(numbered(0, 20));
    expect(part("w5", numbered(0, 20))).toBe(numbered(0, 20));
    expect(part(numbered(0, 20), numbered(0, 20), () => false)).toBe(numbered(0, 20));
  });

  test("is the longest stretch between those that they do hold", () => {
    expect(part(`${numbered(0, 4)}, ${numbered(14, 16)}`, numbered(0, 30))).toBe(numbered(16, 30));
    expect(part(numbered(12, 15), numbered(0, 20))).toBe(numbered(0, 12));
  });

  test("is none when what is left is too short to be shown", () => {
    expect(part(numbered(3, 20), numbered(0, 23))).toBeUndefined();
    expect(part(numbered(7, 9), numbered(0, 16))).toBeUndefined();
    expect(part(numbered(0, 23), numbered(0, 23))).toBeUndefined();
  });
});
