/** Demands to show a byte of a sealed segment or of a pending record: who answers, who pays, and what becomes of what nobody shows. */
import { beforeEach, describe, expect, test } from "vitest";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { concat } from "../../../proto/bytes.ts";
import { RecordStatus, SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness } from "../../support/chain-harness.ts";
import { bytesOf, DatanetWorld, record, START, words } from "../../support/datanet-world.ts";

const TEXTS = [words("one", 60), words("two", 60)];
const TEXT = concat(...TEXTS.flatMap((text) => [bytesOf(text), Uint8Array.of(0)]));
const [SEGMENT_BOND, DEMAND_BOND, RECORD_BOND] = [1_000_000n, 10_000n, 1000n];
let world: DatanetWorld;

function seal(root: Uint8Array, changes: object = {}): void {
  world.ok("curator", "MsgSealSegment", { datanetId: 1n, last: 2n, textRoot: root, ...changes });
}

interface Asked {
  readonly segment?: bigint;
  readonly part?: number;
  readonly offset?: bigint;
  readonly number?: bigint;
}

/** A demand of a byte of the text, as one of the record it belongs to, but for the changes. */
function asked({ segment = 1n, part = SegmentPart.SEGMENT_PART_TEXT, offset = 300n, ...rest }: Asked = {}) {
  const owner = offset <= BigInt(TEXTS[0]!.length) ? 1n : 2n;
  const number = part === SegmentPart.SEGMENT_PART_INDEX ? 0n : owner;
  return { datanetId: 1n, segment, part, offset, number, ...rest };
}

/** Demands as `from` and gives the demand's number. */
function demand(from: string, changes: Asked = {}): bigint {
  const result = world.ok(from, "MsgDemandOpening", asked(changes));
  return world.answer("tributary.datanet.v1.MsgDemandOpeningResponse", result).demandId;
}

function segment(index = 1n) {
  return world.query("Segment", { datanetId: 1n, index }, "tributary.datanet.v1.QuerySegmentResponse").segment;
}

function waiting(): readonly bigint[] {
  const response = "tributary.datanet.v1.QueryDemandsResponse";
  return world.query("Demands", { datanetId: 1n, segment: 1n }, response).demands.map(({ id }) => id);
}

function supply(): bigint {
  const { amount } = world.chain.query(
    "/cosmos.bank.v1beta1.Query/SupplyOf",
    ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
    "cosmos.bank.v1beta1.QuerySupplyOfResponse",
  );
  return BigInt(amount.amount);
}

beforeEach(() => {
  world = new DatanetWorld();
  world.contribute("ann", TEXTS[0]!);
  world.contribute("bob", TEXTS[1]!);
});

describe("a segment that nobody shows", () => {
  test("is struck when the demand's time is over: the demander has its bond back and half of the sealer's", () => {
    seal(new Uint8Array(32).fill(7));
    demand("carol");
    expect(world.balance("carol")).toBe(START - DEMAND_BOND);
    world.pass(3599n);
    expect(segment().status).toBe(SegmentStatus.SEGMENT_STATUS_SEALED);
    world.pass(1n);
    expect(segment()).toMatchObject({ status: SegmentStatus.SEGMENT_STATUS_STRUCK, bond: 0n });
    expect(world.balance("carol")).toBe(START + SEGMENT_BOND / 2n);
    expect(world.balance("curator")).toBe(START - SEGMENT_BOND);
    seal(textRoot(TEXT), { replaces: 1n });
    expect(segment(2n)).toMatchObject({ first: 1n, last: 2n });
  });

  test("pays the first demander alone, and gives the others their bonds back", () => {
    seal(new Uint8Array(32).fill(7));
    demand("carol");
    world.pass(10n);
    demand("bob");
    expect(waiting()).toEqual([1n, 2n]);
    const asked = world.query("Demand", { demandId: 2n }, "tributary.datanet.v1.QueryDemandResponse");
    expect(asked.demand).toMatchObject({ id: 2n, datanetId: 1n, segment: 1n, challenger: world.address("bob") });
    world.pass(3590n);
    expect(waiting()).toEqual([]);
    expect(world.balance("carol")).toBe(START + SEGMENT_BOND / 2n);
    expect(world.balance("bob")).toBe(START - RECORD_BOND);
    world.pass(3600n);
    expect(world.balance("bob")).toBe(START - RECORD_BOND);
  });

  test("is struck once when several demands, and its own window, end with one block", () => {
    seal(new Uint8Array(32).fill(7));
    demand("carol");
    demand("bob");
    demand("carol", { offset: 10n });
    // The block after a long pause settles everything at once, in the order of the deadlines.
    world.pass(1_000_000n);
    expect(segment()).toMatchObject({ status: SegmentStatus.SEGMENT_STATUS_STRUCK, bond: 0n });
    expect(waiting()).toEqual([]);
    expect(world.balance("carol")).toBe(START + SEGMENT_BOND / 2n);
    // The pause was longer than the windows of the records too.
    expect(world.balance("bob")).toBe(START);
    expect(world.balance("curator")).toBe(START - SEGMENT_BOND);
    world.pass(1n);
  });

  test("gives bonds back when it is struck for something else", () => {
    const lie = TEXT.with(10, 0x58);
    seal(textRoot(lie));
    demand("carol");
    const record = openingOf(bytesOf(TEXTS[0]!), 8, 4);
    const sealed = openingOf(lie, 8, 4);
    world.ok("ann", "MsgChallengeSegment", { datanetId: 1n, segment: 1n, number: 1n, record, sealed });
    expect(world.balance("carol")).toBe(START);
    expect(waiting()).toEqual([]);
  });
});

