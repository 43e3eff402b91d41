/**
 * Owns the two ways into the mempool: from clients, who wait for the verdict, and from peers, who do not. What is cheap
 * to refuse is refused first; then signatures are verified, if they can be elsewhere; then the transaction is checked in
 * its turn (node/work-slices.ts), never while a block becomes durable. Transaction step 2.
 * Does not own what is admitted (mempool.ts).
 */

import type { Logger } from "../log.ts";
import { BusyError, type WorkSlices } from "../work-slices.ts";
import { clientBacklogBytes, forgedCheckMs, peerBacklogBytes } from "./limits.ts";
import { type CheckResult, DuplicateTransactionError, MempoolError, type TransactionPool } from "./mempool.ts";
import type { VerifyAhead } from "./verify-ahead.ts";

/** What admission uses. */
export interface AdmissionNeeds {
  readonly mempool: TransactionPool;
  /** Signatures of a transaction that are known before it is checked; undefined when nobody looked. */
  readonly verifyAhead: Pick<VerifyAhead, "facts">;
  readonly slices: Pick<WorkSlices, "run" | "isFull">;
  readonly log: Logger;
  /** Why no transaction is taken at all now; undefined when they are. */
  readonly refusal: () => string | undefined;
  /** Passes an admitted transaction on to the peers that do not have it. */
  readonly relay: (tx: Uint8Array) => void;
}

/** The ways in. */
export interface Admission {
  /**
   * Resolves with the application's verdict. Rejects with MempoolError when the transaction is refused unseen, and with
   * BusyError when too many wait.
   */
  fromClient(tx: Uint8Array): Promise<CheckResult>;
  /**
   * Takes a transaction in turn, and passes it on if it is new and admitted. `refused` is told the milliseconds that
   * one cost which no correct peer passes on often: what the application refuses.
   */
  fromPeer(tx: Uint8Array, refused?: (ms: number) => void): void;
}

/** Opens the ways into a mempool. */
export function openAdmission(needs: AdmissionNeeds): Admission {
  const { mempool, verifyAhead, slices, log, refusal, relay } = needs;
  const clients = new Backlog(clientBacklogBytes);
  const peers = new Backlog(peerBacklogBytes);

  const takeFromPeer = async (tx: Uint8Array, refused: (ms: number) => void): Promise<boolean> => {
    const facts = await verifyAhead.facts(tx);
    if (facts?.isForged === true) {
      refused(forgedCheckMs);
      return false;
    }
    return await slices.run("peers", () => {
      const start = performance.now();
      const { code } = mempool.checkTx(tx, facts?.good);
      if (code !== 0) refused(performance.now() - start);
      return code === 0;
    });
  };
  return {
    fromClient: async (tx) => {
      const reason = refusal();
      if (reason !== undefined) throw new MempoolError(reason);
      mempool.precheck(tx);
      if (clients.isFull || slices.isFull("clients")) {
        throw new BusyError("the node is busy: too many transactions wait to be checked; send it again in a moment");
      }
      if (!clients.add(tx)) throw new DuplicateTransactionError();
      try {
        const facts = await verifyAhead.facts(tx);
        const result = await slices.run("clients", () => mempool.checkTx(tx, facts?.good));
        if (result.code === 0) relay(tx);
        return result;
      } finally {
        clients.remove(tx);
      }
    },
    fromPeer: (tx, refused = () => undefined) => {
      if (refusal() !== undefined || mempool.knows(tx) || peers.isFull || slices.isFull("peers") || !peers.add(tx)) {
        return;
      }
      takeFromPeer(tx, refused)
        .catch((error: unknown) => {
          // Duplicates, a full pool and a busy node are daily business; anything else is a bug of the application.
          if (!(error instanceof MempoolError) && !(error instanceof BusyError)) {
            log.error(
              { err: error, module: "mempool" },
              "a check met a bug; the transaction is dropped, please report it",
            );
          }
          return false;
        })
        .then((admitted) => {
          peers.remove(tx);
          if (admitted) relay(tx);
        });
    },
  };
}

/** Transactions on their way to a check, each once, bounded in bytes. */
class Backlog {
  readonly #maximumBytes: number;
  readonly #waiting = new Set<string>();
  #bytes = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#maximumBytes;
  }

  /** False when the transaction is on its way already. */
  add(tx: Uint8Array): boolean {
    const name = nameOf(tx);
    if (this.#waiting.has(name)) return false;
    this.#waiting.add(name);
    this.#bytes += tx.length;
    return true;
  }

  remove(tx: Uint8Array): void {
    if (this.#waiting.delete(nameOf(tx))) this.#bytes -= tx.length;
  }
}

/** The bytes themselves, as text: looked up in a hash table, which is all a name is for. */
function nameOf(tx: Uint8Array): string {
  return Buffer.from(tx.buffer, tx.byteOffset, tx.byteLength).toString("latin1");
}
