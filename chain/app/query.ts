// Owns: ABCI Query: which path is answered by what, at which height, and how failures look (baseapp/abci.go Query).
// Paths: every gRPC method of the modules and of the node, `/store/<name>/key` with proofs, `/app/simulate`,
// `/app/version`. Does not own: the answers themselves; `/p2p/...` is the node's.

import { utf8 } from "../../proto/bytes.ts";
import { DecodeError, decode, encode } from "../../proto/codec.ts";
import { toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type ChainFacts, type ReadView, readContext } from "../module/context.ts";
import { GrpcError, sdkErrors, TxError } from "../module/errors.ts";
import { toAbciEvents } from "../module/events.ts";
import type { Router } from "../module/router.ts";
import { gasMeter, infiniteGasMeter } from "../store/gas.ts";
import { PageError } from "../store/pagination.ts";
import { hasBegun } from "./app-modules.ts";
import { MAX_QUERY_GAS, MAX_QUERY_PATH_BYTES } from "./limits.ts";
import type { NodeQuery } from "./ports.ts";
import { type BugReporter, queryErrorOf, type TxOutcome } from "./results.ts";

type Request = Messages["tendermint.abci.RequestQuery"];
type Response = Messages["tendermint.abci.ResponseQuery"];

/** A committed version of the state, with the facts of its block. */
export interface VersionedView {
  readonly view: ReadView;
  readonly facts: ChainFacts;
}

/** The value of a key with its proof operators, as the multistore gives them. */
export interface ProvenValue {
  readonly value: Uint8Array | undefined;
  readonly proof: Messages["tendermint.crypto.ProofOps"] | undefined;
}

/** What answering queries needs. */
export interface QueryParts {
  readonly router: Router;
  readonly nodeQueries: ReadonlyMap<string, NodeQuery>;
  readonly version: string;
  /** The height of the last commit, 0 before the first. */
  readonly lastHeight: () => bigint;
  /** Throws with the SDK's text ("version does not exist") for a height that is not kept. */
  readonly viewAt: (height: bigint) => VersionedView;
  /** Throws TxError for a store that is not mounted, any Error for a version that is not kept. */
  readonly storeValue: (store: string, key: Uint8Array, height: bigint, prove: boolean) => ProvenValue;
  readonly simulate: (tx: Uint8Array) => TxOutcome;
  readonly report: BugReporter;
}

const SIMULATE_PATH = "/cosmos.tx.v1beta1.Service/Simulate";
const EMPTY = new Uint8Array();

/** Answers one query. Never throws: failures are in the response's code. */
export function answerQuery(parts: QueryParts, request: Request): Response {
  try {
    if (request.path.length > MAX_QUERY_PATH_BYTES) throw sdkErrors.unknownRequest.because("query path is too long");
    return route(parts, request);
  } catch (error) {
    if (error instanceof TxError) return refusal(error, request.height);
    return refusal(queryErrorOf(error, parts.report), request.height);
  }
}

function route(parts: QueryParts, request: Request): Response {
  const { path } = request;
  const query = parts.router.query(path);
  if (query !== undefined) {
    const { view, facts } = versionedView(parts, request.height, request.prove);
    if (!hasBegun(query.module, readContext(view, infiniteGasMeter(), facts))) {
      throw sdkErrors.notFound.because(`module ${query.module} begins after height ${facts.height}`);
    }
    const ctx = readContext(view, gasMeter(MAX_QUERY_GAS), facts);
    return grpc(parts, () => answer(query.handle(ctx, request.data), facts.height));
  }
  if (path === SIMULATE_PATH)
    return grpc(parts, () => answer(simulateService(parts, request.data), parts.lastHeight()));
  const nodeQuery = parts.nodeQueries.get(path);
  if (nodeQuery !== undefined) {
    return grpc(parts, () =>
      answer(nodeQuery.handle(request.data, request.height), resolveHeight(parts, request.height)),
    );
  }
  const words = path.split("/").filter((word) => word !== "");
  switch (words[0]) {
    case undefined:
      throw sdkErrors.unknownRequest.because("no query path provided");
    case "app":
      return appQuery(parts, words[1], request);
    case "store":
      return storeQuery(parts, words, request);
    case "p2p":
      return answer(EMPTY, parts.lastHeight());
    default:
      throw sdkErrors.unknownRequest.because("unknown query path");
  }
}

/** Runs a gRPC handler; its failures are mapped as baseapp maps gRPC statuses. */
function grpc(parts: QueryParts, handle: () => Response): Response {
  try {
    return handle();
  } catch (error) {
    if (error instanceof PageError || error instanceof DecodeError) {
      throw queryErrorOf(new GrpcError("InvalidArgument", error.message), parts.report);
    }
    throw queryErrorOf(error, parts.report);
  }
}

