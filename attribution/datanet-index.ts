/**
 * Owns the index of one datanet's records in a folder: segments of at most 2^20 tokens each in a file of its own, and a
 * manifest that names them. Records are added in any number at a time, while only the ones that are added and small
 * neighbours are indexed anew; segments are read when they are needed, and as many are kept in memory as was allowed.
 * It does not own the files' form (segment-file.ts) nor searching over segments (span-search.ts).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { BYTE_LEXER_ID, countTokens } from "../chain/types/lexer.ts";
import { Corpus, type CorpusRecord } from "./corpus.ts";
import { DEFAULT_MEMORY_BYTES, MAX_SEGMENT_TOKENS } from "./limits.ts";
import { encodeSegment, IndexFileError, readSegment } from "./segment-file.ts";
import { SpanIndex } from "./span-index.ts";

/** Some records of one datanet, and how to get at their index. */
export interface Segment {
  readonly datanetId: bigint;
  /** The lowest number; records that came late stand in segments of their own, so the numbers of two may interleave. */
  readonly firstNumber: bigint;
  readonly lastNumber: bigint;
  readonly load: () => SpanIndex;
}

/** A text that is added. */
export interface AddedRecord {
  readonly number: bigint;
  readonly text: Uint8Array;
  /** The block that counts for precedence. */
  readonly height?: bigint;
  readonly contributor?: string;
}

/** How an index is kept. */
export interface IndexOptions {
  /** Bytes of segments' files that are kept in memory; at least one segment always is. */
  readonly memoryBytes?: number;
  /** Tokens of a segment at most, unless one record alone has more. */
  readonly segmentTokens?: number;
}

interface StoredSegment {
  readonly file: string;
  readonly firstNumber: bigint;
  readonly lastNumber: bigint;
  readonly tokens: number;
  readonly bytes: number;
}

/** Numbers of records, the first and the last. */
type Range = readonly [first: bigint, last: bigint];

interface Manifest {
  readonly segments: readonly StoredSegment[];
  readonly gaps: readonly Range[];
}

const MANIFEST = "index.json";
const FORMAT = "tributary span index 1";

/** The index of one datanet on disk. One process writes to a folder at a time. */
export class DatanetIndex {
  readonly datanetId: bigint;
  readonly #folder: string;
  readonly #memoryBytes: number;
  readonly #segmentTokens: number;
  /** Segments in memory, the one used last at the end. */
  readonly #loaded = new Map<string, SpanIndex>();
  #stored: readonly StoredSegment[];
  /** Records below the newest that were never given. */
  #gaps: readonly Range[];

  private constructor(folder: string, datanetId: bigint, { segments, gaps }: Manifest, options: IndexOptions) {
    this.#folder = folder;
    this.datanetId = datanetId;
    this.#stored = segments;
    this.#gaps = gaps;
    this.#memoryBytes = options.memoryBytes ?? DEFAULT_MEMORY_BYTES;
    this.#segmentTokens = options.segmentTokens ?? MAX_SEGMENT_TOKENS;
  }

  /** Opens the index in a folder, or begins one. Throws IndexFileError for a folder of something else. */
  static open(folder: string, datanetId: bigint, options: IndexOptions = {}): DatanetIndex {
    mkdirSync(folder, { recursive: true });
    const manifest = readManifest(join(folder, MANIFEST), datanetId);
    const index = new DatanetIndex(folder, datanetId, manifest, options);
    index.#removeLeftovers();
    return index;
  }

  /** The number of the newest record, 0 for none. */
  get lastNumber(): bigint {
    return this.#stored.reduce((newest, { lastNumber }) => (lastNumber > newest ? lastNumber : newest), 0n);
  }