describe("a demand that is answered", () => {
  test("costs its bond: half for whoever answers, half burned, and the segment stands", () => {
    seal(textRoot(TEXT));
    const demandId = demand("carol");
    const before = supply();
    const answer = { demandId, opening: openingOf(TEXT, 290, 40) };
    const result = world.ok("bob", "MsgAnswerDemand", answer);
    expect(world.events(result, "demand_answered")).toMatchObject([
      { demand_id: "1", challenger: world.address("carol") },
    ]);
    expect(world.balance("carol")).toBe(START - DEMAND_BOND);
    expect(world.balance("bob")).toBe(START - RECORD_BOND + DEMAND_BOND / 2n);
    expect(supply()).toBe(before - DEMAND_BOND / 2n);
    expect(world.refused("bob", "MsgAnswerDemand", answer)).toBe("datanet/42");
    world.pass(3601n);
    expect(segment()).toMatchObject({ status: SegmentStatus.SEGMENT_STATUS_SEALED, bond: SEGMENT_BOND });
  });

  test("is not answered by another place, other bytes, another root or too late", () => {
    seal(textRoot(TEXT));
    const demandId = demand("carol");
    const answer = (opening: ReturnType<typeof openingOf>) =>
      world.refused("curator", "MsgAnswerDemand", { demandId, opening });
    expect(answer(openingOf(TEXT, 301, 40))).toBe("datanet/44");
    expect(answer(openingOf(TEXT, 290, 10))).toBe("datanet/44");
    expect(answer(openingOf(TEXT.with(299, 1), 290, 40))).toBe("datanet/18");
    world.pass(3600n);
    expect(answer(openingOf(TEXT, 290, 40))).toBe("datanet/42");
    expect(segment().status).toBe(SegmentStatus.SEGMENT_STATUS_STRUCK);
  });

  test("can be about the suffix array, where there is one", () => {
    const index = new Uint8Array(400).fill(3);
    seal(textRoot(TEXT), { indexRoot: textRoot(index), indexCount: 100n });
    const part = SegmentPart.SEGMENT_PART_INDEX;
    expect(world.refused("carol", "MsgDemandOpening", asked({ part, offset: 400n }))).toBe("datanet/43");
    const demandId = demand("carol", { part, offset: 399n });
    world.ok("curator", "MsgAnswerDemand", { demandId, opening: openingOf(index, 396, 4) });
    expect(waiting()).toEqual([]);
  });
});

