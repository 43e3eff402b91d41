// Owns: the committed state as the application sees it: the multistore with the chain's own facts (chain id, time,
// address prefix, consensus parameters) of every version kept. Does not own: what is in a block (block.ts), the trees
// (chain/store), or CheckTx's branch (application.ts).

import { fullDefault } from "../../proto/codec.ts";
import { type ChainFacts, readContext } from "../module/context.ts";
import { sdkErrors } from "../module/errors.ts";
import type { MultiBranch } from "../store/branch.ts";
import { infiniteGasMeter } from "../store/gas.ts";
import { MultiStore, type ReadView, type Staged, type StateWrite, type StoreHash } from "../store/multistore.ts";
import type { RecordSource } from "../store/ports.ts";
import { storeOf } from "../store/schema.ts";
import { StateExport } from "../store/snapshot-export.ts";
import { StateImport } from "../store/snapshot-import.ts";
import { AddressCodec } from "../types/address.ts";
import type { Hasher } from "../types/hash.ts";
import { ZERO_TIME } from "../types/time.ts";
import type { ModuleOrder } from "./app-modules.ts";
import { DEFAULT_PREFIX } from "./genesis.ts";
import type { ProvenValue, VersionedView } from "./query.ts";
import { chainState, consensusState, upgradeState } from "./state.ts";
import { type EngineFacts, engineFactsOf } from "./validator-history.ts";

/** How much of the state is kept, and in what memory. */
export interface CommittedOptions {
  /** How many versions of the state answer queries, the latest included; at least 1. */
  readonly keepRecent: number;
  /** Bytes of values cached to spare reads from disk. */
  readonly cacheBytes?: number;
  /** Loading refuses when the state's trees take more. */
  readonly memoryBudgetBytes?: number;
}

/** What the committed state is read with. */
export interface CommittedDependencies {
  readonly order: ModuleOrder;
  readonly records: RecordSource;
  readonly hasher: Hasher;
}

/** The records hold a state, but not one of this application. */
export class CommittedStateError extends Error {
  override readonly name = "CommittedStateError";
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

/** What snapshots are made from and restored with. */
export interface SnapshotState {
  /** The stream of a kept height, for a snapshot; that height stays kept until it is released. Throws VersionNotFound. */
  exportAt(height: bigint): StateExport;
  /** What makes records of such a stream, for a data folder of this application. Throws SnapshotError. */
  importAt(height: bigint, initialHeight: bigint): StateImport;
  /** What an engine must know that begins after the last commit; undefined when this state does not say. */
  engineFacts(): EngineFacts | undefined;
  /** The oldest height whose state is kept. */
  readonly oldest: bigint;
  /** The root of every store at a kept height, in byte order of names. Throws VersionNotFound. */
  storeHashesAt(height: bigint): readonly StoreHash[];
  /** Prunes now what the next commit would prune: how many heights, and the records' changes, to be written at once. */
  pruneNow(): { readonly versions: bigint; readonly writes: readonly StateWrite[] };
}

/** The committed versions. */
export class CommittedState implements SnapshotState {
  readonly #options: CommittedOptions;
  readonly #dependencies: CommittedDependencies;
  readonly #storeNames: ReadonlySet<string>;
  #store: MultiStore;
  #facts: ChainFacts;

  constructor(options: CommittedOptions, dependencies: CommittedDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    const own = [chainState, consensusState, upgradeState].map((state) => storeOf(state));
    const ofModules = dependencies.order.modules.flatMap(({ state }) => (state === undefined ? [] : [storeOf(state)]));
    this.#storeNames = new Set([...own, ...ofModules]);
    this.#store = this.#load(undefined);
    const { version } = this.#store;
    this.#facts = version === 0n ? emptyFacts() : factsOf(this.#store.readView(), version);
  }

  /** The height of the last commit, 0 before the first. */
  get height(): bigint {
    return this.#store.version;
  }

  get appHash(): Uint8Array {
    return this.#store.appHash;
  }

  /** Facts of the last commit. */
  get facts(): ChainFacts {
    return this.#facts;
  }

