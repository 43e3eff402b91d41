import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { searchSpans } from "../../attribution/span-search.ts";
import { tokenize } from "../../chain/types/lexer.ts";

const encoder = new TextEncoder();

function indexOf(texts: readonly string[]): SpanIndex {
  return new SpanIndex(
    Corpus.of(texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(text) }))),
  );
}

/** The spans of an output, with the record's index and a byte offset. */
function spansOf(index: SpanIndex, text: string, minTokens: number) {
  const output = encoder.encode(text);
  const { starts } = tokenize(output);
  return searchSpans([{ load: () => index }], output, { minTokens }).map(({ start, tokenCount, place }) => {
    return { firstToken: starts.indexOf(start), tokenCount, record: Number(place.id.number) - 1, start: place.start };
  });
}

/** The first place, by record and offset, where the bytes stand between token borders. */
function firstPlace(texts: readonly string[], piece: string): { record: number; start: number } | undefined {
  for (const [record, text] of texts.entries()) {
    const { starts, ends } = tokenize(encoder.encode(text));
    for (const start of starts) {
      if (text.startsWith(piece, start) && ends.includes(start + piece.length)) return { record, start };
    }
  }
  return undefined;
}

/** The definition, with every stretch of the output tried: the best that overlaps none yet, again and again. */
function naiveSpans(texts: readonly string[], output: string, minTokens: number) {
  const { starts, ends } = tokenize(encoder.encode(output));
  const stretches: { first: number; end: number; record: number; start: number }[] = [];
  for (let first = 0; first < starts.length; first++) {
    for (let end = first + minTokens; end <= starts.length; end++) {
      const place = firstPlace(texts, output.slice(starts[first], ends[end - 1]));
      if (place !== undefined) stretches.push({ first, end, ...place });
    }
  }
  stretches.sort((a, b) => b.end - b.first - (a.end - a.first) || a.first - b.first);
  const chosen: typeof stretches = [];
  for (const stretch of stretches) {
    if (chosen.every(({ first, end }) => stretch.end <= first || end <= stretch.first)) chosen.push(stretch);
  }
  return chosen
    .map(({ first, end, record, start }) => ({ firstToken: first, tokenCount: end - first, record, start }))
    .sort((a, b) => a.firstToken - b.firstToken);
}

const text = fc
  .array(fc.constantFrom("a", "b", "cc", "+", ";", " ", "  ", "\n"), { maxLength: 40 })
  .map((p) => p.join(""));

describe("matching an output with a corpus", () => {
  test("finds what trying every stretch finds", () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 5 }),
        text,
        fc.integer({ min: 1, max: 3 }),
        (texts, output, min) => {
          expect(spansOf(indexOf(texts), output, min)).toEqual(naiveSpans(texts, output, min));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("prefers the longer stretch, and among equal texts the earlier record", () => {
    const index = indexOf(["x = y;", "a + b", "let a + b + c;", "a + b + c"]);
    expect(spansOf(index, "let z; a + b + c", 3)).toEqual([{ firstToken: 3, tokenCount: 5, record: 2, start: 4 }]);
  });

  test("what a longer span leaves of a stretch waits for those that are longer than the rest", () => {
    const index = indexOf(["a b c d e f g", "e f g h i j", "i j k l"]);
    const spans = spansOf(index, "a b c d e f g h i j k l", 1);
    expect(spans.map(({ firstToken, tokenCount, record }) => [firstToken, tokenCount, record])).toEqual([
      [0, 7, 0],
      [7, 1, 1],
      [8, 4, 2],
    ]);
  });

  test("white space inside a span must agree, after its last token it need not", () => {
    const index = indexOf(["a +  b\n"]);
    expect(spansOf(index, "a +  b ;", 3)).toHaveLength(1);
    expect(spansOf(index, "a + b", 3)).toHaveLength(0);
  });

  test("an output of unknown words, of white space only or of nothing has no spans", () => {
    const index = indexOf(["a b c"]);
    for (const output of ["", "  \n", "x y z"]) expect(spansOf(index, output, 1)).toEqual([]);
  });

  test("records must be in their order on the chain", () => {
    const record = (number: bigint) => ({ datanetId: 1n, number, text: encoder.encode("a") });
    expect(() => Corpus.of([record(2n), record(1n)])).toThrow("record 1/1 is out of order");
  });
});
