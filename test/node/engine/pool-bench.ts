// An evidence pool beside a chain of four validators, as a driver would keep it. Owns what the pool is given, and which blocks
// its storage has: all of them, or, as after a start from a snapshot, those from a height on.

import type { Evidence } from "../../../chain/types/evidence.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../../chain/types/params.ts";
import { SIGNED_PRECOMMIT, type Vote } from "../../../chain/types/vote.ts";
import { EvidencePool } from "../../../node/engine/evidence-pool.ts";
import type { ChainState } from "../../../node/ports.ts";
import { stubVerifier } from "../../sim/keys.ts";
import { MemoryDisk } from "../../sim/memory-disk.ts";
import { Bench } from "./bench.ts";
import { ReferenceChain } from "./reference-chain.ts";
import { block as idOf, quietLog } from "./support.ts";

export const FOLDER = "/home/cs.wal";

/** A chain of four validators, with a pool beside it that sees its blocks. */
export class PoolBench {
  readonly chain: ReferenceChain;
  readonly disk = new MemoryDisk();
  readonly sets = new Map<bigint, ChainState["validators"]>();
  readonly told: Evidence[] = [];
  readonly timers: { ms: number; callback: () => void }[] = [];
  readonly log = quietLog();
  /** The first block of the storage, and the first height below it whose header it has. */
  base = 1n;
  pastFrom = 1n;
  pool: EvidencePool;

  constructor(consensusParams = DEFAULT_CONSENSUS_PARAMS) {
    this.chain = new ReferenceChain(new Bench({ validators: 4, consensusParams }).genesis);
    this.pool = this.newPool();
  }

  newPool(): EvidencePool {
    return new EvidencePool(FOLDER, {
      files: this.disk.mount(),
      verifier: stubVerifier,
      log: this.log,
      network: { publish: (message) => message.type === "evidence" && this.told.push(message.evidence) },
      timers: {
        schedule: (ms, callback) => {
          const timer = { ms, callback };
          this.timers.push(timer);
          return () => this.timers.splice(this.timers.indexOf(timer), 1);
        },
      },
      storage: {
        loadBlock: async (height) => {
          if (height < this.base) return undefined;
          const made = this.chain.blocks.find((each) => each.height === height);
          return made && { blockId: made.blockId, block: made.block, seenCommit: made.commit };
        },
        loadValidators: async (height) => (height < this.base ? undefined : this.sets.get(height)),
        loadPast: async (height) => {
          const validators = this.sets.get(height);
          const header = this.chain.blocks.find((each) => each.height === height)?.block.header;
          const isPast = height >= this.pastFrom && height < this.base;
          return isPast && header !== undefined && validators !== undefined ? { header, validators } : undefined;
        },
      },
    });
  }

  /** Commits a block, as the driver does it. */
  next(evidence: readonly Evidence[] = []): void {
    const { validators } = this.chain.state;
    const { height, block } = this.chain.next({ evidence });
    this.sets.set(height, validators);
    this.pool.stamp(height, block.header.time, validators);
    this.pool.committed(this.chain.state, evidence);
  }

  /** Two votes of a key for two blocks at the next height. */
  conflict(key: number, type = SIGNED_PRECOMMIT): { first: Vote; second: Vote } {
    const [first, second] = ["B", "A"].map((letter) => this.chain.vote(key, { type, blockId: idOf(letter) }));
    return { first: first as Vote, second: second as Vote };
  }

  pending(): readonly Evidence[] {
    return this.pool.pending(this.chain.state);
  }
}
