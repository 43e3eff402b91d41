// Where a starting node stands. Owns the comparison of storage, application and genesis before anything runs. Block and
// application state travel in one batch, so storage and application are always at the same height: anything else is a
// wrong home folder or a damaged one, and the node says so instead of guessing.

import { upperHex } from "../../chain/types/block-id.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { type EngineLog, EXIT_CHAIN_HALTED, FatalError, type Storage } from "../ports.ts";
import type { StartingPoint } from "./driver-needs.ts";
import { Execution, type ExecutionNeeds } from "./execution.ts";

/** Loads or creates the chain's state. Throws FatalError, in one sentence each, when the parts do not fit together. */
export async function handshake(
  document: GenesisDocument,
  needs: ExecutionNeeds & { readonly storage: Storage; readonly log: EngineLog },
): Promise<StartingPoint> {
  const { storage, log } = needs;
  const execution = new Execution(needs);
  const stored = await storage.loadChainState();
  if (stored !== undefined && stored.chainId !== document.chainId) {
    throw halt(`this home folder holds chain ${stored.chainId}, but the genesis file is of chain ${document.chainId}`);
  }
  const info = execution.info();
  if (stored === undefined || stored.lastBlockHeight === 0n) {
    if (info.lastBlockHeight !== 0n) {
      throw halt(`the application is at height ${info.lastBlockHeight}, but no block is stored`);
    }
    const { state, notices } = execution.initChain(document);
    for (const notice of notices) log.warn(notice);
    await storage.commitGenesis(state);
    return { state, seenCommit: undefined, lastBlock: undefined };
  }
  checkApplication(stored, info.lastBlockHeight, info.lastBlockAppHash);
  const last = await storage.loadBlock(stored.lastBlockHeight);
  if (last === undefined) throw halt(`block ${stored.lastBlockHeight}, the last one, is missing from storage`);
  return { state: stored, seenCommit: last.seenCommit, extendedCommit: last.extendedCommit, lastBlock: last.block };
}

function checkApplication(state: ChainState, height: bigint, appHash: Uint8Array): void {
  if (height !== state.lastBlockHeight) {
    throw halt(`storage is at height ${state.lastBlockHeight}, but the application is at ${height}`);
  }
  if (!equalBytes(appHash, state.appHash)) {
    throw halt(
      `at height ${height} the application's hash is ${upperHex(appHash)}, but the chain's is ${upperHex(state.appHash)}`,
    );
  }
}

function halt(message: string): FatalError {
  return new FatalError(message, EXIT_CHAIN_HALTED);
}
