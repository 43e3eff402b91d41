// The sign journal: what this key has signed at its current height, and the lock it promised. Owns the file and its
// recovery; what may be signed is signer.ts. Safety rests on this file alone, not on the write-ahead log: with it the
// log may be lost on every node at once and still nobody forgets a promise.
//
// File: "TRIBSIG1" | chain id | address | floor (height u64, round u32, step u8) | crc32c of the above.
// Record: length u32 | sequence u32 | crc32c u32 over length, sequence and payload | payload.
//
// Records are appended, one fsync each; only those of the highest height count. When a new height begins and the file has
// grown beyond a bound, the first signature of that height replaces it: written aside, fsync, rename, fsync of the
// directory. CometBFT's FilePV keeps only the last signature; keeping a height's all lets a node that lost its log send
// again, byte for byte, what others are waiting for.

import type { Lock } from "../../chain/consensus/state.ts";
import { equalBytes, utf8 } from "../../proto/bytes.ts";
import type { AppendFile, EngineLog, FileSystem } from "../ports.ts";
import { type ByteReader, ByteWriter, crc32c } from "./binary.ts";
import { JOURNAL_REWRITE_BYTES, MAX_JOURNAL_RECORD_BYTES, MAX_SEARCHED_BYTES } from "./limits.ts";
import { readPayload } from "./wal.ts";
import { readLock, writeLock } from "./wal-record.ts";

/** Steps as CometBFT's priv_validator_state.json numbers them. */
export const STEP_PROPOSE = 1;
export const STEP_PREVOTE = 2;
export const STEP_PRECOMMIT = 3;

/** Height, round and step: the order in which a key may sign. */
export interface SignPosition {
  readonly height: bigint;
  readonly round: number;
  readonly step: number;
}

export interface SignRecord extends SignPosition {
  readonly signBytes: Uint8Array;
  readonly signature: Uint8Array;
  /** The signed Vote or Proposal as sent; empty in a record imported from CometBFT, which does not keep it. */
  readonly message: Uint8Array;
  /** With a precommit for a block: the lock, and the block (proto(Block)) so that it can be proposed again. */
  readonly lock: (Lock & { readonly block: Uint8Array }) | undefined;
}

/** The journal cannot vouch for the past, so the key must not sign. The message says what to do. */
export class JournalError extends Error {
  override name = "JournalError";
}

export interface JournalOptions {
  readonly path: string;
  readonly chainId: string;
  /** The validator address the journal is kept for, 20 bytes. */
  readonly address: Uint8Array;
  /** A file above this size is replaced when a new height begins. */
  readonly rewriteBytes?: number;
}

const MAGIC = utf8("TRIBSIG1");
const RECORD_HEADER_BYTES = 12;
const FILE_MODE = 0o600;
const NO_FLOOR: SignPosition = { height: 0n, round: 0, step: 0 };

export class SignJournal {
  readonly #options: JournalOptions;
  readonly #files: FileSystem;
  /** Nothing at or below it is signed anew; moves up when the file is replaced. */
  #floor: SignPosition;
  /** Signatures of all heights the file holds, by place. */
  readonly #signatures = new Map<string, Uint8Array>();
  /** Of the highest height only. */
  #records: SignRecord[];
  /** Records in the file, those of earlier heights included. */
  #count: number;
  #file: AppendFile;
  #closed = false;

  private constructor(options: JournalOptions, files: FileSystem, floor: SignPosition, records: readonly SignRecord[]) {
    this.#options = options;
    this.#files = files;
    this.#floor = floor;
    this.#records = records.filter((record) => record.height === records.at(-1)?.height);
    this.#count = records.length;
    for (const record of records) this.#signatures.set(placeOf(record), record.signature);
    this.#file = files.openAppend(options.path, FILE_MODE);
  }

  /**
   * Creates the journal of a key that has never signed, or, with `floor` and `record`, of one whose past is told by
   * someone who knows it. Refuses to replace a journal.
   */
  static create(options: JournalOptions, files: FileSystem, floor = NO_FLOOR, record?: SignRecord): SignJournal {
    if (files.readFile(options.path) !== undefined) {
      throw new JournalError(`${options.path} exists already; a sign journal is never overwritten`);
    }
    const records = record === undefined ? [] : [record];
    replaceFile(options, files, floor, records);
    return new SignJournal(options, files, floor, records);
  }

