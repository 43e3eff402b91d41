/**
 * Owns the search for the place where a sealed text differs from its records: which byte to demand next, and once it is shown,
 * what a challenge of it shows. Every answer tells all hashes beside its path, so that each demand halves what is left at
 * least. It does not own the index (index-faults.ts) nor demands and their bonds (segment-watcher.ts).
 */
import { TEXT_CHUNK_BYTES } from "../../chain/types/limits.ts";
import type { TextTree } from "../../chain/types/text-tree.ts";
import type { TextOpening } from "../../modules/datanet/opening.ts";
import { openingOf } from "../../modules/datanet/segment-input.ts";
import type { ChunkRange, PartialTree } from "./partial-tree.ts";

/** A record's place in a segment. */
export interface PlacedText {
  readonly number: bigint;
  /** Where it begins in the segment. */
  readonly offset: number;
  readonly text: Uint8Array;
  /** Whether its bytes may be demanded and shown. */
  readonly isEarning: boolean;
}

/** What to do next about a part of a segment. `Shown` is what its challenge shows. */
export type Step<Shown> =
  | { readonly is: "challenge"; readonly shown: Shown; readonly reason: string }
  /** `number` is the record of the byte; 0 in the suffix array. */
  | { readonly is: "demand"; readonly offset: number; readonly number: bigint }
  | { readonly is: "stuck"; readonly reason: string };

/** What shows that a segment and a record differ. */
export interface TextFault {
  readonly number: bigint;
  readonly record: TextOpening;
  readonly sealed: TextOpening;
}

/** The next step against a sealed text that is not `truth`, the text of the records in their order. */
export function textStep(
  known: PartialTree,
  truth: { readonly text: Uint8Array; readonly tree: TextTree; readonly records: readonly PlacedText[] },
): Step<TextFault> {
  const { text, tree, records } = truth;
  let asked: Step<TextFault> | undefined;
  for (const chunk of known.shown) {
    for (const at of differences(known.chunk(chunk)!, text, chunk * TEXT_CHUNK_BYTES)) {
      const record = records.find(({ offset, text: { length } }) => offset <= at && at <= offset + length)!;
      if (!record.isEarning) continue;
      const sealed = known.open(at, 1);
      if (sealed !== undefined) return shownFault(record, at - record.offset, sealed);
      // An answer that holds the byte shows the ones beside it too.
      asked ??= { is: "demand", offset: at, number: record.number };
    }
  }
  if (asked !== undefined) return asked;
  for (const range of known.differing(tree)) {
    const place = demandable(range, records);
    if (place !== undefined) return { is: "demand", ...place };
  }
  return { is: "stuck", reason: "it differs only where texts may no longer be shown" };
}

function shownFault(record: PlacedText, at: number, sealed: TextOpening): Step<TextFault> {
  const { number, text } = record;
  // Behind every record stands one zero byte, which no opening of the record shows.
  const isBehind = at === text.length;
  const opening = isBehind
    ? { start: BigInt(at), length: 0, chunks: new Uint8Array(0), path: [] }
    : openingOf(text, at, 1);
  const reason = isBehind
    ? `it has no zero byte behind record ${number}`
    : `it differs from record ${number} at byte ${at}`;
  return { is: "challenge", shown: { number, record: opening, sealed }, reason };
}

/** Where a chunk that begins at `from` differs from a text. */
function* differences(chunk: Uint8Array, text: Uint8Array, from: number): Generator<number> {
  for (let i = 0; i < chunk.length; i++) if (chunk[i] !== text[from + i]) yield from + i;
}

/** A byte of these chunks that may be demanded, in their middle if one is there. */
function demandable(
  { first, last }: ChunkRange,
  records: readonly PlacedText[],
): { readonly offset: number; readonly number: bigint } | undefined {
  const [from, to] = [first * TEXT_CHUNK_BYTES, (last + 1) * TEXT_CHUNK_BYTES - 1];
  const middle = Math.floor((from + to) / 2);
  let best: { readonly offset: number; readonly number: bigint } | undefined;
  for (const { number, offset, text, isEarning } of records) {
    const [low, high] = [Math.max(from, offset), Math.min(to, offset + text.length)];
    if (!isEarning || low > high) continue;
    const nearest = Math.min(Math.max(middle, low), high);
    if (best === undefined || Math.abs(nearest - middle) < Math.abs(best.offset - middle))
      best = { number, offset: nearest };
  }
  return best;
}
