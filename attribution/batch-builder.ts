/**
 * Owns batches as hosts make them: the shares of many uses, the payouts that sum them up, the trees over both with their
 * openings, and the body that is published for watchers. It does not own what a use's shares are (span-shares.ts,
 * rank-shares.ts) nor sending (host.ts).
 */
import { sha256 } from "../chain/types/hash.ts";
import { PayoutTree, payeesOf } from "../modules/attribution/batch/payees.ts";
import { type Share, ShareTree } from "../modules/attribution/batch/shares.ts";
import type { BatchCommitment, BatchRules, UseFacts } from "../modules/attribution/challenge/batch-facts.ts";
import type { TermCounts } from "../modules/attribution/proof/term-table.ts";
import { decode, encode } from "../proto/codec.ts";
import { ProofType, ShareKind } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { Segment } from "./datanet-index.ts";
import { searchPassages } from "./passage-index.ts";
import { neighbourShares, passageShares, searchNeighbours } from "./rank-shares.ts";
import { type RecordPlace, searchOutputs } from "./span-search.ts";
import { type BuiltShare, spanShares } from "./span-shares.ts";

export type BatchBody = Messages["tributary.attribution.v1.BatchBody"];

/** A served use with its texts. */
export interface ServedUse {
  readonly useId: bigint;
  readonly prompt: Uint8Array;
  readonly output: Uint8Array;
  readonly facts: Pick<UseFacts, "part" | "proof">;
}

/** What the uses of a batch are attributed by. */
export interface AttributionContext {
  readonly segments: readonly Segment[];
  readonly rules: BatchRules;
  readonly table: TermCounts | undefined;
  /** Whether a record is of the model's lineage. */
  readonly counts: (id: RecordPlace["id"]) => boolean;
  /** The contributor of a record of the lineage. */
  readonly contributorOf: (id: RecordPlace["id"]) => string;
}

/** The shares of all uses, in their order: what the rules say, computed from the texts. */
export function attributeUses(uses: readonly ServedUse[], context: AttributionContext): readonly BuiltShare[] {
  const { segments, rules, table, counts } = context;
  const bySpans = uses.filter(({ facts }) => facts.proof === ProofType.PROOF_TYPE_SPAN);
  const search = { ...rules, maxRecords: rules.maxOccurrences + 1, counts };
  const found = new Map(
    searchOutputs(
      segments,
      bySpans.map(({ output }) => output),
      search,
    ).map((matches, i) => [bySpans[i]!, matches]),
  );
  return uses.flatMap((use, usePosition) => {
    const { prompt, output, facts } = use;
    const shareContext = { ...context, usePosition, use: facts };
    const plain = (shares: readonly Share[]): readonly BuiltShare[] =>
      shares.map((share) => ({ share, occurrences: [] }));
    switch (facts.proof) {
      case ProofType.PROOF_TYPE_SPAN:
        return spanShares(output, found.get(use)!, shareContext);
      case ProofType.PROOF_TYPE_BM25:
        if (table === undefined) throw new Error("passages are scored with a table of terms, and the rules name none");
        return plain(passageShares(searchPassages(segments, prompt, table, rules.maxPassages, counts), shareContext));
      case ProofType.PROOF_TYPE_KNN:
        return plain(neighbourShares(searchNeighbours(segments, prompt, counts), output[0]!, shareContext));
      default:
        throw new Error(`use ${use.useId} has proof type ${facts.proof}, which no batch settles`);
    }
  });
}

/** A batch with everything that opens it. */
export class BuiltBatch {
  readonly body: BatchBody;
  readonly shares: ShareTree;
  readonly payouts: PayoutTree;
  /** The body as it is published. */
  readonly bodyBytes: Uint8Array;

  constructor(body: BatchBody) {
    this.body = body;
    this.shares = new ShareTree(body.shares);
    this.payouts = new PayoutTree(body.payees);
    this.bodyBytes = encode("tributary.attribution.v1.BatchBody", body);
  }

  /** The batch of some uses' shares. */
  static of(uses: readonly ServedUse[], built: readonly BuiltShare[]): BuiltBatch {
    const shares = built.map(({ share }) => share);
    return new BuiltBatch({
      uses: uses.map(({ useId, prompt, output }) => ({ useId, prompt, output })),
      shares,
      lists: built.filter(({ occurrences }) => occurrences.length > 0).map(({ occurrences }) => ({ occurrences })),
      payees: payeesOf(shares).map(({ payee, entries }) => ({ payee, entries: [...entries] })),
    });
  }

  get bodyHash(): Uint8Array {
    return sha256(this.bodyBytes);
  }

  /** What a batch on the chain commits to. */
  get commitment(): BatchCommitment {
    const { hash, sum } = this.payouts.root;
    return {
      shareCount: BigInt(this.body.shares.length),
      sharesRoot: this.shares.root,
      payeeCount: BigInt(this.body.payees.length),
      payoutsRoot: hash,
      sum,
    };
  }

  /** The list of a common share; empty for any other. */
  occurrencesOf(index: number): Messages["tributary.attribution.v1.OccurrenceList"]["occurrences"] {
    if (this.body.shares[index]?.kind !== ShareKind.SHARE_KIND_COMMON) return [];
    const before = this.body.shares.slice(0, index).filter(({ kind }) => kind === ShareKind.SHARE_KIND_COMMON).length;
    return this.body.lists[before]?.occurrences ?? [];
  }
}

/** The batch of a published body. Throws DecodeError when the bytes are none. */
export function batchOfBody(bytes: Uint8Array): BuiltBatch {
  return new BuiltBatch(decode("tributary.attribution.v1.BatchBody", bytes));
}
