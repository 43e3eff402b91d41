import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Database, StorageError } from "../../../node/storage/database.ts";
import { liveTables } from "../../../node/storage/leveldb/manifest.ts";
import { checkNewestTables, checkTables, DamagedTable } from "../../../node/storage/leveldb/table-check.ts";
import { Random } from "../../sim/random.ts";

const footerBytes = 48;
let folder: string;
let original: string;

/** A database as LevelDB itself makes it: values that compress and values that do not, several tables, some of them merged. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-tables-"));
  original = join(folder, "original");
  const database = await Database.open(original, { chainId: "tables-1" });
  const random = new Random(1);
  for (let round = 0; round < 6; round++) {
    const writes = Array.from({ length: 400 }, (_, index) => ({
      key: Buffer.from(`a key with a long common beginning, ${round % 3} ${index}`),
      value: index % 2 === 0 ? noise(random, 300) : new Uint8Array(300).fill(round),
    }));
    await database.write(writes);
    if (round === 3) await database.compact();
  }
  await database.compact();
  await database.write([{ key: Buffer.from("newest"), value: noise(random, 100) }]);
  await database.close();
  // Opening moves what is in the log into a table of its own.
  await (await Database.open(original, { chainId: "tables-1" })).close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copy(name: string): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  cpSync(original, path, { recursive: true });
  return path;
}

function tables(path: string): readonly string[] {
  return readdirSync(path).filter((name) => name.endsWith(".ldb"));
}

test("what LevelDB wrote is whole, and every table in the folder is live", () => {
  expect(tables(original).length).toBeGreaterThan(1);
  expect(
    tables(original)
      .map((name) => Number.parseInt(name, 10))
      .toSorted((a, b) => a - b),
  ).toEqual([...liveTables(original)].toSorted((a, b) => a - b));
  expect(checkNewestTables(original)).toEqual([]);
});

test("a flipped bit anywhere in a table is found, but for the padding of its footer", () => {
  const path = copy("flipped");
  for (const name of tables(path)) {
    const bytes = readFileSync(join(path, name));
    const step = Math.max(1, Math.floor(bytes.length / 150));
    const unseen: number[] = [];
    for (let at = 0; at < bytes.length; at += at < bytes.length - 100 ? step : 1) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      writeFileSync(join(path, name), damaged);
      try {
        checkNewestTables(path);
        unseen.push(at);
      } catch (error) {
        expect(error, `${name} byte ${at}`).toBeInstanceOf(DamagedTable);
        expect((error as Error).message).toContain(name);
      }
    }
    writeFileSync(join(path, name), bytes);
    // Two handles of at most ten bytes each, then zeros up to the magic number.
    for (const at of unseen) {
      expect(at).toBeGreaterThanOrEqual(bytes.length - footerBytes + 4);
      expect(at).toBeLessThan(bytes.length - 8);
    }
  }
});

test("a table cut short anywhere is found", () => {
  const path = copy("cut");
  const [name] = tables(path) as [string];
  const bytes = readFileSync(join(path, name));
  for (const length of [0, 1, 47, 48, 100, bytes.length >> 1, bytes.length - 1]) {
    writeFileSync(join(path, name), bytes.subarray(0, length));
    expect(() => checkNewestTables(path), `${length} bytes`).toThrow(DamagedTable);
  }
});

test("opening a database with a damaged table is refused in plain words, and nothing is changed", async () => {
  const path = copy("refused");
  const name = tables(path).at(-1) as string;
  const bytes = readFileSync(join(path, name));
  bytes[20] = (bytes[20] as number) ^ 1;
  writeFileSync(join(path, name), bytes);
  const before = readdirSync(path).toSorted();
  const opening = Database.open(path, { chainId: "tables-1" });
  await expect(opening).rejects.toThrow(StorageError);
  await expect(opening).rejects.toThrow(/is damaged \(table \d+\.ldb: the block at byte \d+ .*Nothing was wiped/);
  expect(readdirSync(path).toSorted()).toEqual(before);
});

test("what a crash left half written is no part of the database and is passed over", async () => {
  const path = copy("leftover");
  writeFileSync(join(path, "999999.ldb"), new Uint8Array(5_000).fill(7));
  expect(checkNewestTables(path)).toEqual([]);
  await (await Database.open(path, { chainId: "tables-1" })).close();
});

test("tables left for later are read while the database is in use; damage there stops the next write with plain words", async () => {
  const path = copy("later");
  const damaged = tables(path)[0] as string;
  const bytes = readFileSync(join(path, damaged));
  bytes[20] = (bytes[20] as number) ^ 1;
  writeFileSync(join(path, damaged), bytes);
  const never = new AbortController().signal;
  await expect(checkTables(path, [damaged], never)).rejects.toThrow(DamagedTable);
  await expect(checkTables(path, ["123456.ldb"], never)).resolves.toBeUndefined();
  const stopped = AbortSignal.abort();
  await expect(checkTables(path, tables(path), stopped)).resolves.toBeUndefined();
});

test("no bytes in a table or a MANIFEST make anything but a word about damage", () => {
  const path = copy("fuzz");
  const random = new Random(2);
  const [name] = tables(path) as [string];
  const table = readFileSync(join(path, name));
  const manifest = readdirSync(path).find((file) => file.startsWith("MANIFEST-")) as string;
  const edits = readFileSync(join(path, manifest));
  for (let trial = 0; trial < 200; trial++) {
    const bytes = Uint8Array.from(table);
    // The footer and the index before it are what the reading follows.
    for (let change = 0; change < 4; change++) bytes[bytes.length - 1 - random.below(400)] = random.below(256);
    writeFileSync(join(path, name), bytes);
    try {
      checkNewestTables(path);
    } catch (error) {
      expect(error).toBeInstanceOf(DamagedTable);
    }
    writeFileSync(join(path, manifest), trial % 2 === 0 ? noise(random, random.below(300)) : changed(edits, random));
    expect(liveTables(path)).toBeInstanceOf(Set);
    writeFileSync(join(path, manifest), edits);
  }
});

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

function changed(bytes: Uint8Array, random: Random): Uint8Array {
  const copied = Uint8Array.from(bytes);
  copied[random.below(copied.length)] = random.below(256);
  return copied;
}
