/**
 * Owns what an honest host commits to for a use that is divided by spans: the output cut into stretches of tokens that one
 * match owns, each with its weight and amount. It does not own the search (span-search.ts), what a share may be
 * (modules/attribution/challenge/) nor trees over shares (batch-builder.ts).
 */
import { sha256 } from "../chain/types/hash.ts";
import { type Share, shareAmount } from "../modules/attribution/batch/shares.ts";
import type { BatchRules, UseFacts } from "../modules/attribution/challenge/batch-facts.ts";
import { MAX_STRETCH_BYTES } from "../modules/attribution/limits.ts";
import type { TermCounts } from "../modules/attribution/proof/term-table.ts";
import { encode } from "../proto/codec.ts";
import { ShareKind } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { FoundMatches, OwningMatch } from "./span-search.ts";

export type Occurrence = Messages["tributary.attribution.v1.Occurrence"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** A share with the list that a common one commits to. */
export interface BuiltShare {
  readonly share: Share;
  /** Of a common share; empty for others. */
  readonly occurrences: readonly Occurrence[];
}

/** What shares of a use depend on beside the texts. */
export interface ShareContext {
  readonly usePosition: number;
  readonly use: Pick<UseFacts, "part">;
  readonly rules: BatchRules;
  readonly table: TermCounts | undefined;
  /** The contributor of a record. */
  readonly contributorOf: (id: RecordId) => string;
}

/** A share that means nothing yet: the fields of every kind that are empty. */
export const EMPTY_SHARE: Share = {
  usePosition: 0,
  kind: ShareKind.SHARE_KIND_UNMATCHED,
  start: 0n,
  end: 0n,
  weightBefore: "0",
  weightAfter: "0",
  weightTotal: "0",
  amount: "0",
  beneficiary: "",
  matchStart: 0n,
  matchEnd: 0n,
  matchTokens: 0,
  record: undefined,
  recordStart: 0n,
  occurrencesHash: new Uint8Array(0),
  score: 0n,
  value: "",
  agrees: false,
};

/** A stretch of an output's tokens with one owner. */
interface Stretch {
  /** The owning match, as an index; -1 for none. */
  readonly owner: number;
  readonly firstToken: number;
  /** The token behind it. */
  readonly endToken: number;
}

/** The shares of a use whose proof are spans, in their order. `found` must list one record more than makes a match common. */
export function spanShares(output: Uint8Array, found: FoundMatches, context: ShareContext): readonly BuiltShare[] {
  const { tokens, owners, matches } = found;
  const { table, use } = context;
  const weightOf = (token: number): bigint =>
    table === undefined ? 1n : table.weightOf(output.subarray(tokens.starts[token], tokens.ends[token]));
  const weights = Array.from(owners, (_, token) => weightOf(token));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const stretches = stretchesOf(found, output.length);
  let before = 0n;
  return stretches.map(({ owner, firstToken, endToken }, i) => {
    const after = weights.slice(firstToken, endToken).reduce((sum, weight) => sum + weight, before);
    const isLast = i === stretches.length - 1;
    const share = {
      ...EMPTY_SHARE,
      usePosition: context.usePosition,
      // White space belongs to the stretch before it, the first one's to the first stretch.
      start: i === 0 ? 0n : BigInt(tokens.starts[firstToken]!),
      end: BigInt(isLast ? output.length : tokens.starts[endToken]!),
      weightBefore: before.toString(),
      weightAfter: after.toString(),
      weightTotal: total.toString(),
      amount: shareAmount(use.part, before, after, total, isLast).toString(),
    };
    before = after;
    return owner === -1 ? { share, occurrences: [] } : withMatch(share, matches[owner]!, found, context);
  });
}

/** Neighbouring tokens of one owner, cut where a stretch would get longer than one opening shows. */
function stretchesOf({ tokens, owners }: FoundMatches, outputLength: number): readonly Stretch[] {
  const count = owners.length;
  if (count === 0) return [{ owner: -1, firstToken: 0, endToken: 0 }];
  const stretches: Stretch[] = [];
  let firstToken = 0;
  const startOf = (token: number): number => (token === 0 ? 0 : tokens.starts[token]!);
  for (let token = 1; token <= count; token++) {
    const end = token + 1 <= count ? (tokens.starts[token + 1] ?? outputLength) : outputLength;
    const fits = end - startOf(firstToken) <= MAX_STRETCH_BYTES;
    if (token < count && owners[token] === owners[firstToken] && fits) continue;
    stretches.push({ owner: owners[firstToken]!, firstToken, endToken: token });
    firstToken = token;
  }
  return stretches;
}

function withMatch(
  share: Share,
  { firstToken, tokenCount, places }: OwningMatch,
  { tokens }: FoundMatches,
  { rules, contributorOf }: ShareContext,
): BuiltShare {
  const match = {
    matchStart: BigInt(tokens.starts[firstToken]!),
    matchEnd: BigInt(tokens.ends[firstToken + tokenCount - 1]!),
    matchTokens: tokenCount,
  };
  if (places.length > rules.maxOccurrences) {
    const occurrences = places
      .slice(0, rules.maxOccurrences + 1)
      .map(({ id, start }) => ({ record: id, recordStart: BigInt(start) }));
    const occurrencesHash = sha256(encode("tributary.attribution.v1.OccurrenceList", { occurrences }));
    return { share: { ...share, ...match, kind: ShareKind.SHARE_KIND_COMMON, occurrencesHash }, occurrences };
  }
  const { id, start } = places[0]!;
  const cited = { record: id, recordStart: BigInt(start), beneficiary: contributorOf(id) };
  return { share: { ...share, ...match, ...cited, kind: ShareKind.SHARE_KIND_SPAN }, occurrences: [] };
}
