// What the records of the write-ahead log say: the machine's inputs, and the parts of blocks that inputs refer to by
// hash. Owns the record types and their payloads.

import type { LoggedInput, TimeoutKind } from "../../chain/consensus/input.ts";
import type { Lock } from "../../chain/consensus/state.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import { impossible } from "../../chain/types/impossible.ts";
import type { Vote } from "../../chain/types/vote.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { Part } from "../ports.ts";
import { type ByteReader, ByteWriter, LayoutError } from "./binary.ts";
import { bareCommit } from "./extensions.ts";
import { type LogRecord, readPayload } from "./wal.ts";

/** One entry of the log: an input of the machine, or a part of a block. */
export type LogEntry = LoggedInput | { readonly type: "part"; readonly blockId: BlockId; readonly part: Part };

/** Numbers are on disk: one that was used is never given another meaning. */
const RECORD = {
  proposal: 1,
  vote: 2,
  cert: 3,
  part: 4,
  blockReady: 5,
  builtValue: 6,
  timeout: 7,
  syncedBlock: 8,
  txsAvailable: 9,
  restoreLock: 10,
  syncedExtended: 11,
} as const;

const TIMEOUT_NUMBERS: Readonly<Record<TimeoutKind, number>> = { newHeight: 1, propose: 2, prevote: 3, precommit: 4 };

export function encodeEntry(entry: LogEntry): LogRecord {
  const type = RECORD[entry.type];
  const writer = new ByteWriter();
  switch (entry.type) {
    case "proposal":
      return { type, payload: encode("tendermint.types.Proposal", entry.proposal) };
    case "vote":
      return { type, payload: encode("tendermint.types.Vote", entry.vote) };
    case "cert":
      writer.uint8(entry.kind === "polka" ? 1 : 2);
      writeVotes(writer, entry.votes);
      break;
    case "part":
      writeBlockId(writer, entry.blockId).bytes(encode("tendermint.types.Part", entry.part));
      break;
    case "blockReady":
      writeBlockId(writer.uint64(entry.height), entry.blockId).uint8(entry.valid ? 1 : 0);
      break;
    case "builtValue":
      writeBlockId(writer.uint64(entry.height).uint32(entry.round), entry.blockId);
      break;
    case "timeout":
      writer.uint8(TIMEOUT_NUMBERS[entry.kind]).uint64(entry.height).uint32(entry.round);
      break;
    case "syncedBlock":
      writeBlockId(writer.uint64(entry.height), entry.blockId);
      if (entry.extendedCommit !== undefined) {
        writer.bytes(encode("tendermint.types.ExtendedCommit", entry.extendedCommit));
        return { type: RECORD.syncedExtended, payload: writer.finish() };
      }
      writer.bytes(encode("tendermint.types.Commit", entry.commit));
      break;
    case "txsAvailable":
      writer.uint64(entry.height);
      break;
    case "restoreLock":
      writeLock(writer.uint64(entry.height), entry.lock);
      break;
    default:
      impossible(entry);
  }
  return { type, payload: writer.finish() };
}

/** Throws on a record this version does not know or cannot read. */
export function decodeEntry({ type, payload }: LogRecord): LogEntry {
  switch (type) {
    case RECORD.proposal:
      return { type: "proposal", proposal: decode("tendermint.types.Proposal", payload) };
    case RECORD.vote:
      return { type: "vote", vote: decode("tendermint.types.Vote", payload) };
    default:
      return readPayload(payload, (reader) => readEntry(type, reader));
  }
}

function readEntry(type: number, reader: ByteReader): LogEntry {
  switch (type) {
    case RECORD.cert:
      return { type: "cert", kind: reader.uint8() === 1 ? "polka" : "commit", votes: readVotes(reader) };
    case RECORD.part:
      return { type: "part", blockId: readBlockId(reader), part: decode("tendermint.types.Part", reader.bytes()) };
    case RECORD.blockReady:
      return { type: "blockReady", height: reader.uint64(), blockId: readBlockId(reader), valid: reader.uint8() === 1 };
    case RECORD.builtValue:
      return { type: "builtValue", height: reader.uint64(), round: reader.uint32(), blockId: readBlockId(reader) };
    case RECORD.timeout: {
      const number = reader.uint8();
      const kind = (Object.keys(TIMEOUT_NUMBERS) as TimeoutKind[]).find((name) => TIMEOUT_NUMBERS[name] === number);
      if (kind === undefined) throw new LayoutError(`timeout number ${number}`);
      return { type: "timeout", kind, height: reader.uint64(), round: reader.uint32() };
    }
    case RECORD.syncedBlock: {
      const height = reader.uint64();
      const blockId = readBlockId(reader);
      return { type: "syncedBlock", height, blockId, commit: decode("tendermint.types.Commit", reader.bytes()) };
    }
    case RECORD.syncedExtended: {
      const height = reader.uint64();
      const blockId = readBlockId(reader);
      const extendedCommit = decode("tendermint.types.ExtendedCommit", reader.bytes());
      return { type: "syncedBlock", height, blockId, commit: bareCommit(extendedCommit), extendedCommit };
    }
    case RECORD.txsAvailable:
      return { type: "txsAvailable", height: reader.uint64() };
    case RECORD.restoreLock:
      return { type: "restoreLock", height: reader.uint64(), lock: readLock(reader) };
    default:
      throw new LayoutError(`log record type ${type}`);
  }
}

export function writeBlockId(writer: ByteWriter, blockId: BlockId): ByteWriter {
  return writer.bytes(encode("tendermint.types.BlockID", blockId));
}

export function readBlockId(reader: ByteReader): BlockId {
  return decode("tendermint.types.BlockID", reader.bytes());
}

export function writeVotes(writer: ByteWriter, votes: readonly Vote[]): void {
  writer.uint32(votes.length);
  for (const vote of votes) writer.bytes(encode("tendermint.types.Vote", vote));
}

export function readVotes(reader: ByteReader): readonly Vote[] {
  const votes: Vote[] = [];
  for (let count = reader.uint32(); count > 0; count--) votes.push(decode("tendermint.types.Vote", reader.bytes()));
  return votes;
}

export function writeLock(writer: ByteWriter, lock: Lock): void {
  writeVotes(writeBlockId(writer.uint32(lock.round), lock.blockId), lock.polka);
}

export function readLock(reader: ByteReader): Lock {
  return { round: reader.uint32(), blockId: readBlockId(reader), polka: readVotes(reader) };
}
