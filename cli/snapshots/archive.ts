// Owns the archive of one snapshot: a gzipped tar with the description first and the chunks after it, as the Cosmos SDK's
// `snapshots dump` writes it. Reads such an archive within the bounds of a snapshot, whoever made it.
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip, gunzipSync } from "node:zlib";
import { MAX_SNAPSHOT_CHUNK_BYTES, MAX_SNAPSHOT_CHUNKS } from "../../node/sync/limits.ts";
import { DESCRIPTION_FILE, SnapshotFileError } from "../../node/sync/snapshot-store.ts";

const BLOCK = 512;

/** Writes an archive of named files. */
export async function writeArchive(
  path: string,
  files: Iterable<{ readonly name: string; readonly bytes: Uint8Array }>,
): Promise<void> {
  async function* tar() {
    for (const { name, bytes } of files) {
      yield header(name, bytes.length);
      yield bytes;
      yield new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK);
    }
    yield new Uint8Array(2 * BLOCK);
  }
  await pipeline(tar, createGzip(), createWriteStream(path, { mode: 0o600 }));
}

/** A ustar header of a plain file. */
function header(name: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(name, 0, 100);
  bytes.write("0000644\0", 100);
  bytes.write("0000000\0", 108);
  bytes.write("0000000\0", 116);
  bytes.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  bytes.write("00000000000\0", 136);
  bytes.write("        ", 148);
  bytes.write("0", 156);
  bytes.write("ustar\0" + "00", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

/** The files of an archive by name. Throws SnapshotFileError for what is no archive of a snapshot. */
export async function readArchive(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  let tar: Buffer;
  try {
    tar = gunzipSync(await readFile(path), { maxOutputLength: 0x7fff_ffff });
  } catch (error) {
    throw new SnapshotFileError(`${path} cannot be read: ${(error as Error).message}`);
  }
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString("utf8", at, tar.indexOf(0, at) < at + 100 ? tar.indexOf(0, at) : at + 100);
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 135), 8);
    const start = at + BLOCK;
    const known = name === DESCRIPTION_FILE || /^(0|[1-9]\d{0,3})$/.test(name);
    if (!known || !(size >= 0 && size <= MAX_SNAPSHOT_CHUNK_BYTES) || start + size > tar.length) {
      throw new SnapshotFileError(
        `${path} is no archive of a snapshot: ${JSON.stringify(name)} does not belong in one`,
      );
    }
    if (files.size > MAX_SNAPSHOT_CHUNKS) throw new SnapshotFileError(`${path} holds more chunks than a snapshot has`);
    files.set(name, tar.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
