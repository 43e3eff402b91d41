/**
 * Owns the reading of LevelDB's table files for damage: every block of a table carries a checksum (doc/table_format.md of LevelDB), which the
 * library itself looks at neither when it reads a value nor when it merges tables. A flipped bit would then be copied into a new table under a
 * good checksum, or end the process inside the library without a word. Does not own what follows from damage (database.ts).
 */

import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32c } from "../../engine/binary.ts";
import { tableBytesAtStart, tableCheckPause } from "../limits.ts";
import { liveTables } from "./manifest.ts";
import { type Block, masked, Reader } from "./reader.ts";

/** A table file with a block that is not what was written. */
export class DamagedTable extends Error {
  override readonly name = "DamagedTable";
  readonly code = "LEVEL_CORRUPTION";
}

const footerBytes = 48;
const trailerBytes = 5;
const magic = 0xdb4775248b80fb57n;
const snappyCompressed = 1;

/**
 * Reads the newest tables of a database folder, up to the bound in limits.ts, since they are the first to be merged. Returns the names of
 * those that were not read. Throws DamagedTable.
 */
export function checkNewestTables(path: string): readonly string[] {
  let left = tableBytesAtStart;
  const names = tablesOf(path);
  let checked = 0;
  for (; checked < names.length && left > 0; checked += 1) {
    const name = names[checked] as string;
    const bytes = readFileSync(join(path, name));
    left -= bytes.length;
    for (const _ of checkTable(name, bytes));
  }
  return names.slice(checked);
}

/** Reads the other tables, one block at a time, pausing a multiple of the time it takes. Throws DamagedTable; tables that are merged meanwhile are passed over. */
export async function checkTables(path: string, names: readonly string[], signal: AbortSignal): Promise<void> {
  for (const name of names) {
    const bytes = await readFile(join(path, name)).catch(() => undefined);
    if (bytes === undefined) continue;
    const blocks = checkTable(name, bytes);
    while (!signal.aborted) {
      const start = performance.now();
      const { done } = blocks.next();
      if (done === true) break;
      const took = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, took * tableCheckPause).unref());
    }
    if (signal.aborted) return;
  }
}

/** The table files of a folder that belong to the database, the newest first. What a crash left half written does not: the library removes it. */
function tablesOf(path: string): readonly string[] {
  const number = (name: string): number => Number.parseInt(name, 10);
  const live = liveTables(path);
  return readdirSync(path)
    .filter((name) => /^\d+\.(?:ldb|sst)$/.test(name) && live.has(number(name)))
    .toSorted((first, second) => number(second) - number(first));
}

/** Checks a table a few blocks a step. */
function* checkTable(name: string, bytes: Uint8Array): Generator<undefined> {
  try {
    const { metaindex, index } = footerOf(bytes);
    // The metaindex names the filter, which says what keys a table may have.
    for (const block of blocksOf(checkedBlock(bytes, metaindex))) checkedBlock(bytes, block);
    let since = 0;
    for (const block of blocksOf(checkedBlock(bytes, index))) {
      checkedBlock(bytes, block);
      since += block.size;
      if (since < bytesAStep) continue;
      since = 0;
      yield;
    }
  } catch (error) {
    throw new DamagedTable(`table ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** About half a millisecond of reading. */
const bytesAStep = 128 * 1024;

function footerOf(bytes: Uint8Array): { readonly metaindex: Block; readonly index: Block } {
  const start = bytes.length - footerBytes;
  if (start < 0) throw new RangeError(`${bytes.length} bytes are too few`);
  const found = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(bytes.length - 8, true);
  if (found !== magic) throw new RangeError("its end is not that of a table");
  const reader = new Reader(bytes.subarray(start, bytes.length - 8));
  return { metaindex: reader.block(), index: reader.block() };
}

/** The contents of a block whose checksum is right, with the kind of its compression after them. */
function checkedBlock(bytes: Uint8Array, { offset, size }: Block): Uint8Array {
  const end = offset + size + trailerBytes;
  if (end > bytes.length - footerBytes) throw new RangeError(`a block at byte ${offset} does not end in it`);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end - 4, 4).getUint32(0, true);
  const contents = bytes.subarray(offset, end - 4);
  if (masked(crc32c(contents)) !== stored) throw new RangeError(`the block at byte ${offset} is not what was written`);
  return contents;
}

/** The blocks that an index block names: entries of a shortened key and a handle, then the restart points. */
function blocksOf(contents: Uint8Array): readonly Block[] {
  const raw = contents.subarray(0, -1);
  const index = contents.at(-1) === snappyCompressed ? uncompressed(raw) : raw;
  const restarts = new DataView(index.buffer, index.byteOffset, index.length).getUint32(index.length - 4, true);
  const reader = new Reader(index.subarray(0, index.length - 4 - 4 * restarts));
  const blocks: Block[] = [];
  while (reader.left > 0) {
    reader.number();
    const keyBytes = reader.number();
    reader.number();
    reader.take(keyBytes);
    blocks.push(reader.block());
  }
  return blocks;
}

/** Snappy's raw format (format_description.txt of google/snappy): a length, then literals and copies of what is already there. */
function uncompressed(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes);
  const output = new Uint8Array(Math.min(reader.number(), mostIndexBytes));
  let at = 0;
  while (reader.left > 0) {
    const tag = reader.byte();
    if ((tag & 3) === 0) {
      const literal = reader.take((tag >> 2 < 60 ? tag >> 2 : reader.littleEndian((tag >> 2) - 59)) + 1);
      output.set(literal, at);
      at += literal.length;
      continue;
    }
    const long = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = (tag & 3) === 1 ? ((tag >> 5) << 8) | reader.byte() : reader.littleEndian((tag & 3) === 2 ? 2 : 4);
    if (back === 0 || back > at || at + long > output.length) throw new RangeError("its index cannot be read");
    // A copy may overlap what it makes: byte by byte is what is meant.
    for (const end = at + long; at < end; at += 1) output[at] = output[at - back] as number;
  }
  return output.subarray(0, at);
}

/** Far beyond the index of a table of any size that LevelDB makes. */
const mostIndexBytes = 64 * 1024 * 1024;
