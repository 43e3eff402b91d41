// The ports of the node: what the engine asks of its surroundings, and what it tells them.
// Owns the interfaces only. Implementations live in node/storage, node/mempool, node/p2p, node/engine and, for the
// simulated world, in test/sim; node/main.ts joins them. The engine imports no implementation, so the very same
// driver runs on a disk and a socket and inside a simulator.

import type { Application, StateWrite } from "../chain/app/abci.ts";
import type { Certificate } from "../chain/consensus/certificate.ts";
import type { RoundSummary, RoundVotes } from "../chain/consensus/repair.ts";
import type { ChainState } from "../chain/types/chain-state.ts";
import type { Messages } from "../proto/types.gen.ts";

export type { Application, Certificate, ChainState, RoundSummary, RoundVotes, StateWrite };

export type Timestamp = Messages["google.protobuf.Timestamp"];
export type BlockId = Messages["tendermint.types.BlockID"];
export type Block = Messages["tendermint.types.Block"];
export type Part = Messages["tendermint.types.Part"];
export type Commit = Messages["tendermint.types.Commit"];
export type ExtendedCommit = Messages["tendermint.types.ExtendedCommit"];
export type Vote = Messages["tendermint.types.Vote"];
export type Proposal = Messages["tendermint.types.Proposal"];
export type EvidenceMessage = Messages["tendermint.types.Evidence"];
export type FinalizeBlockResponse = Messages["tendermint.abci.ResponseFinalizeBlock"];

// ---------------------------------------------------------------- time

/** The two clocks a node has. Wall time goes into votes and blocks; monotonic time measures and schedules. */
export interface Clock {
  /** Wall-clock time, UTC. */
  now(): Timestamp;
  /** Milliseconds since an arbitrary origin; never goes back. */
  monotonicMs(): number;
}

/** One-shot timers. */
export interface Timers {
  /** Calls `callback` once, not before `delayMs` have passed. Returns the cancellation; cancelling twice is harmless. */
  schedule(delayMs: number, callback: () => void): () => void;
}

// ---------------------------------------------------------------- disk

/** An open file that only grows, or is cut. Every call throws on failure, and a failure is final for the process. */
export interface AppendFile {
  /** Bytes in the file, written but perhaps not yet durable. */
  readonly size: number;
  append(bytes: Uint8Array): void;
  /** fsync, not fdatasync: some kernels lose the file's size with the latter. */
  sync(): void;
  truncate(size: number): void;
  close(): void;
}

/** The few file operations of the write-ahead log and the sign journal, synchronous on purpose: order is safety. */
export interface FileSystem {
  /** The whole file, or undefined when there is none. Any other failure throws. */
  readFile(path: string): Uint8Array | undefined;
  /** Names (not paths) in a directory, in ascending byte order; empty when there is none. */
  list(path: string): readonly string[];
  /** Creates the directory and its parents with mode 0700; one that exists is left alone. */
  makeDirectory(path: string): void;
  /** Opens for appending, creating the file with `mode` when absent. */
  openAppend(path: string, mode: number): AppendFile;
  /** Replaces atomically: readers see the old or the new file. Durable only after `syncDirectory`. */
  rename(from: string, to: string): void;
  /** Removes a file; one that is absent is left absent. */
  remove(path: string): void;
  syncDirectory(path: string): void;
}

// ---------------------------------------------------------------- storage

/** Everything one committed block changes. It is durable as a whole or not at all. */
export interface BlockBatch {
  readonly height: bigint;
  readonly blockId: BlockId;
  readonly block: Block;
  /** proto(Block): what the 64 KiB parts are cut from. */
  readonly blockBytes: Uint8Array;
  /** The commit this node decided by (or verified): signatures for `height`. The canonical one is in block height+1. */
  readonly seenCommit: Commit;
  /** The same with vote extensions, at heights that have them. */
  readonly extendedCommit?: ExtendedCommit | undefined;
  readonly response: FinalizeBlockResponse;
  /** The state after the block: `validators` act at height+1, `nextValidators` at height+2, params at height+1. */
  readonly state: ChainState;
  /** What may be durable before the rest, in batches of its own; nothing by itself. Most often absent or empty. */
  readonly appWritesBefore?: Iterable<StateWrite>;
  /** What the application hands out of `commit`, to be written as it is. */
  readonly appWrites: readonly StateWrite[];
  /** The lowest height whose block must be kept; 0n keeps all. */
  readonly retainHeight: bigint;
}

/** A block with the commit that this node trusts it by. */
export interface StoredBlock {
  readonly blockId: BlockId;
  readonly block: Block;
  readonly seenCommit: Commit;
  readonly extendedCommit?: ExtendedCommit | undefined;
}

/** The engine's view of the database. Transaction index entries follow from the batch and are storage's business. */
export interface Storage {
  /** The state after the last committed block, the state of genesis before it, or undefined in a new home. */
  loadChainState(): Promise<ChainState | undefined>;
  /** Stores the state before the first block: validators of the two first heights and the parameters. */
  commitGenesis(state: ChainState): Promise<void>;
  /** One synced atomic batch. Resolves after it is durable; rejects if it is not, and the node then stops. */
  commitBlock(batch: BlockBatch): Promise<void>;
  loadBlock(height: bigint): Promise<StoredBlock | undefined>;
  /** The validators that sign `height`, with their priorities; undefined when not kept. */
  loadValidators(height: bigint): Promise<ChainState["validators"] | undefined>;
  /** What a node that began from a snapshot knows of a height before it, to judge evidence by. Absent: nothing. */
  loadPast?(height: bigint): Promise<PastHeader | undefined>;
}

