/**
 * Owns the reading of a challenge of payouts: that what it shows stands under the batch's commitments and next to each
 * other, and what follows from it. It does not own the flaws themselves (challenge/payout-flaw.ts).
 */
import type { Hasher } from "../../../chain/types/hash.ts";
import { type Payee, verifyEntry, verifyPayee } from "../batch/payees.ts";
import { type Share, verifyShare } from "../batch/shares.ts";
import type { BatchCommitment } from "./batch-facts.ts";
import type { Decision, Shown } from "./decision.ts";
import { entriesFlaw, entryFlaw, type Gap, isGap, lacksEntry, lacksPayee, payeesFlaw } from "./payout-flaw.ts";

type ShownPayout = Shown<"MsgChallengePayout">;
const refusal = (text: string): Decision => ({ refusal: text });

/** Payouts that do not sum up the shares. */
export function decidePayout(commitment: BatchCommitment, shown: ShownPayout, hasher: Hasher): Decision {
  const { payees, entries, share: opening } = shown;
  if (opening !== undefined && !verifyShare(commitment.sharesRoot, commitment.shareCount, opening, hasher)) {
    return refusal(`share ${opening.index} is not under the batch's shares_root`);
  }
  const share = opening?.share;
  if (payees.length > 2 || entries.length > 2) return refusal("at most two payees and two entries are shown");
  const root = { sum: commitment.sum, hash: commitment.payoutsRoot };
  for (const opening of payees) {
    if (!verifyPayee(root, commitment.payeeCount, opening, hasher)) {
      return refusal(`payee ${opening.index} is not under the batch's payouts_root`);
    }
  }
  const flaw = payeesFlaw({ left: payees[0], right: payees[1] });
  const areNeighbours = payees[1] === undefined || payees[1].index === payees[0]!.index + 1n;
  if (!areNeighbours) return refusal("the payees do not follow each other");
  if (flaw !== undefined) return { flaw };
  const [first] = payees;
  if (payees.length === 1 && entries.length > 0) return entriesFound(commitment, first!.payee, shown, share, hasher);
  if (share === undefined) return refusal("the payees are as they should be");
  const index = shown.share!.index;
  if (share.amount === "0") return refusal(`share ${index} pays nothing`);
  const gaps = gapsAround(payees, commitment.payeeCount);
  const isMissing = gaps.some((gap) => lacksPayee(gap, share.beneficiary));
  return isMissing
    ? { flaw: `the beneficiary of share ${index} is no payee` }
    : refusal("the share's payee is not missing");
}

function entriesFound(
  { shareCount }: BatchCommitment,
  payee: Payee,
  { entries, share: opening }: ShownPayout,
  share: Share | undefined,
  hasher: Hasher,
): Decision {
  for (const entry of entries) {
    if (!verifyEntry(payee, entry, hasher)) return refusal(`entry ${entry.index} is not under its payee`);
  }
  const [left, right] = entries;
  if (right !== undefined && right.index !== left!.index + 1n) return refusal("the entries do not follow each other");
  const order = entriesFlaw({ left, right });
  if (order !== undefined) return { flaw: order };
  const named = left!.entry.shareIndex;
  if (named >= shareCount) return { flaw: entryFlaw(payee, left!.entry, undefined)! };
  if (share === undefined) return refusal("the entries are as they should be");
  const index = opening!.index;
  if (entries.length === 1 && named === index) {
    const flaw = entryFlaw(payee, left!.entry, share);
    return flaw === undefined ? refusal("the entry is its share's") : { flaw };
  }
  if (share.amount === "0" || share.beneficiary !== payee.beneficiary)
    return refusal("the share does not pay the payee");
  const isMissing = gapsAround(entries, payee.entryCount).some((gap) => lacksEntry(gap, index));
  return isMissing ? { flaw: `share ${index} is not among its payee's entries` } : refusal("the share is not missing");
}

/** Between which neighbours something could be missing, by one or two openings, or none for an empty tree. */
function gapsAround<Opening extends { readonly index: bigint }>(
  openings: readonly Opening[],
  count: bigint,
): readonly Gap<Opening>[] {
  const [left, right] = openings;
  const gaps: Gap<Opening>[] =
    right !== undefined
      ? [{ left, right }]
      : [
          { left, right: undefined },
          { left: undefined, right: left },
        ];
  return gaps.filter((gap) => isGap(gap, count));
}
