// Blocks and the application: building, checking and executing one. Transaction step 9. Owns the ABCI requests made from a block; does not
// own when it is called (driver.ts), what a valid block is (chain/types/chain-state.ts) nor durability (the driver's
// batch).

import { UpgradeNeeded } from "../../chain/module/errors.ts";
import type { Block } from "../../chain/types/block.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import {
  applyInitChain,
  type ChainState,
  genesisState,
  makeBlock,
  nextChainState,
  validateBlock,
} from "../../chain/types/chain-state.ts";
import { BLOCK_ID_FLAG_ABSENT, BLOCK_ID_FLAG_COMMIT, type Commit } from "../../chain/types/commit.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { type Evidence, evidenceListSize, evidenceToAbci } from "../../chain/types/evidence.ts";
import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { MAX_VOTE_EXTENSION_BYTES } from "../../chain/types/limits.ts";
import { maxBlockBytes, maxDataBytes } from "../../chain/types/params.ts";
import type { Vote } from "../../chain/types/vote.ts";
import { utf8 } from "../../proto/bytes.ts";
import { JsonSlice } from "../../proto/json-text.ts";
import type { Messages } from "../../proto/types.gen.ts";
import {
  type Application,
  EXIT_CHAIN_HALTED,
  type ExtendedCommit,
  FatalError,
  type FinalizeBlockResponse,
  type Mempool,
  type StateWrite,
} from "../ports.ts";
import { hasExtensions } from "./extensions.ts";

export interface ExecutionNeeds {
  readonly application: Application;
  readonly mempool: Mempool;
  readonly verifier: Verifier;
  readonly hasher: Hasher;
}

/** What executing a block came to; nothing of it is durable yet. */
export interface Executed {
  readonly response: FinalizeBlockResponse;
  readonly state: ChainState;
  readonly writes: readonly StateWrite[];
  readonly before: Iterable<StateWrite>;
  readonly retainHeight: bigint;
}

const ACCEPT = 1;
const NONE = new Uint8Array(0);

export class Execution {
  readonly #needs: ExecutionNeeds;

  constructor(needs: ExecutionNeeds) {
    this.#needs = needs;
  }

  /** InitChain: the state before the first block. `notices` tell what the application left out of the genesis. */
  initChain(document: GenesisDocument): { readonly state: ChainState; readonly notices: readonly string[] } {
    const { application } = this.#needs;
    const base = genesisState(document);
    const { appVersion } = application.info(INFO_REQUEST);
    const { appState } = document;
    const text = appState instanceof JsonSlice ? appState : undefined;
    const request = {
      time: document.genesisTime,
      chainId: document.chainId,
      consensusParams: document.consensusParams,
      validators: document.validators.map(({ pubKey, power }) => ({ pubKey, power })),
      appStateBytes: appState === undefined || text !== undefined ? NONE : utf8(JSON.stringify(appState)),
      initialHeight: document.initialHeight,
    };
    const response = application.initChain(request, text);
    return { state: applyInitChain(base, response, appVersion), notices: response.notices };
  }

  /** The application's word on how far it is. */
  info(): Messages["tendermint.abci.ResponseInfo"] {
    return this.#needs.application.info(INFO_REQUEST);
  }

  /** A new block on the state, filled from the mempool as the application likes (PrepareProposal). */
  build(
    state: ChainState,
    lastCommit: Commit | undefined,
    evidence: readonly Evidence[],
    proposerAddress: Uint8Array,
    extended: ExtendedCommit | undefined,
  ): Block {
    const { application, mempool, hasher } = this.#needs;
    const { consensusParams } = state;
    const room = maxDataBytes(
      maxBlockBytes(consensusParams),
      evidenceListSize(evidence),
      state.validators.validators.length,
    );
    // The time and the hashes of an empty block are those of the full one.
    const empty = makeBlock(state, [], lastCommit, evidence, proposerAddress, hasher);
    const prepared = application.prepareProposal({
      maxTxBytes: room,
      txs: mempool.reap(room, consensusParams.block.maxGas),
      localLastCommit: extendedCommitInfo(state, lastCommit, extended),
      misbehavior: evidenceToAbci(evidence),
      height: empty.header.height,
      time: empty.header.time,
      nextValidatorsHash: empty.header.nextValidatorsHash,
      proposerAddress,
    });
    if (txListSize(prepared.txs) > room) {
      throw new Error(`the application prepared more than the ${room} bytes of transactions a block has room for`);
    }
    return makeBlock(state, prepared.txs, lastCommit, evidence, proposerAddress, hasher);
  }

