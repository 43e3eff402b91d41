/** Random batches of every kind of proof, from a small vocabulary so that texts overlap in many ways, and lies of one field. */

import { leafHash } from "../../chain/types/merkle.ts";
import {
  compareBeneficiaries,
  type PayeeWithEntries,
  PayoutTree,
  payeeBytes,
  payeeOf,
  payeesOf,
} from "../../modules/attribution/batch/payees.ts";
import { type Share, ShareTree } from "../../modules/attribution/batch/shares.ts";
import { type SumNode, sumParent } from "../../modules/attribution/batch/sum-tree.ts";
import type { BatchRules } from "../../modules/attribution/challenge/batch-facts.ts";
import type { RecordFacts } from "../../modules/attribution/proof/match.ts";
import { TermCounts } from "../../modules/attribution/proof/term-table.ts";
import { equalBytes, utf8 } from "../../proto/bytes.ts";
import { ProofType } from "../../proto/enums.gen.ts";
import { type MadeBatch, makeBatch, type TextRecord, type TextUse, textRecord } from "./honest-batch.ts";
import { nativeHasher } from "./native-hasher.ts";
import { type Posted, postedAs } from "./watcher.ts";

/** Numbers that look random and come again for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  many<Item>(least: number, most: number, make: (i: number) => Item): Item[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, i) => make(i));
  }
}

const WORDS = ["the", "sea", "gives", "back", "what", "it", "took", "Rain", ",", ".", "naïve", "a", "x1", "(", ")"];
const GAPS = [" ", " ", " ", "\n", "  "];
const NAMES = ["trib1ann", "trib1bob", "trib1eve", "trib1joe"];

function phrase(dice: Dice, least: number, most: number): string {
  return dice.many(least, most, () => dice.pick(WORDS) + dice.pick(GAPS)).join("");
}

function randomTable(dice: Dice): TermCounts {
  const terms = ["a", "it", "rain", "sea", "the"].map((term) => {
    return { term: utf8(term), occurrences: BigInt(1 + dice.below(900)), documents: BigInt(1 + dice.below(90)) };
  });
  const totals = { tokens: 1000n, documents: 100n, averageTokens: BigInt(5 + dice.below(60)) };
  return new TermCounts({ ...totals, id: 1n, creator: "", restOccurrences: 2n, restDocuments: 1n, terms });
}

function textRecords(dice: Dice): readonly TextRecord[] {
  const common = phrase(dice, 3, 6);
  const texts: string[] = [];
  for (let i = 0, count = 2 + dice.below(6); i < count; i++) {
    const copied = texts.length > 0 && dice.below(3) === 0 ? dice.pick(texts).slice(0, 40 + dice.below(60)) : "";
    texts.push(`${copied}${phrase(dice, 2, 30)}${dice.below(2) === 0 ? common : ""}${phrase(dice, 0, 10)}.`);
  }
  // A record may be accepted in an earlier block than another of a smaller number's datanet; here they share blocks at times.
  return texts.map((text, i) => textRecord(BigInt(i + 1), dice.pick(NAMES), utf8(text), BigInt(i >> 1)));
}

function randomOutput(dice: Dice, records: readonly TextRecord[]): Uint8Array {
  const texts = records.map(({ bytes }) => Buffer.from(bytes).toString());
  const pieces = dice.many(1, 5, () => {
    const text = dice.pick(texts);
    const from = dice.below(text.length);
    const isLong = dice.below(40) === 0;
    return dice.below(3) === 0
      ? isLong
        ? `${"z".repeat(1100)} `
        : phrase(dice, 1, 8)
      : text.slice(from, from + 10 + dice.below(90));
  });
  const lead = dice.below(8) === 0 ? " ".repeat(dice.below(4) === 0 ? 1100 : 3) : "";
  return utf8(`${lead}${pieces.join(dice.below(2) === 0 ? " " : "")}?`);
}

/** Records that outlived their windows and whose texts nobody has, enough of them to fill a list of places. Dice of their own: the texts stay as they were. */
function textlessRecords(seed: number, records: readonly TextRecord[], { maxOccurrences }: BatchRules): RecordFacts[] {
  const dice = new Dice(~seed);
  return Array.from({ length: maxOccurrences + 1 }, (_, i) => ({
    id: { datanetId: 1n, number: BigInt(records.length + i + 1) },
    contributor: "trib1eve",
    text: { root: Uint8Array.from({ length: 32 }, () => dice.below(256)), length: 200 + dice.below(4000) },
    height: BigInt(dice.below(6)),
  }));
}

