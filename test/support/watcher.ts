/**
 * A watcher with patience: it knows the truth (honest-batch.ts) and what was posted, and tries every challenge the module
 * has until one succeeds. Each is built as the message that would be sent, so that its size is known.
 */
import { TextTree } from "../../chain/types/text-tree.ts";
import { type PayeeOpening, verifyEntry, verifyPayee } from "../../modules/attribution/batch/payees.ts";
import { isTerminator, type Share, type ShareOpening } from "../../modules/attribution/batch/shares.ts";
import { answerFlaw } from "../../modules/attribution/challenge/answer.ts";
import type { BatchFacts } from "../../modules/attribution/challenge/batch-facts.ts";
import { contestFlaw, type ShownPlaces, shownPlacesFlaw } from "../../modules/attribution/challenge/contest.ts";
import {
  commonnessRefusal,
  type Decision,
  decideOmission,
  decideRank,
  decideShare,
  type Shown,
} from "../../modules/attribution/challenge/decision.ts";
import { decidePayout } from "../../modules/attribution/challenge/payout-decision.ts";
import { MAX_QUERY_BYTES, MAX_STRETCH_BYTES, PASSAGE_BYTES } from "../../modules/attribution/limits.ts";
import { compareRecords } from "../../modules/attribution/proof/match.ts";
import { showStretch, type TextOpening } from "../../modules/attribution/proof/text-window.ts";
import { encode } from "../../proto/codec.ts";
import { BatchPart, ProofType, ShareKind } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { MadeBatch, TextRecord } from "./honest-batch.ts";
import { nativeHasher } from "./native-hasher.ts";

