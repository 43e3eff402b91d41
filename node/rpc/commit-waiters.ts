/**
 * Owns those who wait for a transaction to be committed: `broadcast_tx_commit` and callers inside the node. Fed after
 * a block is durable. Does not own the mempool.
 */

import type { ExecTxResult } from "../storage/storage.ts";

/** Where and how a transaction was committed. */
export interface CommittedTx {
  readonly height: bigint;
  readonly result: ExecTxResult;
}

/** Waiters by transaction hash. */
export class CommitWaiters {
  private readonly waiting = new Map<string, Set<(committed: CommittedTx | undefined) => void>>();

  /** Number of waiters. */
  get count(): number {
    let count = 0;
    for (const listeners of this.waiting.values()) count += listeners.size;
    return count;
  }

  /**
   * Starts waiting for a transaction with this hash (upper-case hex). The promise resolves with undefined after
   * `timeoutMs`, or when `cancel` is called or the node stops.
   */
  wait(hash: string, timeoutMs: number): { readonly committed: Promise<CommittedTx | undefined>; cancel(): void } {
    let settle: (committed: CommittedTx | undefined) => void = () => undefined;
    const committed = new Promise<CommittedTx | undefined>((resolve) => {
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      settle = (value) => {
        clearTimeout(timer);
        const listeners = this.waiting.get(hash);
        listeners?.delete(settle);
        if (listeners?.size === 0) this.waiting.delete(hash);
        resolve(value);
      };
    });
    const listeners = this.waiting.get(hash);
    if (listeners === undefined) this.waiting.set(hash, new Set([settle]));
    else listeners.add(settle);
    return { committed, cancel: () => settle(undefined) };
  }

  /** Whether somebody waits for anything; lets a block without waiters skip hashing. */
  get idle(): boolean {
    return this.waiting.size === 0;
  }

  /** A transaction stands in a durable block. */
  settle(hash: string, committed: CommittedTx): void {
    for (const listener of [...(this.waiting.get(hash) ?? [])]) listener(committed);
  }

  /** Ends all waiting. */
  close(): void {
    for (const listeners of [...this.waiting.values()]) for (const listener of [...listeners]) listener(undefined);
  }
}
