/**
 * Watching datanets and answering for segments on a real chain: what is planted is caught and pays, what is honest and what is
 * private is left alone, and a node that goes away costs nothing but time. Amounts are computed from the chain's parameters.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DemandAnswerer } from "../../../attribution/datanet/demand-answerer.ts";
import { LookedThrough } from "../../../attribution/datanet/looked-through.ts";
import { RecordWatcher } from "../../../attribution/datanet/record-watcher.ts";
import { SegmentWatcher } from "../../../attribution/datanet/segment-watcher.ts";
import type { DatanetWatcherOptions, Finding } from "../../../attribution/datanet/watching.ts";
import { Library } from "../../../attribution/library.ts";
import type { TextSource } from "../../../attribution/record-texts.ts";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { nativeMessage } from "../../../client/registry.ts";
import { commitmentHash } from "../../../modules/datanet/keeper/commitments.ts";
import type { RecordInput } from "../../../modules/datanet/keeper/records.ts";
import { openingOf, segmentInputOf } from "../../../modules/datanet/segment-input.ts";
import { concat, hex } from "../../../proto/bytes.ts";
import { packAny } from "../../../proto/codec.ts";
import { RecordStatus, SegmentStatus } from "../../../proto/enums.gen.ts";
import { ShellChain } from "../../cli/shell-chain.ts";
import { awayOnce } from "../../support/away-once.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { bytesOf, record, words } from "../../support/datanet-world.ts";
import { nativeHasher } from "../../support/native-hasher.ts";

const NONE = new Uint8Array(0);
const RECORD_BOUNTY = 500n;
const SEGMENT_BOUNTY = 500_000n;
const DEMAND_BOND = 10_000n;
let chain: ShellChain;
let folder: string;
let libraries = 0;
let datanets = 0n;
let commitments = 0n;
const lines: string[] = [];
/** All texts by their roots. */
const known = new Map<string, Uint8Array>();
const texts: TextSource = { textOf: ({ textRoot: root }) => known.get(hex(root)) };

beforeAll(async () => {
  chain = await ShellChain.start(["owner", "ann", "bob", "ivan", "judy"], 50);
  folder = mkdtempSync(join(tmpdir(), "tributary-watching-"));
}, 60_000);

