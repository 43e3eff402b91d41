/**
 * Owns the two questions of state sync: which snapshots a peer has, and one chunk of one; and answering them from the application's
 * calls. Does not own the exchange itself (node/p2p/requests.ts) nor what is made of the answers (state-sync.ts).
 */

import type { RequestKind, Requests } from "../p2p/requests.ts";
import type { Application } from "../ports.ts";
import {
  CHUNK_BYTES_PER_SECOND,
  MAX_SNAPSHOT_CHUNK_BYTES,
  MAX_SNAPSHOT_METADATA_BYTES,
  MAX_SNAPSHOTS_TOLD,
} from "./limits.ts";

/** What is asked for: the snapshots a peer has, the newest first. */
export const SNAPSHOTS_KIND: RequestKind<
  "tendermint.abci.RequestListSnapshots",
  "tendermint.abci.ResponseListSnapshots"
> = {
  name: "snapshots",
  question: "tendermint.abci.RequestListSnapshots",
  answer: "tendermint.abci.ResponseListSnapshots",
  maxQuestionBytes: 16,
  maxAnswerBytes: MAX_SNAPSHOTS_TOLD * (MAX_SNAPSHOT_METADATA_BYTES + 256),
  perSecond: 1,
  burst: 5,
  answerBytesPerSecond: 1_048_576,
  timeoutMs: 10_000,
};

/** One chunk. How long it may take is the operator's choice (`statesync.chunk_request_timeout`). */
export function chunkKind(
  timeoutMs: number,
): RequestKind<"tendermint.statesync.ChunkRequest", "tendermint.statesync.ChunkResponse"> {
  return {
    name: "snapshot-chunk",
    question: "tendermint.statesync.ChunkRequest",
    answer: "tendermint.statesync.ChunkResponse",
    maxQuestionBytes: 64,
    maxAnswerBytes: MAX_SNAPSHOT_CHUNK_BYTES + 256,
    perSecond: 20,
    burst: 20,
    answerBytesPerSecond: CHUNK_BYTES_PER_SECOND,
    timeoutMs,
  };
}

/** Answers peers that restore a state. */
export function serveSnapshots(
  requests: Requests,
  application: Pick<Application, "listSnapshots" | "loadSnapshotChunk">,
): void {
  requests.serve(SNAPSHOTS_KIND, () => {
    const { snapshots } = application.listSnapshots({});
    const newest = snapshots.toSorted((a, b) => (a.height < b.height ? 1 : a.height > b.height ? -1 : 0));
    return { snapshots: newest.slice(0, MAX_SNAPSHOTS_TOLD) };
  });
  requests.serve(chunkKind(0), (_peer, { height, format, index }) => {
    const { chunk } = application.loadSnapshotChunk({ height, format, chunk: index });
    return { height, format, index, chunk, missing: chunk.length === 0 };
  });
}
