/**
 * Owns the bytes in which the chain's state, its validators and its parameters are stored, and of the pointers to them.
 * Does not own where they stand (tables.ts) nor when they are written (storage.ts).
 */

import { type ChainState, chainStateToProto } from "../../chain/types/chain-state.ts";
import type { ConsensusParams } from "../../chain/types/params.ts";
import { type ValidatorSet, validatorSetToProto } from "../../chain/types/validator-set.ts";
import { encode } from "../../proto/codec.ts";
import { uint64Bytes } from "./tables.ts";

/** The state after a block, as CometBFT stores it. */
export function encodeState(state: ChainState): Uint8Array {
  return encode("tendermint.state.State", chainStateToProto(state));
}

/** A validator set with its priorities. */
export function encodeValidators(set: ValidatorSet): Uint8Array {
  return encode("tendermint.types.ValidatorSet", validatorSetToProto(set));
}

/** Consensus parameters. */
export function encodeParams(params: ConsensusParams): Uint8Array {
  return encode("tendermint.types.ConsensusParams", params);
}

/** Heights where validators and, once known, parameters are stored in full. */
export function pointers(validators: bigint, params: bigint | undefined): Uint8Array {
  const parts = [uint64Bytes(validators), ...(params === undefined ? [] : [uint64Bytes(params)])];
  return Buffer.concat(parts);
}
