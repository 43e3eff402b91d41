// Transaction step 7: the mempool's transactions into a proposal.
// Owns: which transactions a proposer puts into a block and which blocks a validator accepts, as the SDK's default
// handlers (baseapp/abci_utils.go). Does not own: the mempool's order, which is kept, nor running transactions.

import type { Messages } from "../../proto/types.gen.ts";
import { gasLimitOf } from "./ante.ts";
import type { Tx } from "./tx.ts";

/** Reads a transaction; `undefined` for one that cannot be read. Never throws: a proposal comes from anyone. */
export type Decoder = (tx: Uint8Array) => Tx | undefined;

/** The limits of a block, from the consensus parameters. */
export interface BlockLimits {
  /** Gas of all transactions together; −1 for no limit. */
  readonly maxGas: bigint;
}

/** The bytes one transaction takes inside the block's `Data` message: tag, length, content. */
export function txProtoBytes(tx: Uint8Array): bigint {
  let lengthBytes = 1n;
  for (let left = tx.length; left >= 0x80; left >>= 7) lengthBytes += 1n;
  return 1n + lengthBytes + BigInt(tx.length);
}

/** The gas a transaction asks for, or `undefined` when it cannot be read: such a one never enters a proposal. */
function askedGas(tx: Uint8Array, decode: Decoder): bigint | undefined {
  const decoded = decode(tx);
  return decoded === undefined ? undefined : gasLimitOf(decoded);
}

/** Takes transactions in the order given while they fit; one that does not fit is passed over, not the end. */
export function selectTxs(
  request: Messages["tendermint.abci.RequestPrepareProposal"],
  limits: BlockLimits,
  decode: Decoder,
): Uint8Array[] {
  const selected: Uint8Array[] = [];
  let bytes = 0n;
  let gas = 0n;
  for (const tx of request.txs) {
    const size = txProtoBytes(tx);
    if (bytes + size > request.maxTxBytes) continue;
    const asked = askedGas(tx, decode);
    if (asked === undefined || (limits.maxGas > 0n && gas + asked > limits.maxGas)) continue;
    bytes += size;
    gas += asked;
    selected.push(tx);
  }
  return selected;
}

/**
 * Whether a validator may vote for these transactions: all can be read and their gas fits. Only facts that every
 * validator sees alike are looked at, so honest validators agree.
 */
export function isAcceptable(txs: readonly Uint8Array[], limits: BlockLimits, decode: Decoder): boolean {
  let gas = 0n;
  for (const tx of txs) {
    const asked = askedGas(tx, decode);
    if (asked === undefined) return false;
    gas += asked;
    if (limits.maxGas > 0n && gas > limits.maxGas) return false;
  }
  return true;
}
