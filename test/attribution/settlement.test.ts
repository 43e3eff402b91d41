import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanProver } from "../../attribution/settlement.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import type { Read } from "../../chain/module/context.ts";
import { nobleHasher, sha256 } from "../../chain/types/hash.ts";
import { tokenize } from "../../chain/types/lexer.ts";
import { TextTree, textRoot } from "../../chain/types/text-tree.ts";
import type { RankedSpan } from "../../modules/attribution/challenge/settlement-flaw.ts";
import { decideSettlement } from "../../modules/attribution/challenge/use-decision.ts";
import { factsOf, Lineages } from "../../modules/attribution/keeper/lineages.ts";
import { showStretch } from "../../modules/attribution/proof/text-window.ts";
import { checkSpan } from "../../modules/attribution/span-proof.ts";
import { isEarning, type Record } from "../../modules/datanet/keeper.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";

const encoder = new TextEncoder();

/** Texts with stretches in common, some longer than a chunk, some with characters of several bytes. */
const word = fc.constantFrom("return", "a", "+", "(", ")", "uint256 amount", "é水", "// a longer comment line\n", "  ");
const text = fc.array(word, { minLength: 1, maxLength: 60, size: "max" }).map((words) => words.join(" "));

function proverOf(texts: readonly string[]): SpanProver {
  const records = texts.map((t, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(t) }));
  return SpanProver.over(new SpanIndex(Corpus.of(records)));
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

