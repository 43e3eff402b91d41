// Owns: what a mempool may order and count transactions by, read out of one without checking anything: who signs, what it
// offers for its gas. Does not own: any order, nor whether the offer can be paid (ante.ts).

import { IntError, parseInteger } from "../types/int.ts";
import type { Tx } from "./tx.ts";

/** The terms of a transaction. What it claims may be false: only the ante decides. */
export interface TxTerms {
  /** In the transaction's order; each signer's transactions can only run in the order of its sequences. */
  readonly signers: readonly Uint8Array[];
  readonly gasLimit: bigint;
  /** The fee it offers, per denomination; amounts that are no number count as none. */
  readonly fee: readonly { readonly denom: string; readonly amount: bigint }[];
}

/** Reads the terms. */
export function termsOf({ signers, authInfo }: Tx): TxTerms {
  const fee = (authInfo.fee?.amount ?? []).map(({ denom, amount }) => ({ denom, amount: amountOf(amount) }));
  return { signers, gasLimit: authInfo.fee?.gasLimit ?? 0n, fee };
}

function amountOf(text: string): bigint {
  try {
    const amount = parseInteger(text);
    return amount > 0n ? amount : 0n;
  } catch (error) {
    if (error instanceof IntError) return 0n;
    throw error;
  }
}
