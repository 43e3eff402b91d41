/**
 * Owns what becomes of listed places whose texts the host cannot get: which it may contest, and what shows a contested one to
 * hold the match. It does not own when (keeper/challenges.ts) nor what a list must be (evidence.ts).
 */
import type { Hasher } from "../../../chain/types/hash.ts";
import { BatchPart } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { checkMatch, showsMatch } from "../proof/match.ts";
import { openText } from "../proof/text-window.ts";
import { openedShareFlaw } from "./answer.ts";
import type { BatchFacts } from "./batch-facts.ts";
import { nameOf } from "./decision.ts";

type Challenge = Messages["tributary.attribution.v1.Challenge"];
/** What a challenger shows of contested places. */
export type ShownPlaces = Omit<Messages["tributary.attribution.v1.MsgShowOccurrences"], "challenger" | "challengeId">;

/** Why these positions of the challenge's list cannot be contested; undefined when they can. */
export function contestFlaw(challenge: Challenge, contested: readonly number[]): string | undefined {
  if (challenge.part !== BatchPart.BATCH_PART_COMMONNESS) return "only a list of places can be contested";
  if (challenge.contested.length > 0) return "its list was contested already";
  if (contested.length === 0) return "it contests no place";
  return positionsFlaw(contested, (position) => position < challenge.occurrences.length);
}

/** Why the message does not show contested places to hold the match; undefined when it shows all that it names. */
export function shownPlacesFlaw(
  challenge: Challenge,
  { share: opening, output: shownOutput, shown }: ShownPlaces,
  facts: BatchFacts,
  hasher: Hasher,
): string | undefined {
  const waiting = new Set(challenge.contested);
  const flaw =
    (shown.length === 0 ? "it shows no place" : undefined) ??
    positionsFlaw(
      shown.map(({ chosen }) => chosen),
      (position) => waiting.has(position),
    ) ??
    openedShareFlaw(challenge, opening, facts, hasher);
  if (flaw !== undefined) return flaw;
  const { usePosition, matchStart, matchEnd } = opening.share;
  const output = openText(shownOutput, facts.uses[usePosition]!.output, hasher);
  if (output === undefined) return "the chunks shown are not the output's";
  for (const { chosen, record: shownRecord } of shown) {
    const { record: id, recordStart } = challenge.occurrences[chosen]!;
    const record = facts.record(id);
    const text = record && openText(shownRecord, record.text, hasher);
    if (text === undefined) return `the chunks shown are not those of record ${nameOf(id)}`;
    const place = {
      matchStart: Number(matchStart),
      matchEnd: Number(matchEnd),
      recordStart: Number(recordStart),
    };
    if (!showsMatch(place, output, text)) return `it does not show the match and place ${chosen}`;
    const check = checkMatch(place, output, text, facts.rules);
    if ("flaw" in check) return `place ${chosen} does not hold the match: ${check.flaw}`;
  }
  return undefined;
}

/** Positions stand in ascending order, so that none comes twice. */
function positionsFlaw(positions: readonly number[], isOpen: (position: number) => boolean): string | undefined {
  let before = -1;
  for (const position of positions) {
    if (position <= before) return "places are not in ascending order";
    if (!isOpen(position)) return `place ${position} is not one of them`;
    before = position;
  }
  return undefined;
}
