/**
 * Owns what a sealer says of a run of texts, and showing bytes of what it sealed: the segment's text, its suffix array, their
 * roots and openings. The chain never calls it; whoever seals, checks a segment or answers a demand does. It does not own
 * what these mean (opening.ts, suffixes.ts).
 */
import { type Hasher, nobleHasher } from "../../chain/types/hash.ts";
import { tokenize } from "../../chain/types/lexer.ts";
import { TextTree, textRoot } from "../../chain/types/text-tree.ts";
import { compareBytes, concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { SUFFIX_BYTES } from "./limits.ts";
import { chunksOf } from "./opening.ts";

/** A run of texts as a segment has it. */
export interface SegmentInput {
  /** Each text and then one zero byte. */
  readonly text: Uint8Array;
  readonly textRoot: Uint8Array;
  /** The suffix array's bytes. */
  readonly index: Uint8Array;
  readonly indexRoot: Uint8Array;
  readonly indexCount: bigint;
}

const ENTRY_BYTES = 4;

/** What to seal for the texts of a run, in the order of their records. There must be one at least. */
export function segmentInputOf(texts: readonly Uint8Array[], hasher: Hasher = nobleHasher): SegmentInput {
  const text = concat(...texts.flatMap((one) => [one, Uint8Array.of(0)]));
  const index = suffixArrayOf(text);
  return {
    text,
    textRoot: textRoot(text, hasher),
    index,
    indexRoot: textRoot(index, hasher),
    indexCount: BigInt(index.length) / BigInt(ENTRY_BYTES),
  };
}

/** Opens a run of a text's bytes. */
export function openingOf(
  text: Uint8Array,
  start: number,
  length: number,
  hasher: Hasher = nobleHasher,
): Messages["tributary.datanet.v1.TextOpening"] {
  return openingIn(new TextTree(text, hasher), text.length, start, length);
}

/** As `openingOf`, of a text of `textLength` bytes whose tree is there already. */
export function openingIn(
  tree: TextTree,
  textLength: number,
  start: number,
  length: number,
): Messages["tributary.datanet.v1.TextOpening"] {
  const { first, last } = chunksOf(start, length, textLength);
  const { chunks, path } = tree.prove(first, last);
  return { start: BigInt(start), length, chunks, path: [...path] };
}

/** The offsets of all tokens by what follows them, 4 bytes each, big-endian. */
function suffixArrayOf(text: Uint8Array): Uint8Array {
  const { starts } = tokenize(text);
  const suffix = (at: number): Uint8Array => text.subarray(at, at + SUFFIX_BYTES);
  const order = starts.slice().sort((a, b) => compareBytes(suffix(a), suffix(b)) || a - b);
  const bytes = new Uint8Array(order.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  order.forEach((offset, i) => {
    view.setUint32(i * ENTRY_BYTES, offset);
  });
  return bytes;
}
