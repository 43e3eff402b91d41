// Owns writing a genesis file of which the modules' state comes in pieces: the same text as genesisText of app-genesis.ts makes
// of the whole. Does not own what is in the pieces.
import { batchesOfPiece, type GenesisPieces } from "../chain/module/genesis-part.ts";
import { type AppGenesis, genesisText } from "./app-genesis.ts";

/** Stands in the document for its `app_state` while that is cut in two. */
const PLACE = "app_state stands here";

/** Modules with their parts in pieces; undefined for a part that is null. */
export type PartsInPieces = Iterable<readonly [module: string, pieces: GenesisPieces | undefined]>;

/** The text of a genesis file in pieces. `genesis` is the document without its state. */
export function* genesisTextPieces(
  genesis: Omit<AppGenesis, "app_state">,
  parts: PartsInPieces,
): Generator<string, void, undefined> {
  const [head, tail] = genesisText({ ...genesis, app_state: PLACE as never }).split(JSON.stringify(PLACE));
  yield `${head}{`;
  let before = "\n";
  for (const [module, pieces] of parts) {
    yield `${before}    ${JSON.stringify(module)}: `;
    if (pieces === undefined) yield "null";
    else yield* partText(pieces);
    before = ",\n";
  }
  yield `${before === "\n" ? "" : "\n  "}}${tail}`;
}

/** The modules' state on one line, in pieces. */
export function* compactStatePieces(parts: PartsInPieces): Generator<string, void, undefined> {
  let before = "{";
  for (const [module, pieces] of parts) {
    yield `${before}${JSON.stringify(module)}:`;
    if (pieces === undefined) yield "null";
    else yield* compactPart(pieces);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

function* compactPart(pieces: GenesisPieces): Generator<string, void, undefined> {
  let before = "{";
  for (const [member, value] of pieces) {
    yield `${before}${JSON.stringify(member)}:`;
    before = ",";
    const batches = batchesOfPiece(value);
    if (batches === undefined) {
      yield JSON.stringify(value);
      continue;
    }
    let first = "[";
    for (const batch of batches) {
      yield `${first}${JSON.stringify(batch).slice(1, -1)}`;
      first = ",";
    }
    yield first === "[" ? "[]" : "]";
  }
  yield before === "{" ? "{}" : "}";
}

function* partText(pieces: GenesisPieces): Generator<string, void, undefined> {
  let before = "{\n";
  for (const [member, value] of pieces) {
    yield `${before}      ${JSON.stringify(member)}: `;
    before = ",\n";
    const batches = batchesOfPiece(value);
    if (batches === undefined) yield indented(value, 6);
    else yield* listText(batches);
  }
  yield before === "{\n" ? "{}" : "\n    }";
}

function* listText(batches: Iterable<readonly unknown[]>): Generator<string, void, undefined> {
  let before = "[\n        ";
  for (const batch of batches) {
    yield `${before}${batch.map((item) => indented(item, 8)).join(",\n        ")}`;
    before = ",\n        ";
  }
  yield before.startsWith("[") ? "[]" : "\n      ]";
}

/** JSON of a value that stands so many spaces in. A text holds no line breaks once it is JSON. */
function indented(value: unknown, spaces: number): string {
  return JSON.stringify(value, undefined, 2).replaceAll("\n", `\n${" ".repeat(spaces)}`);
}
