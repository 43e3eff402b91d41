/**
 * Owns what a host settles a use with at once: the spans of an output with their proofs, as `MsgSettleUse` carries them. It
 * does not own the search (span-search.ts) nor sending.
 */

import type { Hasher } from "../chain/types/hash.ts";
import { nobleHasher } from "../chain/types/hash.ts";
import { TextTree } from "../chain/types/text-tree.ts";
import { chunksToShow } from "../modules/attribution/span-proof.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { CorpusRecord } from "./corpus.ts";
import type { SpanIndex } from "./span-index.ts";
import { type FoundSpan, type Loadable, type RecordPlace, type SearchOptions, searchSpans } from "./span-search.ts";

export type Span = Messages["tributary.attribution.v1.Span"];

/** The module's parameters that bound a settlement. */
export type SettlementLimits = Pick<Messages["tributary.attribution.v1.Params"], "minSpanTokens" | "maxSpans">;

/**
 * Proves spans against indexed records. Of equal texts the record is cited that the chain calls the owner, by the blocks of
 * the records (`compareRecords`): an index must have them of all its records, or of none where these stand in the chain's
 * order. The records' trees are made when first needed, and kept.
 */
export class SpanProver {
  readonly #segments: readonly Loadable[];
  readonly #hasher: Hasher;
  readonly #trees = new Map<string, TextTree>();

  /** `segments` of all datanets of the use's lineage. */
  constructor(segments: readonly Loadable[], hasher: Hasher = nobleHasher) {
    this.#segments = segments;
    this.#hasher = hasher;
  }

  /** Over one index in memory. */
  static over(index: SpanIndex, hasher: Hasher = nobleHasher): SpanProver {
    return new SpanProver([{ load: () => index }], hasher);
  }

  /**
   * The spans of `output`, in its order and within the limits; the shortest are left out when there are too many. `counts`
   * says which records may be cited now: those of the lineage that may earn. The chain takes no other, and no challenge
   * needs one.
   */
  prove(
    output: Uint8Array,
    { minSpanTokens, maxSpans }: SettlementLimits,
    counts?: SearchOptions["counts"],
  ): readonly Span[] {
    const options = { minTokens: minSpanTokens, maxBytes: output.length, ...(counts && { counts }) };
    return [...searchSpans(this.#segments, output, options)]
      .sort((a, b) => b.tokenCount - a.tokenCount || a.start - b.start)
      .slice(0, maxSpans)
      .sort((a, b) => a.start - b.start)
      .map((span) => this.#prove(span));
  }

  #prove({ start, end, place }: FoundSpan): Span {
    const record = this.#recordOf(place.id);
    const { first, last } = chunksToShow(place.start, end - start, record.text.length);
    return {
      ...{ outputStart: start, length: end - start, record: place.id, recordStart: BigInt(place.start) },
      ...this.#treeOf(record).prove(first, last),
    };
  }

  #recordOf({ datanetId, number }: RecordPlace["id"]): CorpusRecord {
    for (const segment of this.#segments) {
      const { records } = segment.load().corpus;
      const found = records.find((record) => record.number === number && record.datanetId === datanetId);
      if (found !== undefined) return found;
    }
    throw new Error(`record ${datanetId}/${number} was found and is not there`);
  }

  #treeOf({ datanetId, number, text }: CorpusRecord): TextTree {
    const name = `${datanetId}/${number}`;
    const known = this.#trees.get(name);
    if (known !== undefined) return known;
    const tree = new TextTree(text, this.#hasher);
    this.#trees.set(name, tree);
    return tree;
  }
}
