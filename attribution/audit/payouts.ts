/**
 * Owns finding payouts that do not sum up the shares: shares that nobody is paid for, entries for another's share or
 * another amount, payees and entries out of order. What is wrong is decided by the chain's own functions.
 */
import {
  entriesFlaw,
  entryFlaw,
  type Gap,
  lacksEntry,
  lacksPayee,
  payeesFlaw,
} from "../../modules/attribution/challenge/payout-flaw.ts";
import type { AuditSubject, Challenge, Flaw } from "./subject.ts";

type PayoutChallenge = Omit<Extract<Challenge, { readonly kind: "payout" }>, "kind">;

/** Everything that is wrong with the tree of payouts. */
export function* falsePayouts(subject: AuditSubject): Generator<Flaw> {
  const { payees } = subject.batch.body;
  for (let i = 0; i <= payees.length; i++) {
    const gap = payeeGap(subject, i);
    const flaw = payees.length === 0 ? undefined : payeesFlaw(gap);
    if (flaw !== undefined) yield wrong(flaw, { payees: shown(gap), entries: [] });
    if (i < payees.length) yield* falseEntries(subject, i);
  }
  yield* unpaidShares(subject);
}

function* falseEntries(subject: AuditSubject, payee: number): Generator<Flaw> {
  const { batch } = subject;
  const { entries, payee: leaf } = batch.body.payees[payee]!;
  const opened = [batch.payouts.openPayee(payee)];
  for (let i = 0; i <= entries.length; i++) {
    const gap = entryGap(subject, payee, i);
    const flaw = entriesFlaw(gap);
    if (flaw !== undefined) yield wrong(`payee ${payee}: ${flaw}`, { payees: opened, entries: shown(gap) });
    const entry = entries[i];
    if (entry === undefined) continue;
    const share = batch.body.shares[Number(entry.shareIndex)];
    const mistake = entryFlaw(leaf, entry, share);
    if (mistake === undefined) continue;
    const shareOpening = share === undefined ? undefined : batch.shares.open(Number(entry.shareIndex));
    yield wrong(`payee ${payee}: ${mistake}`, {
      ...{ payees: opened, entries: [batch.payouts.openEntry(payee, i)], share: shareOpening },
    });
  }
}

/** Shares that no entry pays: their payee has no leaf, or the payee no entry for them. */
function* unpaidShares(subject: AuditSubject): Generator<Flaw> {
  const { batch } = subject;
  const { shares, payees } = batch.body;
  const placeOf = new Map(payees.map(({ payee }, i) => [payee.beneficiary, i]));
  const paid = payees.map(({ entries }) => new Set(entries.map(({ shareIndex }) => shareIndex)));
  for (const [index, { beneficiary, amount }] of shares.entries()) {
    if (amount === "0") continue;
    const share = batch.shares.open(index);
    const payee = placeOf.get(beneficiary);
    if (payee === undefined) {
      const gap = gaps(payees.length, (at) => payeeGap(subject, at)).find((one) => lacksPayee(one, beneficiary));
      if (gap !== undefined) yield wrong(`share ${index} has no payee`, { payees: shown(gap), entries: [], share });
      continue;
    }
    if (paid[payee]!.has(BigInt(index))) continue;
    const gap = gaps(payees[payee]!.entries.length, (at) => entryGap(subject, payee, at)).find((one) =>
      lacksEntry(one, BigInt(index)),
    );
    if (gap === undefined) continue;
    yield wrong(`share ${index} is not paid to its payee`, {
      ...{ payees: [batch.payouts.openPayee(payee)], entries: shown(gap), share },
    });
  }
}

function gaps<Opening>(count: number, at: (index: number) => Gap<Opening>): readonly Gap<Opening>[] {
  return Array.from({ length: count + 1 }, (_, i) => at(i));
}

/** The payees on either side of place `at`. */
function payeeGap({ batch }: AuditSubject, at: number): Gap<ReturnType<typeof batch.payouts.openPayee>> {
  const count = batch.body.payees.length;
  return {
    left: at > 0 ? batch.payouts.openPayee(at - 1) : undefined,
    right: at < count ? batch.payouts.openPayee(at) : undefined,
  };
}

function entryGap({ batch }: AuditSubject, payee: number, at: number): Gap<ReturnType<typeof batch.payouts.openEntry>> {
  const count = batch.body.payees[payee]!.entries.length;
  return {
    left: at > 0 ? batch.payouts.openEntry(payee, at - 1) : undefined,
    right: at < count ? batch.payouts.openEntry(payee, at) : undefined,
  };
}

function shown<Opening>({ left, right }: Gap<Opening>): readonly Opening[] {
  return [left, right].filter((one) => one !== undefined);
}

function wrong(reason: string, challenge: PayoutChallenge): Flaw {
  return { reason, challenge: { kind: "payout", ...challenge } };
}
