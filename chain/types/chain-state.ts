/**
 * Owns the state of the chain between two blocks, and the pure steps from one to the next: genesis, making a block,
 * checking one, applying its results (CometBFT state/state.go, state/validation.go, state/execution.go). It does not
 * own execution (chain/app), storage (node/storage) nor agreement (chain/consensus).
 */
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Block } from "./block.ts";
import { lastCommitOf, validateBlockForm } from "./block.ts";
import type { BlockId } from "./block-id.ts";
import { equalBlockIds, formatBlockId, upperHex, ZERO_BLOCK_ID } from "./block-id.ts";
import type { Commit } from "./commit.ts";
import { commitHash, EMPTY_COMMIT, medianTime, verifyCommit } from "./commit.ts";
import type { Verifier } from "./crypto.ts";
import { ValidationError, within } from "./errors.ts";
import type { Evidence } from "./evidence.ts";
import { evidenceListHash, evidenceListSize } from "./evidence.ts";
import type { GenesisDocument } from "./genesis-doc.ts";
import { validateGenesisDocument } from "./genesis-doc.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import type { Header } from "./header.ts";
import { ADDRESS_BYTES, BLOCK_PROTOCOL } from "./limits.ts";
import { merkleRoot } from "./merkle.ts";
import type { ConsensusParams } from "./params.ts";
import { consensusParamsHash, updateConsensusParams, validateConsensusParams, validateParamsUpdate } from "./params.ts";
import { resultsHash } from "./results.ts";
import type { Timestamp } from "./time.ts";
import { compareTime, equalTime, formatTime } from "./time.ts";
import { dataHash } from "./tx.ts";
import type { Validator } from "./validator.ts";
import { newValidator, publicKeyParts } from "./validator.ts";
import type { ValidatorSet } from "./validator-set.ts";
import {
  EMPTY_VALIDATOR_SET,
  hasValidator,
  incrementProposerPriority,
  newValidatorSet,
  proposerOf,
  updateValidatorSet,
  validatorSetFromProto,
  validatorSetHash,
  validatorSetToProto,
} from "./validator-set.ts";

/** What a node knows after block `lastBlockHeight`: CometBFT's `State`. */
export interface ChainState {
  readonly chainId: string;
  /** Height of the first block. */
  readonly initialHeight: bigint;
  /** Zero before the first block. */
  readonly lastBlockHeight: bigint;
  readonly lastBlockId: BlockId;
  /** Genesis time before the first block. */
  readonly lastBlockTime: Timestamp;
  /** Act at the next height; priorities and proposer are those of its round 0. */
  readonly validators: ValidatorSet;
  /** Act at the height after the next. */
  readonly nextValidators: ValidatorSet;
  /** Signed the last block; empty before the first block. */
  readonly lastValidators: ValidatorSet;
  readonly lastHeightValidatorsChanged: bigint;
  /** Act at the next height. */
  readonly consensusParams: ConsensusParams;
  readonly lastHeightConsensusParamsChanged: bigint;
  /** Root over the results of the last block; the empty root before the first block. */
  readonly lastResultsHash: Uint8Array;
  /** State root after the last block. */
  readonly appHash: Uint8Array;
  /** The application's protocol version, which every header carries. */
  readonly appVersion: bigint;
}

/** The state as CometBFT stores it. */
export type ChainStateMessage = Messages["tendermint.state.State"];
/** A validator's new power, as the application returns it. */
export type ValidatorUpdate = Messages["tendermint.abci.ValidatorUpdate"];
/** What the application answered to a block. */
export type FinalizeBlockResponse = Messages["tendermint.abci.ResponseFinalizeBlock"];

/** The state before the first block and before InitChain. Throws GenesisError for an invalid document. */
export function genesisState(document: GenesisDocument): ChainState {
  validateGenesisDocument(document);
  const validators = newValidatorSet(document.validators.map(({ pubKey, power }) => newValidator(pubKey, power)));
  return {
    chainId: document.chainId,
    initialHeight: document.initialHeight,
    lastBlockHeight: 0n,
    lastBlockId: ZERO_BLOCK_ID,
    lastBlockTime: document.genesisTime,
    validators,
    nextValidators: afterOneTurn(validators),
    lastValidators: EMPTY_VALIDATOR_SET,
    lastHeightValidatorsChanged: document.initialHeight,
    consensusParams: document.consensusParams,
    lastHeightConsensusParamsChanged: document.initialHeight,
    lastResultsHash: new Uint8Array(0),
    appHash: document.appHash,
    appVersion: 0n,
  };
}

