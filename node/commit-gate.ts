/**
 * Owns the moment between an application's Commit and the durable batch: the application then shows a state that is not
 * yet on the disk, and its check state is reset while the mempool still has to be brought up to it. What comes from
 * outside in that moment (queries, new transactions) waits here, so that nothing is reported before it is durable and
 * no transaction is checked against half of two states. CometBFT holds its mempool lock over the same moment.
 * Does not own the commit (node/engine) nor what waits.
 */

import type { Application } from "./ports.ts";

/** Open, except between Commit and the durable block. */
export class CommitGate {
  private waiting: (() => void)[] = [];
  private closed = false;

  /** Whether nothing has to wait. */
  get isOpen(): boolean {
    return !this.closed;
  }

  /** Resolves at once when open, otherwise as soon as it opens, in the order of calls. */
  async pass(): Promise<void> {
    while (this.closed) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }

  /** Calls `action` when the gate opens next. */
  onceOpen(action: () => void): void {
    if (this.closed) this.waiting.push(action);
    else action();
  }
}

/** The application as the engine is given it: its Commit closes the gate, which whoever hears of the block opens. */
export function closingAtCommit(application: Application, gate: CommitGate): Application {
  return {
    info: (request) => application.info(request),
    query: (request) => application.query(request),
    checkTx: (request, facts) => application.checkTx(request, facts),
    initChain: (request, text) => application.initChain(request, text),
    prepareProposal: (request) => application.prepareProposal(request),
    processProposal: (request) => application.processProposal(request),
    extendVote: (request) => application.extendVote(request),
    verifyVoteExtension: (request) => application.verifyVoteExtension(request),
    finalizeBlock: (request, facts) => application.finalizeBlock(request, facts),
    commit: () => {
      gate.close();
      return application.commit();
    },
    listSnapshots: (request) => application.listSnapshots(request),
    offerSnapshot: (request) => application.offerSnapshot(request),
    loadSnapshotChunk: (request) => application.loadSnapshotChunk(request),
    applySnapshotChunk: (request) => application.applySnapshotChunk(request),
  };
}