describe("griefing", () => {
  test("with demands that are answered only costs the one who makes them", () => {
    seal(textRoot(TEXT));
    for (let offset = 0n; offset < 10n; offset++) {
      const demandId = demand("carol", { offset });
      world.ok("curator", "MsgAnswerDemand", { demandId, opening: openingOf(TEXT, Number(offset), 1) });
    }
    expect(world.balance("carol")).toBe(START - 10n * DEMAND_BOND);
    expect(world.balance("curator")).toBe(START - SEGMENT_BOND + 5n * DEMAND_BOND);
    world.pass(86_401n);
    expect(segment().status).toBe(SegmentStatus.SEGMENT_STATUS_FINAL);
  });

  test("by asking at the end neither lengthens the window nor leaves the sealer too little time", () => {
    seal(textRoot(TEXT));
    // Every message is a block of its own, of 5 seconds: the first demand ends 7 seconds before the window, the second with it.
    world.pass(86_400n - 3_612n);
    demand("carol");
    world.pass(2n);
    expect(world.refused("carol", "MsgDemandOpening", asked())).toBe("datanet/30");
    world.ok("curator", "MsgAnswerDemand", { demandId: 1n, opening: openingOf(TEXT, 300, 1) });
    world.pass(3_600n);
    expect(segment().status).toBe(SegmentStatus.SEGMENT_STATUS_FINAL);
    expect(world.refused("carol", "MsgDemandOpening", asked())).toBe("datanet/30");
  });

  test("with more demands than may wait is refused, and a sealer that asks itself pays for each", () => {
    seal(textRoot(TEXT));
    for (let i = 0n; i < 64n; i++) demand("curator", { offset: i });
    expect(world.refused("carol", "MsgDemandOpening", asked())).toBe("datanet/43");
    world.ok("curator", "MsgAnswerDemand", { demandId: 1n, opening: openingOf(TEXT, 0, 1) });
    demand("carol");
    expect(world.balance("curator")).toBe(START - SEGMENT_BOND - 64n * DEMAND_BOND + DEMAND_BOND / 2n);
  });

  test("by demands about a private datanet is not possible: the answer would publish its text", () => {
    world = new DatanetWorld({}, { isPrivate: true });
    world.contribute("ann", TEXTS[0]!);
    world.contribute("bob", TEXTS[1]!);
    seal(textRoot(TEXT));
    expect(world.refused("carol", "MsgDemandOpening", asked())).toBe("datanet/43");
  });

  test("by demands of what was taken down is refused, and one whose record is suspended meanwhile ends without anything", () => {
    seal(textRoot(TEXT));
    demand("carol");
    world.ok("scorer", "MsgTakedown", { datanetId: 1n, number: 1n, reason: "mine" });
    expect(world.refused("carol", "MsgDemandOpening", asked())).toBe("datanet/43");
    world.pass(3600n);
    expect(world.balance("carol")).toBe(START);
    expect(segment()).toMatchObject({ status: SegmentStatus.SEGMENT_STATUS_SEALED, bond: SEGMENT_BOND });
    // Nor is it asked for under another record's name.
    expect(world.refused("carol", "MsgDemandOpening", asked({ number: 2n }))).toBe("datanet/43");
    demand("carol", { offset: BigInt(TEXTS[0]!.length + 5) });
  });

  test("with demands about nothing is refused", () => {
    seal(textRoot(TEXT));
    expect(world.refused("carol", "MsgDemandOpening", asked({ segment: 2n }))).toBe("datanet/29");
    expect(world.refused("carol", "MsgDemandOpening", asked({ offset: BigInt(TEXT.length) }))).toBe("datanet/43");
    expect(world.refused("carol", "MsgDemandOpening", asked({ part: 0 }))).toBe("datanet/43");
    const part = SegmentPart.SEGMENT_PART_INDEX;
    expect(world.refused("carol", "MsgDemandOpening", asked({ part }))).toBe("datanet/43");
    for (const number of [0n, 2n, 9n])
      expect(world.refused("carol", "MsgDemandOpening", asked({ number }))).toBe("datanet/43");
  });
});

