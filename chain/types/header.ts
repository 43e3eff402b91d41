/**
 * Owns block headers: their hash and their form. It does not own whether a header fits the chain (chain-state.ts).
 */
import { concat, utf8Length } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { validateBlockId, validateHash } from "./block-id.ts";
import { ValidationError, within } from "./errors.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import { ADDRESS_BYTES, BLOCK_PROTOCOL, MAX_CHAIN_ID_BYTES } from "./limits.ts";
import { merkleRoot } from "./merkle.ts";
import { validateTime } from "./time.ts";
import { blockIdBytes, bytesField, stringField, timestampBytes, varintField } from "./wire.ts";

/** A block header (tendermint.types.Header). */
export type Header = Messages["tendermint.types.Header"];

/**
 * The block hash: Merkle root over the header's 14 encoded fields in order (CometBFT Header.Hash).
 * Undefined when the validators' hash is missing: such a header is not finished.
 */
export function headerHash(header: Header, hasher: Hasher = nobleHasher): Uint8Array | undefined {
  if (header.validatorsHash.length === 0) return undefined;
  return merkleRoot(
    [
      concat(varintField(1, header.version.block), varintField(2, header.version.app)),
      stringField(1, header.chainId),
      varintField(1, header.height),
      timestampBytes(header.time),
      blockIdBytes(header.lastBlockId),
      bytesField(1, header.lastCommitHash),
      bytesField(1, header.dataHash),
      bytesField(1, header.validatorsHash),
      bytesField(1, header.nextValidatorsHash),
      bytesField(1, header.consensusHash),
      bytesField(1, header.appHash),
      bytesField(1, header.lastResultsHash),
      bytesField(1, header.evidenceHash),
      bytesField(1, header.proposerAddress),
    ],
    hasher,
  );
}

/** Throws ValidationError unless the header has the right form (Header.ValidateBasic). */
export function validateHeader(header: Header): void {
  if (header.version.block !== BLOCK_PROTOCOL) {
    throw new ValidationError(`block protocol is incorrect: got: ${header.version.block}, want: ${BLOCK_PROTOCOL} `);
  }
  const chainIdBytes = utf8Length(header.chainId);
  if (chainIdBytes > MAX_CHAIN_ID_BYTES) {
    throw new ValidationError(`chainID is too long; got: ${chainIdBytes}, max: ${MAX_CHAIN_ID_BYTES}`);
  }
  if (header.height < 0n) throw new ValidationError("negative Height");
  if (header.height === 0n) throw new ValidationError("zero Height");
  // Go refuses such times when it decodes them; the codec leaves them to us.
  within("wrong Time", () => validateTime(header.time));
  within("wrong LastBlockID", () => validateBlockId(header.lastBlockId));
  within("wrong LastCommitHash", () => validateHash(header.lastCommitHash));
  within("wrong DataHash", () => validateHash(header.dataHash));
  within("wrong EvidenceHash", () => validateHash(header.evidenceHash));
  if (header.proposerAddress.length !== ADDRESS_BYTES) {
    throw new ValidationError(
      `invalid ProposerAddress length; got: ${header.proposerAddress.length}, expected: ${ADDRESS_BYTES}`,
    );
  }
  within("wrong ValidatorsHash", () => validateHash(header.validatorsHash));
  within("wrong NextValidatorsHash", () => validateHash(header.nextValidatorsHash));
  within("wrong ConsensusHash", () => validateHash(header.consensusHash));
  within("wrong LastResultsHash", () => validateHash(header.lastResultsHash));
}
