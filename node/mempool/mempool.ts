/**
 * Owns which transactions wait for a block: de-duplication by hash, bounds, checking through the application, rechecking
 * after each block, and expiry. Does not own their order (waiting.ts), gossip (node/p2p) nor what is valid (chain/app).
 * Transaction steps 2 and 7: hash, duplicates and bounds; reaping for a block.
 */

import type { SignatureFacts } from "../../chain/app/abci.ts";
import type { TxTerms } from "../../chain/app/tx-terms.ts";
import type { CommitGate } from "../commit-gate.ts";
import { sha256 } from "../crypto.ts";
import type { Logger } from "../log.ts";
import type { Application, FinalizeBlockResponse, Mempool } from "../ports.ts";
import { noCounts } from "./counts.ts";
import { HashCache } from "./hash-cache.ts";
import { priceOf, type Waiting, WaitingTransactions } from "./waiting.ts";

/** The bounds; defaults stand in node/mempool/limits.ts. */
export interface MempoolOptions {
  readonly maximumTransactions: number;
  readonly maximumTransactionsBytes: number;
  readonly maximumTransactionBytes: number;
  /** Waiting transactions of one signer; counts where the application tells signers. */
  readonly maximumPerSigner: number;
  readonly cacheSize: number;
  /** Whether transactions are checked again after each block. */
  readonly recheck: boolean;
  /** Whether the hash of a refused transaction is remembered, so that it is refused unseen the next time. */
  readonly keepInvalidInCache: boolean;
  /** 0n keeps transactions for ever. */
  readonly timeToLiveBlocks: bigint;
  /** 0 keeps transactions for ever. */
  readonly timeToLiveMs: number;
  readonly recheckBudgetMs: number;
  readonly recheckSliceMs: number;
  readonly recheckPauseMs: number;
  /** The denomination fees are compared in; the others count for nothing in the order. */
  readonly feeDenom: string;
}

/** What the mempool needs of the node. */
export interface MempoolDependencies {
  readonly application: Pick<Application, "checkTx">;
  readonly log: Logger;
  /** Who signs a transaction and what it pays. Without it the order is that of arrival. */
  readonly terms?: (tx: Uint8Array) => TxTerms | undefined;
  /** Told the size of each transaction admitted. */
  readonly admitted?: (bytes: number) => void;
  /**
   * Closed between the application's Commit and `update`: the check state is then that of a block whose transactions still wait here.
   * Rechecked against it, one of them would fail, the next of its signer pass, and fail when `update` checks it a second time: what
   * that signer sent after both would stay, and be proposed without them.
   */
  readonly gate?: Pick<CommitGate, "isOpen">;
  /** Monotonic milliseconds; for tests. */
  readonly nowMs?: () => number;
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

/** A transaction that may be checked. */
interface Prechecked {
  readonly key: string;
  readonly signers: readonly string[];
  readonly offer: { readonly fee: number; readonly gas: number };
  /** What leaves for it once it is admitted. */
  readonly leaving: readonly Waiting[];
}

/** CheckTx types of ABCI: a new transaction, and one checked again. */
const CHECK_NEW = 0;
const CHECK_AGAIN = 1;

/** The pool. What it holds was valid after the last block, in the order it holds it. */
export class TransactionPool implements Mempool {
  readonly counts = noCounts();
  private readonly options: MempoolOptions;
  private readonly dependencies: MempoolDependencies;
  private readonly waiting = new WaitingTransactions();
  private readonly cache: HashCache;
  private readonly nowMs: () => number;
  private height = 0n;
  private arrivals = 0;
  /** Entries not yet checked against the newest state, in the order they will be. */
  private stale = new Set<string>();
  /** Signers of which a transaction was let go while those before it count in the check state: nothing may follow it. */
  private readonly interrupted = new Set<string>();
  private cancelSlice: (() => void) | undefined;
  private readonly availableListeners: (() => void)[] = [];
  private announced = false;
  private closed = false;

  constructor(options: MempoolOptions, dependencies: MempoolDependencies) {
    this.options = options;
    this.dependencies = dependencies;
    this.cache = new HashCache(options.cacheSize);
    this.nowMs = dependencies.nowMs ?? (() => performance.now());
  }

  /** Whether the transaction was seen lately: checking it again would refuse it. */
  knows(tx: Uint8Array): boolean {
    return this.cache.has(hashKey(tx));
  }

  /** Number of transactions waiting. */
  get count(): number {
    return this.waiting.count;
  }

  /** Bytes of the transactions waiting. */
  get bytes(): number {
    return this.waiting.bytes;
  }

  onAvailable(listener: () => void): void {
    this.availableListeners.push(listener);
  }

