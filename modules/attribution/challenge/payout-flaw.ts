/**
 * Owns what is wrong when the tree of payouts does not sum up the tree of shares: a share that nobody is paid for, one
 * that is paid to another or twice, payees or entries out of order. Openings are proved before they come here. Functions
 * give the flaw, or undefined when what is shown is as it should be.
 */
import { naturalOf } from "../batch/numbers.ts";
import {
  compareBeneficiaries,
  type EntryOpening,
  type Payee,
  type PayeeEntry,
  type PayeeOpening,
} from "../batch/payees.ts";
import type { Share } from "../batch/shares.ts";

/** Openings that stand next to each other: at a tree's border only one of them. */
export interface Gap<Opening> {
  readonly left: Opening | undefined;
  readonly right: Opening | undefined;
}

/** Whether nothing lies between the two in a tree of `count` leaves. */
export function isGap(gap: Gap<{ readonly index: bigint }>, count: bigint): boolean {
  const { left, right } = gap;
  if (left === undefined) return right === undefined ? count === 0n : right.index === 0n;
  return right === undefined ? left.index === count - 1n : right.index === left.index + 1n;
}

/** What is wrong with payees that follow each other. */
export function payeesFlaw({ left, right }: Gap<PayeeOpening>): string | undefined {
  for (const opening of [left, right])
    if (opening !== undefined && !isSound(opening.payee)) return "a payee without an amount or an entry";
  if (left === undefined || right === undefined) return undefined;
  const order = compareBeneficiaries(left.payee.beneficiary, right.payee.beneficiary);
  return order < 0 ? undefined : "payees are out of order";
}

/** What is wrong with entries of a payee that follow each other. */
export function entriesFlaw({ left, right }: Gap<EntryOpening>): string | undefined {
  for (const opening of [left, right]) {
    if (opening !== undefined && !isPositive(opening.entry.amount)) return "an entry without an amount";
  }
  if (left === undefined || right === undefined) return undefined;
  return left.entry.shareIndex < right.entry.shareIndex ? undefined : "entries are out of order";
}

/** Whether a beneficiary has no leaf, because it would stand in the gap. */
export function lacksPayee({ left, right }: Gap<PayeeOpening>, beneficiary: string): boolean {
  const isAfter = left === undefined || compareBeneficiaries(left.payee.beneficiary, beneficiary) < 0;
  return isAfter && (right === undefined || compareBeneficiaries(beneficiary, right.payee.beneficiary) < 0);
}

/** Whether a share has no entry, because it would stand in the gap. */
export function lacksEntry({ left, right }: Gap<EntryOpening>, shareIndex: bigint): boolean {
  const isAfter = left === undefined || left.entry.shareIndex < shareIndex;
  return isAfter && (right === undefined || shareIndex < right.entry.shareIndex);
}

/** What is wrong with an entry, beside the share it names; undefined stands for a share there is not. */
export function entryFlaw(payee: Payee, entry: PayeeEntry, share: Share | undefined): string | undefined {
  if (share === undefined) return "an entry for a share there is not";
  if (share.beneficiary !== payee.beneficiary) return "an entry for a share of another beneficiary";
  return share.amount === entry.amount ? undefined : "an entry with another amount than its share's";
}

function isSound({ amount, entryCount }: Payee): boolean {
  return isPositive(amount) && entryCount > 0n;
}

function isPositive(text: string): boolean {
  const amount = naturalOf(text);
  return amount !== undefined && amount > 0n;
}
