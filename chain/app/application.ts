// Steps 4 and 10 of a transaction's way: checkTx and finalizeBlock.
// Owns: the application behind the ABCI boundary: which state each call sees (committed versions for queries, a branch
// that is reset at each commit for CheckTx, the block's own branch for FinalizeBlock) and when it becomes the committed
// one. Does not own: what happens to one transaction (run-tx.ts), one block (block.ts) or one query (query.ts).

import { hex } from "../../proto/bytes.ts";
import { encode, fullDefault } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import {
  type ChainFacts,
  ExecutionContext,
  GenesisContext,
  readContext,
  type ValidatorUpdate,
} from "../module/context.ts";
import { sdkErrors } from "../module/errors.ts";
import { toAbciEvents } from "../module/events.ts";
import { createRouter, type Router } from "../module/router.ts";
import type { MultiBranch } from "../store/branch.ts";
import { infiniteGasMeter } from "../store/gas.ts";
import { MultiStore, type ReadView, type Staged } from "../store/multistore.ts";
import type { RecordSource } from "../store/ports.ts";
import { storeOf } from "../store/schema.ts";
import { AddressCodec } from "../types/address.ts";
import type { Verifier } from "../types/crypto.ts";
import type { DecCoin } from "../types/dec-coin.ts";
import { type Hasher, sha256 } from "../types/hash.ts";
import { ZERO_TIME } from "../types/time.ts";
import type { Application, CommitResult, InitChainResult, SignatureFacts } from "./abci.ts";
import type { AntePorts } from "./ante.ts";
import { type ModuleOrder, type ModuleSet, orderModules } from "./app-modules.ts";
import { executeBlock } from "./block.ts";
import { SignatureMemory } from "./facts.ts";
import { type AppState, DEFAULT_PREFIX, GenesisError, genesisPrefix, initGenesis, parseAppState } from "./genesis.ts";
import type { NodeQuery } from "./ports.ts";
import { isAcceptable, selectTxs } from "./proposal.ts";
import { answerQuery, type QueryParts, type VersionedView } from "./query.ts";
import type { BugReporter, TxOutcome } from "./results.ts";
import { runTx, type TxRunnerParts } from "./run-tx.ts";
import { chainState, consensusState, upgradeState } from "./state.ts";

/** What an operator or a test decides. */
export interface ApplicationOptions {
  /** Reported by Info and `/app/version`. */
  readonly version: string;
  /** Asked of a transaction before it enters this node's mempool; empty asks nothing. */
  readonly minGasPrices?: readonly DecCoin[];
  /** How many versions of the state answer queries, the latest included; at least 1. */
  readonly keepRecent: number;
  /** Blocks kept below the latest; 0 keeps all. Commit tells the engine. */
  readonly minRetainBlocks?: bigint;
  /** Bytes of values cached to spare reads from disk. */
  readonly cacheBytes?: number;
  /** Loading refuses when the state's trees take more. */
  readonly memoryBudgetBytes?: number;
}

/** The modules, wired together. */
export interface ApplicationModules extends ModuleSet {
  readonly ports: AntePorts;
  /** The account addresses that a genesis names, as text; they decide the bech32 prefix. */
  readonly genesisAddresses: (appState: AppState) => readonly string[];
}