  /** Makes `initialHeight` the version of the first commit. Only before it. */
  begin(initialHeight: bigint): void {
    this.#store = this.#load(initialHeight);
  }

  /** A branch over the last commit, or over nothing before the first. */
  branch(): MultiBranch {
    return this.#store.branch();
  }

  /** Puts the changes of a genesis so far away, and empties the branch, which goes on over them. */
  seed(branch: MultiBranch): void {
    this.#store.seed(branch);
  }

  /** Computes the next version. */
  stage(branch: MultiBranch): Staged {
    return this.#store.stage(branch);
  }

  /** Makes what was staged the last commit. */
  commit(staged: Staged, facts: ChainFacts): void {
    this.#store.commit(staged);
    this.#facts = facts;
  }

  /** The state of a height that is kept. Throws VersionNotFound. */
  viewAt(height: bigint): VersionedView {
    const view = this.#store.readView(height);
    return { view, facts: height === this.#store.version ? this.#facts : factsOf(view, height) };
  }

  /** The value of one key, with its proof if asked. Throws TxError for a store that is not mounted, VersionNotFound. */
  valueAt(store: string, key: Uint8Array, height: bigint, prove: boolean): ProvenValue {
    if (!this.#storeNames.has(store)) throw sdkErrors.unknownRequest.because(`no such store: ${store}`);
    if (!prove) return { value: this.#store.readView(height).kv(store).get(key), proof: undefined };
    const { value, ops } = this.#store.prove(store, key, height);
    return { value, proof: { ops: ops.map(({ type, key: opKey, data }) => ({ type, key: opKey, data })) } };
  }

  engineFacts(): EngineFacts | undefined {
    return engineFactsOf(readContext(this.#store.readView(), infiniteGasMeter(), this.#facts));
  }

  get oldest(): bigint {
    return this.#store.oldestVersion;
  }

  storeHashesAt(height: bigint): readonly StoreHash[] {
    return this.#store.storeHashesAt(height);
  }

  pruneNow(): { readonly versions: bigint; readonly writes: readonly StateWrite[] } {
    const before = this.oldest;
    const writes = this.#store.pruneNow();
    return { versions: this.oldest - before, writes };
  }

  exportAt(height: bigint): StateExport {
    return new StateExport(this.#store, height);
  }

  importAt(height: bigint, initialHeight: bigint): StateImport {
    const { memoryBudgetBytes } = this.#options;
    return new StateImport(
      { stores: [...this.#storeNames], version: height, initialVersion: initialHeight, memoryBudgetBytes },
      this.#dependencies.hasher,
    );
  }

  #load(initialVersion: bigint | undefined): MultiStore {
    const { keepRecent, cacheBytes, memoryBudgetBytes } = this.#options;
    return MultiStore.load(
      {
        stores: [...this.#storeNames],
        upgradeDue: (state) => {
          const { version } = state;
          return this.#dependencies.order.storeUpgrade?.(
            readContext(state, infiniteGasMeter(), factsOf(state, version)),
            version + 1n,
          );
        },
        ...(initialVersion === undefined ? {} : { initialVersion }),
        keepRecent,
        ...(cacheBytes === undefined ? {} : { cacheBytes }),
        ...(memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes }),
      },
      { records: this.#dependencies.records, hasher: this.#dependencies.hasher },
    );
  }
}

function factsOf(view: ReadView, height: bigint): ChainFacts {
  const ctx = readContext(view, infiniteGasMeter(), emptyFacts());
  const time = chainState.blockTime.get(ctx);
  const prefix = chainState.bech32Prefix.get(ctx);
  const chainId = chainState.chainId.get(ctx);
  const consensusParams = consensusState.params.get(ctx);
  if (time === undefined || prefix === undefined || chainId === undefined || consensusParams === undefined) {
    throw new CommittedStateError(`the state of height ${height} lacks the chain's own facts`);
  }
  return { chainId, height, time, consensusParams, addresses: new AddressCodec(prefix) };
}
