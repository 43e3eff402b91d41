/**
 * Random sequences of every operation over a chain: after every block the module's account holds the bonds and deposits
 * to the unit, no coin is made, and no coin is lost but those burned. At least half of each kind of operation must
 * succeed, or the sequences show little.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { commitmentHash } from "../../../modules/datanet/keeper/commitments.ts";
import { openingOf, segmentInputOf } from "../../../modules/datanet/segment-input.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import { concat } from "../../../proto/bytes.ts";
import { NoticeStatus, RecordStatus, SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { burnedIn, supplyOf } from "../../support/coin-count.ts";
import { bytesOf, DatanetWorld, opening, PEOPLE, record, words } from "../../support/datanet-world.ts";

const RUNS = process.env.TRIBUTARY_FULL === "1" ? 40 : 2;
/** How often each kind of operation has its turn in one life. */
const TURNS = process.env.TRIBUTARY_FULL === "1" ? 8 : 4;
/** Tries from which half of each kind succeed, of which one in twelve may not. */
const ENOUGH = 4;
const SALT = new Uint8Array(16).fill(1);
const MEMBERS = ["ann", "bob", "carol"] as const;

interface Choice {
  readonly kind: string;
  readonly who: number;
  readonly pick: number;
  /** One step in twelve tries what it may not. */
  readonly greedy: boolean;
}

/** One message somebody sends; undefined when there is nothing to send it about. */
interface Attempt {
  readonly from: string;
  readonly name: string;
  readonly value: object;
  readonly done?: () => void;
}

/** A segment's text and suffix array, true or with one fault. */
interface Sealed {
  readonly text: Uint8Array;
  readonly index: Uint8Array;
  readonly fault: "none" | "text" | "index";
}

class Life {
  readonly world = new DatanetWorld(
    { challengeSeconds: 300n, revealSeconds: 60n, takedownSeconds: 200n, demandSeconds: 40n, maxDeadlinesPerBlock: 3 },
    {
      curationQuorum: 1,
      accessPrice: { denom: "utest", amount: "7" },
      sponsorship: { feeAllowance: { denom: "uopen", amount: "1000" }, allowanceSeconds: 60n, bondedRecords: 1 },
    },
  );
  readonly texts = new Map<bigint, string>();
  /** What segments were sealed with, by index, where somebody has it. */
  readonly sealed = new Map<bigint, Sealed>();
  /** Near-copies that say nothing of themselves: the record each is of. */
  readonly copies = new Map<bigint, bigint>();
  readonly committed: { readonly id: bigint; readonly by: string; readonly text: string }[] = [];
  made = 0;

  /** Records of a status, with their texts. */
  records(...statuses: readonly number[]) {
    const { records } = this.world.query("Records", { datanetId: 1n }, "tributary.datanet.v1.QueryRecordsResponse");
    return records.filter(({ status }) => statuses.includes(status));
  }

  newText(): string {
    this.made += 1;
    return words(`t${this.made}x`, 45);
  }
}

type Plan = (life: Life, choice: Choice, who: string) => Attempt | undefined;
const at = <Item>(list: readonly Item[], { pick }: Choice): Item | undefined => list[pick % Math.max(list.length, 1)];
const { RECORD_STATUS_PENDING: PENDING, RECORD_STATUS_FINAL: FINAL } = RecordStatus;

function contribution(life: Life, from: string, text: string, changes: object = {}): Attempt {
  const number = life.world.datanet().recordCount + 1n;
  const value = { datanetId: 1n, records: [record(text, changes)] };
  return { from, name: "MsgContribute", value, done: () => life.texts.set(number, text) };
}