describe("a record", () => {
  const demandRecord = (from: string, number: bigint, changes: Asked = {}): bigint =>
    demand(from, { segment: 0n, part: SegmentPart.SEGMENT_PART_RECORD, offset: 5n, number, ...changes });
  const NOTHING = {
    contentHash: new Uint8Array(32).fill(1),
    textRoot: new Uint8Array(32).fill(2),
    fingerprint: new Uint8Array(0),
  };

  test("without a text is struck when nobody shows a byte of it: the demander has its bond back and half of the contributor's", () => {
    const length = 1n << 24n;
    const number = world.contribute("bob", record(words("x", 40), { ...NOTHING, length }));
    // A byte costs as much as any other: sixteen MiB of nothing are bonded with 100 uopen for each KiB.
    const bond = RECORD_BOND + 16_384n * 100n;
    expect(world.record(number).bond).toBe(bond);
    demandRecord("carol", number, { offset: length - 1n });
    world.pass(21_599n);
    expect(world.record(number).status).toBe(RecordStatus.RECORD_STATUS_PENDING);
    world.pass(1n);
    expect(world.record(number)).toMatchObject({ status: RecordStatus.RECORD_STATUS_WITHHELD, bond: 0n });
    expect(world.balance("carol")).toBe(START + bond / 2n);
    expect(world.datanet()).toMatchObject({ earningRecords: 2n });
  });

  test("that declares more bytes than its text has cannot be shown: a path's shape follows from the length", () => {
    const text = words("long", 100);
    const number = world.contribute(
      "bob",
      record(text, { length: 100_000n, tokenCount: 0, fingerprint: new Uint8Array(0) }),
    );
    const demandId = demandRecord("carol", number);
    const refused = (value: object) => world.refused("bob", "MsgAnswerDemand", { demandId, ...value });
    expect(refused({ opening: openingOf(bytesOf(text), 0, 64) })).toBe("datanet/18");
    world.pass(21_600n);
    expect(world.record(number).status).toBe(RecordStatus.RECORD_STATUS_WITHHELD);
  });

  test("is shown by whoever has its text, for half of the demand's bond", () => {
    const demandId = demandRecord("carol", 1n, { offset: BigInt(TEXTS[0]!.length - 1) });
    const opening = openingOf(bytesOf(TEXTS[0]!), TEXTS[0]!.length - 1, 1);
    expect(world.refused("bob", "MsgAnswerDemand", { demandId, opening: openingOf(bytesOf(TEXTS[0]!), 0, 1) })).toBe(
      "datanet/44",
    );
    world.ok("bob", "MsgAnswerDemand", { demandId, opening });
    expect(world.balance("bob")).toBe(START - RECORD_BOND + DEMAND_BOND / 2n);
    world.pass(86_401n);
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_FINAL);
  });

  test("is demanded while its window leaves time to answer, not of a private datanet, and not twice as closed", () => {
    const value = (changes: object = {}) => ({
      ...{ datanetId: 1n, segment: 0n, part: SegmentPart.SEGMENT_PART_RECORD, offset: 5n, number: 1n },
      ...changes,
    });
    const refused = (changes: object) => world.refused("carol", "MsgDemandOpening", value(changes));
    expect(refused({ number: 9n })).toBe("datanet/9");
    expect(refused({ segment: 1n })).toBe("datanet/43");
    expect(refused({ offset: BigInt(TEXTS[0]!.length) })).toBe("datanet/43");
    for (let i = 0n; i < 64n; i++) demandRecord("bob", 1n, { offset: i });
    expect(refused({})).toBe("datanet/43");
    expect(refused({ number: 2n })).toBe("/0");
    world.pass(86_400n - 21_600n);
    expect(refused({ number: 2n })).toBe("datanet/17");
    world = new DatanetWorld({}, { isPrivate: true });
    world.contribute("ann", TEXTS[0]!);
    expect(refused({})).toBe("datanet/43");
  });

  test("is not saved from being shown by a notice of the contributor's own friend", () => {
    const number = world.contribute("bob", record(words("x", 40), NOTHING));
    demandRecord("carol", number);
    world.ok("scorer", "MsgTakedown", { datanetId: 1n, number, reason: "mine" });
    world.pass(21_600n);
    expect(world.record(number).status).toBe(RecordStatus.RECORD_STATUS_WITHHELD);
  });

  test("that was rejected meanwhile need not be shown, and the bond goes back", () => {
    world.ok("owner", "MsgUpdateDatanet", { datanetId: 1n, curationQuorum: 1 });
    demandRecord("carol", 1n);
    world.ok("owner", "MsgCurate", { datanetId: 1n, number: 1n, approve: false });
    world.pass(21_600n);
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_REJECTED);
    expect(world.balance("carol")).toBe(START);
  });

  test("that nobody showed in time comes back through its contributor alone", () => {
    demandRecord("carol", 1n);
    world.pass(21_600n);
    const again = { datanetId: 1n, records: [record(TEXTS[0]!)] };
    expect(world.refused("carol", "MsgContribute", again)).toBe("datanet/11");
    expect(world.contribute("ann", TEXTS[0]!)).toBe(3n);
    expect(world.refused("ann", "MsgContribute", again)).toBe("datanet/11");
  });

  test("is asked for in a genesis too, and its demands are listed by datanet", () => {
    demandRecord("carol", 1n);
    const response = "tributary.datanet.v1.QueryDemandsResponse";
    expect(world.query("Demands", { datanetId: 1n }, response).demands).toMatchObject([{ number: 1n, segment: 0n }]);
    const exported = world.chain.application.exportGenesis();
    const again = ChainHarness.start({ wholeAppState: exported as JsonValue, time: world.chain.time });
    expect(again.application.exportGenesis()).toEqual(exported);
    const damaged = JSON.parse(JSON.stringify(exported)) as { datanet: { demands: { number: string }[] } };
    damaged.datanet.demands[0]!.number = "9";
    expect(() => ChainHarness.start({ wholeAppState: damaged as unknown as JsonValue })).toThrow(/about record 1\/9/);
  });
});