/** What the application is given from outside. */
export interface ApplicationDependencies {
  readonly modules: ApplicationModules;
  /** The node's records, read synchronously. */
  readonly records: RecordSource;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
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
  readonly #storeNames: ReadonlySet<string>;
  #store: MultiStore;
  /** Facts of the last block, or of the genesis before the first. */
  #facts: ChainFacts;
  /** The genesis state, until the first block is committed over it. */
  #genesis: { readonly branch: MultiBranch; readonly initialHeight: bigint } | undefined;
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
      signatures: new SignatureMemory(dependencies),
      minGasPrices: options.minGasPrices ?? [],
      report: dependencies.report,
    };
    this.#storeNames = new Set(storeNames(this.#order));
    this.#store = this.#loadStore(undefined);
    this.#facts =
      this.#store.version === 0n ? emptyFacts() : this.#factsAt(this.#store.readView(), this.#store.version);
    this.#queries = {
      router: this.router,
      nodeQueries: new Map((dependencies.nodeQueries ?? []).map((query) => [query.path, query])),
      version: options.version,
      lastHeight: () => this.#store.version,
      viewAt: (height) => this.#viewAt(height),
      storeValue: (store, key, height, prove) => this.#storeValue(store, key, height, prove),
      simulate: (tx) => this.simulate(tx),
      report: dependencies.report,
    };
  }

  /** The height of the last commit, 0 before the first. */
  get lastHeight(): bigint {
    return this.#store.version;
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
      lastBlockHeight: this.#store.version,
      lastBlockAppHash: this.#store.version === 0n ? new Uint8Array() : this.#store.appHash,
    };
  }

  query(request: Messages["tendermint.abci.RequestQuery"]): Messages["tendermint.abci.ResponseQuery"] {
    return answerQuery(this.#queries, request);
  }

  /** Throws GenesisError when the genesis cannot be used; nothing has been written then. */
  initChain(request: Messages["tendermint.abci.RequestInitChain"]): InitChainResult {
    if (this.#store.version !== 0n) throw new ApplicationError("InitChain on a chain that has blocks");
    if (request.consensusParams === undefined) throw new GenesisError("genesis has no consensus parameters");
    if (request.time === undefined) throw new GenesisError("genesis has no time");
    const initialHeight = request.initialHeight > 0n ? request.initialHeight : 1n;
    const appState = parseAppState(request.appStateBytes);
    const addresses = this.#dependencies.modules.genesisAddresses(appState);
    const facts: ChainFacts = {
      chainId: request.chainId,
      // Height 0 is what tells the ante that accounts have no numbers yet.
      height: 0n,
      time: request.time,
      addresses: new AddressCodec(genesisPrefix(addresses)),
      consensusParams: request.consensusParams,
    };
    this.#store = this.#loadStore(initialHeight);
    const branch = this.#store.branch();
    const ctx = new GenesisContext(branch, infiniteGasMeter(), facts, (parent, tx) =>
      this.#deliverGenesisTx(parent, tx),
    );
    const { validators, notices } = initGenesis(this.#order, ctx, appState, initialHeight);
    checkValidators(request.validators, validators);
    this.#facts = { ...facts, height: initialHeight };
    this.#genesis = { branch, initialHeight };
    this.#finalized = undefined;
    this.#resetCheck();
    return {
      consensusParams: request.consensusParams,
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

  prepareProposal(
    request: Messages["tendermint.abci.RequestPrepareProposal"],
  ): Messages["tendermint.abci.ResponsePrepareProposal"] {
    return { txs: selectTxs(request, this.#blockLimits(), this.#facts.addresses) };
  }

  processProposal(
    request: Messages["tendermint.abci.RequestProcessProposal"],
  ): Messages["tendermint.abci.ResponseProcessProposal"] {
    return { status: isAcceptable(request.txs, this.#blockLimits(), this.#facts.addresses) ? ACCEPT : REJECT };
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
    const branch = this.#store.branch();
    // The genesis and the first block are one version: the block runs over a copy, so that it could be run again.
    if (this.#genesis !== undefined) copyChanges(this.#genesis.branch, branch);
    const facts = { ...this.#facts, height: request.height, time: request.time };
    const parts = { order: this.#order, runner: this.#runner };
    const outcome = executeBlock(parts, branch, facts, request, signatureFacts);
    const staged = this.#store.stage(branch);
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
    this.#store.commit(finalized.staged);
    this.#facts = finalized.facts;
    this.#genesis = undefined;
    this.#finalized = undefined;
    this.#resetCheck();
    const keep = this.#options.minRetainBlocks ?? 0n;
    const height = finalized.facts.height;
    return {
      retainHeight: keep > 0n && height > keep ? height - keep + 1n : 0n,
      writes: finalized.staged.writes,
    };
  }

  listSnapshots(
    _request: Messages["tendermint.abci.RequestListSnapshots"],
  ): Messages["tendermint.abci.ResponseListSnapshots"] {
    return { snapshots: [] };
  }

  offerSnapshot(
    _request: Messages["tendermint.abci.RequestOfferSnapshot"],
  ): Messages["tendermint.abci.ResponseOfferSnapshot"] {
    return { result: SNAPSHOT_REJECT };
  }

  loadSnapshotChunk(
    _request: Messages["tendermint.abci.RequestLoadSnapshotChunk"],
  ): Messages["tendermint.abci.ResponseLoadSnapshotChunk"] {
    return { chunk: new Uint8Array() };
  }

  applySnapshotChunk(
    _request: Messages["tendermint.abci.RequestApplySnapshotChunk"],
  ): Messages["tendermint.abci.ResponseApplySnapshotChunk"] {
    return { result: SNAPSHOT_ABORT, refetchChunks: [], rejectSenders: [] };
  }

  /** Checks every module's invariants over the last commit. One sentence for each that does not hold. */
  brokenInvariants(): string[] {
    const height = this.#store.version;
    if (height === 0n) return [];
    const { view, facts } = this.#viewAt(height);
    const broken: string[] = [];
    for (const module of this.#order.modules) {
      for (const [name, invariant] of module.invariants) {
        const flaw = invariant(readContext(view, infiniteGasMeter(), facts));
        if (flaw !== undefined) broken.push(`${module.name}/${name}: ${flaw}`);
      }
    }
    return broken;
  }

  /** The genesis that would start a chain from the last commit's state, module by module. */
  exportGenesis(): { readonly [module: string]: unknown } {
    const { view, facts } = this.#viewAt(this.#store.version);
    const exported: { [module: string]: unknown } = {};
    for (const module of this.#order.genesis) {
      if (module.genesis !== undefined) {
        exported[module.name] = module.genesis.export(readContext(view, infiniteGasMeter(), facts));
      }
    }
    return exported;
  }

  #loadStore(initialVersion: bigint | undefined): MultiStore {
    const { keepRecent, cacheBytes, memoryBudgetBytes } = this.#options;
    return MultiStore.load(
      {
        stores: [...this.#storeNames],
        ...(initialVersion === undefined ? {} : { initialVersion }),
        keepRecent,
        ...(cacheBytes === undefined ? {} : { cacheBytes }),
        ...(memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes }),
      },
      { records: this.#dependencies.records, hasher: this.#dependencies.hasher },
    );
  }

  #factsAt(view: ReadView, height: bigint): ChainFacts {
    const ctx = readContext(view, infiniteGasMeter(), emptyFacts());
    const time = chainState.blockTime.get(ctx);
    const prefix = chainState.bech32Prefix.get(ctx);
    const chainId = chainState.chainId.get(ctx);
    const consensusParams = consensusState.params.get(ctx);
    if (time === undefined || prefix === undefined || chainId === undefined || consensusParams === undefined) {
      throw new ApplicationError(`the state of height ${height} lacks the chain's own facts`);
    }
    return { chainId, height, time, consensusParams, addresses: new AddressCodec(prefix) };
  }

  #viewAt(height: bigint): VersionedView {
    const view = this.#store.readView(height);
    return { view, facts: height === this.#store.version ? this.#facts : this.#factsAt(view, height) };
  }

  #storeValue(store: string, key: Uint8Array, height: bigint, prove: boolean) {
    if (!this.#storeNames.has(store)) throw sdkErrors.unknownRequest.because(`no such store: ${store}`);
    if (!prove) return { value: this.#store.readView(height).kv(store).get(key), proof: undefined };
    const { value, ops } = this.#store.prove(store, key, height);
    return { value, proof: { ops: ops.map(({ type, key: opKey, data }) => ({ type, key: opKey, data })) } };
  }

  #checkContext(): ExecutionContext {
    if (this.#check === undefined) this.#resetCheck();
    return this.#check as ExecutionContext;
  }

  /** CheckTx starts again from what is committed; the mempool then rechecks what it holds. */
  #resetCheck(): void {
    const branch = this.#genesis === undefined ? this.#store.branch() : this.#genesis.branch.branch();
    this.#check = new ExecutionContext(branch, infiniteGasMeter(), this.#facts);
  }

  #blockLimits() {
    return { maxGas: this.#facts.consensusParams.block?.maxGas ?? -1n };
  }

  #checkHeight(height: bigint): void {
    const expected = this.#genesis?.initialHeight ?? this.#store.version + 1n;
    if (this.#genesis === undefined && this.#store.version === 0n) {
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
const SNAPSHOT_REJECT = 3;

/** Every store, the chain's own first. */
function storeNames(order: ModuleOrder): string[] {
  const names = [chainState, consensusState, upgradeState].map((state) => storeOf(state));
  for (const { state } of order.modules) if (state !== undefined) names.push(storeOf(state));
  return names;
}

function copyChanges(from: MultiBranch, to: MultiBranch): void {
  for (const [store, changes] of from.changes()) {
    const target = to.kv(store);
    for (const { key, value } of changes) {
      if (value !== undefined) target.set(key, value);
    }
  }
}

/** When the genesis file names validators itself, the modules must come to the same ones (baseapp InitChain). */
function checkValidators(named: readonly ValidatorUpdate[], computed: readonly ValidatorUpdate[]): void {
  if (named.length === 0) return;
  const texts = (updates: readonly ValidatorUpdate[]): string[] =>
    updates
      .map((update) => hex(encode("tendermint.abci.ValidatorUpdate", update)))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (named.length !== computed.length) {
    throw new GenesisError(`genesis names ${named.length} validators, but its modules come to ${computed.length}`);
  }
  if (texts(named).join() !== texts(computed).join()) {
    throw new GenesisError("genesis names other validators than its modules come to");
  }
}

/** What is known before there is a chain. */
function emptyFacts(): ChainFacts {
  return {
    chainId: "",
    height: 0n,
    time: ZERO_TIME,
    addresses: new AddressCodec(DEFAULT_PREFIX),
    consensusParams: fullDefault("tendermint.types.ConsensusParams"),
  };
}
