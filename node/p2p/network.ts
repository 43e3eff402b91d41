/**
 * What frames mean: consensus messages in and out, transactions relayed, block requests served, lost messages pulled again. It implements
 * the engine's Network port over node/p2p/switch.ts and judges peers by the engine's verdicts; it holds no consensus rule itself.
 * Transaction step 6: passed on to peers.
 */
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Logger } from "../log.ts";
import type { BlockId, ConsensusMessage, Engine, Network, Storage } from "../ports.ts";
import { digest } from "./digest.ts";
import { hostAndPort, type PeerAddress } from "./identity.ts";
import {
  BLOCK_RESPONSE_TARGET_BYTES,
  MAX_BLOCKS_PER_REQUEST,
  MAX_FRAME_BYTES,
  MAX_POOL_TRANSACTIONS_TOLD,
  MAX_SEND_QUEUE_BYTES,
  MAX_WAITING_BLOCK_REQUESTS,
  PEER_REQUESTS_PER_SECOND,
  POOL_FRAME_BYTES,
  REPAIR_INTERVAL_MS,
  STUCK_POOL_MS,
  TX_COALESCE_BYTES,
  TX_COALESCE_MS,
} from "./limits.ts";
import type { Frame, Peer } from "./peer.ts";
import { type SnapshotSource, serveChunk, serveSnapshots } from "./snapshot-serving.ts";
import { Switch, type SwitchOptions } from "./switch.ts";
import {
  fromWire,
  summaryFromWire,
  summaryToWire,
  toWire,
  type WireMessage,
  type WireRepair,
} from "./wire-messages.ts";

type BlockRequest = Messages["tributary.p2p.v1.BlockRequest"];
export type BlockResponse = Messages["tributary.p2p.v1.BlockResponse"];
export type SnapshotOffer = Messages["tendermint.statesync.SnapshotsResponse"];
export type ChunkResponse = Messages["tendermint.statesync.ChunkResponse"];

/** What the network needs of the rest of the node; handed in once everything exists. */
export interface NetworkNeeds {
  readonly engine: Engine;
  readonly storage: Pick<Storage, "loadBlock">;
  /** The heights this node can serve. */
  readonly heights: () => { base: bigint; height: bigint };
  /** A transaction arrived from a peer. True when it was new and admitted, so that it is passed on. */
  readonly receiveTransaction: (tx: Uint8Array) => boolean;
  /** The transactions that wait for a block, the oldest first, at most `limit` of them. */
  readonly waitingTransactions: (limit: number) => readonly Uint8Array[];
  /** A peer's answer to a block request, and news of its heights; node/sync owns what follows. */
  readonly blocks: (peer: Peer, response: BlockResponse, bytes: number) => void;
  readonly heightsChanged: () => void;
  /** Who gives out this node's snapshots; a node that has none serves none. */
  readonly snapshots?: SnapshotSource;
  /** A peer told of a snapshot it has. */
  readonly snapshotOffered?: (peer: Peer, offer: SnapshotOffer) => void;
  /** A peer's answer to a request for a chunk. */
  readonly chunk?: (peer: Peer, response: ChunkResponse) => void;
}

/** One peer as RPC's net_info shows it. */
export interface PeerSummary {
  readonly nodeId: string;
  readonly moniker: string;
  readonly listenAddress: string;
  readonly remoteHost: string;
  readonly outbound: boolean;
  readonly version: string;
}

export class PeerNetwork implements Network {
  readonly #switch: Switch;
  readonly #log: Logger;
  #needs: NetworkNeeds | undefined;
  #outbox: Uint8Array[] = [];
  #outboxBytes = 0;
  #outboxOrigins: (string | undefined)[] = [];
  #flushTimer: NodeJS.Timeout | undefined;
  #repairTimer: NodeJS.Timeout | undefined;
  #lastStep = "";
  /** Requests being served or waiting, by peer. */
  readonly #blockRequests = new WeakMap<Peer, BlockRequest[]>();
  #oldestWaiting: Uint8Array | undefined;
  #oldestSinceMs = 0;

