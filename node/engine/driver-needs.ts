// What a driver is made of: its options, its neighbours, what it holds and where the chain stands when it begins. Owns types only.

import type { State } from "../../chain/consensus/state.ts";
import type { TimeoutConfig } from "../../chain/consensus/timeouts.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import type {
  Application,
  Block,
  Clock,
  Commit,
  CommittedListener,
  EngineLog,
  ExtendedCommit,
  FatalError,
  FileSystem,
  Mempool,
  Network,
  Storage,
  Timers,
} from "../ports.ts";
import type { Signer } from "./signer.ts";

export interface DriverOptions {
  readonly timeouts: TimeoutConfig;
  /** False waits with a height's first round until a transaction is there (CometBFT create_empty_blocks). */
  readonly createEmptyBlocks: boolean;
  /** Where the write-ahead log's files stand. */
  readonly logDirectory: string;
  /** Past commits searched for signatures of our key made elsewhere (CometBFT double_sign_check_height); absent or 0: none. */
  readonly doubleSignCheckHeight?: number;
}

export interface DriverNeeds {
  readonly application: Application;
  readonly storage: Storage;
  readonly mempool: Mempool;
  readonly network: Network;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly files: FileSystem;
  readonly log: EngineLog;
  readonly verifier: Verifier;
  readonly hasher: Hasher;
  /** Undefined in a node that only follows. */
  readonly signer: Signer | undefined;
  /** Told of every durable block, in order. */
  readonly listeners: readonly CommittedListener[];
  /** Told where the machine stands after each input; it must not throw. */
  readonly observe?: (machine: State) => void;
  /** Told once, when the node must stop. */
  readonly onFatal: (error: FatalError) => void;
  /** Told when the key signs elsewhere too, after this node signed with it; absent, the key only falls silent. */
  readonly onKeyInUse?: (error: FatalError) => void;
}

/** What a driver holds on to, in numbers; each has its bound in limits.ts. */
export interface EngineHoldings {
  /** Messages, timers and blocks that wait for their turn. */
  readonly queued: number;
  /** Messages for the next height. */
  readonly early: number;
  /** Blocks of this height, whole or expected. */
  readonly blocks: number;
  /** Conflicts seen, and evidence that waits for a block. */
  readonly evidence: number;
}

/** Where the chain stands when the driver begins; see handshake.ts. */
export interface StartingPoint {
  readonly state: ChainState;
  /** The commit of the last block as it was seen; undefined before the first. */
  readonly seenCommit: Commit | undefined;
  /** The same with its vote extensions, where the height has them. */
  readonly extendedCommit?: ExtendedCommit | undefined;
  /** The last block; undefined before the first. */
  readonly lastBlock: Block | undefined;
}
