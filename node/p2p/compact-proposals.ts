/**
 * Proposals between peers in compact form: a block travels as header, evidence, last commit and the names of its transactions, is put
 * together from what is here, and what is missing is asked of the sender and then of others. The engine sees proposals and parts as
 * ever: parts are fed to it once they come to the set its proposal names. It owns which blocks are kept for that; the compact form
 * is compact-block.ts. Where a block cannot be put together, repair pulls its 64 KiB parts.
 */
import type { Hasher } from "../../chain/types/hash.ts";
import { computeMerkleRoot } from "../../chain/types/merkle.ts";
import { PartSet } from "../../chain/types/part-set.ts";
import { encode } from "../../proto/codec.ts";
import type { ConsensusMessage, Engine, Part, Proposal } from "../ports.ts";
import type { BlockTransactions } from "./block-transactions.ts";
import { type CompactBlock, type CompactProposal, compactOf, partsWith } from "./compact-block.ts";
import { digest, joinDigests, splitDigests } from "./digest.ts";
import { MAX_FRAME_BYTES, MAX_HELD_COMPACT_BYTES, MAX_PROPOSED_BLOCKS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { RecentTransactions } from "./recent-transactions.ts";
import { toWire } from "./wire-messages.ts";

/** What this uses. */
export interface CompactNeeds {
  readonly engine: Pick<Engine, "receive" | "status" | "summary">;
  readonly peers: () => readonly Peer[];
  readonly recent: RecentTransactions;
  readonly hasher: Hasher;
  /** Gets a block's missing transactions, from the first of the peers that has them. */
  readonly missing: BlockTransactions;
  /** Asks for parts: a block could not be put together. */
  readonly repair: () => void;
  /** The peer brought something new. */
  readonly credit: (peer: Peer) => void;
}

/** A block that was proposed and whose proposal the engine took, or that it waits for. */
interface Proposed {
  readonly key: string;
  readonly height: bigint;
  readonly round: number;
  /** Gathers parts until the block is whole; kept after that only where no compact form can be made. */
  parts: PartSet | undefined;
  compact: CompactBlock | undefined;
  /** Whether it is whole. */
  whole: boolean;
  /** Proposals to be passed on once it is whole, and from whom each came. */
  waiting: { readonly proposal: Proposal; readonly from: string | undefined }[];
  /** Whether it is being put together. */
  busy: boolean;
}

/** Counters since the start. */
export interface CompactStatistics {
  /** Proposals sent in compact form, and with all parts, to one peer each. */
  sentCompact: number;
  sentFull: number;
  /** Blocks put together from their compact form, and those that could not be. */
  rebuilt: number;
  failed: number;
  /** Transactions that blocks named and this node did not have. */
  transactionsMissing: number;
}

export class CompactProposals {
  readonly statistics: CompactStatistics = {
    sentCompact: 0,
    sentFull: 0,
    rebuilt: 0,
    failed: 0,
    transactionsMissing: 0,
  };
  readonly #needs: CompactNeeds;
  readonly #proposed = new Map<string, Proposed>();
  /** The last compact proposal of each peer that is not used yet. */
  readonly #held = new Map<Peer, { readonly compact: CompactProposal; readonly key: string; readonly bytes: number }>();
  #heldBytes = 0;

  constructor(needs: CompactNeeds) {
    this.#needs = needs;
  }

  // ------------------------------------------------------------ what the engine says

  /** A proposal of this node's (`from` undefined) or one that the engine took from a peer. */
  proposal(proposal: Proposal, from: string | undefined): void {
    const block = this.#expect(proposal);
    if (block === undefined || block.whole) {
      this.#spread(block, proposal, from);
      return;
    }
    block.waiting.push({ proposal, from });
    // The parts of an own proposal follow at once; where they do not, the proposal goes alone and the parts are pulled.
    if (from === undefined) queueMicrotask(() => !block.whole && this.#spread(undefined, proposal, from));
    else this.#consider(block.key);
  }

  /** A part of this node's, or one that the engine took from a peer. */
  part(part: Part): void {
    const { total } = part.proof;
    const block = this.#proposed.get(
      keyOf({ total: Number(total), hash: computeMerkleRoot(part.proof, this.#needs.hasher) }),
    );
    if (block?.parts === undefined || block.whole) return;
    block.parts.add(part);
    if (!block.parts.isComplete) return;
    this.#complete(block, block.parts, compactOf(block.parts.assemble()));
  }

  /** Whether a block is being put together now, so that its parts need not be asked for. */
  isBusyWith(header: Proposal["blockId"]["partSetHeader"]): boolean {
    return this.#proposed.get(keyOf(header))?.busy === true;
  }

  /** The engine is at this height: what lies two heights back is forgotten. */
  moved(height: bigint): void {
    for (const [key, block] of this.#proposed) {
      if (block.height >= height) continue;
      this.#needs.recent.forget(block.compact?.names ?? []);
      if (block.height < height - 1n) this.#proposed.delete(key);
    }
    for (const [peer, { compact }] of this.#held) if (compact.proposal.height < height) this.#release(peer);
  }

  // ------------------------------------------------------------ what peers say

  /** A compact proposal of `bytes` bytes. The engine judges the proposal before anything is done for its block. */
  async receive(peer: Peer, compact: CompactProposal, bytes: number): Promise<void> {
    const { proposal } = compact;
    const key = keyOf(proposal.blockId.partSetHeader);
    peer.markSeen(digest(bareFrame(proposal)));
    peer.markSeen(`block/${key}`);
    const { height } = this.#needs.engine.status();
    if (proposal.height !== height && proposal.height !== height + 1n) return;
    this.#hold(peer, { compact, key, bytes });
    const verdict = await this.#needs.engine.receive(peer.nodeId, { type: "proposal", proposal });
    if (verdict === "invalid") {
      this.#release(peer);
      peer.fault("it sent a proposal that no correct node sends");
      return;
    }
    if (verdict === "accepted") this.#needs.credit(peer);
    this.#consider(key);
  }

  /** Transactions of a block, by their places; undefined when it is not here. */
  transactions(partSetHash: Uint8Array, indexes: readonly number[], maxBytes: number): Uint8Array[] | undefined {
    const suffix = hashText(partSetHash);
    const known = [...this.#proposed.values()].find(({ key }) => key.endsWith(suffix))?.compact;
    if (known === undefined) return undefined;
    const txs: Uint8Array[] = [];
    let left = maxBytes;
    for (const index of indexes) {
      const tx = known.txs[index];
      left -= tx?.length ?? 0;
      if (tx === undefined || (left < 0 && txs.length > 0)) break;
      txs.push(tx);
    }
    return txs;
  }

  closed(peer: Peer): void {
    this.#release(peer);
  }

  // ------------------------------------------------------------ keeping

  #hold(peer: Peer, held: { readonly compact: CompactProposal; readonly key: string; readonly bytes: number }): void {
    this.#release(peer);
    if (this.#heldBytes + held.bytes > MAX_HELD_COMPACT_BYTES) return;
    this.#held.set(peer, held);
    this.#heldBytes += held.bytes;
  }

  #release(peer: Peer): void {
    this.#heldBytes -= this.#held.get(peer)?.bytes ?? 0;
    this.#held.delete(peer);
  }

  /** The block of a proposal that the engine took; undefined where there is no room for one more. */
  #expect({ height, round, blockId }: Pick<Proposal, "height" | "round" | "blockId">): Proposed | undefined {
    const key = keyOf(blockId.partSetHeader);
    const known = this.#proposed.get(key);
    if (known !== undefined) return known;
    if (this.#proposed.size >= MAX_PROPOSED_BLOCKS) return undefined;
    const parts = PartSet.fromHeader(blockId.partSetHeader, undefined, this.#needs.hasher);
    const fresh = { key, height, round, parts, compact: undefined, whole: false, waiting: [], busy: false };
    this.#proposed.set(key, fresh);
    return fresh;
  }

  #complete(block: Proposed, parts: PartSet, compact: CompactBlock | undefined): void {
    block.whole = true;
    block.compact = compact;
    block.parts = compact === undefined ? parts : undefined;
    for (const { proposal, from } of block.waiting.splice(0)) this.#spread(block, proposal, from);
    for (const [peer, { key }] of this.#held) if (key === block.key) this.#release(peer);
  }

  // ------------------------------------------------------------ sending

  /** Sends a proposal to every peer that lacks it: with its block, unless the peer has that too or there is none. */
  #spread(block: Proposed | undefined, proposal: Proposal, from: string | undefined): void {
    const bare = bareFrame(proposal);
    const item = digest(bare);
    let withBlock: readonly Uint8Array[] | undefined;
    for (const peer of this.#needs.peers()) {
      if (peer.nodeId === from || !peer.markSeen(item)) continue;
      if (block === undefined || !peer.markSeen(`block/${block.key}`)) {
        peer.sendEncoded(bare);
        continue;
      }
      withBlock ??= framesWith(block, proposal, bare, this.#needs.hasher);
      for (const body of withBlock) peer.sendEncoded(body);
      if (withBlock.length === 1) this.statistics.sentCompact += 1;
      else this.statistics.sentFull += 1;
    }
  }

  // ------------------------------------------------------------ putting together

  /** Puts a block together if the engine waits for it and some peer sent its compact form. */
  #consider(key: string): void {
    const block = this.#proposed.get(key) ?? this.#awaited(key);
    if (block === undefined || block.busy) return;
    const held = [...this.#held].find(([, { key: other }]) => other === key);
    if (held === undefined) return;
    const [peer, { compact }] = held;
    this.#release(peer);
    if (block.whole) return;
    block.busy = true;
    void this.#rebuild(block, peer, compact)
      .catch((error: Error) => {
        // Nothing here fails for another reason than what the peer sent: a block too large, a field out of range.
        this.statistics.failed += 1;
        peer.fault(`its compact proposal cannot be put together: ${error.message}`);
      })
      .finally(() => {
        block.busy = false;
        if (!block.whole) this.#consider(key);
      });
  }

  /** A block whose proposal the engine took before this process began, or without a relay. */
  #awaited(key: string): Proposed | undefined {
    const { height, round, wanted } = this.#needs.engine.summary();
    if (wanted === undefined || keyOf(wanted.blockId.partSetHeader) !== key) return undefined;
    return this.#expect({ height, round, blockId: wanted.blockId });
  }

  async #rebuild(
    block: Proposed,
    peer: Peer,
    { block: body, transactionIds, proposal }: CompactProposal,
  ): Promise<void> {
    const { recent, missing, hasher, engine, repair, peers } = this.#needs;
    const names = splitDigests(transactionIds);
    if (names === undefined || body.data.txs.length > 0) return peer.fault("its compact proposal is malformed");
    const found = recent.find(names);
    const lacking = found.filter((tx) => tx === undefined).length;
    this.statistics.transactionsMissing += lacking;
    if (lacking > 0) {
      const others = peers().filter((other) => other !== peer && other.hasSeen(`block/${block.key}`));
      await missing.fetch({ partSetHash: proposal.blockId.partSetHeader.hash, names, found }, [peer, ...others]);
      if (block.whole) return;
    }
    const txs = found.filter((tx) => tx !== undefined);
    const parts = txs.length === names.length ? partsWith(body, txs, hasher) : undefined;
    if (parts?.hasHeader(proposal.blockId.partSetHeader) !== true) {
      this.statistics.failed += 1;
      if (parts !== undefined) peer.fault("its compact proposal does not come to the block that was proposed", "low");
      repair();
      return;
    }
    this.statistics.rebuilt += 1;
    this.#complete(block, parts, { block: body, names, txs });
    const { height, round } = proposal;
    for (let index = 0; index < parts.header.total; index += 1) {
      const message: ConsensusMessage = { type: "part", height, round, part: parts.part(index)! };
      void engine.receive(peer.nodeId, message);
    }
  }
}

function keyOf({ total, hash }: { readonly total: number; readonly hash: Uint8Array }): string {
  return `${total}/${hashText(hash)}`;
}

function hashText(hash: Uint8Array): string {
  return Buffer.from(hash).toString("base64");
}

function bareFrame(proposal: Proposal): Uint8Array {
  return encode("tributary.p2p.v1.Frame", { consensus: toWire({ type: "proposal", proposal }) });
}

/** A proposal with its whole block: one compact frame, or the proposal and its parts where that is not possible. */
function framesWith(block: Proposed, proposal: Proposal, bare: Uint8Array, hasher: Hasher): readonly Uint8Array[] {
  if (block.compact !== undefined) {
    const { block: body, names } = block.compact;
    const compactProposal = { proposal, block: body, transactionIds: joinDigests(names) };
    const compact = encode("tributary.p2p.v1.Frame", { compactProposal });
    if (compact.length <= MAX_FRAME_BYTES) return [compact];
  }
  const parts = block.parts ?? (block.compact && partsWith(block.compact.block, block.compact.txs, hasher));
  const { height, round } = proposal;
  const frames = [bare];
  for (let index = 0; index < (parts?.header.total ?? 0); index += 1) {
    const part = parts!.part(index)!;
    frames.push(encode("tributary.p2p.v1.Frame", { consensus: toWire({ type: "part", height, round, part }) }));
  }
  return frames;
}
