// Why an engine stops for good. Owns the words; the exit codes are the node's (node/ports.ts).

import type { HaltEffect } from "../../chain/consensus/effect.ts";
import { upperHex } from "../../chain/types/block-id.ts";
import { EXIT_CHAIN_HALTED, FatalError } from "../ports.ts";

/** A failed write, a chain that cannot go on, or a bug, after which memory is not to be believed. */
export function fatalOf(error: unknown): FatalError {
  if (error instanceof FatalError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new FatalError(`the engine failed: ${reason}`, EXIT_CHAIN_HALTED, { cause: error });
}

/** More than two thirds decided what is invalid here. */
export function haltError({ height, blockId }: HaltEffect, reason: string, savedAs: string | undefined): FatalError {
  const saved = savedAs === undefined ? "" : ` The block was saved as ${savedAs}.`;
  return new FatalError(
    `more than two thirds committed block ${upperHex(blockId.hash)} at height ${height}, which is invalid here: ${reason}.${saved} Nothing was lost: start the program version that the others run, and this one judges the block again`,
    EXIT_CHAIN_HALTED,
  );
}
