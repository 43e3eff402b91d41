/**
 * Owns the chunks of one snapshot on disk while a state is being synced: each is checked against its hash when it comes and again when
 * it is read after a restart, so that what was fetched once is not fetched again. Does not own fetching.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { equalBytes } from "../../proto/bytes.ts";
import type { CrashPoints } from "../engine/crash-points.ts";
import { MAX_SNAPSHOT_CHUNK_BYTES } from "./limits.ts";
import { type Manifest, snapshotKey } from "./snapshot-offers.ts";
import { writeSynced } from "./snapshot-store.ts";

export class ChunkFolder {
  readonly #folder: string;
  readonly #manifest: Manifest;
  readonly #have = new Set<number>();
  readonly #points: CrashPoints;

  /** Takes up what is there of this snapshot; chunks of any other, and whatever is no chunk of it, are removed. */
  constructor(directory: string, manifest: Manifest, points: CrashPoints) {
    this.#points = points;
    const name = snapshotKey(manifest.snapshot).slice(0, 32);
    if (existsSync(directory)) {
      for (const other of readdirSync(directory))
        if (other !== name) rmSync(join(directory, other), { recursive: true, force: true });
    }
    this.#folder = join(directory, name);
    this.#manifest = manifest;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (let index = 0; index < manifest.snapshot.chunks; index++) {
      const path = this.#path(index);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) continue;
      // The folder may be one that others write to as well: nothing is read that could be no chunk.
      const isFit = found.isFile() && found.size <= MAX_SNAPSHOT_CHUNK_BYTES;
      if (isFit && this.#isRight(index, readFileSync(path))) this.#have.add(index);
      else rmSync(path, { recursive: true, force: true });
    }
  }

  /** The chunks that are not here, ascending. */
  missing(): readonly number[] {
    return Array.from({ length: this.#manifest.snapshot.chunks }, (_, index) => index).filter(
      (index) => !this.#have.has(index),
    );
  }

  /** Keeps a chunk. False when it is not the one its hash names. */
  async put(index: number, chunk: Uint8Array): Promise<boolean> {
    if (!this.#isRight(index, chunk)) return false;
    const path = this.#path(index);
    await this.#points.aroundAsync(`fsync of chunk ${index}`, () => writeSynced(`${path}.new`, chunk));
    await this.#points.aroundAsync(`rename of chunk ${index}`, () => rename(`${path}.new`, path));
    this.#have.add(index);
    return true;
  }

  /** All chunks, one after the other. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < this.#manifest.snapshot.chunks; index++) {
      for await (const part of createReadStream(this.#path(index))) yield part as Uint8Array;
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(index: number): string {
    return join(this.#folder, String(index));
  }

  #isRight(index: number, chunk: Uint8Array): boolean {
    const expected = this.#manifest.chunkHashes[index];
    if (expected === undefined || chunk.length === 0 || chunk.length > MAX_SNAPSHOT_CHUNK_BYTES) return false;
    return equalBytes(createHash("sha256").update(chunk).digest(), expected);
  }
}
