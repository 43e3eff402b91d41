/**
 * An honest batch made in the plainest way: every place of every record is tried for every stretch of an output. It is
 * slow and obviously right, and so a measure for the module's checks and for engines that search with an index.
 */

import { sha256 } from "../../chain/types/hash.ts";
import { beginsToken, countTokens, endsToken } from "../../chain/types/lexer.ts";
import { TextTree } from "../../chain/types/text-tree.ts";
import { PayoutTree, payeesOf } from "../../modules/attribution/batch/payees.ts";
import { type Share, ShareTree, shareAmount } from "../../modules/attribution/batch/shares.ts";
import type { BatchFacts, BatchRules, UseFacts } from "../../modules/attribution/challenge/batch-facts.ts";
import {
  MAX_MATCH_BYTES,
  MAX_NEIGHBOURS,
  MAX_QUERY_BYTES,
  MAX_STRETCH_BYTES,
  PASSAGE_BYTES,
} from "../../modules/attribution/limits.ts";
import { passageScore, queryTerms } from "../../modules/attribution/proof/bm25.ts";
import { exampleOf, shapleyValues, squaredDistance } from "../../modules/attribution/proof/knn-shapley.ts";
import {
  compareMatches,
  compareRecords,
  type RankedMatch,
  type RecordFacts,
} from "../../modules/attribution/proof/match.ts";
import type { TermCounts } from "../../modules/attribution/proof/term-table.ts";
import { encode } from "../../proto/codec.ts";
import { ProofType, ShareKind } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { nativeHasher } from "./native-hasher.ts";

/** A record with its text. */
export interface TextRecord extends RecordFacts {
  readonly bytes: Uint8Array;
  readonly tree: TextTree;
}

/** A use with its texts. */
export interface TextUse {
  readonly part: bigint;
  readonly proof: number;
  readonly output: Uint8Array;
  readonly prompt: Uint8Array;
}

/** A batch with everything that it was made from. */
export interface MadeBatch {
  readonly uses: readonly TextUse[];
  readonly records: readonly TextRecord[];
  /** Records of the lineage whose texts nobody has. */
  readonly textless: readonly RecordFacts[];
  readonly shares: ShareTree;
  readonly payouts: PayoutTree;
  readonly facts: BatchFacts;
  /** By hash in hex: the lists of common shares. */
  readonly lists: ReadonlyMap<string, readonly Messages["tributary.attribution.v1.Occurrence"][]>;
}

export function textRecord(number: bigint, contributor: string, bytes: Uint8Array, height = number): TextRecord {
  const tree = new TextTree(bytes, nativeHasher);
  const text = { root: tree.root, length: bytes.length };
  return { id: { datanetId: 1n, number }, contributor, text, height, bytes, tree };
}

export function useFacts({ part, proof, output, prompt }: TextUse): UseFacts {
  const commit = (text: Uint8Array) => ({ root: new TextTree(text, nativeHasher).root, length: text.length });
  return { part, proof, output: commit(output), prompt: commit(prompt) };
}

/** The batch an honest host posts. `records` in their order. */
export function makeBatch(
  uses: readonly TextUse[],
  records: readonly TextRecord[],
  rules: BatchRules,
  table?: TermCounts,
  textless: readonly RecordFacts[] = [],
): MadeBatch {
  const lists = new Map<string, readonly Messages["tributary.attribution.v1.Occurrence"][]>();
  const shares = uses.flatMap((use, position) => sharesOf(use, position, records, rules, table, lists));
  return commitTo(uses, records, rules, table, shares, lists, textless);
}

/** Commits to shares as they are. */
export function commitTo(
  uses: readonly TextUse[],
  records: readonly TextRecord[],
  rules: BatchRules,
  table: TermCounts | undefined,
  shares: readonly Share[],
  lists: MadeBatch["lists"],
  textless: readonly RecordFacts[] = [],
): MadeBatch {
  const tree = new ShareTree(shares, nativeHasher);
  const payouts = new PayoutTree(payeesOf(shares, nativeHasher), nativeHasher);
  const known = new Map<string, RecordFacts>(
    [...records, ...textless].map((record) => [`${record.id.datanetId}/${record.id.number}`, record]),
  );
  const facts: BatchFacts = {
    commitment: {
      shareCount: BigInt(shares.length),
      sharesRoot: tree.root,
      payeeCount: BigInt(payouts.payees.length),
      payoutsRoot: payouts.root.hash,
      sum: payouts.root.sum,
    },
    uses: uses.map(useFacts),
    rules,
    table,
    record: ({ datanetId, number }) => known.get(`${datanetId}/${number}`),
  };
  return { uses, records, textless, shares: tree, payouts, facts, lists };
}

const EMPTY: Omit<
  Share,
  "usePosition" | "kind" | "start" | "end" | "weightBefore" | "weightAfter" | "weightTotal" | "amount"
