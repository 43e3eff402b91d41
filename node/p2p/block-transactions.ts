/**
 * Asking for transactions of a proposed block that are not here, by their places in it, from one peer after the other. It owns the
 * request and the check that what comes is what was named.
 */
import { digest } from "./digest.ts";
import { BLOCK_TRANSACTIONS_TIMEOUT_MS, MAX_BLOCK_TRANSACTIONS_BYTES, MAX_TRANSACTIONS_ASKED } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { NoAnswerError, type RequestKind, type Requests } from "./requests.ts";

export const blockTransactionsKind: RequestKind<
  "tributary.p2p.v1.BlockTransactionsRequest",
  "tributary.p2p.v1.Transactions"
> = {
  name: "block_transactions",
  question: "tributary.p2p.v1.BlockTransactionsRequest",
  answer: "tributary.p2p.v1.Transactions",
  // Each place takes three bytes at most: a block holds fewer than two million transactions.
  maxQuestionBytes: 64 + 3 * MAX_TRANSACTIONS_ASKED,
  // The last transaction may go beyond the target.
  maxAnswerBytes: 2 * MAX_BLOCK_TRANSACTIONS_BYTES,
  perSecond: 20,
  burst: 20,
  answerBytesPerSecond: MAX_BLOCK_TRANSACTIONS_BYTES,
  timeoutMs: BLOCK_TRANSACTIONS_TIMEOUT_MS,
};

/** Peers asked for the transactions of one block, the sender of its compact form included. */
const PEERS_ASKED = 3;

/** What is wanted: `found` has a place for every name, and is filled in. */
export interface WantedTransactions {
  readonly partSetHash: Uint8Array;
  readonly names: readonly string[];
  readonly found: (Uint8Array | undefined)[];
}

export class BlockTransactions {
  readonly #requests: Pick<Requests, "ask">;

  constructor(requests: Pick<Requests, "ask">) {
    this.#requests = requests;
  }

  /** Fills in what is missing, as far as the peers have it. */
  async fetch(wanted: WantedTransactions, peers: readonly Peer[]): Promise<void> {
    for (const peer of peers.slice(0, PEERS_ASKED)) {
      while (await this.#fetchSome(wanted, peer));
      if (!wanted.found.includes(undefined)) return;
    }
  }

  /** One request; true when it brought something and something is missing still. */
  async #fetchSome({ partSetHash, names, found }: WantedTransactions, peer: Peer): Promise<boolean> {
    const missing = found.flatMap((tx, index) => (tx === undefined ? [index] : []));
    const indexes = missing.slice(0, MAX_TRANSACTIONS_ASKED);
    if (indexes.length === 0 || !peer.open) return false;
    try {
      const { txs } = await this.#requests.ask(peer, blockTransactionsKind, { partSetHash, indexes });
      for (const [place, tx] of txs.entries()) {
        const index = indexes[place];
        if (index === undefined || digest(tx) !== names[index]) {
          peer.fault("it sent a transaction other than the one that was asked for");
          return false;
        }
        found[index] = tx;
      }
      return txs.length > 0 && txs.length < missing.length;
    } catch (error) {
      if (error instanceof NoAnswerError) return false;
      throw error;
    }
  }
}
