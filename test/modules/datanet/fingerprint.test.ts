/** Fingerprints: what they are, by a second plain implementation, and what openings say against false ones. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { tokenize } from "../../../chain/types/lexer.ts";
import { textRoot } from "../../../chain/types/text-tree.ts";
import {
  declaresNoToken,
  fingerprintOf,
  type Gram,
  judgeFingerprint,
  readFingerprint,
} from "../../../modules/datanet/fingerprint.ts";
import { checkOpening, isTokenRun, type OpenedText, runOf as openedRun } from "../../../modules/datanet/opening.ts";
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { concat } from "../../../proto/bytes.ts";
import { bytesOf, words } from "../../support/datanet-world.ts";

const MASK = 0xffff_ffffn;

/** The definition in modules/datanet/fingerprint.ts, in bigints and without any cleverness. */
function plainHalf(tokens: readonly Uint8Array[], basis: bigint): bigint {
  let folded = 0n;
  for (const token of tokens) {
    let hash = basis;
    for (const byte of token) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & MASK;
    folded = (folded * 31n + hash) & MASK;
  }
  folded = ((folded ^ (folded >> 16n)) * 0x85ebca6bn) & MASK;
  folded = ((folded ^ (folded >> 13n)) * 0xc2b2ae35n) & MASK;
  return folded ^ (folded >> 16n);
}

function plainGrams(text: Uint8Array): Gram[] {
  const { starts, ends } = tokenize(text);
  const tokens = Array.from(starts, (start, i) => text.subarray(start, ends[i]));
  return tokens.slice(0, Math.max(tokens.length - 7, 0)).map((_, i) => {
    const own = tokens.slice(i, i + 8);
    return { hash: (plainHalf(own, 0x811c9dc5n) << 32n) | plainHalf(own, 0x9e3779b9n), offset: starts[i]! };
  });
}

function plainFingerprint(text: Uint8Array): Gram[] {
  const grams = plainGrams(text);
  const width = Math.min(25, grams.length);
  const byHash = new Map<bigint, Gram>();
  for (let first = 0; grams.length > 0 && first + width <= grams.length; first++) {
    const window = grams.slice(first, first + width);
    const least = window.reduce((best, gram) => (gram.hash <= best.hash ? gram : best));
    if (!byHash.has(least.hash)) byHash.set(least.hash, least);
  }
  return [...byHash.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, 64);
}

function read(bytes: Uint8Array): readonly Gram[] {
  const grams = readFingerprint(bytes, 1n << 24n);
  if ("flaw" in grams) throw new Error(grams.flaw);
  return grams;
}

/** A run of whole tokens of a text, from token `from` up to, not including, token `to`. */
function runOf(text: Uint8Array, from: number, to: number): OpenedText {
  const { starts, ends } = tokenize(text);
  const [start, end] = [starts[from]!, ends[to - 1]!];
  return {
    start,
    bytes: text.subarray(start, end),
    before: text[start - 1],
    after: text[end],
    isFirst: from === 0,
    isLast: to === starts.length,
  };
}

/** Texts of few different words, so that k-grams repeat. */
const text = fc
  .array(fc.constantFrom("a", "bb", "c1", "(", ")", "é", "dd "), { maxLength: 300 })
  .map((tokens) => bytesOf(tokens.join(" ")));

describe("a fingerprint", () => {
  test("is what the definition says, for texts of any length", () => {
    fc.assert(
      fc.property(text, (bytes) => {
        expect(read(fingerprintOf(bytes))).toEqual(plainFingerprint(bytes));
      }),
    );
  });

  test("does not change with white space", () => {
    const one = fingerprintOf(bytesOf(words("w", 100)));
    const other = fingerprintOf(bytesOf(words("w", 100).replaceAll(" ", "\n\t ")));
    expect(read(other).map(({ hash }) => hash)).toEqual(read(one).map(({ hash }) => hash));
  });

  test("of two texts that share 32 tokens has an entry of both, unless one has more than 64", () => {
    fc.assert(
      fc.property(fc.nat(150), fc.nat(150), fc.nat(150), (before, after, behind) => {
        const shared = words("shared", 32);
        const one = read(fingerprintOf(bytesOf(`${words("a", before)} ${shared} ${words("b", after)}`)));
        const other = read(fingerprintOf(bytesOf(`${words("c", behind)} ${shared}`)));
        const hashes = new Set(one.map(({ hash }) => hash));
        expect(other.some(({ hash }) => hashes.has(hash))).toBe(true);
      }),
    );
  });

  test("of less than eight tokens is empty", () => {
    expect(fingerprintOf(bytesOf(words("w", 7)))).toEqual(new Uint8Array(0));
    expect(fingerprintOf(bytesOf(words("w", 8)))).toHaveLength(12);
  });

  test("is refused when it is malformed", () => {
    const whole = fingerprintOf(bytesOf(words("w", 200)));
    const flawOf = (bytes: Uint8Array, length = 1n << 24n) => {
      const grams = readFingerprint(bytes, length);
      return "flaw" in grams ? grams.flaw : undefined;
    };
    expect(flawOf(whole)).toBeUndefined();
    expect(flawOf(whole.subarray(1))).toContain("bytes");
    expect(flawOf(new Uint8Array(65 * 12))).toContain("bytes");
    expect(flawOf(new Uint8Array([...whole.subarray(12, 24), ...whole.subarray(0, 12)]))).toContain("ascending");
    expect(flawOf(new Uint8Array([...whole.subarray(0, 12), ...whole.subarray(0, 12)]))).toContain("ascending");
    expect(flawOf(whole, 10n)).toContain("of a text of 10");
  });
});

