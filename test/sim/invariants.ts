// What must hold in every simulated world at every moment. Owns the record of what was signed, decided and proposed, and
// the checks made on it: agreement, validity, equal results, one signature per place, the lock rule, durability before
// publication, truthful evidence, transactions that are neither lost nor doubled, and a light client that follows.
// Does not own progress, which run-seed.ts demands at the end.

import { blockKey } from "../../chain/consensus/block-key.ts";
import { votesOf } from "../../chain/consensus/certificate.ts";
import { isQuorum, type Powers } from "../../chain/consensus/votes.ts";
import { DEFAULT_TRUST_LEVEL, verifyAdjacent } from "../../chain/light/verifier.ts";
import { isZeroBlockId, upperHex } from "../../chain/types/block-id.ts";
import type { Evidence } from "../../chain/types/evidence.ts";
import type { SignedHeader } from "../../chain/types/light-block.ts";
import { compareTime, type Timestamp } from "../../chain/types/time.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, SIGNED_PROPOSAL, type Vote } from "../../chain/types/vote.ts";
import { sha256 } from "../../node/crypto.ts";
import type { CommittedBlock, ConsensusMessage, Proposal } from "../../node/ports.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { decode, encode } from "../../proto/codec.ts";
import { stubVerifier } from "./keys.ts";
import { nativeHex as hex } from "./native-hex.ts";

/** Something that must never happen has happened. */
export class Violation extends Error {
  override name = "Violation";
}

/** What all nodes agree on of one height. */
export interface Decision {
  readonly block: string;
  readonly app: string;
  readonly results: string;
}

/** What one piece of evidence is about: whose two votes, where. Nodes may hold different votes of one place. */
export function evidenceKey(evidence: Evidence): string {
  const vote = evidence.duplicateVoteEvidence?.voteA;
  return vote === undefined ? "none" : hex(sha256(encode("tendermint.types.Evidence", evidence)));
}

/** What the checks ask of a node. */
export interface Subject {
  readonly number: number;
  /** The address its key signs with; undefined in a node without a key. */
  readonly address: Uint8Array | undefined;
  /** Whether it is bound by the rules: not byzantine, and its disk keeps its word. */
  readonly isCorrect: boolean;
  /** Whether a file of its disk would survive a power cut now. */
  isDurable(path: string): boolean;
}

const NONE = new Uint8Array(0);
const FAR_PERIOD_NS = 1_000_000_000_000_000_000n;

export class Invariants {
  /** What each height was decided to be: the first node to commit says, all others must agree. */
  readonly decided = new Map<bigint, Decision>();
  /** What each correct key has signed: node number, height, round and step to the bytes of the message. */
  readonly signed = new Map<string, string>();
  /** The height at which each transaction succeeded, by hash. */
  readonly succeeded = new Map<string, bigint>();
  /** Every piece of evidence that stands in a decided block. */
  readonly committedEvidence: Evidence[] = [];
  readonly #evidenceKeys = new Set<string>();
  readonly #seenOnce = new WeakSet<object>();
  /** Who has said what: "height/round/type/block" to validator indices. Votes of liars count too. */
  readonly #said = new Map<string, Set<number>>();
  readonly #locks = new Map<number, { height: bigint; round: number; key: string }>();
  readonly #proposed = new Map<string, Set<string>>();
  readonly #told = new Map<number, bigint>();
  #trusted: SignedHeader | undefined;
  readonly #chainId: string;
  readonly #subjects: () => readonly Subject[];
  readonly #now: () => Timestamp;

  constructor(options: { chainId: string; subjects: () => readonly Subject[]; latestClock: () => Timestamp }) {
    this.#chainId = options.chainId;
    this.#subjects = options.subjects;
    this.#now = options.latestClock;
  }

  /** The addresses (hex) of keys that are bound by the rules. */
  isCorrectAddress(address: Uint8Array): boolean {
    return this.#subjects().some((each) => each.isCorrect && each.address && equalBytes(each.address, address));
  }

