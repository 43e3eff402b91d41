// Owns writing a genesis file of which the modules' state comes in pieces: the same text as genesisText of app-genesis.ts makes
// of the whole. Does not own what is in the pieces.
import { batchesOfPiece, type GenesisPieces } from "../chain/module/genesis-part.ts";
import { type AppGenesis, genesisText } from "./app-genesis.ts";

/** Stands in the document for its `app_state` while that is cut in two. */
const PLACE = "app_state stands here";

/** Modules with their parts in pieces; undefined for a part that is null. */
export type PartsInPieces = Iterable<readonly [module: string, pieces: GenesisPieces | undefined]>;

/** How JSON stands on lines. */
interface Layout {
  /** What begins a line so many levels in. */
  readonly line: (depth: number) => string;
  readonly colon: string;
  readonly value: (value: unknown, depth: number) => string;
}

const INDENTED: Layout = {
  line: (depth) => `\n${"  ".repeat(depth)}`,
  colon: ": ",
  // A text holds no line breaks once it is JSON.
  value: (value, depth) => JSON.stringify(value, undefined, 2).replaceAll("\n", `\n${"  ".repeat(depth)}`),
};

const COMPACT: Layout = { line: () => "", colon: ":", value: (value) => JSON.stringify(value) };

/** The text of a genesis file in pieces. `genesis` is the document without its state. */
export function* genesisTextPieces(
  genesis: Omit<AppGenesis, "app_state">,
  parts: PartsInPieces,
): Generator<string, void, undefined> {
  yield* around(genesisText({ ...genesis, app_state: PLACE as never }), stateText(parts, INDENTED));
}

/** As `genesisTextPieces`, on one line. */
export function* compactGenesisPieces(
  genesis: Omit<AppGenesis, "app_state">,
  parts: PartsInPieces,
): Generator<string, void, undefined> {
  const text = JSON.stringify(JSON.parse(genesisText({ ...genesis, app_state: PLACE as never })));
  yield* around(`${text}\n`, stateText(parts, COMPACT));
}

function* around(document: string, state: Iterable<string>): Generator<string, void, undefined> {
  const [head, tail] = document.split(JSON.stringify(PLACE));
  yield head ?? "";
  yield* state;
  yield tail ?? "";
}

/** The modules' state on one line, in pieces. */
export function compactStatePieces(parts: PartsInPieces): Generator<string, void, undefined> {
  return stateText(parts, COMPACT);
}

function* stateText(parts: PartsInPieces, layout: Layout): Generator<string, void, undefined> {
  const { line, colon } = layout;
  let before = "{";
  for (const [module, pieces] of parts) {
    yield `${before}${line(2)}${JSON.stringify(module)}${colon}`;
    if (pieces === undefined) yield "null";
    else yield* partText(pieces, layout);
    before = ",";
  }
  yield before === "{" ? "{}" : `${line(1)}}`;
}

function* partText(pieces: GenesisPieces, layout: Layout): Generator<string, void, undefined> {
  const { line, colon, value } = layout;
  let before = "{";
  for (const [member, piece] of pieces) {
    yield `${before}${line(3)}${JSON.stringify(member)}${colon}`;
    const batches = batchesOfPiece(piece);
    if (batches === undefined) yield value(piece, 3);
    else yield* listText(batches, layout);
    before = ",";
  }
  yield before === "{" ? "{}" : `${line(2)}}`;
}

function* listText(batches: Iterable<readonly unknown[]>, { line, value }: Layout): Generator<string, void, undefined> {
  let before = "[";
  for (const batch of batches) {
    yield `${before}${line(4)}${batch.map((item) => value(item, 4)).join(`,${line(4)}`)}`;
    before = ",";
  }
  yield before === "[" ? "[]" : `${line(3)}]`;
}
