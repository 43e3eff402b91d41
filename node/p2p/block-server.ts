/**
 * Serves committed blocks to peers that catch up. It owns each peer's turn and the size of an answer; asking for blocks and judging
 * them is node/sync/block-sync.ts.
 */
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Storage } from "../ports.ts";
import {
  BLOCK_RESPONSE_TARGET_BYTES,
  MAX_BLOCKS_PER_REQUEST,
  MAX_WAITING_BLOCK_REQUESTS,
  PEER_REQUESTS_PER_SECOND,
} from "./limits.ts";
import { pause } from "./pause.ts";
import type { Peer } from "./peer.ts";

type BlockRequest = Messages["tributary.p2p.v1.BlockRequest"];

export class BlockServer {
  readonly #storage: Pick<Storage, "loadBlock">;
  /** Requests being served or waiting, by peer. */
  readonly #waiting = new WeakMap<Peer, BlockRequest[]>();

  constructor(storage: Pick<Storage, "loadBlock">) {
    this.#storage = storage;
  }

  /** One answer after the other, none faster than the peer's share: a request that came too soon waits, one too many is lost. */
  receive(peer: Peer, request: BlockRequest): void {
    const waiting = this.#waiting.get(peer);
    if (waiting) {
      if (waiting.length < MAX_WAITING_BLOCK_REQUESTS) waiting.push(request);
      return;
    }
    const queue = [request];
    this.#waiting.set(peer, queue);
    void this.#serveQueue(peer, queue);
  }

  async #serveQueue(peer: Peer, queue: BlockRequest[]): Promise<void> {
    try {
      for (let request = queue.shift(); request && peer.open; request = queue.shift()) {
        while (peer.open && !peer.requests.take(1, performance.now())) await pause(1000 / PEER_REQUESTS_PER_SECOND);
        await this.#serve(peer, request);
      }
    } finally {
      this.#waiting.delete(peer);
    }
  }

  async #serve(peer: Peer, request: BlockRequest): Promise<void> {
    const blocks: { block: Uint8Array; commit: Uint8Array }[] = [];
    let bytes = 0;
    const count = Math.min(request.count, MAX_BLOCKS_PER_REQUEST);
    for (let height = request.fromHeight; blocks.length < count && bytes < BLOCK_RESPONSE_TARGET_BYTES; height += 1n) {
      const stored = height > 0n ? await this.#storage.loadBlock(height).catch(() => undefined) : undefined;
      if (!stored) break;
      const block = encode("tendermint.types.Block", stored.block);
      const commit = encode("tendermint.types.Commit", stored.seenCommit);
      blocks.push({ block, commit });
      bytes += block.length + commit.length;
    }
    peer.send({ blockResponse: { id: request.id, blocks } });
  }
}
