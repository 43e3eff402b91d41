import { describe, expect, test } from "vitest";
import { SIGNED_PREVOTE } from "../../chain/types/vote.ts";
import { SignJournal } from "../../node/engine/sign-journal.ts";
import { WriteAheadLog } from "../../node/engine/wal.ts";
import { utf8, utf8Text } from "../../proto/bytes.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { Random } from "./random.ts";

const PATH = "/data/file";
const log = { info: () => {}, warn: () => {}, error: () => {} };

function written(disk: MemoryDisk, text: string) {
  const file = disk.mount().openAppend(PATH, 0o600);
  file.append(utf8(text));
  return file;
}

const textOf = (disk: MemoryDisk): string => utf8Text(disk.read(PATH) ?? new Uint8Array(0));

describe("the simulated disk", () => {
  test("keeps through a power cut what was synced, name and bytes, and of the rest a part", () => {
    for (let seed = 0; seed < 50; seed++) {
      const disk = new MemoryDisk();
      const file = written(disk, "safe ");
      file.sync();
      disk.mount().syncDirectory("/data");
      file.append(utf8("and not safe"));
      expect(disk.isDurable(PATH)).toBe(false);
      disk.crash(new Random(seed));
      expect("safe and not safe".startsWith(textOf(disk))).toBe(true);
      expect(textOf(disk).startsWith("safe ")).toBe(true);
    }
  });

  test("loses a file whose directory was not synced, in some worlds", () => {
    const survives = (seed: number): boolean => {
      const disk = new MemoryDisk();
      written(disk, "x").sync();
      disk.crash(new Random(seed));
      return disk.read(PATH) !== undefined;
    };
    const outcomes = new Set(Array.from({ length: 20 }, (_, seed) => survives(seed)));
    expect(outcomes).toEqual(new Set([true, false]));
  });

  test("may write a later sector and not an earlier one", () => {
    const isTornInside = (seed: number): boolean => {
      const disk = new MemoryDisk();
      disk.reorders = true;
      written(disk, "a").sync();
      disk.settle();
      disk.mount().openAppend(PATH, 0).append(new Uint8Array(2_000).fill(98));
      disk.crash(new Random(seed));
      return /\0+b/.test(textOf(disk));
    };
    expect(Array.from({ length: 40 }, (_, seed) => isTornInside(seed))).toContain(true);
  });

  test("never writes what a failed fsync left in the cache, whatever is synced later", () => {
    const disk = new MemoryDisk();
    const file = written(disk, "one ");
    disk.failAt(disk.operations, "EIO");
    expect(() => file.sync()).toThrow("cannot sync /data/file: EIO");
    file.append(utf8("two"));
    file.sync();
    disk.mount().syncDirectory("/data");
    expect(textOf(disk)).toBe("one two");
    expect(disk.isDurable(PATH)).toBe(false);
    disk.crash(new Random(1));
    expect(textOf(disk)).toBe("\0\0\0\0two");
  });

  test("that is full takes part of a write", () => {
    const disk = new MemoryDisk();
    disk.random = new Random(5);
    disk.isFull = true;
    expect(() => written(disk, "much text")).toThrow("ENOSPC");
    disk.clearFaults();
    written(disk, "more");
    expect(textOf(disk)).toBe("more");
  });
});

describe("what a dead process left in the page cache", () => {
  const options = { path: "/data/sign.journal", chainId: "c", address: new Uint8Array(20) };
  const record = {
    height: 1n,
    round: 0,
    step: SIGNED_PREVOTE,
    signBytes: utf8("bytes"),
    signature: new Uint8Array(64),
    message: utf8("vote"),
    lock: undefined,
  };

  test("is durable in the sign journal once the journal is open again, though its fsync failed", () => {
    const disk = new MemoryDisk();
    const journal = SignJournal.create(options, disk.mount());
    disk.failAt(disk.operations + 1, "EIO");
    expect(() => journal.append(record)).toThrow("EIO");
    // The process stops; the next one reads the record from the cache and will send it again.
    expect(SignJournal.open(options, { files: disk.mount(), log }).records).toHaveLength(1);
    expect(disk.isDurable(options.path)).toBe(true);
    disk.crash(new Random(1));
    expect(SignJournal.open(options, { files: disk.mount(), log }).records).toHaveLength(1);
  });

  test("is durable in the write-ahead log once the log is open again, though nobody synced it", () => {
    const disk = new MemoryDisk();
    const open = () => {
      const wal = new WriteAheadLog({ directory: "/data/wal", chainId: "c" }, { files: disk.mount(), log });
      return { wal, records: wal.open(3n).records };
    };
    open().wal.append({ type: 2, payload: utf8("an input") });
    expect(open().records).toHaveLength(1);
    for (const path of disk.paths()) expect(disk.isDurable(path), path).toBe(true);
    disk.crash(new Random(1));
    expect(open().records).toHaveLength(1);
  });
});
