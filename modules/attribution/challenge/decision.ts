/**
 * Owns what a challenge proves that decides at once: whether what it shows stands under the batch's commitments and is
 * enough, and what is wrong with the batch then. Pure, so that a watcher can try a challenge before it pays for one. It
 * does not own the flaws themselves (share-flaw.ts, evidence.ts, better-claim.ts, payout-flaw.ts) nor what follows.
 */
import type { Hasher } from "../../../chain/types/hash.ts";
import { ShareKind } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { type Share, type ShareOpening, verifyShare } from "../batch/shares.ts";
import type { MatchPlace, RecordFacts } from "../proof/match.ts";
import { openText, type TextCommitment, type TextOpening, type TextWindow } from "../proof/text-window.ts";
import type { BatchFacts } from "./batch-facts.ts";
import { omissionRefusal, rankRefusal } from "./better-claim.ts";
import { examine, occurrencesFlaw } from "./evidence.ts";
import { neighbourFlaw, shareFlaw } from "./share-flaw.ts";

/** What is wrong with the batch, or why the challenge does not show it. */
export type Decision = { readonly flaw: string } | { readonly refusal: string };

/** What a challenge's message shows; who sends it does not matter here. */
export type Shown<Name extends string> = Omit<
  Messages[`tributary.attribution.v1.${Name}` & keyof Messages],
  "challenger" | "host" | "batchId"
>;

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** Thrown inside a decision by what proves nothing; `decide` turns it into a refusal. */
export class Refusal extends Error {}

