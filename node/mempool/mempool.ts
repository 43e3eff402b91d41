/**
 * Owns transactions that wait for a block: de-duplication by hash, bounds, the order of arrival, checking through the
 * application, rechecking after each block, and expiry. Does not own gossip (node/p2p) nor what is valid (chain/app).
 * Transaction steps 2 and 7: hash, duplicates and bounds; reaping for a block.
 */

import type { SignatureFacts } from "../../chain/app/abci.ts";
import { sha256 } from "../crypto.ts";
import type { Logger } from "../log.ts";
import type { Application, FinalizeBlockResponse, Mempool } from "../ports.ts";
import { HashCache } from "./hash-cache.ts";

/** The bounds; defaults stand in node/mempool/limits.ts. */
export interface MempoolOptions {
  readonly maximumTransactions: number;
  readonly maximumTransactionsBytes: number;
  readonly maximumTransactionBytes: number;
  readonly cacheSize: number;
  /** Whether transactions are checked again after each block. */
  readonly recheck: boolean;
  /** Whether the hash of a refused transaction is remembered, so that it is refused unseen the next time. */
  readonly keepInvalidInCache: boolean;
  /** 0n keeps transactions for ever. */
  readonly timeToLiveBlocks: bigint;
  readonly recheckBudgetMs: number;
  readonly recheckSliceMs: number;
}

/** What the mempool needs of the node. */
export interface MempoolDependencies {
  readonly application: Pick<Application, "checkTx">;
  readonly log: Logger;
}

/** The mempool does not take the transaction, without asking the application; the texts are CometBFT's. */
export class MempoolError extends Error {
  override readonly name: string = "MempoolError";
}

/** Seen before: in the pool, or lately in a block. Peers send such transactions all the time; it is no fault. */
export class DuplicateTransactionError extends MempoolError {
  override readonly name = "DuplicateTransactionError";
  constructor() {
    super("tx already exists in cache");
  }
}

/** Larger than one transaction may be. */
export class TransactionTooLargeError extends MempoolError {
  override readonly name = "TransactionTooLargeError";
}

/** The application's verdict on a transaction. */
export type CheckResult = ReturnType<Application["checkTx"]>;

interface Entry {
  readonly key: string;
  readonly tx: Uint8Array;
  readonly gasWanted: bigint;
  /** Height of the last block when it came in. */
  readonly height: bigint;
}

/** CheckTx types of ABCI: a new transaction, and one checked again. */
const CHECK_NEW = 0;
const CHECK_AGAIN = 1;

/** A first-in first-out pool: CometBFT's CListMempool. */
export class TransactionPool implements Mempool {
  private readonly options: MempoolOptions;
  private readonly dependencies: MempoolDependencies;
  /** By hash, in order of arrival. */
  private readonly entries = new Map<string, Entry>();
  private readonly cache: HashCache;
  private totalBytes = 0;
  private height = 0n;
  /** Entries not yet checked against the newest state, in order; a block is reaped from those before the first. */
  private stale = new Set<string>();
  private sliceTimer: NodeJS.Immediate | undefined;
  private readonly availableListeners: (() => void)[] = [];
  private announced = false;
  private closed = false;

  constructor(options: MempoolOptions, dependencies: MempoolDependencies) {
    this.options = options;
    this.dependencies = dependencies;
    this.cache = new HashCache(options.cacheSize);
  }

  /** Whether the transaction was seen lately: checking it again would refuse it. */
  knows(tx: Uint8Array): boolean {
    return this.cache.has(hashKey(tx));
  }

  /** Number of transactions waiting. */
  get count(): number {
    return this.entries.size;
  }

  /** Bytes of the transactions waiting. */
  get bytes(): number {
    return this.totalBytes;
  }

  onAvailable(listener: () => void): void {
    this.availableListeners.push(listener);
  }

  /**
   * Checks a transaction and admits it if its code is 0. Throws MempoolError when it is refused unseen: a duplicate,
   * too large, or no room. `facts` are signatures verified already. `tx` is kept: pass a copy of anything that shares a larger buffer.
   */
  checkTx(tx: Uint8Array, facts?: SignatureFacts): CheckResult {
    this.refuseWithoutRoom(tx);
    const key = hashKey(tx);
    if (!this.cache.add(key)) throw new DuplicateTransactionError();
    let result: CheckResult;
    try {
      result = this.dependencies.application.checkTx({ tx, type: CHECK_NEW }, facts);
    } catch (error) {
      this.cache.remove(key);
      throw error;
    }
    if (result.code !== 0) {
      if (!this.options.keepInvalidInCache) this.cache.remove(key);
      return result;
    }
    this.entries.set(key, { key, tx, gasWanted: result.gasWanted, height: this.height });
    this.totalBytes += tx.length;
    this.announceAvailable();
    return result;
  }

