/**
 * Owns what a host settles a use with: the spans of an output with their proofs, as `MsgSettleUse` carries them. It does
 * not own the search (span-index.ts) nor sending.
 */

import type { Hasher } from "../chain/types/hash.ts";
import { nobleHasher } from "../chain/types/hash.ts";
import { TextTree } from "../chain/types/text-tree.ts";
import { chunksToShow } from "../modules/attribution/span-proof.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { MatchedSpan, SpanIndex } from "./span-index.ts";

export type Span = Messages["tributary.attribution.v1.Span"];

/** The module's parameters that bound a settlement. */
export type SettlementLimits = Pick<Messages["tributary.attribution.v1.Params"], "minSpanTokens" | "maxSpans">;

/**
 * Proves spans against the records of an index. The records' trees are made when first needed, and kept. Of equal texts the
 * record with the smallest datanet and number is cited: the index's records must have been claimed in that order, as those
 * of one datanet are that came without commitments.
 */
export class SpanProver {
  readonly #index: SpanIndex;
  readonly #hasher: Hasher;
  readonly #trees = new Map<number, TextTree>();

  constructor(index: SpanIndex, hasher: Hasher = nobleHasher) {
    this.#index = index;
    this.#hasher = hasher;
  }

  /** The spans of `output`, in its order and within the limits; the shortest are left out when there are too many. */
  prove(output: Uint8Array, { minSpanTokens, maxSpans }: SettlementLimits): readonly Span[] {
    const matched = [...this.#index.match(output, minSpanTokens)]
      .sort((a, b) => b.tokenCount - a.tokenCount || a.firstToken - b.firstToken)
      .slice(0, maxSpans)
      .sort((a, b) => a.firstToken - b.firstToken);
    const { starts, ends } = this.#index.corpus.encode(output);
    return matched.map((span) => {
      const start = starts[span.firstToken]!;
      return this.#proveSpan(span, start, ends[span.firstToken + span.tokenCount - 1]! - start);
    });
  }

  #proveSpan(span: MatchedSpan, outputStart: number, length: number): Span {
    const { corpus } = this.#index;
    const index = corpus.recordAt(span.position);
    const record = corpus.records[index]!;
    const recordStart = corpus.starts[span.position]!;
    const { first, last } = chunksToShow(recordStart, length, record.text.length);
    return {
      outputStart,
      length,
      record: { datanetId: record.datanetId, number: record.number },
      recordStart: BigInt(recordStart),
      ...this.#treeOf(index).prove(first, last),
    };
  }

  #treeOf(index: number): TextTree {
    const known = this.#trees.get(index);
    if (known !== undefined) return known;
    const tree = new TextTree(this.#index.corpus.records[index]!.text, this.#hasher);
    this.#trees.set(index, tree);
    return tree;
  }
}
