/**
 * Owns the file of one segment of an index: flat arrays that are used as they lie in the file, so that opening a segment
 * copies nothing, and about 22 bytes for each token of source code. It does not own which records a segment has
 * (datanet-index.ts). A file is written whole and never changed; a damaged one is refused.
 *
 * Layout: magic, length of the header, CRC-32 of all that follows these 16 bytes, header (JSON: the sections with their
 * offsets and lengths), sections at multiples of 8. Integers are little-endian, as on every machine Node runs on.
 */
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { Corpus, type CorpusRecord } from "./corpus.ts";
import { SpanIndex } from "./span-index.ts";

const MAGIC = 0x3147_4553; // "SEG1"
const PREAMBLE_BYTES = 16;
const ALIGNMENT = 8;

/** A file that cannot be used: damaged, or of another format. */
export class IndexFileError extends Error {
  override readonly name = "IndexFileError";
}

/** The sections in their order. Word lists are a list of lengths and the words one after another. */
const SECTIONS = [
  "datanets",
  "numbers",
  "heights",
  "contributors",
  "contributorLengths",
  "contributorOf",
  "textLengths",
  "texts",
  "firstPositions",
  "starts",
  "units",
  "suffixes",
  "tokenOfUnit",
  "gapOfUnit",
  "tokenLengths",
  "tokens",
  "gapLengths",
  "gaps",
] as const;
type Section = (typeof SECTIONS)[number];
type Bytes = Uint8Array | Int32Array | Uint32Array | BigUint64Array;

/** The bytes of a segment's file. */
export function encodeSegment({ corpus, suffixes }: SpanIndex): Uint8Array {
  const { records, firstPositions, starts, units, tokenOfUnit, gapOfUnit, tokenTexts, gapTexts } = corpus.parts;
  const contributors = [...new Set(records.map(({ contributor = "" }) => contributor))];
  const sections: Record<Section, Bytes> = {
    datanets: BigUint64Array.from(records, (record) => record.datanetId),
    numbers: BigUint64Array.from(records, (record) => record.number),
    heights: BigUint64Array.from(records, (record) => record.height ?? 0n),
    contributors: Buffer.from(contributors.join(""), "latin1"),
    contributorLengths: Uint32Array.from(contributors, (contributor) => contributor.length),
    contributorOf: Uint32Array.from(records, ({ contributor = "" }) => contributors.indexOf(contributor)),
    textLengths: Uint32Array.from(records, (record) => record.text.length),
    texts: Buffer.concat(records.map((record) => record.text)),
    firstPositions,
    starts,
    units,
    suffixes,
    tokenOfUnit,
    gapOfUnit,
    tokenLengths: Uint32Array.from(tokenTexts, (text) => text.length),
    tokens: Buffer.from(tokenTexts.join(""), "latin1"),
    gapLengths: Uint32Array.from(gapTexts, (text) => text.length),
    gaps: Buffer.from(gapTexts.join(""), "latin1"),
  };
  // The offsets count from the end of the header, whose length depends on them.
  const table: Partial<Record<Section, readonly [offset: number, bytes: number]>> = {};
  let end = 0;
  for (const name of SECTIONS) {
    table[name] = [end, sections[name].byteLength];
    end = aligned(end + sections[name].byteLength);
  }
  const header = Buffer.from(JSON.stringify(table), "utf8");
  const body = aligned(PREAMBLE_BYTES + header.length);
  const file = Buffer.alloc(body + end);
  header.copy(file, PREAMBLE_BYTES);
  for (const name of SECTIONS) {
    const { buffer, byteOffset, byteLength } = sections[name];
    file.set(new Uint8Array(buffer, byteOffset, byteLength), body + table[name]![0]);
  }
  file.writeUInt32LE(MAGIC, 0);
  file.writeUInt32LE(header.length, 4);
  file.writeUInt32LE(crc32(file.subarray(PREAMBLE_BYTES)), 8);
  return file;
}

/** Reads a segment's file. Throws IndexFileError when it is damaged. */
export function readSegment(path: string): SpanIndex {
  const file = readFileSync(path);
  const isWhole =
    file.length >= PREAMBLE_BYTES &&
    file.readUInt32LE(0) === MAGIC &&
    file.readUInt32LE(8) === crc32(file.subarray(PREAMBLE_BYTES));
  if (!isWhole)
    throw new IndexFileError(`${path} is damaged: remove its folder and build the index again from the records`);
  return decodeSegment(file);
}

/** The index in a segment's file whose checksum was right. The arrays lie in `file`. */
function decodeSegment(file: Buffer): SpanIndex {
  const headerLength = file.readUInt32LE(4);
  const table = JSON.parse(file.toString("utf8", PREAMBLE_BYTES, PREAMBLE_BYTES + headerLength)) as Record<
    Section,
    readonly [offset: number, bytes: number]
  >;
  const body = file.byteOffset + aligned(PREAMBLE_BYTES + headerLength);
  const place = (name: Section): readonly [ArrayBufferLike, number, number] => {
    const [offset, bytes] = table[name];
    return [file.buffer, body + offset, bytes];
  };
  const signed = (name: Section): Int32Array => {
    const [buffer, offset, bytes] = place(name);
    return new Int32Array(buffer, offset, bytes / 4);
  };
  const unsigned = (name: Section): Uint32Array => {
    const [buffer, offset, bytes] = place(name);
    return new Uint32Array(buffer, offset, bytes / 4);
  };
  const long = (name: Section): BigUint64Array => {
    const [buffer, offset, bytes] = place(name);
    return new BigUint64Array(buffer, offset, bytes / 8);
  };
  const words = (lengths: Section, texts: Section): readonly string[] => {
    const [buffer, offset, bytes] = place(texts);
    const all = Buffer.from(buffer, offset, bytes).toString("latin1");
    let end = 0;
    return Array.from(unsigned(lengths), (length) => {
      end += length;
      return all.slice(end - length, end);
    });
  };
  const corpus = new Corpus({
    records: recordsOf({
      ...{ datanets: long("datanets"), numbers: long("numbers"), heights: long("heights") },
      ...{ contributors: words("contributorLengths", "contributors"), contributorOf: unsigned("contributorOf") },
      ...{ lengths: unsigned("textLengths"), texts: new Uint8Array(...place("texts")) },
    }),
    firstPositions: unsigned("firstPositions"),
    starts: unsigned("starts"),
    units: signed("units"),
    tokenOfUnit: signed("tokenOfUnit"),
    gapOfUnit: signed("gapOfUnit"),
    tokenTexts: words("tokenLengths", "tokens"),
    gapTexts: words("gapLengths", "gaps"),
  });
  return new SpanIndex(corpus, signed("suffixes"));
}

/** The columns of the table of records. */
interface RecordColumns {
  readonly datanets: BigUint64Array;
  readonly numbers: BigUint64Array;
  readonly heights: BigUint64Array;
  readonly contributors: readonly string[];
  readonly contributorOf: Uint32Array;
  readonly lengths: Uint32Array;
  readonly texts: Uint8Array;
}

function recordsOf(columns: RecordColumns): readonly CorpusRecord[] {
  const { datanets, numbers, heights, contributors, contributorOf, lengths, texts } = columns;
  let end = 0;
  return Array.from(lengths, (length, i) => {
    end += length;
    const id = { datanetId: datanets[i]!, number: numbers[i]! };
    const text = texts.subarray(end - length, end);
    return { ...id, height: heights[i]!, contributor: contributors[contributorOf[i]!]!, text };
  });
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
