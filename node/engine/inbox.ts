// Messages from peers on their way into the machine. Owns which are taken, which wait for the next height and which are
// refused; the checks themselves are admission.ts, the queue is driver.ts.

import { blockKey } from "../../chain/consensus/block-key.ts";
import type { LoggedInput, SyncedBlock } from "../../chain/consensus/input.ts";
import { summaryOf } from "../../chain/consensus/repair.ts";
import type { State } from "../../chain/consensus/state.ts";
import { partsOfBlock } from "../../chain/types/block.ts";
import { type BlockId, equalBlockIds } from "../../chain/types/block-id.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { validateCommit, verifyCommit } from "../../chain/types/commit.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { impossible } from "../../chain/types/impossible.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import type { Proposal, Vote } from "../../chain/types/vote.ts";
import { DecodeError } from "../../proto/codec.ts";
import type {
  Block,
  Certificate,
  Commit,
  ConsensusMessage,
  EngineLog,
  ExtendedCommit,
  Part,
  Verdict,
} from "../ports.ts";
import {
  type AdmissionNeeds,
  checkCertificate,
  checkCommitExtensions,
  checkProposal,
  checkVote,
  hasPlaceFor,
  isKnownProposal,
  isKnownVote,
  isSameProposal,
  isSameVote,
} from "./admission.ts";
import type { EngineHoldings } from "./driver-needs.ts";
import type { EvidencePool } from "./evidence-pool.ts";
import { bareCommit, type ExtensionRule, type Extensions, hasExtensions } from "./extensions.ts";
import type { HeldBlock, HeldBlocks } from "./held-blocks.ts";
import { MAX_BUFFERED_MESSAGES } from "./limits.ts";
import type { LogEntry } from "./wal-record.ts";

/** What the inbox sees of the driver, and does through it. */
export interface InboxUses {
  readonly machine: () => State;
  readonly chain: () => ChainState;
  readonly blocks: () => HeldBlocks;
  readonly evidence: EvidencePool;
  readonly extensions: Extensions;
  /** Whether the application has nothing against what another validator's vote carries. */
  readonly acceptsExtension: (vote: Vote) => boolean;
  /** Whether a vote bears our key's signature and was not made here. */
  readonly isForeignVote: (vote: Vote) => boolean;
  /** Whether a proposal bears our key's signature and was not made here. */
  readonly isForeignProposal: (proposal: Proposal) => boolean;
  readonly append: (entry: LogEntry) => void;
  readonly run: (input: LoggedInput) => Promise<void>;
  readonly blockArrived: (blockId: BlockId) => Promise<void>;
  /** Why a block cannot follow the chain, or undefined; `isProven` when its last commit was verified in full already. */
  readonly syncRejection: (block: Block, isProven: boolean) => string | undefined;
  /** Carries out a verified block from sync. */
  readonly synced: (held: HeldBlock, decision: SyncedBlock) => Promise<void>;
}

export interface InboxNeeds extends AdmissionNeeds {
  readonly hasher: Hasher;
  readonly log: EngineLog;
}

/** A message that came a height too early, and from whom. */
export interface EarlyMessage {
  readonly from: string;
  readonly message: ConsensusMessage;
}

export class Inbox {
  readonly #uses: InboxUses;
  readonly #admission: InboxNeeds;
  #early: EarlyMessage[] = [];
  /** The commit that the last block from sync was proven by, and what it was verified against. */
  #proven: { readonly commit: Commit; readonly blockId: BlockId; readonly validators: ValidatorSet } | undefined;

  constructor(admission: InboxNeeds, uses: InboxUses) {
    this.#admission = admission;
    this.#uses = uses;
  }

  /** Takes one message in. `invalid` is one that no correct node sends. */
  async take(from: string, message: ConsensusMessage): Promise<Verdict> {
    return this.#orInvalid(`${message.type} from ${from}`, () => this.#takeMessage(from, message));
  }

