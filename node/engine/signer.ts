// What this key may sign. Owns the two guards that stand beside the consensus machine and trust nothing it says: never
// two different messages at one height, round and step, never out of order; and never a prevote against a lock without
// the polka that permits it. Does not own the key (validator-key.ts) nor the memory (sign-journal.ts).

import { blockKey } from "../../chain/consensus/block-key.ts";
import type { Polka, SignEffect, UnsignedProposal, UnsignedVote } from "../../chain/consensus/effect.ts";
import type { Lock } from "../../chain/consensus/state.ts";
import { isQuorum, type Powers } from "../../chain/consensus/votes.ts";
import { isZeroBlockId, ZERO_BLOCK_ID } from "../../chain/types/block-id.ts";
import type { Timestamp } from "../../chain/types/time.ts";
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
import { equalBytes } from "../../proto/bytes.ts";
import { decode, encode } from "../../proto/codec.ts";
import { ByteReader } from "./binary.ts";
import {
  comparePositions,
  type SignJournal,
  type SignPosition,
  type SignRecord,
  STEP_PRECOMMIT,
  STEP_PREVOTE,
  STEP_PROPOSE,
} from "./sign-journal.ts";
import type { ValidatorKey } from "./validator-key.ts";

export type SignedMessage =
  | { readonly type: "vote"; readonly vote: Vote }
  | { readonly type: "proposal"; readonly proposal: Proposal };

/**
 * `signed`: durable and may be sent; `alarm` is set when it is not what was asked for. `refused`: nothing was signed,
 * and the machine goes on as if this node were silent.
 */
export type SignOutcome =
  | { readonly outcome: "signed"; readonly message: SignedMessage; readonly alarm: string | undefined }
  | { readonly outcome: "refused"; readonly reason: string };

export interface SignRequest {
  readonly effect: SignEffect;
  /** The time to put into the message, unless one with another time is already signed. */
  readonly timestamp: Timestamp;
  /** proto(Block) of the block that `effect.lock` names. */
  readonly block: Uint8Array | undefined;
  /** What the application adds to a precommit for a block; undefined at heights without vote extensions. */
  readonly extension?: Uint8Array | undefined;
  /** The validators of the message's height, against which polkas are counted. */
  readonly powers: Powers;
}

export class Signer {
  readonly key: ValidatorKey;
  readonly #chainId: string;
  readonly #journal: SignJournal;

  constructor(options: { chainId: string }, needs: { key: ValidatorKey; journal: SignJournal }) {
    this.#chainId = options.chainId;
    this.key = needs.key;
    this.#journal = needs.journal;
  }

  get address(): Uint8Array {
    return this.key.address;
  }

  /** Signs, or gives back what was signed before, or refuses. A failed write is a FatalError. */
  sign(request: SignRequest): SignOutcome {
    const refusal = this.#lockRefusal(request);
    if (refusal === undefined) return this.#signOnce(request.effect.message, request, undefined);
    const { message } = request.effect;
    // A nil prevote is always safe, and keeps the round going; anything else stays unsaid.
    if (message.type !== "vote" || message.voteType !== SIGNED_PREVOTE) return { outcome: "refused", reason: refusal };
    return this.#signOnce({ ...message, blockId: ZERO_BLOCK_ID }, request, refusal);
  }

  /** Everything signed at this height, as it was sent, oldest first. */
  signedAt(height: bigint): readonly SignedMessage[] {
    const messages: SignedMessage[] = [];
    for (const record of this.#journal.records) {
      if (record.height === height && record.message.length > 0) messages.push(messageOf(record));
    }
    return messages;
  }

  /** The lock promised at this height, with its block. */
  lockAt(height: bigint): (Lock & { readonly block: Uint8Array }) | undefined {
    return this.#journal.lockAt(height);
  }

