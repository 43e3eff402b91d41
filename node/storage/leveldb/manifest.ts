/**
 * Owns the question which table files belong to a LevelDB database: its MANIFEST, named by CURRENT, is a log of edits that add and remove them
 * (doc/log_format.md and doc/impl.md of LevelDB). Does not own damage to the MANIFEST itself: the library finds that when it opens the folder.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32c } from "../../engine/binary.ts";
import { masked, Reader } from "./reader.ts";

/** The numbers of the live tables. Where the MANIFEST cannot be read there are none to speak of: the library will refuse to open it. */
export function liveTables(path: string): ReadonlySet<number> {
  try {
    const name = readFileSync(join(path, "CURRENT"), "latin1").trim();
    if (!/^MANIFEST-\d+$/.test(name)) return new Set();
    const live = new Set<number>();
    for (const edit of recordsOf(readFileSync(join(path, name)))) apply(live, new Reader(edit));
    return live;
  } catch {
    return new Set();
  }
}

const logBlockBytes = 32 * 1024;
const headerBytes = 7;
const full = 1;
const first = 2;
const last = 4;

/** The records of a log, as far as they are whole. A torn one at the end was never in force. */
function* recordsOf(bytes: Uint8Array): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const leftInBlock = logBlockBytes - (at % logBlockBytes);
    if (leftInBlock < headerBytes) {
      at += leftInBlock;
      continue;
    }
    const header = new Reader(bytes.subarray(at, at + headerBytes));
    const stored = header.littleEndian(4);
    const length = header.littleEndian(2);
    const type = header.byte();
    const end = at + headerBytes + length;
    if (end > bytes.length || type < full || type > last) return;
    if (masked(crc32c(bytes.subarray(at + 6, end))) !== stored) return;
    if (type === full || type === first) pieces = [];
    pieces.push(bytes.subarray(at + headerBytes, end));
    if (type === full || type === last) yield Buffer.concat(pieces);
    at = end;
  }
}

/** The fields of an edit (LevelDB, db/version_edit.cc), by their tags. */
const tag = {
  comparator: 1,
  log: 2,
  nextFile: 3,
  sequence: 4,
  compactPointer: 5,
  deleted: 6,
  added: 7,
  previousLog: 9,
};

function apply(live: Set<number>, edit: Reader): void {
  while (edit.left > 0) {
    switch (edit.number()) {
      case tag.comparator:
        edit.take(edit.number());
        break;
      case tag.log:
      case tag.nextFile:
      case tag.previousLog:
      case tag.sequence:
        edit.number();
        break;
      case tag.compactPointer:
        edit.number();
        edit.take(edit.number());
        break;
      case tag.deleted:
        edit.number();
        live.delete(edit.number());
        break;
      case tag.added: {
        edit.number();
        live.add(edit.number());
        edit.number();
        edit.take(edit.number());
        edit.take(edit.number());
        break;
      }
      default:
        throw new RangeError("an edit of another kind");
    }
  }
}
