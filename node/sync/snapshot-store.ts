/**
 * Owns the snapshots on this node's disk: `<height>/<format>/<chunk>` below data/snapshots, as the Cosmos SDK lays them out, with the
 * snapshot's description beside its chunks. A snapshot appears there whole or not at all. Does not own what is in one (chain/store) nor
 * when one is made (snapshot-maker.ts).
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SnapshotArchive } from "../../chain/app/ports.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_SNAPSHOT_CHUNK_BYTES, MAX_SNAPSHOT_CHUNKS } from "./limits.ts";

/** A snapshot as ABCI and peers speak of it. */
export type Snapshot = Messages["tendermint.abci.Snapshot"];

/** The stream format of Cosmos SDK 0.53. */
export const SNAPSHOT_FORMAT = 3;
/** The description beside the chunks; the same name as in the archives of `snapshots dump`. */
export const DESCRIPTION_FILE = "_snapshot";
const PARTIAL = ".partial-";

/** A snapshot on disk is damaged, or a file of it cannot be used; the message says which. */
export class SnapshotFileError extends Error {
  override readonly name = "SnapshotFileError";
}

export class SnapshotStore implements SnapshotArchive {
  readonly directory: string;
  #snapshots: readonly Snapshot[] = [];

  /** Reads what is there; what a crash left unfinished is removed. */
  constructor(directory: string) {
    this.directory = directory;
    if (!existsSync(directory)) return;
    for (const name of readdirSync(directory)) {
      if (name.startsWith(PARTIAL)) rmSync(join(directory, name), { recursive: true, force: true });
    }
    this.reload();
  }

  /** Looks at the folder again. */
  reload(): void {
    const found: Snapshot[] = [];
    for (const height of foldersIn(this.directory)) {
      for (const format of foldersIn(join(this.directory, height))) {
        const description = readFileOrNothing(join(this.directory, height, format, DESCRIPTION_FILE));
        const snapshot = description === undefined ? undefined : describedBy(description);
        if (snapshot?.height === BigInt(height) && snapshot.format === Number(format)) found.push(snapshot);
      }
    }
    this.#snapshots = found.sort(byHeight);
  }

  list(): readonly Snapshot[] {
    return this.#snapshots;
  }

  chunk(height: bigint, format: number, index: number): Uint8Array | undefined {
    const snapshot = this.find(height, format);
    if (snapshot === undefined || index >= snapshot.chunks) return undefined;
    return readFileOrNothing(join(this.folderOf(height, format), String(index)));
  }

  find(height: bigint, format: number): Snapshot | undefined {
    return this.#snapshots.find((snapshot) => snapshot.height === height && snapshot.format === format);
  }

  /** Where a snapshot's chunks are. */
  folderOf(height: bigint, format: number): string {
    return join(this.directory, String(height), String(format));
  }

