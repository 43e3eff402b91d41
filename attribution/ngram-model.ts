/**
 * Owns a small completion model: n-grams of unbounded length by suffix array with back-off (after infini-gram, Liu et
 * al., arXiv 2401.17377), over exactly the records of a corpus. It does not own the corpus nor attribution: its answers
 * are attributed from their text alone, as those of any model.
 */
import { createHash } from "node:crypto";
import { sha256 } from "../chain/types/hash.ts";
import { concat, utf8 } from "../proto/bytes.ts";
import type { SpanIndex } from "./span-index.ts";

/** Changes whenever the same weights would be written differently. */
const WEIGHTS_FORMAT = "tributary ngram weights 1\n";

/** How much of what was said the model looks back at, in tokens, unless told otherwise. */
const DEFAULT_MAX_ORDER = 8;

/** What to complete, and how far. */
export interface CompletionRequest {
  readonly prompt: Uint8Array;
  /** The same seed and prompt give the same answer. */
  readonly seed: Uint8Array;
  readonly maxTokens: number;
  readonly maxBytes: number;
}

/** An n-gram model over the records of an index. */
export class NgramModel {
  readonly #index: SpanIndex;
  readonly #maxOrder: number;

  constructor(index: SpanIndex, maxOrder: number = DEFAULT_MAX_ORDER) {
    if (index.corpus.units.length === 0) throw new Error("a model needs at least one token to learn from");
    this.#index = index;
    this.#maxOrder = maxOrder;
  }

  /**
   * The completion, without the prompt. Each token follows one of the places where the longest known end of the text so
   * far stands, at most `maxOrder` tokens of it, drawn by the seed; the answer ends where a record ends, or at a limit.
   */
  complete(request: CompletionRequest): Uint8Array {
    const { corpus } = this.#index;
    const context: number[] = Array.from(corpus.encode(request.prompt).units);
    // The prompt's last token has no white space after it yet, so it is not a unit to look for.
    context.pop();
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let count = 0; count < request.maxTokens; count++) {
      const position = this.#next(context, request, count);
      if (position === undefined) break;
      const unit = corpus.unitText(position);
      if (length + unit.length > request.maxBytes) break;
      parts.push(unit);
      length += unit.length;
      context.push(corpus.units[position]!);
    }
    return trimEnd(concat(...parts));
  }

  /**
   * The weights in their one canonical form: a line naming the format, the longest order, every unit's text, the
   * sequence of units and the suffix array. Integers are 32-bit little-endian.
   */
  *weights(): Generator<Uint8Array> {
    const { corpus, suffixes } = this.#index;
    yield utf8(WEIGHTS_FORMAT);
    yield littleEndian(Int32Array.of(this.#maxOrder, corpus.unitCount, corpus.units.length));
    const examples = new Int32Array(corpus.unitCount).fill(-1);
    corpus.units.forEach((unit, position) => {
      if (examples[unit] === -1) examples[unit] = position;
    });
    for (const position of examples) {
      const text = corpus.unitText(position);
      // A token at the end of a record and one with nothing after it have the same text, and a flag between them.
      yield littleEndian(Int32Array.of((text.length << 1) | (this.#endsRecord(position) ? 1 : 0)));
      yield text;
    }
    yield littleEndian(corpus.units);
    yield littleEndian(suffixes);
  }

  /** The SHA-256 of the weights, 32 bytes: what a registration names. */
  weightsHash(): Uint8Array {
    const hash = createHash("sha256");
    for (const part of this.weights()) hash.update(part);
    return new Uint8Array(hash.digest());
  }

  /** The position of the next token; undefined when every place of the longest known end is the end of a record. */
  #next(context: readonly number[], request: CompletionRequest, count: number): number | undefined {
    const { corpus, suffixes } = this.#index;
    const longest = Math.min(this.#maxOrder, context.length);
    const recent = Int32Array.from(context.slice(context.length - longest));
    for (let order = longest; order > 0; order--) {
      const { low, high } = this.#index.find(recent, longest - order, longest);
      if (low === high) continue;
      const found = suffixes[low + draw(request, count, high - low)]!;
      return this.#endsRecord(found + order - 1) ? undefined : found + order;
    }
    return draw(request, count, corpus.units.length);
  }

  #endsRecord(position: number): boolean {
    const { corpus } = this.#index;
    return position + 1 === corpus.firstPositions[corpus.recordAt(position) + 1];
  }
}

/** A number below `bound`, the same for the same seed, prompt and count. */
function draw({ seed, prompt }: CompletionRequest, count: number, bound: number): number {
  const digest = sha256(concat(littleEndian(Int32Array.of(seed.length, count)), seed, prompt));
  return Buffer.from(digest).readUIntBE(0, 6) % bound;
}

function littleEndian(values: Int32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setInt32(4 * i, value, true);
  });
  return bytes;
}

function trimEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1]! <= 0x20) end--;
  return bytes.subarray(0, end);
}
