/**
 * Owns a text's fingerprint: winnowing over the tokens of the lexer (Schleimer, Wilkerson, Aiken, "Winnowing: local
 * algorithms for document fingerprinting", 2003), its bytes, and what an opened run of the text says against one that
 * was declared. It does not own which records are compared (keeper/), nor openings (opening.ts).
 *
 * A k-gram is 8 tokens. Its hash is two halves of 32 bits, each made so: FNV-1a over every token's bytes, the 8 results
 * folded by h = h · 31 + token, and the last step of MurmurHash3 (token-hash.ts). The halves differ in FNV's first value. White
 * space does not count. Of every 25 k-grams in a row the least hash is chosen, of equal ones the last. Two texts that
 * share 32 tokens in a row share 25 k-grams, and so the one that is chosen among them.
 *
 * The hash is a fast one, not one against forgers: whoever makes two k-grams collide gains no more than by submitting
 * the k-gram itself.
 */
import { beginsToken, tokenize } from "../../chain/types/lexer.ts";
import { concat } from "../../proto/bytes.ts";
import { GRAM_TOKENS, MAX_FINGERPRINT_ENTRIES, WINDOW_GRAMS } from "./limits.ts";
import type { OpenedText } from "./opening.ts";
import { FNV_BASIS, fnv1a, mix32 } from "./token-hash.ts";

const HASH_BYTES = 8;
const OFFSET_BYTES = 4;
const ENTRY_BYTES = HASH_BYTES + OFFSET_BYTES;
/** The second half of a hash begins elsewhere, so that the halves are two hashes. */
const SECOND_BASIS = 0x9e3779b9;
const FOLD = 31;

/** One k-gram: its hash, and where its first token begins in the text. */
export interface Gram {
  readonly hash: bigint;
  readonly offset: number;
}

/** All k-grams of a text or a run, their hashes in two halves. */
interface Grams {
  readonly count: number;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly offsets: Uint32Array;
}

/** What an opened run of a text says against the fingerprint that was declared for it. */
export type FingerprintFlaw = "missing" | "false" | "unchosen";