  /** Why the block cannot follow the state, or undefined when it can and the application accepts it. */
  rejection(state: ChainState, block: Block, hash: Uint8Array): string | undefined {
    try {
      validateBlock(state, block, this.#needs.verifier, { hasher: this.#needs.hasher });
    } catch (error) {
      if (error instanceof ValidationError) return error.message;
      throw error;
    }
    const { status } = this.#needs.application.processProposal({
      txs: block.data.txs,
      proposedLastCommit: commitInfo(state, block),
      misbehavior: evidenceToAbci(block.evidence.evidence),
      hash,
      height: block.header.height,
      time: block.header.time,
      nextValidatorsHash: block.header.nextValidatorsHash,
      proposerAddress: block.header.proposerAddress,
    });
    return status === ACCEPT ? undefined : "the application rejects it";
  }

  /** What the application adds to this node's precommit for a block (ExtendVote); undefined at heights without extensions. */
  extension(state: ChainState, hash: Uint8Array, block: Block): Uint8Array | undefined {
    const { header } = block;
    if (!hasExtensions(state, header.height)) return undefined;
    const { voteExtension } = this.#needs.application.extendVote({
      hash,
      height: header.height,
      time: header.time,
      txs: block.data.txs,
      proposedLastCommit: commitInfo(state, block),
      misbehavior: evidenceToAbci(block.evidence.evidence),
      nextValidatorsHash: header.nextValidatorsHash,
      proposerAddress: header.proposerAddress,
    });
    if (voteExtension.length > MAX_VOTE_EXTENSION_BYTES) {
      throw new Error(`the application extends its vote by ${voteExtension.length} bytes, more than a vote may carry`);
    }
    return voteExtension;
  }

  /** Whether the application accepts what another validator added (VerifyVoteExtension). */
  acceptsExtension({ blockId, validatorAddress, height, extension, extensionSignature }: Vote): boolean {
    if (extensionSignature.length === 0) return true;
    const request = { hash: blockId.hash, validatorAddress, height, voteExtension: extension };
    return this.#needs.application.verifyVoteExtension(request).status === ACCEPT;
  }

  /**
   * Why a block that validators have committed cannot follow the state; the application has no say any more. The last commit
   * may be left out where it was verified in full against this very state.
   */
  syncRejection(state: ChainState, block: Block, skipLastCommit: boolean): string | undefined {
    try {
      validateBlock(state, block, this.#needs.verifier, { hasher: this.#needs.hasher, skipLastCommit });
      return undefined;
    } catch (error) {
      if (error instanceof ValidationError) return error.message;
      throw error;
    }
  }

  /** FinalizeBlock and Commit. Any failure here means that this node cannot go on. */
  execute(state: ChainState, blockId: BlockId, block: Block): Executed {
    const { application, hasher } = this.#needs;
    const { header } = block;
    try {
      const response = application.finalizeBlock({
        txs: block.data.txs,
        decidedLastCommit: commitInfo(state, block),
        misbehavior: evidenceToAbci(block.evidence.evidence),
        hash: blockId.hash,
        height: header.height,
        time: header.time,
        nextValidatorsHash: header.nextValidatorsHash,
        proposerAddress: header.proposerAddress,
      });
      if (response.txResults.length !== block.data.txs.length) {
        throw new Error(`${response.txResults.length} results for ${block.data.txs.length} transactions`);
      }
      const next = nextChainState(state, blockId, block, response, hasher);
      const { writes, before = [], retainHeight } = application.commit();
      return { response, state: next, writes, before, retainHeight };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text =
        error instanceof UpgradeNeeded
          ? `${reason}. This program does not know that upgrade: start the one that does; nothing was lost`
          : `block ${header.height} cannot be executed: ${reason}`;
      throw new FatalError(text, EXIT_CHAIN_HALTED, { cause: error });
    }
  }
}

const INFO_REQUEST = { version: "0.38.0", blockVersion: 11n, p2pVersion: 8n, abciVersion: "2.0.0" };

/** Who signed the block below, for the application (CometBFT state/execution.go, buildLastCommitInfo). */
function commitInfo(state: ChainState, block: Block): Messages["tendermint.abci.CommitInfo"] {
  const commit = block.lastCommit;
  if (commit === undefined || block.header.height === state.initialHeight) return { round: 0, votes: [] };
  const votes = state.lastValidators.validators.map(({ address, votingPower }, index) => ({
    validator: { address, power: votingPower },
    blockIdFlag: flagAt(commit, index),
  }));
  return { round: commit.round, votes };
}

function extendedCommitInfo(
  state: ChainState,
  commit: Commit | undefined,
  extended: ExtendedCommit | undefined,
): Messages["tendermint.abci.ExtendedCommitInfo"] {
  if (commit === undefined) return { round: 0, votes: [] };
  const votes = state.lastValidators.validators.map(({ address, votingPower }, index) => ({
    validator: { address, power: votingPower },
    voteExtension: extended?.extendedSignatures[index]?.extension ?? NONE,
    extensionSignature: extended?.extendedSignatures[index]?.extensionSignature ?? NONE,
    blockIdFlag: flagHeard(commit, extended, index),
  }));
  return { round: commit.round, votes };
}

/** A vote whose extension is not here counts as not heard: the application could not make anything of it. */
function flagHeard(commit: Commit, extended: ExtendedCommit | undefined, index: number): number {
  const flag = flagAt(commit, index);
  if (extended === undefined || flag !== BLOCK_ID_FLAG_COMMIT) return flag;
  return extended.extendedSignatures[index]?.extensionSignature.length === 0 ? BLOCK_ID_FLAG_ABSENT : flag;
}

function flagAt(commit: Commit, index: number): number {
  const flag = commit.signatures[index]?.blockIdFlag;
  if (flag === undefined) throw new Error(`the commit of height ${commit.height} has no place for validator ${index}`);
  return flag;
}

/** Bytes of the transactions inside proto(Data): each with its tag and length (CometBFT ComputeProtoSizeForTxs). */
function txListSize(txs: readonly Uint8Array[]): bigint {
  let size = 0;
  for (const { length } of txs) {
    let lengthBytes = 1;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) lengthBytes++;
    size += 1 + lengthBytes + length;
  }
  return BigInt(size);
}
