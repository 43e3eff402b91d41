/** Segments, their suffix arrays and versions, through a chain. */
import { beforeEach, describe, expect, test } from "vitest";
import { tokenize } from "../../../chain/types/lexer.ts";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { concat } from "../../../proto/bytes.ts";
import { SegmentStatus } from "../../../proto/enums.gen.ts";
import { bytesOf, DatanetWorld, record, START, words } from "../../support/datanet-world.ts";

const TEXTS = [words("one", 60), words("two", 60), words("three", 60)];
const BOND = 1_000_000n;
let world: DatanetWorld;

/** The segment's text as the README says: each record's bytes and one zero byte. */
function segmentText(texts: readonly string[]): Uint8Array {
  return concat(...texts.flatMap((text) => [bytesOf(text), Uint8Array.of(0)]));
}

/** The suffix array as the README says, made by comparing what follows each token byte by byte. */
function suffixArray(text: Uint8Array): number[] {
  const suffix = (at: number) => Buffer.from(text.subarray(at, at + 256));
  return [...tokenize(text).starts].sort((a, b) => Buffer.compare(suffix(a), suffix(b)) || a - b);
}

function bytesOfIndex(entries: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(entries.length * 4);
  entries.forEach((entry, i) => {
    bytes.writeUInt32BE(entry, i * 4);
  });
  return new Uint8Array(bytes);
}

beforeEach(() => {
  world = new DatanetWorld();
  for (const [i, text] of TEXTS.entries()) world.contribute(["ann", "bob", "carol"][i]!, text);
});

function seal(text: Uint8Array, changes: object = {}) {
  return { datanetId: 1n, last: 3n, textRoot: textRoot(text), ...changes };
}

function segment(index: bigint) {
  return world.query("Segment", { datanetId: 1n, index }, "tributary.datanet.v1.QuerySegmentResponse").segment;
}

describe("sealing", () => {
  test("commits to the next run of records, places each, and gives the bond back when nobody objects", () => {
    const text = segmentText(TEXTS);
    world.ok("curator", "MsgSealSegment", seal(text));
    expect(segment(1n)).toMatchObject({
      first: 1n,
      last: 3n,
      recordCount: 3n,
      byteCount: BigInt(text.length),
      bond: BOND,
    });
    const { placement } = world.query(
      "Placement",
      { datanetId: 1n, number: 2n },
      "tributary.datanet.v1.QueryPlacementResponse",
    );
    expect(placement).toMatchObject({ segment: 1n, offset: BigInt(TEXTS[0]!.length + 1) });
    expect(world.balance("curator")).toBe(START - BOND);
    world.pass(86_401n);
    expect(segment(1n)).toMatchObject({ status: SegmentStatus.SEGMENT_STATUS_FINAL, bond: 0n });
    expect(world.balance("curator")).toBe(START);
    world.contribute("ann", words("four", 60));
    world.ok("owner", "MsgSealSegment", seal(segmentText([words("four", 60)]), { last: 4n }));
    expect(segment(2n)).toMatchObject({ first: 4n, last: 4n });
  });

  test("is not held up by a notice: a suspended record is sealed with the others", () => {
    world.ok("bob", "MsgTakedown", { datanetId: 1n, number: 1n, reason: "mine" });
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS)));
    expect(segment(1n)).toMatchObject({ recordCount: 3n });
  });

  test("is not held up by a record without a text: the sealer leaves it out", () => {
    const leftOut = [2n];
    const text = segmentText([TEXTS[0]!, TEXTS[2]!]);
    for (const flawed of [[4n], [2n, 2n], [3n, 1n], [0n]]) {
      expect(world.refused("owner", "MsgSealSegment", seal(text, { leftOut: flawed }))).toBe("datanet/28");
    }
    expect(world.refused("owner", "MsgSealSegment", seal(text, { leftOut: [1n, 2n, 3n] }))).toBe("datanet/28");
    world.ok("owner", "MsgSealSegment", seal(text, { leftOut }));
    expect(segment(1n)).toMatchObject({ recordCount: 2n, first: 1n, last: 3n });
    expect(() =>
      world.query("Placement", { datanetId: 1n, number: 2n }, "tributary.datanet.v1.QueryPlacementResponse"),
    ).toThrow("stands in no segment");
  });

  test("leaves out what may not earn, and is bounded", () => {
    world.ok("owner", "MsgUpdateDatanet", { datanetId: 1n, curationQuorum: 1 });
    world.ok("owner", "MsgCurate", { datanetId: 1n, number: 1n, approve: false });
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS.slice(1))));
    expect(segment(1n)).toMatchObject({ recordCount: 2n });
    expect(() =>
      world.query("Placement", { datanetId: 1n, number: 1n }, "tributary.datanet.v1.QueryPlacementResponse"),
    ).toThrow("stands in no segment");
  });

  test("is refused of others, out of order, twice, and with roots that are none", () => {
    const text = segmentText(TEXTS);
    expect(world.refused("ann", "MsgSealSegment", seal(text))).toBe("datanet/8");
    for (const last of [0n, 4n])
      expect(world.refused("owner", "MsgSealSegment", seal(text, { last }))).toBe("datanet/28");
    expect(world.refused("owner", "MsgSealSegment", seal(text, { textRoot: new Uint8Array(31) }))).toBe("datanet/28");
    expect(world.refused("owner", "MsgSealSegment", seal(text, { indexCount: 3n }))).toBe("datanet/28");
    const indexRoot = new Uint8Array(32);
    expect(world.refused("owner", "MsgSealSegment", seal(text, { indexRoot }))).toBe("datanet/28");
    expect(world.refused("owner", "MsgSealSegment", seal(text, { indexRoot, indexCount: 1n << 40n }))).toBe(
      "datanet/28",
    );
    expect(world.refused("owner", "MsgSealSegment", seal(text, { replaces: 1n }))).toBe("datanet/29");
    world.ok("owner", "MsgSealSegment", seal(text));
    expect(world.refused("owner", "MsgSealSegment", seal(text))).toBe("datanet/28");
    expect(world.refused("owner", "MsgSealSegment", seal(text, { replaces: 1n }))).toBe("datanet/30");
  });

  test("has at most the tokens that the parameters admit", () => {
    world = new DatanetWorld({ maxSegmentTokens: 100n });
    world.contribute("ann", TEXTS[0]!, TEXTS[1]!);
    expect(world.refused("owner", "MsgSealSegment", seal(segmentText(TEXTS), { last: 2n }))).toBe("datanet/28");
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS.slice(0, 1)), { last: 1n }));
  });
});

