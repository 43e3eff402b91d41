/**
 * Owns measuring how long each ABCI method takes. Does not own the application.
 */

import type { Application } from "../ports.ts";

/** The application, with `took` told of every call's name (as ABCI spells it) and milliseconds. */
export function timedApplication(application: Application, took: (method: string, ms: number) => void): Application {
  const timed = <Request extends readonly unknown[], Response>(
    name: string,
    call: (...request: Request) => Response,
  ): ((...request: Request) => Response) => {
    return (...request) => {
      const start = performance.now();
      try {
        return call(...request);
      } finally {
        took(name, performance.now() - start);
      }
    };
  };
  return {
    info: timed("info", (request) => application.info(request)),
    query: timed("query", (request) => application.query(request)),
    checkTx: timed("check_tx", (request, facts) => application.checkTx(request, facts)),
    initChain: timed("init_chain", (request, text) => application.initChain(request, text)),
    prepareProposal: timed("prepare_proposal", (request) => application.prepareProposal(request)),
    processProposal: timed("process_proposal", (request) => application.processProposal(request)),
    extendVote: timed("extend_vote", (request) => application.extendVote(request)),
    verifyVoteExtension: timed("verify_vote_extension", (request) => application.verifyVoteExtension(request)),
    finalizeBlock: timed("finalize_block", (request, facts) => application.finalizeBlock(request, facts)),
    commit: timed("commit", () => application.commit()),
    listSnapshots: timed("list_snapshots", (request) => application.listSnapshots(request)),
    offerSnapshot: timed("offer_snapshot", (request) => application.offerSnapshot(request)),
    loadSnapshotChunk: timed("load_snapshot_chunk", (request) => application.loadSnapshotChunk(request)),
    applySnapshotChunk: timed("apply_snapshot_chunk", (request) => application.applySnapshotChunk(request)),
  };
}