/** A batch of one to three uses, honest. */
export function randomBatch(seed: number): MadeBatch {
  const dice = new Dice(seed);
  const rules: BatchRules = {
    minTokens: 2 + dice.below(3),
    maxTokens: 5 + dice.below(8),
    maxOccurrences: 1 + dice.below(3),
    maxPassages: 1 + dice.below(3),
    neighbours: 1 + dice.below(4),
  };
  const part = () => BigInt(dice.below(12) === 0 ? 0 : dice.below(1_000_000));
  const isExamples = dice.below(4) === 0;
  if (isExamples) {
    const records = dice.many(2, 9, (i) =>
      textRecord(BigInt(i + 1), dice.pick(NAMES), Uint8Array.from([dice.below(2), dice.below(6), dice.below(6)])),
    );
    const uses = dice.many(1, 3, (): TextUse => {
      const prompt = Uint8Array.from([dice.below(6), dice.below(6)]);
      return { part: part(), proof: ProofType.PROOF_TYPE_KNN, output: Uint8Array.of(dice.below(2)), prompt };
    });
    return makeBatch(uses, records, rules, undefined, textlessRecords(seed, records, rules));
  }
  const records = textRecords(dice);
  const table = dice.below(2) === 0 ? undefined : randomTable(dice);
  const uses = dice.many(1, 3, (): TextUse => {
    const isRetrieval = table !== undefined && dice.below(3) === 0;
    const prompt = utf8(phrase(dice, 1, 6));
    const proof = isRetrieval ? ProofType.PROOF_TYPE_BM25 : ProofType.PROOF_TYPE_SPAN;
    return { part: part(), proof, prompt, output: randomOutput(dice, records) };
  });
  return makeBatch(uses, records, rules, table, textlessRecords(seed, records, rules));
}

/** A lie and its name; undefined when the batch has no such field, or the chain refuses it when it is posted. */
export interface Lie {
  readonly name: string;
  readonly posted: Posted;
}

/** One field of an honest batch, changed. Shares may be summed up again into payouts that fit the lie. */
export function randomLie(made: MadeBatch, seed: number): Lie | undefined {
  const dice = new Dice(seed);
  return dice.pick([...FIELD_LIES, blindLie, blindLie, commonLie])(made, dice);
}

/** The same without those lies that need the whole search anew, which is slow over long texts. */
export function randomFieldLie(made: MadeBatch, seed: number): Lie | undefined {
  const dice = new Dice(seed);
  return dice.pick(FIELD_LIES)(made, dice);
}

/** A lie that needs the search anew: of matches that are common, where there are some, or of a record that is left out. */
export function randomSearchLie(made: MadeBatch, seed: number): Lie | undefined {
  const dice = new Dice(seed);
  return dice.pick(made.lists.size > 0 ? [commonLie, commonLie, blindLie] : [blindLie])(made, dice);
}

const FIELD_LIES = [shareLie, shareLie, shareLie, payeeLie, entryLie, headerLie, nodeLie, orderLie] as const;

/** A batch that is right but for a record the host pretends not to know: an omission, a later owner or a missing rank. */
function blindLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const hidden = dice.pick(made.records);
  const { rules, table } = made.facts;
  const blind = makeBatch(
    made.uses,
    made.records.filter((record) => record !== hidden),
    rules,
    table,
  );
  return lieOf(made, blind, `record ${hidden.id.number} left out`);
}

/** A batch that pays matches which stand in too many records. */
function commonLie(made: MadeBatch): Lie | undefined {
  const { rules, table } = made.facts;
  const paying = makeBatch(made.uses, made.records, { ...rules, maxOccurrences: 99 }, table);
  return lieOf(made, paying, "common matches paid");
}

/** Another batch over the same uses, unless it is the honest one. */
function lieOf(made: MadeBatch, otherwise: MadeBatch, name: string): Lie | undefined {
  const commitment = otherwise.facts.commitment;
  if (equalBytes(commitment.sharesRoot, made.facts.commitment.sharesRoot)) return undefined;
  return { name, posted: { ...postedAs(otherwise), facts: { ...made.facts, commitment } } };
}

/** A batch with these shares and payees over the same uses; undefined when the chain would refuse its sum. */
export function repost(
  made: MadeBatch,
  shares: readonly Share[],
  payees: readonly PayeeWithEntries[],
): Posted | undefined {
  const tree = new ShareTree(shares, nativeHasher);
  const payouts = new PayoutTree(payees, nativeHasher);
  if (payouts.root.sum !== made.facts.commitment.sum) return undefined;
  const commitment = {
    shareCount: BigInt(shares.length),
    sharesRoot: tree.root,
    payeeCount: BigInt(payees.length),
    payoutsRoot: payouts.root.hash,
    sum: payouts.root.sum,
  };
  return postedAs({ ...made, shares: tree, payouts, facts: { ...made.facts, commitment } });
}

