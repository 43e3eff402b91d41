// What a crash at each kind of place may cost, and how the node comes back from it: one test for each. The walk over every
// single point is crash-points.test.ts.

import { describe, expect, test } from "vitest";
import { SIGNED_PRECOMMIT } from "../../../chain/types/vote.ts";
import { CrashPoints } from "../../../node/engine/crash-points.ts";
import { SignJournal } from "../../../node/engine/sign-journal.ts";
import { Signer } from "../../../node/engine/signer.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { kvstore } from "../../sim/kvstore.ts";
import { PowerCut } from "../../sim/memory-disk.ts";
import { Random } from "../../sim/random.ts";
import { Bench, type BenchOptions, cut, JOURNAL_PATH, LOG_FOLDER, pointsOf, settled, textOf } from "./bench.ts";
import { quietLog } from "./support.ts";

const LOG = /fsync of \/home\/cs\.wal\/0000000000000000002\.wal/;
const JOURNAL = /fsync of \/home\/sign\.journal$/;
/** Appended to at every signature, so that every signature has one fsync of the same name. */
const APPENDED = { rewriteBytes: 1_000_000 };

/** A node that died at the n-th point (from 0) with this name after its first block, having lost power. */
async function diedAt(name: RegExp, nth = 0, options: BenchOptions = APPENDED): Promise<Bench> {
  const names = await pointsOf(new Bench(options), 2n);
  const firstBlock = names.indexOf("after database batch", names.indexOf("after database batch") + 1);
  const matching = names.flatMap((each, at) => (at > firstBlock && name.test(each) ? [at] : []));
  const at = matching[nth];
  if (at === undefined) throw new Error(`no such point: ${names.join("\n")}`);
  const bench = new Bench(options);
  await bench.start(new CrashPoints({ at }, { die: cut }));
  await bench.reaches(2n);
  expect(bench.fatal?.message ?? "").not.toBe("");
  return bench;
}

/** What the journal on its disk holds of a height. */
function journaled(bench: Bench, height: bigint): ReturnType<Signer["signedAt"]> {
  const { chainId } = bench.genesis;
  const options = { path: JOURNAL_PATH, chainId, address: bench.key.address };
  const journal = SignJournal.open(options, { files: bench.disk.mount(), log: quietLog() });
  return new Signer({ chainId }, { key: bench.key, journal }).signedAt(height);
}

/** Starts it again; the bench itself refuses a second message for one place and a second word on a height. */
async function comesBack(bench: Bench, height: bigint): Promise<void> {
  await bench.start();
  expect(bench.fatal?.message).toBeUndefined();
  expect(await bench.reaches(height)).toBe(true);
}

function sentAt(bench: Bench, height: bigint): readonly string[] {
  return [...bench.signed.keys()].filter((place) => place.startsWith(`${height}/`));
}

