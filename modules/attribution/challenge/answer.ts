/**
 * Owns what a host must show to meet a challenge: the part that is asked for, whole and sound, or one of the challenger's
 * places that does not hold the match. It does not own when it must (keeper/challenges.ts).
 */
import type { Hasher } from "../../../chain/types/hash.ts";
import { BatchPart } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { verifyEntry, verifyPayee } from "../batch/payees.ts";
import { type ShareOpening, verifyShare } from "../batch/shares.ts";
import { checkMatch, showsMatch } from "../proof/match.ts";
import { openText, type TextCommitment, type TextOpening, type TextWindow } from "../proof/text-window.ts";
import type { BatchFacts } from "./batch-facts.ts";
import { examine } from "./evidence.ts";
import { shareFlaw } from "./share-flaw.ts";

type Challenge = Messages["tributary.attribution.v1.Challenge"];
type Answer = Omit<Messages["tributary.attribution.v1.MsgRespond"], "host" | "challengeId">;

/** Why the answer does not meet the challenge; undefined when it does. A text opening that proves nothing shows nothing. */
export function answerFlaw(
  challenge: Challenge,
  answer: Answer,
  facts: BatchFacts,
  hasher: Hasher,
): string | undefined {
  switch (challenge.part) {
    case BatchPart.BATCH_PART_SHARE:
      return shareAnswerFlaw(challenge, answer, facts, hasher);
    case BatchPart.BATCH_PART_PAYEE:
      return payeeAnswerFlaw(challenge, answer, facts, hasher);
    case BatchPart.BATCH_PART_ENTRY:
      return payeeAnswerFlaw(challenge, answer, facts, hasher) ?? entryAnswerFlaw(challenge, answer, hasher);
    default:
      return commonnessAnswerFlaw(challenge, answer, facts, hasher);
  }
}

function windowOf(
  opening: TextOpening | undefined,
  commitment: TextCommitment,
  hasher: Hasher,
): TextWindow | undefined {
  return opening === undefined ? undefined : openText(opening, commitment, hasher);
}

/** Why an opening is not the share that a challenge is about; undefined when it is. */
export function openedShareFlaw(
  { index }: Pick<Challenge, "index">,
  opening: ShareOpening | undefined,
  { commitment }: BatchFacts,
  hasher: Hasher,
): string | undefined {
  if (opening === undefined || opening.index !== index) return `share ${index} is asked for`;
  const isUnder = verifyShare(commitment.sharesRoot, commitment.shareCount, opening, hasher);
  return isUnder ? undefined : `share ${index} is not under the batch's shares_root`;
}

function shareAnswerFlaw(challenge: Challenge, answer: Answer, facts: BatchFacts, hasher: Hasher): string | undefined {
  const flaw = openedShareFlaw(challenge, answer.share, facts, hasher);
  if (flaw !== undefined) return flaw;
  const { share } = answer.share!;
  const own = shareFlaw(share, facts);
  if (own !== undefined) return own;
  const use = facts.uses[share.usePosition]!;
  // The challenger chose which occurrence of a common share is to be shown.
  const list = answer.occurrences;
  const chosen = list.length === 0 ? 0 : Number(challenge.entry % BigInt(list.length));
  const cited = share.record ?? list[chosen]?.record;
  const record = cited && facts.record(cited);
  const finding = examine(share, facts, {
    output: windowOf(answer.output, use.output, hasher),
    prompt: windowOf(answer.prompt, use.prompt, hasher),
    record: record && windowOf(answer.record, record.text, hasher),
    occurrences: list.length === 0 ? undefined : list,
    chosen,
  });
  switch (finding.is) {
    case "sound":
      return undefined;
    case "flawed":
      return finding.flaw;
    case "open":
      // An answer is published. Who may read the private texts can show that the share is false.
      return facts.isPrivate === true ? undefined : `it does not show ${finding.missing}`;
  }
}

function payeeAnswerFlaw(
  { index }: Challenge,
  { payee: opening }: Answer,
  { commitment }: BatchFacts,
  hasher: Hasher,
): string | undefined {
  if (opening === undefined || opening.index !== index) return `payee ${index} is asked for`;
  const root = { sum: commitment.sum, hash: commitment.payoutsRoot };
  const isUnder = verifyPayee(root, commitment.payeeCount, opening, hasher);
  return isUnder ? undefined : `payee ${index} is not under the batch's payouts_root`;
}

function entryAnswerFlaw(challenge: Challenge, answer: Answer, hasher: Hasher): string | undefined {
  const { payee } = answer.payee!;
  // Nobody but the host may know how many entries there are: an entry beyond the last one asks for the last.
  const wanted = challenge.entry < payee.entryCount ? challenge.entry : payee.entryCount - 1n;
  if (answer.entry === undefined || answer.entry.index !== wanted) return `entry ${wanted} is asked for`;
  return verifyEntry(payee, answer.entry, hasher) ? undefined : `entry ${wanted} is not under its payee`;
}

/** One of the challenger's places must be shown not to hold the match. */
function commonnessAnswerFlaw(
  challenge: Challenge,
  answer: Answer,
  facts: BatchFacts,
  hasher: Hasher,
): string | undefined {
  const flaw = openedShareFlaw(challenge, answer.share, facts, hasher);
  if (flaw !== undefined) return flaw;
  const { share } = answer.share!;
  const occurrence = challenge.occurrences[answer.chosen];
  const record = occurrence && facts.record(occurrence.record);
  if (record === undefined) return `there is no occurrence ${answer.chosen}`;
  const output = windowOf(answer.output, facts.uses[share.usePosition]!.output, hasher);
  const text = windowOf(answer.record, record.text, hasher);
  const place = {
    matchStart: Number(share.matchStart),
    matchEnd: Number(share.matchEnd),
    recordStart: Number(occurrence!.recordStart),
  };
  if (output === undefined || text === undefined || !showsMatch(place, output, text)) {
    return "it does not show the match and the place";
  }
  return "flaw" in checkMatch(place, output, text, facts.rules)
    ? undefined
    : `occurrence ${answer.chosen} holds the match`;
}