describe("a segment that lies about a record", () => {
  const lie = segmentText([TEXTS[0]!, TEXTS[1]!.replace("two7", "TWO7"), TEXTS[2]!]);
  const offset = TEXTS[0]!.length + 1;

  test("is struck by the same bytes of both, pays, and its run is sealed again once", () => {
    world.ok("curator", "MsgSealSegment", seal(lie));
    const at = TEXTS[1]!.indexOf("two7");
    const honest = (start: number) => ({
      ...{ datanetId: 1n, segment: 1n, number: 2n },
      record: openingOf(bytesOf(TEXTS[1]!), start, 8),
      sealed: openingOf(lie, offset + start, 8),
    });
    expect(world.refused("ann", "MsgChallengeSegment", honest(at + 20))).toBe("datanet/19");
    expect(world.refused("ann", "MsgChallengeSegment", { ...honest(at), number: 1n })).toBe("datanet/18");
    expect(world.refused("ann", "MsgChallengeSegment", { ...honest(at), sealed: openingOf(lie, at, 8) })).toBe(
      "datanet/19",
    );
    const result = world.ok("ann", "MsgChallengeSegment", honest(at));
    expect(world.events(result, "segment_slashed")[0]).toMatchObject({ ground: "text", bounty: "500000uopen" });
    // ann has a record bond out.
    expect(world.balance("ann")).toBe(START - 1000n + BOND / 2n);
    expect(world.refused("ann", "MsgChallengeSegment", honest(at))).toBe("datanet/30");
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS), { replaces: 1n }));
    expect(segment(2n)).toMatchObject({ first: 1n, last: 3n, replaces: 1n });
    expect(segment(1n)).toMatchObject({ status: SegmentStatus.SEGMENT_STATUS_STRUCK, replacedBy: 2n });
    expect(world.refused("owner", "MsgSealSegment", seal(segmentText(TEXTS), { replaces: 1n }))).toBe("datanet/30");
  });

  test("is struck for another byte than zero behind a record", () => {
    const spaced = bytesOf(`${TEXTS.join(" ")} `);
    world.ok("curator", "MsgSealSegment", seal(spaced));
    const end = TEXTS[0]!.length;
    const behind = { start: BigInt(end), length: 0, chunks: new Uint8Array(0), path: [] };
    const sealed = openingOf(spaced, end, 1);
    world.ok("ann", "MsgChallengeSegment", { datanetId: 1n, segment: 1n, number: 1n, record: behind, sealed });
    expect(segment(1n).status).toBe(SegmentStatus.SEGMENT_STATUS_STRUCK);
  });
});

