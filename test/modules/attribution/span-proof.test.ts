import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenize } from "../../../chain/types/lexer.ts";
import { TextTree } from "../../../chain/types/text-tree.ts";
import { checkSpan, chunksToShow, type SpanProof } from "../../../modules/attribution/span-proof.ts";

const encoder = new TextEncoder();
const text = encoder.encode(
  Array.from({ length: 60 }, (_, i) => `function f${i}(uint256 a) returns (uint256) { return a + ${i * 7}; }\n`).join(
    "",
  ),
);
const tree = new TextTree(text);
const record = { length: text.length, textRoot: tree.root };
const tokens = tokenize(text);

/** The span of tokens `first` to `last` of the record, inside an output with other words around it. */
function spanOf(first: number, last: number): { output: Uint8Array; span: SpanProof } {
  const start = tokens.starts[first]!;
  const end = tokens.ends[last]!;
  const before = encoder.encode("// answer: ");
  const output = new Uint8Array([...before, ...text.subarray(start, end), ...encoder.encode(" // done")]);
  const { first: firstChunk, last: lastChunk } = chunksToShow(start, end - start, text.length);
  const span = {
    outputStart: before.length,
    length: end - start,
    recordStart: start,
    ...tree.prove(firstChunk, lastChunk),
  };
  return { output, span };
}

const range = fc
  .record({ first: fc.nat(tokens.starts.length - 1), more: fc.nat(80) })
  .map(({ first, more }) => [first, Math.min(first + more, tokens.starts.length - 1)] as const);

describe("a span proof", () => {
  test("is accepted with the number of its tokens, wherever in the record the span stands", () => {
    fc.assert(
      fc.property(range, ([first, last]) => {
        const { output, span } = spanOf(first, last);
        expect(checkSpan(output, span, record)).toEqual({ tokens: last - first + 1 });
      }),
      { numRuns: 300 },
    );
  });

  test("of the whole record is accepted", () => {
    const last = tokens.starts.length - 1;
    const { output, span } = spanOf(0, last);
    expect(checkSpan(output, span, record)).toEqual({ tokens: last + 1 });
  });

  test("is refused when one bit of the span, of its chunks, of its path or of the output under it changes", () => {
    fc.assert(
      fc.property(range, fc.nat(), fc.integer({ min: 0, max: 7 }), ([first, last], at, bit) => {
        const { output, span } = spanOf(first, last);
        const flip = (bytes: Uint8Array, index: number): Uint8Array => {
          const copy = bytes.slice();
          copy[index]! ^= 1 << bit;
          return copy;
        };
        const changed: SpanProof[] = [
          { ...span, chunks: flip(span.chunks, at % span.chunks.length) },
          { ...span, path: span.path.map((hash, i) => (i === at % span.path.length ? flip(hash, at % 32) : hash)) },
          { ...span, path: span.path.slice(1) },
          { ...span, path: [...span.path, span.path[0]!] },
          { ...span, recordStart: span.recordStart + 1 },
          { ...span, outputStart: span.outputStart + 1 },
          { ...span, length: 0 },
          { ...span, length: span.length + output.length },
          { ...span, recordStart: text.length },
        ];
        for (const bad of changed) expect(checkSpan(output, bad, record)).toHaveProperty("flaw");
        const other = flip(output, span.outputStart + (at % span.length));
        expect(checkSpan(other, span, record)).toHaveProperty("flaw");
        expect(checkSpan(output, span, { ...record, textRoot: flip(record.textRoot, at % 32) })).toHaveProperty("flaw");
      }),
      { numRuns: 300 },
    );
  });

  test("is refused when it cuts a token, in the output or in the record, and says which", () => {
    const body = encoder.encode("alpha beta gamma");
    const bodyTree = new TextTree(body);
    const commitment = { length: body.length, textRoot: bodyTree.root };
    const cut = (output: string, outputStart: number, recordStart: number, length: number) =>
      checkSpan(encoder.encode(output), { outputStart, recordStart, length, ...bodyTree.prove(0, 0) }, commitment);
    expect(cut("alpha beta", 0, 0, 10)).toEqual({ tokens: 2 });
    expect(cut("alpha beta", 0, 0, 6)).toEqual({ flaw: "it does not end where a token of the output ends" });
    expect(cut("alpha beta", 5, 5, 5)).toEqual({ flaw: "it does not begin where a token of the output begins" });
    expect(cut("alpha betas", 0, 0, 10)).toEqual({ flaw: "it does not end where a token of the output ends" });
    expect(cut("alpha bet", 0, 0, 9)).toEqual({ flaw: "it does not end where a token of the record ends" });
    expect(cut("pha beta", 0, 2, 8)).toEqual({ flaw: "it does not begin where a token of the record begins" });
    expect(cut("alpha gamma", 0, 0, 11)).toEqual({ flaw: "its bytes in the output and in the record differ" });
  });
});
