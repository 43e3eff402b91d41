// The way out: a message of this node's own leaves only after everything up to it is on disk. Owns that order.

import type { Network } from "../ports.ts";
import type { HeldBlocks } from "./held-blocks.ts";
import type { SignedMessage } from "./signer.ts";
import type { WriteAheadLog } from "./wal.ts";

/** Syncs the log, then sends; a proposal takes its block's parts along. When nobody would hear it, it can wait until somebody does. */
export function publishDurably(
  message: SignedMessage,
  needs: { readonly network: Network; readonly log: WriteAheadLog; readonly held: HeldBlocks },
): void {
  const { network, log, held } = needs;
  if (network.hasPeers?.() === false) return;
  log.sync();
  network.publish(message);
  if (message.type !== "proposal") return;
  const { height, round, blockId } = message.proposal;
  const parts = held.parts(blockId);
  for (let index = 0; parts !== undefined && index < parts.header.total; index++) {
    const part = parts.part(index);
    if (part !== undefined) network.publish({ type: "part", height, round, part });
  }
}
