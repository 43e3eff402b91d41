/** Owns what checks of a batch depend on: what the chain knows of it, its uses, its model's records and the rules. Pure data; keeper/ gathers it. */

import type { Messages } from "../../../proto/types.gen.ts";
import type { MatchLimits, RecordFacts } from "../proof/match.ts";
import type { TermCounts } from "../proof/term-table.ts";
import type { TextCommitment } from "../proof/text-window.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** One use of a batch. */
export interface UseFacts {
  /** The proved part of its charge: what its shares sum to. */
  readonly part: bigint;
  /** A value of `ProofType`. */
  readonly proof: number;
  readonly output: TextCommitment;
  readonly prompt: TextCommitment;
}

/** The rules a batch is held to: the module's parameters when it was posted. */
export interface BatchRules extends MatchLimits {
  /** A match in more records than this is common and unpaid. */
  readonly maxOccurrences: number;
  /** Passages that a retrieval pays at most. */
  readonly maxPassages: number;
  /** The K of the nearest-neighbours rule. */
  readonly neighbours: number;
}

/** What the host committed to. */
export interface BatchCommitment {
  readonly shareCount: bigint;
  readonly sharesRoot: Uint8Array;
  readonly payeeCount: bigint;
  readonly payoutsRoot: Uint8Array;
  readonly sum: bigint;
}

export interface BatchFacts {
  readonly commitment: BatchCommitment;
  readonly uses: readonly UseFacts[];
  readonly rules: BatchRules;
  /** What weights and scores are counted with; without one every token weighs the same. */
  readonly table: TermCounts | undefined;
  /** A record of the model's lineage, undefined for any other. */
  readonly record: (id: RecordId) => RecordFacts | undefined;
  /** Whether the lineage names private datanets alone: then shares are opened without the texts they rest on. */
  readonly isPrivate?: boolean;
}
