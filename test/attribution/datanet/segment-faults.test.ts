/** Finding where a sealed text or index is false, against sealers that answer every demand from what they really sealed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indexStep } from "../../../attribution/datanet/index-faults.ts";
import { PartialTree } from "../../../attribution/datanet/partial-tree.ts";
import { type PlacedText, type Step, textStep } from "../../../attribution/datanet/segment-faults.ts";
import { tokenize } from "../../../chain/types/lexer.ts";
import { TextTree, textRoot } from "../../../chain/types/text-tree.ts";
import { checkOpening, type TextOpening } from "../../../modules/datanet/opening.ts";
import { openingOf, segmentInputOf } from "../../../modules/datanet/segment-input.ts";
import { judgeEntries } from "../../../modules/datanet/suffixes.ts";
import { encode } from "../../../proto/codec.ts";
import { bytesOf, words } from "../../support/datanet-world.ts";
import { nativeHasher } from "../../support/native-hasher.ts";

const MOST_BYTES = 8192;
const CHALLENGER = "trib1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/** Demands of whoever sealed `sealed` until there is a challenge. `shown` is how many bytes the sealer likes to show. */
function searched<Shown>(sealed: Uint8Array, shown: number, step: (known: PartialTree) => Step<Shown>) {
  const known = new PartialTree(textRoot(sealed, nativeHasher), sealed.length, nativeHasher);
  for (let demands = 0; demands < 40; demands++) {
    const next = step(known);
    if (next.is !== "demand") return { next, demands };
    const length = Math.min(shown, sealed.length - next.offset);
    expect(known.add(openingOf(sealed, next.offset, length, nativeHasher))).toBe(true);
  }
  throw new Error("the search does not end");
}

function opened(opening: TextOpening, text: Uint8Array) {
  const run = checkOpening(opening, { root: textRoot(text, nativeHasher), length: BigInt(text.length) }, nativeHasher);
  if ("flaw" in run) throw new Error(run.flaw);
  return run;
}

