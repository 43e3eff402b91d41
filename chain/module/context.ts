// Owns: what a handler is given. `Read` for queries, `Write` for messages and blocks, `BlockWrite` for begin and end of
// a block, `GenesisWrite` for genesis; and the one implementation of them over a branch of the state.
// Does not own: the branch itself (chain/store/branch.ts) or when it is written (chain/app).
//
// A query's context has no way to write: `Read.kv` gives a `KVRead`, and collections ask for a `StoreWriter` to set.

import type { Messages } from "../../proto/types.gen.ts";
import type { StoreReader, StoreWriter } from "../store/collections.ts";
import type { GasMeter } from "../store/gas.ts";
import type { KVRead, KVWrite } from "../store/kv.ts";
import type { AddressCodec } from "../types/address.ts";
import { type Event, type EventAttribute, EventLog } from "./events.ts";
import { MAX_BRANCH_DEPTH } from "./limits.ts";

export type Timestamp = Messages["google.protobuf.Timestamp"];

/** What every handler may know: facts every node agrees on, nothing of the machine it runs on. */
export interface ChainFacts {
  readonly chainId: string;
  /** The height of the block being executed; in CheckTx and queries, the last one committed. */
  readonly height: bigint;
  /** Block time, as in the header of `height`. */
  readonly time: Timestamp;
  /** Bech32 addresses with this chain's prefixes. */
  readonly addresses: AddressCodec;
  readonly consensusParams: Messages["tendermint.types.ConsensusParams"];
}

/** The context of a query. */
export interface Read extends StoreReader, ChainFacts {}

/** The context of a message. */
export interface Write extends StoreWriter, Read {
  kv(store: string): KVWrite;
  /** Adds an event to the transaction (or the block). Values are plain strings. */
  emit(type: string, attributes: readonly EventAttribute[]): void;
  /**
   * Runs `action` on a branch of its own: if it throws, neither its writes nor its events remain, and the throw goes on. Its gas is this context's,
   * unless it is given a meter of its own.
   */
  attempt<Result>(action: (ctx: Write) => Result, gas?: GasMeter): Result;
  /** Runs `action` on the same branch and gives its events instead of emitting them: for a message inside a message. */
  collect<Result>(action: (ctx: Write) => Result): { readonly result: Result; readonly events: readonly Event[] };
}

/** What FinalizeBlock says about the block besides its transactions. */
export interface BlockFacts {
  readonly hash: Uint8Array;
  /** The app hash in its header: that of the commit before it. */
  readonly appHash: Uint8Array;
  readonly nextValidatorsHash: Uint8Array;
  /** Consensus address, 20 bytes. */
  readonly proposerAddress: Uint8Array;
  /** Who signed the block before this one. */
  readonly lastCommit: Messages["tendermint.abci.CommitInfo"];
  readonly misbehavior: readonly Messages["tendermint.abci.Misbehavior"][];
}

/** The context of beginBlock and endBlock; gas is not counted there. */
export interface BlockWrite extends Write {
  readonly block: BlockFacts;
}

/** What a genesis transaction came to. */
export interface DeliverResult {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

/** The context of a module's genesis. */
export interface GenesisWrite extends Write {
  /** Runs one signed transaction through the normal path (genutil's gentxs). */
  deliverTx(tx: Uint8Array): DeliverResult;
}

/** A power change the engine takes from the application; power 0 removes the validator. */
export type ValidatorUpdate = Messages["tendermint.abci.ValidatorUpdate"];

/** The part of chain/store's branch that a context needs. */
export interface Branch {
  kv(store: string): KVWrite;
  branch(): Branch;
  write(): void;
}

/** The part of chain/store's versioned read view that a query needs. */
export interface ReadView {
  kv(store: string): KVRead;
}

/** The context over a read-only view. */
export function readContext(view: ReadView, gas: GasMeter, facts: ChainFacts): Read {
  return { ...facts, gas, kv: (store) => view.kv(store) };
}

/** The context over a branch. It never writes the branch down to its parent; its maker does. */
export class ExecutionContext implements Write {
  readonly chainId: string;
  readonly height: bigint;
  readonly time: Timestamp;
  readonly addresses: AddressCodec;
  readonly consensusParams: Messages["tendermint.types.ConsensusParams"];
  readonly gas: GasMeter;
  readonly #branch: Branch;
  readonly #facts: ChainFacts;
  readonly #events: EventLog;
  readonly #depth: number;

