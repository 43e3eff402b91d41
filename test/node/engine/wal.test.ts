import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartSet } from "../../../chain/types/part-set.ts";
import { SIGNED_PROPOSAL } from "../../../chain/types/vote.ts";
import { crc32c } from "../../../node/engine/binary.ts";
import {
  LOG_FILES_KEPT,
  LOG_REMOVAL_HEIGHTS,
  MAX_LOG_RECORD_BYTES,
  MAX_SEARCHED_BYTES,
} from "../../../node/engine/limits.ts";
import { type LogRecord, WriteAheadLog } from "../../../node/engine/wal.ts";
import { decodeEntry, encodeEntry, type LogEntry } from "../../../node/engine/wal-record.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { MemoryDisk, PowerCut } from "../../sim/memory-disk.ts";
import { Random } from "../../sim/random.ts";
import { block, CHAIN_ID, lock, quietLog, TIME, vote } from "./support.ts";

const DIRECTORY = "/home/wal";
const PATH = `${DIRECTORY}/0000000000000000005.wal`;

function open(disk: MemoryDisk, height = 5n) {
  const log = quietLog();
  const wal = new WriteAheadLog({ directory: DIRECTORY, chainId: CHAIN_ID }, { files: disk.mount(), log });
  return { wal, log, recovery: wal.open(height) };
}

function record(type: number, length: number): LogRecord {
  return { type, payload: Uint8Array.from({ length }, (_, index) => (index * 7 + type) & 255) };
}

const RECORDS = [record(1, 40), record(2, 0), record(7, 13), record(4, 300), record(2, 90)];

/** A disk whose log of height 5 holds RECORDS, and the file's size after each of them. */
function written(): { disk: MemoryDisk; bytes: Uint8Array; ends: number[] } {
  const disk = new MemoryDisk();
  const { wal } = open(disk);
  const ends: number[] = [];
  for (const each of RECORDS) {
    wal.append(each);
    ends.push((disk.read(PATH) as Uint8Array).length);
  }
  wal.sync();
  wal.close();
  return { disk, bytes: disk.read(PATH) as Uint8Array, ends };
}

