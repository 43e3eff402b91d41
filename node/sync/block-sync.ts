/**
 * Block sync: fetches the blocks that peers have and this node lacks, several ranges at once from several peers, and hands them to the
 * engine in order, which verifies and executes them. It owns asking, what waits to be executed, and judging peers; verification is the
 * engine's. Peers' heights are hints: one that does not deliver what it claims is doubted and neither asked nor believed for a while, one
 * that delivers something false is avoided, and nobody else waits for either.
 */
import { DecodeError } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Logger } from "../log.ts";
import { BLOCKS_KIND } from "../p2p/block-server.ts";
import { LIVE_GRACE_MS, MAX_BLOCKS_PER_REQUEST } from "../p2p/limits.ts";
import type { PeerNetwork } from "../p2p/network.ts";
import type { Peer } from "../p2p/peer.ts";
import { NoAnswerError } from "../p2p/requests.ts";
import type { Commit, Engine, Verdict } from "../ports.ts";
import {
  DELIVERY_PROOF_MS,
  DOUBT_MS,
  MAX_BLOCK_QUESTIONS,
  MAX_BLOCK_QUESTIONS_PER_PEER,
  MAX_BLOCKS_AHEAD,
  MAX_WAITING_BLOCK_BYTES,
  SLIGHTLY_BEHIND_BLOCKS,
  SLIGHTLY_BEHIND_MS,
} from "./limits.ts";
import { readSyncedBlock, type SyncedBlock } from "./synced-block.ts";

/** A block that waits for its turn, and who sent it. */
interface Waiting extends SyncedBlock {
  readonly peer: Peer;
}

/** A question that is open. */
interface Question {
  readonly peer: Peer;
  readonly from: bigint;
  readonly to: bigint;
}

/** What block sync uses. */
export interface BlockSyncNeeds {
  readonly network: Pick<PeerNetwork, "peers"> & { readonly requests: Pick<PeerNetwork["requests"], "ask"> };
  readonly engine: Pick<Engine, "status" | "receiveBlock" | "foresee">;
  readonly log: Logger;
  /** The address of this node's consensus key; undefined in a node that only follows. */
  readonly ownAddress?: Uint8Array | undefined;
}

export class BlockSync {
  readonly #needs: BlockSyncNeeds;
  readonly #waiting = new Map<bigint, Waiting>();
  #waitingBytes = 0;
  readonly #questions = new Set<Question>();
  /** Peers that did not deliver, and until when (monotonic milliseconds) that counts. */
  readonly #doubted = new WeakMap<Peer, number>();
  #working = false;
  #stopped = false;
  #grace: NodeJS.Timeout | undefined;
  /** The height last seen when one block behind; consensus gets a moment to decide it by itself. */
  #graceHeight = 0n;
  #graceUntilMs = 0;
  #fetched = 0n;
  #lastFetchedMs = Number.NEGATIVE_INFINITY;
  /** When (monotonic milliseconds) this node was last level with its peers; undefined if never since it started. */
  #levelMs: number | undefined;
  #told: boolean | undefined;

  constructor(needs: BlockSyncNeeds) {
    this.#needs = needs;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#grace);
  }

  /** The highest block that a connected peer claims to have and is not doubted to have; 0 without one. */
  bestClaim(): bigint {
    return this.#believed().reduce((best, peer) => (peer.status.height > best ? peer.status.height : best), 0n);
  }

