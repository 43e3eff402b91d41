/**
 * Owns the search for the place where a sealed index is not the suffix array of its segment's text, which is known: which byte
 * to demand next, and once entries are shown that cannot be, what a challenge of them shows. It does not own what entries
 * say (modules/datanet/suffixes.ts) nor demands and their bonds (segment-watcher.ts).
 *
 * Where an array is right, the entry at i is the i-th token. Between two entries whose ranks are further apart than their
 * places, a token is left out; where they are nearer, two are out of order. Half way between them lies one half for which
 * that is so again, and neighbours of which it is so are shown to the chain.
 */
import { TEXT_CHUNK_BYTES } from "../../chain/types/limits.ts";
import type { TextTree } from "../../chain/types/text-tree.ts";
import { SUFFIX_BYTES } from "../../modules/datanet/limits.ts";
import type { TextOpening } from "../../modules/datanet/opening.ts";
import { openingIn } from "../../modules/datanet/segment-input.ts";
import { compareBytes } from "../../proto/bytes.ts";
import type { PartialTree } from "./partial-tree.ts";
import type { Step } from "./segment-faults.ts";

const ENTRY_BYTES = 4;
const ENTRIES_PER_CHUNK = TEXT_CHUNK_BYTES / ENTRY_BYTES;

/** What shows that a suffix array is none. */
export interface IndexFault {
  readonly entries: TextOpening;
  readonly texts: readonly TextOpening[];
}

/** A segment's text as it should be and was sealed, and its suffix array. */
export interface IndexTruth {
  readonly text: Uint8Array;
  readonly tree: TextTree;
  /** The bytes of the right suffix array. */
  readonly index: Uint8Array;
  readonly indexTree: TextTree;
}

/** An entry whose rank is known. Those before the first and behind the last one are taken for the ends of the right array. */
interface Ranked {
  readonly at: number;
  readonly rank: number;
}

/** The next step against an index of `count` entries that is not the right one. */
export function indexStep(known: PartialTree, count: number, truth: IndexTruth): Step<IndexFault> {
  const search = new IndexSearch(known, count, truth);
  return search.step();
}

class IndexSearch {
  readonly #known: PartialTree;
  readonly #count: number;
  readonly #truth: IndexTruth;
  readonly #order: DataView;
  readonly #tokens: number;

  constructor(known: PartialTree, count: number, truth: IndexTruth) {
    this.#known = known;
    this.#count = count;
    this.#truth = truth;
    this.#order = new DataView(truth.index.buffer, truth.index.byteOffset, truth.index.byteLength);
    this.#tokens = truth.index.length / ENTRY_BYTES;
  }

  step(): Step<IndexFault> {
    const ranked: Ranked[] = [{ at: -1, rank: -1 }];
    for (const [at, offset] of this.#entries()) {
      if (offset >= this.#truth.text.length) return this.#challenge(at, 1, [], `entry ${at} is beyond its text`);
      const rank = this.#rankOf(offset);
      if (rank === undefined) {
        return this.#challenge(at, 1, [this.#textAt(offset, 1)], `entry ${at} is where no token begins`);
      }
      ranked.push({ at, rank });
    }
    ranked.push({ at: this.#count, rank: this.#tokens });
    for (let i = 0; i + 1 < ranked.length; i++) {
      const [left, right] = [ranked[i]!, ranked[i + 1]!];
      const [places, ranks] = [right.at - left.at, right.rank - left.rank];
      if (places === ranks) continue;
      // Nothing lies between neighbours that are both shown; ranks that fall are out of order, whatever lies between.
      return places === 1 ? this.#neighbours(left, right) : this.#demand(left.at + (places >>> 1));
    }
    return this.#unlike();
  }

  /** The entries that are known whole, ascending. */
  *#entries(): Generator<readonly [at: number, offset: number]> {
    for (const chunk of this.#known.shown) {
      const bytes = this.#known.chunk(chunk)!;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let i = 0; i * ENTRY_BYTES < bytes.length; i++) {
        yield [chunk * ENTRIES_PER_CHUNK + i, view.getUint32(i * ENTRY_BYTES)];
      }
    }
  }

  /** Two places next to each other whose ranks are not; one of them may be an end of the array. */
  #neighbours(left: Ranked, right: Ranked): Step<IndexFault> {
    const isFirst = left.at === -1;
    const isLast = right.at === this.#count;
    const shown = [...(isFirst ? [] : [left]), ...(isLast ? [] : [right])];
    const texts = shown.map(({ rank }) => this.#suffixAt(this.#offsetOf(rank)));
    const from = isFirst ? right.at : left.at;
    if (right.rank <= left.rank) return this.#challenge(from, shown.length, texts, `entry ${right.at} is out of order`);
    const missing = this.#suffixAt(this.#offsetOf(left.rank + 1));
    return this.#challenge(from, shown.length, [...texts, missing], `a token is left out before entry ${right.at}`);
  }

  /** As many entries, all that are known in their places: where a hash is not the right one's. */
  #unlike(): Step<IndexFault> {
    const [range] = this.#known.differing(this.#truth.indexTree);
    if (range === undefined) return { is: "stuck", reason: "nothing that was shown of its index is wrong" };
    return this.#demand(
      Math.min(Math.floor(((range.first + range.last + 1) * ENTRIES_PER_CHUNK) / 2), this.#count - 1),
    );
  }

  #challenge(at: number, count: number, texts: readonly TextOpening[], reason: string): Step<IndexFault> {
    const [start, length] = [at * ENTRY_BYTES, count * ENTRY_BYTES];
    const entries = this.#known.open(start, length);
    if (entries !== undefined) return { is: "challenge", shown: { entries, texts }, reason };
    // The bytes before and behind are shown with them: an answer for the first byte has the one before, for the last the one behind.
    const isLacking = (byte: number) => this.#known.chunk(Math.floor(byte / TEXT_CHUNK_BYTES)) === undefined;
    const offset = isLacking(Math.max(start - 1, 0)) ? start : start + length - 1;
    return { is: "demand", offset, number: 0n };
  }

  #demand(at: number): Step<IndexFault> {
    return { is: "demand", offset: at * ENTRY_BYTES, number: 0n };
  }

  #textAt(offset: number, length: number): TextOpening {
    const { tree, text } = this.#truth;
    return openingIn(tree, text.length, offset, length);
  }

  #suffixAt(offset: number): TextOpening {
    return this.#textAt(offset, Math.min(SUFFIX_BYTES, this.#truth.text.length - offset));
  }

  #offsetOf(rank: number): number {
    return this.#order.getUint32(rank * ENTRY_BYTES);
  }

  /** Which token of the right array an offset is; undefined where none begins. */
  #rankOf(offset: number): number | undefined {
    const { text } = this.#truth;
    const suffix = (at: number) => text.subarray(at, at + SUFFIX_BYTES);
    let [low, high] = [0, this.#tokens];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#offsetOf(middle);
      const order = compareBytes(suffix(other), suffix(offset)) || other - offset;
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }
}
