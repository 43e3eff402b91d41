/**
 * Transactions between peers: those admitted here leave coalesced, those that arrive are handed to the mempool, and what waits is told
 * to peers that join. It owns who is told what; what is valid belongs to the mempool. Transaction step 6: passed on to peers.
 */
import { digest } from "./digest.ts";
import {
  MAX_POOL_TRANSACTIONS_TOLD,
  MAX_SEND_QUEUE_BYTES,
  POOL_FRAME_BYTES,
  STUCK_POOL_MS,
  TX_COALESCE_BYTES,
  TX_COALESCE_MS,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import { pickTwo } from "./pick.ts";
import type { RecentTransactions } from "./recent-transactions.ts";

/** What the relay uses. */
export interface TransactionRelayNeeds {
  readonly peers: () => readonly Peer[];
  /** True when the transaction was new and admitted, so that it is passed on; `refused` hears later what a bad one cost. */
  readonly receiveTransaction: (tx: Uint8Array, refused: (ms: number) => void) => boolean;
  /** What waits for a block, the oldest first. */
  readonly waitingTransactions: (limit: number) => readonly Uint8Array[];
  /** Remembers what goes by, for blocks that only name their transactions. */
  readonly recent: RecentTransactions;
  /** The last height committed here. */
  readonly height: () => bigint;
}

export class TransactionRelay {
  readonly #needs: TransactionRelayNeeds;
  #outbox: Uint8Array[] = [];
  #outboxBytes = 0;
  #outboxOrigins: (string | undefined)[] = [];
  #flushTimer: NodeJS.Timeout | undefined;
  #oldestWaiting: Uint8Array | undefined;
  #oldestSinceMs = 0;

  constructor(needs: TransactionRelayNeeds) {
    this.#needs = needs;
  }

  stop(): void {
    clearTimeout(this.#flushTimer);
  }

  /** Passes a transaction on to every peer but `from`, coalesced with its neighbours of the next few milliseconds. */
  send(tx: Uint8Array, from?: string): void {
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
    for (const [index, tx] of txs.entries()) this.#needs.recent.add(items[index]!, tx);
    for (const peer of this.#needs.peers()) {
      const fresh = txs.filter((_, index) => origins[index] !== peer.nodeId && peer.markSeen(items[index]!));
      if (fresh.length > 0) peer.send({ transactions: { txs: fresh } });
    }
  }

  /** Transactions that a peer sent. */
  receive(peer: Peer, txs: readonly Uint8Array[]): void {
    for (const tx of txs) {
      const beganMs = performance.now();
      if (peer.refusedChecks.isOverdrawn(beganMs)) return;
      const name = digest(tx);
      peer.markSeen(name);
      // A copy: the frame's memory must not live as long as one small transaction in the mempool does.
      const own = tx.slice();
      this.#needs.recent.add(name, own);
      const refused = (ms: number): void => peer.refusedChecks.charge(ms, performance.now());
      if (this.#needs.receiveTransaction(own, refused)) this.send(own, peer.nodeId);
      else peer.refusedChecks.charge(performance.now() - beganMs, beganMs);
    }
  }

  /** Tells a peer all that waits, once, when it is level: one that is behind could not check it. */
  tellPool(peer: Peer): void {
    const needs = this.#needs;
    if (peer.knowsPool || peer.status.height + 1n < needs.height()) return;
    peer.knowsPool = true;
    sendPool(peer, needs.waitingTransactions(MAX_POOL_TRANSACTIONS_TOLD), MAX_SEND_QUEUE_BYTES >> 1);
  }

  /**
   * A peer that was told a transaction may have dropped it: its pool was full or about to be rechecked, or it restarted. When
   * the oldest one does not get into a block, the oldest are told again.
   */
  resendStuck(): void {
    const needs = this.#needs;
    const [oldest] = needs.waitingTransactions(1);
    const nowMs = performance.now();
    if (oldest !== this.#oldestWaiting) {
      this.#oldestWaiting = oldest;
      this.#oldestSinceMs = nowMs;
    } else if (oldest && nowMs - this.#oldestSinceMs >= STUCK_POOL_MS) {
      this.#oldestSinceMs = nowMs;
      const txs = needs.waitingTransactions(MAX_POOL_TRANSACTIONS_TOLD);
      for (const peer of pickTwo(needs.peers())) sendPool(peer, txs, POOL_FRAME_BYTES);
    }
  }
}

/** Sends waiting transactions to one peer, in frames of bounded size and `maxBytes` together. */
function sendPool(peer: Peer, txs: readonly Uint8Array[], maxBytes: number): void {
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