describe("a crash", () => {
  test("before the journal is synced loses a signature that nobody saw: it is made afresh", async () => {
    // The proposal of height 2 is signed, but not on disk.
    const bench = await diedAt(new RegExp(`before ${JOURNAL.source}`));
    expect(sentAt(bench, 2n)).toEqual([]);
    bench.disk.write(JOURNAL_PATH, bench.disk.read(JOURNAL_PATH)?.slice(0, -100) as Uint8Array);
    bench.crash(new Random(1));
    await comesBack(bench, 3n);
    expect(bench.lines.join("\n")).toContain("torn last record");
    expect(sentAt(bench, 2n)).toHaveLength(3);
  });

  test("after the journal and before the log gives the journal's very signature out again", async () => {
    for (const nth of [0, 1, 2]) {
      const bench = await diedAt(new RegExp(`after ${JOURNAL.source}`), nth);
      // The power cut takes the whole log of the height.
      bench.crash();
      const before = journaled(bench, 2n);
      expect(before).toHaveLength(nth + 1);
      bench.disk.lose(LOG_FOLDER);
      await comesBack(bench, 3n);
      for (const message of before) {
        expect(bench.sent.map(textOf)).toContain(textOf(message));
      }
    }
  });

  test("after the log and before or while sending sends identical bytes", async () => {
    for (const nth of [0, 1, 2]) {
      const bench = await diedAt(new RegExp(`after ${LOG.source}`), nth);
      bench.crash(new Random(nth + 1));
      const before = journaled(bench, 2n);
      expect(sentAt(bench, 2n).length).toBeLessThan(before.length);
      await comesBack(bench, 3n);
      const sent = bench.sent.map(textOf);
      for (const message of before) expect(sent).toContain(textOf(message));
    }
  });

  test("after the decision and before the batch decides the same block again from the log", async () => {
    const bench = await diedAt(/before database batch/);
    expect(bench.height).toBe(1n);
    const precommit = bench.signed.get(`2/0/${SIGNED_PRECOMMIT}`);
    // A block that was built anew would hold this transaction.
    bench.mempool.push(utf8("late=1"));
    bench.crash(new Random(1));
    await comesBack(bench, 2n);
    expect(bench.database.blocks.get(2n)?.block.data.txs).toEqual([]);
    expect(bench.signed.get(`2/0/${SIGNED_PRECOMMIT}`)).toBe(precommit);
    expect(bench.lines.join("\n")).toContain("decided but not yet stored was carried out");
  });

  test("after the decision with the log gone decides the same block from the journal's lock", async () => {
    const bench = await diedAt(/before database batch/);
    bench.mempool.push(utf8("late=1"));
    bench.crash();
    bench.disk.lose(LOG_FOLDER);
    await comesBack(bench, 2n);
    expect(bench.database.blocks.get(2n)?.block.data.txs).toEqual([]);
    expect(bench.database.blocks.get(2n)?.seenCommit.round).toBe(0);
  });

  test("inside FinalizeBlock executes the block again, to the same hash", async () => {
    let armed = true;
    let executed = 0;
    const application: BenchOptions["application"] = (records) => {
      const inner = kvstore(records);
      return {
        ...inner,
        finalizeBlock: (request) => {
          const response = inner.finalizeBlock(request);
          if (request.height === 2n) executed += 1;
          if (armed && request.height === 2n) throw new PowerCut("inside FinalizeBlock");
          return response;
        },
      };
    };
    const bench = new Bench({ application });
    bench.mempool.push(utf8("a=1"));
    await bench.start();
    await bench.reaches(2n);
    expect(bench.height).toBe(1n);
    armed = false;
    bench.crash(new Random(3));
    await comesBack(bench, 3n);
    expect(executed).toBe(2);
    const reference = new Bench();
    reference.mempool.push(utf8("a=1"));
    await comesBack(reference, 3n);
    expect(bench.told.get(1n)).toBe(reference.told.get(1n));
  });

  test("after the batch and before anyone is told finds the block stored and goes on above it", async () => {
    const bench = await diedAt(/after database batch/);
    expect(bench.height).toBe(2n);
    expect(bench.told.has(2n)).toBe(false);
    bench.crash(new Random(1));
    await bench.start();
    expect(bench.lines.join("\n")).not.toContain("replaying");
    expect(await bench.reaches(3n)).toBe(true);
    expect(bench.told.has(2n)).toBe(false);
  });

  test("in the middle of replacing the journal leaves the old one or the new one", async () => {
    for (const point of [/before rename to \/home\/sign\.journal/, /after rename to \/home\/sign\.journal/]) {
      for (let seed = 1; seed <= 10; seed++) {
        const bench = await diedAt(point, 0, { rewriteBytes: 0 });
        bench.crash(new Random(seed));
        await comesBack(bench, 3n);
        expect(bench.signer).toBeDefined();
      }
    }
  });
});

/** A node that was killed in height 3 with the whole of its work in the log. */
async function inHeight3(): Promise<Bench> {
  const names = await pointsOf(new Bench(APPENDED), 3n);
  const at = names.lastIndexOf("before database batch");
  const bench = new Bench(APPENDED);
  await bench.start(new CrashPoints({ at }, { die: cut }));
  await bench.reaches(3n);
  expect(bench.height).toBe(2n);
  bench.crash();
  return bench;
}