  /**
   * Takes back a signature of this key that the log has and the journal lost with its torn last record. The log is the
   * second of the two copies that precede every send.
   */
  restore(message: SignedMessage): boolean {
    const signed = message.type === "vote" ? message.vote : message.proposal;
    const position = positionOf(signed);
    if (comparePositions(position, this.#journal.highest) <= 0) return false;
    this.#journal.append({
      ...position,
      signBytes: this.#signBytes(message),
      signature: signed.signature,
      message: encodeMessage(message),
      lock: undefined,
    });
    return true;
  }

  /** Whether this very vote or proposal was made here, or may have been before the journal began. */
  knows(vote: Pick<Vote | Proposal, "height" | "round" | "type" | "signature">): boolean {
    return this.#journal.knows(positionOf(vote), vote.signature);
  }

  close(): void {
    this.#journal.close();
  }

  #signOnce(message: UnsignedVote | UnsignedProposal, request: SignRequest, alarm: string | undefined): SignOutcome {
    const position = unsignedPosition(message);
    const stored = this.#journal.find(position);
    if (stored !== undefined) return this.#reuse(message, stored, request, alarm);
    const { highest } = this.#journal;
    if (comparePositions(position, highest) <= 0) {
      return { outcome: "refused", reason: `${text(position)} does not come after ${text(highest)}, signed before` };
    }
    const unsigned = this.#complete(message, request.timestamp, new Uint8Array(0));
    const signBytes = this.#signBytes(unsigned);
    const signature = this.key.sign(signBytes);
    const signed = this.#extended(this.#complete(message, request.timestamp, signature), request.extension);
    this.#journal.append({
      ...position,
      signBytes,
      signature,
      message: encodeMessage(signed),
      lock:
        request.effect.lock && alarm === undefined
          ? { ...request.effect.lock, block: request.block ?? NONE }
          : undefined,
    });
    return { outcome: "signed", message: signed, alarm };
  }

  /** The same message, or one that differs only in its time, gets the signature it has; any other is refused. */
  #reuse(
    message: UnsignedVote | UnsignedProposal,
    stored: SignRecord,
    { extension }: SignRequest,
    alarm: string | undefined,
  ): SignOutcome {
    const again = this.#complete(message, signedTime(stored), stored.signature);
    if (!equalBytes(this.#signBytes(again), stored.signBytes)) {
      return { outcome: "refused", reason: `something else was signed at ${text(stored)}` };
    }
    // As it was sent, with the extension it had. A record from CometBFT has none kept: its extension is signed again, as there.
    const whole = stored.message.length > 0 ? messageOf(stored) : this.#extended(again, extension);
    return { outcome: "signed", message: whole, alarm };
  }

  /** The vote with its extension and the signature on that; only precommits for blocks have any. */
  #extended(message: SignedMessage, extension: Uint8Array | undefined): SignedMessage {
    if (extension === undefined || message.type !== "vote") return message;
    const { vote } = message;
    if (vote.type !== SIGNED_PRECOMMIT || isZeroBlockId(vote.blockId)) return message;
    const extensionSignature = this.key.sign(voteExtensionSignBytes(this.#chainId, { ...vote, extension }));
    return { type: "vote", vote: { ...vote, extension, extensionSignature } };
  }

  /** The lock rule (arXiv 1807.04938 lines 23 and 29) and the condition on precommits (line 36), checked afresh. */
  #lockRefusal({ effect, powers, block }: SignRequest): string | undefined {
    const { message } = effect;
    if (message.type !== "vote" || isZeroBlockId(message.blockId)) return undefined;
    const key = blockKey(message.blockId);
    if (message.voteType !== SIGNED_PREVOTE) {
      const lock = effect.lock;
      const fits = lock !== undefined && lock.round === message.round && blockKey(lock.blockId) === key;
      if (!fits || !isPolka({ round: lock.round, votes: lock.polka }, message, powers)) {
        return "a precommit for a block without its polka";
      }
      return block === undefined ? "a precommit for a block that is not here" : undefined;
    }
    const lock = this.#journal.lockAt(message.height);
    if (lock === undefined || blockKey(lock.blockId) === key) return undefined;
    const { polka } = effect;
    const later = polka !== undefined && polka.round >= lock.round && polka.round < message.round;
    if (later && isPolka(polka, message, powers)) return undefined;
    return `a prevote against the lock of round ${lock.round} without a later polka`;
  }

  #complete(message: UnsignedVote | UnsignedProposal, timestamp: Timestamp, signature: Uint8Array): SignedMessage {
    const { height, round, blockId } = message;
    if (message.type === "proposal") {
      const { polRound } = message;
      return {
        type: "proposal",
        proposal: { type: SIGNED_PROPOSAL, height, round, polRound, blockId, timestamp, signature },
      };
    }
    const { voteType: type, validatorIndex } = message;
    const validatorAddress = this.key.address;
    const vote = { type, height, round, blockId, timestamp, validatorAddress, validatorIndex, signature };
    return { type: "vote", vote: { ...vote, extension: NONE, extensionSignature: NONE } };
  }

  #signBytes(message: SignedMessage): Uint8Array {
    return message.type === "vote"
      ? voteSignBytes(this.#chainId, message.vote)
      : proposalSignBytes(this.#chainId, message.proposal);
  }
}