  /**
   * What `status` reports: true while a peer that is believed is more than one block ahead, and in a node that only follows until
   * it has been level with one, since it cannot know before. A node that was level a moment ago and lacks a few blocks keeps up: two
   * thirds of the validators decide without the others, so that in a fast chain each is now and then two blocks behind for as long
   * as a vote travels. Without a third of the power the others make no block: a validator that has it is behind only if blocks
   * really come.
   */
  get catchingUp(): boolean {
    const { height, signing } = this.#needs.engine.status();
    this.#lookWhetherLevel(height);
    const isAhead = this.bestClaim() > height;
    if (!isAhead) return !(this.#levelMs !== undefined || signing);
    if (this.#isIndispensable()) return performance.now() - this.#lastFetchedMs < DELIVERY_PROOF_MS;
    return !this.#isSlightlyBehind(height);
  }

  /** Looks whether there is something to fetch or to execute. Called whenever a peer's height, or our own, has changed. */
  wake(): void {
    if (this.#stopped) return;
    const next = this.#needs.engine.status().height;
    for (const height of this.#waiting.keys()) if (height < next) this.#drop(height);
    this.#tell();
    if (this.#isTooEarly(next)) return;
    this.#ask(next);
    if (!this.#working && this.#waiting.has(next)) void this.#work();
  }

  // ------------------------------------------------------------ whom to believe

  #believed(): Peer[] {
    const nowMs = performance.now();
    return this.#needs.network.peers().filter((peer) => (this.#doubted.get(peer) ?? 0) <= nowMs);
  }

  /** The peer did not deliver: perhaps it is slow, perhaps it lied. Nothing waits for it. */
  #doubt(peer: Peer): void {
    this.#doubted.set(peer, performance.now() + DOUBT_MS);
    setTimeout(() => this.wake(), DOUBT_MS + 1).unref();
  }

  #fault(peer: Peer, reason: string): void {
    for (const [height, waiting] of this.#waiting) if (waiting.peer === peer) this.#drop(height);
    peer.fault(reason);
  }

  #lookWhetherLevel(next: bigint): void {
    if (this.#needs.network.peers().length === 0) return;
    const hasProof = this.#believed().length > 0 || this.#fetched > 0n;
    if (hasProof && this.bestClaim() <= next) this.#levelMs = performance.now();
  }

  /** Whether it lacks no more than a few blocks and lacked none a moment ago. */
  #isSlightlyBehind(next: bigint): boolean {
    if (this.#levelMs === undefined || this.bestClaim() - next >= BigInt(SLIGHTLY_BEHIND_BLOCKS)) return false;
    return performance.now() - this.#levelMs < SLIGHTLY_BEHIND_MS;
  }

  /** Whether this node's key holds a third of the power at the next height. */
  #isIndispensable(): boolean {
    const { ownAddress, engine } = this.#needs;
    if (ownAddress === undefined) return false;
    const { signing, state } = engine.status();
    const own = state.validators.validators.find(({ address }) => Buffer.compare(address, ownAddress) === 0);
    return signing && own !== undefined && own.votingPower * 3n >= state.validators.totalVotingPower;
  }

  /** Says when the node falls behind and when it is level again. */
  #tell(): void {
    const behind = this.catchingUp;
    if (behind === this.#told) return;
    const facts = { height: String(this.#needs.engine.status().height - 1n), best: String(this.bestClaim()) };
    if (behind && this.bestClaim() > 0n) this.#needs.log.info(facts, "behind its peers: fetching blocks");
    else if (!behind && this.#told === true) this.#needs.log.info(facts, "level with its peers");
    this.#told = behind;
  }

  // ------------------------------------------------------------ asking

  /** One block behind is how every live node looks for a moment: its votes are probably on the wire. */
  #isTooEarly(next: bigint): boolean {
    if (this.bestClaim() !== next || this.#waiting.size > 0) return false;
    if (this.#graceHeight !== next) {
      this.#graceHeight = next;
      this.#graceUntilMs = performance.now() + LIVE_GRACE_MS;
      clearTimeout(this.#grace);
      this.#grace = setTimeout(() => this.wake(), LIVE_GRACE_MS + 1);
      return true;
    }
    return performance.now() < this.#graceUntilMs;
  }

  #ask(next: bigint): void {
    const best = this.bestClaim();
    const end = best < next + BigInt(MAX_BLOCKS_AHEAD) ? best : next + BigInt(MAX_BLOCKS_AHEAD) - 1n;
    let from = next;
    while (from <= end && this.#questions.size < MAX_BLOCK_QUESTIONS && this.#waitingBytes < MAX_WAITING_BLOCK_BYTES) {
      if (this.#isComing(from)) {
        from += 1n;
        continue;
      }
      const peer = this.#chosen(from);
      const most = peer !== undefined && peer.status.height < end ? peer.status.height : end;
      let to = from;
      while (to < most && to - from + 1n < BigInt(MAX_BLOCKS_PER_REQUEST) && !this.#isComing(to + 1n)) to += 1n;
      if (peer !== undefined) void this.#question({ peer, from, to });
      from = to + 1n;
    }
  }

  #isComing(height: bigint): boolean {
    if (this.#waiting.has(height)) return true;
    for (const { from, to } of this.#questions) if (from <= height && height <= to) return true;
    return false;
  }

  /** Of those that have the block, one with the fewest open questions. */
  #chosen(height: bigint): Peer | undefined {
    const open = (peer: Peer) => [...this.#questions].filter((question) => question.peer === peer).length;
    const able = this.#believed()
      .filter((peer) => peer.status.height >= height && peer.status.base <= height)
      .map((peer) => ({ peer, open: open(peer) }))
      .filter((candidate) => candidate.open < MAX_BLOCK_QUESTIONS_PER_PEER);
    const fewest = Math.min(...able.map((candidate) => candidate.open));
    const idle = able.filter((candidate) => candidate.open === fewest);
    return idle[Math.floor(Math.random() * idle.length)]?.peer;
  }

  async #question(question: Question): Promise<void> {
    const { peer, from, to } = question;
    this.#questions.add(question);
    try {
      const count = Number(to - from) + 1;
      const { blocks } = await this.#needs.network.requests.ask(peer, BLOCKS_KIND, { fromHeight: from, count });
      if (!this.#stopped) this.#take(question, blocks, count);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      if (peer.open) this.#needs.log.debug({ peer: peer.nodeId, reason: error.message }, "a peer did not send blocks");
      this.#doubt(peer);
    } finally {
      this.#questions.delete(question);
      this.wake();
    }
  }

  #take({ peer, from }: Question, blocks: Messages["tributary.p2p.v1.BlockResponse"]["blocks"], count: number): void {
    // It promised the block and has none: pruned meanwhile, or it lied.
    if (blocks.length === 0) this.#doubt(peer);
    const commits: Commit[] = [];
    try {
      if (blocks.length > count) throw new DecodeError("there are more than were asked for");
      for (const [index, sent] of blocks.entries()) {
        const read = readSyncedBlock(sent);
        const expected = from + BigInt(index);
        const { height } = read.block.header;
        if (height !== expected) throw new DecodeError(`block ${height} came where ${expected} was asked for`);
        if (this.#waiting.has(height)) continue;
        this.#waiting.set(height, { ...read, peer });
        this.#waitingBytes += read.bytes;
        if (read.block.lastCommit !== undefined) commits.push(read.block.lastCommit);
      }
      this.#needs.engine.foresee?.(commits);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#fault(peer, `its blocks cannot be used: ${error.message}`);
    }
  }

  #drop(height: bigint): void {
    this.#waitingBytes -= this.#waiting.get(height)?.bytes ?? 0;
    this.#waiting.delete(height);
  }

  // ------------------------------------------------------------ executing

  /** Executes what waits, in order, as far as it goes; meanwhile more is fetched. */
  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (!this.#stopped) {
        const { height } = this.#needs.engine.status();
        const waiting = this.#waiting.get(height);
        if (waiting === undefined) break;
        const verdict = await this.#execute(height, waiting);
        this.#drop(height);
        if (verdict === "accepted") this.#progress(height);
        // Consensus decided it meanwhile, which is no fault; where it did not, the engine takes nothing now.
        else if (this.#needs.engine.status().height === height) break;
        this.#ask(this.#needs.engine.status().height);
      }
    } finally {
      this.#working = false;
      if (!this.#stopped) this.#tell();
    }
    this.wake();
  }

  /**
   * The commit in the next block is the one all nodes agree on, and checking it is not lost: that block carries it. Where it does not
   * prove the block, the sender's own may: then the next block was false. A commit with vote extensions is taken as it is: whoever
   * proposes on it needs them, and the next block has none.
   */
  async #execute(height: bigint, { block, commit: own, peer }: Waiting): Promise<Verdict> {
    const after = this.#waiting.get(height + 1n);
    const canonical: Commit | undefined = after?.block.lastCommit;
    const isAgreed = canonical !== undefined && canonical.height === height && "signatures" in own;
    if (after !== undefined && isAgreed) {
      const verdict = await this.#needs.engine.receiveBlock(block, canonical);
      if (verdict !== "invalid") return verdict;
    }
    const verdict = await this.#needs.engine.receiveBlock(block, own);
    if (verdict === "invalid") this.#fault(peer, `its block ${height} does not verify`);
    else if (verdict === "accepted" && after !== undefined && "signatures" in own)
      this.#fault(after.peer, `its block ${height + 1n} does not hold the commit of the one before`);
    return verdict;
  }

  #progress(height: bigint): void {
    this.#fetched += 1n;
    this.#lastFetchedMs = performance.now();
    if (this.#fetched % 1000n === 0n)
      this.#needs.log.info({ height: String(height), best: String(this.bestClaim()) }, "catching up");
  }
}
