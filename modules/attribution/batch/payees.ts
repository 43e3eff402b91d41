/**
 * Owns the tree of payouts: which shares are summed up for which payee, in which order, and openings under a batch's
 * `payouts_root`. One leaf for each beneficiary carries all it earns from the batch and the root of a sum tree over the
 * shares that pay it. So a claim opens one leaf, and whether every share is counted once, for the right payee, can be
 * shown by opening two neighbours. It does not own what is wrong when they do not fit (challenge/payout-flaw.ts).
 */
import { type Hasher, nobleHasher } from "../../../chain/types/hash.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { naturalOf } from "./numbers.ts";
import type { Share } from "./shares.ts";
import { type SumNode, SumTree, verifySumPath } from "./sum-tree.ts";

export type Payee = Messages["tributary.attribution.v1.Payee"];
export type PayeeEntry = Messages["tributary.attribution.v1.PayeeEntry"];
export type PayeeOpening = Messages["tributary.attribution.v1.PayeeOpening"];
export type EntryOpening = Messages["tributary.attribution.v1.EntryOpening"];

/** The bytes of a payee's leaf. */
export function payeeBytes(payee: Payee): Uint8Array {
  return encode("tributary.attribution.v1.Payee", payee);
}

/** The bytes of an entry's leaf. */
export function entryBytes(entry: PayeeEntry): Uint8Array {
  return encode("tributary.attribution.v1.PayeeEntry", entry);
}

/** Beneficiaries are ordered as bytes; addresses are ASCII. */
export function compareBeneficiaries(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A payee with the entries under it. */
export interface PayeeWithEntries {
  readonly payee: Payee;
  readonly entries: readonly PayeeEntry[];
}

/** What an honest batch pays for its shares: every share with an amount once, under its beneficiary. */
export function payeesOf(shares: readonly Share[], hasher: Hasher = nobleHasher): readonly PayeeWithEntries[] {
  const entriesOf = new Map<string, PayeeEntry[]>();
  shares.forEach(({ beneficiary, amount }, i) => {
    if (amount === "0") return;
    const entries = entriesOf.get(beneficiary) ?? [];
    entries.push({ shareIndex: BigInt(i), amount });
    entriesOf.set(beneficiary, entries);
  });
  const ordered = [...entriesOf].sort(([a], [b]) => compareBeneficiaries(a, b));
  return ordered.map(([beneficiary, entries]) => ({ payee: payeeOf(beneficiary, entries, hasher), entries }));
}

/** The leaf that commits to a payee's entries. */
export function payeeOf(beneficiary: string, entries: readonly PayeeEntry[], hasher: Hasher = nobleHasher): Payee {
  const { sum, hash } = entryTree(entries, hasher).root;
  return { beneficiary, amount: sum.toString(), entryCount: BigInt(entries.length), entriesRoot: hash };
}

/** The trees over payees and their entries, for whoever opens them. */
export class PayoutTree {
  readonly payees: readonly PayeeWithEntries[];
  readonly #tree: SumTree;
  /** Of payees whose entries were opened. */
  readonly #entryTrees = new Map<number, SumTree>();
  readonly #hasher: Hasher;

  /** The payees are committed to as they are given, so that tests can commit to wrong ones. */
  constructor(payees: readonly PayeeWithEntries[], hasher: Hasher = nobleHasher) {
    this.payees = payees;
    this.#hasher = hasher;
    const leaves = payees.map(({ payee }) => ({ amount: BigInt(payee.amount), bytes: payeeBytes(payee) }));
    this.#tree = new SumTree(leaves, hasher);
  }

  get root(): SumNode {
    return this.#tree.root;
  }

  openPayee(index: number): PayeeOpening {
    return { index: BigInt(index), payee: this.payees[index]!.payee, path: this.#tree.path(index) };
  }

  openEntry(payee: number, index: number): EntryOpening {
    const { entries } = this.payees[payee]!;
    const tree = this.#entryTrees.get(payee) ?? entryTree(entries, this.#hasher);
    this.#entryTrees.set(payee, tree);
    return { index: BigInt(index), entry: entries[index]!, path: tree.path(index) };
  }
}

/** Whether the opening shows its payee under `root`, the commitment to `count` payees. */
export function verifyPayee(
  root: SumNode,
  count: bigint,
  { index, payee, path }: PayeeOpening,
  hasher: Hasher = nobleHasher,
): boolean {
  const amount = naturalOf(payee.amount);
  return amount !== undefined && verifySumPath(root, count, index, { amount, bytes: payeeBytes(payee) }, path, hasher);
}

/** Whether the opening shows its entry under a payee that was opened itself. */
export function verifyEntry(payee: Payee, { index, entry, path }: EntryOpening, hasher: Hasher = nobleHasher): boolean {
  const amount = naturalOf(entry.amount);
  const sum = naturalOf(payee.amount);
  if (amount === undefined || sum === undefined) return false;
  const root = { sum, hash: payee.entriesRoot };
  return verifySumPath(root, payee.entryCount, index, { amount, bytes: entryBytes(entry) }, path, hasher);
}

function entryTree(entries: readonly PayeeEntry[], hasher: Hasher): SumTree {
  const leaves = entries.map((entry) => ({ amount: BigInt(entry.amount), bytes: entryBytes(entry) }));
  return new SumTree(leaves, hasher);
}
