import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { owningMatches, type SearchOptions, searchOutputs, searchSpans } from "../../attribution/span-search.ts";
import { tokenize } from "../../chain/types/lexer.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function segmentOf(datanetId: bigint, firstNumber: bigint, texts: readonly string[], heights: readonly bigint[] = []) {
  const records = texts.map((text, i) => ({
    ...{ datanetId, number: firstNumber + BigInt(i), text: bytes(text) },
    height: heights[i] ?? 1n,
  }));
  const index = new SpanIndex(Corpus.of(records));
  return { datanetId, firstNumber, lastNumber: firstNumber + BigInt(texts.length - 1), load: () => index };
}

const limits = { minTokens: 2, maxTokens: 64, maxRecords: 2 };

describe("searching an output over segments", () => {
  test("gives the longest match at every token, the owner of each and the records it stands in", () => {
    const segments = [segmentOf(1n, 1n, ["a b c", "q a b c d"]), segmentOf(2n, 1n, ["c d e f", "b c d"])];
    const [found] = searchOutputs(segments, [bytes("a b c d e x")], limits);
    expect([...found!.longest]).toEqual([4, 3, 3, 2, 1, 0]);
    expect([...found!.owners]).toEqual([0, 0, 0, 0, 1, -1]);
    expect(found!.matches.map(({ firstToken, tokenCount, places }) => [firstToken, tokenCount, places])).toEqual([
      [0, 4, [{ id: { datanetId: 1n, number: 2n }, height: 1n, start: 2 }]],
      [2, 3, [{ id: { datanetId: 2n, number: 1n }, height: 1n, start: 0 }]],
    ]);
  });

  test("keeps to the limits on tokens and to the records that count", () => {
    const segments = [segmentOf(1n, 1n, ["a b", "a b c d", "a b c"])];
    const search = (options: Partial<SearchOptions>) =>
      searchOutputs(segments, [bytes("a b c d")], { ...limits, minTokens: 1, ...options })[0]!;
    expect([...search({ maxTokens: 3 }).longest]).toEqual([3, 3, 2, 1]);
    expect([...search({ counts: ({ number }) => number !== 2n }).longest]).toEqual([3, 2, 1, 0]);
    expect([...search({ counts: ({ number }) => number === 1n }).longest]).toEqual([2, 1, 0, 0]);
    expect(search({ counts: () => false }).matches).toEqual([]);
  });

  test("cuts a long copy into matches of the longest length, each token owned by the first that covers it", () => {
    const text = "a b c d e f g";
    const [found] = searchOutputs([segmentOf(1n, 1n, [text])], [bytes(text)], { ...limits, maxTokens: 4 });
    expect([...found!.owners]).toEqual([0, 0, 0, 0, 1, 2, 3]);
    expect(found!.matches.map(({ firstToken, tokenCount }) => [firstToken, tokenCount])).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
      [3, 4],
    ]);
  });

  test("keeps to the longest match in bytes", () => {
    const long = `a ${"x".repeat(600)} ${"y".repeat(600)} b`;
    const [found] = searchOutputs([segmentOf(1n, 1n, [long])], [bytes(long)], limits);
    expect([...found!.longest]).toEqual([2, 1, 2, 1]);
  });

  test("gives the earliest records first, by block and then by number, with the first place in each", () => {
    const segments = [
      segmentOf(2n, 1n, ["a b"], [5n]),
      segmentOf(1n, 5n, ["x a b a b", "a b"], [5n, 9n]),
      segmentOf(3n, 2n, ["a b"], [2n]),
    ];
    const [found] = searchOutputs(segments, [bytes("a b")], { ...limits, maxRecords: 3 });
    expect(found!.matches[0]!.places.map(({ id, start }) => [id.datanetId, id.number, start])).toEqual([
      [3n, 2n, 0],
      [1n, 5n, 2],
      [2n, 1n, 0],
    ]);
  });
});

describe("owning a token", () => {
  test("falls to the longest match that covers it, to the first among equals; the rest own nothing", () => {
    const { matches, owners } = owningMatches([3, 4, 2, 1, 2, 1, 0], 2);
    expect([...owners]).toEqual([0, 1, 1, 1, 1, 2, -1]);
    expect(matches.map(({ firstToken }) => firstToken)).toEqual([0, 1, 4]);
    expect([...owningMatches([3, 3, 1, 1], 2).owners]).toEqual([0, 0, 0, 1]);
    expect([...owningMatches([1, 1], 2).owners]).toEqual([-1, -1]);
  });

  test("is what comparing all matches that cover it says", () => {
    const words = fc
      .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 14 })
      .map((list) => list.join(" "));
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), words, (texts, output) => {
        const [found] = searchOutputs([segmentOf(1n, 1n, texts)], [bytes(output)], { ...limits, maxTokens: 5 });
        const count = tokenize(bytes(output)).starts.length;
        const tokens = output.split(" ");
        const stands = (first: number, end: number): number =>
          texts.findIndex((text) => ` ${text} `.includes(` ${tokens.slice(first, end).join(" ")} `));
        for (let token = 0; token < count; token++) {
          let best: { readonly first: number; readonly length: number } | undefined;
          for (let first = 0; first <= token; first++) {
            for (let end = token + 1; end <= Math.min(count, first + 5); end++) {
              const length = end - first;
              if (length >= 2 && length > (best?.length ?? 0) && stands(first, end) >= 0) best = { first, length };
            }
          }
          const owner = found!.matches[found!.owners[token]!];
          expect(owner && { first: owner.firstToken, length: owner.tokenCount }).toEqual(best);
          if (owner !== undefined) {
            const record = stands(owner.firstToken, owner.firstToken + owner.tokenCount);
            expect(owner.places[0]!.id.number).toBe(BigInt(record + 1));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the spans that a settlement must have", () => {
  const words = fc.array(fc.constantFrom("a", "b", "cc", "+", " ", " "), { maxLength: 30 }).map((p) => p.join(""));

  test("are the same over several segments as over one index of all records", () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 6 }), words, fc.nat(), (texts, output, at) => {
        const cut = 1 + (at % (texts.length - 1));
        const segments = [segmentOf(1n, 1n, texts.slice(0, cut)), segmentOf(1n, BigInt(cut + 1), texts.slice(cut))];
        const whole = [segmentOf(1n, 1n, texts)];
        const expected = searchSpans(whole, bytes(output), { minTokens: 2 });
        expect(searchSpans(segments, bytes(output), { minTokens: 2 })).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("are of the earliest record by block, whatever its number, among those that count", () => {
    const segments = [segmentOf(1n, 1n, ["a b c", "x a b c"], [9n, 4n]), segmentOf(2n, 1n, ["a b c d"], [7n])];
    const places = (counts?: SearchOptions["counts"]) =>
      searchSpans(segments, bytes("a b c"), { minTokens: 2, ...(counts && { counts }) }).map(({ place }) => place.id);
    expect(places()).toEqual([{ datanetId: 1n, number: 2n }]);
    expect(places(({ number }) => number !== 2n)).toEqual([{ datanetId: 2n, number: 1n }]);
    expect(places(() => false)).toEqual([]);
  });
});
