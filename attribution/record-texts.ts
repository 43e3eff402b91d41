/**
 * Owns how an index comes to have what a datanet has: the chain's list of records, and for each a text that is really the
 * record's, by its length and its root. Where texts lie is the caller's; here there is one way, a folder of files.
 * It does not own the index (datanet-index.ts).
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { textRoot } from "../chain/types/text-tree.ts";
import { equalBytes, hex } from "../proto/bytes.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { ChainSession } from "./chain-session.ts";
import type { AddedRecord, DatanetIndex } from "./datanet-index.ts";
import { FOLDER_PAUSE_MS, MAX_RECORD_FILE_BYTES, RECORDS_PER_PAGE } from "./limits.ts";

export type Record = Messages["tributary.datanet.v1.Record"];

/** Where the texts of records are found; undefined for one that is not there. */
export interface TextSource {
  readonly textOf: (record: Record) => Promise<Uint8Array | undefined> | Uint8Array | undefined;
}

/** What following a datanet came to. */
export interface Followed {
  /** How many records were added to the index. */
  readonly added: number;
  /** How many of the chain's records the index lacks still: what stands in them is not known here. */
  readonly missing: number;
}

/** Adds the records that the chain has and the index has not, as far as their texts are found now. */
export async function followDatanet(session: ChainSession, index: DatanetIndex, source: TextSource): Promise<Followed> {
  let missing = 0;
  let added = 0;
  async function* found(): AsyncGenerator<AddedRecord> {
    for await (const record of absentRecords(session, index)) {
      const text = await source.textOf(record);
      if (text === undefined || !isTextOf(record, text)) {
        missing++;
        continue;
      }
      added++;
      yield { number: record.number, text, height: record.claimHeight, contributor: record.contributor };
    }
  }
  await index.append(found());
  return { added, missing };
}

/** The chain's records that the index has not, in their order. */
async function* absentRecords(session: ChainSession, index: DatanetIndex): AsyncGenerator<Record> {
  const { datanetId, lastNumber } = index;
  const missing = [...index.missing()];
  for (let i = 0; i < missing.length; ) {
    // One page from the first that is missing to the last one that fits on it.
    const first = missing[i]!;
    let end = i + 1;
    while (end < missing.length && missing[end]! < first + RECORDS_PER_PAGE) end++;
    const wanted = new Set(missing.slice(i, end));
    const pagination = { offset: first - 1n, limit: missing[end - 1]! - first + 1n };
    const { records } = await session.query("tributary.datanet.v1.Query/Records", { datanetId, pagination });
    yield* records.filter(({ number }) => wanted.has(number));
    i = end;
  }
  yield* recordsAfter(session, datanetId, lastNumber);
}

/** The datanet's records with higher numbers than `after`, in their order. */
export async function* recordsAfter(session: ChainSession, datanetId: bigint, after: bigint): AsyncGenerator<Record> {
  let offset = after;
  for (;;) {
    // Records are numbered from 1 without gaps, so an offset is a number.
    const pagination = { offset, limit: RECORDS_PER_PAGE };
    const { records } = await session.query("tributary.datanet.v1.Query/Records", { datanetId, pagination });
    yield* records.filter(({ number }) => number > after);
    if (BigInt(records.length) < RECORDS_PER_PAGE) return;
    offset += RECORDS_PER_PAGE;
  }
}

/** The content hash is not looked at: a private record's is that of its sealed form. The root and the length bind the text. */
export function isTextOf(record: Record, text: Uint8Array): boolean {
  return text.length > 0 && BigInt(text.length) === record.length && equalBytes(textRoot(text), record.textRoot);
}

/**
 * The files of a folder and its subfolders, found by their text root. Every file is read once; when a text is not found the
 * folder is looked through again for files that came or changed, but not more often than every few seconds.
 */
export function folderTexts(folder: string): TextSource {
  const pathOf = new Map<string, string>();
  const known = new Map<string, string>();
  let lookedAt = 0;
  const look = (): void => {
    for (const name of readdirSync(folder, { recursive: true })) {
      const path = join(folder, String(name));
      const status = statSync(path, { throwIfNoEntry: false });
      if (status === undefined || !status.isFile() || status.size === 0) continue;
      if (status.size > MAX_RECORD_FILE_BYTES) continue;
      const version = `${status.size} ${status.mtimeMs}`;
      if (known.get(path) === version) continue;
      known.set(path, version);
      pathOf.set(hex(textRoot(readFileSync(path))), path);
    }
    lookedAt = performance.now();
  };
  const pathTo = (name: string): string | undefined => {
    const path = pathOf.get(name);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  look();
  return {
    textOf: ({ textRoot: root }) => {
      const name = hex(root);
      if (pathTo(name) === undefined && performance.now() - lookedAt > FOLDER_PAUSE_MS) look();
      const path = pathTo(name);
      return path === undefined ? undefined : new Uint8Array(readFileSync(path));
    },
  };
}
