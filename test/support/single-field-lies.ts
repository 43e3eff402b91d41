/**
 * Every lie of one field that can be told of an honest batch: each field of each share, of each payee and of each entry,
 * and each commitment of the header. Where the payouts can be made to fit the changed share, they are, and once they are
 * not. Owns the list; which values are tried is chance, by seed.
 */
import { type PayeeWithEntries, payeeOf, payeesOf } from "../../modules/attribution/batch/payees.ts";
import type { Share } from "../../modules/attribution/batch/shares.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { MadeBatch } from "./honest-batch.ts";
import { Dice, type Lie, other, repost, shareChanges } from "./random-batch.ts";
import { postedAs } from "./watcher.ts";

/** All of them, one after another. What the chain refuses when it is posted, another sum, is no lie that needs a challenge. */
export function* singleFieldLies(made: MadeBatch, seed: number): Generator<Lie> {
  const dice = new Dice(seed);
  yield* shareLies(made, dice);
  yield* payeeLies(made, dice);
  yield* entryLies(made, dice);
  yield* headerLies(made);
}

function* shareLies(made: MadeBatch, dice: Dice): Generator<Lie> {
  const { shares } = made.shares;
  for (const [at, share] of shares.entries()) {
    for (const [field, change] of Object.entries(shareChanges(share, dice)) as [keyof Share, () => Partial<Share>][]) {
      const changed = shares.map((each, i) => (i === at ? { ...each, ...change() } : each));
      for (const payees of [payeesOf(changed), made.payouts.payees]) {
        const posted = repost(made, changed, payees);
        if (posted === undefined) continue;
        yield { name: `${field} of share ${at}${payees === made.payouts.payees ? "" : ", fitted"}`, posted };
        // The field is none that payouts depend on: fitted ones are those there were.
        if (equalBytes(posted.facts.commitment.payoutsRoot, made.facts.commitment.payoutsRoot)) break;
      }
    }
  }
}

function* payeeLies(made: MadeBatch, dice: Dice): Generator<Lie> {
  const { payees } = made.payouts;
  for (const [at, { payee, entries }] of payees.entries()) {
    const changes: { readonly [field: string]: Partial<typeof payee> } = {
      beneficiary: { beneficiary: `${payee.beneficiary}a` },
      entryCount: { entryCount: other(dice, payee.entryCount) },
      entriesRoot: { entriesRoot: payee.entriesRoot.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) },
    };
    for (const [field, change] of Object.entries(changes)) {
      const posted = repost(
        made,
        made.shares.shares,
        replaced(payees, at, { payee: { ...payee, ...change }, entries }),
      );
      if (posted !== undefined) yield { name: `${field} of payee ${at}`, posted };
    }
    // An amount can only change with another's: the sum of all is the chain's.
    const next = payees[(at + 1) % payees.length]!;
    if (next.payee === payee) continue;
    const moved = replaced(payees, at, { payee: withMore(payee, 1n), entries });
    const balanced = replaced(moved, (at + 1) % payees.length, { ...next, payee: withMore(next.payee, -1n) });
    const posted = repost(made, made.shares.shares, balanced);
    if (posted !== undefined) yield { name: `amount of payee ${at}`, posted };
  }
}

function* entryLies(made: MadeBatch, dice: Dice): Generator<Lie> {
  const { payees } = made.payouts;
  for (const [at, { payee, entries }] of payees.entries()) {
    for (const [i, entry] of entries.entries()) {
      const index = replaced(entries, i, { ...entry, shareIndex: other(dice, entry.shareIndex) });
      const byIndex = replaced(payees, at, { payee: payeeOf(payee.beneficiary, index), entries: index });
      const posted = repost(made, made.shares.shares, byIndex);
      if (posted !== undefined) yield { name: `shareIndex of entry ${i} of payee ${at}`, posted };
      // As with payees: one unit more here is one less in the entry behind it, of this payee.
      const partner = (i + 1) % entries.length;
      if (partner === i || BigInt(entries[partner]!.amount) < 2n) continue;
      const amounts = replaced(replaced(entries, i, withMore(entry, 1n)), partner, withMore(entries[partner]!, -1n));
      const balanced = replaced(payees, at, { payee: payeeOf(payee.beneficiary, amounts), entries: amounts });
      const moved = repost(made, made.shares.shares, balanced);
      if (moved !== undefined) yield { name: `amount of entry ${i} of payee ${at}`, posted: moved };
    }
  }
}

function* headerLies(made: MadeBatch): Generator<Lie> {
  const { commitment } = made.facts;
  const flipped = (root: Uint8Array): Uint8Array => root.map((byte, i) => (i === 31 ? byte ^ 128 : byte));
  const changes: { readonly [name: string]: Partial<typeof commitment> | undefined } = {
    "shareCount, one more": { shareCount: commitment.shareCount + 1n },
    "shareCount, one less": commitment.shareCount > 1n ? { shareCount: commitment.shareCount - 1n } : undefined,
    sharesRoot: { sharesRoot: flipped(commitment.sharesRoot) },
    // The chain takes no more payees than shares, and for no payees no root but the empty tree's.
    "payeeCount, one more":
      commitment.payeeCount < commitment.shareCount ? { payeeCount: commitment.payeeCount + 1n } : undefined,
    "payeeCount, one less": commitment.payeeCount > 1n ? { payeeCount: commitment.payeeCount - 1n } : undefined,
    payoutsRoot: commitment.payeeCount > 0n ? { payoutsRoot: flipped(commitment.payoutsRoot) } : undefined,
  };
  for (const [name, change] of Object.entries(changes)) {
    if (change === undefined) continue;
    yield { name, posted: { ...postedAs(made), facts: { ...made.facts, commitment: { ...commitment, ...change } } } };
  }
}

function replaced<Item>(items: readonly Item[], at: number, item: Item): Item[] {
  return items.map((each, i) => (i === at ? item : each));
}

function withMore<Row extends PayeeWithEntries["payee"] | PayeeWithEntries["entries"][number]>(
  row: Row,
  change: bigint,
): Row {
  return { ...row, amount: (BigInt(row.amount) + change).toString() };
}
