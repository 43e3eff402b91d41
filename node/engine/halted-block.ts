// A block that more than two thirds decided and that is invalid here. Owns saving it for whoever must look, and the second
// look at it, at once and at the next start: what this node could not judge is believed now, and a verdict in the log was
// that of the program of then, which may have been mended since.

import { blockKey } from "../../chain/consensus/block-key.ts";
import type { HaltEffect } from "../../chain/consensus/effect.ts";
import type { LoggedInput } from "../../chain/consensus/input.ts";
import { upperHex } from "../../chain/types/block-id.ts";
import type { EngineLog, FileSystem } from "../ports.ts";
import type { BlockWork } from "./block-work.ts";
import { haltError } from "./fatal.ts";
import type { LogEntry } from "./wal-record.ts";

const FILE_MODE = 0o600;

export interface HaltedBlockNeeds {
  readonly files: FileSystem;
  readonly log: EngineLog;
  readonly blocks: BlockWork;
  /** The folder of the write-ahead log. */
  readonly directory: string;
}

/** Saves the block's bytes and gives the error that stops the node. */
export function haltOn(effect: HaltEffect, { files, blocks, directory }: Omit<HaltedBlockNeeds, "log">): Error {
  const bytes = blocks.held.get(effect.blockId)?.bytes;
  if (bytes === undefined) return haltError(effect, blocks.invalidReason, undefined);
  const path = `${directory}/invalid-${effect.height}-${upperHex(effect.blockId.hash)}.block`;
  files.remove(path);
  const file = files.openAppend(path, FILE_MODE);
  file.append(bytes);
  file.sync();
  file.close();
  return haltError(effect, blocks.invalidReason, path);
}

/**
 * Judges the block again. When it is valid now, gives the log without the old verdict, to be lived through once more;
 * throws the error that stops the node when it is not.
 */
export async function judgeAgain(
  effect: HaltEffect,
  entries: readonly LogEntry[],
  needs: HaltedBlockNeeds,
): Promise<readonly LogEntry[]> {
  const { blocks, log } = needs;
  blocks.noteDecided(effect.blockId);
  const verdict: LoggedInput | undefined = await blocks.verdict(effect.height, effect.blockId);
  if (verdict?.type === "blockReady" && !verdict.valid) throw haltOn(effect, needs);
  log.warn("the decided block, found invalid before, is not invalid for this program; going on with it", {
    height: effect.height.toString(),
    block: upperHex(effect.blockId.hash),
  });
  const key = blockKey(effect.blockId);
  return entries.filter((entry) => entry.type !== "blockReady" || blockKey(entry.blockId) !== key);
}
