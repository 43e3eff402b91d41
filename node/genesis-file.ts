/**
 * Owns the genesis file as a node reads it: the document's own members at once, the modules' state where it lies, and the hash
 * by which peers know that theirs is the same. Does not own the rules (chain/types/genesis-doc.ts) nor what modules make of it.
 */

import { createHash } from "node:crypto";
import { fstatSync, openSync, readSync } from "node:fs";
import { type GenesisDocument, genesisDocumentToCometJson, parseGenesisDocument } from "../chain/types/genesis-doc.ts";
import { JsonSlice, JsonText, type Span, type TextSource } from "../proto/json-text.ts";

/** Items of a list that are parsed together for the hash, and the bytes of their text, about. */
const genesisBatchItems = 512;
const genesisBatchBytes = 1_048_576;

/**
 * Reads a genesis file, of which `app_state` stays on the disk: only a bounded part of it is ever held. Throws JsonTextError and
 * GenesisError. The file stays open as long as the process: whatever takes its name, this chain began with this one.
 */
export function readGenesisFile(path: string): GenesisDocument {
  const text = new JsonText(fileSource(path));
  const members = new Map<string, unknown>();
  let state: Span | undefined;
  const whole = text.whole();
  if (text.kind(whole) !== "object") return parseGenesisDocument(text.value(whole), { seconds: 0n, nanos: 0 });
  for (const [name, span] of text.members(whole)) {
    if (name === "app_state" && text.kind(span) === "object") state = span;
    else members.set(name, text.value(span));
  }
  const document = parseGenesisDocument(Object.fromEntries(members), { seconds: 0n, nanos: 0 });
  return state === undefined ? document : { ...document, appState: new JsonSlice(text, state) };
}

/** A file as a source of text, which stays open as long as the process. */
export function fileSource(path: string): TextSource {
  const file = openSync(path, "r");
  return {
    length: fstatSync(file).size,
    read: (start, end) => {
      const bytes = new Uint8Array(end - start);
      let read = 0;
      while (read < bytes.length) {
        const more = readSync(file, bytes, read, bytes.length - read, start + read);
        if (more === 0) throw new Error(`${path} became shorter while it was read`);
        read += more;
      }
      return bytes;
    },
  };
}

const hashes = new WeakMap<GenesisDocument, Uint8Array>();

/**
 * SHA-256 of the document as CometBFT's JSON without spaces, so that it does not depend on how the file is written. Reads all
 * of the file the first time, and parses every value in it: throws JsonTextError where one is not JSON.
 */
export function genesisHash(document: GenesisDocument): Uint8Array {
  const known = hashes.get(document);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const piece of cometText(document)) hash.update(piece);
  const made = new Uint8Array(hash.digest());
  hashes.set(document, made);
  return made;
}

/** The document as JSON.stringify would write CometBFT's form, in pieces. */
function* cometText(document: GenesisDocument): Generator<string, void, undefined> {
  const { appState } = document;
  if (!(appState instanceof JsonSlice)) {
    yield JSON.stringify(genesisDocumentToCometJson(document));
    return;
  }
  const [head, tail] = aroundAppState(document);
  yield head;
  yield* compact(appState, 2);
  yield tail;
}

/** What stands before and after `app_state`, the last member, in CometBFT's form. */
export function aroundAppState(document: GenesisDocument): readonly [head: string, tail: string] {
  const others = JSON.stringify(genesisDocumentToCometJson({ ...document, appState: undefined }));
  return [`${others.slice(0, -1)},"app_state":`, "}"];
}

/** A value without spaces. Objects are opened `depth` deep, and the lists in them, so that no more than a batch is held. */
function* compact({ text, span }: JsonSlice, depth: number): Generator<string, void, undefined> {
  const kind = text.kind(span);
  if (kind === "object" && depth > 0) {
    let before = "{";
    for (const [name, value] of text.members(span)) {
      yield `${before}${JSON.stringify(name)}:`;
      yield* compact(new JsonSlice(text, value), depth - 1);
      before = ",";
    }
    yield before === "{" ? "{}" : "}";
  } else if (kind === "list") {
    let before = "[";
    for (const batch of text.batches(span, genesisBatchItems, genesisBatchBytes)) {
      yield `${before}${JSON.stringify(batch).slice(1, -1)}`;
      before = ",";
    }
    yield before === "[" ? "[]" : "]";
  } else yield JSON.stringify(text.value(span));
}