describe("a suffix array", () => {
  const text = segmentText(TEXTS);
  const truth = suffixArray(text);

  function sealed(entries: readonly number[]): Uint8Array {
    const index = bytesOfIndex(entries);
    world.ok("owner", "MsgSealSegment", seal(text, { indexRoot: textRoot(index), indexCount: BigInt(entries.length) }));
    return index;
  }

  const suffixAt = (at: number) => openingOf(text, at, Math.min(256, text.length - at));
  const tokenAt = (at: number) => openingOf(text, at, 1);

  function challenge(index: Uint8Array, from: number, count: number, texts: readonly ReturnType<typeof openingOf>[]) {
    return { datanetId: 1n, segment: 1n, entries: openingOf(index, from * 4, count * 4), texts };
  }

  test("that is true loses to no challenge", () => {
    const index = sealed(truth);
    for (let i = 3; i + 1 < truth.length; i += 59) {
      const pair = [suffixAt(truth[i]!), suffixAt(truth[i + 1]!)];
      expect(world.refused("ann", "MsgChallengeIndex", challenge(index, i, 2, pair))).toBe("datanet/19");
      expect(world.refused("ann", "MsgChallengeIndex", challenge(index, i, 1, [tokenAt(truth[i]!)]))).toBe(
        "datanet/19",
      );
      const other = suffixAt(truth[(i * 7) % truth.length]!);
      expect(world.refused("ann", "MsgChallengeIndex", challenge(index, i, 2, [...pair, other]))).toBe("datanet/19");
      const between = openingOf(text, truth[i]! + 1, Math.min(256, text.length - truth[i]! - 1));
      expect(world.refused("ann", "MsgChallengeIndex", challenge(index, i, 2, [...pair, between]))).toBe("datanet/19");
    }
    expect(world.refused("ann", "MsgChallengeIndex", challenge(index, 0, 1, []))).toBe("datanet/19");
    expect(world.refused("ann", "MsgChallengeIndex", challenge(index, 0, 3, []))).toBe("datanet/19");
  });

  test.each([
    ["range", (entries: number[]) => entries.with(5, text.length)],
    ["token", (entries: number[]) => entries.with(5, entries[5]! + 1)],
    ["order", (entries: number[]) => entries.with(5, entries[6]!).with(6, entries[5]!)],
    ["order", (entries: number[]) => entries.with(5, entries[6]!)],
    ["missing", (entries: number[]) => entries.toSpliced(6, 1)],
    ["missing", (entries: number[]) => entries.toSpliced(0, 1)],
    ["missing", (entries: number[]) => entries.toSpliced(entries.length - 1, 1)],
  ] as const)("with a fault of %s is struck: %#", (ground, spoil) => {
    const entries = spoil([...truth]);
    const index = sealed(entries);
    const gone = truth.filter((at) => !entries.includes(at)).at(-1);
    const place = gone === undefined || ground !== "missing" ? 5 : truth.indexOf(gone);
    const isEdge = ground === "missing" && (place === 0 || place === entries.length);
    const from = ground !== "missing" ? 5 : isEdge ? Math.min(place, entries.length - 1) : place - 1;
    const count = ground === "range" || ground === "token" || isEdge ? 1 : 2;
    const shown = entries.slice(from, from + count);
    const texts =
      ground === "range"
        ? []
        : ground === "token"
          ? shown.map(tokenAt)
          : [...shown, ...(ground === "missing" ? [gone!] : [])].map(suffixAt);
    const result = world.ok("ann", "MsgChallengeIndex", challenge(index, from, count, texts));
    expect(world.events(result, "segment_slashed")[0]).toMatchObject({ ground });
  });

  test("that is not there cannot be challenged", () => {
    world.ok("owner", "MsgSealSegment", seal(text));
    expect(world.refused("ann", "MsgChallengeIndex", challenge(bytesOfIndex(truth), 0, 1, []))).toBe("datanet/19");
  });
});