describe("an opened run", () => {
  test("never contradicts a true fingerprint", () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (bytes, one, other) => {
        const count = tokenize(bytes).starts.length;
        fc.pre(count > 0);
        const from = one % count;
        const to = from + 1 + (other % (count - from));
        expect(judgeFingerprint(runOf(bytes, from, to), read(fingerprintOf(bytes)))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("of bytes of any text says nothing against a true fingerprint, whatever white space stands at its ends", () => {
    const space = fc.constantFrom("", " ", "\n\n", " ".repeat(200), " ".repeat(400));
    let judged = 0;
    fc.assert(
      fc.property(text, space, space, fc.nat(), fc.nat(), (middle, before, behind, one, other) => {
        const bytes = concat(bytesOf(before), middle, bytesOf(behind));
        fc.pre(bytes.length > 0);
        const start = one % 3 === 0 ? 0 : one % bytes.length;
        const length = other % 3 === 0 ? bytes.length - start : 1 + (other % (bytes.length - start));
        const declared = read(fingerprintOf(bytes));
        const shown = openedRun(bytes, start, length);
        expect(declaresNoToken(shown, declared)).toBe(false);
        if (!isTokenRun(shown)) return;
        judged++;
        expect(judgeFingerprint(shown, declared)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
    expect(judged).toBeGreaterThan(20);
  });

  test("is what an opening of it shows", () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (bytes, one, other) => {
        fc.pre(bytes.length > 0);
        const start = one % bytes.length;
        const length = 1 + (other % (bytes.length - start));
        const root = { root: textRoot(bytes), length: BigInt(bytes.length) };
        expect(openedRun(bytes, start, length)).toEqual(
          checkOpening(openingOf(bytes, start, length), root, nobleHasher),
        );
      }),
    );
  });

  const bytes = bytesOf(words("w", 300));
  const truth = read(fingerprintOf(bytes));

  test("of 32 tokens shows an entry that was left out, whichever it is", () => {
    const count = tokenize(bytes).starts.length;
    for (const hidden of truth) {
      const declared = truth.filter((gram) => gram !== hidden);
      const found = Array.from({ length: count - 31 }, (_, from) =>
        judgeFingerprint(runOf(bytes, from, from + 32), declared),
      );
      expect(found).toContain("missing");
    }
  });

  test("shows that nothing at all was declared, or another text's fingerprint", () => {
    const run = runOf(bytes, 100, 132);
    expect(judgeFingerprint(run, [])).toBe("missing");
    expect(judgeFingerprint(run, read(fingerprintOf(bytesOf(words("x", 300)))))).toBe("missing");
  });

  test("shows an entry that is not there, at a token and beside one", () => {
    const whole = runOf(bytes, 0, 300);
    const at = truth[0]!;
    const sorted = (grams: readonly Gram[]) => [...grams].sort((a, b) => (a.hash < b.hash ? -1 : 1));
    expect(judgeFingerprint(whole, sorted([...truth, { hash: at.hash + 1n, offset: at.offset }]))).toBe("false");
    expect(judgeFingerprint(whole, sorted([...truth, { hash: 1n, offset: at.offset + 1 }]))).toBe("false");
    expect(judgeFingerprint(whole, sorted([...truth, { hash: 1n, offset: bytes.length - 1 }]))).toBe("false");
  });

  test("shows an entry that no window chooses, of the novel part of a copy", () => {
    const known = new Set(truth.map(({ hash }) => hash));
    const unchosen = plainGrams(bytes).filter(({ hash }) => !known.has(hash));
    for (const gram of unchosen.slice(30, 250).filter((_, i) => i % 20 === 0)) {
      const declared = [...truth, gram].sort((a, b) => (a.hash < b.hash ? -1 : 1));
      expect(judgeFingerprint(runOf(bytes, 0, 300), declared)).toBe("unchosen");
    }
  });

  test("of a long text asks for nothing above the greatest of 64 entries", () => {
    const long = bytesOf(words("v", 3000));
    const declared = read(fingerprintOf(long));
    expect(declared).toHaveLength(64);
    for (let from = 0; from < 2900; from += 61)
      expect(judgeFingerprint(runOf(long, from, from + 90), declared)).toBeUndefined();
  });
});
