/**
 * Owns fetching the chunks of one snapshot, several at once and each from another peer: a chunk that is not what its hash says makes its
 * sender false, one that does not come is asked of another. Does not own the chunks (chunk-folder.ts) nor the choice of the snapshot.
 */
import type { Logger } from "../log.ts";
import type { PeerNetwork } from "../p2p/network.ts";
import type { Peer } from "../p2p/peer.ts";
import { NoAnswerError } from "../p2p/requests.ts";
import type { ChunkFolder } from "./chunk-folder.ts";
import { MAX_CHUNK_FAILURES } from "./limits.ts";
import { chunkKind } from "./request-kinds.ts";
import type { Manifest, SnapshotOffers } from "./snapshot-offers.ts";

export interface FetchOptions {
  readonly manifest: Manifest;
  readonly timeoutMs: number;
  /** Chunks asked for at once, each of another peer. */
  readonly parallel: number;
}

export interface FetchNeeds {
  readonly folder: ChunkFolder;
  readonly offers: SnapshotOffers;
  readonly requests: Pick<PeerNetwork["requests"], "ask">;
  readonly log: Logger;
}

/** Resolves true when all chunks are in the folder, false when nobody who is left has the rest. */
export async function fetchChunks(options: FetchOptions, needs: FetchNeeds): Promise<boolean> {
  const { manifest, parallel } = options;
  const todo = [...needs.folder.missing()];
  if (todo.length < manifest.snapshot.chunks)
    needs.log.info({ missing: todo.length, chunks: manifest.snapshot.chunks }, "some chunks are here from before");
  const busy = new Map<Peer, Promise<void>>();
  const failures = new Map<Peer, number>();
  while (todo.length > 0 || busy.size > 0) {
    const idle = needs.offers.providers(manifest).filter((peer) => !busy.has(peer));
    for (const peer of idle.slice(0, Math.max(0, parallel - busy.size))) {
      const index = todo.shift();
      if (index === undefined) break;
      const asking = fetchOne(peer, index, options, needs).then((outcome) => {
        busy.delete(peer);
        if (outcome === "here") return;
        todo.unshift(index);
        const failed = (failures.get(peer) ?? 0) + 1;
        failures.set(peer, failed);
        if (outcome === "missing" || failed >= MAX_CHUNK_FAILURES) needs.offers.withdraw(peer, manifest);
      });
      busy.set(peer, asking);
    }
    if (busy.size === 0) return false;
    await Promise.race(busy.values());
  }
  return true;
}

async function fetchOne(
  peer: Peer,
  index: number,
  { manifest, timeoutMs }: FetchOptions,
  { folder, requests, log }: FetchNeeds,
): Promise<"here" | "missing" | "failed"> {
  const { height, format } = manifest.snapshot;
  try {
    const answer = await requests.ask(peer, chunkKind(timeoutMs), { height, format, index });
    if (answer.missing) return "missing";
    if (await folder.put(index, answer.chunk)) return "here";
    peer.fault(`its chunk ${index} of the snapshot of height ${height} is not the one it described`);
    return "missing";
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    log.debug({ peer: peer.nodeId, chunk: index, reason: error.message }, "a chunk did not come");
    return "failed";
  }
}