export const other = (dice: Dice, value: bigint): bigint => {
  const moved = dice.pick([value + 1n, value - 1n, value + BigInt(dice.below(1000)), 0n]);
  return moved < 0n || moved === value ? value + 1n : moved;
};

/** Every field of a share, with another value for it. */
export function shareChanges(share: Share, dice: Dice): { readonly [field in keyof Share]-?: () => Partial<Share> } {
  const text = (value: string): string => (value === "" ? "1" : other(dice, BigInt(value.replace("-", ""))).toString());
  return {
    usePosition: () => ({ usePosition: share.usePosition + (dice.below(2) === 0 || share.usePosition === 0 ? 1 : -1) }),
    kind: () => ({ kind: (share.kind + 1 + dice.below(5)) % 6 }),
    start: () => ({ start: other(dice, share.start) }),
    end: () => ({ end: other(dice, share.end) }),
    weightBefore: () => ({ weightBefore: text(share.weightBefore) }),
    weightAfter: () => ({ weightAfter: text(share.weightAfter) }),
    weightTotal: () => ({ weightTotal: text(share.weightTotal) }),
    amount: () => ({ amount: text(share.amount) }),
    beneficiary: () => ({
      beneficiary: dice.pick([...NAMES, "trib1zoe", ""].filter((name) => name !== share.beneficiary)),
    }),
    matchStart: () => ({ matchStart: other(dice, share.matchStart) }),
    matchEnd: () => ({ matchEnd: other(dice, share.matchEnd) }),
    matchTokens: () => ({ matchTokens: Number(other(dice, BigInt(share.matchTokens))) }),
    record: () => ({ record: { datanetId: 1n, number: other(dice, share.record?.number ?? 0n) } }),
    recordStart: () => ({ recordStart: other(dice, share.recordStart) }),
    occurrencesHash: () => ({ occurrencesHash: Uint8Array.from({ length: 32 }, () => dice.below(256)) }),
    score: () => ({ score: other(dice, share.score) }),
    value: () => ({ value: text(share.value) }),
    agrees: () => ({ agrees: !share.agrees }),
  };
}

function shareLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const { shares } = made.shares;
  const at = dice.below(shares.length);
  const changes = shareChanges(shares[at]!, dice);
  const field = dice.pick(Object.keys(changes) as (keyof Share)[]);
  const changed = shares.map((each, i) => (i === at ? { ...each, ...changes[field]() } : each));
  // Either the payouts stay as they were, or they are made to fit.
  const isFitted = dice.below(2) === 0;
  const posted = repost(made, changed, isFitted ? payeesOf(changed) : made.payouts.payees);
  return posted && { name: `${field} of share ${at}${isFitted ? ", fitted" : ""}`, posted };
}

/** Dropped, doubled or swapped shares. */
function orderLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const shares = [...made.shares.shares];
  const at = dice.below(shares.length);
  const how = dice.pick(["dropped", "doubled", "swapped"]);
  if (how === "dropped") shares.splice(at, 1);
  else if (how === "doubled") shares.splice(at, 0, shares[at]!);
  else [shares[at], shares[(at + 1) % shares.length]] = [shares[(at + 1) % shares.length]!, shares[at]!];
  if (shares.length === 0 || (how === "swapped" && shares.length === 1)) return undefined;
  const isFitted = dice.below(2) === 0;
  const posted = repost(made, shares, isFitted ? payeesOf(shares) : made.payouts.payees);
  return posted && { name: `share ${at} ${how}${isFitted ? ", fitted" : ""}`, posted };
}

/** A payee's field; its amount is balanced by another's, or the chain would refuse the sum. */
function payeeLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const payees = [...made.payouts.payees];
  if (payees.length === 0) return undefined;
  const at = dice.below(payees.length);
  const { payee, entries } = payees[at]!;
  const field = dice.pick(["beneficiary", "amount", "entryCount", "entriesRoot", "dropped"] as const);
  if (field === "beneficiary") payees[at] = { payee: { ...payee, beneficiary: `${payee.beneficiary}a` }, entries };
  else if (field === "entryCount")
    payees[at] = { payee: { ...payee, entryCount: other(dice, payee.entryCount) }, entries };
  else if (field === "entriesRoot") payees[at] = { payee: { ...payee, entriesRoot: new Uint8Array(32) }, entries };
  else if (payees.length < 2) return undefined;
  else {
    const next = (at + 1) % payees.length;
    const moved = field === "dropped" ? BigInt(payee.amount) : 1n;
    const give = payees[next]!;
    payees[next] = {
      payee: { ...give.payee, amount: (BigInt(give.payee.amount) + moved).toString() },
      entries: give.entries,
    };
    if (field === "dropped") payees.splice(at, 1);
    else payees[at] = { payee: { ...payee, amount: (BigInt(payee.amount) - moved).toString() }, entries };
  }
  if (dice.below(2) === 0) payees.sort((a, b) => compareBeneficiaries(a.payee.beneficiary, b.payee.beneficiary));
  const posted = repost(made, made.shares.shares, payees);
  return posted && { name: `${field} of payee ${at}`, posted };
}