afterAll(async () => {
  await chain?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a datanet. */
async function opened(changes: object = {}): Promise<bigint> {
  datanets++;
  await chain.created(await chain.party("owner"), `net-${datanets}`, changes);
  return datanets;
}

/** Joins and contributes texts, each with what its record says wrongly. */
async function contribute(
  name: string,
  datanetId: bigint,
  ...made: readonly (readonly [text: string, changes?: Partial<RecordInput>])[]
): Promise<void> {
  const contributor = await chain.party(name);
  const records = made.map(([text, changes]) => {
    known.set(hex(textRoot(bytesOf(text))), bytesOf(text));
    return record(text, changes);
  });
  const { address } = contributor;
  await chain.session.send(contributor, [
    nativeMessage("tributary.datanet.v1.MsgJoin", { member: address, datanetId }),
    nativeMessage("tributary.datanet.v1.MsgContribute", { contributor: address, datanetId, records }),
  ]);
}

/** Joins and commits to records as ann. */
async function committed(
  datanetId: bigint,
  records: RecordInput[],
): Promise<{ readonly reveal: () => Promise<unknown> }> {
  const [ann, salt] = [await chain.party("ann"), new Uint8Array(16)];
  const by = { contributor: ann.address, datanetId };
  const hash = commitmentHash(datanetId, accountOf("ann").bytes, salt, records, nativeHasher);
  await chain.session.send(ann, [
    nativeMessage("tributary.datanet.v1.MsgJoin", { member: ann.address, datanetId }),
    nativeMessage("tributary.datanet.v1.MsgCommit", { ...by, hash }),
  ]);
  const revealed = { ...by, salt, records, commitmentId: ++commitments };
  return {
    reveal: () => chain.session.send(ann, [nativeMessage("tributary.datanet.v1.MsgReveal", revealed)]),
  };
}

/** Seals all records of a datanet as something; gives what would be right. */
async function seal(
  datanetId: bigint,
  sealed: readonly string[],
  lie: (right: { text: Uint8Array; index: Uint8Array }) => { text: Uint8Array; index: Uint8Array } = (right) => right,
): Promise<{ readonly text: Uint8Array; readonly index: Uint8Array }> {
  const owner = await chain.party("owner");
  const { datanet } = await chain.session.query("tributary.datanet.v1.Query/Datanet", { datanetId });
  const { text, index } = lie(segmentInputOf(sealed.map(bytesOf)));
  await chain.session.send(owner, [
    nativeMessage("tributary.datanet.v1.MsgSealSegment", {
      ...{ sealer: owner.address, datanetId, last: datanet.recordCount },
      ...{ textRoot: textRoot(text), indexRoot: textRoot(index), indexCount: BigInt(index.length / 4) },
    }),
  ]);
  return { text, index };
}

async function optionsOf(datanetId: bigint, changes: Partial<DatanetWatcherOptions> = {}) {
  return {
    ...{ session: chain.session, party: await chain.party("ivan"), texts, datanets: [datanetId] },
    ...{ library: new Library(join(folder, `${libraries++}`)), report: (line: string) => lines.push(line) },
    ...changes,
  };
}

async function balance(name: string): Promise<bigint> {
  const { client, address } = await chain.party(name);
  return BigInt((await client.getBalance(address, "uopen")).amount);
}

/** How many transactions an account has sent. */
async function sentBy(name: string): Promise<number> {
  const { client, address } = await chain.party(name);
  return (await client.getSequence(address)).sequence;
}

async function segmentOf(datanetId: bigint) {
  return (await chain.session.query("tributary.datanet.v1.Query/Segment", { datanetId, index: 1n })).segment;
}

/** What a sealer that stands to its lie answers with. */
async function answerAll(
  sealed: { readonly text: Uint8Array; readonly index: Uint8Array },
  isWrapped = false,
): Promise<void> {
  const owner = await chain.party("owner");
  const { demands } = await chain.session.query("tributary.datanet.v1.Query/Demands", {});
  for (const { id, part, offset } of demands) {
    const opening = openingOf(part === 1 ? sealed.text : sealed.index, Number(offset), 1);
    const answer = { answerer: owner.address, demandId: id, opening };
    const wrapped = [packAny("tributary.datanet.v1.MsgAnswerDemand", answer)];
    await chain.session.send(owner, [
      isWrapped
        ? { typeUrl: "/cosmos.authz.v1beta1.MsgExec", value: { grantee: owner.address, msgs: wrapped } }
        : nativeMessage("tributary.datanet.v1.MsgAnswerDemand", answer),
    ]);
  }
}

const faults = (findings: readonly Finding[]) => findings.filter(({ is }) => is !== "honest");
const ORIGINAL = words("original", 200);
const wordsOf = (text: string, from: number, to: number) => text.split(" ").slice(from, to).join(" ");

describe("records", () => {
  test("that are false are challenged once and pay; honest ones, that quote and declare it, are left alone", async () => {
    const datanetId = await opened();
    const quoting = `${words("fresh", 100)} ${wordsOf(ORIGINAL, 50, 90)} ${words("more", 100)}`;
    await contribute("ann", datanetId, [ORIGINAL], [words("long", 3000)], [quoting]);
    // A long record keeps 64 entries alone, so an excerpt may declare what it is and look new.
    const excerpt = wordsOf(words("long", 3000), 1000, 1060);
    const hidden = `${words("mine", 30)} ${wordsOf(ORIGINAL, 20, 180)} ${words("also", 30)}`;
    const padded = words("padded", 60);
    const { fingerprint } = record(padded);
    const padding = new Uint8Array(12);
    padding[7] = 1;
    await contribute(
      "bob",
      datanetId,
      [excerpt],
      [hidden, { fingerprint: NONE }],
      [padded, { fingerprint: concat(padding, fingerprint) }],
    );
    const before = await balance("ivan");
    const options = await optionsOf(datanetId, { session: awayOnce(chain.session) });
    const marks = new LookedThrough(folder);
    const watcher = new RecordWatcher(options, marks);
    // The node goes away at the first challenge: those behind it are sent, and that one in the next pass.
    await expect(watcher.pass()).rejects.toThrow("fetch failed");
    await watcher.pass();
    const statuses = async () =>
      (await chain.session.query("tributary.datanet.v1.Query/Records", { datanetId })).records.map((one) => one.status);
    const { RECORD_STATUS_PENDING, RECORD_STATUS_DUPLICATE, RECORD_STATUS_MISDECLARED } = RecordStatus;
    expect(await statuses()).toEqual([
      ...Array(3).fill(RECORD_STATUS_PENDING),
      RECORD_STATUS_DUPLICATE,
      RECORD_STATUS_MISDECLARED,
      RECORD_STATUS_MISDECLARED,
    ]);
    // Half of what each whole KiB of their texts added to their bonds is earned too.
    expect((await balance("ivan")) - before).toBe(3n * RECORD_BOUNTY + 2n * 50n);
    const sent = await sentBy("ivan");
    expect(await watcher.pass()).toEqual([]);
    // One that begins anew looks again at what may still change, and sends nothing.
    expect(marks.of(datanetId)).toBe(0n);
    expect(await new RecordWatcher(await optionsOf(datanetId), marks).pass()).toMatchObject(
      Array(3).fill({ is: "honest" }),
    );
    expect(await sentBy("ivan")).toBe(sent);
  }, 60_000);

  test("are looked at when their texts come, and only told of where nobody signs", async () => {
    const datanetId = await opened();
    const late = words("late", 80);
    await contribute("bob", datanetId, [late, { fingerprint: NONE }]);
    let isHere = false;
    const options = await optionsOf(datanetId, {
      texts: { textOf: (one) => (isHere ? texts.textOf(one) : undefined) },
      party: undefined,
    });
    const watcher = new RecordWatcher(options);
    expect(await watcher.pass()).toEqual([]);
    isHere = true;
    expect(await watcher.pass()).toMatchObject([{ is: "found", number: 1n }]);
    expect(await watcher.pass()).toEqual([]);
  }, 60_000);

  test("that take more than 8 KB to show are told of, and nothing is sent", async () => {
    const datanetId = await opened();
    const huge = words("huge", 6000);
    await contribute("ann", datanetId, [huge]);
    await contribute("bob", datanetId, [wordsOf(huge, 2000, 3300)]);
    const sent = await sentBy("ivan");
    expect(faults(await new RecordWatcher(await optionsOf(datanetId)).pass())).toMatchObject([
      { is: "found", number: 2n },
    ]);
    expect(lines.at(-1)).toMatch(/record \d+\/2 is false, but showing it takes \d+ bytes, over 8192/);
    expect(await sentBy("ivan")).toBe(sent);
  }, 60_000);

  test("are looked at again when they are taken over, since whoever does declares anew", async () => {
    const datanetId = await opened();
    await contribute("bob", datanetId, [words("struck", 80), { fingerprint: NONE }]);
    const text = words("taken", 80);
    const { reveal } = await committed(datanetId, [record(text, { fingerprint: NONE })]);
    await contribute("judy", datanetId, [text]);
    const marks = new LookedThrough(folder);
    const watcher = new RecordWatcher(await optionsOf(datanetId), marks);
    expect((await watcher.pass()).map(({ is }) => is)).toEqual(["challenged", "honest"]);
    await reveal();
    expect(await watcher.pass()).toMatchObject([{ is: "challenged", number: 2n }]);
    expect(await watcher.pass()).toEqual([]);
    // Of what is struck nothing changes any more, and one that begins anew does not ask for it.
    expect(marks.of(datanetId)).toBe(2n);
    expect(await new RecordWatcher(await optionsOf(datanetId), marks).pass()).toEqual([]);
  }, 60_000);

  test("that overtook a commitment are struck by their fingerprints alone, without any text", async () => {
    const datanetId = await opened();
    const text = words("overtaken", 120);
    const { reveal } = await committed(datanetId, [record(text)]);
    await contribute("bob", datanetId, [`${text} and a word`]);
    await reveal();
    const unread = await optionsOf(datanetId, { texts: { textOf: () => undefined } });
    expect(await new RecordWatcher(unread).pass()).toMatchObject([{ is: "challenged", number: 1n }]);
    const { record: copy } = await chain.session.query("tributary.datanet.v1.Query/Record", { datanetId, number: 1n });
    expect(copy.status).toBe(RecordStatus.RECORD_STATUS_DUPLICATE);
  }, 60_000);
});

describe("segments", () => {
  const TEXTS = [words("one", 300), words("two", 300), words("three", 300)];
  const firstByteOf = (text: string) => bytesOf(text)[0]!;

  /** A datanet with these texts. */
  async function recorded(changes: object = {}): Promise<bigint> {
    const datanetId = await opened(changes);
    await contribute("ann", datanetId, ...TEXTS.map((text) => [text] as const));
    return datanetId;
  }

  test("that are what their records make are left alone", async () => {
    const datanetId = await recorded();
    await seal(datanetId, TEXTS);
    const sent = await sentBy("ivan");
    expect(await new SegmentWatcher(await optionsOf(datanetId)).pass()).toMatchObject([
      { is: "honest", kind: "segment" },
    ]);
    expect(await sentBy("ivan")).toBe(sent);
  }, 60_000);

  test.each([
    [
      "text",
      ({ text, index }: { text: Uint8Array; index: Uint8Array }) => ({
        text: text.with(5000, firstByteOf("~")),
        index,
      }),
    ],
    [
      "index",
      ({ text, index }: { text: Uint8Array; index: Uint8Array }) => ({
        text,
        index: concat(index.subarray(0, 2000), index.subarray(2004)),
      }),
    ],
  ] as const)(
    "with a false %s fall to a challenge though the sealer answers, and each step is taken again",
    async (_, lie) => {
      const datanetId = await recorded();
      const sealed = await seal(datanetId, TEXTS, lie);
      const before = await balance("ivan");
      let findings: readonly Finding[] = [];
      let demands = 0n;
      for (let passes = 0; passes < 40 && !findings.some(({ is }) => is === "challenged"); passes++) {
        // A watcher that begins anew each time, and whose node goes away whenever it sends its first message.
        const watcher = new SegmentWatcher(await optionsOf(datanetId, { session: awayOnce(chain.session) }));
        await expect(watcher.pass()).rejects.toThrow("fetch failed");
        findings = await watcher.pass();
        if (findings.some(({ is }) => is === "demanded")) demands++;
        expect((await watcher.pass()).map(({ is }) => is)).toEqual(
          findings.some(({ is }) => is === "challenged") ? [] : ["waiting"],
        );
        // An answer inside another message is read as well.
        await answerAll(sealed, demands % 2n === 0n);
      }
      expect((await segmentOf(datanetId)).status).toBe(SegmentStatus.SEGMENT_STATUS_STRUCK);
      expect(demands).toBeLessThan(12n);
      expect((await balance("ivan")) - before).toBe(SEGMENT_BOUNTY - demands * DEMAND_BOND);
    },
    120_000,
  );

  test("are demanded of within a budget, which what was lost before counts against", async () => {
    const datanetId = await recorded();
    const sealed = await seal(datanetId, TEXTS, ({ text, index }) => ({
      text: text.with(700, firstByteOf("~")),
      index,
    }));
    const judy = await chain.party("judy");
    const poor = await optionsOf(datanetId, { party: judy, bonds: DEMAND_BOND });
    expect(await new SegmentWatcher(poor).pass()).toMatchObject([{ is: "demanded" }]);
    await answerAll(sealed);
    const sent = await sentBy("judy");
    const again = new SegmentWatcher(poor);
    expect(await again.pass()).toMatchObject([{ is: "found" }]);
    expect(await again.pass()).toMatchObject([{ is: "found" }]);
    expect(await sentBy("judy")).toBe(sent);
    expect(lines.filter((line) => line.includes("10000uopen of 10000uopen for bonds are used"))).toHaveLength(1);
  }, 60_000);

  test("and records of a private datanet are told of, and nothing of them is sent", async () => {
    const datanetId = await recorded({ isPrivate: true });
    await contribute("bob", datanetId, [words("secret", 100), { fingerprint: NONE }]);
    await seal(datanetId, [...TEXTS, words("secret", 100)], ({ text, index }) => ({ text: text.with(3, 0), index }));
    const sent = await sentBy("ivan");
    const options = await optionsOf(datanetId);
    expect(faults(await new RecordWatcher(options).pass())).toMatchObject([{ is: "found", number: 4n }]);
    expect(await new SegmentWatcher(options).pass()).toMatchObject([{ is: "found", kind: "segment" }]);
    expect(await sentBy("ivan")).toBe(sent);
    for (const kind of ["record", "segment"]) {
      expect(lines.filter((line) => line.startsWith(`${kind} ${datanetId}/`) && line.includes("private"))).toHaveLength(
        1,
      );
    }
  }, 60_000);

  test("are answered for by their sealer, when the texts come and the node is back, and what lacks is told with the time left", async () => {
    const datanetId = await recorded();
    const { text } = await seal(datanetId, TEXTS);
    const judy = await chain.party("judy");
    const asked = [1n, BigInt(text.length - 1)].map((offset, i) =>
      nativeMessage("tributary.datanet.v1.MsgDemandOpening", {
        ...{ challenger: judy.address, datanetId, segment: 1n, part: 1, offset, number: i === 0 ? 1n : 3n },
      }),
    );
    await chain.session.send(judy, asked);
    let isHere = false;
    const told: string[] = [];
    const answering = async (changes: object = {}) =>
      new DemandAnswerer({
        ...{ session: awayOnce(chain.session), party: await chain.party("owner"), report: (line) => told.push(line) },
        texts: { textOf: (one) => (isHere ? texts.textOf(one) : undefined) },
        ...changes,
      });
    const answerer = await answering();
    expect([await answerer.pass(), await answerer.pass()]).toEqual([[], []]);
    const lacks = `cannot be answered: the text of record 1 is not here; unanswered in`;
    expect(told).toEqual([1, 2].map(() => expect.stringMatching(new RegExp(`${lacks} 3[56]\\d\\d seconds`))));
    // Somebody who did not seal it has nothing to answer for.
    expect(await (await answering({ party: judy, texts })).pass()).toEqual([]);
    isHere = true;
    await expect(answerer.pass()).rejects.toThrow("fetch failed");
    const before = await balance("owner");
    const [sent] = await (await answering({ session: chain.session })).pass();
    expect(sent?.demands).toHaveLength(2);
    expect((await balance("owner")) - before).toBe(DEMAND_BOND);
    expect(await answerer.pass()).toEqual([]);
    expect((await segmentOf(datanetId)).status).toBe(SegmentStatus.SEGMENT_STATUS_SEALED);
  }, 60_000);
});