const NONE = new Uint8Array(0);

/** Whether the votes are prevotes of a quorum for the block the message names, at its height and the polka's round. */
function isPolka(polka: Polka, message: UnsignedVote, powers: Powers): boolean {
  const key = blockKey(message.blockId);
  const seen = new Set<number>();
  let power = 0n;
  for (const vote of polka.votes) {
    const fits = vote.type === SIGNED_PREVOTE && vote.height === message.height && vote.round === polka.round;
    if (!fits || blockKey(vote.blockId) !== key || seen.has(vote.validatorIndex)) return false;
    seen.add(vote.validatorIndex);
    power += powers.each[vote.validatorIndex] ?? 0n;
  }
  return isQuorum(power, powers.total);
}

function unsignedPosition(message: UnsignedVote | UnsignedProposal): SignPosition {
  const { height, round } = message;
  if (message.type === "proposal") return { height, round, step: STEP_PROPOSE };
  return { height, round, step: message.voteType === SIGNED_PREVOTE ? STEP_PREVOTE : STEP_PRECOMMIT };
}

function positionOf(signed: Pick<Vote | Proposal, "height" | "round" | "type">): SignPosition {
  const { height, round, type } = signed;
  if (type === SIGNED_PROPOSAL) return { height, round, step: STEP_PROPOSE };
  return { height, round, step: type === SIGNED_PREVOTE ? STEP_PREVOTE : STEP_PRECOMMIT };
}

function encodeMessage(message: SignedMessage): Uint8Array {
  return message.type === "vote"
    ? encode("tendermint.types.Vote", message.vote)
    : encode("tendermint.types.Proposal", message.proposal);
}

function messageOf(record: SignRecord): SignedMessage {
  return record.step === STEP_PROPOSE
    ? { type: "proposal", proposal: decode("tendermint.types.Proposal", record.message) }
    : { type: "vote", vote: decode("tendermint.types.Vote", record.message) };
}

/** The time inside sign bytes: a length, then CanonicalVote or CanonicalProposal. */
function signedTime(record: SignRecord): Timestamp {
  const reader = new ByteReader(record.signBytes);
  while (reader.uint8() >= 0x80);
  const canonical = reader.raw(reader.left);
  const name = record.step === STEP_PROPOSE ? "tendermint.types.CanonicalProposal" : "tendermint.types.CanonicalVote";
  return decode(name, canonical).timestamp;
}

function text(position: SignPosition): string {
  const names = ["nothing", "proposal", "prevote", "precommit"];
  return `${names[position.step] ?? "?"} ${position.height}/${position.round}`;
}