  /** The numbers up to the newest whose records are not here: their texts were not to be had. */
  *missing(): Generator<bigint> {
    for (const [first, last] of this.#gaps) for (let number = first; number <= last; number++) yield number;
  }

  get tokens(): number {
    return this.#stored.reduce((sum, segment) => sum + segment.tokens, 0);
  }

  /** Bytes of the files. */
  get bytes(): number {
    return this.#stored.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get segments(): readonly Segment[] {
    return this.#stored.map((stored) => ({
      datanetId: this.datanetId,
      firstNumber: stored.firstNumber,
      lastNumber: stored.lastNumber,
      load: () => this.#load(stored),
    }));
  }

  /** A record, or undefined when it was never added. */
  record(number: bigint): CorpusRecord | undefined {
    for (const stored of this.#stored) {
      if (number < stored.firstNumber || number > stored.lastNumber) continue;
      const { records } = this.#load(stored).corpus;
      const record = records[firstFrom(records, number)];
      if (record?.number === number) return record;
    }
    return undefined;
  }

  /**
   * Adds records that are not here yet, in ascending order; some may be missing and come later. What was given is on disk
   * when this returns. At most one segment of it is in memory at a time.
   */
  async append(records: AsyncIterable<AddedRecord> | Iterable<AddedRecord>): Promise<void> {
    let waiting: CorpusRecord[] = [];
    let tokens = 0;
    let last = 0n;
    const known = this.lastNumber;
    for await (const { number, text, height = 0n, contributor = "" } of records) {
      const isNew = number > known || this.#gaps.some(([first, end]) => first <= number && number <= end);
      if (number <= last || !isNew) throw new Error(`record ${this.datanetId}/${number} is here already`);
      last = number;
      const added = countTokens(text);
      if (waiting.length > 0 && tokens + added > this.#segmentTokens) {
        this.#store(waiting, tokens);
        [waiting, tokens] = [[], 0];
      }
      waiting.push({ datanetId: this.datanetId, number, text, height, contributor });
      tokens += added;
    }
    if (waiting.length > 0) this.#store(waiting, tokens);
  }

  /**
   * Writes records as a segment, together with the last segments as long as these are not much larger: so a record is
   * indexed anew a number of times that grows with the logarithm of how many follow it, and segments stay few.
   */
  #store(added: readonly CorpusRecord[], addedTokens: number): void {
    let kept = this.#stored;
    let records = added;
    let tokens = addedTokens;
    for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
      if (last.tokens > 2 * tokens || last.tokens + tokens > this.#segmentTokens) break;
      records = merged(this.#load(last).corpus.records, records);
      tokens += last.tokens;
      kept = kept.slice(0, -1);
    }
    const [firstNumber, lastNumber] = [records[0]!.number, records.at(-1)!.number];
    // A segment that takes in a late record has the range of the one it replaces, and one record more.
    const file = `${firstNumber}-${lastNumber}-${records.length}.segment`;
    const bytes = encodeSegment(new SpanIndex(Corpus.of(records)));
    writeWhole(this.#folder, file, bytes);
    const segments = [...kept, { file, firstNumber, lastNumber, tokens, bytes: bytes.length }];
    const gaps = gapsAfter(this.#gaps, this.lastNumber, added);
    writeWhole(this.#folder, MANIFEST, manifestText(this.datanetId, { segments, gaps }));
    this.#stored = segments;
    this.#gaps = gaps;
    this.#removeLeftovers();
  }

  #load(stored: StoredSegment): SpanIndex {
    const { file } = stored;
    const index = this.#loaded.get(file) ?? readSegment(join(this.#folder, file));
    this.#loaded.delete(file);
    this.#loaded.set(file, index);
    let held = this.#stored.reduce((sum, one) => sum + (this.#loaded.has(one.file) ? one.bytes : 0), 0);
    for (const [oldest] of this.#loaded) {
      if (held <= this.#memoryBytes || oldest === file) break;
      this.#loaded.delete(oldest);
      held -= this.#stored.find((one) => one.file === oldest)?.bytes ?? 0;
    }
    return index;
  }

  /** Segments that the manifest does not name were replaced, or never finished. */
  #removeLeftovers(): void {
    const named = new Set([MANIFEST, ...this.#stored.map(({ file }) => file)]);
    for (const file of readdirSync(this.#folder)) {
      if (named.has(file) || !/[.](segment|tmp)$/.test(file)) continue;
      rmSync(join(this.#folder, file));
      this.#loaded.delete(file);
    }
  }
}

/** Where the first of the records stands whose number is not below one; they are in the order of their numbers. */
function firstFrom(records: readonly CorpusRecord[], number: bigint): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (records[middle]!.number < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two lists of records as one, in the order of their numbers. */
function merged(left: readonly CorpusRecord[], right: readonly CorpusRecord[]): readonly CorpusRecord[] {
  return [...left, ...right].sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** What is missing once some records were added, of which the newest so far was number `last`. */
function gapsAfter(gaps: readonly Range[], last: bigint, added: readonly CorpusRecord[]): readonly Range[] {
  let [left, newest] = [gaps, last];
  for (const { number } of added) {
    if (number > newest) {
      if (number > newest + 1n) left = [...left, [newest + 1n, number - 1n]];
      newest = number;
      continue;
    }
    left = left.flatMap(([first, end]): readonly Range[] => {
      if (number < first || number > end) return [[first, end]];
      const halves: readonly Range[] = [
        [first, number - 1n],
        [number + 1n, end],
      ];
      return halves.filter(([from, to]) => from <= to);
    });
  }
  return left;
}

function manifestText(datanetId: bigint, { segments, gaps }: Manifest): Uint8Array {
  const rows = segments.map((one) => ({ ...one, firstNumber: `${one.firstNumber}`, lastNumber: `${one.lastNumber}` }));
  const manifest = {
    format: FORMAT,
    lexer: BYTE_LEXER_ID,
    datanetId: datanetId.toString(),
    segments: rows,
    gaps: gaps.map((gap) => gap.map(String)),
  };
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`, "utf8");
}

function readManifest(path: string, datanetId: bigint): Manifest {
  if (!existsSync(path)) return { segments: [], gaps: [] };
  const refuse = (what: string): never => {
    throw new IndexFileError(`${path} ${what}: choose another folder, or remove this one to build it again`);
  };
  let manifest: {
    format: string;
    lexer: string;
    datanetId: string;
    segments: Record<string, unknown>[];
    gaps: unknown;
  };
  try {
    manifest = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return refuse("is not valid JSON");
  }
  const isManifest = manifest.format === FORMAT && Array.isArray(manifest.segments) && isRanges(manifest.gaps);
  if (!isManifest) refuse(`is no ${FORMAT}`);
  if (manifest.lexer !== BYTE_LEXER_ID) refuse(`was made with the lexer ${manifest.lexer}, not ${BYTE_LEXER_ID}`);
  if (manifest.datanetId !== datanetId.toString()) refuse(`is of datanet ${manifest.datanetId}, not ${datanetId}`);
  const segments = manifest.segments.map(({ file, firstNumber, lastNumber, tokens, bytes }) => {
    const isRow =
      /^\d+-\d+-\d+[.]segment$/.test(String(file)) &&
      [firstNumber, lastNumber].every((number) => /^\d{1,20}$/.test(String(number))) &&
      [tokens, bytes].every(Number.isSafeInteger);
    if (!isRow) refuse("names a segment that cannot be");
    return {
      file: String(file),
      firstNumber: BigInt(String(firstNumber)),
      lastNumber: BigInt(String(lastNumber)),
      tokens: Number(tokens),
      bytes: Number(bytes),
    };
  });
  const gaps = (manifest.gaps as [string, string][]).map(([first, last]): Range => [BigInt(first), BigInt(last)]);
  return { segments, gaps };
}

function isRanges(value: unknown): boolean {
  const isNumber = (one: unknown): boolean => /^\d{1,20}$/.test(String(one));
  return Array.isArray(value) && value.every((row) => Array.isArray(row) && row.length === 2 && row.every(isNumber));
}

/** Writes a file so that it is there as a whole or not at all. */
function writeWhole(folder: string, name: string, content: Uint8Array): void {
  const temporary = join(folder, `${name}.tmp`);
  const descriptor = openSync(temporary, "w");
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, join(folder, name));
}