/** An entry changed, dropped, doubled or given to another payee, with everything above it made to fit. */
function entryLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const payees = [...made.payouts.payees];
  if (payees.length === 0) return undefined;
  const at = dice.below(payees.length);
  const entries = [...payees[at]!.entries];
  const index = dice.below(entries.length);
  const entry = entries[index]!;
  const target = (at + 1) % payees.length;
  const how = dice.pick(["shareIndex", "amount", "moved", "swapped"] as const);
  if (how === "shareIndex") entries[index] = { ...entry, shareIndex: other(dice, entry.shareIndex) };
  else if (how === "swapped") {
    if (entries.length < 2) return undefined;
    const next = (index + 1) % entries.length;
    [entries[index], entries[next]] = [entries[next]!, entries[index]!];
  } else {
    if (payees.length < 2) return undefined;
    const moved = how === "moved" ? BigInt(entry.amount) : 1n;
    const left = BigInt(entry.amount) - moved;
    if (left === 0n) entries.splice(index, 1);
    else entries[index] = { ...entry, amount: left.toString() };
    const theirs = [...payees[target]!.entries];
    if (how === "moved") theirs.push(entry);
    else theirs[0] = { ...theirs[0]!, amount: (BigInt(theirs[0]!.amount) + 1n).toString() };
    theirs.sort((a, b) => Number(a.shareIndex - b.shareIndex));
    const { beneficiary } = payees[target]!.payee;
    payees[target] = { payee: payeeOf(beneficiary, theirs), entries: theirs };
  }
  const { beneficiary } = payees[at]!.payee;
  if (entries.length > 0) payees[at] = { payee: payeeOf(beneficiary, entries), entries };
  else payees.splice(at, 1);
  const posted = repost(made, made.shares.shares, payees);
  return posted && { name: `${how} of entry ${index} of payee ${at}`, posted };
}

function headerLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const { commitment } = made.facts;
  const field = dice.pick(["shareCount", "sharesRoot", "payeeCount", "payoutsRoot"] as const);
  // Without payees the chain takes no root but the empty tree's.
  if (field === "payoutsRoot" && commitment.payeeCount === 0n) return undefined;
  const changed =
    field === "shareCount" || field === "payeeCount"
      ? { [field]: dice.below(2) === 0 && commitment[field] > 1n ? commitment[field] - 1n : commitment[field] + 1n }
      : { [field]: commitment[field].map((byte, i) => (i === 7 ? byte ^ 1 : byte)) };
  const facts = { ...made.facts, commitment: { ...commitment, ...changed } };
  return { name: field, posted: { ...postedAs(made), facts } };
}

/** A node of the payouts' sum tree with another sum or hash; the root is made to fit, so its parent covers the lie. */
function nodeLie(made: MadeBatch, dice: Dice): Lie | undefined {
  const leaves = made.payouts.payees.map(({ payee }) => ({
    sum: BigInt(payee.amount),
    hash: leafHash(payeeBytes(payee)),
  }));
  if (leaves.length < 2) return undefined;
  const depth = dice.below(Math.ceil(Math.log2(leaves.length)));
  const what = dice.pick(["sum", "hash"]);
  let level: SumNode[] = leaves;
  for (let height = 0; level.length > 1; height++) {
    if (height === depth) {
      const at = dice.below(level.length);
      const partner = at ^ 1;
      const node = level[at]!;
      if (what === "hash") level[at] = { ...node, hash: node.hash.map((byte) => byte ^ 1) };
      else if (partner < level.length && level[partner]!.sum > 0n) {
        // One unit is moved between siblings: the root's sum stays what the chain asks for.
        level[at] = { ...node, sum: node.sum + 1n };
        level[partner] = { ...level[partner]!, sum: level[partner]!.sum - 1n };
      } else return undefined;
    }
    const parents: SumNode[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) parents.push(sumParent(level[i]!, level[i + 1]!));
    if ((level.length & 1) === 1) parents.push(level[level.length - 1]!);
    level = parents;
  }
  const commitment = { ...made.facts.commitment, payoutsRoot: level[0]!.hash };
  return { name: `${what} of a node`, posted: { ...postedAs(made), facts: { ...made.facts, commitment } } };
}
