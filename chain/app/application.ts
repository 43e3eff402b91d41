// Transaction steps 4 and 10: checkTx and finalizeBlock.
// Owns: the application behind the ABCI boundary: which state each call sees (committed versions for queries, a branch
// that is reset at each commit for CheckTx, the block's own branch for FinalizeBlock) and when it becomes the committed
// one. Does not own: what happens to one transaction (run-tx.ts), one block (block.ts) or one query (query.ts).

import type { JsonSlice } from "../../proto/json-text.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type ChainFacts, ExecutionContext, GenesisContext, type Read, readContext } from "../module/context.ts";
import { TxError } from "../module/errors.ts";
import { toAbciEvents } from "../module/events.ts";
import type { GenesisPieces } from "../module/genesis-part.ts";
import { createRouter, type Router } from "../module/router.ts";
import type { MultiBranch } from "../store/branch.ts";
import { infiniteGasMeter } from "../store/gas.ts";
import type { Staged } from "../store/multistore.ts";
import type { RecordSource } from "../store/ports.ts";
import type { AddressCodec } from "../types/address.ts";
import type { Verifier } from "../types/crypto.ts";
import type { DecCoin } from "../types/dec-coin.ts";
import { type Hasher, sha256 } from "../types/hash.ts";
import type { Application, CommitResult, InitChainResult, SignatureFacts } from "./abci.ts";
import type { AntePorts } from "./ante.ts";
import { brokenInvariants, type ModuleOrder, type ModuleSet, orderModules } from "./app-modules.ts";
import { executeBlock } from "./block.ts";
import { type CommittedOptions, CommittedState, type SnapshotState } from "./committed.ts";
import { type SignatureJob, SignatureMemory } from "./facts.ts";
import {
  type AppState,
  appStateOf,
  checkValidators,
  copyChanges,
  exportGenesis,
  exportPieces,
  factsOfGenesis,
  initGenesis,
} from "./genesis.ts";
import { GENESIS_PIECE_CHANGES } from "./limits.ts";
import type { NodeQuery, SnapshotArchive } from "./ports.ts";
import { isAcceptable, selectTxs } from "./proposal.ts";
import { answerQuery, type QueryParts } from "./query.ts";
import type { BugReporter, TxOutcome } from "./results.ts";
import { retainHeight } from "./retention.ts";
import { runTx, type TxRunnerParts } from "./run-tx.ts";
import { signatureJobs } from "./signature-jobs.ts";
import type { Tx } from "./tx.ts";
import { TxCache } from "./tx-cache.ts";
import { type TxTerms, termsOf } from "./tx-terms.ts";
import { ValidatorHistory } from "./validator-history.ts";

/** What an operator or a test decides. */
export interface ApplicationOptions extends CommittedOptions {
  /** Reported by Info and `/app/version`. */
  readonly version: string;
  /** Asked of a transaction before it enters this node's mempool; empty asks nothing. */
  readonly minGasPrices?: readonly DecCoin[];
  /** Blocks kept at least, the latest included; 0 keeps all. Commit tells the engine, which keeps more for evidence. */
  readonly minRetainBlocks?: bigint;
}

/** The modules, wired together. */
export interface ApplicationModules extends ModuleSet {
  readonly ports: AntePorts;
  /** The account addresses that a genesis names, as text; they decide the bech32 prefix. */
  readonly genesisAddresses: (appState: AppState) => Iterable<string>;
}

/** What the application is given from outside. */
export interface ApplicationDependencies {
  readonly modules: ApplicationModules;
  /** The node's records, read synchronously. */
  readonly records: RecordSource;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** The snapshots on the node's disk; a node that keeps none leaves it out. */
  readonly snapshots?: SnapshotArchive;
  /** gRPC services the node answers itself. */
  readonly nodeQueries?: readonly NodeQuery[];
  /** Told of every throw that is a bug. */
  readonly report: BugReporter;
}

/** Something is wrong with the order of ABCI calls: the engine and the application disagree about where they are. */
export class ApplicationError extends Error {
  override readonly name = "ApplicationError";
}

/** What FinalizeBlock prepared and Commit will make visible. */
interface Finalized {
  readonly staged: Staged;
  readonly facts: ChainFacts;
}

/** Loads the committed state and gives the application over it. */
export function createApplication(
  options: ApplicationOptions,
  dependencies: ApplicationDependencies,
): ChainApplication {
  return new ChainApplication(options, dependencies);
}

