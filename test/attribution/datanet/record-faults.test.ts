/** What is found false about records is what the chain strikes them for, and of honest ones nothing is found. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Corpus } from "../../../attribution/corpus.ts";
import { fingerprintFault } from "../../../attribution/datanet/fingerprint-faults.ts";
import { copiedRun, copyCandidates, leastCopied } from "../../../attribution/datanet/near-copies.ts";
import { copyChallenge, fingerprintChallenge } from "../../../attribution/datanet/record-challenges.ts";
import { SpanIndex } from "../../../attribution/span-index.ts";
import { fingerprintOf } from "../../../modules/datanet/fingerprint.ts";
import { encode } from "../../../proto/codec.ts";
import { bytesOf, DatanetWorld, record, words } from "../../support/datanet-world.ts";

const MOST_BYTES = 8192;
const NOVELTY = 300_000;
let world: DatanetWorld;
let texts = 0;

beforeAll(() => {
  world = new DatanetWorld();
});

/** Words that no other text has, with white space that may be long before, between and behind them. */
const spacedWords = fc.record({
  count: fc.integer({ min: 8, max: 300 }),
  gap: fc.constantFrom(" ", "\n\n", " ( "),
  before: fc.constantFrom("", "  ", " ".repeat(300)),
  behind: fc.constantFrom("", "\n", " ".repeat(300)),
});

function textOf({
  count,
  gap,
  before,
  behind,
}: {
  count: number;
  gap: string;
  before: string;
  behind: string;
}): string {
  return `${before}${words(`t${texts++}x`, count).replaceAll(" ", gap)}${behind}`;
}

/** Entries as numbers, so that a test can change them. */
function entriesOf(bytes: Uint8Array): { hash: bigint; offset: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 12 }, (_, i) => ({
    hash: view.getBigUint64(i * 12),
    offset: view.getUint32(i * 12 + 8),
  }));
}

function bytesOfEntries(entries: readonly { hash: bigint; offset: number }[]): Uint8Array {
  const ascending = [...new Map(entries.map((entry) => [entry.hash, entry])).values()].sort((a, b) =>
    a.hash < b.hash ? -1 : 1,
  );
  const bytes = new Uint8Array(ascending.length * 12);
  const view = new DataView(bytes.buffer);
  for (const [i, { hash, offset }] of ascending.entries()) {
    view.setBigUint64(i * 12, hash);
    view.setUint32(i * 12 + 8, offset);
  }
  return bytes;
}

describe("a fingerprint", () => {
  const lie = fc.record({
    kind: fc.constantFrom("left out", "made up", "moved", "all left out"),
    place: fc.nat(),
    hash: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  });

  test("that is the text's own has no fault; with any entry changed it has one, and the chain strikes it", () => {
    fc.assert(
      fc.property(spacedWords, lie, (shape, { kind, place, hash }) => {
        const text = textOf(shape);
        const bytes = bytesOf(text);
        const honest = fingerprintOf(bytes);
        expect(fingerprintFault(bytes, honest)).toBeUndefined();
        const entries = entriesOf(honest);
        const changed = entries[place % entries.length]!;
        const offset = place % bytes.length;
        const lied = {
          "left out": entries.filter((entry) => entry !== changed),
          "made up": [...entries, { hash, offset }],
          moved: entries.map((entry) =>
            entry === changed ? { ...entry, offset: (entry.offset + 1 + place) % bytes.length } : entry,
          ),
          "all left out": [],
        }[kind];
        const declared = bytesOfEntries(lied);
        fc.pre(!Buffer.from(declared).equals(honest));
        const fault = fingerprintFault(bytes, declared);
        // Moved to another place of the same k-gram it would be as true; these texts have none twice.
        expect(fault).toBeDefined();
        const number = world.contribute("bob", record(text, { fingerprint: declared }));
        const at = { challenger: world.address("carol"), datanetId: 1n, number };
        const { value } = fingerprintChallenge(at, bytes, fault!.run);
        const result = world.ok("carol", "MsgChallengeFingerprint", value as object);
        expect(world.events(result, "fingerprint_slashed")[0]).toMatchObject({ ground: fault!.flaw });
      }),
      { numRuns: 60 },
    );
  });

  test("declared where no token begins is false, also before the first one, behind the last, and in a text without any", () => {
    for (const text of [`  ${words("early", 40)}`, `${words("late", 40)}  \n`, "   ", `${words("mid", 40)}`]) {
      const bytes = bytesOf(text);
      const offset = text.startsWith(" ") ? 0 : bytes.length - 1;
      const declared = bytesOfEntries([...entriesOf(fingerprintOf(bytes)), { hash: BigInt(offset) + 77n, offset }]);
      const fault = fingerprintFault(bytes, declared);
      expect(fault).toEqual({ run: { start: offset, length: 1 }, flaw: "false" });
      const number = world.contribute("bob", record(text, { fingerprint: declared }));
      const at = { challenger: world.address("carol"), datanetId: 1n, number };
      world.ok("carol", "MsgChallengeFingerprint", fingerprintChallenge(at, bytes, fault!.run).value as object);
    }
  });
});

