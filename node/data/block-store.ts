/**
 * Owns the blocks a node keeps: one file each, named by the SHA-256 of its bytes, within a budget. What is pinned stays; of the rest the
 * oldest goes first. Whether a block is pinned is which of two folders it lies in, so a rename changes it, and commands may work on the
 * folder while a node runs on it. A file appears whole or not at all, and one that no longer is what its name says is removed when it is
 * read. It does not own which blocks are wanted, nor their exchange.
 */
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { equalBytes, fromHex, hex } from "../../proto/bytes.ts";
import { sha256 } from "../crypto.ts";
import { MAX_BLOCK_BYTES, MAX_REMEMBERED_WHOLE, STALE_INCOMING_MS } from "./limits.ts";

/** How long a block stays: pinned until it is unpinned, loose while there is room. */
export type Keeping = "pinned" | "loose";

const KEEPINGS: readonly Keeping[] = ["pinned", "loose"];

/** There is no room for a block; the message says why. Nothing was changed. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}

/** One block that is kept. */
export interface KeptBlock {
  readonly digest: Uint8Array;
  readonly bytes: number;
  readonly keeping: Keeping;
  /** When it came, in milliseconds since 1970. */
  readonly cameMs: number;
}

export interface StoreOptions {
  readonly folder: string;
  /** Most bytes of all blocks together. */
  readonly budgetBytes: number;
}

/** Where a block lies. */
interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly keeping: Keeping;
}

export class BlockStore {
  readonly budgetBytes: number;
  readonly #folder: string;
  /** Bytes of all blocks as this process last counted them; other processes may have changed it since. */
  #totalBytes = 0;
  /** Blocks found whole by this process, by their names. */
  readonly #whole = new Set<string>();
  /** Changes of the folder, one after another. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor({ folder, budgetBytes }: StoreOptions) {
    this.#folder = folder;
    this.budgetBytes = budgetBytes;
  }

  /** Opens the folder, which is made when it is not there, and clears what a process that was killed left half-written. */
  static async open(options: StoreOptions): Promise<BlockStore> {
    const store = new BlockStore(options);
    for (const name of [...KEEPINGS, "incoming"])
      await mkdir(join(options.folder, name), { recursive: true, mode: 0o700 });
    const incoming = join(options.folder, "incoming");
    for (const name of await readdir(incoming)) {
      const path = join(incoming, name);
      const facts = await stat(path).catch(() => undefined);
      if (facts !== undefined && Date.now() - facts.mtimeMs > STALE_INCOMING_MS) await rm(path, { force: true });
    }
    await store.#count();
    return store;
  }

  /** Bytes of all blocks, as last counted. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** How many bytes a block has; undefined when it is not here. */
  async length(digest: Uint8Array): Promise<number | undefined> {
    return (await this.#find(digest))?.bytes;
  }

  /** A block, checked; undefined when it is not here, or was damaged and is removed. */
  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const found = await this.#find(digest);
    if (found === undefined) return undefined;
    const bytes = await this.#read(digest, found);
    if (bytes === undefined) await this.#change(() => this.#dropDamaged(digest));
    return bytes;
  }

  /** Some bytes of a block, with its length. The whole block is checked before its first slice is given by this process. */
  async slice(
    digest: Uint8Array,
    from: number,
    count: number,
  ): Promise<{ readonly length: number; readonly bytes: Uint8Array } | undefined> {
    if (!this.#whole.has(hex(digest))) {
      const bytes = await this.get(digest);
      return bytes && { length: bytes.length, bytes: bytes.slice(from, from + count) };
    }
    const found = await this.#find(digest);
    if (found === undefined) return undefined;
    const bytes = await readSlice(found.path, from, Math.max(0, Math.min(count, found.bytes - from))).catch(ifAbsent);
    return bytes && { length: found.bytes, bytes };
  }

