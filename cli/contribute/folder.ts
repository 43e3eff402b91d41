// Owns reading a folder of texts and describing each as a record: its hash, length and roots. It asks nobody and sends nothing.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { MAX_RECORD_BYTES, MAX_RECORD_NAME_BYTES } from "../../modules/datanet/limits.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { nodeHasher, sha256 } from "../../node/crypto.ts";
import { hex, utf8Length } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError } from "../errors.ts";
import { maxFiles } from "./limits.ts";

/** One file, described. */
export interface PreparedFile {
  /** Its path in the folder, with `/`. */
  readonly name: string;
  /** Where it lies. */
  readonly path: string;
  readonly input: Messages["tributary.datanet.v1.RecordInput"];
  /** What is exchanged between peers: the text, or its sealed form. */
  readonly block: Uint8Array;
}

/** How a folder is read. */
export interface FolderOptions {
  readonly licence: string;
  readonly class: string;
  /** Seals texts of private datanets; texts are exchanged as they are without it. */
  readonly seal: ((text: Uint8Array) => Uint8Array) | undefined;
}

/** What a folder holds, and what of it cannot be a record. */
export interface PreparedFolder {
  readonly files: readonly PreparedFile[];
  /** Files that are left out, with the reason. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/** Reads all files below a folder, or one file, in the order of their paths. Hidden ones and links are passed over. Throws CliError. */
export function prepareFolder(folder: string, options: FolderOptions): PreparedFolder {
  const names = namesBelow(folder);
  if (names.length > maxFiles) {
    throw new CliError(
      `${folder} holds ${names.length} files, more than ${maxFiles}`,
      "contribute its parts one by one",
    );
  }
  const files: PreparedFile[] = [];
  const left: { name: string; reason: string }[] = [];
  const seen = new Map<string, string>();
  const hasher = nodeHasher();
  for (const { name, path } of names) {
    const size = statSync(path).size;
    const reason = unfit(name, size);
    if (reason !== undefined) {
      left.push({ name, reason });
      continue;
    }
    const text = new Uint8Array(readFileSync(path));
    const identity = hex(sha256(text));
    const twin = seen.get(identity);
    if (twin !== undefined) {
      left.push({ name, reason: `it is the same text as ${twin}` });
      continue;
    }
    seen.set(identity, name);
    const block = options.seal?.(text) ?? text;
    const described = recordInputOf(text, { name, licence: options.licence, class: options.class }, hasher);
    // The chain needs the rest to find copies; what likeness a private text has to others it need not tell.
    const input = block === text ? described : { ...described, contentHash: sha256(block), semanticSignature: NOTHING };
    files.push({ name, path, input, block });
  }
  return { files, left };
}

const NOTHING: Uint8Array = new Uint8Array();

function namesBelow(folder: string): readonly { readonly name: string; readonly path: string }[] {
  if (!statSync(folder).isDirectory()) return [{ name: folder.split(sep).at(-1)!, path: folder }];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: path.slice(join(folder, sep).length).split(sep).join("/") }))
    .filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function unfit(name: string, size: number): string | undefined {
  if (size === 0) return "it is empty";
  if (BigInt(size) > MAX_RECORD_BYTES) return `it has ${size} bytes, more than the ${MAX_RECORD_BYTES} of a record`;
  if (utf8Length(name) > MAX_RECORD_NAME_BYTES) return `its path is longer than ${MAX_RECORD_NAME_BYTES} bytes`;
  return undefined;
}