> = {
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

/** A stretch or rank before its weights are summed up. */
type Draft = typeof EMPTY & {
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly weight: bigint;
};

function sharesOf(
  use: TextUse,
  position: number,
  records: readonly TextRecord[],
  rules: BatchRules,
  table: TermCounts | undefined,
  lists: Map<string, readonly Messages["tributary.attribution.v1.Occurrence"][]>,
): readonly Share[] {
  const drafts =
    use.proof === ProofType.PROOF_TYPE_SPAN
      ? spanDrafts(use.output, records, rules, table, lists)
      : use.proof === ProofType.PROOF_TYPE_BM25
        ? passageDrafts(use, records, rules, table!)
        : neighbourDrafts(use, records, rules);
  const total = drafts.reduce((sum, { weight }) => sum + weight, 0n);
  let before = 0n;
  return drafts.map(({ weight, ...draft }, i) => {
    const after = before + weight;
    const takesAll = i === drafts.length - 1 && draft.kind === ShareKind.SHARE_KIND_UNMATCHED;
    const amount = shareAmount(use.part, before, after, total, takesAll).toString();
    const share = {
      ...draft,
      usePosition: position,
      weightBefore: before.toString(),
      weightAfter: after.toString(),
      weightTotal: total.toString(),
      amount,
    };
    before = after;
    return share;
  });
}

/** A match with all places it stands in, the earliest first. */
interface Found {
  readonly best: RankedMatch;
  readonly matchEnd: number;
  readonly occurrences: readonly Messages["tributary.attribution.v1.Occurrence"][];
}

function spanDrafts(
  output: Uint8Array,
  records: readonly TextRecord[],
  rules: BatchRules,
  table: TermCounts | undefined,
  lists: Map<string, readonly Messages["tributary.attribution.v1.Occurrence"][]>,
): readonly Draft[] {
  const starts: number[] = [];
  for (let at = 0; at < output.length; at++) if (beginsToken(output[at - 1], output[at]!)) starts.push(at);
  const matches = starts.map((start) => longestMatch(output, start, records, rules));
  const drafts: Draft[] = [];
  const borders = starts.map((start, i) => (i === 0 ? 0 : start));
  if (starts.length === 0)
    return [{ ...EMPTY, kind: ShareKind.SHARE_KIND_UNMATCHED, start: 0n, end: BigInt(output.length), weight: 0n }];
  if (starts[0]! > MAX_STRETCH_BYTES) {
    drafts.push({ ...EMPTY, kind: ShareKind.SHARE_KIND_UNMATCHED, start: 0n, end: BigInt(starts[0]!), weight: 0n });
    borders[0] = starts[0]!;
  }
  let owner: Found | undefined;
  let current: { start: number; end: number; weight: bigint; owner: Found | undefined; tokens: number } | undefined;
  const flush = () => {
    if (current !== undefined) drafts.push(draftOf(current, output, rules, lists));
  };
  starts.forEach((start, i) => {
    const covering = matches.filter(
      (match) => match !== undefined && match.best.matchStart <= start && start < match.matchEnd,
    );
    owner = covering.sort((a, b) => compareMatches(a!.best, b!.best))[0];
    const end = i + 1 < starts.length ? starts[i + 1]! : output.length;
    const weight = table === undefined ? 1n : table.weightOf(tokenAt(output, start));
    const fits =
      current !== undefined &&
      current.owner === owner &&
      end - current.start <= MAX_STRETCH_BYTES &&
      current.tokens < rules.maxTokens;
    if (fits) {
      current = { ...current!, end, weight: current!.weight + weight, tokens: current!.tokens + 1 };
    } else {
      flush();
      const from = borders[i]!;
      // White space before the first token belongs to its stretch while it fits.
      current = { start: from, end, weight, owner, tokens: 1 };
      if (end - from > MAX_STRETCH_BYTES && from < start) {
        drafts.push({ ...EMPTY, kind: ShareKind.SHARE_KIND_UNMATCHED, start: 0n, end: BigInt(start), weight: 0n });
        current = { ...current, start };
      }
    }
  });
  flush();
  return drafts;
}

function tokenAt(text: Uint8Array, start: number): Uint8Array {
  let end = start + 1;
  while (!endsToken(text[end - 1]!, text[end])) end++;
  return text.subarray(start, end);
}

function draftOf(
  { start, end, weight, owner }: { start: number; end: number; weight: bigint; owner: Found | undefined },
  _: Uint8Array,
  rules: BatchRules,
  lists: Map<string, readonly Messages["tributary.attribution.v1.Occurrence"][]>,
): Draft {
  const place = { ...EMPTY, start: BigInt(start), end: BigInt(end), weight };
  if (owner === undefined) return { ...place, kind: ShareKind.SHARE_KIND_UNMATCHED };
  const { best, matchEnd, occurrences } = owner;
  const match = { matchStart: BigInt(best.matchStart), matchEnd: BigInt(matchEnd), matchTokens: best.tokens };
  if (occurrences.length > rules.maxOccurrences) {
    const list = occurrences.slice(0, rules.maxOccurrences + 1);
    const occurrencesHash = sha256(encode("tributary.attribution.v1.OccurrenceList", { occurrences: list }));
    lists.set(Buffer.from(occurrencesHash).toString("hex"), list);
    return { ...place, ...match, kind: ShareKind.SHARE_KIND_COMMON, occurrencesHash };
  }
  const { record, recordStart } = best;
  const cited = { record: record.id, recordStart: BigInt(recordStart), beneficiary: record.contributor };
  return { ...place, ...match, ...cited, kind: ShareKind.SHARE_KIND_SPAN };
}

/** The longest match that begins with the token at `start`, in its earliest place, with one place in every record that has it. */
function longestMatch(
  output: Uint8Array,
  start: number,
  records: readonly TextRecord[],
  rules: BatchRules,
): Found | undefined {
  let found: { tokens: number; end: number; places: { record: TextRecord; recordStart: number }[] } | undefined;
  for (const record of records) {
    const { bytes } = record;
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] !== output[start] || !beginsToken(bytes[at - 1], bytes[at]!)) continue;
      let [length, longest, tokens] = [0, 0, 0];
      while (
        length < MAX_MATCH_BYTES &&
        start + length < output.length &&
        at + length < bytes.length &&
        output[start + length] === bytes[at + length]
      ) {
        length++;
        if (
          !endsToken(output[start + length - 1]!, output[start + length]) ||
          !endsToken(bytes[at + length - 1]!, bytes[at + length])
        )
          continue;
        const count = countTokens(output, start, start + length);
        if (count > rules.maxTokens) break;
        [longest, tokens] = [length, count];
      }
      if (tokens < rules.minTokens) continue;
      if (found === undefined || tokens > found.tokens) found = { tokens, end: start + longest, places: [] };
      const last = found.places.at(-1);
      if (tokens === found.tokens && last?.record !== record) found.places.push({ record, recordStart: at });
    }
  }
  if (found === undefined) return undefined;
  const places = [...found.places].sort((a, b) => compareRecords(a.record, b.record));
  const best = {
    tokens: found.tokens,
    matchStart: start,
    record: places[0]!.record,
    recordStart: places[0]!.recordStart,
  };
  const occurrences = places.map(({ record, recordStart }) => ({
    record: record.id,
    recordStart: BigInt(recordStart),
  }));
  return { best, matchEnd: found.end, occurrences };
}