describe("the write-ahead log", () => {
  test("gives back what was appended, in order, and goes on after it", () => {
    const { disk } = written();
    const again = open(disk);
    expect(again.recovery).toEqual({ records: RECORDS, tornBytes: 0, quarantined: false });
    again.wal.append(record(9, 5));
    expect(open(disk).recovery.records).toEqual([...RECORDS, record(9, 5)]);
  });

  test("cut at every byte of its last two records it loses those and nothing else, and says how much", () => {
    const { bytes, ends } = written();
    const before = ends.at(-3) as number;
    for (let cut = before; cut < bytes.length; cut++) {
      const disk = new MemoryDisk();
      disk.write(PATH, bytes.slice(0, cut));
      const whole = ends.filter((end) => end <= cut);
      const { recovery, wal } = open(disk);
      expect(recovery.records).toEqual(RECORDS.slice(0, whole.length));
      expect(recovery.tornBytes).toBe(cut - (whole.at(-1) as number));
      expect(recovery.quarantined).toBe(false);
      if (recovery.tornBytes > 0) expect(disk.read(`${PATH}.torn`)).toEqual(bytes.slice(whole.at(-1), cut));
      wal.append(record(8, 3));
      wal.close();
      expect(open(disk).recovery.records).toEqual([...RECORDS.slice(0, whole.length), record(8, 3)]);
    }
  });

  test("of a height without one is empty, and nothing was torn or set aside", () => {
    expect(open(new MemoryDisk()).recovery).toEqual({ records: [], tornBytes: 0, quarantined: false });
  });

  test("takes no record that it would not read back, and none before it is open or after it is closed", () => {
    const { wal } = open(new MemoryDisk());
    const longest = { type: 1, payload: new Uint8Array(MAX_LOG_RECORD_BYTES) };
    wal.append(longest);
    expect(() => wal.append({ type: 1, payload: new Uint8Array(MAX_LOG_RECORD_BYTES + 1) })).toThrow("2097153 bytes");
    wal.close();
    expect(() => wal.append(record(1, 1))).toThrow("the write-ahead log is not open");
    const fresh = new WriteAheadLog(
      { directory: DIRECTORY, chainId: CHAIN_ID },
      { files: new MemoryDisk().mount(), log: quietLog() },
    );
    expect(() => fresh.append(record(1, 1))).toThrow("the write-ahead log is not open");
  });

  test("whose end looks like records everywhere counts as damaged, and is not searched for ever", () => {
    const disk = new MemoryDisk();
    open(disk).wal.close();
    const header = disk.read(PATH) as Uint8Array;
    // A length, a type, a sequence and a checksum that is wrong, again and again; each would be worth a look.
    const like = new Uint8Array(13);
    new DataView(like.buffer).setUint32(0, 1_000_000);
    const places = Math.ceil(MAX_SEARCHED_BYTES / 1_000_000) + 1;
    const tail = Buffer.concat([...Array.from({ length: places }, () => like), new Uint8Array(1_000_000)]);
    disk.write(PATH, Buffer.concat([header, tail]));
    const { recovery } = open(disk);
    expect(recovery).toEqual({ records: [], tornBytes: 0, quarantined: true });
    // With fewer of them all are looked at: nothing good follows, so it is a torn tail.
    disk.write(PATH, Buffer.concat([header, tail.subarray(13 * (places - 3))]));
    expect(open(disk).recovery.quarantined).toBe(false);
  });

  test("cut inside its header it starts empty", () => {
    const { bytes, ends } = written();
    for (let cut = 0; cut < (ends[0] as number) - 53; cut++) {
      const disk = new MemoryDisk();
      disk.write(PATH, bytes.slice(0, cut));
      expect(open(disk).recovery.records).toEqual([]);
    }
  });

  test("a byte flipped anywhere never gives a wrong record: the tail is cut off, or the whole file set aside", () => {
    const { bytes, ends } = written();
    const lastStart = ends.at(-2) as number;
    for (let at = 0; at < bytes.length; at++) {
      const disk = new MemoryDisk();
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 0x10;
      disk.write(PATH, damaged);
      const { recovery } = open(disk);
      expect(recovery.quarantined).toBe(at < lastStart);
      expect(recovery.records).toEqual(at < lastStart ? [] : RECORDS.slice(0, -1));
      if (recovery.quarantined) expect(disk.read(`${PATH}.damaged`)).toEqual(damaged);
    }
  });

  test("after a power cut it holds a prefix of what was appended, at least up to the last sync", () => {
    for (let seed = 1; seed < 200; seed++) {
      const random = new Random(seed);
      const disk = new MemoryDisk();
      const { wal } = open(disk);
      let synced = 0;
      const all: LogRecord[] = [];
      for (let count = random.below(20); count > 0; count--) {
        all.push(record(random.below(10), random.below(50)));
        wal.append(all.at(-1) as LogRecord);
        if (!random.chance(0.3)) continue;
        wal.sync();
        synced = all.length;
      }
      disk.crash(random);
      const { records } = open(disk).recovery;
      expect(records.length).toBeGreaterThanOrEqual(synced);
      expect(records).toEqual(all.slice(0, records.length));
    }
  });

  test("a power cut at any operation of opening and appending leaves a log that opens", () => {
    for (let cut = 0; cut < 30; cut++) {
      const { disk } = written();
      disk.cutAt = disk.operations + cut;
      try {
        for (const height of [5n, 6n, 7n, 8n]) {
          const { wal } = open(disk, height);
          wal.append(record(1, 10));
          wal.sync();
        }
      } catch (error) {
        expect(error).toBeInstanceOf(PowerCut);
      }
      disk.cutAt = undefined;
      disk.crash(new Random(cut + 1));
      expect(() => open(disk, 8n)).not.toThrow();
    }
  });

  test("keeps the height in progress and the one before", () => {
    const disk = new MemoryDisk();
    for (const height of [1n, 2n, 3n, 4n]) open(disk, height).wal.close();
    expect(disk.paths()).toEqual([3, 4].map((height) => `${DIRECTORY}/000000000000000000${height}.wal`));
  });

  test("while it runs, older ones go several at a time, and never the height before", () => {
    const disk = new MemoryDisk();
    const { wal } = open(disk, 1n);
    for (let height = 2n; height <= 40n; height++) {
      wal.open(height);
      const kept = disk.paths();
      expect(kept.length).toBeLessThanOrEqual(LOG_FILES_KEPT + LOG_REMOVAL_HEIGHTS);
      for (const recent of [height - 1n, height])
        expect(kept).toContain(`${DIRECTORY}/${recent.toString().padStart(19, "0")}.wal`);
    }
  });

  test("keeps the newest of what it set aside, whatever their height", () => {
    const disk = new MemoryDisk();
    const names = Array.from({ length: 10 }, (_, at) => `${DIRECTORY}/000000000000000000${at}.wal.torn`);
    for (const name of names) disk.write(name, utf8("x"));
    open(disk, 50n).wal.close();
    expect(disk.paths()).toEqual([...names.slice(2), `${DIRECTORY}/0000000000000000050.wal`]);
  });

  test("a log of another chain or another height is not replayed", () => {
    const { bytes } = written();
    const disk = new MemoryDisk();
    disk.write(`${DIRECTORY}/0000000000000000006.wal`, bytes);
    expect(open(disk, 6n).recovery.records).toEqual([]);
  });

  test("costs no fsync when there is nothing new", () => {
    const disk = new MemoryDisk();
    const { wal } = open(disk);
    wal.append(record(1, 1));
    wal.sync();
    const { syncs } = disk;
    wal.sync();
    expect(disk.syncs).toBe(syncs);
    wal.append(record(1, 1));
    wal.sync();
    expect(disk.syncs).toBe(syncs + 1);
  });

  test("its checksum is the Castagnoli CRC of RFC 3720", () => {
    expect(crc32c(utf8("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(utf8("1234"), utf8("56789"))).toBe(0xe3069283);
  });
});

describe("log entries", () => {
  const blockId = block("A");
  const parts = PartSet.fromBytes(new Uint8Array(100_000).fill(3));
  const signature = {
    blockIdFlag: 2,
    validatorAddress: new Uint8Array(20).fill(1),
    timestamp: TIME,
    signature: new Uint8Array(64).fill(9),
  };
  const entries: LogEntry[] = [
    {
      type: "proposal",
      proposal: {
        type: SIGNED_PROPOSAL,
        height: 3n,
        round: 2,
        polRound: -1,
        blockId,
        timestamp: TIME,
        signature: new Uint8Array(64).fill(9),
      },
    },
    { type: "vote", vote: vote(1, 3, 3n, 0, blockId) },
    { type: "cert", kind: "polka", votes: lock(3n, 1, blockId).polka },
    { type: "cert", kind: "commit", votes: [vote(2, 1, 3n, 1, blockId)] },
    { type: "part", blockId, part: parts.part(1) as NonNullable<ReturnType<PartSet["part"]>> },
    { type: "blockReady", height: 3n, blockId, valid: true },
    { type: "blockReady", height: 3n, blockId, valid: false },
    { type: "builtValue", height: 3n, round: 7, blockId },
    ...(["newHeight", "propose", "prevote", "precommit"] as const).map(
      (kind) => ({ type: "timeout", kind, height: 3n, round: 1 }) as const,
    ),
    { type: "syncedBlock", height: 3n, blockId, commit: { height: 3n, round: 0, blockId, signatures: [] } },
    {
      type: "syncedBlock",
      height: 3n,
      blockId,
      commit: { height: 3n, round: 0, blockId, signatures: [signature] },
      extendedCommit: {
        height: 3n,
        round: 0,
        blockId,
        extendedSignatures: [{ ...signature, extension: utf8("said"), extensionSignature: new Uint8Array(64).fill(8) }],
      },
    },
    { type: "txsAvailable", height: 1n << 60n },
    { type: "restoreLock", height: 3n, lock: lock(3n, 4, blockId) },
  ];

  test("come back as they were", () => {
    for (const entry of entries) expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
  });

  test("with a byte too many, or of a timeout that there is not, they are refused", () => {
    for (const entry of entries.filter(({ type }) => type !== "vote" && type !== "proposal")) {
      const { type, payload } = encodeEntry(entry);
      const longer = Buffer.concat([payload, Uint8Array.of(0)]);
      expect(() => decodeEntry({ type, payload: longer }), entry.type).toThrow("1 bytes too many");
    }
    const { type, payload } = encodeEntry({ type: "timeout", kind: "prevote", height: 3n, round: 1 });
    const strange = payload.slice();
    strange[0] = 77;
    expect(() => decodeEntry({ type, payload: strange })).toThrow("timeout number 77");
  });

  test("cut short or of an unknown type they are refused", () => {
    for (const entry of entries.filter(({ type }) => type !== "vote" && type !== "proposal")) {
      const { type, payload } = encodeEntry(entry);
      for (let length = 0; length < payload.length; length += Math.max(1, payload.length >> 6)) {
        expect(() => decodeEntry({ type, payload: payload.slice(0, length) })).toThrow();
      }
    }
    expect(() => decodeEntry({ type: 99, payload: new Uint8Array(0) })).toThrow("log record type 99");
  });

  test("of random bytes are refused with an error, never a crash", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 200 }), (type, payload) => {
        try {
          encodeEntry(decodeEntry({ type, payload }));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