/** The fingerprint of a text: the chosen k-grams, one for each hash, and of more than 64 those of the least hashes. */
export function fingerprintOf(text: Uint8Array): Uint8Array {
  const grams = gramsOf(text, 0);
  const byHash = new Map<bigint, Gram>();
  for (const index of chosen(grams, true)) {
    const hash = hashAt(grams, index);
    if (!byHash.has(hash)) byHash.set(hash, { hash, offset: grams.offsets[index]! });
  }
  const entries = [...byHash.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return concat(...entries.slice(0, MAX_FINGERPRINT_ENTRIES).map(encodeEntry));
}

/** Reads declared entries. Gives a sentence for what is no fingerprint of a text of `length` bytes. */
export function readFingerprint(bytes: Uint8Array, length: bigint): readonly Gram[] | { readonly flaw: string } {
  if (bytes.length % ENTRY_BYTES !== 0 || bytes.length > MAX_FINGERPRINT_ENTRIES * ENTRY_BYTES) {
    return { flaw: `fingerprint has ${bytes.length} bytes, not up to ${MAX_FINGERPRINT_ENTRIES} times ${ENTRY_BYTES}` };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const grams: Gram[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const gram = { hash: view.getBigUint64(at), offset: view.getUint32(at + HASH_BYTES) };
    const previous = grams[grams.length - 1];
    if (previous !== undefined && previous.hash >= gram.hash)
      return { flaw: "fingerprint entries are not in ascending order" };
    if (BigInt(gram.offset) >= length)
      return { flaw: `fingerprint entry at byte ${gram.offset} of a text of ${length}` };
    grams.push(gram);
  }
  return grams;
}

/**
 * What a run of whole tokens says against a declared fingerprint; undefined when it says nothing.
 * - "missing": a k-gram that the run's windows choose was not declared, though there was room for it;
 * - "false": at a declared offset stands no token, or another k-gram;
 * - "unchosen": a declared k-gram that no window chooses.
 */
export function judgeFingerprint(run: OpenedText, declared: readonly Gram[]): FingerprintFlaw | undefined {
  const grams = gramsOf(run.bytes, run.start);
  const choices = chosen(grams, run.isFirst && run.isLast);
  const full = declared.length === MAX_FINGERPRINT_ENTRIES;
  const greatest = declared[declared.length - 1];
  const hashes = new Set(declared.map(({ hash }) => hash));
  for (const index of choices) {
    const hash = hashAt(grams, index);
    const hasPlace = !full || greatest === undefined || hash < greatest.hash;
    if (hasPlace && !hashes.has(hash)) return "missing";
  }
  return judgeEntries(run, grams, choices, declared);
}

/** Whether an entry is declared at the first opened byte, and no token begins there: then it is of no k-gram. */
export function declaresNoToken({ start, before, bytes }: OpenedText, declared: readonly Gram[]): boolean {
  return !beginsToken(before, bytes[0]!) && declared.some(({ offset }) => offset === start);
}

function judgeEntries(
  run: OpenedText,
  grams: Grams,
  choices: ReadonlySet<number>,
  declared: readonly Gram[],
): FingerprintFlaw | undefined {
  const { starts } = tokenize(run.bytes);
  const indexOf = new Map(Array.from(starts, (start, index) => [run.start + start, index] as const));
  const end = run.start + run.bytes.length;
  for (const { hash, offset } of declared) {
    if (offset < run.start || offset >= end) continue;
    const index = indexOf.get(offset);
    if (index === undefined) return "false";
    // Fewer than eight tokens of the run are left: it says nothing, unless the text ends there too.
    if (index >= grams.count) {
      if (run.isLast) return "false";
      continue;
    }
    if (hashAt(grams, index) !== hash) return "false";
    const seesLeft = run.isFirst || index >= WINDOW_GRAMS - 1;
    const seesRight = run.isLast || index + WINDOW_GRAMS <= grams.count;
    if (seesLeft && seesRight && !choices.has(index)) return "unchosen";
  }
  return undefined;
}

/** The k-grams of a text or of a run of whole tokens that begins at `start`. */
function gramsOf(bytes: Uint8Array, start: number): Grams {
  const { starts, ends } = tokenize(bytes);
  const count = Math.max(starts.length - GRAM_TOKENS + 1, 0);
  const half = (basis: number): Uint32Array => {
    const tokens = starts.map((from, i) => fnv1a(bytes, from, ends[i]!, basis));
    return new Uint32Array(count).map((_, i) => {
      let hash = 0;
      for (let j = i; j < i + GRAM_TOKENS; j++) hash = (Math.imul(hash, FOLD) + tokens[j]!) | 0;
      return mix32(hash);
    });
  };
  return {
    count,
    high: half(FNV_BASIS),
    low: half(SECOND_BASIS),
    offsets: starts.subarray(0, count).map((from) => start + from),
  };
}

function hashAt({ high, low }: Grams, index: number): bigint {
  return (BigInt(high[index]!) << 32n) | BigInt(low[index]!);
}

/** Whether the hash at `left` is not above that at `right`. */
function isAtMost({ high, low }: Grams, left: number, right: number): boolean {
  return high[left] === high[right] ? low[left]! <= low[right]! : high[left]! < high[right]!;
}

/**
 * The indices that the windows choose. Of fewer k-grams than a window has, the whole text is one window; a part of a
 * text that is as short says nothing.
 */
function chosen(grams: Grams, isWhole: boolean): ReadonlySet<number> {
  const choices = new Set<number>();
  if (grams.count === 0) return choices;
  const width = Math.min(WINDOW_GRAMS, grams.count);
  if (width < WINDOW_GRAMS && !isWhole) return choices;
  let least = -1;
  for (let last = width - 1; last < grams.count; last++) {
    const first = last - width + 1;
    if (least < first) {
      least = first;
      for (let i = first + 1; i <= last; i++) if (isAtMost(grams, i, least)) least = i;
    } else if (isAtMost(grams, last, least)) least = last;
    choices.add(least);
  }
  return choices;
}

function encodeEntry({ hash, offset }: Gram): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  const view = new DataView(entry.buffer);
  view.setBigUint64(0, hash);
  view.setUint32(HASH_BYTES, offset);
  return entry;
}