/** Records of a few up to a thousand words; each begins where the one before and its zero byte end. */
const records = fc
  .array(fc.record({ length: fc.integer({ min: 1, max: 1000 }), isEarning: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((made) => {
    let offset = 0;
    return made.map(({ length, isEarning }, i): PlacedText => {
      const text = bytesOf(words(`r${i}-`, length));
      const placed = { number: BigInt(i + 1), offset, text, isEarning };
      offset += text.length + 1;
      return placed;
    });
  });

describe("a sealed text", () => {
  const shownBytes = fc.constantFrom(1, 64, 700);

  test("with a false byte of a record that may earn is shown to differ, within twenty demands", () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), shownBytes, (placed, at, change, shown) => {
        const { text } = segmentInputOf(
          placed.map((one) => one.text),
          nativeHasher,
        );
        const lie = text.slice();
        lie[at % text.length]! ^= change;
        const tree = new TextTree(text, nativeHasher);
        const { next, demands } = searched(lie, shown, (known) => textStep(known, { text, tree, records: placed }));
        const owner = placed.findLast(({ offset }) => offset <= at % text.length)!;
        expect(demands).toBeLessThanOrEqual(20);
        if (!owner.isEarning) expect(next.is).toBe("stuck");
        else {
          if (next.is !== "challenge") throw new Error("there is no challenge");
          const { number, record, sealed } = next.shown;
          expect(number).toBe(owner.number);
          const bytes = opened(sealed, lie).bytes;
          const right = record.length === 0 ? Uint8Array.of(0) : opened(record, owner.text).bytes;
          expect(sealed.start).toBe(BigInt(owner.offset) + record.start);
          expect([...bytes]).not.toEqual([...right]);
          const message = { challenger: CHALLENGER, datanetId: 1n, segment: 1n, ...next.shown };
          expect(encode("tributary.datanet.v1.MsgChallengeSegment", message).length).toBeLessThan(MOST_BYTES);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("that is the records' is never challenged, whatever was shown of it", () => {
    fc.assert(
      fc.property(records, fc.array(fc.nat(), { maxLength: 12 }), shownBytes, (placed, places, shown) => {
        const { text } = segmentInputOf(
          placed.map((one) => one.text),
          nativeHasher,
        );
        const tree = new TextTree(text, nativeHasher);
        const known = new PartialTree(tree.root, text.length, nativeHasher);
        for (const place of places) {
          const at = place % text.length;
          expect(known.add(openingOf(text, at, Math.min(shown, text.length - at), nativeHasher))).toBe(true);
        }
        expect(textStep(known, { text, tree, records: placed }).is).toBe("stuck");
      }),
      { numRuns: 40 },
    );
  });
});

describe("a suffix array", () => {
  const spoils: Readonly<Record<string, (entries: number[], at: number, length: number) => number[]>> = {
    "an entry beyond the text": (entries, at, length) => entries.with(at, length + 5),
    "an entry inside a token": (entries, at) => entries.with(at, entries[at]! + 1),
    "two entries in each other's places": (entries, at) =>
      entries.length < 2
        ? [...entries, entries[0]!]
        : entries.with(at, entries[(at + 1) % entries.length]!).with((at + 1) % entries.length, entries[at]!),
    "two far entries in each other's places": (entries, at) =>
      entries.length < 2
        ? [...entries, entries[0]!]
        : entries
            .with(0, entries.at(-1)!)
            .with(entries.length - 1, entries[0]!)
            .with(at, at === 0 ? entries.at(-1)! : at === entries.length - 1 ? entries[0]! : entries[at]!),
    "an entry left out": (entries, at) => (entries.length < 2 ? [...entries, 0] : entries.toSpliced(at, 1)),
    "an entry twice": (entries, at) => entries.toSpliced(at, 0, entries[at]!),
    "one left out and another twice": (entries, at) =>
      entries.length < 2 ? [...entries, 0] : entries.toSpliced(at, 1).toSpliced(0, 0, entries[at === 0 ? 1 : 0]!),
    "all turned round": (entries) => (entries.length < 2 ? [...entries, 0] : entries.toReversed()),
    "offsets in the order of the text": (entries) =>
      entries.toSorted((a, b) => a - b).some((offset, i) => offset !== entries[i])
        ? entries.toSorted((a, b) => a - b)
        : [...entries, 0],
  };

  function bytesOfEntries(entries: readonly number[]): Uint8Array {
    const bytes = Buffer.alloc(entries.length * 4);
    for (const [i, entry] of entries.entries()) bytes.writeUInt32BE(entry, i * 4);
    return new Uint8Array(bytes);
  }

  test.each(Object.keys(spoils))("with %s is shown to be false", (name) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.nat(), fc.constantFrom(1, 64, 700), (count, at, shown) => {
        const { text, index } = segmentInputOf([bytesOf(words("w", count)), bytesOf(words("v", 30))], nativeHasher);
        const view = Buffer.from(index);
        const truth = Array.from({ length: index.length / 4 }, (_, i) => view.readUInt32BE(i * 4));
        const entries = spoils[name]!([...truth], at % truth.length, text.length);
        const sealed = bytesOfEntries(entries);
        const [tree, indexTree] = [new TextTree(text, nativeHasher), new TextTree(index, nativeHasher)];
        const right = { text, tree, index, indexTree };
        const { next, demands } = searched(sealed, shown, (known) => indexStep(known, entries.length, right));
        expect(demands).toBeLessThanOrEqual(20);
        if (next.is !== "challenge") throw new Error(`there is no challenge: ${next.is}`);
        const { entries: opening, texts } = next.shown;
        const array = { count: BigInt(entries.length), textLength: BigInt(text.length) };
        const judgement = judgeEntries(
          opened(opening, sealed),
          texts.map((one) => opened(one, text)),
          array,
        );
        expect(judgement).toHaveProperty("ground");
        const message = { challenger: CHALLENGER, datanetId: 1n, segment: 1n, ...next.shown };
        expect(encode("tributary.datanet.v1.MsgChallengeIndex", message).length).toBeLessThan(MOST_BYTES);
      }),
      { numRuns: 25 },
    );
  });

  test("has an entry for each token, so that nothing is found in a right one", () => {
    const { text, index } = segmentInputOf([bytesOf(words("w", 400))], nativeHasher);
    expect(index.length / 4).toBe(tokenize(text).starts.length);
    const [tree, indexTree] = [new TextTree(text, nativeHasher), new TextTree(index, nativeHasher)];
    const step = (known: PartialTree) => indexStep(known, index.length / 4, { text, tree, index, indexTree });
    const known = new PartialTree(textRoot(index), index.length, nativeHasher);
    for (let at = 0; at < index.length; at += 100) known.add(openingOf(index, at, 1, nativeHasher));
    expect(step(known).is).toBe("stuck");
  });
});
