// Pull repair with block parts: what this node asks for and what it answers. Owns the parts and the size of an answer;
// the choice among votes, proposals and certificates is chain/consensus/repair.ts.

import { certificateOf, votesOf } from "../../chain/consensus/certificate.ts";
import { bitMap, hasBit, missingOf, type RoundSummary } from "../../chain/consensus/repair.ts";
import type { State } from "../../chain/consensus/state.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import type { PartSet } from "../../chain/types/part-set.ts";
import type { Commit, ConsensusMessage, Vote } from "../ports.ts";
import type { HeldBlocks } from "./held-blocks.ts";

/** Upper bounds on encoded sizes, in bytes: a signature with its place, a vote or proposal, a part's proof. */
const SIGNATURE_BYTES = 120;
const MESSAGE_BYTES = 400;
const PROOF_BYTES = 2_000;

/** The block whose parts would help most: a decided one, one a quorum stands behind, the newest proposed one. */
export function wantedParts(machine: State, blocks: HeldBlocks, awaited: BlockId | undefined): RoundSummary["wanted"] {
  const unknown = machine.candidates.filter((candidate) => candidate.verdict === "unknown");
  const blockId = awaited ?? unknown.find((candidate) => candidate.wanted)?.blockId ?? unknown.at(-1)?.blockId;
  const parts = blockId && blocks.parts(blockId);
  if (blockId === undefined || parts === undefined) return undefined;
  const held = Array.from({ length: parts.header.total }, (_, index) => parts.part(index));
  return { blockId, parts: bitMap(held, held.length) };
}

export interface RepairSources {
  readonly machine: State;
  /** The commit of the height below; undefined at the first. */
  readonly seenCommit: Commit | undefined;
  /** The votes of that commit that carry extensions: a certificate would drop them. */
  readonly extendedVotes: readonly Vote[];
  readonly parts: (blockId: BlockId) => PartSet | undefined;
}

/** What the peer lacks, within a size. Peers further behind are block sync's business. */
export function answerRepair(
  summary: RoundSummary,
  maxBytes: number,
  { machine, seenCommit, extendedVotes, parts }: RepairSources,
): readonly ConsensusMessage[] {
  const messages: ConsensusMessage[] = [];
  let leftBytes = maxBytes;
  const offer: Offer = (message, bytes) => {
    if (bytes > leftBytes) return false;
    leftBytes -= bytes;
    messages.push(message);
    return true;
  };
  if (summary.height === machine.height) {
    for (const message of missingOf(machine, summary)) {
      // One with extensions may be larger than any answer: its votes go one by one.
      if (!offer(message, sizeOf(message)) && !isExtended(message)) return messages;
    }
    // Perhaps nobody could propose: a decision that came from sync lacks what a proposer needs.
    if (summary.round > 0) offerVotes(extendedVotes, offer);
  } else if (summary.height === machine.height - 1n && seenCommit !== undefined) {
    if (!offerVotes(extendedVotes, offer)) return messages;
    // Where votes are extended a certificate without the extensions is refused; if not all are here, the votes must do.
    const plain = votesOf({ kind: "commit", commit: seenCommit });
    const decisive = extendedVotes.length > 0 ? extendedVotes : plain;
    if (decisive.length === plain.length) {
      const certificate = certificateOf("commit", decisive, seenCommit.signatures.length);
      const message = { type: "certificate", certificate } as const;
      if (!offer(message, sizeOf(message)) && !isExtended(message)) return messages;
    }
  } else {
    return [];
  }
  const { wanted, height, round } = summary;
  const held = wanted && parts(wanted.blockId);
  for (let index = 0; held !== undefined && index < held.header.total; index++) {
    const part = held.part(index);
    if (part === undefined || hasBit(wanted?.parts, index)) continue;
    if (!offer({ type: "part", height, round, part }, part.bytes.length + PROOF_BYTES)) break;
  }
  return messages;
}

type Offer = (message: ConsensusMessage, bytes: number) => boolean;

/** Offers votes one by one; false when they do not fit. */
function offerVotes(votes: readonly Vote[], offer: Offer): boolean {
  return votes.every((vote) => {
    const message = { type: "vote", vote } as const;
    return offer(message, sizeOf(message));
  });
}

function sizeOf(message: ConsensusMessage): number {
  if (message.type === "vote") return MESSAGE_BYTES + message.vote.extension.length;
  if (message.type !== "certificate") return MESSAGE_BYTES;
  const { commit, extensions = [] } = message.certificate;
  const extended = extensions.reduce((sum, { extension }) => sum + extension.length + SIGNATURE_BYTES, 0);
  return MESSAGE_BYTES + SIGNATURE_BYTES * commit.signatures.length + extended;
}

function isExtended(message: ConsensusMessage): boolean {
  return message.type === "certificate" && message.certificate.extensions !== undefined;
}