  constructor(options: SwitchOptions, dependencies: { readonly log: Logger }) {
    this.#log = dependencies.log;
    this.#switch = new Switch(options, {
      log: dependencies.log,
      events: {
        peerAdded: (peer) => this.#peerAdded(peer),
        peerRemoved: () => this.#needs?.heightsChanged(),
        frame: (peer, frame, bytes) => this.#frame(peer, frame, bytes),
        announcement: () => this.#needs?.heightsChanged(),
      },
    });
  }

  /** Connects the network to the engine and the rest, then starts listening. */
  async start(needs: NetworkNeeds): Promise<void> {
    this.#needs = needs;
    await this.#switch.start();
    this.#repairTimer = setInterval(() => {
      this.#repair();
      this.#resendStuckTransactions();
    }, REPAIR_INTERVAL_MS);
    this.#repairTimer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#repairTimer);
    clearTimeout(this.#flushTimer);
    await this.#switch.stop();
  }

  peers(): Peer[] {
    return this.#switch.peers();
  }

  peerSummaries(): PeerSummary[] {
    return this.peers().map((peer) => ({
      nodeId: peer.nodeId,
      moniker: peer.hello?.moniker ?? "",
      listenAddress: peer.hello?.listenAddress ?? "",
      remoteHost: hostAndPort(peer.connection.remoteAddr).host,
      outbound: peer.outbound,
      version: peer.hello?.version ?? "",
    }));
  }

  /** Dials a peer once; see Switch.dial. */
  dial(address: PeerAddress): Promise<void> {
    return this.#switch.dial(address);
  }

  listenAddresses(): string[] {
    return this.#switch.listenAddresses();
  }

  // ------------------------------------------------------------ the engine's way out

  /** Whether anyone would hear what is published now. */
  hasPeers(): boolean {
    return this.peers().length > 0;
  }

  publish(message: ConsensusMessage): void {
    this.#broadcast(message, undefined);
  }

  relay(message: ConsensusMessage, from: string): void {
    this.#broadcast(message, from);
  }

  moved(): void {
    // Peers learn of heights through Status frames, of rounds through the votes themselves.
  }

  want(_height: bigint, _round: number, _blockId: BlockId): void {
    this.#askForRepair();
  }

  #broadcast(message: ConsensusMessage, except: string | undefined): void {
    const body = encode("tributary.p2p.v1.Frame", { consensus: toWire(message) });
    const item = digest(body);
    for (const peer of this.peers()) if (peer.nodeId !== except && peer.markSeen(item)) peer.sendEncoded(body);
  }

  // ------------------------------------------------------------ transactions

  /** Passes a transaction on to every peer but `from`, coalesced with its neighbours of the next few milliseconds. */
  sendTransaction(tx: Uint8Array, from?: string): void {
    this.#outbox.push(tx);
    this.#outboxOrigins.push(from);
    this.#outboxBytes += tx.length;
    if (this.#outboxBytes >= TX_COALESCE_BYTES) this.#flush();
    else this.#flushTimer ??= setTimeout(() => this.#flush(), TX_COALESCE_MS);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    const [txs, origins] = [this.#outbox, this.#outboxOrigins];
    [this.#outbox, this.#outboxOrigins, this.#outboxBytes] = [[], [], 0];
    const items = txs.map(digest);
    for (const peer of this.peers()) {
      const fresh = txs.filter((_, index) => origins[index] !== peer.nodeId && peer.markSeen(items[index]!));
      if (fresh.length > 0) peer.send({ transactions: { txs: fresh } });
    }
  }

  /** Tells a peer all that waits, once, when it is level: one that is behind could not check it. */
  #tellPool(peer: Peer): void {
    const needs = this.#needs;
    if (!needs || peer.knowsPool || peer.status.height + 1n < needs.heights().height) return;
    peer.knowsPool = true;
    this.#sendPool(peer, needs.waitingTransactions(MAX_POOL_TRANSACTIONS_TOLD), MAX_SEND_QUEUE_BYTES >> 1);
  }

  #sendPool(peer: Peer, txs: readonly Uint8Array[], maxBytes: number): void {
    let left = maxBytes;
    let batch: Uint8Array[] = [];
    let bytes = 0;
    const flush = () => {
      if (batch.length > 0) peer.send({ transactions: { txs: batch } });
      batch = [];
      bytes = 0;
    };
    for (const tx of txs) {
      left -= tx.length;
      if (left < 0) break;
      peer.markSeen(digest(tx));
      batch.push(tx);
      bytes += tx.length;
      if (bytes >= POOL_FRAME_BYTES) flush();
    }
    flush();
  }

  /**
   * A peer that was told a transaction may have dropped it: its pool was full or about to be rechecked, or it restarted. When
   * the oldest one does not get into a block, the oldest are told again.
   */
  #resendStuckTransactions(): void {
    const needs = this.#needs;
    if (!needs) return;
    const [oldest] = needs.waitingTransactions(1);
    const nowMs = performance.now();
    if (oldest !== this.#oldestWaiting) {
      this.#oldestWaiting = oldest;
      this.#oldestSinceMs = nowMs;
    } else if (oldest && nowMs - this.#oldestSinceMs >= STUCK_POOL_MS) {
      this.#oldestSinceMs = nowMs;
      const txs = needs.waitingTransactions(MAX_POOL_TRANSACTIONS_TOLD);
      for (const peer of pickTwo(this.peers())) this.#sendPool(peer, txs, POOL_FRAME_BYTES);
    }
  }

  // ------------------------------------------------------------ heights

  /** Tells every peer how far this node is, and announces the block for those that are further away. */
  committed(height: bigint, blockHash: Uint8Array): void {
    const heights = this.#needs?.heights() ?? { base: 0n, height: 0n };
    const body = encode("tributary.p2p.v1.Frame", { status: heights });
    for (const peer of this.peers()) peer.sendEncoded(body);
    this.#switch.announce(encode("tributary.p2p.v1.Announcement", { height, blockHash }));
  }

  #peerAdded(peer: Peer): void {
    this.#log.info({ peer: peer.nodeId, moniker: peer.hello?.moniker, address: peer.address }, "a peer joined");
    this.#needs?.heightsChanged();
    this.#tellPool(peer);
    this.#askForRepair();
  }

  // ------------------------------------------------------------ frames in

  #frame(peer: Peer, frame: Frame, bytes: number): void {
    const needs = this.#needs;
    if (!needs) return;
    if (frame.status) {
      peer.status = frame.status;
      this.#tellPool(peer);
      needs.heightsChanged();
    } else if (frame.transactions) this.#transactions(peer, frame.transactions.txs);
    else if (frame.consensus) void this.#consensus(peer, frame.consensus);
    else if (frame.repairRequest) this.#serveRepair(peer, frame.repairRequest);
    else if (frame.repairResponse)
      for (const message of frame.repairResponse.messages) void this.#consensus(peer, message);
    else if (frame.blockRequest) this.#queueBlockRequest(peer, frame.blockRequest);
    else if (frame.blockResponse) needs.blocks(peer, frame.blockResponse, bytes);
    else if (frame.snapshotsRequest) serveSnapshots(peer, needs.snapshots);
    else if (frame.snapshotsResponse) needs.snapshotOffered?.(peer, frame.snapshotsResponse);
    else if (frame.chunkRequest) void serveChunk(peer, frame.chunkRequest, needs.snapshots);
    else if (frame.chunkResponse) needs.chunk?.(peer, frame.chunkResponse);
  }

  #transactions(peer: Peer, txs: readonly Uint8Array[]): void {
    for (const tx of txs) {
      const beganMs = performance.now();
      if (peer.refusedChecks.isOverdrawn(beganMs)) return;
      peer.markSeen(digest(tx));
      // A copy: the frame's memory must not live as long as one small transaction in the mempool does.
      const own = tx.slice();
      if (this.#needs!.receiveTransaction(own)) this.sendTransaction(own, peer.nodeId);
      else peer.refusedChecks.charge(performance.now() - beganMs, beganMs);
    }
  }

  async #consensus(peer: Peer, wire: WireMessage): Promise<void> {
    const message = fromWire(wire);
    if (!message) return peer.fault("it sent an empty consensus message");
    peer.markSeen(digest(encode("tributary.p2p.v1.Frame", { consensus: wire })));
    const verdict = await this.#needs!.engine.receive(peer.nodeId, message);
    if (verdict === "invalid") peer.fault(`it sent a ${message.type} that no correct node sends`);
  }

  // ------------------------------------------------------------ repair

  /** While the step is unchanged, ask two peers for what is missing (CONSENSUS.md A5). */
  #repair(): void {
    const needs = this.#needs;
    if (!needs) return;
    const { height, round, step } = needs.engine.status();
    const now = `${height}/${round}/${step}`;
    if (now === this.#lastStep) this.#askForRepair();
    this.#lastStep = now;
  }

  #askForRepair(): void {
    const needs = this.#needs;
    if (!needs) return;
    const { height } = needs.engine.status();
    // A peer that is further has the whole block: block sync asks it. One that is behind has nothing for us.
    const level = this.peers().filter((peer) => peer.status.height + 1n === height);
    if (level.length === 0) return;
    const request = encode("tributary.p2p.v1.Frame", { repairRequest: summaryToWire(needs.engine.summary()) });
    for (const peer of pickTwo(level)) peer.sendEncoded(request);
  }

  #serveRepair(peer: Peer, wire: WireRepair): void {
    if (!peer.requests.take(1, performance.now())) return;
    const messages = this.#needs!.engine.repair(summaryFromWire(wire), MAX_FRAME_BYTES >> 1).map(toWire);
    if (messages.length > 0) peer.send({ repairResponse: { messages } });
  }

  /** One answer after the other, none faster than the peer's share: a request that came too soon waits, one too many is lost. */
  #queueBlockRequest(peer: Peer, request: BlockRequest): void {
    const waiting = this.#blockRequests.get(peer);
    if (waiting) {
      if (waiting.length < MAX_WAITING_BLOCK_REQUESTS) waiting.push(request);
      return;
    }
    const queue = [request];
    this.#blockRequests.set(peer, queue);
    void this.#serveQueue(peer, queue);
  }

  async #serveQueue(peer: Peer, queue: BlockRequest[]): Promise<void> {
    try {
      for (let request = queue.shift(); request && peer.open; request = queue.shift()) {
        while (peer.open && !peer.requests.take(1, performance.now())) await pause(1000 / PEER_REQUESTS_PER_SECOND);
        await this.#serveBlocks(peer, request);
      }
    } finally {
      this.#blockRequests.delete(peer);
    }
  }

  async #serveBlocks(peer: Peer, request: BlockRequest): Promise<void> {
    const blocks: { block: Uint8Array; commit: Uint8Array }[] = [];
    let bytes = 0;
    const count = Math.min(request.count, MAX_BLOCKS_PER_REQUEST);
    for (let height = request.fromHeight; blocks.length < count && bytes < BLOCK_RESPONSE_TARGET_BYTES; height += 1n) {
      const stored = height > 0n ? await this.#needs!.storage.loadBlock(height).catch(() => undefined) : undefined;
      if (!stored) break;
      const block = encode("tendermint.types.Block", stored.block);
      const commit = encode("tendermint.types.Commit", stored.seenCommit);
      blocks.push({ block, commit });
      bytes += block.length + commit.length;
    }
    peer.send({ blockResponse: { id: request.id, blocks } });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Two different peers at random, or all when there are fewer. */
function pickTwo(peers: readonly Peer[]): Peer[] {
  if (peers.length <= 2) return [...peers];
  const first = Math.floor(Math.random() * peers.length);
  const second = (first + 1 + Math.floor(Math.random() * (peers.length - 1))) % peers.length;
  return [peers[first]!, peers[second]!];
}
