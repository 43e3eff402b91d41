/**
 * Block sync: while some peer says it has the next block, fetch blocks in ranges and hand them to the engine one by one, which verifies
 * each against its commit and executes it. It owns asking and judging peers; verification is the engine's. Peers' heights are hints: a
 * peer that does not deliver what it claims is passed over, one that delivers something false is avoided, and nobody else waits for either.
 */
import { DecodeError, decode } from "../../proto/codec.ts";
import type { Logger } from "../log.ts";
import { BLOCK_REQUEST_TIMEOUT_MS, LIVE_GRACE_MS, MAX_BLOCKS_PER_REQUEST } from "../p2p/limits.ts";
import type { BlockResponse, PeerNetwork } from "../p2p/network.ts";
import type { Peer } from "../p2p/peer.ts";
import type { Engine } from "../ports.ts";

interface Pending {
  readonly id: bigint;
  readonly peer: Peer;
  readonly fromHeight: bigint;
  readonly timer: NodeJS.Timeout;
}

/** What block sync uses. */
export interface BlockSyncNeeds {
  readonly network: Pick<PeerNetwork, "peers">;
  readonly engine: Pick<Engine, "status" | "receiveBlock">;
  readonly log: Logger;
}

export class BlockSync {
  readonly #network: BlockSyncNeeds["network"];
  readonly #engine: BlockSyncNeeds["engine"];
  readonly #log: Logger;
  #pending: Pending | undefined;
  #working = false;
  #stopped = false;
  #lastId = 0n;
  #grace: NodeJS.Timeout | undefined;
  /** The height last seen when one block behind; consensus gets a moment to decide it by itself. */
  #graceHeight = 0n;
  #graceUntilMs = 0;
  #fetched = 0n;
  /** Whether this node has been level with a peer since it started. */
  #wasLevel = false;

  constructor(needs: BlockSyncNeeds) {
    this.#network = needs.network;
    this.#engine = needs.engine;
    this.#log = needs.log;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#grace);
    clearTimeout(this.#pending?.timer);
  }

  /** The highest block that a connected peer claims to have; 0 without peers. */
  bestClaim(): bigint {
    return this.#network.peers().reduce((best, peer) => (peer.status.height > best ? peer.status.height : best), 0n);
  }

  /**
   * What `status` reports: true while a peer is more than one block ahead, and in a node that only follows until it has been
   * level with a peer, since it cannot know before.
   */
  get catchingUp(): boolean {
    const { height, signing } = this.#engine.status();
    this.#lookWhetherLevel(height);
    return this.bestClaim() > height || !(this.#wasLevel || signing);
  }

  #lookWhetherLevel(next: bigint): void {
    if (!this.#wasLevel && this.#network.peers().length > 0 && this.bestClaim() <= next) this.#wasLevel = true;
  }

  /** Looks whether there is something to fetch. Called whenever a peer's height, or our own, has changed. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#pending && !this.#pending.peer.open) this.#forgetPending();
    const next = this.#engine.status().height;
    this.#lookWhetherLevel(next);
    if (this.#pending || this.#working) return;
    const best = this.bestClaim();
    if (best < next) return;
    if (best === next && this.#graceHeight !== next) {
      // One block behind is how every live node looks for a moment: its votes are probably on the wire.
      this.#graceHeight = next;
      this.#graceUntilMs = performance.now() + LIVE_GRACE_MS;
      clearTimeout(this.#grace);
      this.#grace = setTimeout(() => this.wake(), LIVE_GRACE_MS + 1);
      return;
    }
    if (best === next && performance.now() < this.#graceUntilMs) return;
    const able = this.#network.peers().filter((peer) => peer.status.height >= next && peer.status.base <= next);
    const peer = able[Math.floor(Math.random() * able.length)];
    if (peer) this.#request(peer, next);
  }

  #request(peer: Peer, fromHeight: bigint): void {
    this.#lastId += 1n;
    const id = this.#lastId;
    const timer = setTimeout(() => {
      if (this.#pending?.id !== id) return;
      this.#forgetPending();
      peer.close(`it did not answer a block request within ${BLOCK_REQUEST_TIMEOUT_MS} ms`);
      this.wake();
    }, BLOCK_REQUEST_TIMEOUT_MS);
    timer.unref();
    this.#pending = { id, peer, fromHeight, timer };
    peer.expect("blocks");
    if (!peer.send({ blockRequest: { id, fromHeight, count: MAX_BLOCKS_PER_REQUEST } })) this.#forgetPending();
  }

  #forgetPending(): void {
    clearTimeout(this.#pending?.timer);
    this.#pending = undefined;
  }

  /** A peer's answer. One that was not asked for is a fault. */
  async receive(peer: Peer, response: BlockResponse): Promise<void> {
    const pending = this.#pending;
    if (pending?.peer !== peer || pending.id !== response.id) return peer.fault("it sent blocks that nobody asked for");
    this.#forgetPending();
    if (response.blocks.length === 0) {
      // It promised the block and has none (pruned meanwhile, or it lied): believe nothing further of its height.
      peer.status = { base: 0n, height: 0n };
      return this.wake();
    }
    if (response.blocks.length > MAX_BLOCKS_PER_REQUEST) return peer.fault("it sent more blocks than were asked for");
    this.#working = true;
    try {
      await this.#take(peer, pending.fromHeight, response);
    } finally {
      this.#working = false;
      this.wake();
    }
  }

  /** Executes the blocks of an answer in their order, as long as they are what was asked for. */
  async #take(peer: Peer, fromHeight: bigint, response: BlockResponse): Promise<void> {
    let expected = fromHeight;
    try {
      for (const { block: blockBytes, commit: commitBytes } of response.blocks) {
        if (this.#stopped) return;
        const block = decode("tendermint.types.Block", blockBytes);
        const commit = decode("tendermint.types.Commit", commitBytes);
        const { height } = block.header;
        if (height !== expected) return peer.fault(`it sent block ${height} where ${expected} was asked for`);
        // Consensus may have decided the height meanwhile; the engine then leaves the block aside, which is no fault.
        const verdict = await this.#engine.receiveBlock(block, commit);
        if (verdict === "invalid") return peer.fault(`its block ${height} does not verify`);
        if (verdict === "accepted") this.#progress(height);
        expected += 1n;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      peer.fault(`its blocks do not decode: ${error.message}`);
    }
  }

  #progress(height: bigint): void {
    this.#fetched += 1n;
    if (this.#fetched % 1000n === 0n)
      this.#log.info({ height: String(height), best: String(this.bestClaim()) }, "catching up");
  }
}
