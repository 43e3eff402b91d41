// Evidence that waits for a block, on disk, so that a restart forgets none of it. Owns the file: written anew as a whole
// whenever the list changes, which is rare. What it holds is checked again when it is read.
//
// File: "TRIBEVD1", then for each piece: length u32 | crc32c u32 | proto(Evidence).

import type { Evidence } from "../../chain/types/evidence.ts";
import { equalBytes, utf8 } from "../../proto/bytes.ts";
import { DecodeError, decode, encode } from "../../proto/codec.ts";
import type { FileSystem } from "../ports.ts";
import { ByteWriter, crc32c } from "./binary.ts";
import { MAX_PENDING_EVIDENCE } from "./limits.ts";

const MAGIC = utf8("TRIBEVD1");
const FILE_MODE = 0o600;

export class EvidenceFile {
  readonly #files: FileSystem;
  readonly #directory: string;

  constructor(directory: string, files: FileSystem) {
    this.#directory = directory;
    this.#files = files;
  }

  /** What was saved, as far as it can be read; what cannot is as if it had never been seen. */
  load(): readonly Evidence[] {
    const bytes = this.#files.readFile(this.#path);
    const list: Evidence[] = [];
    if (bytes === undefined || !equalBytes(bytes.slice(0, MAGIC.length), MAGIC)) return list;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = MAGIC.length; at + 8 <= bytes.length && list.length < MAX_PENDING_EVIDENCE; ) {
      const end = at + 8 + view.getUint32(at);
      const body = bytes.slice(at + 8, end);
      if (end > bytes.length || view.getUint32(at + 4) !== crc32c(body)) return list;
      try {
        list.push(decode("tendermint.types.Evidence", body));
      } catch (error) {
        if (error instanceof DecodeError) return list;
        throw error;
      }
      at = end;
    }
    return list;
  }

  /** Replaces the list. */
  save(list: Iterable<Evidence>): void {
    const writer = new ByteWriter().raw(MAGIC);
    for (const evidence of list) {
      const body = encode("tendermint.types.Evidence", evidence);
      writer.uint32(body.length).uint32(crc32c(body)).raw(body);
    }
    const temporary = `${this.#path}.new`;
    this.#files.makeDirectory(this.#directory);
    this.#files.remove(temporary);
    const file = this.#files.openAppend(temporary, FILE_MODE);
    file.append(writer.finish());
    file.sync();
    file.close();
    this.#files.rename(temporary, this.#path);
    this.#files.syncDirectory(this.#directory);
  }

  get #path(): string {
    return `${this.#directory}/pending.evidence`;
  }
}
