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
  /** The block that counts for precedence; absent where that is of no interest. */
  readonly height?: bigint;
  /** Who earns from it; absent where that is of no interest. */
  readonly contributor?: string;
}

/** Stands for the end of a record, where no white space is. No text has it. */
const END = "end";

/** Everything a corpus is made of: what a segment's file keeps (segment-file.ts). */
export interface CorpusParts {
  /** In ascending order of datanet and number. */
  readonly records: readonly CorpusRecord[];
  /** The unit at each position. */
  readonly units: Int32Array;
  /** The token of each unit. */
  readonly tokenOfUnit: Int32Array;
  /** The white space of each unit. */
  readonly gapOfUnit: Int32Array;
  /** The position of each record's first token; one more entry at the end holds the number of positions. */
  readonly firstPositions: Uint32Array;
  /** Where the token at each position begins in its record, in bytes. */
  readonly starts: Uint32Array;
  /** The text of each token, one character for each byte. */
  readonly tokenTexts: readonly string[];
  /** The text of each white space; the first one is the end of a record, whose text is never looked at. */
  readonly gapTexts: readonly string[];
}

/** Texts as units. Positions count units over all records, so a smaller position is in an earlier record. */
export class Corpus {
  readonly parts: CorpusParts;
  readonly records: readonly CorpusRecord[];
  readonly units: Int32Array;
  readonly tokenOfUnit: Int32Array;
  readonly firstPositions: Uint32Array;
  readonly starts: Uint32Array;
  #numbers: Numbers | undefined;

  constructor(parts: CorpusParts) {
    this.parts = parts;
    this.records = parts.records;
    this.units = parts.units;
    this.tokenOfUnit = parts.tokenOfUnit;
    this.firstPositions = parts.firstPositions;
    this.starts = parts.starts;
  }

  /** `records` in ascending order of datanet and number: the earliest owner of a span is found by position. */
  static of(records: readonly CorpusRecord[]): Corpus {
    for (let i = 1; i < records.length; i++) {
      const [left, right] = [records[i - 1]!, records[i]!];
      const ascending =
        left.datanetId < right.datanetId || (left.datanetId === right.datanetId && left.number < right.number);
      if (!ascending) throw new Error(`record ${right.datanetId}/${right.number} is out of order`);
    }
    const lexed = records.map((record) => tokenize(record.text));
    const total = lexed.reduce((sum, { starts }) => sum + starts.length, 0);
    const allStarts = new Uint32Array(total);
    const firstPositions = new Uint32Array(records.length + 1).fill(total);
    const tokenIds = new Map<string, number>();
    const gapIds = new Map<string, number>([[END, 0]]);
    const tokens = new Int32Array(total);
    const gaps = new Int32Array(total);
    let position = 0;
    records.forEach(({ text }, record) => {
      const { starts, ends } = lexed[record]!;
      firstPositions[record] = position;
      allStarts.set(starts, position);
      forEachUnit(text, { starts, ends }, (token, gap) => {
        tokens[position] = numberOf(tokenIds, token);
        gaps[position++] = numberOf(gapIds, gap);
      });
    });
    return new Corpus({
      records,
      ...numberUnits(tokens, gaps, gapIds.size),
      firstPositions,
      starts: allStarts,
      tokenTexts: [...tokenIds.keys()],
      gapTexts: [...gapIds.keys()],
    });
  }

  /** How many different units there are. */
  get unitCount(): number {
    return this.tokenOfUnit.length;
  }

  /** Where the token at a position ends in its record, in bytes. */
  endOf(position: number): number {
    return this.starts[position]! + this.parts.tokenTexts[this.tokenOfUnit[this.units[position]!]!]!.length;
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
    return text.subarray(this.starts[position], isLast ? this.endOf(position) : this.starts[position + 1]);
  }

  /** Another text in the numbers of this corpus; -1 for a token or unit that the corpus does not have. */
  encode(text: Uint8Array): EncodedText {
    const { tokenIds, gapIds, unitIds } = this.#numbersOf();
    const bounds = tokenize(text);
    const tokens = new Int32Array(bounds.starts.length);
    const units = new Int32Array(bounds.starts.length);
    let i = 0;
    forEachUnit(text, bounds, (token, gap) => {
      const tokenId = tokenIds.get(token) ?? -1;
      const gapId = gapIds.get(gap) ?? -1;
      tokens[i] = tokenId;
      units[i++] = tokenId < 0 || gapId < 0 ? -1 : (unitIds.get(tokenId * gapIds.size + gapId) ?? -1);
    });
    return { ...bounds, tokens, units };
  }

  /** The vocabulary the other way round; made when first needed, since a segment that is only stored needs none. */
  #numbersOf(): Numbers {
    if (this.#numbers !== undefined) return this.#numbers;
    const { tokenTexts, gapTexts, tokenOfUnit, gapOfUnit } = this.parts;
    const unitIds = new Map<number, number>();
    tokenOfUnit.forEach((token, unit) => {
      unitIds.set(token * gapTexts.length + gapOfUnit[unit]!, unit);
    });
    const ids = (texts: readonly string[]) => new Map(texts.map((text, i) => [text, i]));
    this.#numbers = { tokenIds: ids(tokenTexts), gapIds: ids(gapTexts), unitIds };
    return this.#numbers;
  }
}

/** The numbers of tokens, white space and units by what they stand for. */
interface Numbers {
  readonly tokenIds: ReadonlyMap<string, number>;
  readonly gapIds: ReadonlyMap<string, number>;
  /** By token number times the number of white spaces, plus the white space's number. */
  readonly unitIds: ReadonlyMap<number, number>;
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
): Pick<CorpusParts, "units" | "tokenOfUnit" | "gapOfUnit"> {
  const distinct = new Set<number>();
  for (let i = 0; i < tokens.length; i++) distinct.add(tokens[i]! * gapCount + gaps[i]!);
  const pairs = Float64Array.from(distinct).sort();
  const unitIds = new Map<number, number>();
  pairs.forEach((pair, unit) => {
    unitIds.set(pair, unit);
  });
  return {
    units: tokens.map((token, i) => unitIds.get(token * gapCount + gaps[i]!)!),
    tokenOfUnit: Int32Array.from(pairs, (pair) => Math.floor(pair / gapCount)),
    gapOfUnit: Int32Array.from(pairs, (pair) => pair % gapCount),
  };
}
