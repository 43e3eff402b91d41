// The text under which votes for one block id are counted. Owns that text; ids themselves are chain/types/block-id.ts.

import { hex } from "../../proto/bytes.ts";
import { type BlockId, isZeroBlockId } from "../types/block-id.ts";

/** The key of the zero id: "no block in this round", nil in the paper. */
export const NIL_KEY = "";

/** One text per distinct id: hash and part-set header both count, as in CometBFT's BlockID.Key. */
export function blockKey(id: BlockId): string {
  if (isZeroBlockId(id)) return NIL_KEY;
  return `${hex(id.hash)}:${id.partSetHeader.total}:${hex(id.partSetHeader.hash)}`;
}
