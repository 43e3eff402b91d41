import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { NgramModel } from "../../attribution/ngram-model.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { searchSpans } from "../../attribution/span-search.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function modelOf(texts: readonly string[], maxOrder?: number): { model: NgramModel; index: SpanIndex } {
  const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(text) }));
  const index = new SpanIndex(Corpus.of(records));
  return { model: new NgramModel(index, maxOrder), index };
}

const texts = [
  "function add(uint a, uint b) returns (uint) { return a + b; }",
  "function sub(uint a, uint b) returns (uint) { return a - b; }",
  "function mul(uint a, uint b) pure { return a * b; }",
];

function complete(model: NgramModel, prompt: string, seed: string, maxBytes = 400): string {
  return decoder.decode(
    model.complete({ prompt: encoder.encode(prompt), seed: encoder.encode(seed), maxTokens: 60, maxBytes }),
  );
}

describe("the n-gram model", () => {
  test("answers the same for the same seed, and not always the same for others", () => {
    const { model } = modelOf(texts, 3);
    expect(complete(model, "function add(", "1")).toBe(complete(model, "function add(", "1"));
    const answers = new Set(Array.from({ length: 20 }, (_, seed) => complete(model, "function add(", String(seed))));
    expect(answers.size).toBeGreaterThan(1);
  });

  test("continues a text that it has seen only once as it was", () => {
    const { model } = modelOf(texts);
    expect(complete(model, "b) pure {", "x")).toBe("return a * b; }");
  });

  test("says nothing that the corpus does not say: every pair of neighbouring tokens stands in a record", () => {
    const { model, index } = modelOf(texts, 2);
    for (let seed = 0; seed < 30; seed++) {
      const output = encoder.encode(complete(model, "uint", String(seed)));
      const tokens = index.corpus.encode(output).tokens.length;
      const spans = searchSpans([{ load: () => index }], output, { minTokens: 1 });
      const covered = spans.reduce((sum, span) => sum + span.tokenCount, 0);
      expect(covered).toBe(tokens);
    }
  });

  test("keeps to its byte limit and ends on a token", () => {
    const { model } = modelOf(texts, 1);
    for (let seed = 0; seed < 30; seed++) {
      const answer = complete(model, "uint", String(seed), 25);
      expect(encoder.encode(answer).length).toBeLessThanOrEqual(25);
      expect(answer).toBe(answer.trimEnd());
    }
  });

  test("has weights whose hash changes with a record, their order and the longest order", () => {
    const hashes = [modelOf(texts), modelOf(texts, 3), modelOf(texts.slice(1)), modelOf(texts.toReversed())].map(
      ({ model }) => Buffer.from(model.weightsHash()).toString("hex"),
    );
    expect(new Set(hashes).size).toBe(4);
    const hash = createHash("sha256");
    for (const part of modelOf(texts).model.weights()) hash.update(part);
    expect(hashes[0]).toBe(hash.digest("hex"));
  });
});
