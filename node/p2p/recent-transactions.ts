/**
 * Transactions that went by lately, by their short names, so that a block which only names them can be put together. It owns a window
 * bounded in bytes; the mempool is asked for what has left it.
 */
import { digest } from "./digest.ts";
import { MAX_POOL_TRANSACTIONS_TOLD, RECENT_TRANSACTION_BYTES } from "./limits.ts";

export class RecentTransactions {
  readonly #waiting: (limit: number) => readonly Uint8Array[];
  readonly #transactions = new Map<string, Uint8Array>();
  #bytes = 0;

  /** `waiting` gives the transactions of the mempool. */
  constructor(waiting: (limit: number) => readonly Uint8Array[]) {
    this.#waiting = waiting;
  }

  /** Remembers a transaction; the oldest are forgotten beyond the bound. The bytes are kept, not copied. */
  add(name: string, tx: Uint8Array): void {
    if (this.#transactions.has(name)) return;
    this.#transactions.set(name, tx);
    this.#bytes += tx.length;
    for (const [oldest, { length }] of this.#transactions) {
      if (this.#bytes <= RECENT_TRANSACTION_BYTES) break;
      this.#transactions.delete(oldest);
      this.#bytes -= length;
    }
  }

  /** Forgets the transactions of a block that was committed. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      const tx = this.#transactions.get(name);
      if (tx === undefined) continue;
      this.#transactions.delete(name);
      this.#bytes -= tx.length;
    }
  }

  /** The named transactions, undefined where one is not here. */
  find(names: readonly string[]): (Uint8Array | undefined)[] {
    const found = names.map((name) => this.#transactions.get(name));
    if (found.every((tx) => tx !== undefined)) return found;
    // Hashing the pool costs a few milliseconds, and is done only when the window did not reach.
    const pool = new Map(this.#waiting(MAX_POOL_TRANSACTIONS_TOLD).map((tx) => [digest(tx), tx]));
    return found.map((tx, index) => tx ?? pool.get(names[index]!));
  }
}
