// Owns: the boundary between an engine and an application: ABCI 2.0 (CometBFT 0.38) as a synchronous interface over the
// generated request and response types. Any engine can drive any implementation (the kvstore under test/ is another one).
// Does not own: an implementation (application.ts), nor sockets (node/).

import type { JsonSlice } from "../../proto/json-text.ts";
import type { Messages } from "../../proto/types.gen.ts";

/** One write of a committed block, its key already in the node's own key space; `undefined` deletes. */
export interface StateWrite {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Signatures verified outside the core (by workers), each named by `signatureFact` of chain/app/facts.ts. A fact is
 * only ever a shortcut: the core verifies what is not named here, so results never depend on it.
 */
export type SignatureFacts = ReadonlySet<string>;

/** What Commit leaves to the engine. */
export interface CommitResult {
  /** Blocks below this height may be pruned; 0 keeps all. */
  readonly retainHeight: bigint;
  /** Must be durable (in one batch with the block) before the commit is reported to anyone. */
  readonly writes: readonly StateWrite[];
  /** Of a very large genesis: to be durable before `writes`, in as many batches as need be; nothing by itself. */
  readonly before?: Iterable<StateWrite>;
}

type Request<Name extends string> = Messages[`tendermint.abci.Request${Name}` & keyof Messages];
type Response<Name extends string> = Messages[`tendermint.abci.Response${Name}` & keyof Messages];

/** InitChain's response, with what a person should be told about the genesis. */
export type InitChainResult = Response<"InitChain"> & {
  /** One sentence each, for example module state that this application does not know and leaves out. */
  readonly notices: readonly string[];
};

/**
 * An ABCI 2.0 application. Calls are synchronous and follow the order of ABCI's specification: InitChain once, then per
 * height any PrepareProposal/ProcessProposal, FinalizeBlock, Commit. Query, CheckTx and Info may come between any two.
 * A throw from FinalizeBlock or Commit means the node must stop; the other calls answer with codes instead.
 */
export interface Application {
  info(request: Request<"Info">): Response<"Info">;
  query(request: Request<"Query">): Response<"Query">;
  checkTx(request: Request<"CheckTx">, facts?: SignatureFacts): Response<"CheckTx">;
  /** `appStateText` stands for the request's bytes where they are too many to hold. */
  initChain(request: Request<"InitChain">, appStateText?: JsonSlice): InitChainResult;
  prepareProposal(request: Request<"PrepareProposal">): Response<"PrepareProposal">;
  processProposal(request: Request<"ProcessProposal">): Response<"ProcessProposal">;
  extendVote(request: Request<"ExtendVote">): Response<"ExtendVote">;
  verifyVoteExtension(request: Request<"VerifyVoteExtension">): Response<"VerifyVoteExtension">;
  finalizeBlock(request: Request<"FinalizeBlock">, facts?: SignatureFacts): Response<"FinalizeBlock">;
  /** Makes the finalised state the one that Query and CheckTx see, and hands out its writes. */
  commit(): CommitResult;
  listSnapshots(request: Request<"ListSnapshots">): Response<"ListSnapshots">;
  offerSnapshot(request: Request<"OfferSnapshot">): Response<"OfferSnapshot">;
  loadSnapshotChunk(request: Request<"LoadSnapshotChunk">): Response<"LoadSnapshotChunk">;
  applySnapshotChunk(request: Request<"ApplySnapshotChunk">): Response<"ApplySnapshotChunk">;
}
