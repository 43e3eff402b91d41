/**
 * Owns records as sequences of numbered tokens: flat typed arrays over all texts, in the order of the records. It does
 * not own the lexer (chain/types/lexer.ts) nor searching (span-index.ts).
 *
 * A span must agree byte for byte, white space included. So the sequence is one of units: a token with the white space
 * after it. Units of one token are numbered next to each other, which lets a search compare the last token of a span
 * without its white space.
 */
import { type Tokens, tokenize } from "../chain/types/lexer.ts";

/** One text with its place on the chain. */
export interface CorpusRecord {
  readonly datanetId: bigint;
  /** The record's number in the datanet. */
  readonly number: bigint;
  readonly text: Uint8Array;
}

/** Stands for the end of a record, where no white space is. No text has it. */
const END = "end";

/** Texts as units. Positions count units over all records, so a smaller position is in an earlier record. */
export class Corpus {
  readonly records: readonly CorpusRecord[];
  /** The unit at each position. */
  readonly units: Int32Array;
  /** How many different units there are. */
  readonly unitCount: number;
  /** The token of each unit. */
  readonly tokenOfUnit: Int32Array;
  /** The position of each record's first token; one more entry at the end holds the number of positions. */
  readonly firstPositions: Uint32Array;
  /** Where the token at each position begins in its record, in bytes. */
  readonly starts: Uint32Array;
  /** Where it ends, in bytes. */
  readonly ends: Uint32Array;
  readonly #tokenIds: ReadonlyMap<string, number>;
  readonly #unitIds: ReadonlyMap<number, number>;
  readonly #gapIds: ReadonlyMap<string, number>;

  /** `records` in ascending order of datanet and number: the earliest owner of a span is found by position. */
  constructor(records: readonly CorpusRecord[]) {
    for (let i = 1; i < records.length; i++) {
      const [left, right] = [records[i - 1]!, records[i]!];
      const ascending =
        left.datanetId < right.datanetId || (left.datanetId === right.datanetId && left.number < right.number);
      if (!ascending) throw new Error(`record ${right.datanetId}/${right.number} is out of order`);
    }
    this.records = records;
    const lexed = records.map((record) => tokenize(record.text));
    const total = lexed.reduce((sum, { starts }) => sum + starts.length, 0);
    this.starts = new Uint32Array(total);
    this.ends = new Uint32Array(total);
    this.firstPositions = new Uint32Array(records.length + 1).fill(total);
    const tokenIds = new Map<string, number>();
    const gapIds = new Map<string, number>([[END, 0]]);
    const tokens = new Int32Array(total);
    const gaps = new Int32Array(total);
    let position = 0;
    records.forEach(({ text }, record) => {
      const { starts, ends } = lexed[record]!;
      this.firstPositions[record] = position;
      this.starts.set(starts, position);
      this.ends.set(ends, position);
      forEachUnit(text, { starts, ends }, (token, gap) => {
        tokens[position] = numberOf(tokenIds, token);
        gaps[position++] = numberOf(gapIds, gap);
      });
    });
    const { units, unitIds, tokenOfUnit } = numberUnits(tokens, gaps, gapIds.size);
    this.units = units;
    this.unitCount = unitIds.size;
    this.tokenOfUnit = tokenOfUnit;
    this.#tokenIds = tokenIds;
    this.#unitIds = unitIds;
    this.#gapIds = gapIds;
  }

  /** The record that holds a position, as an index of `records`. */
  recordAt(position: number): number {
    let [low, high] = [0, this.records.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.firstPositions[middle]! <= position) low = middle;
      else high = middle;
    }
    // Records without a token share their first position with the next one; the last of them holds it.
    return low;
  }

  /** The bytes from the token at `position` to the beginning of the next token of the record, or to its end. */
  unitText(position: number): Uint8Array {
    const record = this.recordAt(position);
    const isLast = position + 1 === this.firstPositions[record + 1];
    const { text } = this.records[record]!;
    return text.subarray(this.starts[position], isLast ? this.ends[position] : this.starts[position + 1]);
  }

  /** Another text in the numbers of this corpus; -1 for a token or unit that the corpus does not have. */
  encode(text: Uint8Array): EncodedText {
    const bounds = tokenize(text);
    const tokens = new Int32Array(bounds.starts.length);
    const units = new Int32Array(bounds.starts.length);
    let i = 0;
    forEachUnit(text, bounds, (token, gap) => {
      const tokenId = this.#tokenIds.get(token) ?? -1;
      const gapId = this.#gapIds.get(gap) ?? -1;
      tokens[i] = tokenId;
      units[i++] = tokenId < 0 || gapId < 0 ? -1 : (this.#unitIds.get(tokenId * this.#gapIds.size + gapId) ?? -1);
    });
    return { ...bounds, tokens, units };
  }
}

/** A text in the numbers of a corpus, with the byte bounds of its tokens. */
export interface EncodedText extends Tokens {
  readonly tokens: Int32Array;
  readonly units: Int32Array;
}

function forEachUnit(text: Uint8Array, { starts, ends }: Tokens, visit: (token: string, gap: string) => void): void {
  // Latin-1 keeps one character for each byte, so offsets are the same and no byte is lost.
  const characters = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
  const last = starts.length - 1;
  for (let i = 0; i <= last; i++) {
    visit(characters.slice(starts[i], ends[i]), i === last ? END : characters.slice(ends[i], starts[i + 1]));
  }
}

function numberOf(ids: Map<string, number>, text: string): number {
  const known = ids.get(text);
  if (known !== undefined) return known;
  ids.set(text, ids.size);
  return ids.size - 1;
}

/** Numbers the pairs of token and white space in their order, by token first. */
function numberUnits(
  tokens: Int32Array,
  gaps: Int32Array,
  gapCount: number,
): { readonly units: Int32Array; readonly unitIds: Map<number, number>; readonly tokenOfUnit: Int32Array } {
  const distinct = new Set<number>();
  for (let i = 0; i < tokens.length; i++) distinct.add(tokens[i]! * gapCount + gaps[i]!);
  const pairs = Float64Array.from(distinct).sort();
  const unitIds = new Map<number, number>();
  pairs.forEach((pair, unit) => {
    unitIds.set(pair, unit);
  });
  const tokenOfUnit = Int32Array.from(pairs, (pair) => Math.floor(pair / gapCount));
  const units = tokens.map((token, i) => unitIds.get(token * gapCount + gaps[i]!)!);
  return { units, unitIds, tokenOfUnit };
}
