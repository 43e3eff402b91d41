// Owns: who may change what no account owns (parameters, plans): the account of the gov module, and the refusal of anyone else.
// Does not own: how governance decides (modules/gov).

import { moduleAddress } from "../types/address.ts";
import type { Read } from "./context.ts";
import { type ErrorRow, TxError } from "./errors.ts";

/** The module whose account is the authority of every module, as in simapp. */
export const AUTHORITY_MODULE = "gov";

/** gov's row for a message that is not signed by the authority (x/gov/types/errors.go, ErrInvalidSigner). */
export const INVALID_SIGNER = {
  code: 13,
  text: "expected gov account as only signer for proposal message",
} as const satisfies ErrorRow;

/** The authority's 20 bytes. */
export function authorityAddress(): Uint8Array {
  return moduleAddress(AUTHORITY_MODULE);
}

/** The authority as text. */
export function authorityText(ctx: Pick<Read, "addresses">): string {
  return ctx.addresses.account(authorityAddress());
}

/** Throws gov/13 unless `named` is the authority. The text is compared, as the SDK compares it. */
export function requireAuthority(ctx: Pick<Read, "addresses">, named: string): void {
  const expected = authorityText(ctx);
  if (named === expected) return;
  throw new TxError(
    AUTHORITY_MODULE,
    INVALID_SIGNER.code,
    `invalid authority; expected ${expected}, got ${named}: ${INVALID_SIGNER.text}`,
  );
}