const plans: Readonly<Record<string, Plan>> = {
  contribute: (life, { greedy }, who) => {
    const old = greedy ? life.texts.get(1n) : undefined;
    return contribution(life, who, old ?? life.newText());
  },
  contributeLie: (life, _, who) => contribution(life, who, life.newText(), { fingerprint: new Uint8Array(0) }),
  contributeCopy: (life, choice, who) => {
    const original = at(
      life.records(FINAL, PENDING).filter(({ number }) => life.texts.has(number) && !life.copies.has(number)),
      choice,
    );
    if (original === undefined) return undefined;
    life.made += 1;
    const text = `${life.texts.get(original.number)} again${life.made}`;
    const attempt = contribution(life, who, text, { fingerprint: new Uint8Array(0) });
    const number = life.world.datanet().recordCount + 1n;
    const done = () => {
      attempt.done?.();
      life.copies.set(number, original.number);
    };
    return { ...attempt, done };
  },
  commit: (life, _, who) => {
    const text = life.newText();
    const hash = commitmentHash(1n, accountOf(who).bytes, SALT, [record(text)], nodeHasher());
    const { commitments } = life.world.query("Commitments", {}, "tributary.datanet.v1.QueryCommitmentsResponse");
    const done = () => {
      const known = new Set(commitments.map(({ id }) => id));
      const now = life.world.query("Commitments", {}, "tributary.datanet.v1.QueryCommitmentsResponse").commitments;
      life.committed.push({ id: now.find(({ id }) => !known.has(id))!.id, by: who, text });
    };
    return { from: who, name: "MsgCommit", value: { datanetId: 1n, hash }, done };
  },
  overtake: (life, choice) => {
    const known = new Set(life.texts.values());
    const target = at(
      life.committed.slice(-2).filter(({ text }) => !known.has(text)),
      choice,
    );
    const who = MEMBERS.find((name) => name !== target?.by)!;
    return target === undefined ? undefined : contribution(life, who, target.text);
  },
  reveal: (life, choice) => {
    const { commitments } = life.world.query("Commitments", {}, "tributary.datanet.v1.QueryCommitmentsResponse");
    const open = life.committed.filter(({ id }) => commitments.some((one) => one.id === id));
    const target = at(open, choice);
    if (target === undefined) return undefined;
    const salt = choice.greedy ? new Uint8Array(16) : SALT;
    const number = life.world.datanet().recordCount + 1n;
    const done = () => {
      if (life.world.datanet().recordCount === number) life.texts.set(number, target.text);
    };
    return {
      from: target.by,
      name: "MsgReveal",
      value: { commitmentId: target.id, salt, records: [record(target.text)] },
      done,
    };
  },
  challengeFingerprint: (life, choice, who) => {
    const liars = life
      .records(PENDING, FINAL)
      .filter(({ fingerprintCount }) => choice.greedy || fingerprintCount === 0);
    const target = at(liars, choice);
    const text = target === undefined ? undefined : life.texts.get(target.number);
    if (target === undefined || text === undefined) return undefined;
    const value = {
      datanetId: 1n,
      number: target.number,
      opening: opening(text, text.split(" ").slice(0, 40).join(" ")),
    };
    return { from: who, name: "MsgChallengeFingerprint", value };
  },
  challengeDuplicate: (life, choice, who) => {
    const isEarning = new Set(life.records(PENDING, FINAL).map(({ number }) => number));
    const found = [...life.copies].filter(([copy, original]) => isEarning.has(copy) && isEarning.has(original));
    const target = at(found, choice);
    if (target === undefined) return undefined;
    const [number, earlier] = target;
    const run = life.texts.get(earlier)!;
    const shown = { copy: opening(life.texts.get(number)!, run), original: opening(run, run) };
    // A greedy one accuses the original of copying.
    const pair = choice.greedy ? { number: earlier, earlier: number } : { number, earlier };
    return { from: who, name: "MsgChallengeDuplicate", value: { datanetId: 1n, ...pair, ...shown } };
  },
  takedown: (life, choice, who) => {
    const target = at(
      life.records(PENDING, FINAL).filter(({ contributor }) => contributor !== life.world.address(who)),
      choice,
    );
    const value = { datanetId: 1n, number: target?.number, reason: choice.greedy ? "" : "mine" };
    return target === undefined ? undefined : { from: who, name: "MsgTakedown", value };
  },
  counterNotice: (life, choice) => {
    const notice = at(notices(life, NoticeStatus.NOTICE_STATUS_OPEN), choice);
    if (notice === undefined) return undefined;
    const from = nameOf(life, life.world.record(notice.number).contributor);
    return { from, name: "MsgCounterNotice", value: { noticeId: notice.id, statement: choice.greedy ? "" : "no" } };
  },
  decideTakedown: (life, choice) => {
    const notice = at(notices(life, NoticeStatus.NOTICE_STATUS_COUNTERED), choice);
    const from = choice.greedy ? "scorer" : at(["owner", "curator"], choice)!;
    const uphold = choice.who === 0;
    return notice === undefined
      ? undefined
      : { from, name: "MsgDecideTakedown", value: { noticeId: notice.id, uphold } };
  },
  curate: (life, choice) => {
    const target = at(life.records(PENDING), choice);
    const value = { datanetId: 1n, number: target?.number, approve: choice.who !== 0 };
    const from = choice.greedy ? "scorer" : "curator";
    return target === undefined ? undefined : { from, name: "MsgCurate", value };
  },
  score: (life, choice) => {
    const target = at(life.records(PENDING, FINAL), choice);
    const value = { datanetId: 1n, number: target?.number, requiredCells: 3, presentCells: choice.greedy ? 4 : 2 };
    return target === undefined ? undefined : { from: "scorer", name: "MsgScoreRecord", value };
  },
  attest: (life, choice, who) => {
    const target = at(life.records(PENDING, FINAL), choice);
    const value = { datanetId: 1n, number: target?.number, kind: choice.greedy ? 0 : 1 + (life.made % 2) };
    return target === undefined ? undefined : { from: who, name: "MsgAttest", value };
  },
  seal: (life, choice) => {
    const { sealedThrough, recordCount } = life.world.datanet();
    const run = life.records(...Object.values(RecordStatus)).filter(({ number }) => number > sealedThrough);
    const stands = [PENDING, FINAL, RecordStatus.RECORD_STATUS_SUSPENDED] as readonly number[];
    if (!run.some(({ status }) => stands.includes(status))) return undefined;
    const last = choice.greedy ? recordCount + 1n : run.at(-1)!.number;
    const placed = run.filter(({ number, status }) => number <= last && stands.includes(status));
    const texts = placed.map(({ number }) => bytesOf(life.texts.get(number) ?? ""));
    const index = life.world.datanet().segmentCount + 1n;
    // One in three is a root of nothing, others have one wrong byte, or two entries of their array exchanged.
    const kept = texts.every((text) => text.length > 0) && choice.who > 0 ? sealedWith(texts, choice.pick) : undefined;
    const roots =
      kept === undefined
        ? { textRoot: textRoot(bytesOf("whatever it is")) }
        : {
            ...{ textRoot: textRoot(kept.text), indexRoot: textRoot(kept.index) },
            indexCount: BigInt(kept.index.length) / 4n,
          };
    const done = () => void (kept && life.sealed.set(index, kept));
    return { from: "owner", name: "MsgSealSegment", value: { datanetId: 1n, last, ...roots }, done };
  },
  challengeSegment: (life, choice, who) => {
    const target = faulty(life, choice, "text");
    if (target === undefined) return undefined;
    const { segment, text } = target;
    const found = life
      .records(...Object.values(RecordStatus))
      .find(({ number }) => placedAt(life, number, segment) !== undefined)!;
    const record = bytesOf(life.texts.get(found.number)!);
    const start = Number(placedAt(life, found.number, segment)!);
    // A greedy one shows a place where the texts agree.
    const from = choice.greedy ? 1 : 0;
    const shown = { record: openingOf(record, from, 1), sealed: openingOf(text, start + from, 1) };
    const value = { datanetId: 1n, segment, number: found.number, ...shown };
    return { from: who, name: "MsgChallengeSegment", value };
  },
  challengeIndex: (life, choice, who) => {
    const target = faulty(life, choice, "index");
    if (target === undefined) return undefined;
    const { segment, text, index } = target;
    const first = choice.greedy ? 2 : 0;
    const view = new DataView(index.buffer, index.byteOffset);
    const texts = [first, first + 1].map((i) => {
      const start = view.getUint32(i * 4);
      return openingOf(text, start, Math.min(256, text.length - start));
    });
    const value = { datanetId: 1n, segment, entries: openingOf(index, first * 4, 8), texts };
    return { from: who, name: "MsgChallengeIndex", value };
  },
  demand: (life, choice, who) => {
    const target = at(segments(life).slice(-2), choice);
    if (target === undefined) return undefined;
    const held = life.records(PENDING, FINAL).filter(({ number }) => number >= target.first && number <= target.last);
    const of = at(held, choice);
    if (of === undefined) return undefined;
    const start = placedAt(life, of.number, target.index);
    if (start === undefined) return undefined;
    const offset = choice.greedy ? target.byteCount : start + (BigInt(choice.pick) % of.length);
    const part = SegmentPart.SEGMENT_PART_TEXT;
    const value = { datanetId: 1n, segment: target.index, part, offset, number: of.number };
    return { from: who, name: "MsgDemandOpening", value };
  },
  answerDemand: (life, choice, who) => {
    const target = at(
      segments(life).flatMap(({ index }) => demands(life, index).filter(() => life.sealed.has(index))),
      choice,
    );
    if (target === undefined) return undefined;
    const offset = Number(target.offset) + (choice.greedy ? 1 : 0);
    const { text } = life.sealed.get(target.segment)!;
    if (offset >= text.length) return undefined;
    return { from: who, name: "MsgAnswerDemand", value: { demandId: target.id, opening: openingOf(text, offset, 1) } };
  },
  publish: (life, choice) => {
    const { sealedThrough } = life.world.datanet();
    const target = at(
      life.records(PENDING, FINAL).filter(({ number }) => number <= sealedThrough),
      choice,
    );
    if (target === undefined) return undefined;
    const last = choice.greedy ? target.number + 1000n : target.number;
    const value = { datanetId: 1n, name: "v", ranges: [{ first: target.number, last }] };
    return { from: "curator", name: "MsgPublishVersion", value };
  },
  buy: (_, { pick, greedy }, who) => {
    const units = BigInt(1 + (pick % 50));
    const maxPrice = { denom: "utest", amount: (units * 7n - (greedy ? 1n : 0n) || 1n).toString() };
    return { from: who, name: "MsgBuyDataTokens", value: { datanetId: 1n, units: units.toString(), maxPrice } };
  },
  spend: (life, { greedy }, who) => {
    const held = life.world.balance(who, "data/1");
    if (held === 0n) return undefined;
    const units = (greedy ? held + 1n : 1n).toString();
    return { from: who, name: "MsgSpendDataTokens", value: { datanetId: 1n, units } };
  },
  fund: (_, { pick, greedy }, who) => {
    const amount = { denom: "uopen", amount: greedy ? "9".repeat(30) : (1 + (pick % 5000)).toString() };
    return { from: who, name: "MsgFundSponsorship", value: { datanetId: 1n, amount } };
  },
  withdraw: (life, { pick, greedy }) => {
    const response = "tributary.datanet.v1.QuerySponsorshipResponse";
    const { balance } = life.world.query("Sponsorship", { datanetId: 1n }, response);
    const held = BigInt(balance.find(({ denom }) => denom === "uopen")?.amount ?? "0");
    if (held === 0n) return undefined;
    const amount = { denom: "uopen", amount: (greedy ? held + 1n : 1n + (BigInt(pick) % held)).toString() };
    return { from: "owner", name: "MsgWithdrawSponsorship", value: { datanetId: 1n, amount } };
  },
  invite: (life, { greedy }) => {
    const newcomer = greedy ? life.world.address("ann") : life.world.address(`newcomer${life.made++}`);
    return { from: "curator", name: "MsgInvite", value: { datanetId: 1n, newcomer } };
  },
};