  /**
   * Checks a transaction and admits it if its code is 0. Throws MempoolError when it is refused unseen: a duplicate,
   * too large, or no room. `facts` are signatures verified already. `tx` is kept: pass a copy of anything that shares a larger buffer.
   */
  checkTx(tx: Uint8Array, facts?: SignatureFacts): CheckResult {
    const { key, signers, offer, leaving } = this.precheck(tx);
    this.cache.add(key);
    let result: CheckResult;
    try {
      result = this.dependencies.application.checkTx({ tx, type: CHECK_NEW }, facts);
    } catch (error) {
      this.cache.remove(key);
      throw error;
    }
    if (result.code !== 0) {
      this.counts.failed += 1;
      if (!this.options.keepInvalidInCache) this.cache.remove(key);
      return result;
    }
    this.evict(leaving);
    this.arrivals += 1;
    const times = { height: this.height, sinceMs: this.nowMs(), arrival: this.arrivals };
    this.waiting.add({ key, tx, gasWanted: result.gasWanted, signers, ...offer, ...times });
    this.counts.admitted += 1;
    this.dependencies.admitted?.(tx.length);
    this.announceAvailable();
    return result;
  }

  /** The part of checkTx that asks nobody and changes nothing: throws MempoolError where it would. */
  precheck(tx: Uint8Array): Prechecked {
    this.refuseLarge(tx);
    const key = hashKey(tx);
    if (this.cache.has(key)) {
      this.counts.alreadyReceived += 1;
      throw new DuplicateTransactionError();
    }
    const terms = this.dependencies.terms?.(tx);
    const signers = terms?.signers.map(latin1) ?? [];
    const offer = { fee: this.feeOf(terms), gas: Number(terms?.gasLimit ?? 0n) };
    this.refuseOutOfTurn(signers, terms === undefined);
    return { key, signers, offer, leaving: this.makesWay(tx, priceOf(offer), signers) };
  }

  private feeOf(terms: TxTerms | undefined): number {
    return Number(terms?.fee.find(({ denom }) => denom === this.options.feeDenom)?.amount ?? 0n);
  }

  private refuseLarge(tx: Uint8Array): void {
    const { maximumTransactionBytes } = this.options;
    if (tx.length <= maximumTransactionBytes) return;
    this.counts.rejected += 1;
    throw new TransactionTooLargeError(`Tx too large. Max size is ${maximumTransactionBytes}, but got ${tx.length}`);
  }

  /** Refuses what the check state cannot judge now, and what one signer has too much of. */
  private refuseOutOfTurn(signers: readonly string[], unread: boolean): void {
    const { maximumPerSigner } = this.options;
    const isStale = (signer: string): boolean => this.waiting.of(signer).some(({ key }) => this.stale.has(key));
    if (this.stale.size > 0 && (unread || signers.some(isStale))) {
      // The check state lacks the waiting transactions' effects until they are rechecked, in order.
      this.refuse("mempool is still rechecking after a new committed block, so it is considered as full");
    }
    if (signers.some((signer) => this.interrupted.has(signer))) {
      this.refuse(
        "mempool is full: an earlier transaction of the same signer had to leave; " +
          "send both again after the next block, with a higher fee",
      );
    }
    if (signers.some((signer) => this.waiting.of(signer).length >= maximumPerSigner)) {
      this.refuse(
        `mempool is full: ${maximumPerSigner} transactions of the same signer wait already; send it after the next block`,
      );
    }
  }

  /** What has to leave for a transaction that pays `price`. Throws when that is not enough less. */
  private makesWay(tx: Uint8Array, price: number, signers: readonly string[]): readonly Waiting[] {
    const { maximumTransactions, maximumTransactionsBytes } = this.options;
    const room = {
      transactions: this.count + 1 - maximumTransactions,
      bytes: this.bytes + tx.length - maximumTransactionsBytes,
    };
    const leaving = this.waiting.givesWay(room, price, signers);
    return (
      leaving ??
      this.refuse(
        `mempool is full: number of txs ${this.count} (max: ${maximumTransactions}), ` +
          `total txs bytes ${this.bytes} (max: ${maximumTransactionsBytes})`,
      )
    );
  }

  private refuse(reason: string): never {
    this.counts.rejected += 1;
    throw new MempoolError(reason);
  }

  private evict(leaving: readonly Waiting[]): void {
    if (leaving.length === 0) return;
    for (const { key, signers } of leaving) {
      this.forget(key);
      for (const signer of signers) this.interrupted.add(signer);
    }
    this.counts.evicted += leaving.length;
    this.dependencies.log.debug(
      { module: "mempool", left: leaving.length, waiting: this.count },
      "the mempool is full: the cheapest transactions left for one that pays more",
    );
  }

  private announceAvailable(): void {
    if (this.announced || this.count === this.stale.size) return;
    this.announced = true;
    for (const listener of this.availableListeners) listener();
  }

