/**
 * Owns the genesis document as `/genesis` and `/genesis_chunked` answer it: CometBFT's JSON, cut anywhere without being held.
 * The modules' state stands in it as in the file, spaces and all. Does not own the document.
 */
import { type GenesisDocument, genesisDocumentToCometJson, type Json } from "../../chain/types/genesis-doc.ts";
import { JsonSlice } from "../../proto/json-text.ts";
import { aroundAppState } from "../genesis-file.ts";

/** A stretch of the text that can be cut. */
interface Stretch {
  readonly length: number;
  cut(start: number, end: number): Uint8Array;
}

export class GenesisText {
  readonly #document: GenesisDocument;
  readonly #stretches: readonly Stretch[];
  /** In bytes. */
  readonly length: number;

  constructor(document: GenesisDocument) {
    this.#document = document;
    const { appState } = document;
    if (appState instanceof JsonSlice) {
      const [head, tail] = aroundAppState(document).map(inMemory);
      this.#stretches = [head!, inFile(appState), tail!];
    } else this.#stretches = [inMemory(JSON.stringify(genesisDocumentToCometJson(document)))];
    this.length = this.#stretches.reduce((sum, { length }) => sum + length, 0);
  }

  /** The whole as JSON: only for a text that is short. */
  whole(): Json {
    const { appState } = this.#document;
    const state = appState instanceof JsonSlice ? appState.value() : appState;
    return genesisDocumentToCometJson({ ...this.#document, appState: state });
  }

  /** Bytes from `start` up to but not including `end`, or the text's end. */
  cut(start: number, end: number): Buffer {
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (const { length, cut } of this.#stretches) {
      const first = Math.max(start - from, 0);
      const last = Math.min(end - from, length);
      if (first < last) pieces.push(cut(first, last));
      from += length;
    }
    return Buffer.concat(pieces);
  }
}

function inMemory(text: string): Stretch {
  const bytes = Buffer.from(text, "utf8");
  return { length: bytes.length, cut: (start, end) => bytes.subarray(start, end) };
}

function inFile({ text, span }: JsonSlice): Stretch {
  return {
    length: span.end - span.start,
    cut: (start, end) => text.bytes({ start: span.start + start, end: span.start + end }),
  };
}