/** What a sealer has of these texts. */
function sealedWith(texts: readonly Uint8Array[], pick: number): Sealed {
  const fault = (["none", "text", "index"] as const)[pick % 3]!;
  const [first, ...others] = texts;
  const shown = fault === "text" ? [concat(Uint8Array.of(first![0]! ^ 1), first!.subarray(1)), ...others] : texts;
  const { text, index } = segmentInputOf(shown);
  const swapped = concat(index.subarray(4, 8), index.subarray(0, 4), index.subarray(8));
  return { text, index: fault === "index" ? swapped : index, fault };
}

/** A segment that can be challenged for a fault. */
function faulty(
  life: Life,
  choice: Choice,
  fault: Sealed["fault"],
): (Sealed & { readonly segment: bigint }) | undefined {
  const found = segments(life).flatMap(({ index: segment }) => {
    const sealed = life.sealed.get(segment);
    return sealed?.fault === fault ? [{ segment, ...sealed }] : [];
  });
  return at(found, choice);
}

function notices(life: Life, status: number) {
  return life.world
    .query("Notices", { datanetId: 1n }, "tributary.datanet.v1.QueryNoticesResponse")
    .notices.filter((notice) => notice.status === status);
}

function segments(life: Life) {
  return life.world
    .query("Segments", { datanetId: 1n }, "tributary.datanet.v1.QuerySegmentsResponse")
    .segments.filter(({ status }) => status === SegmentStatus.SEGMENT_STATUS_SEALED);
}

