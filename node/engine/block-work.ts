// Work on the blocks of the height in progress: building one, holding those that arrive, saying what they are worth. Owns
// the blocks held and the parts logged for them; does not own decisions (driver.ts) nor rules (execution.ts).

import { blockKey } from "../../chain/consensus/block-key.ts";
import type { LoggedInput } from "../../chain/consensus/input.ts";
import type { State } from "../../chain/consensus/state.ts";
import { powersOf } from "../../chain/consensus/validators.ts";
import { partsOfBlock } from "../../chain/types/block.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { maxBlockBytes } from "../../chain/types/params.ts";
import { type Commit, type EngineLog, type ExtendedCommit, FatalError } from "../ports.ts";
import { UnjudgeableError } from "./evidence-check.ts";
import type { EvidencePool } from "./evidence-pool.ts";
import type { Execution } from "./execution.ts";
import { isComplete } from "./extensions.ts";
import { type HeldBlock, HeldBlocks } from "./held-blocks.ts";
import type { LogEntry } from "./wal-record.ts";

export interface BlockWorkUses {
  readonly chain: () => ChainState;
  readonly execution: Execution;
  readonly evidence: EvidencePool;
  /** The commit with its vote extensions, where its height has them. */
  readonly extended: (commit: Commit) => ExtendedCommit | undefined;
  readonly append: (entry: LogEntry) => void;
  /** A block is here as a whole that was not before. */
  readonly arrived: (blockId: BlockId) => void;
}

export class BlockWork {
  readonly #needs: { readonly hasher: Hasher; readonly log: EngineLog };
  readonly #uses: BlockWorkUses;
  #held: HeldBlocks;
  /** The block that is known to be decided, whatever this node finds. */
  #decided: string | undefined;
  /** Why the last block that was found invalid is so. */
  invalidReason = "unknown";

  constructor(needs: { readonly hasher: Hasher; readonly log: EngineLog }, uses: BlockWorkUses) {
    this.#needs = needs;
    this.#uses = uses;
    this.#held = this.#empty();
  }

  get held(): HeldBlocks {
    return this.#held;
  }

  /** Forgets everything: a height begins. */
  reset(): void {
    this.#held = this.#empty();
  }

  /** Holds a whole block and logs its parts, so that the inputs naming it can be replayed. */
  hold(held: HeldBlock): void {
    const { blockId, parts } = held;
    if (this.#held.get(blockId) !== undefined) return;
    this.#held.put(held);
    for (let index = 0; index < parts.header.total; index++) {
      const part = parts.part(index);
      if (part !== undefined) this.#uses.append({ type: "part", blockId, part });
    }
    // The machine may have waited for it: a block whose parts were lost can be built again, to the last byte.
    this.#uses.arrived(blockId);
  }

  /** Builds a block for a round of the next height. Undefined when that fails: the round then times out. */
  build(height: bigint, round: number, lastCommit: Commit | undefined, proposer: Uint8Array): LoggedInput | undefined {
    const { execution, evidence, chain } = this.#uses;
    try {
      const extended = lastCommit && this.#uses.extended(lastCommit);
      if (extended !== undefined && !isComplete(extended, powersOf(chain().lastValidators))) {
        this.#needs.log.info("leaving the turn to others: the vote extensions of the last block are not all here");
        return undefined;
      }
      const block = execution.build(chain(), lastCommit, evidence.pending(chain()), proposer, extended);
      const { blockId, parts, bytes } = partsOfBlock(block, this.#needs.hasher);
      this.hold({ blockId, parts, bytes, block });
      return { type: "builtValue", height, round, blockId };
    } catch (error) {
      if (error instanceof FatalError) throw error;
      this.#needs.log.error("cannot build a block; another validator proposes in the next round", {
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  /** The verdict on a block if it is whole; undefined while parts are missing. */
  async verdict(height: bigint, blockId: BlockId): Promise<LoggedInput | undefined> {
    const held = this.#held.get(blockId);
    let reason = this.#held.brokenReason(blockId);
    if (held === undefined && reason === undefined && this.#held.expect(blockId)) return undefined;
    if (held !== undefined) reason = await this.#rejection(held);
    const valid = held !== undefined && reason === undefined;
    if (!valid) {
      this.invalidReason = reason ?? "its size is beyond the limit";
      this.#needs.log.warn("a proposed block is invalid; this node votes nil for it", {
        height: height.toString(),
        reason: this.invalidReason,
      });
    }
    return { type: "blockReady", height, blockId, valid };
  }

  /** More than two thirds decided the block: from here on they are believed in what this node cannot judge. */
  noteDecided(blockId: BlockId): void {
    this.#decided = blockKey(blockId);
  }

  /** Whether the block was judged with that in mind. */
  isDecided(blockId: BlockId): boolean {
    return this.#decided === blockKey(blockId);
  }

  /** Lets go of blocks that no longer matter: not locked, not valid, not proposed in this round or the one before. */
  prune({ lock, valid, rounds, round }: State): void {
    const keep = new Set<string>();
    if (lock !== undefined) keep.add(blockKey(lock.blockId));
    if (valid !== undefined) keep.add(blockKey(valid.blockId));
    for (const held of rounds) {
      if (held.round >= round - 1) for (const { blockId } of held.proposals) keep.add(blockKey(blockId));
    }
    this.#held.prune(keep);
  }

  async #rejection(held: HeldBlock): Promise<string | undefined> {
    const { evidence, execution, chain } = this.#uses;
    try {
      const isDecided = this.isDecided(held.blockId);
      const reason = await evidence.rejection(chain(), held.block.evidence.evidence, isDecided);
      return reason ?? execution.rejection(chain(), held.block, held.blockId.hash);
    } catch (error) {
      if (error instanceof FatalError) throw error;
      if (error instanceof UnjudgeableError)
        return `its evidence speaks of a height before this node's first block: ${error.message}`;
      // A bug that a proposer's bytes provoke must not stop every node that sees them.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#needs.log.error(
        "checking a proposed block met a defect of this program; the block counts as invalid, and this line is what to report",
        { reason: text },
      );
      return `it could not be checked: ${text}`;
    }
  }

  #empty(): HeldBlocks {
    const maxBytes = Number(maxBlockBytes(this.#uses.chain().consensusParams));
    return new HeldBlocks({ maxBytes }, { hasher: this.#needs.hasher });
  }
}