/** Quick runs take some of the bytes, full ones all. */
const stride = process.env.TRIBUTARY_FULL === "1" ? 1 : 7;
const LAST_LOG = `${LOG_FOLDER}/0000000000000000003.wal`;

describe("a damaged file", () => {
  test("the log cut anywhere: the node goes on, and says how many bytes were lost", async () => {
    const bench = await inHeight3();
    const { length } = bench.disk.read(LAST_LOG) as Uint8Array;
    for (let size = 0; size < length; size += stride) {
      const twin = bench.copy((path, bytes) => (path === LAST_LOG ? bytes.slice(0, size) : bytes));
      await comesBack(twin, 4n);
      const line = twin.lines.find((each) => each.includes("torn tail"));
      const cutOff = twin.disk.read(`${LAST_LOG}.torn`)?.length;
      if (cutOff !== undefined) expect(line).toContain(`"tornBytes":${cutOff}`);
    }
  });

  test("the log with any one byte changed: it is cut or set aside, and the node goes on", async () => {
    const bench = await inHeight3();
    const { length } = bench.disk.read(LAST_LOG) as Uint8Array;
    for (let at = 0; at < length; at += stride) {
      const twin = bench.copy((path, bytes) => (path === LAST_LOG ? flipped(bytes, at) : bytes));
      await comesBack(twin, 4n);
      const kept = [`${LAST_LOG}.torn`, `${LAST_LOG}.damaged`].filter((path) => twin.disk.read(path) !== undefined);
      expect(kept, `byte ${at}`).toHaveLength(1);
    }
  });

  test("the journal cut anywhere in its last record: the log gives the signature back, and the node goes on", async () => {
    const bench = await inHeight3();
    const { length } = bench.disk.read(JOURNAL_PATH) as Uint8Array;
    const last = lastRecordStart(bench.disk.read(JOURNAL_PATH) as Uint8Array);
    for (let size = last; size < length; size += stride) {
      const twin = bench.copy((path, bytes) => (path === JOURNAL_PATH ? bytes.slice(0, size) : bytes));
      await comesBack(twin, 4n);
    }
  });

  test("the journal with any one byte changed: the node signs nothing twice; before the last record it does not sign at all", async () => {
    const bench = await inHeight3();
    const journal = bench.disk.read(JOURNAL_PATH) as Uint8Array;
    const last = lastRecordStart(journal);
    for (let at = 0; at < journal.length; at += stride) {
      const twin = bench.copy((path, bytes) => (path === JOURNAL_PATH ? flipped(bytes, at) : bytes));
      if (at >= last) {
        await comesBack(twin, 4n);
        continue;
      }
      await twin.start();
      expect(twin.signer, `byte ${at}`).toBeUndefined();
      expect(twin.lines.join("\n")).toMatch(/does not sign|damaged or of another key|belongs to another/);
      await settled();
      expect(twin.sent.filter(({ type }) => type !== "part" && type !== "evidence").length).toBeLessThanOrEqual(3);
    }
  });

  test("both the log and the journal gone: the key stays silent and the line says what to do", async () => {
    const bench = await inHeight3();
    const twin = bench.copy((path, bytes) =>
      path.startsWith(LOG_FOLDER) || path === JOURNAL_PATH ? undefined : bytes,
    );
    await twin.start();
    expect(twin.signer).toBeUndefined();
    expect(await twin.reaches(3n)).toBe(false);
    expect(twin.sent).toEqual([]);
    expect(twin.lines.join("\n")).toContain("tributaryd sign-state init --min-height");
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] as number) ^ 0x20;
  return changed;
}

/** Where the last record of a journal begins: records are length u32, sequence u32, crc u32, payload. */
function lastRecordStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // "TRIBSIG1", chain id and address with their lengths, floor, checksum.
  let at = 8 + 4 + view.getUint32(8);
  at += 4 + view.getUint32(at) + 13 + 4;
  for (;;) {
    const end = at + 12 + view.getUint32(at);
    if (end >= bytes.length) return at;
    at = end;
  }
}
