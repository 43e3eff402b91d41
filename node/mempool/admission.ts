/**
 * Owns the two ways into the mempool: from clients, who wait for the verdict, and from peers, who do not. Both keep out
 * of the moment in which a block becomes durable (node/commit-gate.ts). Transaction step 2.
 * Does not own what is admitted (mempool.ts).
 */

import type { CommitGate } from "../commit-gate.ts";
import type { Logger } from "../log.ts";
import { peerBacklogTransactions } from "./limits.ts";
import { type CheckResult, MempoolError, type TransactionPool } from "./mempool.ts";

/** What admission uses. */
export interface AdmissionNeeds {
  readonly mempool: TransactionPool;
  readonly gate: CommitGate;
  readonly log: Logger;
  /** Why no transaction is taken at all now; undefined when they are. */
  readonly refusal: () => string | undefined;
  /** Passes an admitted transaction on to the peers that do not have it. */
  readonly relay: (tx: Uint8Array) => void;
}

/** The ways in. */
export interface Admission {
  /** Resolves with the application's verdict. Rejects with MempoolError when the transaction is refused unseen. */
  fromClient(tx: Uint8Array): Promise<CheckResult>;
  /** True when the transaction was new and admitted at once, so that the caller passes it on. */
  fromPeer(tx: Uint8Array): boolean;
}

/** Opens the ways into a mempool. */
export function openAdmission(needs: AdmissionNeeds): Admission {
  const { mempool, gate, log, refusal, relay } = needs;
  let backlog: Uint8Array[] = [];

  const takeFromPeer = (tx: Uint8Array): boolean => {
    try {
      return mempool.checkTx(tx).code === 0;
    } catch (error) {
      // Duplicates and a full pool are daily business; anything else is a bug of the application.
      if (!(error instanceof MempoolError)) log.error({ err: error, module: "mempool" }, "a check met a bug");
      return false;
    }
  };
  const takeBacklog = (): void => {
    const waiting = backlog;
    backlog = [];
    for (const tx of waiting) if (takeFromPeer(tx)) relay(tx);
  };

  return {
    fromClient: async (tx) => {
      await gate.pass();
      const reason = refusal();
      if (reason !== undefined) throw new MempoolError(reason);
      const result = mempool.checkTx(tx);
      if (result.code === 0) relay(tx);
      return result;
    },
    fromPeer: (tx) => {
      if (refusal() !== undefined) return false;
      if (gate.isOpen) return takeFromPeer(tx);
      if (backlog.length >= peerBacklogTransactions) return false;
      backlog.push(tx);
      if (backlog.length === 1) gate.onceOpen(takeBacklog);
      return false;
    },
  };
}
