/**
 * Owns reading JSON from strangers: how deep it may nest and how many values it may hold is looked at before anything is
 * built, since a megabyte of brackets would cost a tenth of a second and many megabytes. Does not own what the JSON means.
 */

import type { WorkSlices } from "../work-slices.ts";
import { maximumJsonDepth, maximumJsonValues, slicedJsonBytes } from "./limits.ts";

/** The bytes are no JSON, or more of it than is read. */
export class BoundedJsonError extends Error {
  override readonly name = "BoundedJsonError";
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Parses JSON within the bounds of limits.ts. Throws BoundedJsonError. */
export function parseBoundedJson(bytes: Buffer): unknown {
  checkShape(bytes);
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new BoundedJsonError("is not JSON");
  }
}

/** `parseBoundedJson` that waits its turn where there is much to read. Rejects with BoundedJsonError or BusyError. */
export async function parseInTurn(bytes: Buffer, slices: Pick<WorkSlices, "run">): Promise<unknown> {
  if (bytes.length <= slicedJsonBytes) return parseBoundedJson(bytes);
  return await slices.run("queries", () => parseBoundedJson(bytes));
}

/** Counts brackets, commas and colons outside of texts. What is no JSON at all is left for the parser to refuse. */
function checkShape(bytes: Buffer): void {
  let depth = 0;
  let values = 1;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === openList || byte === openObject) {
      depth += 1;
      values += 1;
    } else if (byte === closeList || byte === closeObject) depth -= 1;
    else if (byte === comma || byte === colon) values += 1;
    if (depth > maximumJsonDepth) throw new BoundedJsonError(`nests more than ${maximumJsonDepth} deep`);
    if (values > maximumJsonValues) throw new BoundedJsonError(`holds more than ${maximumJsonValues} values`);
  }
}
