/**
 * Owns finding what is false about a declared fingerprint, given the text: the shortest run of the text that shows it. It
 * does not own what a run says against a fingerprint (modules/datanet/fingerprint.ts), which is asked here before anything
 * is sent, nor sending (record-watcher.ts).
 */
import { type Tokens, tokenize } from "../../chain/types/lexer.ts";
import { TEXT_CHUNK_BYTES } from "../../chain/types/limits.ts";
import {
  declaresNoToken,
  type FingerprintFlaw,
  fingerprintOf,
  type Gram,
  judgeFingerprint,
  readFingerprint,
} from "../../modules/datanet/fingerprint.ts";
import { GRAM_TOKENS, MAX_OPENING_BYTES, WINDOW_GRAMS } from "../../modules/datanet/limits.ts";
import { isTokenRun, runOf } from "../../modules/datanet/opening.ts";
import { equalBytes } from "../../proto/bytes.ts";

/** Bytes of a text. */
export interface TextRun {
  readonly start: number;
  readonly length: number;
}

/** A run that contradicts a fingerprint, and how. */
export interface FingerprintFault {
  readonly run: TextRun;
  readonly flaw: FingerprintFlaw;
}

/** What is wrong with the entries declared for a text; undefined for nothing that one opening can show. */
export function fingerprintFault(text: Uint8Array, entries: Uint8Array): FingerprintFault | undefined {
  const honest = fingerprintOf(text);
  if (equalBytes(honest, entries)) return undefined;
  const [declared, truth] = [gramsOf(entries, text), gramsOf(honest, text)];
  for (const run of suspects(text, tokenize(text), declared, truth)) {
    if (run.length > MAX_OPENING_BYTES) continue;
    const shown = runOf(text, run.start, run.length);
    if (declaresNoToken(shown, declared)) return { run, flaw: "false" };
    const flaw = isTokenRun(shown) ? judgeFingerprint(shown, declared) : undefined;
    if (flaw !== undefined) return { run, flaw };
  }
  return undefined;
}

function gramsOf(entries: Uint8Array, text: Uint8Array): readonly Gram[] {
  const grams = readFingerprint(entries, BigInt(text.length));
  if ("flaw" in grams) throw new Error(grams.flaw);
  return grams;
}

/** The runs that may show something, the short ones of each entry first. */
function* suspects(
  text: Uint8Array,
  tokens: Tokens,
  declared: readonly Gram[],
  truth: readonly Gram[],
): Generator<TextRun> {
  const { starts } = tokens;
  const indexOf = new Map(Array.from(starts, (start, index) => [start, index] as const));
  const own = new Map(truth.map(({ hash, offset }) => [hash, offset]));
  for (const { hash, offset } of declared) {
    if (own.get(hash) === offset) continue;
    const index = indexOf.get(offset);
    if (index === undefined) yield { start: offset, length: 1 };
    else {
      yield tokensRun(text, tokens, index, index + GRAM_TOKENS);
      // Every window that could choose it.
      yield tokensRun(text, tokens, index - (WINDOW_GRAMS - 1), index + WINDOW_GRAMS + GRAM_TOKENS - 1);
    }
  }
  const hashes = new Set(declared.map(({ hash }) => hash));
  for (const { hash, offset } of truth) {
    if (hashes.has(hash)) continue;
    const index = indexOf.get(offset)!;
    for (let first = Math.max(0, index - (WINDOW_GRAMS - 1)); first <= index; first++) {
      yield tokensRun(text, tokens, first, first + WINDOW_GRAMS + GRAM_TOKENS - 1);
    }
  }
}

/** The tokens from one up to another, as far as the text has them; with white space where a chunk could not show that nothing else is there. */
function tokensRun(text: Uint8Array, { starts, ends }: Tokens, from: number, to: number): TextRun {
  const [first, last] = [Math.max(from, 0), Math.min(to, starts.length) - 1];
  const [begin, end] = [starts[first]!, ends[last]!];
  const start = first === 0 && begin > TEXT_CHUNK_BYTES ? 0 : begin;
  const isOpenEnd = last === starts.length - 1 && text.length - end > TEXT_CHUNK_BYTES;
  return { start, length: (isOpenEnd ? text.length : end) - start };
}