/** Where a record stands in a segment; undefined when it does not. */
function placedAt(life: Life, number: bigint, segment: bigint): bigint | undefined {
  try {
    const response = "tributary.datanet.v1.QueryPlacementResponse";
    const { placement } = life.world.query("Placement", { datanetId: 1n, number }, response);
    return placement.segment === segment ? placement.offset : undefined;
  } catch {
    return undefined;
  }
}

function demands(life: Life, segment: bigint) {
  return life.world.query("Demands", { datanetId: 1n, segment }, "tributary.datanet.v1.QueryDemandsResponse").demands;
}

function nameOf(life: Life, address: string): string {
  return PEOPLE.find((name) => life.world.address(name) === address)!;
}

const names = Object.keys(plans);
/** What seldom finds something to work on has more turns. */
const RARE = [
  ...["seal", "challengeSegment", "challengeIndex", "challengeIndex", "contributeCopy", "challengeDuplicate"],
  ...["demand", "answerDemand", "takedown", "counterNotice", "decideTakedown"],
];
const turns = Array.from({ length: TURNS }, () => [...names, ...RARE, ...RARE]).flat();
/** Every kind has its turns, in any order. */
const choices: fc.Arbitrary<Choice[]> = fc
  .tuple(
    fc.shuffledSubarray(turns, { minLength: turns.length }),
    fc.infiniteStream(
      fc.record({
        who: fc.nat(MEMBERS.length - 1),
        pick: fc.nat(1000),
        greedy: fc.nat(11).map((n) => n === 0),
      }),
    ),
  )
  .map(([kinds, rest]) => kinds.map((kind) => ({ kind, ...rest.next().value })));

