// Owns: one module's part of a genesis as text that need not be held: whole, or apart from lists that are read batch by batch.
// Does not own: what the JSON means (genesis-codec.ts), nor where it lies (proto/json-text.ts).

import type { JsonValue } from "../../proto/json.ts";
import { JsonSlice, type JsonText, type Span } from "../../proto/json-text.ts";
import { GENESIS_BATCH_BYTES, GENESIS_BATCH_ITEMS } from "./limits.ts";

/** The items of a list in batches, from its beginning each time it is walked. */
export type Batches = Iterable<readonly JsonValue[]>;

/** A part of a genesis in pieces: the members in their order, each a value or a list in batches. */
export type GenesisPieces = readonly (readonly [member: string, value: JsonValue | { readonly batches: Batches }])[];

/** The batches of a piece that is a list to be walked; undefined for a value, also for one that has a member of that name. */
export function batchesOfPiece(value: GenesisPieces[number][1]): Batches | undefined {
  if (typeof value !== "object" || value === null || !("batches" in value)) return undefined;
  const { batches } = value;
  return typeof batches === "object" && batches !== null && !Array.isArray(batches) && Symbol.iterator in batches
    ? (batches as Batches)
    : undefined;
}

/** A module's part of a genesis. */
export class GenesisPart {
  readonly #slice: JsonSlice;
  /** Called between items of a list, at fixed places: what was written so far may be put away. */
  readonly pause: () => void;

  constructor(slice: JsonSlice, pause: () => void = () => undefined) {
    this.#slice = slice;
    this.pause = pause;
  }

  /** The whole part. Throws JsonTextError. */
  whole(): JsonValue {
    return this.#slice.value();
  }

  get isNull(): boolean {
    const { text, span } = this.#slice;
    return text.kind(span) === "other" && this.whole() === null;
  }

  /** Whether it says nothing: null, or without members and items. */
  get isEmpty(): boolean {
    const { text, span } = this.#slice;
    const kind = text.kind(span);
    if (kind === "other") return this.isNull;
    return (kind === "object" ? text.members(span) : text.items(span)).next().done === true;
  }

  /** Everything but the lists named, and those lists to be walked, as far as they are there. Throws JsonTextError. */
  split(names: readonly string[]): { readonly rest: JsonValue; readonly lists: ReadonlyMap<string, Batches> } {
    const { text, span } = this.#slice;
    const lists = new Map<string, Batches>();
    if (text.kind(span) !== "object") return { rest: this.whole(), lists };
    const rest: [string, JsonValue][] = [];
    for (const [name, value] of text.members(span)) {
      if (names.includes(name) && text.kind(value) === "list") lists.set(name, batchesOf(text, value));
      else rest.push([name, text.value(value)]);
    }
    return { rest: Object.fromEntries(rest), lists };
  }

  /** The members, every list to be walked; undefined when the part is no object. Throws JsonTextError. */
  pieces(): GenesisPieces | undefined {
    const { text, span } = this.#slice;
    if (text.kind(span) !== "object") return undefined;
    return [...text.members(span)].map(([name, value]) => [
      name,
      text.kind(value) === "list" ? { batches: batchesOf(text, value) } : text.value(value),
    ]);
  }

  /** The items of one list. */
  *items(name: string): Generator<JsonValue, void, undefined> {
    const { text, span } = this.#slice;
    if (text.kind(span) !== "object") return;
    for (const [member, value] of text.members(span)) {
      if (member !== name || text.kind(value) !== "list") continue;
      for (const batch of batchesOf(text, value)) yield* batch;
    }
  }
}

/** The parts of an application's genesis by module. Throws JsonTextError when the slice is no object. */
export function genesisParts(slice: JsonSlice, pause?: () => void): ReadonlyMap<string, GenesisPart> {
  const { text, span } = slice;
  const parts = new Map<string, GenesisPart>();
  for (const [name, part] of text.members(span)) parts.set(name, new GenesisPart(new JsonSlice(text, part), pause));
  return parts;
}

function batchesOf(text: JsonText, span: Span): Batches {
  return { [Symbol.iterator]: () => text.batches(span, GENESIS_BATCH_ITEMS, GENESIS_BATCH_BYTES) };
}
