/**
 * Owns the consensus parameters: defaults, bounds, changes, their hash, and the room they leave for transactions.
 * It does not own who may change them (modules/consensus) nor where they are kept. Source: CometBFT types/params.go.
 */
import { concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { ValidationError } from "./errors.ts";
import { sha256 } from "./hash.ts";
import {
  COMMIT_SIGNATURE_FRAME_BYTES,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_OVERHEAD_BYTES,
  MAX_COMMIT_OVERHEAD_BYTES,
  MAX_COMMIT_SIGNATURE_BYTES,
  MAX_HEADER_BYTES,
} from "./limits.ts";
import { durationToNanoseconds } from "./time.ts";
import { varintField } from "./wire.ts";

/** A change of parameters as applications return it: what is undefined stays (tendermint.types.ConsensusParams). */
export type ConsensusParamsUpdate = Messages["tendermint.types.ConsensusParams"];

/** The complete consensus parameters; also a valid message. */
export interface ConsensusParams {
  readonly block: Messages["tendermint.types.BlockParams"];
  readonly evidence: Messages["tendermint.types.EvidenceParams"];
  readonly validator: Messages["tendermint.types.ValidatorParams"];
  readonly version: Messages["tendermint.types.VersionParams"];
  readonly abci: Messages["tendermint.types.ABCIParams"];
}

/** CometBFT's defaults: 21 MB blocks, unlimited gas, evidence for 48 hours or 100,000 blocks, ed25519 keys. */
export const DEFAULT_CONSENSUS_PARAMS: ConsensusParams = {
  block: { maxBytes: 22_020_096n, maxGas: -1n },
  evidence: { maxAgeNumBlocks: 100_000n, maxAgeDuration: { seconds: 172_800n, nanos: 0 }, maxBytes: 1_048_576n },
  validator: { pubKeyTypes: ["ed25519"] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

/** Throws ValidationError unless every parameter is within its bounds (ConsensusParams.ValidateBasic). */
export function validateConsensusParams(params: ConsensusParams): void {
  const { block, evidence, validator, abci } = params;
  if (block.maxBytes === 0n) throw new ValidationError("block.MaxBytes cannot be 0");
  if (block.maxBytes < -1n) {
    throw new ValidationError(`block.MaxBytes must be -1 or greater than 0. Got ${block.maxBytes}`);
  }
  if (block.maxBytes > BigInt(MAX_BLOCK_BYTES)) {
    throw new ValidationError(`block.MaxBytes is too big. ${block.maxBytes} > ${MAX_BLOCK_BYTES}`);
  }
  if (block.maxGas < -1n) {
    throw new ValidationError(`block.MaxGas must be greater or equal to -1. Got ${block.maxGas}`);
  }
  if (evidence.maxAgeNumBlocks <= 0n) {
    throw new ValidationError(`evidence.MaxAgeNumBlocks must be greater than 0. Got ${evidence.maxAgeNumBlocks}`);
  }
  const age = durationToNanoseconds(evidence.maxAgeDuration);
  if (age <= 0n) {
    throw new ValidationError(`evidence.MaxAgeDuration must be grater than 0 if provided, Got ${age}ns`);
  }
  if (evidence.maxBytes > maxBlockBytes(params)) {
    throw new ValidationError(
      `evidence.MaxBytesEvidence is greater than upper bound, ${evidence.maxBytes} > ${block.maxBytes}`,
    );
  }
  if (evidence.maxBytes < 0n) {
    throw new ValidationError(`evidence.MaxBytes must be non negative. Got: ${evidence.maxBytes}`);
  }
  if (abci.voteExtensionsEnableHeight < 0n) {
    throw new ValidationError(
      `ABCI.VoteExtensionsEnableHeight cannot be negative. Got: ${abci.voteExtensionsEnableHeight}`,
    );
  }
  if (validator.pubKeyTypes.length === 0) {
    throw new ValidationError("len(Validator.PubKeyTypes) must be greater than 0");
  }
  validator.pubKeyTypes.forEach((type, i) => {
    if (type !== "ed25519" && type !== "secp256k1") {
      throw new ValidationError(`params.Validator.PubKeyTypes[${i}], ${type}, is an unknown pubkey type`);
    }
  });
}

/** The parameters after a change; parts the change leaves undefined stay (ConsensusParams.Update). */
export function updateConsensusParams(
  params: ConsensusParams,
  update: ConsensusParamsUpdate | undefined,
): ConsensusParams {
  return {
    block: update?.block ?? params.block,
    evidence: update?.evidence ?? params.evidence,
    validator: update?.validator ?? params.validator,
    version: update?.version ?? params.version,
    abci: update?.abci ?? params.abci,
  };
}

/**
 * Throws ValidationError when the change moves the height of vote extensions in a way the chain cannot follow
 * at `height` (ConsensusParams.ValidateUpdate): back, or after they are on.
 */
export function validateParamsUpdate(
  params: ConsensusParams,
  update: ConsensusParamsUpdate | undefined,
  height: bigint,
): void {
  const wanted = update?.abci?.voteExtensionsEnableHeight;
  const current = params.abci.voteExtensionsEnableHeight;
  if (wanted === undefined) return;
  if (wanted < 0n) throw new ValidationError("VoteExtensionsEnableHeight must be positive");
  if ((current <= 0n && wanted === 0n) || current === wanted) return;
  if (current > 0n && wanted === 0n) {
    if (current > height) return;
    throw new ValidationError(
      `vote extensions cannot be disabled once enabledold enable height: ${current}, current height ${height}`,
    );
  }
  if (wanted <= height) {
    throw new ValidationError(
      `vote extensions cannot be updated to a past or current height, enable height: ${wanted}, current height ${height}`,
    );
  }
  if (current > 0n && current <= height) {
    throw new ValidationError(
      `vote extensions cannot be modified once enabledenable height: ${current}, current height ${height}`,
    );
  }
}

/** ConsensusHash: SHA-256 of the two parameters light clients must know. */
export function consensusParamsHash(params: ConsensusParams): Uint8Array {
  return sha256(concat(varintField(1, params.block.maxBytes), varintField(2, params.block.maxGas)));
}

/** Fills a message's missing parts with CometBFT's defaults. */
export function consensusParamsFromProto(message: ConsensusParamsUpdate | undefined): ConsensusParams {
  return updateConsensusParams(DEFAULT_CONSENSUS_PARAMS, message);
}

/** True when precommits of `height` carry vote extensions. */
export function voteExtensionsEnabled(params: ConsensusParams, height: bigint): boolean {
  if (height < 1n) throw new ValidationError(`cannot check if vote extensions enabled for height ${height} (< 1)`);
  const from = params.abci.voteExtensionsEnableHeight;
  return from !== 0n && from <= height;
}

/** Largest block in bytes: −1 stands for the protocol's bound. */
export function maxBlockBytes(params: ConsensusParams): bigint {
  return params.block.maxBytes === -1n ? BigInt(MAX_BLOCK_BYTES) : params.block.maxBytes;
}

/**
 * Bytes left for transactions in a block of `maxBytes` with so much evidence and a commit of so many validators.
 * Throws ValidationError when nothing is left (MaxDataBytes).
 */
export function maxDataBytes(maxBytes: bigint, evidenceBytes: bigint, validators: number): bigint {
  const overhead = MAX_BLOCK_OVERHEAD_BYTES + MAX_HEADER_BYTES + maxCommitBytes(validators) + evidenceBytes;
  if (maxBytes < overhead) {
    throw new ValidationError(
      `Negative MaxDataBytes. Block.MaxBytes=${maxBytes} is too small to accommodate header&lastCommit&evidence=${overhead}`,
    );
  }
  return maxBytes - overhead;
}

/** Largest encoded commit of so many validators, in bytes. */
export function maxCommitBytes(validators: number): bigint {
  return MAX_COMMIT_OVERHEAD_BYTES + (MAX_COMMIT_SIGNATURE_BYTES + COMMIT_SIGNATURE_FRAME_BYTES) * BigInt(validators);
}
