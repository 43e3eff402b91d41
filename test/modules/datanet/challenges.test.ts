/** Novelty, near-copies and false fingerprints, through a chain. */
import { beforeEach, describe, expect, test } from "vitest";
import { withoutRun } from "../../../modules/datanet/opening.ts";
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { RecordStatus } from "../../../proto/enums.gen.ts";
import { bytesOf, DatanetWorld, opening, record, START, words } from "../../support/datanet-world.ts";

const ORIGINAL = words("original", 200);
const NONE = new Uint8Array(0);
let world: DatanetWorld;

beforeEach(() => {
  world = new DatanetWorld();
  world.contribute("ann", ORIGINAL);
});

/** The words of the original from one to another. */
function part(from: number, to: number): string {
  return ORIGINAL.split(" ").slice(from, to).join(" ");
}

describe("the novelty floor", () => {
  test("refuses a near-copy that says what it is, and takes what is new enough", () => {
    expect(
      world.refused("bob", "MsgContribute", { datanetId: 1n, records: [record(`${ORIGINAL} bob was here`)] }),
    ).toBe("datanet/12");
    const half = world.contribute("bob", `${part(0, 100)} ${words("bob", 100)}`);
    const { noveltyPpm } = world.record(half);
    expect(noveltyPpm).toBeGreaterThanOrEqual(300_000);
    expect(noveltyPpm).toBeLessThan(800_000);
    world.contribute("carol", words("carol", 100));
  });

  test("is told beforehand by a query, and counts the records of one message too", () => {
    const { fingerprint } = record(`${ORIGINAL} bob was here`);
    const answer = world.query("Novelty", { datanetId: 1n, fingerprint }, "tributary.datanet.v1.QueryNoveltyResponse");
    expect(answer.noveltyPpm).toBeLessThan(answer.minNoveltyPpm);
    expect(answer.newEntries).toBeLessThan(answer.entries);
    const twins = [record(words("twin", 100)), record(`${words("twin", 100)} again`)];
    expect(world.refused("bob", "MsgContribute", { datanetId: 1n, records: twins })).toBe("datanet/12");
  });

  test("refuses malformed fingerprints", () => {
    for (const fingerprint of [new Uint8Array(11), new Uint8Array(65 * 12), new Uint8Array(24)]) {
      const records = [record(words("x", 60), { fingerprint })];
      expect(world.refused("bob", "MsgContribute", { datanetId: 1n, records })).toBe("datanet/10");
    }
  });
});

describe("a near-copy that declares nothing", () => {
  const COPY = `${words("mine", 30)} ${part(20, 180)} ${words("also", 30)}`;
  const RUN = part(60, 92);

  beforeEach(() => {
    world.contribute("bob", record(COPY, { fingerprint: NONE }));
  });

  const challenge = (run: string, changes: object = {}) => ({
    datanetId: 1n,
    number: 2n,
    earlier: 1n,
    copy: opening(COPY, run),
    original: opening(ORIGINAL, run),
    ...changes,
  });

  test("is struck by 32 equal tokens, pays half its bond as a bounty and burns the rest", () => {
    const supply = () =>
      world.chain.query(
        "/cosmos.bank.v1beta1.Query/SupplyOf",
        ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
        "cosmos.bank.v1beta1.QuerySupplyOfResponse",
      ).amount.amount;
    const before = BigInt(supply());
    const result = world.ok("carol", "MsgChallengeDuplicate", challenge(RUN));
    expect(world.answer("tributary.datanet.v1.MsgChallengeDuplicateResponse", result).bounty.amount).toBe("600");
    expect(world.events(result, "duplicate_slashed")[0]).toMatchObject({
      number: "2",
      ground: "missing",
      bond: "1200",
    });
    expect([world.balance("bob"), world.balance("carol")]).toEqual([START - 1200n, START + 600n]);
    expect(before - BigInt(supply())).toBe(600n);
    expect(world.record(2n)).toMatchObject({ status: RecordStatus.RECORD_STATUS_DUPLICATE, bond: 0n });
    expect(world.datanet()).toMatchObject({ recordCount: 2n, earningRecords: 1n });
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(RUN))).toBe("datanet/17");
  });

  test("is not struck by 31 tokens, by runs that differ, or by runs that cut a token", () => {
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(part(60, 91)))).toBe("datanet/19");
    const other = { original: opening(ORIGINAL, part(61, 93)) };
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(RUN, other))).toBe("datanet/19");
    const cut = RUN.slice(1);
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(cut))).toBe("datanet/18");
  });

  test("is not struck by a forged opening, by a later record, or with one opening alone", () => {
    const forged = opening(COPY, RUN);
    const chunks = forged.chunks.slice();
    chunks[40]! ^= 1;
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(RUN, { copy: { ...forged, chunks } }))).toBe(
      "datanet/18",
    );
    const turned = { number: 1n, earlier: 2n, copy: opening(ORIGINAL, RUN), original: opening(COPY, RUN) };
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(RUN, turned))).toBe("datanet/19");
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(RUN, { original: undefined }))).toBe("datanet/18");
    expect(
      world.refused("carol", "MsgChallengeDuplicate", challenge(RUN, { copy: undefined, original: undefined })),
    ).toBe("datanet/19");
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(RUN, { earlier: 9n }))).toBe("datanet/9");
  });

  test("is shown by a run that is sent once, which must stand in the original as it does in the copy", () => {
    const once = (text: string, run: string) => withoutRun(opening(text, run));
    const long = part(60, 150);
    expect(once(ORIGINAL, long).chunks.length).toBeLessThan(257);
    const other = { original: { ...once(ORIGINAL, long), start: once(ORIGINAL, long).start + 1n } };
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(long, other))).toBe("datanet/18");
    const shifted = { original: once(ORIGINAL, part(61, 151)) };
    expect(world.refused("carol", "MsgChallengeDuplicate", challenge(long, shifted))).toBe("datanet/18");
    world.ok("carol", "MsgChallengeDuplicate", challenge(long, { original: once(ORIGINAL, long) }));
  });

  test("is struck after its window too, without a bounty, since its bond is gone", () => {
    world.pass(86_401n);
    expect(world.balance("bob")).toBe(START);
    const result = world.ok("carol", "MsgChallengeDuplicate", challenge(RUN));
    expect(world.answer("tributary.datanet.v1.MsgChallengeDuplicateResponse", result).bounty.amount).toBe("0");
    expect(world.record(2n).status).toBe(RecordStatus.RECORD_STATUS_DUPLICATE);
  });

  test("leaves its place to whoever brings the text next", () => {
    world.ok("carol", "MsgChallengeDuplicate", challenge(RUN));
    // Declared truly, half of it is too old; the words that were the copy's alone are new again.
    expect(world.contribute("carol", `${words("mine", 30)} ${words("also", 30)}`)).toBe(3n);
  });
});