  /** Takes a block from sync, with a commit for it; `accepted` when it is executed and durable. */
  async takeBlock(block: Block, given: Commit | ExtendedCommit): Promise<Verdict> {
    const { height, validators, step } = this.#uses.machine();
    if (block.header.height !== height || given.height !== height || step === "halted") return "ignored";
    return this.#orInvalid(`block ${height} from sync`, async () => {
      const { blockId, parts, bytes } = partsOfBlock(block, this.#admission.hasher);
      // Every signature, not just enough of them, and the places of those who are absent too: this commit is stored, passed
      // on, and stands in the next block if this node proposes it.
      const commit = bareCommit(given);
      validateCommit(commit);
      verifyCommit(this.#admission.chainId, validators, blockId, height, commit, this.#admission.verifier);
      checkCommitExtensions(given, validators, this.#admission, this.#extensionRule(height));
      const reason = this.#uses.syncRejection(block, this.#isProven(block));
      if (reason !== undefined) throw new ValidationError(reason);
      this.#proven = { commit, blockId, validators };
      const extendedCommit = "signatures" in given ? undefined : given;
      const decision = { type: "syncedBlock", height, blockId, commit, extendedCommit } as const;
      await this.#uses.synced({ blockId, parts, bytes, block }, decision);
      return "accepted";
    });
  }

  /** Whether the block's last commit is the very one, not one like it, that was verified in full for the block before. */
  #isProven({ lastCommit }: Block): boolean {
    const { lastBlockId, lastValidators } = this.#uses.chain();
    const proven = this.#proven;
    if (proven === undefined || lastCommit !== proven.commit) return false;
    return lastValidators === proven.validators && equalBlockIds(lastBlockId, proven.blockId);
  }

