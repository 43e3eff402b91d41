// JSON that is too long to hold: as UTF-8 bytes that can be read from any place, walked member by member and item by item.
// Only what is asked for is parsed, by JSON.parse; what is passed over is only measured. Owns no file: whoever has one gives a
// reader of it.

import { BytesError, utf8Text } from "./bytes.ts";
import type { JsonValue } from "./json.ts";
import { JSON_WINDOW_BYTES } from "./limits.ts";

/** Bytes that can be read from any place, synchronously: a file, or an array in memory. */
export interface TextSource {
  /** In bytes. */
  readonly length: number;
  /** The bytes from `start` up to but not including `end`, which lie within the source. */
  read(start: number, end: number): Uint8Array;
}

/** A value's place: from its first byte up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value within JSON text. */
export class JsonSlice {
  readonly text: JsonText;
  readonly span: Span;

  constructor(text: JsonText, span: Span) {
    this.text = text;
    this.span = span;
  }

  /** The value, parsed. Throws JsonTextError. */
  value(): JsonValue {
    return this.text.value(this.span);
  }
}

/** The text is not JSON; the message says where. */
export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
}

/** Bytes in memory as a source. */
export function sourceOf(bytes: Uint8Array): TextSource {
  return { length: bytes.length, read: (start, end) => bytes.subarray(start, end) };
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** What stands for the byte after the last one. */
const NOTHING = -1;

/** JSON text of which any value can be looked into. */
export class JsonText {
  readonly #source: TextSource;
  #window: Uint8Array = new Uint8Array(0);
  #from = 0;

  constructor(source: TextSource) {
    this.#source = source;
  }

  /** Where the one value of the text stands. Throws JsonTextError when there is more, or none. */
  whole(): Span {
    const start = this.#skipSpace(0);
    const end = this.#endOfValue(start);
    const rest = this.#skipSpace(end);
    if (rest < this.#source.length) throw this.#error(rest, "there is more after the end");
    return { start, end };
  }

  /** Whether the value is a list, an object, or neither. */
  kind({ start }: Span): "list" | "object" | "other" {
    const byte = this.#byte(start);
    return byte === OPEN_LIST ? "list" : byte === OPEN_OBJECT ? "object" : "other";
  }

  /** The members of an object in their order. Throws JsonTextError when the value is no object or a name stands twice. */
  *members(span: Span): Generator<readonly [name: string, value: Span], void, undefined> {
    const names = new Set<string>();
    let at = this.#open(span.start, OPEN_OBJECT, "an object");
    if (this.#byte(at) === CLOSE_OBJECT) return;
    for (;;) {
      if (this.#byte(at) !== QUOTE) throw this.#error(at, "a member's name is expected");
      const nameEnd = this.#endOfText(at);
      const name = this.value({ start: at, end: nameEnd }) as string;
      if (names.has(name)) throw this.#error(at, `${JSON.stringify(name)} stands twice in one object`);
      names.add(name);
      const colon = this.#skipSpace(nameEnd);
      if (this.#byte(colon) !== COLON) throw this.#error(colon, "a colon is expected");
      const start = this.#skipSpace(colon + 1);
      const end = this.#endOfValue(start);
      yield [name, { start, end }];
      const next = this.#afterValue(end, CLOSE_OBJECT);
      if (next === undefined) return;
      at = next;
    }
  }

  /** The items of a list in their order. Throws JsonTextError when the value is no list. */
  *items(span: Span): Generator<Span, void, undefined> {
    let at = this.#open(span.start, OPEN_LIST, "a list");
    if (this.#byte(at) === CLOSE_LIST) return;
    for (;;) {
      const end = this.#endOfValue(at);
      yield { start: at, end };
      const next = this.#afterValue(end, CLOSE_LIST);
      if (next === undefined) return;
      at = next;
    }
  }

  /** The items of a list, parsed, up to `most` at a time and about `bytes` of text. */
  *batches(span: Span, most: number, bytes: number): Generator<readonly JsonValue[], void, undefined> {
    let start = 0;
    let end = 0;
    let count = 0;
    for (const item of this.items(span)) {
      if (count === 0) start = item.start;
      end = item.end;
      count++;
      if (count < most && end - start < bytes) continue;
      yield this.#list(start, end);
      count = 0;
    }
    if (count > 0) yield this.#list(start, end);
  }

  /** The bytes of a value as they stand. */
  bytes({ start, end }: Span): Uint8Array {
    return this.#source.read(start, end);
  }

  /** A value, parsed. Throws JsonTextError. */
  value(span: Span): JsonValue {
    return this.#parse(span, (text) => text) as JsonValue;
  }

  /** The values between two places of one list. */
  #list(start: number, end: number): readonly JsonValue[] {
    return this.#parse({ start, end }, (text) => `[${text}]`) as readonly JsonValue[];
  }

  #parse({ start, end }: Span, form: (text: string) => string): unknown {
    try {
      return JSON.parse(form(utf8Text(this.#source.read(start, end))));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof BytesError) throw this.#error(start, error.message);
      throw error;
    }
  }

  #open(start: number, bracket: number, what: string): number {
    if (this.#byte(start) !== bracket) throw this.#error(start, `${what} is expected`);
    return this.#skipSpace(start + 1);
  }

  /** Where the next member or item begins; undefined when the value before was the last. */
  #afterValue(end: number, bracket: number): number | undefined {
    const at = this.#skipSpace(end);
    const byte = this.#byte(at);
    if (byte === bracket) return undefined;
    if (byte !== COMMA) throw this.#error(at, "a comma or the end is expected");
    return this.#skipSpace(at + 1);
  }

  #byte(at: number): number {
    if (at >= this.#source.length) return NOTHING;
    if (at < this.#from || at >= this.#from + this.#window.length) this.#load(at);
    return this.#window[at - this.#from]!;
  }

  #load(at: number): void {
    const end = Math.min(at + JSON_WINDOW_BYTES, this.#source.length);
    this.#window = this.#source.read(at, end);
    this.#from = at;
  }

  #skipSpace(at: number): number {
    for (let byte = this.#byte(at); ; byte = this.#byte(++at)) {
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    }
  }

  /** The end of the value that begins at `start`. What is inside is only measured. */
  #endOfValue(start: number): number {
    const first = this.#byte(start);
    if (first === QUOTE) return this.#endOfText(start);
    if (first !== OPEN_LIST && first !== OPEN_OBJECT) return this.#endOfWord(start);
    let depth = 0;
    let at = start;
    while (this.#byte(at) !== NOTHING) {
      const window = this.#window;
      let i = at - this.#from;
      while (i < window.length) {
        const byte = window[i++]!;
        if (byte === QUOTE) break;
        if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
        else if ((byte === CLOSE_LIST || byte === CLOSE_OBJECT) && --depth === 0) return this.#from + i;
      }
      at = this.#from + i;
      if (window[i - 1] === QUOTE) at = this.#endOfText(at - 1);
    }
    throw this.#error(start, "a value does not end");
  }

  /** The end of a text, which begins with its quotation mark at `start`. */
  #endOfText(start: number): number {
    let at = start + 1;
    while (this.#byte(at) !== NOTHING) {
      const window = this.#window;
      let i = at - this.#from;
      for (; i < window.length; i++) {
        if (window[i] === QUOTE) return this.#from + i + 1;
        if (window[i] === BACKSLASH) i++;
      }
      at = this.#from + i;
    }
    throw this.#error(start, "a text does not end");
  }

  /** The end of a number, true, false or null. */
  #endOfWord(start: number): number {
    let at = start;
    for (let byte = this.#byte(at); isWord(byte); byte = this.#byte(at)) at++;
    if (at === start) throw this.#error(start, "a value is expected");
    return at;
  }

  #error(at: number, what: string): JsonTextError {
    return new JsonTextError(`not valid JSON at byte ${at}: ${what}`);
  }
}

/** Letters, digits and signs. */
function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