  reap(maxBytes: bigint, maxGas: bigint): readonly Uint8Array[] {
    const txs: Uint8Array[] = [];
    let bytes = 0n;
    let gas = 0n;
    this.waiting.forEachInFeeOrder(({ key, tx, gasWanted }) => {
      if (this.stale.has(key)) return false;
      // In proto(Data) a transaction stands behind a tag byte and its length.
      const size = BigInt(1 + uvarintLength(tx.length) + tx.length);
      if (maxBytes >= 0n && bytes + size > maxBytes) return false;
      if (maxGas >= 0n && gas + gasWanted > maxGas) return false;
      bytes += size;
      gas += gasWanted;
      txs.push(tx);
      return true;
    });
    return txs;
  }

  /** The `limit` transactions that came first, for `unconfirmed_txs` and for peers that join. */
  first(limit: number): readonly Uint8Array[] {
    const txs: Uint8Array[] = [];
    for (const { tx } of this.waiting.values()) {
      if (txs.length >= limit) break;
      txs.push(tx);
    }
    return txs;
  }

  /** The waiting transaction with this SHA-256 hash. */
  find(hash: Uint8Array): Uint8Array | undefined {
    return this.waiting.get(latin1(hash))?.tx;
  }

  update(height: bigint, txs: readonly Uint8Array[], results: FinalizeBlockResponse["txResults"]): void {
    this.height = height;
    this.announced = false;
    this.interrupted.clear();
    this.cancelSlice?.();
    this.cancelSlice = undefined;
    for (const [index, tx] of txs.entries()) {
      const key = hashKey(tx);
      // A committed success stays known, so that it cannot come back; a failure may be sent again.
      if (results[index]?.code === 0) this.cache.add(key);
      else if (!this.options.keepInvalidInCache) this.cache.remove(key);
      this.remove(key);
    }
    this.expire();
    if (this.options.recheck) {
      this.stale = new Set();
      this.waiting.forEachInFeeOrder(({ key }) => this.stale.add(key) !== undefined);
      this.recheckSlice(this.options.recheckBudgetMs);
    } else {
      this.announceAvailable();
    }
  }

  private expire(): void {
    const { timeToLiveBlocks, timeToLiveMs } = this.options;
    const oldestMs = this.nowMs() - timeToLiveMs;
    for (const waiting of this.waiting.values()) {
      const tooManyBlocks = timeToLiveBlocks > 0n && this.height - waiting.height > timeToLiveBlocks;
      const tooLong = timeToLiveMs > 0 && waiting.sinceMs < oldestMs;
      if (!tooManyBlocks && !tooLong) break;
      for (const { key } of this.waiting.withDependents(waiting)) this.forget(key);
      this.counts.expired += 1;
    }
  }

  /** Rechecks stale transactions for a slice; the next follows at once while `budgetMs` lasts, then with pauses. */
  private recheckSlice(budgetMs: number): void {
    // `update` follows, and begins anew.
    if (this.cancelSlice !== undefined && this.dependencies.gate?.isOpen === false) return;
    const start = this.nowMs();
    const { recheckSliceMs, recheckPauseMs } = this.options;
    for (const key of this.stale) {
      this.stale.delete(key);
      this.counts.rechecked += 1;
      const entry = this.waiting.get(key);
      if (entry !== undefined && !this.stillValid(entry.tx)) this.forget(key);
      if (this.nowMs() - start >= recheckSliceMs) break;
    }
    this.announceAvailable();
    if (this.stale.size === 0 || this.closed) return;
    const left = budgetMs - (this.nowMs() - start);
    const next = (): void => this.recheckSlice(left);
    if (left > 0) {
      const turn = setImmediate(next);
      this.cancelSlice = () => clearImmediate(turn);
    } else {
      const timer = setTimeout(next, recheckPauseMs);
      this.cancelSlice = () => clearTimeout(timer);
    }
  }

  private stillValid(tx: Uint8Array): boolean {
    try {
      return this.dependencies.application.checkTx({ tx, type: CHECK_AGAIN }).code === 0;
    } catch (error) {
      // A throw is a bug of the application; the transaction that met it must not stop the others.
      this.dependencies.log.error(
        { err: error, module: "mempool" },
        "rechecking a transaction met a defect of this program; the transaction is dropped",
      );
      return false;
    }
  }

  /** Lets go of a transaction that may be sent again. */
  private forget(key: string): void {
    this.remove(key);
    if (!this.options.keepInvalidInCache) this.cache.remove(key);
  }

  private remove(key: string): void {
    this.waiting.remove(key);
    this.stale.delete(key);
  }

  /** Stops the rechecking under way. */
  close(): void {
    this.closed = true;
    this.cancelSlice?.();
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
