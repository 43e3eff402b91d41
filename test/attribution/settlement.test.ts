import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanProver } from "../../attribution/settlement.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import { checkSpan } from "../../modules/attribution/span-proof.ts";

const encoder = new TextEncoder();

/** Texts with stretches in common, some longer than a chunk, some with characters of several bytes. */
const word = fc.constantFrom("return", "a", "+", "(", ")", "uint256 amount", "é水", "// a longer comment line\n", "  ");
const text = fc.array(word, { minLength: 1, maxLength: 60, size: "max" }).map((words) => words.join(" "));

function proverOf(texts: readonly string[]): SpanProver {
  const records = texts.map((t, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(t) }));
  return new SpanProver(new SpanIndex(Corpus.of(records)));
}

describe("what the engine hands in", () => {
  test("is accepted by the chain's check, span by span, in order and without overlap", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text, fc.nat(), (texts, extra, at) => {
        const source = texts[at % texts.length]!;
        const output = encoder.encode(`${extra} ${source.slice(at % source.length)} ${extra}`);
        let free = 0;
        for (const span of proverOf(texts).prove(output, { minSpanTokens: 3, maxSpans: 64 })) {
          const recordText = encoder.encode(texts[Number(span.record.number) - 1]!);
          const commitment = { length: recordText.length, textRoot: textRoot(recordText) };
          const check = checkSpan(output, { ...span, recordStart: Number(span.recordStart) }, commitment);
          expect(check).toHaveProperty("tokens");
          expect("tokens" in check && check.tokens).toBeGreaterThanOrEqual(3);
          expect(span.outputStart).toBeGreaterThanOrEqual(free);
          free = span.outputStart + span.length;
        }
      }),
      { numRuns: 400 },
    );
  });

  test("keeps to the most spans allowed and leaves the shortest out", () => {
    const texts = ["a b c d e f", "g h i", "j k l m"];
    const output = encoder.encode("g h i x a b c d e f x j k l m");
    const spans = proverOf(texts).prove(output, { minSpanTokens: 3, maxSpans: 2 });
    expect(spans.map(({ record }) => record.number)).toEqual([1n, 3n]);
  });
});
