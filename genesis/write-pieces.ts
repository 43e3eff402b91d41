// Owns writing a genesis file of which the modules' state comes in pieces: the same text as genesisText of app-genesis.ts makes
// of the whole. Does not own what is in the pieces.
import type { GenesisPieces } from "../chain/module/genesis-codec.ts";
import { type AppGenesis, genesisText } from "./app-genesis.ts";

/** Stands in the document for its `app_state` while that is cut in two. */
const PLACE = "app_state stands here";

/** The text of a genesis file in pieces. `genesis` is the document without its state. */
export function* genesisTextPieces(
  genesis: Omit<AppGenesis, "app_state">,
  parts: Iterable<readonly [module: string, pieces: GenesisPieces]>,
): Generator<string, void, undefined> {
  const [head, tail] = genesisText({ ...genesis, app_state: PLACE as never }).split(JSON.stringify(PLACE));
  yield `${head}{`;
  let before = "\n";
  for (const [module, pieces] of parts) {
    yield `${before}    ${JSON.stringify(module)}: `;
    yield* partText(pieces);
    before = ",\n";
  }
  yield `${before === "\n" ? "" : "\n  "}}${tail}`;
}

function* partText(pieces: GenesisPieces): Generator<string, void, undefined> {
  let before = "{\n";
  for (const [member, value] of pieces) {
    yield `${before}      ${JSON.stringify(member)}: `;
    before = ",\n";
    if (typeof value === "object" && value !== null && "batches" in value) {
      yield* listText(value.batches as Iterable<readonly unknown[]>);
    } else yield indented(value, 6);
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
