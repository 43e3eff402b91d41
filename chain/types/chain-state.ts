/**
 * Owns the state of the chain between two blocks as data. (The functions over it follow.)
 */
import type { Messages } from "../../proto/types.gen.ts";
import type { Timestamp } from "./time.ts";

/** What a node knows after block `lastBlockHeight`: CometBFT's `State`. */
export interface ChainState {
  readonly chainId: string;
  readonly initialHeight: bigint;
  /** Zero before the first block. */
  readonly lastBlockHeight: bigint;
  readonly lastBlockId: Messages["tendermint.types.BlockID"];
  /** Genesis time before the first block. */
  readonly lastBlockTime: Timestamp;
  /** Act at lastBlockHeight + 1; priorities and proposer are those of its round 0. */
  readonly validators: Messages["tendermint.types.ValidatorSet"];
  /** Act at lastBlockHeight + 2. */
  readonly nextValidators: Messages["tendermint.types.ValidatorSet"];
  /** Signed block lastBlockHeight; empty before the first block. */
  readonly lastValidators: Messages["tendermint.types.ValidatorSet"];
  readonly lastHeightValidatorsChanged: bigint;
  /** Act at lastBlockHeight + 1. */
  readonly consensusParams: Messages["tendermint.types.ConsensusParams"];
  readonly lastHeightConsensusParamsChanged: bigint;
  /** Merkle root of the results of block lastBlockHeight; empty before the first block. */
  readonly lastResultsHash: Uint8Array;
  /** State root after block lastBlockHeight. */
  readonly appHash: Uint8Array;
  /** The application's protocol version, in every header. */
  readonly appVersion: bigint;
}
