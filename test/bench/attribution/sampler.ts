// A source of outputs of which it is known where every token came from: an n-gram sampler that copies. Owns nothing of how
// outputs are attributed.

import type { SpanIndex } from "../../../attribution/span-index.ts";
import { concat } from "../../../proto/bytes.ts";
import type { Random } from "../../sim/random.ts";

/** An output with the record that each of its tokens was copied from, as an index of the corpus's records. */
export interface SampledOutput {
  readonly output: Uint8Array;
  readonly sources: readonly number[];
  /** The positions in the corpus that the tokens were copied from. */
  readonly units: readonly number[];
}

/** Shorter outputs are thrown away: they began near the end of a record. */
const fewestTokens = 16;

/**
 * Begins with a token anywhere, then always copies the token that follows one of the places, each as likely, where the last
 * `order - 1` tokens stand. It ends where that is the end of a record, or with `maxTokens` tokens.
 */
export function sample(index: SpanIndex, order: number, maxTokens: number, random: Random): SampledOutput {
  const { corpus, suffixes } = index;
  for (;;) {
    let position = random.below(corpus.units.length);
    const units = [position];
    while (units.length < maxTokens) {
      const context = Int32Array.from(units.slice(1 - order), (at) => corpus.units[at]!);
      const { low, high } = index.findUnits(context);
      position = suffixes[low + random.below(high - low)]! + context.length;
      const record = corpus.recordAt(position - 1);
      if (position === corpus.firstPositions[record + 1]) break;
      units.push(position);
    }
    if (units.length < fewestTokens) continue;
    const output = concat(...units.map((at) => corpus.unitText(at)));
    return { output, sources: units.map((at) => corpus.recordAt(at)), units };
  }
}
