/**
 * Owns the LevelDB database of a data folder: opening it with one clear line for everything that can be wrong, synced
 * atomic batches, synchronous reads, ordered scans. Does not own what is stored (storage.ts and the files beside it).
 * It never wipes or repairs anything by itself.
 */

import { mkdirSync, readdirSync } from "node:fs";
import { Level } from "level";
import type { CrashPoints } from "../engine/crash-points.ts";
import { readMachine, sizingOf } from "../machine.ts";
import { EXIT_STORAGE_FAILURE, FatalError } from "../ports.ts";
import { checkNewestTables, checkTables } from "./leveldb/table-check.ts";
import { schemaNumber } from "./limits.ts";
import { bytesKey, table } from "./tables.ts";

/** One change of a batch: `undefined` deletes. */
export interface Write {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** The disk or the database failed; the process must end with exit code 70 and not retry. */
export class StorageError extends FatalError {
  override readonly name = "StorageError";
  constructor(message: string, cause?: unknown) {
    super(message, EXIT_STORAGE_FAILURE, { cause });
  }
}

/** What a data folder belongs to. */
export interface DatabaseIdentity {
  readonly chainId: string;
}

type LevelDatabase = Level<Uint8Array, Uint8Array>;

const schemaKey = bytesKey(table.meta, Buffer.from("schema"));
const chainKey = bytesKey(table.meta, Buffer.from("chain-id"));

/** An open database. */
export class Database {
  private readonly level: LevelDatabase;
  readonly path: string;
  private failed: StorageError | undefined;
  private readonly closing = new AbortController();
  private readonly points: CrashPoints | undefined;

  private constructor(level: LevelDatabase, path: string, points: CrashPoints | undefined) {
    this.level = level;
    this.path = path;
    this.points = points;
  }

  /** Opens the folder, creating it when absent. Throws StorageError with what was wrong and what to do. */
  static async open(path: string, identity: DatabaseIdentity, points?: CrashPoints): Promise<Database> {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StorageError(explain("cannot create the data folder", path, error), error);
    }
    refuseRemains(path);
    const { blockCacheBytes, writeBufferBytes } = sizingOf(readMachine());
    const unread = newestTables(path);
    const level: LevelDatabase = new Level<Uint8Array, Uint8Array>(path, {
      keyEncoding: "buffer",
      valueEncoding: "buffer",
      cacheSize: blockCacheBytes,
      writeBufferSize: writeBufferBytes,
    });
    try {
      await level.open();
    } catch (error) {
      throw new StorageError(explain("cannot open the database", path, error), error);
    }
    const database = new Database(level, path, points);
    void database.checkOlder(unread);
    try {
      await database.identify(identity);
    } catch (error) {
      await level.close();
      throw error;
    }
    return database;
  }

  private async identify(identity: DatabaseIdentity): Promise<void> {
    const schema = this.get(schemaKey);
    if (schema === undefined) {
      for await (const _key of this.level.keys({ limit: 1 })) {
        throw new StorageError(
          `${this.path} holds a database of another program. Choose another --home, or move that folder away.`,
        );
      }
      await this.write([
        { key: schemaKey, value: Buffer.from(String(schemaNumber)) },
        { key: chainKey, value: Buffer.from(identity.chainId) },
      ]);
      return;
    }
    const found = Buffer.from(schema).toString();
    if (found !== String(schemaNumber)) {
      throw new StorageError(
        `${this.path} was written with data layout ${found}, this version reads ${schemaNumber}. ` +
          "Use the version that wrote it, or move the folder away and sync again. Nothing was changed.",
      );
    }
    const chain = Buffer.from(this.get(chainKey) ?? new Uint8Array(0)).toString();
    if (chain !== identity.chainId) {
      throw new StorageError(
        `${this.path} holds the chain "${chain}", but the genesis says "${identity.chainId}". ` +
          "Restore that chain's genesis.json, or use another --home. Nothing was changed.",
      );
    }
  }

  /** The value, or undefined. Throws StorageError when the disk or the database is damaged. */
  get(key: Uint8Array): Uint8Array | undefined {
    try {
      return this.level.getSync(key);
    } catch (error) {
      throw this.fail("cannot read the database", error);
    }
  }

  /** Entries from `start` up to but not including `end`, in key order, in steps that yield to the event loop. */
  async *scan(
    start: Uint8Array,
    end: Uint8Array,
    batchRows: number,
  ): AsyncGenerator<readonly [Uint8Array, Uint8Array]> {
    const iterator = this.level.iterator({ gte: start, lt: end });
    try {
      while (true) {
        const rows = await iterator.nextv(batchRows);
        if (rows.length === 0) return;
        yield* rows;
      }
    } catch (error) {
      if (isLevelFailure(error)) throw this.fail("cannot read the database", error);
      throw error;
    } finally {
      await iterator.close();
    }
  }