  /** A node has shown a message to another: a proposal only if it is its own. `powers` are those of the message's height. */
  shown(node: Subject, message: ConsensusMessage, powers: Powers): void {
    if (this.#seenOnce.has(message)) return;
    this.#seenOnce.add(message);
    if (message.type === "vote") this.#vote(node, message.vote, powers);
    else if (message.type === "proposal") this.#proposal(node, message.proposal);
    else if (message.type === "certificate")
      for (const vote of votesOf(message.certificate)) this.#vote(node, vote, powers);
    else if (message.type === "evidence") this.#evidence(message.evidence);
  }

  #vote(node: Subject, vote: Vote, powers: Powers): void {
    if (node.address === undefined || !equalBytes(node.address, vote.validatorAddress)) return;
    const key = blockKey(vote.blockId);
    const said = this.#voters(vote.height, vote.round, vote.type, key);
    if (!node.isCorrect) {
      said.add(vote.validatorIndex);
      return;
    }
    const place = `${node.number} ${vote.height}/${vote.round}/${vote.type}`;
    // Certificates carry votes without their extensions; an extension too is signed once.
    const bare = { ...vote, extension: NONE, extensionSignature: NONE };
    if (vote.extensionSignature.length > 0) this.#once(`${place} extension`, vote.extension);
    if (!this.#once(place, encode("tendermint.types.Vote", bare))) return;
    this.#durable(node, vote.height);
    said.add(vote.validatorIndex);
    if (isZeroBlockId(vote.blockId)) return;
    if (vote.type === SIGNED_PREVOTE) this.#checkLock(node, vote, key, powers);
    else if (vote.type === SIGNED_PRECOMMIT) {
      if (!this.#isPolka(vote.height, vote.round, key, powers)) {
        throw new Violation(`node ${place} precommitted ${key} without a polka`);
      }
      const lock = this.#locks.get(node.number);
      if (lock === undefined || lock.height < vote.height || lock.round < vote.round) {
        this.#locks.set(node.number, { height: vote.height, round: vote.round, key });
      }
    }
  }

  /** arXiv 1807.04938 lines 23 and 29: against a lock only with a polka of a round not before it. */
  #checkLock(node: Subject, vote: Vote, key: string, powers: Powers): void {
    const lock = this.#locks.get(node.number);
    if (lock === undefined || lock.height !== vote.height || lock.round >= vote.round || lock.key === key) return;
    for (let round = lock.round; round < vote.round; round++) {
      if (this.#isPolka(vote.height, round, key, powers)) return;
    }
    throw new Violation(
      `node ${node.number} prevoted ${key} at ${vote.height}/${vote.round} against its lock on ${lock.key} of round ${lock.round}`,
    );
  }

  #proposal(node: Subject, proposal: Proposal): void {
    if (!node.isCorrect) return;
    const place = `${node.number} ${proposal.height}/${proposal.round}/${proposal.type}`;
    if (this.#once(place, encode("tendermint.types.Proposal", proposal))) this.#durable(node, proposal.height);
  }

  /** A node's key is about to sign these bytes (a length, then the canonical form). */
  signing(node: Subject, bytes: Uint8Array): void {
    let start = 1;
    while ((bytes[start - 1] as number) >= 0x80) start++;
    // Field 1 is the type, of votes and proposals alike.
    if (node.address === undefined || bytes[start + 1] !== SIGNED_PROPOSAL) return;
    const { blockId } = decode("tendermint.types.CanonicalProposal", bytes.subarray(start));
    if (blockId === undefined) return;
    const address = hex(node.address);
    const known = this.#proposed.get(address) ?? new Set<string>();
    this.#proposed.set(address, known.add(hex(blockId.hash)));
  }

  /** Evidence never frames a correct validator. */
  #evidence(evidence: Evidence): void {
    const address = evidence.duplicateVoteEvidence?.voteA?.validatorAddress;
    if (address !== undefined && this.isCorrectAddress(address)) {
      throw new Violation(`evidence against ${upperHex(address)}, which is correct`);
    }
  }

