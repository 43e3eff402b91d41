// Owns the modules' state of a genesis as parts that need not be held: in memory, or where they lie in a file. Walking their
// lists, and what they are as pieces to be written. Does not own what the parts mean.
import { batchesOfPiece, GenesisPart, type GenesisPieces, genesisParts } from "../chain/module/genesis-part.ts";
import type { JsonValue } from "../proto/json.ts";
import { JsonSlice, type JsonText, type Span } from "../proto/json-text.ts";
import { type AppGenesis, type AppState, GenesisFormError, toAppGenesis } from "./app-genesis.ts";

/** A genesis whose modules' state may be too long to hold. */
export interface GenesisInParts {
  /** Everything else, in the SDK's form. */
  readonly document: Omit<AppGenesis, "app_state">;
  readonly parts: StateParts;
}

/** The modules' state: each part as JSON, or where it lies. */
export type StateParts = ReadonlyMap<string, JsonValue | GenesisPart>;

/** A genesis in either form, read where it lies. Throws GenesisFormError, and JsonTextError for a text that is not JSON. */
export function genesisInParts(text: JsonText): GenesisInParts {
  const whole = text.whole();
  if (text.kind(whole) !== "object") throw new GenesisFormError("the genesis is not a JSON object");
  const members: [string, JsonValue][] = [];
  let state: Span | undefined;
  for (const [name, span] of text.members(whole)) {
    if (name === "app_state" && text.kind(span) === "object") state = span;
    else members.push([name, text.value(span)]);
  }
  const { app_state, ...document } = toAppGenesis(Object.fromEntries(members));
  if (state === undefined) return { document, parts: partsOf(app_state) };
  return { document, parts: genesisParts(new JsonSlice(text, state)) };
}

/** The parts of a state that is in memory. */
export function partsOf(state: AppState): StateParts {
  return new Map(Object.entries(state));
}

/** A part as pieces; undefined when it is null. Throws GenesisFormError when it is no object. */
export function piecesOf(module: string, part: JsonValue | GenesisPart): GenesisPieces | undefined {
  if (part instanceof GenesisPart ? part.isNull : part === null) return undefined;
  const pieces = part instanceof GenesisPart ? part.pieces() : membersOf(part);
  if (pieces === undefined) throw new GenesisFormError(`app_state.${module} is not a JSON object`);
  return pieces;
}

function membersOf(part: JsonValue): GenesisPieces | undefined {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return undefined;
  return Object.entries(part as { readonly [member: string]: JsonValue });
}

/** The pieces of a module that has to be there. Throws GenesisFormError. */
export function neededPieces(parts: StateParts, module: string): GenesisPieces {
  const part = parts.get(module);
  const pieces = part === undefined ? undefined : piecesOf(module, part);
  if (pieces === undefined) throw new GenesisFormError(`app_state.${module} is missing`);
  return pieces;
}

/** The items of a list, some at a time; none when the module, or the list, is absent or null. Throws GenesisFormError. */
export function* batchesIn(
  parts: StateParts,
  module: string,
  list: string,
): Generator<readonly JsonValue[], void, undefined> {
  const part = parts.get(module);
  const pieces = part === undefined ? undefined : piecesOf(module, part);
  const value = pieces?.find(([member]) => member === list)?.[1];
  if (value === undefined || value === null) return;
  const batches = Array.isArray(value) ? [value as readonly JsonValue[]] : batchesOfPiece(value);
  if (batches === undefined) throw new GenesisFormError(`app_state.${module}.${list} is not a list`);
  yield* batches;
}

/** As `batchesIn`, one item at a time. */
export function* itemsIn(parts: StateParts, module: string, list: string): Generator<JsonValue, void, undefined> {
  for (const batch of batchesIn(parts, module, list)) yield* batch;
}

/** A member that is no list; undefined when it, or the module, is absent. */
export function memberIn(parts: StateParts, module: string, name: string): JsonValue | undefined {
  const part = parts.get(module);
  const value = (part === undefined ? undefined : piecesOf(module, part))?.find(([member]) => member === name)?.[1];
  return value === undefined || batchesOfPiece(value) !== undefined ? undefined : (value as JsonValue);
}
