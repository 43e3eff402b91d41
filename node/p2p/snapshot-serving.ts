/**
 * Serving this node's snapshots to peers: which there are, and their chunks, one after the other and none faster than the peer takes
 * them. It does not own snapshots (node/sync) nor asking for them.
 */
import type { Messages } from "../../proto/types.gen.ts";
import type { Application } from "../ports.ts";
import { MAX_SEND_QUEUE_BYTES, MAX_SNAPSHOTS_TOLD, MAX_WAITING_CHUNK_REQUESTS } from "./limits.ts";
import type { Peer } from "./peer.ts";

/** ABCI's two calls about snapshots that exist. */
export type SnapshotSource = Pick<Application, "listSnapshots" | "loadSnapshotChunk">;

type ChunkRequest = Messages["tendermint.statesync.ChunkRequest"];

const PAUSE_MS = 50;
/** Chunks each peer waits for. */
const waiting = new WeakMap<Peer, number>();

/** Tells a peer of the newest snapshots. */
export function serveSnapshots(peer: Peer, source: SnapshotSource | undefined): void {
  if (source === undefined || !peer.requests.take(1, performance.now())) return;
  const { snapshots } = source.listSnapshots({});
  const newest = snapshots.toSorted((a, b) => (a.height < b.height ? 1 : a.height > b.height ? -1 : 0));
  for (const snapshot of newest.slice(0, MAX_SNAPSHOTS_TOLD)) peer.send({ snapshotsResponse: snapshot });
}

/** Sends a chunk, or that it is missing; one request too many is left unanswered. */
export async function serveChunk(peer: Peer, request: ChunkRequest, source: SnapshotSource | undefined): Promise<void> {
  const before = waiting.get(peer) ?? 0;
  if (before >= MAX_WAITING_CHUNK_REQUESTS) return;
  waiting.set(peer, before + 1);
  try {
    while (peer.open && (peer.queuedBytes > MAX_SEND_QUEUE_BYTES >> 1 || !peer.requests.take(1, performance.now())))
      await pause();
    if (!peer.open) return;
    const { height, format, index } = request;
    const { chunk } = source?.loadSnapshotChunk({ height, format, chunk: index }) ?? { chunk: new Uint8Array() };
    peer.send({ chunkResponse: { height, format, index, chunk, missing: chunk.length === 0 } });
  } finally {
    waiting.set(peer, waiting.get(peer)! - 1);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS).unref();
  });
}