  /**
   * Keeps a block and gives its hash. One that is here already stays, and is pinned if that is asked. Throws StoreFullError when it does not
   * fit beside what is pinned.
   */
  async put(bytes: Uint8Array, keeping: Keeping): Promise<Uint8Array> {
    if (bytes.length > MAX_BLOCK_BYTES) {
      throw new StoreFullError(`a block of ${bytes.length} bytes is longer than ${MAX_BLOCK_BYTES}`);
    }
    const digest = sha256(bytes);
    await this.#change(async () => {
      const present = await this.#find(digest);
      // What lies under the name may be damaged: it is whole only when it was read and found so.
      if (present !== undefined && (await this.#read(digest, present)) !== undefined) {
        if (keeping === "pinned" && present.keeping === "loose") await this.#move(digest, present.path, "pinned");
        return;
      }
      if (present !== undefined) await this.#delete(digest, present);
      await this.#makeRoom(bytes.length);
      await this.#write(digest, bytes, keeping);
    });
    return digest;
  }

  /** Pins or unpins a block; false when it is not here. What is unpinned is as old as this moment. */
  async keep(digest: Uint8Array, keeping: Keeping): Promise<boolean> {
    return await this.#change(async () => {
      const found = await this.#find(digest);
      if (found === undefined) return false;
      if (found.keeping !== keeping) await this.#move(digest, found.path, keeping);
      return true;
    });
  }

  /** Removes a block; false when it was not here. */
  async remove(digest: Uint8Array): Promise<boolean> {
    return await this.#change(async () => {
      const found = await this.#find(digest);
      if (found === undefined) return false;
      await this.#delete(digest, found);
      return true;
    });
  }

  /** All blocks, in no particular order. */
  async *list(): AsyncGenerator<KeptBlock> {
    for (const keeping of KEEPINGS) {
      const base = join(this.#folder, keeping);
      for (const part of await readdir(base).catch(() => [])) {
        for (const name of await readdir(join(base, part)).catch(() => [])) {
          if (!/^[0-9a-f]{64}$/.test(name)) continue;
          const facts = await stat(join(base, part, name)).catch(ifAbsent);
          if (facts === undefined) continue;
          yield { digest: fromHex(name), bytes: facts.size, keeping, cameMs: facts.mtimeMs };
        }
      }
    }
  }

  // ------------------------------------------------------------ files

  #path(digest: Uint8Array, keeping: Keeping): string {
    const name = hex(digest);
    return join(this.#folder, keeping, name.slice(0, 2), name);
  }

  async #find(digest: Uint8Array): Promise<Found | undefined> {
    for (const keeping of KEEPINGS) {
      const path = this.#path(digest, keeping);
      const facts = await stat(path).catch(ifAbsent);
      if (facts !== undefined) return { path, bytes: facts.size, keeping };
    }
    return undefined;
  }

  /** The bytes of a file, when they are what its name says. */
  async #read(digest: Uint8Array, { path, bytes: length }: Found): Promise<Uint8Array | undefined> {
    if (length > MAX_BLOCK_BYTES) return undefined;
    const bytes = await readSlice(path, 0, length).catch(ifAbsent);
    if (bytes === undefined || !equalBytes(sha256(bytes), digest)) return undefined;
    this.#remember(hex(digest));
    return bytes;
  }

  async #delete(digest: Uint8Array, { path, bytes }: Found): Promise<void> {
    await rm(path, { force: true });
    this.#totalBytes -= bytes;
    this.#whole.delete(hex(digest));
  }

  /** Looks once more: a whole one may have taken its place meanwhile. */
  async #dropDamaged(digest: Uint8Array): Promise<void> {
    const found = await this.#find(digest);
    if (found !== undefined && (await this.#read(digest, found)) === undefined) await this.#delete(digest, found);
  }

  async #write(digest: Uint8Array, bytes: Uint8Array, keeping: Keeping): Promise<void> {
    const temporary = join(this.#folder, "incoming", `${process.pid}-${Math.random().toString(36).slice(2)}`);
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await this.#rename(temporary, digest, keeping);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    this.#totalBytes += bytes.length;
    this.#remember(hex(digest));
  }

  async #move(digest: Uint8Array, from: string, keeping: Keeping): Promise<void> {
    const now = new Date();
    await utimes(from, now, now);
    await this.#rename(from, digest, keeping);
  }

  /** The rename is what makes a block be there; the folder is synced, so that it is there after a power cut too. */
  async #rename(from: string, digest: Uint8Array, keeping: Keeping): Promise<void> {
    const path = this.#path(digest, keeping);
    const folder = join(path, "..");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(from, path);
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  }

  // ------------------------------------------------------------ room

  async #makeRoom(wanted: number): Promise<void> {
    if (this.#totalBytes + wanted <= this.budgetBytes) return;
    const loose = (await this.#count())
      .filter(({ keeping }) => keeping === "loose")
      .sort((a, b) => a.cameMs - b.cameMs);
    const looseBytes = loose.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.#totalBytes - looseBytes + wanted > this.budgetBytes) {
      throw new StoreFullError(
        `there is no room for ${wanted} bytes: ${this.#totalBytes - looseBytes} of ${this.budgetBytes} are pinned`,
      );
    }
    for (const { digest, bytes } of loose) {
      if (this.#totalBytes + wanted <= this.budgetBytes) break;
      await this.#delete(digest, { path: this.#path(digest, "loose"), bytes, keeping: "loose" });
    }
  }

  async #count(): Promise<KeptBlock[]> {
    const blocks: KeptBlock[] = [];
    for await (const block of this.list()) blocks.push(block);
    this.#totalBytes = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
    return blocks;
  }

  #remember(name: string): void {
    this.#whole.add(name);
    if (this.#whole.size > MAX_REMEMBERED_WHOLE) {
      for (const oldest of this.#whole) {
        this.#whole.delete(oldest);
        break;
      }
    }
  }

  /** One change after another: two that make room at once would both count the same bytes. */
  async #change<Result>(change: () => Promise<Result>): Promise<Result> {
    const before = this.#changes;
    const done = before.then(change, change);
    this.#changes = done.catch(() => undefined);
    return await done;
  }
}

async function readSlice(path: string, from: number, count: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const bytes = new Uint8Array(count);
    let read = 0;
    while (read < count) {
      const { bytesRead } = await file.read(bytes, read, count - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}

/** Another process may have removed or moved the file meanwhile; every other failure is the disk's. */
function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