  private refuseWithoutRoom(tx: Uint8Array): void {
    const { maximumTransactionBytes, maximumTransactions, maximumTransactionsBytes } = this.options;
    if (tx.length > maximumTransactionBytes) {
      throw new TransactionTooLargeError(`Tx too large. Max size is ${maximumTransactionBytes}, but got ${tx.length}`);
    }
    if (this.stale.size > 0) {
      // The check state lacks the waiting transactions' effects until they are rechecked, in order.
      throw new MempoolError("mempool is still rechecking after a new committed block, so it is considered as full");
    }
    if (this.entries.size >= maximumTransactions || this.totalBytes + tx.length > maximumTransactionsBytes) {
      throw new MempoolError(
        `mempool is full: number of txs ${this.entries.size} (max: ${maximumTransactions}), ` +
          `total txs bytes ${this.totalBytes} (max: ${maximumTransactionsBytes})`,
      );
    }
  }

  private announceAvailable(): void {
    if (this.announced || this.entries.size === this.stale.size) return;
    this.announced = true;
    for (const listener of this.availableListeners) listener();
  }

  reap(maxBytes: bigint, maxGas: bigint): readonly Uint8Array[] {
    const txs: Uint8Array[] = [];
    let bytes = 0n;
    let gas = 0n;
    for (const entry of this.entries.values()) {
      if (this.stale.has(entry.key)) break;
      // In proto(Data) a transaction stands behind a tag byte and its length.
      const size = BigInt(1 + uvarintLength(entry.tx.length) + entry.tx.length);
      if (maxBytes >= 0n && bytes + size > maxBytes) break;
      if (maxGas >= 0n && gas + entry.gasWanted > maxGas) break;
      bytes += size;
      gas += entry.gasWanted;
      txs.push(entry.tx);
    }
    return txs;
  }

  /** The first `limit` transactions, for `unconfirmed_txs`. */
  first(limit: number): readonly Uint8Array[] {
    const txs: Uint8Array[] = [];
    for (const entry of this.entries.values()) {
      if (txs.length >= limit) break;
      txs.push(entry.tx);
    }
    return txs;
  }

  /** The waiting transaction with this SHA-256 hash. */
  find(hash: Uint8Array): Uint8Array | undefined {
    return this.entries.get(latin1(hash))?.tx;
  }

  update(height: bigint, txs: readonly Uint8Array[], results: FinalizeBlockResponse["txResults"]): void {
    this.height = height;
    this.announced = false;
    for (const [index, tx] of txs.entries()) {
      const key = hashKey(tx);
      // A committed success stays known, so that it cannot come back; a failure may be sent again.
      if (results[index]?.code === 0) this.cache.add(key);
      else if (!this.options.keepInvalidInCache) this.cache.remove(key);
      this.remove(key);
    }
    this.expire();
    if (this.options.recheck) {
      this.stale = new Set(this.entries.keys());
      this.recheckFor(this.options.recheckBudgetMs);
    } else {
      this.announceAvailable();
    }
  }

  private expire(): void {
    const { timeToLiveBlocks } = this.options;
    if (timeToLiveBlocks === 0n) return;
    for (const entry of this.entries.values()) {
      if (this.height - entry.height <= timeToLiveBlocks) break;
      this.remove(entry.key);
      this.cache.remove(entry.key);
    }
  }

  /** Rechecks stale transactions for a while; what is left follows in slices. */
  private recheckFor(budgetMs: number): void {
    const deadline = performance.now() + budgetMs;
    for (const key of this.stale) {
      if (performance.now() > deadline) break;
      this.stale.delete(key);
      const entry = this.entries.get(key);
      if (entry !== undefined && !this.stillValid(entry.tx)) {
        this.remove(key);
        if (!this.options.keepInvalidInCache) this.cache.remove(key);
      }
    }
    this.announceAvailable();
    if (this.stale.size === 0 || this.sliceTimer !== undefined || this.closed) return;
    this.sliceTimer = setImmediate(() => {
      this.sliceTimer = undefined;
      this.recheckFor(this.options.recheckSliceMs);
    });
  }

  private stillValid(tx: Uint8Array): boolean {
    try {
      return this.dependencies.application.checkTx({ tx, type: CHECK_AGAIN }).code === 0;
    } catch (error) {
      // A throw is a bug of the application; the transaction that met it must not stop the others.
      this.dependencies.log.error({ err: error, module: "mempool" }, "rechecking a transaction failed; it is dropped");
      return false;
    }
  }

  private remove(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.stale.delete(key);
    this.totalBytes -= entry.tx.length;
  }

  /** Stops the rechecking under way. */
  close(): void {
    this.closed = true;
    if (this.sliceTimer !== undefined) clearImmediate(this.sliceTimer);
  }
}

/** A transaction's hash as a map key: 32 characters, one per byte. */
function hashKey(tx: Uint8Array): string {
  return latin1(sha256(tx));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function uvarintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length += 1;
  return length;
}