describe("a copy", () => {
  /** Words of the original from one to another, among words of its own. */
  const copied = fc.record({
    length: fc.integer({ min: 40, max: 500 }),
    from: fc.double({ min: 0, max: 0.9, noNaN: true }),
    part: fc.double({ min: 0.1, max: 1, noNaN: true }),
    before: fc.nat(120),
    behind: fc.nat(120),
  });

  function indexOf(texts: readonly string[]) {
    const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: bytesOf(text), height: 1n }));
    const index = new SpanIndex(Corpus.of(records));
    return [{ datanetId: 1n, firstNumber: 1n, lastNumber: BigInt(texts.length), load: () => index }];
  }

  test("is found just when one run of it is over the limit, in the record that has it, and the chain strikes it", () => {
    fc.assert(
      fc.property(copied, ({ length, from, part, before, behind }) => {
        const id = texts++;
        const all = words(`o${id}x`, length).split(" ");
        const first = Math.floor(from * length);
        const run = all.slice(first, first + Math.max(1, Math.floor(part * length))).join(" ");
        const [head, tail] = [words(`h${id}x`, before), words(`e${id}x`, behind)];
        const [original, copy] = [all.join(" "), [head, run, tail].filter((one) => one !== "").join(" ")];
        fc.pre(original !== copy);
        const least = leastCopied(copy.length, NOVELTY);
        const isOver = run.length * 10 > copy.length * 7;
        const isWhole = before === 0 && behind === 0;
        const isLong = run.split(" ").length >= 32;
        const found = copiedRun(bytesOf(copy), bytesOf(original), least);
        expect(found !== undefined).toBe(isOver && (isLong || isWhole));
        const segments = indexOf([words(`a${id}x`, 60), original, copy]);
        const candidates = copyCandidates(segments, bytesOf(copy), least, (number) => number !== 3n);
        if (found === undefined) return;
        expect(candidates).toEqual([2n]);
        const earlier = world.contribute("ann", original);
        const number = world.contribute("bob", record(copy, { fingerprint: new Uint8Array(0) }));
        const at = { challenger: world.address("carol"), datanetId: 1n, number, earlier };
        const { value } = copyChallenge(at, { copy: bytesOf(copy), original: bytesOf(original) }, found);
        const result = world.ok("carol", "MsgChallengeDuplicate", value as object);
        expect(world.events(result, "duplicate_slashed")[0]).toMatchObject({ ground: "copied" });
      }),
      { numRuns: 60 },
    );
  });

  test("of nine thousand bytes is shown in a message of eight thousand, since the run is sent once", () => {
    const original = words("long", 1500);
    const copy = original.slice(0, original.indexOf(" long1150 "));
    expect(copy.length).toBeGreaterThan(9000);
    const run = copiedRun(bytesOf(copy), bytesOf(original), leastCopied(copy.length, NOVELTY))!;
    const earlier = world.contribute("ann", original);
    const number = world.contribute("bob", record(copy, { fingerprint: new Uint8Array(0) }));
    const at = { challenger: world.address("carol"), datanetId: 1n, number, earlier };
    const message = copyChallenge(at, { copy: bytesOf(copy), original: bytesOf(original) }, run);
    expect(encode("tributary.datanet.v1.MsgChallengeDuplicate", message.value as never).length).toBeLessThan(
      MOST_BYTES,
    );
    world.ok("carol", "MsgChallengeDuplicate", message.value as object);
  });
});
