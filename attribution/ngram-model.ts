/**
 * Owns a small completion model: n-grams of unbounded length by suffix array with back-off (after infini-gram, Liu et
 * al., arXiv 2401.17377), over exactly the records of a corpus. It does not own the corpus nor attribution: its answers
 * are attributed from their text alone, as those of any model.
 */
import { createHash } from "node:crypto";
import { sha256 } from "../chain/types/hash.ts";
import { concat, utf8 } from "../proto/bytes.ts";
import type { EncodedText } from "./corpus.ts";
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
    const prompt = corpus.encode(request.prompt);
    let position = this.#first(prompt, request);
    // The prompt's last token has no white space after it yet; it takes that of the place the answer begins at.
    const context: number[] = [...prompt.units.slice(0, -1), corpus.units[(position ?? 0) - 1] ?? -1];
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let count = 1; position !== undefined && count <= request.maxTokens; count++) {
      const unit = corpus.unitText(position);
      if (length + unit.length > request.maxBytes) break;
      parts.push(unit);
      length += unit.length;
      context.push(corpus.units[position]!);
      position = this.#next(context, position, request, count);
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

  /** Where the answer begins: after one of the places of the prompt's longest known end, whose last token ends it. */
  #first(prompt: EncodedText, request: CompletionRequest): number | undefined {
    const { corpus, suffixes } = this.#index;
    const end = prompt.tokens.length;
    for (let order = Math.min(this.#maxOrder, end); order > 0; order--) {
      const { low, high } = this.#index.findTokens(prompt, end - order, end);
      if (low < high) return this.#after(suffixes[low + draw(request, 0, high - low)]! + order - 1);
    }
    return draw(request, 0, corpus.units.length);
  }

  /** Where it goes on after its last token, which was taken from `last`. */
  #next(context: readonly number[], last: number, request: CompletionRequest, count: number): number | undefined {
    const { suffixes } = this.#index;
    const recent = Int32Array.from(context.slice(-this.#maxOrder));
    for (let from = 0; from < recent.length; from++) {
      const { low, high } = this.#index.findUnits(recent.subarray(from));
      const order = recent.length - from;
      if (low < high) return this.#after(suffixes[low + draw(request, count, high - low)]! + order - 1);
    }
    return this.#after(last);
  }

  /** The position after one, or undefined where its record ends. */
  #after(position: number): number | undefined {
    return this.#endsRecord(position) ? undefined : position + 1;
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
