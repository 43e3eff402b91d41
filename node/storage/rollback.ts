/**
 * Owns what the chain's state was one block ago, read from what storage keeps for every height, as CometBFT's rollback
 * puts it together (state/rollback.go). Does not own the application's state (chain/store/rollback.ts) nor writing.
 */

import type { ChainState } from "../ports.ts";
import { StorageError } from "./database.ts";
import type { NodeStorage } from "./storage.ts";

/** The state after the block before the last. Throws StorageError where there is none or it is not kept. */
export function stateBefore(storage: NodeStorage): ChainState {
  const state = storage.chainState;
  if (state === undefined || state.lastBlockHeight === 0n) throw cannot("the chain has no blocks yet");
  const last = state.lastBlockHeight;
  const before = last - 1n;
  if (last === state.initialHeight) throw cannot("the chain has one block only: begin it anew instead");
  const meta = storage.blockMeta(last);
  const previous = storage.blockMeta(before);
  const params = storage.consensusParams(last);
  const lastValidators = storage.validators(before);
  const validators = storage.validators(last);
  const nextValidators = storage.validators(last + 1n);
  if (meta === undefined || previous === undefined) throw cannot(`block ${before} is not kept`);
  if (
    params === undefined ||
    lastValidators === undefined ||
    validators === undefined ||
    nextValidators === undefined
  ) {
    throw cannot(`the validators and parameters of height ${before} are not kept`);
  }
  const { header } = meta;
  return {
    ...state,
    lastBlockHeight: before,
    lastBlockId: header.lastBlockId,
    lastBlockTime: previous.header.time,
    lastValidators,
    validators,
    nextValidators,
    // A change that the last block made is undone; an older one stands where it stood.
    lastHeightValidatorsChanged:
      state.lastHeightValidatorsChanged > last + 1n ? last : state.lastHeightValidatorsChanged,
    consensusParams: params,
    lastHeightConsensusParamsChanged:
      state.lastHeightConsensusParamsChanged > last ? last : state.lastHeightConsensusParamsChanged,
    lastResultsHash: header.lastResultsHash,
    appHash: header.appHash,
    appVersion: header.version.app,
  };
}

function cannot(why: string): StorageError {
  return new StorageError(`this chain cannot go back: ${why}. Nothing was changed.`);
}