function passageDrafts(
  use: TextUse,
  records: readonly TextRecord[],
  rules: BatchRules,
  table: TermCounts,
): readonly Draft[] {
  const query = queryTerms(use.prompt.subarray(0, MAX_QUERY_BYTES), table);
  const passages: { kind: number; score: bigint; record: TextRecord; recordStart: bigint }[] = [];
  for (const record of records) {
    for (let at = 0; at < record.bytes.length; at += PASSAGE_BYTES) {
      const score = passageScore(query, record.bytes.subarray(at, at + PASSAGE_BYTES), table);
      if (score > 0n) passages.push({ kind: ShareKind.SHARE_KIND_PASSAGE, score, record, recordStart: BigInt(at) });
    }
  }
  passages.sort(
    (a, b) => Number(b.score - a.score) || compareRecords(a.record, b.record) || Number(a.recordStart - b.recordStart),
  );
  const ranks = passages.slice(0, rules.maxPassages).map(
    ({ record, ...rank }, i): Draft => ({
      ...EMPTY,
      ...rank,
      record: record.id,
      beneficiary: record.contributor,
      start: BigInt(i),
      end: BigInt(i + 1),
      weight: rank.score,
    }),
  );
  return [...ranks, terminator(ranks.length)];
}

function neighbourDrafts(use: TextUse, records: readonly TextRecord[], rules: BatchRules): readonly Draft[] {
  const examples: { distance: bigint; agrees: boolean; record: TextRecord }[] = [];
  for (const record of records) {
    const example = exampleOf(record.bytes);
    const distance = example && squaredDistance(use.prompt, example.features);
    if (distance !== undefined) examples.push({ distance, agrees: example!.label === use.output[0], record });
  }
  examples.sort((a, b) => Number(a.distance - b.distance) || compareRecords(a.record, b.record));
  const nearest = examples.slice(0, MAX_NEIGHBOURS);
  const values = shapleyValues(
    rules.neighbours,
    nearest.map(({ agrees }) => agrees),
  );
  const ranks = nearest.map(({ distance, agrees, record }, i): Draft => {
    const value = values[i]!;
    return {
      ...EMPTY,
      kind: ShareKind.SHARE_KIND_NEIGHBOUR,
      start: BigInt(i),
      end: BigInt(i + 1),
      weight: value > 0n ? value : 0n,
      record: record.id,
      beneficiary: record.contributor,
      score: distance,
      value: value.toString(),
      agrees,
    };
  });
  return [...ranks, terminator(ranks.length)];
}

function terminator(rank: number): Draft {
  return { ...EMPTY, kind: ShareKind.SHARE_KIND_UNMATCHED, start: BigInt(rank), end: BigInt(rank), weight: 0n };
}