test("bonds are held to the unit, and coins are neither made nor lost, in random lives of a datanet", () => {
  const tried = new Map<string, { tries: number; successes: number }>();
  fc.assert(
    fc.property(choices, (steps) => {
      const life = new Life();
      for (const step of steps) {
        const { kind } = step;
        const attempt = plans[kind]!(life, step, MEMBERS[step.who]!);
        if (attempt === undefined) continue;
        const before = supplyOf(life.world.chain);
        const { code } = life.world.run(attempt.from, attempt.name, attempt.value);
        expect(supplyOf(life.world.chain)).toBe(before - burnedIn(life.world.chain));
        if (code === 0) attempt.done?.();
        const count = tried.get(kind) ?? { tries: 0, successes: 0 };
        tried.set(kind, { tries: count.tries + 1, successes: count.successes + Number(code === 0) });
      }
      life.world.pass(1000n);
      for (let i = 0; i < 40; i++) life.world.pass(1n);
      // When every window is over, nothing is bonded any more but notices that nobody answered or decided, and their records.
      expect(life.records(PENDING)).toEqual([]);
      const waiting = notices(life, NoticeStatus.NOTICE_STATUS_OPEN);
      const suspended = life.records(RecordStatus.RECORD_STATUS_SUSPENDED);
      for (const { number } of suspended) expect(waiting.map((notice) => notice.number)).toContain(number);
      const bonds = [...waiting, ...suspended].reduce((sum, { bond }) => sum + bond, 0n);
      expect(life.world.chain.balance(moduleAccount(life), "uopen")).toBe(bonds);
    }),
    { numRuns: RUNS, seed: 20261122 },
  );
  for (const [kind, { tries, successes }] of tried) {
    const isHalf = tries < ENOUGH || successes * 2 >= tries;
    expect({ kind, tries, successes, isHalf }).toEqual({ kind, tries, successes, isHalf: true });
  }
  expect([...tried.keys()].sort()).toEqual([...names].sort());
});

function moduleAccount({ world }: Life): string {
  return world.chain.addresses.account(moduleAddress("datanet"));
}