  /** Begins a snapshot; what was begun before of the same height is dropped. One that must have a hash is refused with another. */
  async begin(height: bigint, format: number = SNAPSHOT_FORMAT, expectedHash?: Uint8Array): Promise<SnapshotWriter> {
    const partial = join(this.directory, `${PARTIAL}${height}-${format}`);
    await rm(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    return new SnapshotWriter({ height, format }, partial, expectedHash, async () => {
      const folder = this.folderOf(height, format);
      await mkdir(join(this.directory, String(height)), { recursive: true, mode: 0o700 });
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
      await syncPath(join(this.directory, String(height)));
      await syncPath(this.directory);
      this.reload();
    });
  }

  /** Removes a snapshot. False when there is none. */
  async remove(height: bigint, format: number): Promise<boolean> {
    if (this.find(height, format) === undefined) return false;
    // The description goes first: without it the rest is no snapshot.
    await rm(join(this.folderOf(height, format), DESCRIPTION_FILE), { force: true });
    await rm(this.folderOf(height, format), { recursive: true, force: true });
    if (foldersIn(join(this.directory, String(height))).length === 0)
      await rm(join(this.directory, String(height)), { recursive: true, force: true });
    this.reload();
    return true;
  }

  /** Removes all but the newest `keep` heights; 0 keeps all. */
  async prune(keep: number): Promise<void> {
    if (keep === 0) return;
    const heights = [...new Set(this.#snapshots.map(({ height }) => height))];
    const gone = new Set(heights.slice(0, Math.max(0, heights.length - keep)));
    for (const { height, format } of this.#snapshots) if (gone.has(height)) await this.remove(height, format);
  }
}

/** A snapshot being written. */
export class SnapshotWriter {
  readonly #of: { readonly height: bigint; readonly format: number };
  readonly #folder: string;
  readonly #publish: () => Promise<void>;
  readonly #expectedHash: Uint8Array | undefined;
  readonly #hash = createHash("sha256");
  readonly #chunkHashes: Uint8Array[] = [];
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(
    of: { height: bigint; format: number },
    folder: string,
    expectedHash: Uint8Array | undefined,
    publish: () => Promise<void>,
  ) {
    this.#of = of;
    this.#expectedHash = expectedHash;
    this.#folder = folder;
    this.#publish = publish;
  }

  /** Adds to the compressed stream, which is cut into chunks here. */
  async add(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes < MAX_SNAPSHOT_CHUNK_BYTES) return;
    let rest: Uint8Array = Buffer.concat(this.#waiting);
    for (; rest.length >= MAX_SNAPSHOT_CHUNK_BYTES; rest = rest.subarray(MAX_SNAPSHOT_CHUNK_BYTES)) {
      await this.addChunk(rest.subarray(0, MAX_SNAPSHOT_CHUNK_BYTES));
    }
    this.#waiting = [rest];
    this.#waitingBytes = rest.length;
  }

  /** Adds a whole chunk. */
  async addChunk(chunk: Uint8Array): Promise<void> {
    if (this.#chunkHashes.length >= MAX_SNAPSHOT_CHUNKS) {
      throw new SnapshotFileError(`the state is too large for a snapshot of ${MAX_SNAPSHOT_CHUNKS} chunks`);
    }
    await writeSynced(join(this.#folder, String(this.#chunkHashes.length)), chunk);
    this.#hash.update(chunk);
    this.#chunkHashes.push(createHash("sha256").update(chunk).digest());
  }

  /** Makes the snapshot visible, once it is on the disk. */
  async finish(): Promise<Snapshot> {
    if (this.#waitingBytes > 0) await this.addChunk(Buffer.concat(this.#waiting));
    const hash = this.#hash.digest();
    if (this.#expectedHash !== undefined && !hash.equals(this.#expectedHash)) {
      await this.abandon();
      throw new SnapshotFileError("the chunks are not those that the snapshot's description names");
    }
    const description = encode("cosmos.store.snapshots.v1.Snapshot", {
      ...this.#of,
      chunks: this.#chunkHashes.length,
      hash,
      metadata: { chunkHashes: this.#chunkHashes },
    });
    await writeSynced(join(this.#folder, DESCRIPTION_FILE), description);
    await syncPath(this.#folder);
    await this.#publish();
    return describedBy(description)!;
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The snapshot that a description file speaks of; undefined when it is not one. */
export function describedBy(description: Uint8Array): Snapshot | undefined {
  try {
    const { metadata, ...snapshot } = decode("cosmos.store.snapshots.v1.Snapshot", description);
    return { ...snapshot, metadata: encode("cosmos.store.snapshots.v1.Metadata", metadata) };
  } catch {
    return undefined;
  }
}

function byHeight(a: Snapshot, b: Snapshot): number {
  return a.height < b.height ? -1 : a.height > b.height ? 1 : a.format - b.format;
}

/** Folders in a folder whose names are numbers as this program writes them. */
function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((one) => one.isDirectory() && /^(0|[1-9]\d{0,18})$/.test(one.name)).map(({ name }) => name);
}

function readFileOrNothing(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR"))
      return undefined;
    throw error;
  }
}

/** Writes a file that is on the disk when this resolves. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes names in a folder durable. */
export async function syncPath(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