  /** Opens the journal. Throws JournalError when it is missing, someone else's, or damaged before its last record. */
  static open(options: JournalOptions, needs: { files: FileSystem; log: EngineLog }): SignJournal {
    const { path } = options;
    const bytes = needs.files.readFile(path);
    if (bytes === undefined) {
      throw new JournalError(
        `the sign journal ${path} is missing: without it this key could sign twice, so it does not sign. If the key has never signed on this chain, or you know above which height it has not, run: tributaryd sign-state init --min-height <height>`,
      );
    }
    const { floor, end: start } = readHeader(options, bytes);
    const { records, end } = readRecords(bytes, start);
    if (end < bytes.length) {
      if (hasLaterRecord(bytes, end, records.length)) {
        throw new JournalError(
          `the sign journal ${path} is damaged at byte ${end}, before its end, so this key does not sign. Restore it from this very node's disk, or run: tributaryd sign-state init --min-height <height> with a height it has certainly not signed`,
        );
      }
      // The last record was being written: whatever it says was not sent, unless the log has it (see restore).
      needs.log.warn("sign journal had a torn last record, as after a crash; cut off", {
        path,
        bytes: bytes.length - end,
      });
    }
    // What was read may stand in the page cache only, if the process died before its fsync or the fsync failed, and no
    // later fsync would write it: whatever counts as signed is written again before anything is built upon it.
    const newest = records.at(-1)?.height;
    const kept = records.filter((record) => record.height === newest);
    // What is left out stays behind as the floor, below which nothing is signed anew and nothing is held to be foreign.
    const before = records.findLast((record) => record.height !== newest);
    const raised = before !== undefined && comparePositions(before, floor) > 0 ? positionAt(before) : floor;
    replaceFile(options, needs.files, raised, kept);
    return new SignJournal(options, needs.files, raised, kept);
  }

  /** Signatures of the highest height signed so far, oldest first. */
  get records(): readonly SignRecord[] {
    return this.#records;
  }

