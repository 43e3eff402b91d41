/**
 * Owns the chunks of one snapshot on disk while a state is being synced: each is checked against its hash when it comes and again when
 * it is read after a restart, so that what was fetched once is not fetched again. Does not own fetching.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { equalBytes } from "../../proto/bytes.ts";
import { MAX_SNAPSHOT_CHUNK_BYTES } from "./limits.ts";
import { type Manifest, snapshotKey } from "./snapshot-offers.ts";
import { writeSynced } from "./snapshot-store.ts";

export class ChunkFolder {
  readonly #folder: string;
  readonly #manifest: Manifest;
  readonly #have = new Set<number>();

  /** Takes up what is there of this snapshot; chunks of any other are removed. */
  constructor(directory: string, manifest: Manifest) {
    const name = createHash("sha256").update(snapshotKey(manifest.snapshot)).digest("hex").slice(0, 32);
    if (existsSync(directory)) {
      for (const other of readdirSync(directory))
        if (other !== name) rmSync(join(directory, other), { recursive: true, force: true });
    }
    this.#folder = join(directory, name);
    this.#manifest = manifest;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (let index = 0; index < manifest.snapshot.chunks; index++) {
      if (!existsSync(this.#path(index))) continue;
      if (this.#isRight(index, readFileSync(this.#path(index)))) this.#have.add(index);
      else rmSync(this.#path(index));
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
    await writeSynced(`${this.#path(index)}.new`, chunk);
    await rename(`${this.#path(index)}.new`, this.#path(index));
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