  async #orInvalid(what: string, take: () => Promise<Verdict>): Promise<Verdict> {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof ValidationError) && !(error instanceof DecodeError)) throw error;
      this.#admission.log.warn(`invalid ${what}`, { reason: error.message });
      return "invalid";
    }
  }

  async #takeMessage(from: string, message: ConsensusMessage): Promise<Verdict> {
    switch (message.type) {
      case "proposal":
        return this.#takeProposal(from, message.proposal);
      case "part":
        return this.#takePart(from, message.height, message.round, message.part);
      case "vote":
        return this.#takeVote(from, message.vote);
      case "certificate":
        return this.#takeCertificate(message.certificate);
      case "evidence":
        return (await this.#uses.evidence.receive(this.#uses.chain(), message.evidence)) ? "accepted" : "ignored";
      default:
        return impossible(message);
    }
  }

  /** How much waits or is held, with so many jobs in the queue: what peers say must not make it grow. */
  holdings(queued: number): EngineHoldings {
    const { blocks, evidence } = this.#uses;
    return { queued, early: this.#early.length, blocks: blocks().count, evidence: evidence.count };
  }

  /** The messages held for the height that has just begun; they are held no more. */
  takeEarly(): readonly EarlyMessage[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  async #takeProposal(from: string, proposal: Proposal): Promise<Verdict> {
    const machine = this.#uses.machine();
    const { height, round, validators } = machine;
    const { consensusParams, nextValidators } = this.#uses.chain();
    const { maxBytes } = consensusParams.block;
    if (proposal.height === height) {
      if (proposal.round > round + 1 || isKnownProposal(machine, proposal)) return "ignored";
      checkProposal(proposal, validators, maxBytes, this.#admission);
      if (this.#uses.isForeignProposal(proposal)) return "ignored";
      return this.#accept({ type: "proposal", proposal });
    }
    if (proposal.height !== height + 1n || proposal.round > 1 || !this.#hasRoom()) return "ignored";
    if (this.#early.some(({ message: held }) => held.type === "proposal" && isSameProposal(held.proposal, proposal)))
      return "ignored";
    checkProposal(proposal, nextValidators, maxBytes, this.#admission);
    this.#early.push({ from, message: { type: "proposal", proposal } });
    return "ignored";
  }

  async #takeVote(from: string, vote: Vote): Promise<Verdict> {
    const machine = this.#uses.machine();
    const { lastValidators, nextValidators } = this.#uses.chain();
    if (vote.height === machine.height) {
      if (isKnownVote(machine, vote)) return "ignored";
      checkVote(vote, machine.validators, this.#admission, this.#extensionRule(vote.height));
      // Never logged: the next start would take it for one of ours that the journal lost.
      if (this.#uses.isForeignVote(vote)) return "ignored";
      if (!this.#uses.acceptsExtension(vote)) return "ignored";
      return this.#accept({ type: "vote", vote });
    }
    if (vote.height === machine.height - 1n) {
      const rule = this.#extensionRule(vote.height);
      if (rule === "required" && this.#uses.extensions.lacks(machine.lastCommit, vote)) {
        // The vote is in the commit already, which came from sync: what it carries is all that is new.
        checkVote(vote, lastValidators, this.#admission, rule);
        this.#uses.extensions.note(vote);
        return "accepted";
      }
      if (!hasPlaceFor(machine.lastCommit, vote)) return "ignored";
      checkVote(vote, lastValidators, this.#admission, rule);
      return this.#accept({ type: "vote", vote });
    }
    if (vote.height !== machine.height + 1n || vote.round > 1 || !this.#hasRoom()) return "ignored";
    if (this.#early.some(({ message: held }) => held.type === "vote" && isSameVote(held.vote, vote))) return "ignored";
    // The parameters of that height are not known yet; it is looked at again when its turn comes.
    checkVote(vote, nextValidators, this.#admission, "optional");
    this.#early.push({ from, message: { type: "vote", vote } });
    return "ignored";
  }

  #extensionRule(height: bigint): ExtensionRule {
    return hasExtensions(this.#uses.chain(), height) ? "required" : "forbidden";
  }

  async #takeCertificate(certificate: Certificate): Promise<Verdict> {
    const { kind, commit } = certificate;
    const machine = this.#uses.machine();
    if (commit.height !== machine.height) return "ignored";
    const held = summaryOf(machine).rounds.find(({ round }) => round === commit.round);
    if (held?.certificates.includes(`${kind}/${blockKey(commit.blockId)}`)) return "ignored";
    const rule = this.#extensionRule(commit.height);
    const votes = checkCertificate(certificate, machine.validators, this.#admission, rule);
    for (const vote of votes) this.#uses.isForeignVote(vote);
    if (!votes.every((vote) => this.#uses.acceptsExtension(vote))) return "ignored";
    return this.#accept({ type: "cert", kind, votes });
  }

  async #takePart(from: string, height: bigint, round: number, part: Part): Promise<Verdict> {
    const { height: current } = this.#uses.machine();
    if (height === current + 1n && this.#hasRoom() && this.#isAnnounced(part)) {
      this.#early.push({ from, message: { type: "part", height, round, part } });
      return "ignored";
    }
    if (height !== current) return "ignored";
    const { outcome, blockId } = this.#uses.blocks().add(part);
    if (blockId === undefined || outcome === "known" || outcome === "foreign") return "ignored";
    this.#uses.append({ type: "part", blockId, part });
    if (outcome === "complete") await this.#uses.blockArrived(blockId);
    return "accepted";
  }

  /** Whether an early proposal, whose signature was checked, names a block that the part could be of. */
  #isAnnounced(part: Part): boolean {
    return this.#early.some(
      ({ message }) =>
        message.type === "proposal" && BigInt(message.proposal.blockId.partSetHeader.total) === part.proof.total,
    );
  }

  #hasRoom(): boolean {
    return this.#early.length < MAX_BUFFERED_MESSAGES;
  }

  async #accept(input: LoggedInput): Promise<Verdict> {
    const before = this.#uses.machine();
    await this.#uses.run(input);
    return this.#uses.machine() === before ? "ignored" : "accepted";
  }
}