  /** The last position this key may have signed at; nothing at or below it is signed anew. */
  get highest(): SignPosition {
    let highest = this.#floor;
    for (const record of this.#records) if (comparePositions(record, highest) > 0) highest = record;
    return highest;
  }

  /** Whether this very signature was made here, or may have been in the past of which the file holds no details. */
  knows(position: SignPosition, signature: Uint8Array): boolean {
    if (comparePositions(position, this.#floor) <= 0) return true;
    const own = this.#signatures.get(placeOf(position));
    return own !== undefined && equalBytes(own, signature);
  }

  /** What was signed at exactly this position. */
  find(position: SignPosition): SignRecord | undefined {
    return this.#records.find((record) => comparePositions(record, position) === 0);
  }

  /** The newest lock of a height, with its block. */
  lockAt(height: bigint): (Lock & { readonly block: Uint8Array }) | undefined {
    return this.#records.findLast((record) => record.height === height && record.lock !== undefined)?.lock;
  }

  /** Makes one signature durable, with its lock. Only after this returns may it be shown to anyone. */
  append(record: SignRecord): void {
    const height = this.#records[0]?.height;
    if (height !== undefined && record.height < height) throw new Error("the sign journal never goes back");
    const isNew = height !== record.height;
    if (isNew && this.#file.size > (this.#options.rewriteBytes ?? JOURNAL_REWRITE_BYTES)) {
      this.#file.close();
      // What leaves the file stays behind as the floor: should the new record be torn, the past is still ruled out.
      this.#floor = positionAt(this.highest);
      this.#signatures.clear();
      replaceFile(this.#options, this.#files, this.#floor, [record]);
      this.#file = this.#files.openAppend(this.#options.path, FILE_MODE);
      this.#count = 0;
    } else {
      this.#file.append(encodeRecord(record, this.#count));
      this.#file.sync();
    }
    this.#count++;
    this.#signatures.set(placeOf(record), record.signature);
    if (isNew) this.#records = [record];
    else this.#records.push(record);
  }

  /** Lets go of the file; closing twice is harmless. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }
}

/** Negative, zero or positive as `a` comes before, at or after `b`. */
export function comparePositions(a: SignPosition, b: SignPosition): number {
  if (a.height !== b.height) return a.height < b.height ? -1 : 1;
  if (a.round !== b.round) return a.round - b.round;
  return a.step - b.step;
}

function positionAt({ height, round, step }: SignPosition): SignPosition {
  return { height, round, step };
}

function placeOf({ height, round, step }: SignPosition): string {
  return `${height}/${round}/${step}`;
}

function replaceFile(
  options: JournalOptions,
  files: FileSystem,
  floor: SignPosition,
  records: readonly SignRecord[],
): void {
  const directory = options.path.slice(0, options.path.lastIndexOf("/")) || "/";
  files.makeDirectory(directory);
  const temporary = `${options.path}.new`;
  files.remove(temporary);
  const file = files.openAppend(temporary, FILE_MODE);
  file.append(Buffer.concat([encodeHeader(options, floor), ...records.map(encodeRecord)]));
  file.sync();
  file.close();
  files.rename(temporary, options.path);
  // Without this a power cut could bring the old name's content back, and with it a forgotten signature.
  files.syncDirectory(directory);
}

function encodeHeader(options: JournalOptions, floor: SignPosition): Uint8Array {
  const body = new ByteWriter()
    .raw(MAGIC)
    .bytes(utf8(options.chainId))
    .bytes(options.address)
    .uint64(floor.height)
    .uint32(floor.round)
    .uint8(floor.step)
    .finish();
  return new ByteWriter().raw(body).uint32(crc32c(body)).finish();
}

function readHeader(options: JournalOptions, bytes: Uint8Array): { floor: SignPosition; end: number } {
  const { path } = options;
  const identity = new ByteWriter().raw(MAGIC).bytes(utf8(options.chainId)).bytes(options.address).finish();
  const bodyLength = identity.length + 13;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length >= bodyLength + 4;
  if (!whole || view.getUint32(bodyLength) !== crc32c(bytes.subarray(0, bodyLength))) {
    throw new JournalError(`the first bytes of the sign journal ${path} are damaged or of another key or chain`);
  }
  if (!equalBytes(bytes.slice(0, identity.length), identity)) {
    throw new JournalError(`the sign journal ${path} belongs to another key or another chain`);
  }
  const floor = {
    height: view.getBigUint64(identity.length),
    round: view.getUint32(identity.length + 8),
    step: view.getUint8(identity.length + 12),
  };
  return { floor, end: bodyLength + 4 };
}

function encodeRecord(record: SignRecord, sequence: number): Uint8Array {
  const payload = new ByteWriter()
    .uint64(record.height)
    .uint32(record.round)
    .uint8(record.step)
    .bytes(record.signBytes)
    .bytes(record.signature)
    .bytes(record.message)
    .uint8(record.lock === undefined ? 0 : 1);
  if (record.lock !== undefined) {
    writeLock(payload, record.lock);
    payload.bytes(record.lock.block);
  }
  const body = payload.finish();
  if (body.length > MAX_JOURNAL_RECORD_BYTES) throw new Error(`journal record of ${body.length} bytes`);
  const head = new ByteWriter().uint32(body.length).uint32(sequence).finish();
  return new ByteWriter().raw(head).uint32(crc32c(head, body)).raw(body).finish();
}

function decodePayload(reader: ByteReader): SignRecord {
  return {
    height: reader.uint64(),
    round: reader.uint32(),
    step: reader.uint8(),
    signBytes: reader.bytes(),
    signature: reader.bytes(),
    message: reader.bytes(),
    lock: reader.uint8() === 0 ? undefined : { ...readLock(reader), block: reader.bytes() },
  };
}

function readRecord(bytes: Uint8Array, at: number): { payload: Uint8Array; sequence: number; end: number } | undefined {
  if (bytes.length - at < RECORD_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const length = view.getUint32(0);
  const end = at + RECORD_HEADER_BYTES + length;
  if (length > MAX_JOURNAL_RECORD_BYTES || end > bytes.length) return undefined;
  const payload = bytes.subarray(at + RECORD_HEADER_BYTES, end);
  if (view.getUint32(8) !== crc32c(bytes.subarray(at, at + 8), payload)) return undefined;
  return { payload, sequence: view.getUint32(4), end };
}

function readRecords(bytes: Uint8Array, start: number): { records: SignRecord[]; end: number } {
  const records: SignRecord[] = [];
  let end = start;
  for (;;) {
    const found = readRecord(bytes, end);
    if (found === undefined || found.sequence !== records.length) return { records, end };
    records.push(readPayload(found.payload, decodePayload));
    end = found.end;
  }
}

function hasLaterRecord(bytes: Uint8Array, bad: number, expected: number): boolean {
  let searched = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bad; at <= bytes.length - RECORD_HEADER_BYTES; at++) {
    const sequence = view.getUint32(at + 4);
    const length = view.getUint32(at);
    if (length > MAX_JOURNAL_RECORD_BYTES || sequence < expected || sequence > expected + 100_000) continue;
    if (at + RECORD_HEADER_BYTES + length > bytes.length) continue;
    if (readRecord(bytes, at) !== undefined) return true;
    searched += length;
    if (searched > MAX_SEARCHED_BYTES) return true;
  }
  return false;
}