  /** Log and journal hold it, and all that led to it, before anyone sees it. */
  #durable(node: Subject, height: bigint): void {
    for (const path of ["/data/sign.journal", `/data/wal/${height.toString().padStart(19, "0")}.wal`]) {
      if (!node.isDurable(path)) throw new Violation(`node ${node.number} published before ${path} was synced`);
    }
  }

  /** Notes what was signed at a place; false when that was known. An honest key never signs two things at one place. */
  #once(place: string, bytes: Uint8Array): boolean {
    const text = hex(bytes);
    const before = this.signed.get(place);
    if (before === text) return false;
    if (before !== undefined) throw new Violation(`node ${place} signed two different messages`);
    this.signed.set(place, text);
    return true;
  }

  #voters(height: bigint, round: number, type: number, key: string): Set<number> {
    const name = `${height}/${round}/${type}/${key}`;
    const voters = this.#said.get(name) ?? new Set<number>();
    this.#said.set(name, voters);
    return voters;
  }

  #isPolka(height: bigint, round: number, key: string, powers: Powers): boolean {
    let power = 0n;
    for (const index of this.#voters(height, round, SIGNED_PREVOTE, key)) power += powers.each[index] ?? 0n;
    return isQuorum(power, powers.total);
  }

  /** A node has a durable block and has told whoever listens. */
  committed(node: Subject, { block, blockId, seenCommit, response, state }: CommittedBlock): void {
    const { height } = block.header;
    const told = this.#told.get(node.number) ?? 0n;
    if (height > told) this.#told.set(node.number, height);
    const mine = {
      block: hex(blockId.hash),
      app: hex(state.appHash),
      results: hex(sha256(encode("tendermint.abci.ResponseFinalizeBlock", response))),
    };
    const first = this.decided.get(height);
    if (first !== undefined) {
      if (first.block !== mine.block) throw new Violation(`node ${node.number} decided another block at ${height}`);
      if (first.app !== mine.app) throw new Violation(`node ${node.number} has another app hash at ${height}`);
      if (first.results !== mine.results) throw new Violation(`node ${node.number} has other results at ${height}`);
      return;
    }
    this.decided.set(height, mine);
    this.#validity(mine.block, block.header.proposerAddress, block.header.time, height);
    for (const evidence of block.evidence.evidence) {
      this.#evidence(evidence);
      const key = evidenceKey(evidence);
      if (this.#evidenceKeys.has(key)) throw new Violation(`the same evidence stands in a block before ${height}`);
      this.#evidenceKeys.add(key);
      this.committedEvidence.push(evidence);
    }
    this.#transactions(block.data.txs, response.txResults, height);
    this.#follow({ header: block.header, commit: seenCommit }, state.lastValidators);
  }

  /** Places (validator indices) that signed two different things at one place of a height: what a fork can be blamed on. */
  equivocators(height: bigint): ReadonlySet<number> {
    const seen = new Set<string>();
    const guilty = new Set<number>();
    for (const [name, indices] of this.#said) {
      const [at, round, type] = name.split("/");
      if (at !== height.toString()) continue;
      for (const index of indices) {
        const place = `${round}/${type}/${index}`;
        if (seen.has(place)) guilty.add(index);
        seen.add(place);
      }
    }
    return guilty;
  }

  isCommittedEvidence(key: string): boolean {
    return this.#evidenceKeys.has(key);
  }

  /** A starting node still has every block it has told anyone of. */
  started(node: Subject, height: bigint): void {
    const told = this.#told.get(node.number) ?? 0n;
    if (node.isCorrect && height < told) {
      throw new Violation(`node ${node.number} starts at ${height} and had told of block ${told}`);
    }
  }

  /** What a correct proposer is said to have proposed it has proposed; no block is from the future. */
  #validity(block: string, proposer: Uint8Array, time: Timestamp, height: bigint): void {
    if (this.isCorrectAddress(proposer) && this.#proposed.get(hex(proposer))?.has(block) !== true) {
      throw new Violation(`block ${height} names a proposer that never proposed it`);
    }
    if (compareTime(time, this.#now()) > 0) throw new Violation(`block ${height} is later than every correct clock`);
  }

  #transactions(txs: readonly Uint8Array[], results: readonly { readonly code: number }[], height: bigint): void {
    for (const [index, tx] of txs.entries()) {
      if (results[index]?.code !== 0) continue;
      const hash = hex(sha256(tx));
      const before = this.succeeded.get(hash);
      if (before !== undefined) throw new Violation(`transaction ${hash} succeeded at ${before} and at ${height}`);
      this.succeeded.set(hash, height);
    }
  }

  /** The light client goes from header to header, and accepts none that was not decided. */
  #follow(signedHeader: SignedHeader, validators: CommittedBlock["state"]["lastValidators"]): void {
    const trusted = this.#trusted;
    this.#trusted = signedHeader;
    if (trusted === undefined || trusted.header.height + 1n !== signedHeader.header.height) return;
    const options = {
      trustLevel: DEFAULT_TRUST_LEVEL,
      trustingPeriod: FAR_PERIOD_NS,
      maxClockDrift: 0n,
      now: this.#now(),
      verifier: stubVerifier,
    };
    try {
      verifyAdjacent(trusted, { signedHeader, validators }, options);
    } catch (error) {
      throw new Violation(`a light client refuses header ${signedHeader.header.height}: ${(error as Error).message}`);
    }
    const forged = { ...signedHeader, header: { ...signedHeader.header, appHash: new Uint8Array(32).fill(1) } };
    try {
      verifyAdjacent(trusted, { signedHeader: forged, validators }, options);
    } catch {
      return;
    }
    throw new Violation(`a light client accepts a forged header ${signedHeader.header.height} of ${this.#chainId}`);
  }
}
