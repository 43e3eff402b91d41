// The write-ahead log: every input of the height in progress, in order, one file per height. Owns the file format, its
// recovery and the removal of old files; what the records say is wal-record.ts.
//
// File: "TRIBWAL1" | chain id (length-prefixed) | height u64 | crc32c of the above.
// Record: length u32 | type u8 | sequence u32 | crc32c u32 over length, type, sequence and payload | payload.
//
// A record that is bad and has no good one after it is a torn tail: it was never synced, so nothing was ever sent that
// depended on it. It is copied aside and cut off. A bad record with good ones after it is damage: the file is set aside
// as a whole, and the node goes on from the sign journal, which alone is enough for safety.

import { utf8 } from "../../proto/bytes.ts";
import type { AppendFile, EngineLog, FileSystem } from "../ports.ts";
import { ByteReader, ByteWriter, crc32c, LayoutError } from "./binary.ts";
import {
  LOG_FILES_KEPT,
  LOG_REMOVAL_HEIGHTS,
  MAX_LOG_RECORD_BYTES,
  MAX_SEARCHED_BYTES,
  SET_ASIDE_FILES_KEPT,
} from "./limits.ts";

export interface LogRecord {
  /** See wal-record.ts; a number once used is never used for anything else. */
  readonly type: number;
  readonly payload: Uint8Array;
}

/** What was found when a height's log was opened. */
export interface LogRecovery {
  readonly records: readonly LogRecord[];
  /** Bytes cut off a torn tail. */
  readonly tornBytes: number;
  /** Whether the file was damaged in its middle and set aside; `records` is then empty. */
  readonly quarantined: boolean;
}

const MAGIC = utf8("TRIBWAL1");
const RECORD_HEADER_BYTES = 13;
const FILE_MODE = 0o600;

export class WriteAheadLog {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #chainId: string;
  readonly #log: EngineLog;
  #file: AppendFile | undefined;
  #sequence = 0;
  #dirty = false;
  #newFile = false;
  /** The height at which old files were last removed. */
  #removedAt: bigint | undefined;

  constructor(options: { directory: string; chainId: string }, needs: { files: FileSystem; log: EngineLog }) {
    this.#directory = options.directory;
    this.#chainId = options.chainId;
    this.#files = needs.files;
    this.#log = needs.log;
  }