describe("a version", () => {
  const manifest = { datanetId: 1n, name: "v1", ranges: [{ first: 1n, last: 2n }] };

  function publish(changes: object = {}): string {
    return world.refused("owner", "MsgPublishVersion", { ...manifest, ...changes });
  }

  test("holds sealed records under its rules, is extended, and tells what it holds", () => {
    expect(publish()).toBe("datanet/32");
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS)));
    world.ok("curator", "MsgPublishVersion", manifest);
    world.ok("owner", "MsgPublishVersion", { ...manifest, name: "v2", extends: 1n, ranges: [{ first: 3n, last: 3n }] });
    const { version } = world.query(
      "Version",
      { datanetId: 1n, version: 2n },
      "tributary.datanet.v1.QueryVersionResponse",
    );
    expect(version).toMatchObject({ recordCount: 3n, last: 3n, depth: 1, classCounts: [{ class: "", records: 3n }] });
    const { versions } = world.query("Versions", { datanetId: 1n }, "tributary.datanet.v1.QueryVersionsResponse");
    expect(versions.map(({ name, recordCount }) => [name, recordCount])).toEqual([
      ["v1", 2n],
      ["v2", 3n],
    ]);
    const holds = (of: bigint, number: bigint) =>
      world.query("InVersion", { datanetId: 1n, version: of, number }, "tributary.datanet.v1.QueryInVersionResponse")
        .isInVersion;
    expect([holds(1n, 2n), holds(1n, 3n), holds(2n, 1n), holds(2n, 3n), holds(2n, 4n)]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  test("is refused with records that are unsealed, struck, out of order or of too little novelty, and beyond quotas", () => {
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS)));
    world.contribute("ann", words("four", 60));
    for (const ranges of [
      [{ first: 4n, last: 4n }],
      [{ first: 0n, last: 1n }],
      [{ first: 2n, last: 1n }],
      [
        { first: 2n, last: 3n },
        { first: 1n, last: 1n },
      ],
      [{ first: 1n, last: 1n << 40n }],
      [],
    ]) {
      expect(publish({ ranges })).toBe("datanet/32");
    }
    expect(publish({ dedupe: 2, minNoveltyPpm: 1_000_001 })).toBe("datanet/32");
    expect(publish({ quotas: [{ class: "", maxRecords: 1n }] })).toBe("datanet/32");
    expect(publish({ quotas: [{ class: "news", maxRecords: 9n }] })).toBe("datanet/32");
    expect(publish({ extends: 1n })).toBe("datanet/33");
    expect(publish({ name: "" })).toBe("datanet/32");
    expect(world.refused("ann", "MsgPublishVersion", manifest)).toBe("datanet/8");
    world.ok("bob", "MsgTakedown", { datanetId: 1n, number: 1n, reason: "mine" });
    expect(publish()).toBe("datanet/32");
    world.ok("owner", "MsgPublishVersion", {
      ...manifest,
      ranges: [{ first: 2n, last: 3n }],
      dedupe: 2,
      minNoveltyPpm: 500_000,
    });
    expect(publish({ extends: 1n, ranges: [{ first: 3n, last: 3n }] })).toBe("datanet/32");
  });

  test("names parents that exist, each once, with shares up to the whole and a lineage of eight at most", () => {
    world.ok("owner", "MsgSealSegment", seal(segmentText(TEXTS)));
    world.ok("owner", "MsgPublishVersion", manifest);
    expect(publish({ parents: [{ datanetId: 1n, version: 1n, sharePpm: 1 }] })).toBe("datanet/32");
    expect(publish({ parents: [{ datanetId: 2n, version: 1n, sharePpm: 1 }] })).toBe("datanet/33");
    for (let id = 2n; id <= 9n; id++) {
      world.ok("owner", "MsgCreateDatanet", { name: `net${id}`, licence: "MIT", admission: 1 });
      const text = words(`child${id}x`, 60);
      world.ok("owner", "MsgContribute", { datanetId: id, records: [record(text)] });
      world.ok("owner", "MsgSealSegment", { ...seal(segmentText([text])), datanetId: id, last: 1n });
      const child = { datanetId: id, name: "v1", ranges: [{ first: 1n, last: 1n }] };
      const parent = { datanetId: id - 1n, version: 1n, sharePpm: 600_000 };
      expect(world.refused("owner", "MsgPublishVersion", { ...child, parents: [parent, parent] })).toBe("datanet/32");
      expect(
        world.refused("owner", "MsgPublishVersion", { ...child, parents: [{ ...parent, sharePpm: 1_000_001 }] }),
      ).toBe("datanet/32");
      const outcome = world.run("owner", "MsgPublishVersion", { ...child, parents: [parent] });
      expect([outcome.code, id]).toEqual([id <= 8n ? 0 : 32, id]);
    }
  });
});
