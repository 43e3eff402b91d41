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
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import { concat } from "../../../proto/bytes.ts";
import { NoticeStatus, RecordStatus, SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { bytesOf, DatanetWorld, opening, PEOPLE, record, words } from "../../support/datanet-world.ts";

const RUNS = process.env.TRIBUTARY_FULL === "1" ? 40 : 1;
/** How often each kind of operation has its turn in one life. */
const TURNS = process.env.TRIBUTARY_FULL === "1" ? 8 : 4;
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

class Life {
  readonly world = new DatanetWorld(
    { challengeSeconds: 120n, revealSeconds: 60n, takedownSeconds: 60n, demandSeconds: 40n, maxDeadlinesPerBlock: 3 },
    {
      curationQuorum: 1,
      accessPrice: { denom: "utest", amount: "7" },
      sponsorship: { feeAllowance: { denom: "uopen", amount: "1000" }, allowanceSeconds: 60n, bondedRecords: 1 },
    },
  );
  readonly texts = new Map<bigint, string>();
  /** Texts of segments that were sealed truly, by index. */
  readonly sealed = new Map<bigint, Uint8Array>();
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
    const target = at(life.committed.slice(-2), choice);
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
    const suspended = run.findIndex(({ status }) => status === RecordStatus.RECORD_STATUS_SUSPENDED);
    const free = suspended < 0 ? run : run.slice(0, suspended);
    if (!free.some(({ status }) => status === PENDING || status === FINAL)) return undefined;
    const last = choice.greedy ? recordCount + 1n : free.at(-1)!.number;
    const placed = free.filter(({ number, status }) => number <= last && (status === PENDING || status === FINAL));
    const texts = placed.map(({ number }) => life.texts.get(number) ?? "");
    // One in two is a text that nobody has.
    const text = concat(...texts.flatMap((one) => [bytesOf(one), Uint8Array.of(0)]));
    const isTrue = choice.who !== 0 && texts.every((one) => one !== "");
    const value = { datanetId: 1n, last, textRoot: textRoot(isTrue ? text : bytesOf("whatever it is")) };
    const index = life.world.datanet().segmentCount + 1n;
    const done = () => {
      if (isTrue) life.sealed.set(index, text);
    };
    return { from: "owner", name: "MsgSealSegment", value, done };
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
    const text = life.sealed.get(target.segment)!;
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
  invite: (life, { greedy }) => {
    const newcomer = greedy ? life.world.address("ann") : life.world.address(`newcomer${life.made++}`);
    return { from: "curator", name: "MsgInvite", value: { datanetId: 1n, newcomer } };
  },
};

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

function supply(life: Life): bigint {
  const { amount } = life.world.chain.query(
    "/cosmos.bank.v1beta1.Query/SupplyOf",
    ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
    "cosmos.bank.v1beta1.QuerySupplyOfResponse",
  );
  return BigInt(amount.amount);
}

/** What the last block burned of uopen. */
function burned({ world }: Life): bigint {
  const { txResults, events } = world.chain.lastBlock!;
  const all = [...events, ...txResults.filter(({ code }) => code === 0).flatMap((result) => result.events)];
  return all
    .filter(({ type }) => type === "burn")
    .flatMap(({ attributes }) => attributes.filter(({ key }) => key === "amount"))
    .reduce((sum, { value }) => sum + (value.endsWith("uopen") ? BigInt(value.slice(0, -5)) : 0n), 0n);
}

const names = Object.keys(plans);
const turns = Array.from({ length: TURNS }, () => names).flat();
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
        const before = supply(life);
        const { code } = life.world.run(attempt.from, attempt.name, attempt.value);
        expect(supply(life)).toBe(before - burned(life));
        if (code === 0) attempt.done?.();
        const count = tried.get(kind) ?? { tries: 0, successes: 0 };
        tried.set(kind, { tries: count.tries + 1, successes: count.successes + Number(code === 0) });
      }
      life.world.pass(1000n);
      for (let i = 0; i < 40; i++) life.world.pass(1n);
      // When every window is over, nothing is bonded any more.
      expect(life.records(PENDING, RecordStatus.RECORD_STATUS_SUSPENDED)).toEqual([]);
      expect(life.world.chain.balance(moduleAccount(life), "uopen")).toBe(0n);
    }),
    { numRuns: RUNS, seed: 20261122 },
  );
  for (const [kind, { tries, successes }] of tried) {
    if (tries >= 4) expect([kind, successes * 2 >= tries]).toEqual([kind, true]);
  }
  expect(tried.size).toBeGreaterThan(names.length - 3);
});

function moduleAccount({ world }: Life): string {
  return world.chain.addresses.account(moduleAddress("datanet"));
}
