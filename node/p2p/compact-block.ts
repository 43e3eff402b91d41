/**
 * The compact form of a proposed block: all of it but its transactions, which are named. It owns the form and the way back; who sends
 * it to whom is compact-proposals.ts.
 */
import { encodeBlock } from "../../chain/types/block.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { PartSet } from "../../chain/types/part-set.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { DecodeError, decode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Block } from "../ports.ts";
import { digest } from "./digest.ts";

export type CompactProposal = Messages["tributary.p2p.v1.CompactProposal"];

/** A block as it is kept for peers that lack something of it. */
export interface CompactBlock {
  /** Without transactions. */
  readonly block: Block;
  readonly names: readonly string[];
  readonly txs: readonly Uint8Array[];
}

/** The compact form of a block's bytes; undefined where they are no block, or not as this node would encode it. */
export function compactOf(blockBytes: Uint8Array): CompactBlock | undefined {
  try {
    const block = decode("tendermint.types.Block", blockBytes);
    if (!equalBytes(encodeBlock(block), blockBytes)) return undefined;
    return { block: withTransactions(block, []), names: block.data.txs.map(digest), txs: block.data.txs };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The parts of the block with these transactions. Throws ValidationError when there would be too many. */
export function partsWith(block: Block, txs: readonly Uint8Array[], hasher: Hasher): PartSet {
  return PartSet.fromBytes(encodeBlock(withTransactions(block, txs)), hasher);
}

function withTransactions(block: Block, txs: readonly Uint8Array[]): Block {
  return { ...block, data: { ...block.data, txs: [...txs] } };
}