  /** Opens the log of a height, creating it when there is none, and now and then removes those too old to matter. */
  open(height: bigint): LogRecovery {
    this.close();
    this.#files.makeDirectory(this.#directory);
    const path = this.#path(height);
    const bytes = this.#files.readFile(path);
    const recovery = bytes === undefined ? EMPTY : this.#recover(path, bytes, height);
    if (recovery.records.length > 0) this.#rewrite(path, height, recovery.records);
    else this.#files.remove(path);
    this.#file = this.#files.openAppend(path, FILE_MODE);
    this.#newFile = this.#file.size === 0;
    if (this.#newFile) this.#file.append(this.#header(height));
    this.#sequence = recovery.records.length;
    this.#dirty = true;
    if (this.#removedAt === undefined || height >= this.#removedAt + BigInt(LOG_REMOVAL_HEIGHTS)) {
      this.#removeOld(height);
      this.#removedAt = height;
    }
    return recovery;
  }

  /** Adds a record. It is durable after the next `sync`. */
  append(record: LogRecord): void {
    if (record.payload.length > MAX_LOG_RECORD_BYTES) throw new Error(`log record of ${record.payload.length} bytes`);
    this.#current().append(encodeRecord(record, this.#sequence++));
    this.#dirty = true;
  }

  /** Makes everything appended durable; costs nothing when it already is. */
  sync(): void {
    if (!this.#dirty) return;
    this.#current().sync();
    // The file's name is durable only once its directory is.
    if (this.#newFile) this.#files.syncDirectory(this.#directory);
    this.#newFile = false;
    this.#dirty = false;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #current(): AppendFile {
    if (this.#file === undefined) throw new Error("the write-ahead log is not open");
    return this.#file;
  }

  #path(height: bigint): string {
    return `${this.#directory}/${height.toString().padStart(19, "0")}.wal`;
  }

  #header(height: bigint): Uint8Array {
    const body = new ByteWriter().raw(MAGIC).bytes(utf8(this.#chainId)).uint64(height).finish();
    return new ByteWriter().raw(body).uint32(crc32c(body)).finish();
  }

  #recover(path: string, bytes: Uint8Array, height: bigint): LogRecovery {
    const header = this.#header(height);
    const hasHeader = bytes.length >= header.length && Buffer.compare(bytes.subarray(0, header.length), header) === 0;
    const { records, end } = hasHeader ? readRecords(bytes, header.length) : { records: [], end: 0 };
    if (end === bytes.length) return { records, tornBytes: 0, quarantined: false };
    if (hasLaterRecord(bytes, end, records.length)) {
      this.#setAside(path, "damaged", bytes);
      this.#files.remove(path);
      this.#files.syncDirectory(this.#directory);
      this.#log.error("write-ahead log is damaged in its middle; set aside, going on from the sign journal", {
        path,
        goodRecords: records.length,
        damageAt: end,
      });
      return { records: [], tornBytes: 0, quarantined: true };
    }
    const tornBytes = bytes.length - end;
    this.#setAside(path, "torn", bytes.subarray(end));
    this.#log.warn("write-ahead log had a torn tail, as after a crash; cut off", { path, tornBytes });
    return { records, tornBytes, quarantined: false };
  }

  /**
   * Writes what was read into a file of its own. A process that died left bytes that the page cache shows and the disk
   * may not have, and after a failed fsync no later one writes them: what is read is durable only once written again.
   */
  #rewrite(path: string, height: bigint, records: readonly LogRecord[]): void {
    const temporary = `${path}.new`;
    this.#files.remove(temporary);
    const file = this.#files.openAppend(temporary, FILE_MODE);
    file.append(Buffer.concat([this.#header(height), ...records.map(encodeRecord)]));
    file.sync();
    file.close();
    this.#files.rename(temporary, path);
    this.#files.syncDirectory(this.#directory);
  }

  /** Keeps the bytes for whoever wants to look, under a name that says what they are. */
  #setAside(path: string, why: string, bytes: Uint8Array): void {
    const copy = `${path}.${why}`;
    this.#files.remove(copy);
    const file = this.#files.openAppend(copy, FILE_MODE);
    file.append(bytes);
    file.sync();
    file.close();
  }

  #removeOld(height: bigint): void {
    const names = this.#files.list(this.#directory);
    const old = names.filter((name) => {
      const match = /^(\d{19})\.wal$/.exec(name);
      return match !== null && BigInt(match[1] as string) <= height - BigInt(LOG_FILES_KEPT);
    });
    // What was set aside outlives its height, so that someone can look at it; only the newest few are kept.
    const aside = names.filter((name) => /^\d{19}\.wal\./.test(name)).slice(0, -SET_ASIDE_FILES_KEPT);
    for (const name of [...old, ...aside]) this.#files.remove(`${this.#directory}/${name}`);
  }
}

const EMPTY: LogRecovery = { records: [], tornBytes: 0, quarantined: false };

function encodeRecord(record: LogRecord, sequence: number): Uint8Array {
  const head = new ByteWriter().uint32(record.payload.length).uint8(record.type).uint32(sequence).finish();
  return new ByteWriter().raw(head).uint32(crc32c(head, record.payload)).raw(record.payload).finish();
}

/** The record at an offset with the bytes it takes, or undefined when there is no good one. */
function readRecord(bytes: Uint8Array, at: number): { record: LogRecord; sequence: number; end: number } | undefined {
  if (bytes.length - at < RECORD_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const length = view.getUint32(0);
  const end = at + RECORD_HEADER_BYTES + length;
  if (length > MAX_LOG_RECORD_BYTES || end > bytes.length) return undefined;
  const payload = bytes.subarray(at + RECORD_HEADER_BYTES, end);
  if (view.getUint32(9) !== crc32c(bytes.subarray(at, at + 9), payload)) return undefined;
  return { record: { type: view.getUint8(4), payload: payload.slice() }, sequence: view.getUint32(5), end };
}

function readRecords(bytes: Uint8Array, start: number): { records: readonly LogRecord[]; end: number } {
  const records: LogRecord[] = [];
  let end = start;
  for (;;) {
    const found = readRecord(bytes, end);
    if (found === undefined || found.sequence !== records.length) return { records, end };
    records.push(found.record);
    end = found.end;
  }
}

/** Whether a good record that belongs later stands anywhere behind the first bad one. */
function hasLaterRecord(bytes: Uint8Array, bad: number, expected: number): boolean {
  let searched = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bad; at <= bytes.length - RECORD_HEADER_BYTES; at++) {
    // Cheap tests first: a random place rarely passes them, so the checksum is rarely computed.
    const sequence = view.getUint32(at + 5);
    const length = view.getUint32(at);
    if (length > MAX_LOG_RECORD_BYTES || sequence < expected || sequence > expected + 1_000_000) continue;
    if (at + RECORD_HEADER_BYTES + length > bytes.length) continue;
    if (readRecord(bytes, at) !== undefined) return true;
    searched += length;
    if (searched > MAX_SEARCHED_BYTES) return true;
  }
  return false;
}

/** Runs a payload decoder; damage it finds is reported as the layout's error. */
export function readPayload<Result>(payload: Uint8Array, read: (reader: ByteReader) => Result): Result {
  const reader = new ByteReader(payload);
  const result = read(reader);
  if (reader.left !== 0) throw new LayoutError(`${reader.left} bytes too many`);
  return result;
}