/** The application. Beside ABCI it offers what the node needs of it directly. */
export class ChainApplication implements Application {
  /** Routes by message and query, for services that are derived from them. */
  readonly router: Router;
  readonly #options: ApplicationOptions;
  readonly #dependencies: ApplicationDependencies;
  readonly #order: ModuleOrder;
  readonly #runner: TxRunnerParts;
  readonly #queries: QueryParts;
  readonly #committed: CommittedState;
  readonly #validators = new ValidatorHistory();
  /** The genesis state, until the first block is committed over it; its facts carry the initial height. */
  #genesis: { readonly branch: MultiBranch; readonly facts: ChainFacts } | undefined;
  #check: ExecutionContext | undefined;
  #finalized: Finalized | undefined;

  constructor(options: ApplicationOptions, dependencies: ApplicationDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#order = orderModules(dependencies.modules);
    this.router = createRouter(this.#order.modules);
    this.#runner = {
      router: this.router,
      ports: dependencies.modules.ports,
      txs: new TxCache(dependencies.hasher),
      signatures: new SignatureMemory(dependencies),
      minGasPrices: options.minGasPrices ?? [],
      report: dependencies.report,
    };
    this.#committed = new CommittedState(options, { ...dependencies, order: this.#order });
    this.#queries = {
      router: this.router,
      nodeQueries: new Map((dependencies.nodeQueries ?? []).map((query) => [query.path, query])),
      version: options.version,
      lastHeight: () => this.#committed.height,
      viewAt: (height) => this.#committed.viewAt(height),
      storeValue: (store, key, height, prove) => this.#committed.valueAt(store, key, height, prove),
      simulate: (tx) => this.simulate(tx),
      report: dependencies.report,
    };
  }

  /** The height of the last commit, 0 before the first. */
  get lastHeight(): bigint {
    return this.#committed.height;
  }

  /** The chain's address codec; before InitChain the default prefix's. */
  get addresses(): AddressCodec {
    return this.#facts.addresses;
  }

  info(_request: Messages["tendermint.abci.RequestInfo"]): Messages["tendermint.abci.ResponseInfo"] {
    return {
      data: "tributary",
      version: this.#options.version,
      appVersion: this.#facts.consensusParams.version?.app ?? 0n,
      lastBlockHeight: this.#committed.height,
      lastBlockAppHash: this.#committed.height === 0n ? new Uint8Array() : this.#committed.appHash,
    };
  }

  query(request: Messages["tendermint.abci.RequestQuery"]): Messages["tendermint.abci.ResponseQuery"] {
    return answerQuery(this.#queries, request);
  }

  /** Throws GenesisError when the genesis cannot be used; nothing has been written then. */
  initChain(request: Messages["tendermint.abci.RequestInitChain"], appStateText?: JsonSlice): InitChainResult {
    if (this.#committed.height !== 0n) throw new ApplicationError("InitChain on a chain that has blocks");
    const initialHeight = request.initialHeight > 0n ? request.initialHeight : 1n;
    const pause = (): void => {
      if (branch.size >= GENESIS_PIECE_CHANGES) this.#committed.seed(branch);
    };
    const appState = appStateOf(appStateText ?? request.appStateBytes, pause);
    const facts = factsOfGenesis(request, this.#dependencies.modules.genesisAddresses(appState));
    this.#committed.begin(initialHeight);
    this.#validators.reset();
    const branch = this.#committed.branch();
    const ctx = new GenesisContext(branch, infiniteGasMeter(), facts, (parent, tx) =>
      this.#deliverGenesisTx(parent, tx),
    );
    const { validators, notices } = initGenesis(this.#order, ctx, appState, initialHeight, pause);
    checkValidators(request.validators, validators);
    this.#genesis = { branch, facts: { ...facts, height: initialHeight } };
    this.#finalized = undefined;
    this.#resetCheck();
    return {
      consensusParams: facts.consensusParams,
      validators: [...validators],
      // The hash of no stores at all: the first header's app hash, as the SDK gives it.
      appHash: sha256(new Uint8Array()),
      notices,
    };
  }

  checkTx(
    request: Messages["tendermint.abci.RequestCheckTx"],
    facts?: SignatureFacts,
  ): Messages["tendermint.abci.ResponseCheckTx"] {
    const mode = request.type === 1 ? "recheck" : "check";
    const outcome = runTx(this.#runner, request.tx, { mode, parent: this.#checkContext(), facts });
    return {
      code: outcome.error?.code ?? 0,
      data: outcome.data,
      log: outcome.error?.log ?? "",
      info: "",
      gasWanted: outcome.gasWanted,
      gasUsed: outcome.gasUsed,
      events: toAbciEvents(outcome.events),
      codespace: outcome.error?.codespace ?? "",
    };
  }

  /** Runs a transaction over the CheckTx state without signatures and without keeping anything. */
  simulate(tx: Uint8Array): TxOutcome {
    return runTx(this.#runner, tx, { mode: "simulate", parent: this.#checkContext().child() });
  }

  /**
   * The signatures of a transaction that CheckTx would verify now, so that a worker can do it first and hand the good
   * ones back as facts. Empty for a transaction that cannot be read.
   */
  signatureJobs(tx: Uint8Array): readonly SignatureJob[] {
    const decoded = this.#readTx(tx);
    if (decoded === undefined) return [];
    return signatureJobs(this.#dependencies.modules.ports.accounts, this.#checkContext(), decoded);
  }

  /** What a mempool goes by; `undefined` for a transaction that cannot be read. */
  txTerms(tx: Uint8Array): TxTerms | undefined {
    const decoded = this.#readTx(tx);
    return decoded && termsOf(decoded);
  }

  prepareProposal(
    request: Messages["tendermint.abci.RequestPrepareProposal"],
  ): Messages["tendermint.abci.ResponsePrepareProposal"] {
    return { txs: selectTxs(request, this.#blockLimits(), (tx) => this.#readTx(tx)) };
  }

  processProposal(
    request: Messages["tendermint.abci.RequestProcessProposal"],
  ): Messages["tendermint.abci.ResponseProcessProposal"] {
    return { status: isAcceptable(request.txs, this.#blockLimits(), (tx) => this.#readTx(tx)) ? ACCEPT : REJECT };
  }

  extendVote(_request: Messages["tendermint.abci.RequestExtendVote"]): Messages["tendermint.abci.ResponseExtendVote"] {
    return { voteExtension: new Uint8Array() };
  }

  verifyVoteExtension(
    request: Messages["tendermint.abci.RequestVerifyVoteExtension"],
  ): Messages["tendermint.abci.ResponseVerifyVoteExtension"] {
    // This application extends no votes, so the only extension it accepts is the empty one.
    return { status: request.voteExtension.length === 0 ? ACCEPT : REJECT };
  }

  finalizeBlock(
    request: Messages["tendermint.abci.RequestFinalizeBlock"],
    signatureFacts?: SignatureFacts,
  ): Messages["tendermint.abci.ResponseFinalizeBlock"] {
    this.#checkHeight(request.height);
    if (request.time === undefined) throw new ApplicationError(`block ${request.height} has no time`);
    const branch = this.#committed.branch();
    // The genesis and the first block are one version: the block runs over a copy, so that it could be run again.
    if (this.#genesis !== undefined) copyChanges(this.#genesis.branch, branch);
    const facts = { ...this.#facts, height: request.height, time: request.time };
    const lastAppHash = this.#committed.appHash;
    const parts = { order: this.#order, runner: this.#runner, validators: this.#validators, lastAppHash };
    const outcome = executeBlock(parts, branch, facts, request, signatureFacts);
    const staged = this.#committed.stage(branch);
    if (staged.version !== request.height) {
      throw new ApplicationError(`staged version ${staged.version} for block ${request.height}`);
    }
    const consensusParams = outcome.consensusParamUpdates ?? facts.consensusParams;
    this.#finalized = { staged, facts: { ...facts, consensusParams } };
    return { ...outcome, appHash: staged.appHash };
  }

  commit(): CommitResult {
    const finalized = this.#finalized;
    if (finalized === undefined) throw new ApplicationError("Commit without FinalizeBlock");
    this.#committed.commit(finalized.staged, finalized.facts);
    this.#genesis = undefined;
    this.#finalized = undefined;
    this.#resetCheck();
    return {
      retainHeight: retainHeight(
        finalized.facts,
        this.#options.minRetainBlocks ?? 0n,
        this.#dependencies.snapshots?.list() ?? [],
      ),
      writes: finalized.staged.writes,
      ...(finalized.staged.before === undefined ? {} : { before: finalized.staged.before }),
    };
  }

  /** The snapshots the node has on its disk. */
  listSnapshots(
    _request: Messages["tendermint.abci.RequestListSnapshots"],
  ): Messages["tendermint.abci.ResponseListSnapshots"] {
    return { snapshots: [...(this.#dependencies.snapshots?.list() ?? [])] };
  }

  /** Refused: the node restores a snapshot before it loads this application, which then is over that state from the start. */
  offerSnapshot(
    _request: Messages["tendermint.abci.RequestOfferSnapshot"],
  ): Messages["tendermint.abci.ResponseOfferSnapshot"] {
    return { result: SNAPSHOT_ABORT };
  }

  /** Empty for a chunk the node does not have. */
  loadSnapshotChunk(
    request: Messages["tendermint.abci.RequestLoadSnapshotChunk"],
  ): Messages["tendermint.abci.ResponseLoadSnapshotChunk"] {
    const { height, format, chunk } = request;
    return { chunk: this.#dependencies.snapshots?.chunk(height, format, chunk) ?? new Uint8Array() };
  }

  /** Refused, as `offerSnapshot`. */
  applySnapshotChunk(
    _request: Messages["tendermint.abci.RequestApplySnapshotChunk"],
  ): Messages["tendermint.abci.ResponseApplySnapshotChunk"] {
    return { result: SNAPSHOT_ABORT, refetchChunks: [], rejectSenders: [] };
  }

  /** The committed state itself: streamed into snapshots and built from them. */
  get snapshotState(): SnapshotState {
    return this.#committed;
  }

  /** Checks every module's invariants over the last commit. One sentence for each that does not hold. */
  brokenInvariants(): string[] {
    return this.#committed.height === 0n ? [] : brokenInvariants(this.#order.modules, this.#lastCommit());
  }

  /** The genesis that would start a chain from the last commit's state, module by module. */
  exportGenesis(): { readonly [module: string]: unknown } {
    return exportGenesis(this.#order, this.#lastCommit());
  }

  /** The same in pieces, of which each module's are to be taken before the next one's. */
  exportGenesisPieces(): Iterable<readonly [module: string, pieces: GenesisPieces]> {
    return exportPieces(this.#order, this.#lastCommit());
  }

  #lastCommit(): Read {
    const { view, facts } = this.#committed.viewAt(this.#committed.height);
    return readContext(view, infiniteGasMeter(), facts);
  }

  /** Facts of the last block, or of the genesis before the first. */
  get #facts(): ChainFacts {
    return this.#genesis?.facts ?? this.#committed.facts;
  }

  #checkContext(): ExecutionContext {
    if (this.#check === undefined) this.#resetCheck();
    return this.#check as ExecutionContext;
  }

  /** CheckTx starts again from what is committed; the mempool then rechecks what it holds. */
  #resetCheck(): void {
    const branch = this.#genesis === undefined ? this.#committed.branch() : this.#genesis.branch.branch();
    this.#check = new ExecutionContext(branch, infiniteGasMeter(), this.#facts);
  }

  /** The transaction, or `undefined` when it cannot be read, be it by a bug: another's proposal must not stop this node. */
  #readTx(tx: Uint8Array): Tx | undefined {
    try {
      return this.#runner.txs.decode(tx, this.#facts.addresses);
    } catch (error) {
      if (!(error instanceof TxError)) this.#dependencies.report(error, "decoding");
      return undefined;
    }
  }

  #blockLimits() {
    return { maxGas: this.#facts.consensusParams.block?.maxGas ?? -1n };
  }

  #checkHeight(height: bigint): void {
    const expected = this.#genesis?.facts.height ?? this.#committed.height + 1n;
    if (this.#genesis === undefined && this.#committed.height === 0n) {
      throw new ApplicationError("FinalizeBlock before InitChain");
    }
    if (height !== expected) throw new ApplicationError(`invalid height: ${height}; expected: ${expected}`);
  }

  #deliverGenesisTx(parent: GenesisContext, tx: Uint8Array) {
    const { error } = runTx(this.#runner, tx, { mode: "deliver", parent });
    return { code: error?.code ?? 0, codespace: error?.codespace ?? "", log: error?.log ?? "" };
  }
}

const ACCEPT = 1;
const REJECT = 2;
const SNAPSHOT_ABORT = 2;
