import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { maximalSpans, ownersOfTokens, searchSpans } from "../../attribution/span-search.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function segmentOf(datanetId: bigint, firstNumber: bigint, texts: readonly string[]) {
  const records = texts.map((text, i) => ({ datanetId, number: firstNumber + BigInt(i), text: bytes(text) }));
  const index = new SpanIndex(Corpus.of(records));
  return { datanetId, firstNumber, lastNumber: firstNumber + BigInt(texts.length - 1), load: () => index };
}

describe("searching an output over segments", () => {
  test("gives the longest stretch at every token and the places of those that lie in no longer one", () => {
    const segments = [segmentOf(1n, 1n, ["a b c", "q a b c d"]), segmentOf(2n, 1n, ["c d e f", "b c d"])];
    const [found] = searchSpans(segments, [bytes("a b c d e x")], { minTokens: 2, maxPlaces: 2 });
    expect([...found!.longest]).toEqual([4, 3, 3, 2, 1, 0]);
    expect(found!.spans).toEqual([
      { firstToken: 0, tokenCount: 4, places: [{ datanetId: 1n, number: 2n, start: 2 }] },
      { firstToken: 2, tokenCount: 3, places: [{ datanetId: 2n, number: 1n, start: 0 }] },
    ]);
  });

  test("stops at the longest length that is looked for, and at the newest record that counts", () => {
    const segments = [segmentOf(1n, 1n, ["a b", "a b c d"])];
    const search = (options: object) => searchSpans(segments, [bytes("a b c d")], { minTokens: 1, ...options })[0]!;
    expect([...search({ maxTokens: 3 }).longest]).toEqual([3, 3, 2, 1]);
    expect([...search({ upTo: new Map([[1n, 1n]]) }).longest]).toEqual([2, 1, 0, 0]);
    expect(search({ upTo: new Map() }).spans).toEqual([]);
  });

  test("gives the earliest places first, whatever the order of segments", () => {
    const segments = [segmentOf(2n, 1n, ["a b"]), segmentOf(1n, 5n, ["x a b", "a b"]), segmentOf(1n, 2n, ["a b a b"])];
    const [found] = searchSpans(segments, [bytes("a b")], { minTokens: 2, maxPlaces: 4 });
    expect(found!.spans[0]!.places.map(({ datanetId, number, start }) => [datanetId, number, start])).toEqual([
      [1n, 2n, 0],
      [1n, 2n, 4],
      [1n, 5n, 2],
      [1n, 6n, 0],
    ]);
  });
});

describe("owning a token", () => {
  test("stretches inside longer ones are left out, and those that are too short", () => {
    expect(maximalSpans([3, 2, 1, 4, 3, 2, 1], 2)).toEqual([
      { firstToken: 0, tokenCount: 3 },
      { firstToken: 3, tokenCount: 4 },
    ]);
    expect(maximalSpans([1, 0, 2, 2, 1], 2)).toEqual([
      { firstToken: 2, tokenCount: 2 },
      { firstToken: 3, tokenCount: 2 },
    ]);
  });

  test("falls to the longest span that covers it, to the first among equals", () => {
    const span = (firstToken: number, tokenCount: number) => ({ firstToken, tokenCount });
    expect([...ownersOfTokens(7, [span(0, 3), span(1, 4), span(4, 2)])]).toEqual([0, 1, 1, 1, 1, 2, -1]);
    expect([...ownersOfTokens(4, [span(0, 3), span(1, 3)])]).toEqual([0, 0, 0, 1]);
  });
});
