/**
 * Owns the check of one span: that its bytes stand in the output and, by Merkle path, in the record, and that it begins
 * and ends where tokens begin and end in both. It does not own which records may be cited, the order of spans, nor
 * payment (keeper.ts). It cannot see whether a longer span or an earlier record exists; README.md says so.
 */

import { type Hasher, nobleHasher } from "../../chain/types/hash.ts";
import { beginsToken, countTokens, endsToken } from "../../chain/types/lexer.ts";
import { TEXT_CHUNK_BYTES } from "../../chain/types/limits.ts";
import { chunkCount, chunkOf, verifyChunks } from "../../chain/types/text-tree.ts";
import { compareBytes } from "../../proto/bytes.ts";
import { MAX_PATH_HASHES } from "./limits.ts";

/** A span with its proof; offsets and lengths in bytes. */
export interface SpanProof {
  readonly outputStart: number;
  readonly length: number;
  readonly recordStart: number;
  /** The chunks that hold the span, the byte before it and the byte after it, as far as the record has these. */
  readonly chunks: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** What a record commits to. */
export interface RecordCommitment {
  /** Length of the text in bytes. */
  readonly length: number;
  readonly textRoot: Uint8Array;
}

/** How many tokens the span has, or one sentence saying why it is refused. */
export type SpanCheck = { readonly tokens: number } | { readonly flaw: string };

/** The first and last chunk a proof of the span must show: those of the span and of one byte on either side. */
export function chunksToShow(
  recordStart: number,
  length: number,
  recordLength: number,
): { readonly first: number; readonly last: number } {
  return {
    first: chunkOf(Math.max(recordStart - 1, 0)),
    last: chunkOf(Math.min(recordStart + length, recordLength - 1)),
  };
}

/** How many hashes checking the span takes, counted before any is made: what gas is charged for. */
export function hashesToCheck(span: SpanProof): number {
  return 2 * chunkCount(span.chunks.length) + span.path.length;
}

/** Checks one span of `output` against the record it cites. */
export function checkSpan(
  output: Uint8Array,
  span: SpanProof,
  record: RecordCommitment,
  hasher: Hasher = nobleHasher,
): SpanCheck {
  const { outputStart, length, recordStart } = span;
  const outputEnd = outputStart + length;
  const recordEnd = recordStart + length;
  if (length === 0) return { flaw: "it is empty" };
  if (outputEnd > output.length) return { flaw: `it ends at byte ${outputEnd} of an output of ${output.length}` };
  if (recordEnd > record.length) return { flaw: `it ends at byte ${recordEnd} of a record of ${record.length}` };
  if (span.path.length > MAX_PATH_HASHES) return { flaw: `its path has more than ${MAX_PATH_HASHES} hashes` };
  if (!beginsToken(output[outputStart - 1], output[outputStart]!)) {
    return { flaw: "it does not begin where a token of the output begins" };
  }
  if (!endsToken(output[outputEnd - 1]!, output[outputEnd])) {
    return { flaw: "it does not end where a token of the output ends" };
  }
  const { first, last } = chunksToShow(recordStart, length, record.length);
  const shown = Math.min((last + 1) * TEXT_CHUNK_BYTES, record.length) - first * TEXT_CHUNK_BYTES;
  if (span.chunks.length !== shown) {
    return { flaw: `chunks ${first} to ${last} of the record have ${shown} bytes, not ${span.chunks.length}` };
  }
  const start = recordStart - first * TEXT_CHUNK_BYTES;
  const end = start + length;
  if (compareBytes(span.chunks.subarray(start, end), output.subarray(outputStart, outputEnd)) !== 0) {
    return { flaw: "its bytes in the output and in the record differ" };
  }
  // The byte before the span is shown unless the record begins with the span, and likewise after it.
  if (!beginsToken(start === 0 ? undefined : span.chunks[start - 1], span.chunks[start]!)) {
    return { flaw: "it does not begin where a token of the record begins" };
  }
  if (!endsToken(span.chunks[end - 1]!, span.chunks[end])) {
    return { flaw: "it does not end where a token of the record ends" };
  }
  if (!verifyChunks(record.textRoot, record.length, first, span.chunks, span.path, hasher)) {
    return { flaw: "its path does not lead from its chunks to the record's text root" };
  }
  return { tokens: countTokens(output, outputStart, outputEnd) };
}