test("an exported genesis takes waiting demands along, which end there as here", () => {
  seal(new Uint8Array(32).fill(7));
  demand("carol");
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue, time: world.chain.time });
  expect(again.application.exportGenesis()).toEqual(exported);
  again.checkInvariants();
  again.block([], { nanoseconds: 3_595_000_000_000n });
  world.pass(3600n);
  const datanetOf = (chain: ChainHarness) => (chain.application.exportGenesis() as { datanet: unknown }).datanet;
  expect(datanetOf(again)).toEqual(datanetOf(world.chain));
  expect(again.balance("carol", "uopen")).toBe(START + SEGMENT_BOND / 2n);
  // One about a segment that nobody can challenge any more is no state of a chain.
  const damaged = JSON.parse(JSON.stringify(exported)) as { datanet: { demands: { segment: string }[] } };
  damaged.datanet.demands[0]!.segment = "9";
  expect(() => ChainHarness.start({ wholeAppState: damaged as unknown as JsonValue })).toThrow(
    /demand 1 is about segment 1\/9/,
  );
});

test("a lie in one chunk is found with a demand for each level of the tree: an answer tells the hashes beside its path", () => {
  const place = TEXT.length - 20;
  const lie = TEXT.with(place, 0x58);
  seal(textRoot(lie));
  const middleOf = (text: Uint8Array, chunk: number) => {
    const start = chunk * 128 + 1;
    return openingOf(text, start, Math.min(126, text.length - start - 1));
  };
  let [chunk, demands] = [0, 0];
  for (;;) {
    const demandId = demand("carol", { offset: BigInt(chunk * 128 + 1) });
    demands++;
    // What the sealer answers is all that carol knows of its text; her own is that of the records.
    const answer = middleOf(lie, chunk);
    world.ok("curator", "MsgAnswerDemand", { demandId, opening: answer });
    const truth = middleOf(TEXT, chunk);
    if (!Buffer.from(answer.chunks).equals(truth.chunks)) break;
    const siblings = siblingsOf(chunk, Math.ceil(TEXT.length / 128));
    chunk = siblings.find((_, i) => !Buffer.from(answer.path[i]!).equals(truth.path[i]!))!;
  }
  expect(chunk).toBe(Math.floor(place / 128));
  expect(demands).toBeLessThanOrEqual(4);
});

/** The first chunk under each hash of a path, from the chunk upwards; an odd last node has no sibling. */
function siblingsOf(chunk: number, chunks: number): readonly number[] {
  const first: number[] = [];
  for (let [level, node, width] = [0, chunk, chunks]; width > 1; level++, node >>= 1, width = (width + 1) >> 1) {
    if ((node ^ 1) < width) first.push((node ^ 1) << level);
  }
  return first;
}
