// Messages made by hand: votes, proposals, certificates and blocks signed with any simulated key. Owns what liars and
// scenarios say; nothing here is used by a correct node.

import { type Certificate, certificateOf } from "../../chain/consensus/certificate.ts";
import { type Block, partsOfBlock } from "../../chain/types/block.ts";
import { type BlockId, isZeroBlockId, ZERO_BLOCK_ID } from "../../chain/types/block-id.ts";
import { type ChainState, makeBlock } from "../../chain/types/chain-state.ts";
import type { Commit } from "../../chain/types/commit.ts";
import type { Evidence } from "../../chain/types/evidence.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import {
  type Proposal,
  proposalSignBytes,
  SIGNED_PRECOMMIT,
  SIGNED_PREVOTE,
  SIGNED_PROPOSAL,
  type Vote,
  voteExtensionSignBytes,
  voteSignBytes,
} from "../../chain/types/vote.ts";
import { nodeHasher } from "../../node/crypto.ts";
import type { HeldBlock } from "../../node/engine/held-blocks.ts";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import type { ConsensusMessage } from "../../node/ports.ts";
import { equalBytes } from "../../proto/bytes.ts";

const NONE = new Uint8Array(0);
export const hasher = nodeHasher();

/** Where a vote stands and what it is for; `nil` when no block is named. */
export interface VoteToForge {
  readonly chainId: string;
  readonly validators: ValidatorSet;
  readonly kind: "prevote" | "precommit";
  readonly height: bigint;
  readonly round: number;
  readonly blockId?: BlockId | undefined;
  readonly time: Timestamp;
  /** What a precommit for a block carries where votes are extended. */
  readonly extension?: Uint8Array | undefined;
}

/** The place of a key in a set, or undefined. */
export function placeOf(validators: ValidatorSet, key: ValidatorKey): number | undefined {
  const index = validators.validators.findIndex(({ address }) => equalBytes(address, key.address));
  return index < 0 ? undefined : index;
}

/** A well-signed vote. Throws when the key is not in the set. */
export function forgeVote(key: ValidatorKey, what: VoteToForge): Vote {
  const validatorIndex = placeOf(what.validators, key);
  if (validatorIndex === undefined) throw new Error("the key is not in the validator set");
  const vote: Vote = {
    type: what.kind === "prevote" ? SIGNED_PREVOTE : SIGNED_PRECOMMIT,
    height: what.height,
    round: what.round,
    blockId: what.blockId ?? ZERO_BLOCK_ID,
    timestamp: what.time,
    validatorAddress: key.address,
    validatorIndex,
    signature: NONE,
    extension: NONE,
    extensionSignature: NONE,
  };
  const signed = { ...vote, signature: key.sign(voteSignBytes(what.chainId, vote)) };
  if (what.extension === undefined || what.kind === "prevote" || isZeroBlockId(vote.blockId)) return signed;
  const extended = { ...signed, extension: what.extension };
  return { ...extended, extensionSignature: key.sign(voteExtensionSignBytes(what.chainId, extended)) };
}

/** A well-signed proposal; whether it is the key's turn is not asked. */
export function forgeProposal(
  key: ValidatorKey,
  what: {
    readonly chainId: string;
    readonly height: bigint;
    readonly round: number;
    readonly polRound?: number;
    readonly blockId: BlockId;
    readonly time: Timestamp;
  },
): Proposal {
  const proposal: Proposal = {
    type: SIGNED_PROPOSAL,
    height: what.height,
    round: what.round,
    polRound: what.polRound ?? -1,
    blockId: what.blockId,
    timestamp: what.time,
    signature: NONE,
  };
  return { ...proposal, signature: key.sign(proposalSignBytes(what.chainId, proposal)) };
}

/** The certificate that these votes make, all of one kind and for one block. */
export function forgeCertificate(votes: readonly Vote[], validators: number): Certificate {
  const kind = votes[0]?.type === SIGNED_PREVOTE ? "polka" : "commit";
  return certificateOf(kind, votes, validators);
}

/** A block that follows a state; `change` may then spoil it in any way. */
export function forgeBlock(
  state: ChainState,
  what: {
    readonly proposer: Uint8Array;
    readonly lastCommit: Commit | undefined;
    readonly txs?: readonly Uint8Array[];
    readonly evidence?: readonly Evidence[];
    readonly change?: (block: Block) => Block;
  },
): HeldBlock {
  const honest = makeBlock(state, what.txs ?? [], what.lastCommit, what.evidence ?? [], what.proposer, hasher);
  const block = what.change?.(honest) ?? honest;
  const { blockId, parts, bytes } = partsOfBlock(block, hasher);
  return { blockId, parts, bytes, block };
}

/** The messages that carry a block's parts. */
export function partMessages(held: HeldBlock, height: bigint, round: number): readonly ConsensusMessage[] {
  const messages: ConsensusMessage[] = [];
  for (let index = 0; index < held.parts.header.total; index++) {
    const part = held.parts.part(index);
    if (part !== undefined) messages.push({ type: "part", height, round, part });
  }
  return messages;
}