describe("no challenge beats what the engine cites", () => {
  const NOW = 100n;
  const LIMITS = { minSpanTokens: 2, maxSpans: 3 };
  const MODEL = { modelId: 1n, modelVersion: 1 };
  const CTX = {} as Read;
  const words = fc.array(fc.constantFrom("a", "b", "c", " d"), { minLength: 1, maxLength: 9 });
  const { RECORD_STATUS_FINAL: FINAL, RECORD_STATUS_PENDING: PENDING } = RecordStatus;
  const { RECORD_STATUS_DUPLICATE, RECORD_STATUS_REJECTED, RECORD_STATUS_SUSPENDED, RECORD_STATUS_REMOVED } =
    RecordStatus;

  /** A record with a past: claimed in any order, its window over or not, struck in it or later, suspended and back again. */
  const past = fc.record({
    datanetId: fc.constantFrom(1n, 2n, 3n),
    text: words.map((list) => list.join(" ")),
    claimHeight: fc.bigInt({ min: 1n, max: 4n }),
    finalAt: fc.constantFrom(NOW - 20n, NOW - 20n, NOW + 20n),
    closedAt: fc.constantFrom(NOW - 30n, NOW - 10n),
    restoredAt: fc.constantFrom(0n, NOW - 10n, NOW + 10n),
    status: fc.constantFrom(
      ...[PENDING, FINAL, FINAL, FINAL, RECORD_STATUS_DUPLICATE, RECORD_STATUS_REJECTED],
      ...[RECORD_STATUS_SUSPENDED, RECORD_STATUS_REMOVED],
    ),
  });
  type Past = typeof past extends fc.Arbitrary<infer Value> ? Value : never;
  interface Kept {
    readonly record: Record;
    readonly text: Uint8Array;
  }

  /** Records as the chain keeps them, numbered by datanet. */
  function keptOf(pasts: readonly Past[]): readonly Kept[] {
    const counts = new Map<bigint, bigint>();
    const ordered = pasts.toSorted((a, b) => Number(a.datanetId - b.datanetId));
    return ordered.map(({ text: written, ...fields }) => {
      const number = (counts.get(fields.datanetId) ?? 0n) + 1n;
      counts.set(fields.datanetId, number);
      const text = encoder.encode(written);
      const commitment = { textRoot: textRoot(text), length: BigInt(text.length), contributor: "" };
      return { record: { ...fields, ...commitment, number } as Record, text };
    });
  }

  /** The chain's own rules over these records, with a model of the first two datanets, the second without its last record. */
  function lineagesOf(kept: readonly Kept[]): Lineages {
    const count = (datanetId: bigint) => BigInt(kept.filter(({ record }) => record.datanetId === datanetId).length);
    const lineage = [
      { datanetId: 1n, recordCount: count(1n), sharePpm: 0, version: 0n },
      { datanetId: 2n, recordCount: count(2n) - 1n, sharePpm: 0, version: 0n },
    ];
    const datanets = {
      ...{ isEarning, datanet: () => ({ isPrivate: false }), isInVersion: () => true },
      findRecord: (_: Read, datanetId: bigint, number: bigint) =>
        kept.find(({ record }) => record.datanetId === datanetId && record.number === number)?.record,
    };
    const uses = { models: { owedRevenue: () => ({ stack: lineage }) }, datanets };
    return new Lineages(uses as never, undefined as never, undefined as never);
  }

  /** Every way to say that bytes of the output stand in a record, token by token. */
  function* allMatches(output: Uint8Array, text: Uint8Array) {
    const [inOutput, inRecord] = [tokenize(output), tokenize(text)];
    for (const [i, matchStart] of inOutput.starts.entries()) {
      for (const matchEnd of inOutput.ends.slice(i)) {
        for (const recordStart of inRecord.starts) yield { matchStart, matchEnd, recordStart };
      }
    }
  }

  test("whatever became of the records, in whatever order they were claimed", () => {
    let [cited, outOfOrder] = [0, 0];
    fc.assert(
      fc.property(fc.array(past, { minLength: 1, maxLength: 6 }), words, (pasts, list) => {
        const kept = keptOf(pasts);
        const output = encoder.encode(list.join(" "));
        const lineages = lineagesOf(kept);
        const mayCite = (id: Kept["record"] | Parameters<Lineages["anyRecord"]>[1]) => {
          const record = lineages.anyRecord(CTX, id);
          return record !== undefined && isEarning(record) && lineages.isTrainedOn(CTX, MODEL, id);
        };
        const records = kept.map(({ record, text }) => {
          return { datanetId: record.datanetId, number: record.number, height: record.claimHeight, text };
        });
        // Each datanet in an index of its own.
        const segments = [1n, 2n, 3n].map((datanetId) => {
          const index = new SpanIndex(Corpus.of(records.filter((record) => record.datanetId === datanetId)));
          return { load: () => index };
        });
        const spans = new SpanProver(segments).prove(output, LIMITS, mayCite);
        const ranked = spans.map(({ outputStart, length, record: id, recordStart }): RankedSpan => {
          expect(mayCite(id)).toBe(true);
          const tokens = tokenize(output.slice(outputStart, outputStart + length)).starts.length;
          const place = { matchStart: outputStart, matchEnd: outputStart + length, recordStart: Number(recordStart) };
          return { ...place, tokens, record: factsOf(lineages.anyRecord(CTX, id)!) };
        });
        cited += ranked.length;
        // One that the order of numbers would have cited wrongly.
        outOfOrder += ranked.filter(({ matchStart, matchEnd, record: { id, height } }) => {
          const isBefore = ({ record, text }: Kept) =>
            mayCite(record) &&
            record.claimHeight > height &&
            record.datanetId === id.datanetId &&
            record.number < id.number &&
            Buffer.from(text).includes(Buffer.from(output.slice(matchStart, matchEnd)));
          return kept.some(isBefore);
        }).length;
        const facts = {
          ...{ outputHash: sha256(output), spans: ranked, minSpanTokens: LIMITS.minSpanTokens },
          ...{ maxSpans: LIMITS.maxSpans, record: lineages.earningRecords(CTX, MODEL, NOW) },
        };
        for (const { record, text } of kept) {
          const tree = new TextTree(text);
          for (const { matchStart, matchEnd, recordStart } of allMatches(output, text)) {
            const end = recordStart + matchEnd - matchStart;
            if (end > text.length) continue;
            const shown = {
              ...{ output, recordId: record, record: showStretch(tree, text.length, recordStart, end) },
              ...{ matchStart: BigInt(matchStart), matchEnd: BigInt(matchEnd), recordStart: BigInt(recordStart) },
            };
            expect(decideSettlement(facts, shown, nobleHasher)).toHaveProperty("refusal");
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(cited).toBeGreaterThan(50);
    expect(outOfOrder).toBeGreaterThan(0);
  });
});