/** A header from before a node's first block, proven by its successors, and who signed its block. */
export interface PastHeader {
  readonly header: Block["header"];
  /** Their keys and powers; priorities are not known. */
  readonly validators: ChainState["validators"];
}

// ---------------------------------------------------------------- mempool

/** What the engine needs of the mempool. */
export interface Mempool {
  /** Transactions in the order they would enter a block, as many as fit both limits (-1n gas = none); nothing is removed. */
  reap(maxBytes: bigint, maxGas: bigint): readonly Uint8Array[];
  /** After each committed block: drop its transactions, recheck the rest against the new state. */
  update(height: bigint, txs: readonly Uint8Array[], results: FinalizeBlockResponse["txResults"]): void;
  /** Number of transactions waiting. */
  readonly count: number;
  /** Calls `listener` when the mempool stops being empty, once per height at most. */
  onAvailable(listener: () => void): void;
}

// ---------------------------------------------------------------- network

/** What consensus says to its peers. */
export type ConsensusMessage =
  | { readonly type: "proposal"; readonly proposal: Proposal }
  | { readonly type: "part"; readonly height: bigint; readonly round: number; readonly part: Part }
  | { readonly type: "vote"; readonly vote: Vote }
  | { readonly type: "certificate"; readonly certificate: Certificate }
  | { readonly type: "evidence"; readonly evidence: EvidenceMessage };

/**
 * What became of a message: `accepted` was new and good (relay it, credit the peer), `ignored` was stale, known or not
 * for us (no fault), `invalid` cannot come from a correct peer (fault it).
 */
export type Verdict = "accepted" | "ignored" | "invalid";

/** The engine's way out. No call blocks and no call throws: what cannot be delivered is pulled later. */
export interface Network {
  /**
   * Whether anything published now would reach anyone. While it is false the engine spares the fsync of its log: nothing
   * leaves, and the sign journal alone keeps the node safe. Absent means yes.
   */
  hasPeers?(): boolean;
  /** The highest block any peer claims to have, unverified; undefined while there is no peer. Absent: nobody to ask. */
  peerHeight?(): bigint | undefined;
  /** Sends to all peers. Everything published is durable in the log and the journal first. */
  publish(message: ConsensusMessage): void;
  /** Passes on a message accepted from `from` to the other peers. */
  relay(message: ConsensusMessage, from: string): void;
  /** The node has entered this height and round (announce it; pull if peers are ahead). */
  moved(height: bigint, round: number): void;
  /** Consensus lacks this block; ask peers for its parts. Repeats are harmless. */
  want(height: bigint, round: number, blockId: BlockId): void;
}

/** The engine's way in: implemented by the driver, called by the network, block sync and RPC. */
export interface Engine {
  /** One message from the named peer. Resolves when it has been checked and, if good, taken in. */
  receive(from: string, message: ConsensusMessage): Promise<Verdict>;
  /**
   * A block fetched by sync with a commit for it, which must have the extensions of its votes at heights that have them. Resolves
   * `accepted` after it has been executed and is durable, `ignored` when its height is not the next one, `invalid` when block or
   * commit fail verification.
   */
  receiveBlock(block: Block, commit: Commit | ExtendedCommit): Promise<Verdict>;
  /** Commits that blocks from sync will soon come with, unverified: whoever likes verifies their signatures meanwhile. */
  foresee?(commits: readonly Commit[]): void;
  /** Where consensus stands; send it to a peer to be repaired. */
  summary(): RoundSummary;
  /** The messages that a peer standing at `summary` lacks and this node has, at most `maxBytes` of them. */
  repair(summary: RoundSummary, maxBytes: number): readonly ConsensusMessage[];
  status(): EngineStatus;
}

export interface EngineStatus {
  /** The height being decided; one above the last committed. */
  readonly height: bigint;
  readonly round: number;
  readonly step: string;
  /** Whether this node signs (it has a key, the journal allows it, and the key is in the current validator set). */
  readonly signing: boolean;
  readonly state: ChainState;
}

// ---------------------------------------------------------------- listeners

/** A block that is durable and executed. */
export interface CommittedBlock {
  readonly blockId: BlockId;
  readonly block: Block;
  readonly seenCommit: Commit;
  readonly response: FinalizeBlockResponse;
  readonly state: ChainState;
}

/** Told after durability, in height order, once per block in this process. A listener that throws is logged, no more. */
export type CommittedListener = (committed: CommittedBlock) => void;

/** Where the engine says what happened. node/log.ts implements it. */
export interface EngineLog {
  /** What only someone looking for a fault wants to read. */
  debug?(message: string, facts?: Readonly<Record<string, unknown>>): void;
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** The exit code of a process that met a failed write or fsync: the disk's content is no longer known, so no retry. */
export const EXIT_STORAGE_FAILURE = 70;

/** The exit code of a node that cannot follow its chain: a decided block is invalid here, or cannot be executed. */
export const EXIT_CHAIN_HALTED = 71;

/** The exit code of a validator that saw its own key sign something it did not sign: the key is in use twice. */
export const EXIT_KEY_IN_USE = 72;

/** The exit code of a process that its surroundings do not let run: configuration, home folder, the machine's clock. */
export const EXIT_UNFIT = 1;

/** The node must stop now, with this exit code. Nothing retries it. */
export class FatalError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "FatalError";
    this.exitCode = exitCode;
  }
}