/**
 * The state before the first block, after the application answered InitChain (consensus/replay.go): its validators,
 * parameters and hash win over the document's. Throws ValidationError when there would be no validators.
 */
export function applyInitChain(
  state: ChainState,
  response: Messages["tendermint.abci.ResponseInitChain"],
  appVersion = 0n,
): ChainState {
  if (response.validators.length === 0 && state.validators.validators.length === 0) {
    throw new ValidationError("validator set is nil in genesis and still empty after InitChain");
  }
  const validators =
    response.validators.length === 0
      ? state.validators
      : newValidatorSet(response.validators.map(({ pubKey, power }) => newValidator(pubKey, power)));
  const consensusParams = updateConsensusParams(state.consensusParams, response.consensusParams);
  return {
    ...state,
    validators,
    nextValidators: afterOneTurn(validators),
    consensusParams,
    appVersion: response.consensusParams === undefined ? appVersion : consensusParams.version.app,
    appHash: response.appHash.length > 0 ? response.appHash : state.appHash,
    lastResultsHash: merkleRoot([]),
  };
}

/**
 * Makes the next block. Its time is the median of `lastCommit`, or genesis time for the first block, which carries
 * the empty commit. Throws ValidationError when the commit names unknown validators.
 */
export function makeBlock(
  state: ChainState,
  txs: readonly Uint8Array[],
  lastCommit: Commit | undefined,
  evidence: readonly Evidence[],
  proposerAddress: Uint8Array,
  hasher: Hasher = nobleHasher,
): Block {
  const first = state.lastBlockHeight === 0n;
  if (!first && lastCommit === undefined) throw new ValidationError("only the first block has no last commit");
  const commit = lastCommit ?? EMPTY_COMMIT;
  const header: Header = {
    version: { block: BLOCK_PROTOCOL, app: state.appVersion },
    chainId: state.chainId,
    height: nextHeight(state),
    time: first ? state.lastBlockTime : medianTime(commit, state.lastValidators),
    lastBlockId: state.lastBlockId,
    lastCommitHash: commitHash(commit, hasher),
    dataHash: dataHash(txs, hasher),
    validatorsHash: validatorSetHash(state.validators, hasher),
    nextValidatorsHash: validatorSetHash(state.nextValidators, hasher),
    consensusHash: consensusParamsHash(state.consensusParams),
    appHash: state.appHash,
    lastResultsHash: state.lastResultsHash,
    evidenceHash: evidenceListHash(evidence, hasher),
    proposerAddress,
  };
  return { header, data: { txs }, evidence: { evidence }, lastCommit: commit };
}

/** What a check of a block may leave out, and with what it hashes. */
export interface BlockCheckOptions {
  /** True when the last commit has been verified already, in full, against the same state. */
  readonly skipLastCommit?: boolean;
  readonly hasher?: Hasher;
}

/**
 * Throws ValidationError unless the block is well formed and follows `state` (state/validation.go): version, chain,
 * height, all hashes, the last commit with every signature, the proposer, the time and the size of its evidence.
 * What the evidence proves is checked apart (evidence.ts), since that needs history.
 */