describe("an honest record", () => {
  test("stands though it shares a passage of 40 tokens, which it declares", () => {
    const text = `${words("fresh", 100)} ${part(50, 90)} ${words("more", 100)}`;
    world.contribute("bob", text);
    const run = part(52, 88);
    const shared = {
      datanetId: 1n,
      number: 2n,
      earlier: 1n,
      copy: opening(text, run),
      original: opening(ORIGINAL, run),
    };
    expect(world.refused("carol", "MsgChallengeDuplicate", shared)).toBe("datanet/19");
    for (const run of [part(50, 90), words("fresh", 60)]) {
      const own = { datanetId: 1n, number: 2n, opening: opening(text, run) };
      expect(world.refused("carol", "MsgChallengeFingerprint", own)).toBe("datanet/19");
    }
  });
});

describe("boilerplate", () => {
  test("a short excerpt of a record is struck though its fingerprint is true, because nothing of it is new", () => {
    // A long record keeps 64 entries alone, so a stretch of it may look new.
    const long = words("long", 3000);
    world.contribute("ann", long);
    const excerpts = Array.from({ length: 12 }, (_, i) =>
      long
        .split(" ")
        .slice(i * 200, i * 200 + 60)
        .join(" "),
    );
    const novel = excerpts.find((text) => {
      const { fingerprint } = record(text);
      return (
        world.query("Novelty", { datanetId: 1n, fingerprint }, "tributary.datanet.v1.QueryNoveltyResponse")
          .noveltyPpm >= 300_000
      );
    })!;
    const number = world.contribute("bob", novel);
    const run = { copy: openingOf(bytesOf(novel), 0, novel.length), original: opening(long, novel) };
    const result = world.ok("carol", "MsgChallengeDuplicate", { datanetId: 1n, number, earlier: 2n, ...run });
    expect(world.events(result, "duplicate_slashed")[0]).toMatchObject({ ground: "copied" });
  });
});

describe("a false fingerprint", () => {
  const TEXT = words("mine", 120);

  test.each([
    ["that leaves everything out", NONE, "missing"],
    ["of another text", record(words("other", 120)).fingerprint.subarray(0, 12), "missing"],
  ] as const)("%s is struck by one run of the text", (_, fingerprint, ground) => {
    world.contribute("bob", record(TEXT, { fingerprint }));
    const shown = { datanetId: 1n, number: 2n, opening: opening(TEXT, words("mine", 60)) };
    const result = world.ok("carol", "MsgChallengeFingerprint", shown);
    expect(world.events(result, "fingerprint_slashed")[0]).toMatchObject({ ground, bounty: "500uopen" });
    expect(world.record(2n).status).toBe(RecordStatus.RECORD_STATUS_MISDECLARED);
  });

  test("padded with made-up hashes to look new is struck at the padding", () => {
    const { fingerprint } = record(TEXT);
    const padding = new Uint8Array(12);
    padding[7] = 1;
    world.contribute("bob", record(TEXT, { fingerprint: new Uint8Array([...padding, ...fingerprint]) }));
    const shown = { datanetId: 1n, number: 2n, opening: opening(TEXT, words("mine", 8)) };
    const result = world.ok("carol", "MsgChallengeFingerprint", shown);
    expect(world.events(result, "fingerprint_slashed")[0]).toMatchObject({ ground: "false" });
  });

  test("costs gas for what is checked, and openings have a bound", () => {
    const long = words("long", 3000);
    world.contribute("bob", record(long, { fingerprint: NONE }));
    const shown = { datanetId: 1n, number: 2n, opening: openingOf(bytesOf(long), 0, 8193) };
    expect(world.refused("carol", "MsgChallengeFingerprint", shown)).toBe("datanet/18");
    const small = world.ok("carol", "MsgChallengeFingerprint", { ...shown, opening: opening(long, words("long", 40)) });
    expect(small.gasUsed).toBeGreaterThan(40n * 120n);
  });
});
