/** Takedown notices, curation, attestations and scores, through a chain. */
import { beforeEach, describe, expect, test } from "vitest";
import { NoticeStatus, RecordStatus } from "../../../proto/enums.gen.ts";
import { DatanetWorld, opening, record, START, words } from "../../support/datanet-world.ts";

const BOND = 1_000_000n;
const RECORD_BOND = 1000n;
let world: DatanetWorld;

beforeEach(() => {
  world = new DatanetWorld({}, { curationQuorum: 2 });
  world.contribute("ann", words("ann", 50));
});

function notice(id = 1n) {
  return world.query("Notice", { noticeId: id }, "tributary.datanet.v1.QueryNoticeResponse").notice;
}

const CLAIM = { datanetId: 1n, number: 1n, reason: "It is my novel.", evidence: "https://example.org/novel" };

describe("a takedown notice", () => {
  test("that nobody answers suspends the record, and removes it when the arbiters say so: its text is nobody's to record again", () => {
    world.ok("bob", "MsgTakedown", CLAIM);
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_SUSPENDED);
    expect(world.datanet()).toMatchObject({ earningRecords: 0n, recordCount: 1n });
    expect(world.balance("bob")).toBe(START - BOND);
    expect(world.refused("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: true })).toBe("datanet/26");
    world.pass(86_401n);
    expect(notice()).toMatchObject({ status: NoticeStatus.NOTICE_STATUS_OPEN, bond: BOND });
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_SUSPENDED);
    world.ok("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: true });
    world.ok("curator", "MsgDecideTakedown", { noticeId: 1n, uphold: true });
    expect(notice()).toMatchObject({ status: NoticeStatus.NOTICE_STATUS_UPHELD, bond: 0n });
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_REMOVED);
    expect(world.balance("bob")).toBe(START + RECORD_BOND / 2n);
    for (const who of ["bob", "carol", "ann"]) {
      expect(world.refused(who, "MsgContribute", { datanetId: 1n, records: [record(words("ann", 50))] })).toBe(
        "datanet/11",
      );
    }
  });

  test("steals no record from a contributor who is away: it is answered late, or dismissed by the arbiters", () => {
    world.contribute("carol", words("carol", 50));
    world.pass(86_401n);
    world.ok("bob", "MsgTakedown", CLAIM);
    world.ok("bob", "MsgTakedown", { ...CLAIM, number: 2n });
    world.pass(10n * 86_400n);
    expect(world.refused("bob", "MsgContribute", { datanetId: 1n, records: [record(words("ann", 50))] })).toBe(
      "datanet/11",
    );
    // A vote from before the answer counts no more.
    world.ok("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: true });
    world.ok("ann", "MsgCounterNotice", { noticeId: 1n, statement: "I was away." });
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_FINAL);
    expect(notice().upholders).toEqual([]);
    world.ok("curator", "MsgDecideTakedown", { noticeId: 2n, uphold: false });
    expect(world.record(2n)).toMatchObject({ status: RecordStatus.RECORD_STATUS_FINAL, dismissedNotices: 1 });
    expect(world.balance("carol")).toBe(START + BOND);
    world.pass(86_401n);
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_FINAL);
    expect(world.balance("ann")).toBe(START + BOND);
    expect(world.balance("bob")).toBe(START - 2n * BOND);
  });

  test("ends with nothing to decide when its record was struck meanwhile", () => {
    world.contribute("carol", record(words("ann", 50).toUpperCase(), { fingerprint: new Uint8Array(0) }));
    world.ok("bob", "MsgTakedown", { ...CLAIM, number: 2n });
    const text = words("ann", 50).toUpperCase();
    world.ok("ann", "MsgChallengeFingerprint", { datanetId: 1n, number: 2n, opening: opening(text, text) });
    world.pass(86_401n);
    expect(notice()).toMatchObject({ status: NoticeStatus.NOTICE_STATUS_UPHELD, bond: 0n });
    expect(world.balance("bob")).toBe(START);
  });

  test("that is answered restores the record at once; arbiters decide, and the loser pays the other", () => {
    world.ok("bob", "MsgTakedown", CLAIM);
    world.ok("ann", "MsgCounterNotice", { noticeId: 1n, statement: "I wrote it." });
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_PENDING);
    expect(world.refused("bob", "MsgDecideTakedown", { noticeId: 1n, uphold: true })).toBe("datanet/27");
    expect(world.refused("ann", "MsgDecideTakedown", { noticeId: 1n, uphold: false })).toBe("datanet/27");
    world.ok("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: false });
    // Half of two arbiters is enough for the contributor.
    expect(notice().status).toBe(NoticeStatus.NOTICE_STATUS_DISMISSED);
    expect(world.balance("ann")).toBe(START - RECORD_BOND + BOND);
    expect(world.balance("bob")).toBe(START - BOND);
    expect(world.record(1n).dismissedNotices).toBe(1);
    expect(world.refused("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: true })).toBe("datanet/26");
  });

  test("is upheld by more than half of the arbiters", () => {
    world.ok("bob", "MsgTakedown", CLAIM);
    world.ok("ann", "MsgCounterNotice", { noticeId: 1n, statement: "I wrote it." });
    world.ok("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: true });
    expect(notice().status).toBe(NoticeStatus.NOTICE_STATUS_COUNTERED);
    world.ok("curator", "MsgDecideTakedown", { noticeId: 1n, uphold: true });
    expect(notice().status).toBe(NoticeStatus.NOTICE_STATUS_UPHELD);
    expect(world.balance("bob")).toBe(START + BOND + RECORD_BOND / 2n);
    expect(world.balance("ann")).toBe(START - BOND - RECORD_BOND);
  });

  test("is decided at its deadline by the votes there are; silence is for the contributor", () => {
    world.contribute("carol", words("carol", 50));
    world.ok("bob", "MsgTakedown", CLAIM);
    world.ok("bob", "MsgTakedown", { ...CLAIM, number: 2n });
    world.ok("ann", "MsgCounterNotice", { noticeId: 1n, statement: "No." });
    world.ok("carol", "MsgCounterNotice", { noticeId: 2n, statement: "No." });
    world.ok("curator", "MsgDecideTakedown", { noticeId: 2n, uphold: true });
    world.pass(86_401n);
    expect([notice(1n).status, notice(2n).status]).toEqual([
      NoticeStatus.NOTICE_STATUS_DISMISSED,
      NoticeStatus.NOTICE_STATUS_UPHELD,
    ]);
    expect(world.record(1n)).toMatchObject({ status: RecordStatus.RECORD_STATUS_FINAL, bond: 0n });
  });

  test("is refused twice at a time, by the contributor, without a reason, and against what may not earn", () => {
    expect(world.refused("ann", "MsgTakedown", CLAIM)).toBe("datanet/24");
    expect(world.refused("bob", "MsgTakedown", { ...CLAIM, reason: "" })).toBe("datanet/24");
    expect(world.refused("bob", "MsgTakedown", { ...CLAIM, number: 7n })).toBe("datanet/9");
    world.ok("bob", "MsgTakedown", CLAIM);
    expect(world.refused("carol", "MsgTakedown", CLAIM)).toBe("datanet/24");
    expect(world.refused("carol", "MsgCounterNotice", { noticeId: 1n, statement: "No." })).toBe("datanet/24");
    expect(world.refused("ann", "MsgCounterNotice", { noticeId: 2n, statement: "No." })).toBe("datanet/25");
    world.pass(86_401n);
    for (const arbiter of ["owner", "curator"]) world.ok(arbiter, "MsgDecideTakedown", { noticeId: 1n, uphold: true });
    expect(world.refused("carol", "MsgTakedown", CLAIM)).toBe("datanet/17");
    expect(world.refused("ann", "MsgCounterNotice", { noticeId: 1n, statement: "No." })).toBe("datanet/26");
  });
});

describe("takedown griefing", () => {
  test("pays its victim: every failed notice gives the contributor the bond, and the next costs twice as much", () => {
    for (let round = 0; round < 4; round++) {
      const before = world.balance("bob");
      world.ok("bob", "MsgTakedown", CLAIM);
      expect(before - world.balance("bob")).toBe(BOND << BigInt(round));
      world.ok("ann", "MsgCounterNotice", { noticeId: BigInt(round + 1), statement: "No." });
      world.ok("owner", "MsgDecideTakedown", { noticeId: BigInt(round + 1), uphold: false });
    }
    expect(world.balance("bob")).toBe(START - 15n * BOND);
    expect(world.balance("ann")).toBe(START - RECORD_BOND + 15n * BOND);
    expect(world.datanet().earningRecords).toBe(1n);
  });
});

describe("curation", () => {
  test("rejects a record by the quorum and gives its bond back; votes may change and count once", () => {
    const vote = (approve: boolean) => ({ datanetId: 1n, number: 1n, approve });
    world.ok("owner", "MsgCurate", vote(true));
    world.ok("curator", "MsgCurate", vote(false));
    world.ok("curator", "MsgCurate", vote(false));
    expect(world.record(1n)).toMatchObject({ approvals: 1, rejections: 1, status: 1 });
    world.ok("owner", "MsgCurate", vote(false));
    expect(world.record(1n)).toMatchObject({ rejections: 2, status: RecordStatus.RECORD_STATUS_REJECTED });
    expect(world.balance("ann")).toBe(START);
    expect(world.refused("owner", "MsgCurate", vote(true))).toBe("datanet/17");
    expect(world.refused("bob", "MsgCurate", vote(true))).toBe("datanet/8");
    const { votes } = world.query(
      "CurationVotes",
      { datanetId: 1n, number: 1n },
      "tributary.datanet.v1.QueryCurationVotesResponse",
    );
    expect(votes).toHaveLength(2);
  });

  test("is of pending records, not one's own, and of datanets that have it", () => {
    const number = world.contribute("owner", words("owner", 50));
    expect(world.refused("owner", "MsgCurate", { datanetId: 1n, number, approve: true })).toBe("datanet/17");
    world.pass(86_401n);
    expect(world.refused("owner", "MsgCurate", { datanetId: 1n, number: 1n, approve: false })).toBe("datanet/17");
    world.ok("owner", "MsgUpdateDatanet", { datanetId: 1n, curationQuorum: 0 });
    expect(world.refused("owner", "MsgCurate", { datanetId: 1n, number: 1n, approve: true })).toBe("datanet/21");
  });
});

test("attestations are an account's word, once for each kind, and anchor nothing", () => {
  const word = { datanetId: 1n, number: 1n, kind: 1, note: "I hold the rights." };
  world.ok("bob", "MsgAttest", word);
  world.ok("bob", "MsgAttest", { ...word, kind: 2 });
  expect(world.refused("bob", "MsgAttest", word)).toBe("datanet/20");
  expect(world.refused("bob", "MsgAttest", { ...word, kind: 0 })).toBe("datanet/20");
  expect(world.refused("carol", "MsgAttest", { ...word, note: "x".repeat(513) })).toBe("datanet/20");
  expect(world.refused("carol", "MsgAttest", { ...word, number: 2n })).toBe("datanet/9");
  const { attestations } = world.query(
    "Attestations",
    { datanetId: 1n, number: 1n },
    "tributary.datanet.v1.QueryAttestationsResponse",
  );
  expect(attestations.map(({ attestor, kind }) => [attestor, kind])).toEqual([
    [world.address("bob"), 1],
    [world.address("bob"), 2],
  ]);
  expect(world.record(1n).contributor).toBe(world.address("ann"));
});

test("scores come from the datanet's validators, replace each other, and make the scorecard", () => {
  const counts = {
    requiredCells: 4,
    presentCells: 3,
    auditedItems: 10,
    correctItems: 9,
    checkedRules: 8,
    brokenRules: 2,
  };
  const score = { datanetId: 1n, number: 1n, ...counts };
  expect(world.refused("curator", "MsgScoreRecord", score)).toBe("datanet/22");
  expect(world.refused("scorer", "MsgScoreRecord", { ...score, presentCells: 5 })).toBe("datanet/23");
  world.ok("scorer", "MsgScoreRecord", { ...score, presentCells: 0 });
  world.ok("scorer", "MsgScoreRecord", score);
  const at = { datanetId: 1n, number: 1n };
  expect(world.query("Scores", at, "tributary.datanet.v1.QueryScoresResponse").scores).toHaveLength(1);
  const { scorecard } = world.query("Scorecard", at, "tributary.datanet.v1.QueryScorecardResponse");
  expect(scorecard).toMatchObject({
    completenessPpm: 750_000,
    accuracyPpm: 900_000,
    consistencyPpm: 750_000,
    validators: 1,
  });
  expect(scorecard).toMatchObject({ relevancePpm: 500_000, scarcityPpm: 1_000_000, timelinessPpm: 1_000_000 });
});