  /** All changes or none, on the disk when it resolves. After a failure the database takes no more writes. */
  async write(writes: readonly Write[]): Promise<void> {
    if (this.failed !== undefined) throw this.failed;
    const batch = writes.map(({ key, value }) =>
      value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
    );
    const run = (): Promise<void> => this.level.batch(batch, { sync: true });
    try {
      await (this.points === undefined ? run() : this.points.aroundAsync("database batch", run));
    } catch (error) {
      throw this.fail("cannot write the database", error);
    }
  }

  /** Rewrites the tables without what was deleted, so that its space is free again. */
  async compact(): Promise<void> {
    try {
      // Level is the class of every host; on this one it is classic-level's, which can do this.
      const classic = this.level as LevelDatabase & { compactRange(start: Uint8Array, end: Uint8Array): Promise<void> };
      await classic.compactRange(new Uint8Array(0), Uint8Array.of(0xff));
    } catch (error) {
      throw this.fail("cannot compact the database", error);
    }
  }

  /** Reads what was not read before opening. Damage lets no further write succeed, so the node stops and says why. */
  private async checkOlder(names: readonly string[]): Promise<void> {
    try {
      await checkTables(this.path, names, this.closing.signal);
    } catch (error) {
      this.fail("cannot trust the database", error);
    }
  }

  private fail(what: string, error: unknown): StorageError {
    this.failed = new StorageError(explain(what, this.path, error), error);
    return this.failed;
  }

  /** Waits for writes under way and releases the lock. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.level.close();
  }
}

/**
 * Throws where a database has lost its CURRENT file: LevelDB would take the folder for a new one, begin anew in it, and
 * delete the tables that still hold everything.
 */
function refuseRemains(path: string): void {
  const names = readdirSync(path);
  const remains = names.filter((name) => /^MANIFEST-|\.(?:ldb|sst|log)$/.test(name));
  if (remains.length === 0 || names.includes("CURRENT")) return;
  const lost = Object.assign(new Error(`${remains.join(", ")} without CURRENT`), { code: "LEVEL_CORRUPTION" });
  throw new StorageError(explain("cannot open the database", path, lost), lost);
}

/** Reads the newest tables before LevelDB merges them; returns the others. */
function newestTables(path: string): readonly string[] {
  try {
    return checkNewestTables(path);
  } catch (error) {
    throw new StorageError(explain("cannot open the database", path, error), error);
  }
}

function isLevelFailure(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("LEVEL_");
}

/** Whether opening failed because another process, a running node, has the database. */
export function isDatabaseInUse(error: unknown): boolean {
  return error instanceof StorageError && deepest(error.cause).code === "LEVEL_LOCKED";
}

const remedy =
  "Nothing was wiped. Restore the folder from a copy, or move it away and start again to sync from peers; " +
  "keep the sign journal in any case.";

/** The failure of a data folder whose state this program cannot take up: damaged, or of another version. */
export function unusableState(path: string, cause: Error): StorageError {
  return new StorageError(`cannot take up the state in ${path}: ${cause.message}. ${remedy}`, cause);
}

/** One line for people: what was wrong, what to do, and that nothing is lost. */
function explain(what: string, path: string, error: unknown): string {
  const { code, message } = deepest(error);
  const all = `${code} ${message}`;
  if (code === "LEVEL_LOCKED") {
    return `${path} is in use by another process, probably a node that is running. Stop it first. Nothing was lost.`;
  }
  if (/ENOSPC|No space left|EDQUOT|quota exceeded|EFBIG|File too large/i.test(all)) {
    return `${what}: the disk of ${path} is full (${message}). Free some space and start again; committed blocks are safe.`;
  }
  if (/EACCES|EPERM|Permission denied|EROFS|Read-only/i.test(all)) {
    return `${what}: no permission for ${path}. Give this user the right to write there. Nothing was lost.`;
  }
  if (code === "LEVEL_CORRUPTION" || /corruption|CURRENT|MANIFEST|checksum|missing files/i.test(all)) {
    return `${what}: ${path} is damaged (${message}). ${remedy}`;
  }
  return `${what}: ${path}: ${message}. Nothing was wiped; committed blocks stay as they were written.`;
}

/** LevelDB's own complaint lies under the wrapping errors. */
function deepest(error: unknown): { readonly code: string; readonly message: string } {
  let found = { code: "", message: String(error) };
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 8; depth += 1) {
    found = { code: "code" in current ? String(current.code) : found.code, message: current.message };
    current = current.cause;
  }
  return { code: found.code, message: found.message.replace(/\s+/g, " ").trim() };
}