type EntryOpening = Messages["tributary.attribution.v1.EntryOpening"];
type Occurrence = Messages["tributary.attribution.v1.Occurrence"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** What a host posted, and what it can open of it. */
export interface Posted {
  readonly facts: BatchFacts;
  readonly shares: readonly Share[];
  /** Undefined for what it cannot even try. */
  readonly openShare: (index: number) => ShareOpening | undefined;
  readonly openPayee: (index: number) => PayeeOpening | undefined;
  readonly openEntry: (payee: number, index: number) => EntryOpening | undefined;
}

/** What a challenge is sent as, without who sends it and which batch it is of. */
export type ChallengeShown =
  | { [Name in ChallengeName]: readonly [Name, Shown<Name>] }[ChallengeName]
  | readonly ["MsgDemand", Shown<"MsgDemand">];

type ChallengeName =
  | "MsgChallengeShare"
  | "MsgChallengeOmission"
  | "MsgChallengeRank"
  | "MsgChallengePayout"
  | "MsgChallengeCommonness";

/** A challenge that succeeds. */
export interface Win {
  readonly kind: string;
  readonly bytes: number;
  readonly shown: ChallengeShown;
}

export function postedAs(made: MadeBatch): Posted {
  return {
    facts: made.facts,
    shares: made.shares.shares,
    openShare: (index) => (index < made.shares.shares.length ? made.shares.open(index) : undefined),
    openPayee: (index) => (index < made.payouts.payees.length ? made.payouts.openPayee(index) : undefined),
    openEntry: (payee, index) =>
      index < (made.payouts.payees[payee]?.entries.length ?? 0) ? made.payouts.openEntry(payee, index) : undefined,
  };
}

const CHALLENGER = "trib1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/** Opens texts of a batch, the whole of short ones. */
export class Texts {
  readonly #trees = new Map<Uint8Array, TextTree>();
  readonly made: MadeBatch;

  constructor(made: MadeBatch) {
    this.made = made;
  }

  show(text: Uint8Array, from: number, to: number): TextOpening {
    const tree = this.#trees.get(text) ?? new TextTree(text, nativeHasher);
    this.#trees.set(text, tree);
    const start = Math.max(0, Math.min(from, text.length - 1));
    return showStretch(tree, text.length, start, Math.min(Math.max(to, start + 1), text.length));
  }

  record({ datanetId, number }: RecordId): TextRecord | undefined {
    return this.made.records.find(({ id }) => id.datanetId === datanetId && id.number === number);
  }

  /** What it takes to examine a share: its stretch, its match, its record, its query. */
  evidence(share: Share, chosen = 0, match = true): Omit<Shown<"MsgChallengeShare">, "shares"> {
    const use = this.made.uses[share.usePosition];
    const list = this.made.lists.get(Buffer.from(share.occurrencesHash).toString("hex")) ?? [];
    const nothing = { output: undefined, prompt: undefined, record: undefined, occurrences: [], chosen: 0 };
    if (use === undefined) return nothing;
    const cited = share.record ?? list[chosen]?.record;
    const record = cited && this.record(cited);
    const prompt = this.show(
      use.prompt,
      0,
      use.proof === ProofType.PROOF_TYPE_KNN ? use.prompt.length : Math.min(MAX_QUERY_BYTES, use.prompt.length),
    );
    if (use.proof !== ProofType.PROOF_TYPE_SPAN) {
      const from = Number(share.recordStart);
      const text =
        record && from < record.bytes.length ? this.show(record.bytes, from, from + PASSAGE_BYTES) : undefined;
      return { ...nothing, prompt, output: this.show(use.output, 0, 1), record: text };
    }
    const [start, end] = [Number(share.start), Number(share.end)];
    const isLong = end - start > MAX_STRETCH_BYTES;
    const [ms, me] = [Number(share.matchStart), Number(share.matchEnd)];
    const stretch = { from: start, to: isLong ? start + 40 : end };
    const hasMatch = match && me > ms && me <= use.output.length;
    const from = hasMatch ? Math.min(stretch.from, ms) : stretch.from;
    const to = hasMatch ? Math.max(stretch.to, me) : stretch.to;
    const at = Number(share.record === undefined ? (list[chosen]?.recordStart ?? 0n) : share.recordStart);
    const text = record && hasMatch && at < record.bytes.length ? this.show(record.bytes, at, at + me - ms) : undefined;
    const isCommon = share.kind === ShareKind.SHARE_KIND_COMMON && match;
    return {
      ...nothing,
      output: this.show(use.output, from, to),
      record: text,
      occurrences: isCommon ? list : [],
      chosen: isCommon ? chosen : 0,
    };
  }
}

/** The first challenge that beats what was posted; undefined when none does. */
export function findChallenge(truth: MadeBatch, posted: Posted): Win | undefined {
  return challengesOf(truth, posted).next().value ?? undefined;
}

/** For each way to challenge, the first of its kind that beats what was posted. */
export function* challengesOf(truth: MadeBatch, posted: Posted): Generator<Win, undefined> {
  const texts = new Texts(truth);
  for (const attempt of [byShare, byPayout, byOmission, byRank, byCommonness, byDemand]) {
    const win = attempt(truth, posted, texts);
    if (win !== undefined) yield win;
  }
  return undefined;
}

function sized<Name extends ChallengeName>(name: Name, shown: Shown<Name>): Win {
  const message = { ...shown, challenger: CHALLENGER, batchId: 1n } as never;
  const { length } = encode(`tributary.attribution.v1.${name}`, message);
  return { kind: name, bytes: length, shown: [name, shown] as unknown as ChallengeShown };
}

/** A demand that the host cannot answer. */
function demanded(what: string, part: Shown<"MsgDemand">["part"], index: number, entry = 0): Win {
  const shown = { part, index: BigInt(index), entry: BigInt(entry) };
  return { kind: `demand of ${what}`, bytes: 100, shown: ["MsgDemand", shown] };
}

const isFlaw = (decision: Decision): boolean => "flaw" in decision;

/** The host cannot open something, whatever it says. */
function byDemand(truth: MadeBatch, posted: Posted, texts: Texts): Win | undefined {
  const { shareCount, payeeCount } = posted.facts.commitment;
  for (let i = 0; i < Number(shareCount); i++) {
    if (hostAnswer(posted, texts, i, 0) !== undefined) return demanded("a share", BatchPart.BATCH_PART_SHARE, i);
  }
  for (let i = 0; i < Number(payeeCount); i++) {
    const opening = posted.openPayee(i);
    const root = { sum: posted.facts.commitment.sum, hash: posted.facts.commitment.payoutsRoot };
    if (opening === undefined || !verifyPayee(root, payeeCount, opening, nativeHasher))
      return demanded("a payee", BatchPart.BATCH_PART_PAYEE, i);
    for (let j = 0; j < Number(opening.payee.entryCount) && j <= posted.shares.length; j++) {
      const entry = posted.openEntry(i, j);
      if (entry === undefined || !verifyEntry(opening.payee, entry, nativeHasher))
        return demanded("an entry", BatchPart.BATCH_PART_ENTRY, i, j);
    }
  }
  void truth;
  return undefined;
}

/** Why the host's best answer to a demand of a share fails; undefined when it does not. */
export function hostAnswer(posted: Posted, texts: Texts, index: number, entry: number): string | undefined {
  const share = posted.openShare(index);
  if (share === undefined) return "it has none";
  const challenge = {
    ...{ id: 1n, batchId: 1n, challenger: CHALLENGER, part: BatchPart.BATCH_PART_SHARE, index: BigInt(index) },
    ...{ entry: BigInt(entry), occurrences: [], bond: "0", answerBy: 0n, contested: [] },
  };
  const list = texts.made.lists.get(Buffer.from(share.share.occurrencesHash).toString("hex")) ?? [];
  const evidence = texts.evidence(share.share, list.length === 0 ? 0 : entry % list.length);
  return answerFlaw(challenge, { ...evidence, share, payee: undefined, entry: undefined }, posted.facts, nativeHasher);
}

/** A share or two neighbours cannot be. */
function byShare(_: MadeBatch, posted: Posted, texts: Texts): Win | undefined {
  for (let i = 0; i < posted.shares.length; i++) {
    const opening = posted.openShare(i);
    if (opening === undefined) continue;
    const next = posted.openShare(i + 1);
    const none = { output: undefined, prompt: undefined, record: undefined, occurrences: [], chosen: 0 };
    const tries: Shown<"MsgChallengeShare">[] = [
      { ...none, shares: [opening] },
      ...(next === undefined ? [] : [{ ...none, shares: [opening, next] }]),
      { ...texts.evidence(opening.share, 0, false), shares: [opening] },
      { ...texts.evidence(opening.share), shares: [opening] },
    ];
    for (const shown of tries) {
      if (isFlaw(decideShare(posted.facts, shown, nativeHasher))) return sized("MsgChallengeShare", shown);
    }
  }
  return undefined;
}

/** Payouts do not sum up the shares. */
function byPayout(_: MadeBatch, posted: Posted): Win | undefined {
  const { commitment } = posted.facts;
  const count = Number(commitment.payeeCount);
  const payees = Array.from({ length: count }, (_unused, i) => posted.openPayee(i));
  const attempt = (shown: Shown<"MsgChallengePayout">): Win | undefined =>
    isFlaw(decidePayout(commitment, shown, nativeHasher)) ? sized("MsgChallengePayout", shown) : undefined;
  const openShares = Array.from({ length: posted.shares.length }, (_unused, i) => posted.openShare(i));
  for (let i = 0; i < count; i++) {
    const payee = payees[i];
    if (payee === undefined) continue;
    const pair = [payee, payees[i + 1]].filter((opening) => opening !== undefined);
    const win = attempt({ payees: pair, entries: [], share: undefined });
    if (win !== undefined) return win;
    const entries = Math.min(Number(payee.payee.entryCount), posted.shares.length);
    for (let j = 0; j < entries; j++) {
      const entry = posted.openEntry(i, j);
      if (entry === undefined) continue;
      const next = posted.openEntry(i, j + 1);
      const share = openShares[Number(entry.entry.shareIndex)];
      const own =
        attempt({ payees: [payee], entries: [entry], share }) ??
        (next === undefined ? undefined : attempt({ payees: [payee], entries: [entry, next], share: undefined }));
      if (own !== undefined) return own;
    }
  }
  for (const share of openShares) {
    if (share === undefined || share.share.amount === "0") continue;
    const { beneficiary } = share.share;
    const place = payees.findIndex((payee) => payee !== undefined && payee.payee.beneficiary >= beneficiary);
    // Where its payee stands or would stand, with the neighbours on both sides.
    const around = place < 0 ? count : place;
    for (const i of [around - 1, around]) {
      const pair = [payees[i], payees[i + 1]].filter((opening) => opening !== undefined);
      const win = attempt({ payees: pair, entries: [], share });
      if (win !== undefined) return win;
    }
    const payee = payees[around];
    if (payee === undefined || payee.payee.beneficiary !== beneficiary) continue;
    const entries = Array.from(
      { length: Math.min(Number(payee.payee.entryCount), posted.shares.length) },
      (_unused, j) => posted.openEntry(around, j),
    );
    const at = entries.findIndex((entry) => entry !== undefined && entry.entry.shareIndex >= share.index);
    const near = at < 0 ? entries.length : at;
    const gap = [entries[near - 1], entries[near]].filter((opening) => opening !== undefined);
    const missing = attempt({ payees: [payee], entries: gap, share });
    if (missing !== undefined) return missing;
  }
  return undefined;
}

/** A match of the truth owns a token of a posted share. */
function byOmission(truth: MadeBatch, posted: Posted, texts: Texts): Win | undefined {
  for (const own of truth.shares.shares) {
    const use = truth.uses[own.usePosition]!;
    if (own.matchEnd === 0n) continue;
    const list = truth.lists.get(Buffer.from(own.occurrencesHash).toString("hex")) ?? [];
    const place = own.record === undefined ? list[0]! : { record: own.record, recordStart: own.recordStart };
    for (let i = 0; i < posted.shares.length; i++) {
      const share = posted.openShare(i);
      if (share === undefined || share.share.usePosition !== own.usePosition) continue;
      if (share.share.end <= own.matchStart || share.share.start >= own.matchEnd) continue;
      const shown = showMatch(texts, use.output, share, own, place);
      if (isFlaw(decideOmission(posted.facts, shown, nativeHasher))) return sized("MsgChallengeOmission", shown);
    }
  }
  return undefined;
}

/** The message that shows a match against a share. */
export function showMatch(
  texts: Texts,
  output: Uint8Array,
  share: ShareOpening,
  { matchStart, matchEnd }: Pick<Share, "matchStart" | "matchEnd">,
  { record: id, recordStart }: Occurrence,
): Shown<"MsgChallengeOmission"> {
  const { bytes } = texts.record(id)!;
  return {
    ...{ share, matchStart, matchEnd, recordId: id, recordStart },
    output: texts.show(output, Number(matchStart), Number(matchEnd)),
    record: texts.show(bytes, Number(recordStart), Number(recordStart + matchEnd - matchStart)),
  };
}

/** A paid match is common: the truth's list, of which the host can show no place to be false. */
function byCommonness(truth: MadeBatch, posted: Posted, texts: Texts): Win | undefined {
  for (const list of truth.lists.values()) {
    for (let i = 0; i < posted.shares.length; i++) {
      const win = listed(posted, texts, i, list);
      if (win !== undefined) return win;
    }
  }
  const nowhere = truth.textless.toSorted(compareRecords).map(({ id }) => ({ record: id, recordStart: 0n }));
  for (let i = 0; i < posted.shares.length; i++) {
    const win = listed(posted, texts, i, nowhere);
    if (win !== undefined) return win;
  }
  return undefined;
}

/** The challenge with this list, when the host can neither show a place to be false nor contest one that nobody can show. */
function listed(posted: Posted, texts: Texts, index: number, occurrences: readonly Occurrence[]): Win | undefined {
  const share = posted.openShare(index);
  if (share === undefined) return undefined;
  const shown = { share, occurrences };
  if (commonnessRefusal(posted.facts, shown, nativeHasher) !== undefined) return undefined;
  const stands = canRefute(posted, texts, index, occurrences) || canContest(posted, texts, index, occurrences);
  return stands ? undefined : sized("MsgChallengeCommonness", shown);
}

function listChallenge(index: number, occurrences: readonly Occurrence[]) {
  return {
    ...{ id: 1n, batchId: 1n, challenger: CHALLENGER, part: BatchPart.BATCH_PART_COMMONNESS, index: BigInt(index) },
    ...{ entry: 0n, occurrences, bond: "0", answerBy: 0n, contested: [] },
  };
}

/** Whether the host can contest every place of the list, and the challenger, which has every text there is, cannot show them all. */
function canContest(posted: Posted, texts: Texts, index: number, occurrences: readonly Occurrence[]): boolean {
  const contested = [...occurrences.keys()];
  const challenge = listChallenge(index, occurrences);
  if (contestFlaw(challenge, contested) !== undefined) return false;
  const shown = showPlaces(texts, posted.openShare(index)!, occurrences, contested);
  if (shown === undefined) return true;
  return shownPlacesFlaw({ ...challenge, contested }, shown, posted.facts, nativeHasher) !== undefined;
}

/** What shows places of a list; undefined when there is no text for one of them. */
export function showPlaces(
  texts: Texts,
  share: ShareOpening,
  occurrences: readonly Occurrence[],
  positions: readonly number[],
): ShownPlaces | undefined {
  const { matchStart, matchEnd, usePosition } = share.share;
  const shown = positions.flatMap((chosen) => {
    const { record: id, recordStart } = occurrences[chosen]!;
    const record = texts.record(id);
    if (record === undefined) return [];
    const to = Number(recordStart + matchEnd - matchStart);
    return [{ chosen, record: texts.show(record.bytes, Number(recordStart), to) }];
  });
  if (shown.length < positions.length) return undefined;
  const output = texts.show(texts.made.uses[usePosition]!.output, Number(matchStart), Number(matchEnd));
  return { share, output, shown };
}

/** Whether the host can show one of the places not to hold the share's match. */
export function canRefute(posted: Posted, texts: Texts, index: number, occurrences: readonly Occurrence[]): boolean {
  const share = posted.openShare(index)!;
  const { matchStart, matchEnd, usePosition } = share.share;
  const challenge = listChallenge(index, occurrences);
  return occurrences.some(({ record, recordStart }, chosen) => {
    const bytes = texts.record(record)?.bytes;
    if (bytes === undefined) return false;
    const answer = {
      ...{ share, payee: undefined, entry: undefined, prompt: undefined, occurrences: [], chosen },
      output: texts.show(texts.made.uses[usePosition]!.output, Number(matchStart), Number(matchEnd)),
      record: texts.show(bytes, Number(recordStart), Number(recordStart + matchEnd - matchStart)),
    };
    return answerFlaw(challenge, answer, posted.facts, nativeHasher) === undefined;
  });
}

/** A rank of the truth is left out. */
function byRank(truth: MadeBatch, posted: Posted, texts: Texts): Win | undefined {
  for (const own of truth.shares.shares) {
    if (own.record === undefined || own.matchEnd !== 0n || isTerminator(own)) continue;
    for (let i = 0; i < posted.shares.length; i++) {
      const shown = showRank(texts, posted, i, own.usePosition, own.record, own.recordStart);
      if (shown !== undefined && isFlaw(decideRank(posted.facts, shown, nativeHasher))) {
        return sized("MsgChallengeRank", shown);
      }
    }
  }
  return undefined;
}

/** The message that says a record belongs before the share at `index`; undefined when that one is of another use. */
export function showRank(
  texts: Texts,
  posted: Posted,
  index: number,
  usePosition: number,
  recordId: RecordId,
  recordStart: bigint,
): Shown<"MsgChallengeRank"> | undefined {
  const after = posted.openShare(index);
  if (after === undefined || after.share.usePosition !== usePosition) return undefined;
  const before = index === 0 ? undefined : posted.openShare(index - 1);
  const shares = before?.share.usePosition === usePosition ? [before, after] : [after];
  const use = texts.made.uses[usePosition]!;
  const { bytes } = texts.record(recordId)!;
  return {
    ...{ shares, recordId, recordStart },
    record: texts.show(bytes, Number(recordStart), Number(recordStart) + PASSAGE_BYTES),
    prompt: texts.show(use.prompt, 0, use.proof === ProofType.PROOF_TYPE_KNN ? use.prompt.length : MAX_QUERY_BYTES),
    output: texts.show(use.output, 0, 1),
  };
}
