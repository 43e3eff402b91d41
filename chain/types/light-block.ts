/**
 * Owns what light clients are shown: a header with the commit that proves it and the validators who signed. It checks
 * their form and consistency, never signatures or trust (chain/light).
 */
import { equalBytes } from "../../proto/bytes.ts";
import { upperHex } from "./block-id.ts";
import type { Commit } from "./commit.ts";
import { validateCommit } from "./commit.ts";
import { ValidationError, within } from "./errors.ts";
import type { Header } from "./header.ts";
import { headerHash, validateHeader } from "./header.ts";
import type { ValidatorSet } from "./validator-set.ts";
import { validateValidatorSet, validatorSetHash } from "./validator-set.ts";

/** A header and the commit for it. */
export interface SignedHeader {
  readonly header: Header;
  readonly commit: Commit;
}

/** A signed header and the validators of its height. */
export interface LightBlock {
  readonly signedHeader: SignedHeader;
  readonly validators: ValidatorSet;
}

/** Throws ValidationError unless header and commit are well formed, of this chain and of each other. */
export function validateSignedHeader({ header, commit }: SignedHeader, chainId: string): void {
  within("invalid header", () => validateHeader(header));
  within("invalid commit", () => validateCommit(commit));
  if (header.chainId !== chainId) {
    throw new ValidationError(`header belongs to another chain "${header.chainId}", not "${chainId}"`);
  }
  if (commit.height !== header.height) {
    throw new ValidationError(`header and commit height mismatch: ${header.height} vs ${commit.height}`);
  }
  const hash = headerHash(header) ?? new Uint8Array(0);
  if (!equalBytes(hash, commit.blockId.hash)) {
    throw new ValidationError(`commit signs block ${upperHex(commit.blockId.hash)}, header is block ${upperHex(hash)}`);
  }
}

/** Throws ValidationError unless the signed header is consistent and the validators are those it names. */
export function validateLightBlock({ signedHeader, validators }: LightBlock, chainId: string): void {
  within("invalid signed header", () => validateSignedHeader(signedHeader, chainId));
  within("invalid validator set", () => validateValidatorSet(validators));
  const hash = validatorSetHash(validators);
  if (!equalBytes(signedHeader.header.validatorsHash, hash)) {
    throw new ValidationError(
      `expected validator hash of header to match validator set hash (${upperHex(signedHeader.header.validatorsHash)} != ${upperHex(hash)})`,
    );
  }
}
