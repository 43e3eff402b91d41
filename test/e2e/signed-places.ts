// What keys have signed, read from the files of nodes by their layout: the sign journal's places and sign bytes. Owns no rule.

import { readFileSync } from "node:fs";
import { ByteReader } from "../../node/engine/binary.ts";

/** Places and sign bytes in a sign journal, read by its layout: a torn last record is left out. */
export function journalOf(path: string): { readonly place: string; readonly signBytes: string }[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return [];
  }
  const reader = new ByteReader(bytes);
  reader.raw(8);
  reader.bytes();
  reader.bytes();
  reader.raw(8 + 4 + 1 + 4);
  const records: { place: string; signBytes: string }[] = [];
  while (reader.left >= 12) {
    const length = reader.uint32();
    reader.raw(8);
    if (reader.left < length) break;
    const record = new ByteReader(reader.raw(length));
    const place = `${record.uint64()}/${record.uint32()}/${record.uint8()}`;
    records.push({ place, signBytes: Buffer.from(record.bytes()).toString("hex") });
  }
  return records;
}
