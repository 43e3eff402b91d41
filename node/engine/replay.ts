// What a replay of the write-ahead log leaves open. Owns the reading of log entries against the machine's state; the
// replay itself is the driver's, through the same step as ever.

import type { Effect } from "../../chain/consensus/effect.ts";
import { candidateOf, roundOf, type State } from "../../chain/consensus/state.ts";
import { isProposer } from "../../chain/consensus/validators.ts";
import { decodeBlock } from "../../chain/types/block.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { PartSet } from "../../chain/types/part-set.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import { SIGNED_PREVOTE } from "../../chain/types/vote.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { HeldBlock } from "./held-blocks.ts";
import type { SignedMessage } from "./signer.ts";
import type { LogEntry } from "./wal-record.ts";

/** Whether the entry is a vote or proposal of the validator with this address. */
export function isOwnMessage(
  entry: LogEntry,
  validators: ValidatorSet,
  address: Uint8Array,
): entry is LogEntry & SignedMessage {
  if (entry.type === "vote") return equalBytes(entry.vote.validatorAddress, address);
  return entry.type === "proposal" && isProposer(validators, entry.proposal.round, address);
}

/**
 * Whether an effect asked for during the replay has not been answered by the log. `others` are the effects asked for
 * as well: a block that was built and waits for its signature need not be built again.
 */
export function isOpen(state: State, effect: Effect, others: readonly Effect[]): boolean {
  switch (effect.type) {
    case "sign": {
      const { message } = effect;
      if (message.round !== state.round) return false;
      const held = roundOf(state, message.round);
      if (message.type === "proposal") return state.step === "propose" && (held?.proposals.length ?? 0) === 0;
      const tally = message.voteType === SIGNED_PREVOTE ? held?.prevotes : held?.precommits;
      return tally?.votes[message.validatorIndex] === undefined;
    }
    case "buildValue":
      return (
        effect.round === state.round &&
        state.step === "propose" &&
        (roundOf(state, state.round)?.proposals.length ?? 0) === 0 &&
        !others.some((other) => other.type === "sign" && other.message.type === "proposal" && isOpen(state, other, []))
      );
    case "validate":
      return candidateOf(state, effect.blockId)?.verdict === "unknown";
    default:
      return false;
  }
}

/** The whole block of these bytes. */
export function heldFromBytes(blockId: BlockId, bytes: Uint8Array, hasher: Hasher): HeldBlock {
  return { blockId, bytes, parts: PartSet.fromBytes(bytes, hasher), block: decodeBlock(bytes, hasher) };
}