export function validateBlock(
  state: ChainState,
  block: Block,
  verifier: Verifier,
  { skipLastCommit = false, hasher = nobleHasher }: BlockCheckOptions = {},
): void {
  validateBlockForm(block, hasher);
  const { header } = block;
  if (header.version.app !== state.appVersion) {
    throw new ValidationError(
      `wrong Block.Header.Version. Expected {${BLOCK_PROTOCOL} ${state.appVersion}}, got {${header.version.block} ${header.version.app}}`,
    );
  }
  if (header.chainId !== state.chainId) {
    throw new ValidationError(`wrong Block.Header.ChainID. Expected ${state.chainId}, got ${header.chainId}`);
  }
  if (header.height !== nextHeight(state)) {
    throw new ValidationError(`wrong Block.Header.Height. Expected ${nextHeight(state)}, got ${header.height}`);
  }
  if (!equalBlockIds(header.lastBlockId, state.lastBlockId)) {
    throw new ValidationError(
      `wrong Block.Header.LastBlockID.  Expected ${formatBlockId(state.lastBlockId)}, got ${formatBlockId(header.lastBlockId)}`,
    );
  }
  expectHash("AppHash", state.appHash, header.appHash);
  expectHash("ConsensusHash", consensusParamsHash(state.consensusParams), header.consensusHash);
  expectHash("LastResultsHash", state.lastResultsHash, header.lastResultsHash);
  expectHash("ValidatorsHash", validatorSetHash(state.validators, hasher), header.validatorsHash);
  expectHash("NextValidatorsHash", validatorSetHash(state.nextValidators, hasher), header.nextValidatorsHash);
  const commit = lastCommitOf(block);
  if (header.height === state.initialHeight) {
    if (commit.signatures.length !== 0) {
      throw new ValidationError("initial block can't have LastCommit signatures");
    }
  } else if (!skipLastCommit) {
    verifyCommit(state.chainId, state.lastValidators, state.lastBlockId, header.height - 1n, commit, verifier);
  }
  if (header.proposerAddress.length !== ADDRESS_BYTES || !hasValidator(state.validators, header.proposerAddress)) {
    throw new ValidationError(`block.Header.ProposerAddress ${upperHex(header.proposerAddress)} is not a validator`);
  }
  checkTime(state, header, commit);
  const size = evidenceListSize(block.evidence.evidence);
  if (size > state.consensusParams.evidence.maxBytes) {
    throw new ValidationError(`Too much evidence: Max ${state.consensusParams.evidence.maxBytes}, got ${size}`);
  }
}

/**
 * The state after a block and its results (updateState): validator updates act two heights later, parameters at the
 * next. Throws ValidationError when the application returned updates a chain cannot take; that halts the node.
 */
export function nextChainState(
  state: ChainState,
  blockId: BlockId,
  block: Pick<Block, "header">,
  response: FinalizeBlockResponse,
  hasher: Hasher = nobleHasher,
): ChainState {
  const { header } = block;
  const changes = validatorChanges(response.validatorUpdates, state.consensusParams);
  const updated = within("changing validator set", () => updateValidatorSet(state.nextValidators, changes));
  const update = response.consensusParamUpdates;
  const consensusParams = updateConsensusParams(state.consensusParams, update);
  if (update !== undefined) {
    within("validating new consensus params", () => validateConsensusParams(consensusParams));
    within("updating consensus params", () => validateParamsUpdate(state.consensusParams, update, header.height));
  }
  return {
    chainId: state.chainId,
    initialHeight: state.initialHeight,
    lastBlockHeight: header.height,
    lastBlockId: blockId,
    lastBlockTime: header.time,
    validators: state.nextValidators,
    nextValidators: incrementProposerPriority(updated, 1),
    lastValidators: state.validators,
    lastHeightValidatorsChanged: changes.length > 0 ? header.height + 2n : state.lastHeightValidatorsChanged,
    consensusParams,
    lastHeightConsensusParamsChanged:
      update === undefined ? state.lastHeightConsensusParamsChanged : header.height + 1n,
    lastResultsHash: resultsHash(response.txResults, hasher),
    appHash: response.appHash,
    appVersion: update === undefined ? state.appVersion : consensusParams.version.app,
  };
}

/**
 * The validators an application's updates stand for. Throws ValidationError for negative powers and for keys of a type
 * the parameters do not allow.
 */
export function validatorChanges(
  updates: readonly ValidatorUpdate[],
  params: Pick<ConsensusParams, "validator">,
): readonly Validator[] {
  return updates.map(({ pubKey, power }) => {
    const validator = newValidator(pubKey, power);
    const { type } = publicKeyParts(pubKey);
    if (power < 0n) {
      throw new ValidationError(
        `error in validator updates: voting power can't be negative ${upperHex(validator.address)}: ${power}`,
      );
    }
    if (power > 0n && !params.validator.pubKeyTypes.includes(type)) {
      throw new ValidationError(
        `error in validator updates: validator ${upperHex(validator.address)} is using pubkey ${type}, which is unsupported for consensus`,
      );
    }
    return validator;
  });
}