/** Runs a decision whose parts may refuse. */
export function decide<Found extends object>(
  decision: () => Found | { readonly refusal: string },
): Found | { readonly refusal: string } {
  try {
    return decision();
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

/** A share, or two neighbours, that cannot be. */
export function decideShare(facts: BatchFacts, shown: Shown<"MsgChallengeShare">, hasher: Hasher): Decision {
  return decide<{ readonly flaw: string }>(() => {
    const [first, second] = openShares(facts, shown.shares, hasher);
    const { index } = shown.shares[0]!;
    const flaw =
      sharesFlaw(facts, index, first, second) ??
      (second === undefined ? evidenceFlaw(facts, first, shown, hasher) : undefined);
    return flaw === undefined ? { refusal: `share ${index} is as it should be` } : { flaw: `share ${index}: ${flaw}` };
  });
}

/** A match that owns a token of the share. */
export function decideOmission(facts: BatchFacts, shown: Shown<"MsgChallengeOmission">, hasher: Hasher): Decision {
  return decide<{ readonly flaw: string }>(() => {
    const [share] = openShares(facts, [shown.share], hasher);
    const { output: commitment } = useOf(facts, share);
    const record = requireRecord(facts, shown.recordId);
    const place = placeOf(shown, commitment.length, record);
    const output = requireText(shown.output, commitment, "output", hasher);
    const text = requireText(shown.record, record.text, "record", hasher);
    const refusal = omissionRefusal(share, { place, record, output, text }, facts);
    if (refusal !== undefined) return { refusal };
    return { flaw: `record ${nameOf(record.id)} owns a token of share ${shown.share.index}` };
  });
}

/** A passage or example that a list leaves out. */
export function decideRank(facts: BatchFacts, shown: Shown<"MsgChallengeRank">, hasher: Hasher): Decision {
  return decide<{ readonly flaw: string }>(() => {
    const { shares } = shown;
    const [first, second] = openShares(facts, shares, hasher);
    const [before, after] = second === undefined ? [undefined, first] : [first, second];
    const isBeginning = before === undefined ? after.start === 0n : before.usePosition === after.usePosition;
    if (!isBeginning) return { refusal: "the shares are not neighbours of one use" };
    const use = useOf(facts, after);
    const record = requireRecord(facts, shown.recordId);
    const rank = {
      record,
      recordStart: offsetOf(shown.recordStart, record),
      text: requireText(shown.record, record.text, "record", hasher),
      prompt: requireText(shown.prompt, use.prompt, "prompt", hasher),
      output: shownText(shown.output, use.output, "output", hasher),
    };
    const refusal = rankRefusal(before, after, rank, facts);
    if (refusal !== undefined) return { refusal };
    return { flaw: `record ${nameOf(record.id)} is left out before share ${shares[shares.length - 1]!.index}` };
  });
}

/** Why a list of places does not put the host to an answer; undefined when it does. */
export function commonnessRefusal(
  facts: BatchFacts,
  shown: Shown<"MsgChallengeCommonness">,
  hasher: Hasher,
): string | undefined {
  const decision = decide<{ readonly flaw: string }>(() => {
    const [share] = openShares(facts, [shown.share], hasher);
    if (share.kind !== ShareKind.SHARE_KIND_SPAN) return { refusal: "the share is not a paid span" };
    const own = shareFlaw(share, facts);
    if (own !== undefined) return { refusal: `the share itself cannot be: ${own}` };
    const secret = shown.occurrences.find(({ record }) => facts.record(record)?.isPrivate === true)?.record;
    if (secret !== undefined) {
      const name = `record ${secret.datanetId}/${secret.number}`;
      return { refusal: `${name} is of a private datanet: nobody is made to show its text` };
    }
    const flaw = occurrencesFlaw(shown.occurrences, Number(share.matchEnd - share.matchStart), facts);
    return flaw === undefined ? { flaw: "" } : { refusal: flaw };
  });
  return "refusal" in decision ? decision.refusal : undefined;
}

/** The window an opening shows; undefined without one. Throws a refusal when it does not lead to the root. */
function shownText(
  opening: TextOpening | undefined,
  commitment: TextCommitment,
  name: string,
  hasher: Hasher,
): TextWindow | undefined {
  return opening === undefined ? undefined : requireText(opening, commitment, name, hasher);
}

/** The window an opening shows. Throws a refusal when it does not lead to the root. */
export function requireText(
  opening: TextOpening,
  commitment: TextCommitment,
  name: string,
  hasher: Hasher,
): TextWindow {
  const window = openText(opening, commitment, hasher);
  if (window === undefined) throw new Refusal(`the chunks shown are not the ${name}'s`);
  return window;
}

/** One or two openings that follow each other, proved. */
function openShares(
  { commitment }: BatchFacts,
  openings: readonly ShareOpening[],
  hasher: Hasher,
): readonly [Share, Share?] {
  const [first, second] = openings;
  if (first === undefined || openings.length > 2) throw new Refusal("one share is shown, or two");
  if (second !== undefined && second.index !== first.index + 1n)
    throw new Refusal("the shares do not follow each other");
  for (const opening of openings) {
    if (!verifyShare(commitment.sharesRoot, commitment.shareCount, opening, hasher)) {
      throw new Refusal(`share ${opening.index} is not under the batch's shares_root`);
    }
  }
  return second === undefined ? [first.share] : [first.share, second.share];
}

function sharesFlaw(facts: BatchFacts, index: bigint, first: Share, second: Share | undefined): string | undefined {
  const own = shareFlaw(first, facts) ?? (second && shareFlaw(second, facts));
  if (own !== undefined) return own;
  if (second !== undefined) return neighbourFlaw(first, second, facts);
  const atBeginning = index === 0n ? neighbourFlaw(undefined, first, facts) : undefined;
  const isLast = index === facts.commitment.shareCount - 1n;
  return atBeginning ?? (isLast ? neighbourFlaw(first, undefined, facts) : undefined);
}

function evidenceFlaw(
  facts: BatchFacts,
  share: Share,
  shown: Shown<"MsgChallengeShare">,
  hasher: Hasher,
): string | undefined {
  const use = useOf(facts, share);
  const cited = share.record ?? shown.occurrences[shown.chosen]?.record;
  const record = cited && facts.record(cited);
  const finding = examine(share, facts, {
    output: shownText(shown.output, use.output, "output", hasher),
    prompt: shownText(shown.prompt, use.prompt, "prompt", hasher),
    record: record && shownText(shown.record, record.text, "record", hasher),
    occurrences: shown.occurrences.length === 0 ? undefined : shown.occurrences,
    chosen: shown.chosen,
  });
  return finding.is === "flawed" ? finding.flaw : undefined;
}

function useOf(facts: BatchFacts, share: Share): BatchFacts["uses"][number] {
  const use = facts.uses[share.usePosition];
  if (use === undefined) throw new Refusal("the share itself cannot be: challenge it alone");
  return use;
}

/** Throws a refusal for a record that does not count. */
export function requireRecord(facts: Pick<BatchFacts, "record">, id: RecordId): RecordFacts {
  const record = facts.record(id);
  if (record === undefined) throw new Refusal(`record ${nameOf(id)} is not of the model's lineage`);
  return record;
}

/** A record's name in messages. */
export function nameOf({ datanetId, number }: RecordId): string {
  return `${datanetId}/${number}`;
}

function offsetOf(start: bigint, { text }: RecordFacts): number {
  if (start >= BigInt(text.length)) throw new Refusal(`the record has ${text.length} bytes`);
  return Number(start);
}

/** Where a match is said to stand, in both texts. Throws a refusal for one that does not lie in them. */
export function placeOf(
  { matchStart, matchEnd, recordStart }: Pick<Shown<"MsgChallengeOmission">, "matchStart" | "matchEnd" | "recordStart">,
  outputLength: number,
  record: RecordFacts,
): MatchPlace {
  if (matchStart >= matchEnd || matchEnd > BigInt(outputLength)) {
    throw new Refusal(`a match from byte ${matchStart} to ${matchEnd} of an output of ${outputLength}`);
  }
  const start = offsetOf(recordStart, record);
  if (start + Number(matchEnd - matchStart) > record.text.length) throw new Refusal("the match ends behind its record");
  return { matchStart: Number(matchStart), matchEnd: Number(matchEnd), recordStart: start };
}
