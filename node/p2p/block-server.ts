/**
 * Serves committed blocks to peers that catch up. It owns the size of an answer and each peer's share; asking for blocks and judging
 * them is node/sync/block-sync.ts.
 */
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Storage } from "../ports.ts";
import {
  BLOCK_BYTES_PER_SECOND,
  BLOCK_REQUEST_TIMEOUT_MS,
  BLOCK_REQUESTS_PER_SECOND,
  BLOCK_RESPONSE_TARGET_BYTES,
  MAX_BLOCK_ANSWER_BYTES,
  MAX_BLOCKS_PER_REQUEST,
} from "./limits.ts";
import type { RequestKind, Requests } from "./requests.ts";

const NONE = new Uint8Array(0);

/** The question for committed blocks. */
export const BLOCKS_KIND: RequestKind<"tributary.p2p.v1.BlockRequest", "tributary.p2p.v1.BlockResponse"> = {
  name: "blocks",
  question: "tributary.p2p.v1.BlockRequest",
  answer: "tributary.p2p.v1.BlockResponse",
  maxQuestionBytes: 64,
  maxAnswerBytes: MAX_BLOCK_ANSWER_BYTES,
  perSecond: BLOCK_REQUESTS_PER_SECOND,
  burst: BLOCK_REQUESTS_PER_SECOND,
  answerBytesPerSecond: BLOCK_BYTES_PER_SECOND,
  timeoutMs: BLOCK_REQUEST_TIMEOUT_MS,
};

/** Answers with blocks from the height asked for on, as many as there are and fit. */
export function serveBlocks(requests: Requests, storage: Pick<Storage, "loadBlock">): void {
  requests.serve(BLOCKS_KIND, async (_peer, { fromHeight, count: asked }) => {
    const blocks: Messages["tributary.p2p.v1.CommittedBlock"][] = [];
    let bytes = 0;
    const count = Math.min(asked, MAX_BLOCKS_PER_REQUEST);
    for (let height = fromHeight; blocks.length < count && bytes < BLOCK_RESPONSE_TARGET_BYTES; height += 1n) {
      const stored = height > 0n ? await storage.loadBlock(height).catch(() => undefined) : undefined;
      if (!stored) break;
      const block = encode("tendermint.types.Block", stored.block);
      const { seenCommit, extendedCommit: extended } = stored;
      const commit = extended === undefined ? encode("tendermint.types.Commit", seenCommit) : NONE;
      const extendedCommit = extended === undefined ? NONE : encode("tendermint.types.ExtendedCommit", extended);
      const size = block.length + commit.length + extendedCommit.length;
      // The first is sent whatever its size; the others only where the answer stays within its bound.
      if (blocks.length > 0 && bytes + size > BLOCK_RESPONSE_TARGET_BYTES) break;
      blocks.push({ block, commit, extendedCommit });
      bytes += size;
    }
    return { blocks };
  });
}
