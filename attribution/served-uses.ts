/**
 * Owns where a host keeps what it served until it is settled: a folder with one folder for each use, named by its number,
 * that holds the texts and what the user signed. It does not own what is done with them (host.ts).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { MAX_RECEIPT_TEXT_BYTES } from "../modules/attribution/limits.ts";
import { base64, fromBase64 } from "../proto/bytes.ts";
import type { AnsweredUse } from "./batch-host.ts";

/** The files of one use. `signature` is written last: what has one is ready. */
export const SERVED_FILES = { prompt: "prompt", output: "output", units: "units", signature: "signature" } as const;

const SIGNATURE_BYTES = 64;

/** How the name of a folder begins that is being written. */
const UNFINISHED = ".answer-";

/** The texts of a served use, before anybody signed. Throws an Error that says which file is wrong. */
export function readServed(folder: string, useId: bigint): AnsweredUse {
  const unitsFile = join(folder, SERVED_FILES.units);
  const units = existsSync(unitsFile) ? readFileSync(unitsFile, "utf8").trim() : "1";
  if (!/^[1-9]\d{0,9}$/.test(units)) throw new Error(`${unitsFile} does not hold a number of units`);
  return {
    ...{ useId, units: BigInt(units) },
    prompt: readText(join(folder, SERVED_FILES.prompt)),
    output: readText(join(folder, SERVED_FILES.output)),
  };
}

/**
 * Keeps an answer: its folder appears with all files of it, on the disk for good, or not at all. Gives false when the use has a folder already, and
 * leaves that as it is: the first answer to a use is the answer, since its host may have signed for it.
 */
export function storeServed(served: string, { useId, prompt, output, units }: AnsweredUse): boolean {
  const folder = join(served, `${useId}`);
  const making = mkdtempSync(join(served, UNFINISHED));
  try {
    writeDurably(join(making, SERVED_FILES.prompt), prompt);
    writeDurably(join(making, SERVED_FILES.output), output);
    writeDurably(join(making, SERVED_FILES.units), `${units}\n`);
    syncFolder(making);
    // An empty folder would be replaced, and holds nothing; any other is in the way.
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (existsSync(folder)) return false;
    throw error;
  }
  syncFolder(served);
  return true;
}

/** Keeps the user's signature: then what is in the folder is ready to be handed in. */
export function storeSignature(folder: string, signature: Uint8Array): void {
  const making = join(folder, `.${SERVED_FILES.signature}-${process.pid}`);
  writeDurably(making, `${base64(signature)}\n`);
  renameSync(making, join(folder, SERVED_FILES.signature));
  syncFolder(folder);
}

/** Whether a use has a folder, and an answer in it. */
export function isServed(folder: string): "no" | "begun" | "answered" {
  if (existsSync(join(folder, SERVED_FILES.output))) return "answered";
  return existsSync(folder) && readdirSync(folder).length > 0 ? "begun" : "no";
}

/** Removes what a program that was killed has not finished. No other may be writing here. */
export function clearUnfinished(served: string): void {
  for (const name of readdirSync(served)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(served, name), { recursive: true, force: true });
  }
}

function writeDurably(path: string, content: Uint8Array | string): void {
  const descriptor = openSync(path, "w");
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What there is of the texts of a served use; a file that is being written, or is something else, counts as none. */
export function findServed(folder: string): { readonly prompt?: Uint8Array; readonly output?: Uint8Array } {
  const found: { prompt?: Uint8Array; output?: Uint8Array } = {};
  for (const name of [SERVED_FILES.prompt, SERVED_FILES.output]) {
    try {
      found[name] = readText(join(folder, name));
    } catch {}
  }
  return found;
}

/** The user's signature in base64, as wallets give it. Undefined until it is there. Throws an Error when it is none. */
export function readSignature(folder: string): Uint8Array | undefined {
  const path = join(folder, SERVED_FILES.signature);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8").trim();
  const signature = /^[A-Za-z0-9+/]{86}==$/.test(text) ? fromBase64(text) : new Uint8Array(0);
  if (signature.length !== SIGNATURE_BYTES) throw new Error(`${path} does not hold a signature in base64`);
  return signature;
}

/** The numbers of the uses that have a folder, ascending. */
export function servedIn(folder: string): readonly bigint[] {
  const names = readdirSync(folder).filter((name) => /^[1-9]\d{0,19}$/.test(name));
  return names.map(BigInt).sort((a, b) => (a < b ? -1 : 1));
}

function readText(path: string): Uint8Array {
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  const { size } = statSync(path);
  if (size === 0 || BigInt(size) > MAX_RECEIPT_TEXT_BYTES) {
    throw new Error(`${path} has ${size} bytes, a receipt is for 1 to ${MAX_RECEIPT_TEXT_BYTES}`);
  }
  return new Uint8Array(readFileSync(path));
}