  constructor(branch: Branch, gas: GasMeter, facts: ChainFacts, depth = 0) {
    this.chainId = facts.chainId;
    this.height = facts.height;
    this.time = facts.time;
    this.addresses = facts.addresses;
    this.consensusParams = facts.consensusParams;
    this.gas = gas;
    this.#branch = branch;
    this.#facts = facts;
    this.#events = new EventLog();
    this.#depth = depth;
  }

  kv(store: string): KVWrite {
    return this.#branch.kv(store);
  }

  emit(type: string, attributes: readonly EventAttribute[]): void {
    this.#events.emit(type, attributes);
  }

  attempt<Result>(action: (ctx: Write) => Result, gas?: GasMeter): Result {
    const child = this.child(gas);
    const result = action(child);
    child.keep(this);
    return result;
  }

  collect<Result>(action: (ctx: Write) => Result): { readonly result: Result; readonly events: readonly Event[] } {
    const own = this.withOwnEvents();
    const result = action(own);
    return { result, events: own.events() };
  }

  /** A context on a branch of this one's branch, sharing its gas meter; `keep` makes its writes this one's. */
  child(gas: GasMeter = this.gas): ExecutionContext {
    if (this.#depth >= MAX_BRANCH_DEPTH) throw new Error(`branches nest deeper than ${MAX_BRANCH_DEPTH}`);
    return new ExecutionContext(this.#branch.branch(), gas, this.#facts, this.#depth + 1);
  }

  /** A context on the same branch and meter with a log of events of its own, for one message of several. */
  withOwnEvents(): ExecutionContext {
    return new ExecutionContext(this.#branch, this.gas, this.#facts, this.#depth);
  }

  /** Writes this context's branch down to its parent's, and its events after the parent's. */
  keep(parent: ExecutionContext): void {
    this.keepWrites();
    parent.#events.append(this.#events.list());
  }

  /** Writes this context's branch down to its parent's; its events stay its own. */
  keepWrites(): void {
    this.#branch.write();
  }

  /** Everything emitted so far, in order. */
  events(): readonly Event[] {
    return this.#events.list();
  }
}

/** The context of beginBlock and endBlock; also of the genesis of a module that an upgrade adds. */
export class BlockContext extends ExecutionContext implements BlockWrite, GenesisWrite {
  readonly block: BlockFacts;
  readonly #blockBranch: Branch;
  readonly #blockChainFacts: ChainFacts;

  constructor(branch: Branch, gas: GasMeter, facts: ChainFacts, block: BlockFacts) {
    super(branch, gas, facts);
    this.block = block;
    this.#blockBranch = branch;
    this.#blockChainFacts = facts;
  }

  deliverTx(): never {
    throw new Error("transactions of a genesis are delivered before the first block");
  }

  /** The same block with an empty log of events: end block's are told apart from begin block's. */
  withOwnBlockEvents(): BlockContext {
    return new BlockContext(this.#blockBranch, this.gas, this.#blockChainFacts, this.block);
  }
}

/** The context of genesis. */
export class GenesisContext extends ExecutionContext implements GenesisWrite {
  readonly #deliver: (ctx: GenesisContext, tx: Uint8Array) => DeliverResult;

  constructor(
    branch: Branch,
    gas: GasMeter,
    facts: ChainFacts,
    deliver: (ctx: GenesisContext, tx: Uint8Array) => DeliverResult,
  ) {
    super(branch, gas, facts);
    this.#deliver = deliver;
  }

  deliverTx(tx: Uint8Array): DeliverResult {
    return this.#deliver(this, tx);
  }
}