/** The height of the next block. */
export function nextHeight(state: ChainState): bigint {
  return state.lastBlockHeight === 0n ? state.initialHeight : state.lastBlockHeight + 1n;
}

/**
 * Who proposes at a height and round: at the next height from its set, at the one after from the set that will act
 * then, as far as it is known. Always computed from round 0, never from round to round.
 */
export function proposerAt(state: ChainState, height: bigint, round: number): Validator {
  const next = nextHeight(state);
  const base = height === next ? state.validators : height === next + 1n ? state.nextValidators : undefined;
  if (base === undefined) throw new ValidationError(`the proposer of height ${height} is not known at ${next - 1n}`);
  return proposerOf(round === 0 ? base : incrementProposerPriority(base, round));
}

/** The form CometBFT stores (tendermint.state.State). */
export function chainStateToProto(state: ChainState): ChainStateMessage {
  return {
    version: { consensus: { block: BLOCK_PROTOCOL, app: state.appVersion }, software: "" },
    chainId: state.chainId,
    initialHeight: state.initialHeight,
    lastBlockHeight: state.lastBlockHeight,
    lastBlockId: state.lastBlockId,
    lastBlockTime: state.lastBlockTime,
    nextValidators: validatorSetToProto(state.nextValidators),
    validators: validatorSetToProto(state.validators),
    lastValidators: state.lastBlockHeight >= 1n ? validatorSetToProto(state.lastValidators) : undefined,
    lastHeightValidatorsChanged: state.lastHeightValidatorsChanged,
    consensusParams: state.consensusParams,
    lastHeightConsensusParamsChanged: state.lastHeightConsensusParamsChanged,
    lastResultsHash: state.lastResultsHash,
    appHash: state.appHash,
  };
}

/** Reads the stored form. Throws ValidationError when it is not a possible state. */
export function chainStateFromProto(message: ChainStateMessage): ChainState {
  const { block, evidence, validator, version, abci } = message.consensusParams;
  if (block === undefined || evidence === undefined || validator === undefined || version === undefined) {
    throw new ValidationError("stored consensus parameters are incomplete");
  }
  return {
    chainId: message.chainId,
    initialHeight: message.initialHeight,
    lastBlockHeight: message.lastBlockHeight,
    lastBlockId: message.lastBlockId,
    lastBlockTime: message.lastBlockTime,
    validators: validatorSetFromProto(message.validators),
    nextValidators: validatorSetFromProto(message.nextValidators),
    lastValidators: message.lastBlockHeight >= 1n ? validatorSetFromProto(message.lastValidators) : EMPTY_VALIDATOR_SET,
    lastHeightValidatorsChanged: message.lastHeightValidatorsChanged,
    consensusParams: {
      block,
      evidence,
      validator,
      version,
      abci: abci ?? { voteExtensionsEnableHeight: 0n },
    },
    lastHeightConsensusParamsChanged: message.lastHeightConsensusParamsChanged,
    lastResultsHash: message.lastResultsHash,
    appHash: message.appHash,
    appVersion: message.version.consensus.app,
  };
}

function afterOneTurn(set: ValidatorSet): ValidatorSet {
  return set.validators.length === 0 ? set : incrementProposerPriority(set, 1);
}

function checkTime(state: ChainState, header: Header, commit: Commit): void {
  if (header.height === state.initialHeight) {
    if (equalTime(header.time, state.lastBlockTime)) return;
    throw new ValidationError(
      `block time ${formatTime(header.time)} is not equal to genesis time ${formatTime(state.lastBlockTime)}`,
    );
  }
  if (compareTime(header.time, state.lastBlockTime) <= 0) {
    throw new ValidationError(
      `block time ${formatTime(header.time)} not greater than last block time ${formatTime(state.lastBlockTime)}`,
    );
  }
  const median = medianTime(commit, state.lastValidators);
  if (!equalTime(header.time, median)) {
    throw new ValidationError(`invalid block time. Expected ${formatTime(median)}, got ${formatTime(header.time)}`);
  }
}

function expectHash(name: string, expected: Uint8Array, got: Uint8Array): void {
  if (equalBytes(expected, got)) return;
  throw new ValidationError(`wrong Block.Header.${name}.  Expected ${upperHex(expected)}, got ${upperHex(got)}`);
}
