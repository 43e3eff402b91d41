// A genesis in memory as the text of a file, for what reads it where it lies.
import { utf8 } from "../../proto/bytes.ts";
import { JsonText, sourceOf } from "../../proto/json-text.ts";

/** The JSON of any value as text to be looked into. */
export function genesisTextOf(value: unknown): JsonText {
  return new JsonText(sourceOf(utf8(JSON.stringify(value) ?? "")));
}