function resolveHeight(parts: QueryParts, height: bigint): bigint {
  return height === 0n ? parts.lastHeight() : height;
}

/** CreateQueryContext: the view of a committed height, or the SDK's reason why there is none. */
function versionedView(parts: QueryParts, asked: bigint, prove: boolean): VersionedView {
  if (asked < 0n) {
    throw sdkErrors.invalidRequest.because("cannot query with height < 0; please provide a valid height");
  }
  const last = parts.lastHeight();
  if (last === 0n) throw sdkErrors.invalidHeight.because("tributaryd is not ready; please wait for first block");
  if (asked > last) {
    throw sdkErrors.invalidHeight.because("cannot query with height in the future; please provide a valid height");
  }
  const height = asked === 0n ? last : asked;
  if (height <= 1n && prove) {
    throw sdkErrors.invalidRequest.because("cannot query with proof when height <= 1; please provide a valid height");
  }
  return atVersion(height, last, () => parts.viewAt(height));
}

function atVersion<Result>(height: bigint, last: bigint, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof TxError) throw error;
    throw sdkErrors.notFound.because(
      `failed to load state at height ${height}; ${(error as Error).message} (latest height: ${last})`,
    );
  }
}

function simulateService(parts: QueryParts, data: Uint8Array): Uint8Array {
  const { tx, txBytes } = decode("cosmos.tx.v1beta1.SimulateRequest", data);
  const bytes = txBytes.length > 0 || tx === undefined ? txBytes : encode("cosmos.tx.v1beta1.Tx", tx);
  if (bytes.length === 0) {
    throw new GrpcError("InvalidArgument", "empty txBytes is not allowed");
  }
  const outcome = parts.simulate(bytes);
  if (outcome.error !== undefined) {
    throw new GrpcError("Unknown", `${outcome.error.log} with gas used: '${outcome.gasUsed}'`);
  }
  return encode("cosmos.tx.v1beta1.SimulateResponse", simulation(outcome));
}

function simulation(outcome: TxOutcome) {
  return {
    gasInfo: { gasWanted: outcome.gasWanted, gasUsed: outcome.gasUsed },
    result: {
      data: outcome.data,
      log: "",
      // What did not happen is not indexed.
      events: toAbciEvents(outcome.events, false),
      msgResponses: outcome.responses.map(({ typeUrl, value }) => ({ typeUrl, value })),
    },
  };
}

function appQuery(parts: QueryParts, word: string | undefined, request: Request): Response {
  if (word === "version") return answer(utf8(parts.version), request.height);
  if (word !== "simulate") throw sdkErrors.unknownRequest.because(`unknown query: ${word ?? ""}`);
  const outcome = parts.simulate(request.data);
  if (outcome.error !== undefined) throw outcome.error.wrap("failed to simulate tx");
  const name = "cosmos.base.abci.v1beta1.SimulationResponse";
  const response = decode(name, encode(name, simulation(outcome)));
  return answer(utf8(JSON.stringify(toJson(name, response))), request.height);
}

function storeQuery(parts: QueryParts, words: readonly string[], request: Request): Response {
  const [, store, subpath] = words;
  if (store === undefined || words.length !== 3)
    throw sdkErrors.unknownRequest.because(`invalid path: ${request.path}`);
  if (subpath !== "key") throw sdkErrors.unknownRequest.because(`unexpected query path: /${subpath ?? ""}`);
  if (request.data.length === 0) throw sdkErrors.txDecode.because("query cannot be zero length");
  const last = parts.lastHeight();
  const height = request.height === 0n ? last : request.height;
  if (height < 0n) {
    throw sdkErrors.invalidRequest.because("cannot query with height < 0; please provide a valid height");
  }
  if (height > last) {
    throw sdkErrors.invalidHeight.because("cannot query with height in the future; please provide a valid height");
  }
  if (height <= 1n && request.prove) {
    throw sdkErrors.invalidRequest.because("cannot query with proof when height <= 1; please provide a valid height");
  }
  const { value, proof } = atVersion(height, last, () => parts.storeValue(store, request.data, height, request.prove));
  return { ...answer(value ?? EMPTY, height), key: request.data, proofOps: proof };
}

function answer(value: Uint8Array, height: bigint): Response {
  return {
    code: 0,
    log: "",
    info: "",
    index: 0n,
    key: EMPTY,
    value,
    proofOps: undefined,
    height,
    codespace: "",
  };
}

function refusal(error: TxError, height: bigint): Response {
  return { ...answer(EMPTY, height), code: error.code, codespace: error.codespace, log: error.log };
}
