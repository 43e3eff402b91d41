/**
 * Owns the two ways into the mempool: from clients, who wait for the verdict, and from peers, who do not. Both keep out
 * of the moment in which a block becomes durable (node/commit-gate.ts). Transaction step 2.
 * Does not own what is admitted (mempool.ts).
 */

import type { CommitGate } from "../commit-gate.ts";
import type { Logger } from "../log.ts";
import { peerBacklogTransactions } from "./limits.ts";
import { type CheckResult, MempoolError, type TransactionPool } from "./mempool.ts";
import type { VerifyAhead } from "./verify-ahead.ts";

/** What admission uses. */
export interface AdmissionNeeds {
  readonly mempool: TransactionPool;
  /** Signatures of a transaction that are known to be good before it is checked; undefined when nobody looked. */
  readonly verifyAhead: Pick<VerifyAhead, "facts">;
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
  /** Takes a transaction in turn, and passes it on if it is new and admitted. */
  fromPeer(tx: Uint8Array): void;
}

/** Opens the ways into a mempool. */
export function openAdmission(needs: AdmissionNeeds): Admission {
  const { mempool, verifyAhead, gate, log, refusal, relay } = needs;
  let waitingFromPeers = 0;

  const takeFromPeer = async (tx: Uint8Array): Promise<boolean> => {
    try {
      const facts = await verifyAhead.facts(tx);
      await gate.pass();
      return mempool.checkTx(tx, facts).code === 0;
    } catch (error) {
      // Duplicates and a full pool are daily business; anything else is a bug of the application.
      if (!(error instanceof MempoolError)) log.error({ err: error, module: "mempool" }, "a check met a bug");
      return false;
    }
  };
  return {
    fromClient: async (tx) => {
      const reason = refusal();
      if (reason !== undefined) throw new MempoolError(reason);
      const facts = mempool.knows(tx) ? undefined : await verifyAhead.facts(tx);
      await gate.pass();
      const result = mempool.checkTx(tx, facts);
      if (result.code === 0) relay(tx);
      return result;
    },
    fromPeer: (tx) => {
      if (refusal() !== undefined || mempool.knows(tx) || waitingFromPeers >= peerBacklogTransactions) return;
      waitingFromPeers += 1;
      void takeFromPeer(tx).then((admitted) => {
        waitingFromPeers -= 1;
        if (admitted) relay(tx);
      });
    },
  };
}
