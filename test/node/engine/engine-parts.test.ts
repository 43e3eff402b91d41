import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TimeoutInput } from "../../../chain/consensus/input.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import { disk } from "../../../node/engine/disk.ts";
import { handshake } from "../../../node/engine/handshake.ts";
import { JobQueue } from "../../../node/engine/job-queue.ts";
import { SignJournal } from "../../../node/engine/sign-journal.ts";
import { Timeouts } from "../../../node/engine/timeouts.ts";
import { voteTime } from "../../../node/engine/vote-time.ts";
import { EXIT_STORAGE_FAILURE, FatalError } from "../../../node/ports.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { stubVerifier } from "../../sim/keys.ts";
import { kvstore } from "../../sim/kvstore.ts";
import { MemoryStorage } from "../../sim/memory-storage.ts";
import { type SimNode, World } from "../../sim/world.ts";
import { JOURNAL, quietLog } from "./support.ts";

describe("the queue of jobs", () => {
  test("runs one job after another, and a job's follower before all others", async () => {
    const order: string[] = [];
    const queue = new JobQueue(() => order.push("failed"));
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    queue.push(async () => {
      order.push("a begins");
      queue.push(() => void order.push("c"));
      queue.pushNext(() => void order.push("b"));
      await pause();
      order.push("a ends");
    });
    expect(await queue.ask(() => "answer")).toBe("answer");
    expect(order).toEqual(["a begins", "a ends", "b", "c"]);
  });

  test("after a job that throws nothing runs, and whoever asks is told", async () => {
    const errors: unknown[] = [];
    const queue = new JobQueue((error) => errors.push(error));
    const failed = queue.ask(() => {
      throw new Error("broken");
    });
    const never = queue.ask(() => "never");
    expect(await failed).toBeUndefined();
    expect(await queue.ask(() => "late")).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(queue.isClosed).toBe(true);
    expect(await never).toBeUndefined();
  });
});

describe("timeouts", () => {
  function bench() {
    let now = 0;
    const scheduled: { ms: number; callback: () => void; cancelled: boolean }[] = [];
    const expired: TimeoutInput[] = [];
    const resumed: string[] = [];
    const timeouts = new Timeouts({
      clock: { now: () => ({ seconds: 0n, nanos: 0 }), monotonicMs: () => now },
      timers: {
        schedule: (ms, callback) => {
          const timer = { ms, callback, cancelled: false };
          scheduled.push(timer);
          return () => {
            timer.cancelled = true;
          };
        },
      },
      log: quietLog(),
      expired: (input) => expired.push(input),
      resumed: (height, round) => resumed.push(`${height}/${round}`),
    });
    return { timeouts, scheduled, expired, resumed, pass: (ms: number) => (now += ms) };
  }

  test("expire as inputs, and a newer one of the same kind replaces the older", () => {
    const { timeouts, scheduled, expired, pass } = bench();
    timeouts.schedule("propose", 1n, 0, 100);
    timeouts.schedule("propose", 1n, 1, 100);
    timeouts.schedule("prevote", 1n, 1, 50);
    expect(scheduled.map(({ cancelled }) => cancelled)).toEqual([true, false, false]);
    pass(100);
    scheduled[1]?.callback();
    expect(expired).toEqual([{ type: "timeout", kind: "propose", height: 1n, round: 1 }]);
    timeouts.cancelAll();
    expect(scheduled[2]?.cancelled).toBe(true);
  });

  test("that come far too late ask the peers first: the process was asleep", () => {
    const { timeouts, scheduled, expired, resumed, pass } = bench();
    timeouts.schedule("propose", 4n, 2, 100);
    pass(60_000);
    scheduled[0]?.callback();
    expect(expired).toEqual([]);
    expect(resumed).toEqual(["4/2"]);
    pass(1_000);
    scheduled[1]?.callback();
    expect(expired).toHaveLength(1);
  });
});

describe("the time of a vote", () => {
  test("is now, unless a block it builds on is later", () => {
    const at = (seconds: bigint) => ({ seconds, nanos: 0 });
    expect(voteTime(at(100n), at(50n), [undefined])).toEqual(at(100n));
    expect(voteTime(at(40n), at(50n), [])).toEqual({ seconds: 50n, nanos: 1_000_000 });
    const world = new World({ seed: 1, validators: 1 });
    const block = { header: { time: at(70n) } } as Parameters<typeof voteTime>[2][number];
    expect(world.nodes).toHaveLength(1);
    expect(voteTime(at(60n), at(50n), [undefined, block])).toEqual({ seconds: 70n, nanos: 1_000_000 });
  });
});

describe("the handshake", () => {
  async function chainOf(height: bigint): Promise<{ world: World; node: SimNode }> {
    const world = new World({ seed: 1, validators: 1 });
    await world.start();
    const node = world.nodes[0] as SimNode;
    node.submit(utf8("a=1"));
    await world.runUntil(() => node.height >= height, 60_000);
    return { world, node };
  }

  function needs(node: SimNode, records = node.database.records) {
    const application = kvstore(records);
    const mempool = { reap: () => [], update: () => {}, count: 0, onAvailable: () => {} };
    const storage = new MemoryStorage(node.database);
    return { application, mempool, storage, log: quietLog(), verifier: stubVerifier, hasher: nodeHasher() };
  }

  test("finds state, commit and block of a stopped node", async () => {
    const { world, node } = await chainOf(3n);
    const start = await handshake(world.genesis, needs(node));
    expect(start.state.lastBlockHeight).toBe(node.height);
    expect(start.seenCommit?.height).toBe(node.height);
    expect(start.lastBlock?.header.height).toBe(node.height);
  });

  test("refuses a home of another chain, and an application that is not where the chain is", async () => {
    const { world, node } = await chainOf(3n);
    const elsewhere = { ...world.genesis, chainId: "other-1" };
    await expect(handshake(elsewhere, needs(node))).rejects.toThrow("holds chain sim-1, but the genesis file is of");
    await expect(handshake(world.genesis, needs(node, new Map()))).rejects.toThrow("the application is at 0");
    const [key, value] =
      [...node.database.records].find(([name]) => name === Buffer.from("meta").toString("hex")) ?? [];
    if (key === undefined || value === undefined) throw new Error("no application state");
    const wrong = new Map(node.database.records).set(
      key,
      Uint8Array.from(value, (byte, at) => (at === 0 ? byte ^ 1 : byte)),
    );
    await expect(handshake(world.genesis, needs(node, wrong))).rejects.toThrow("but the chain's is");
    const empty = new World({ seed: 1, validators: 1 }).nodes[0] as SimNode;
    await expect(handshake(world.genesis, needs(empty, node.database.records))).rejects.toThrow("no block is stored");
  });
});

describe("the disk", () => {
  test("appends, cuts, renames and lists, with files for the owner alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "engine-disk-"));
    try {
      const home = join(folder, "a/b");
      expect(disk.list(home)).toEqual([]);
      expect(disk.readFile(join(home, "x"))).toBeUndefined();
      disk.makeDirectory(home);
      const file = disk.openAppend(join(home, "x"), 0o600);
      file.append(utf8("hello"));
      file.append(utf8(" world"));
      file.sync();
      expect(file.size).toBe(11);
      file.truncate(5);
      file.append(utf8("!"));
      file.close();
      disk.rename(join(home, "x"), join(home, "y"));
      disk.syncDirectory(home);
      expect(disk.list(home)).toEqual(["y"]);
      expect(disk.readFile(join(home, "y"))).toEqual(utf8("hello!"));
      expect(statSync(join(home, "y")).mode & 0o777).toBe(0o600);
      expect(disk.openAppend(join(home, "y"), 0o600).size).toBe(6);
      disk.remove(join(home, "y"));
      disk.remove(join(home, "y"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("holds a sign journal in a folder that is not there yet", () => {
    const folder = mkdtempSync(join(tmpdir(), "engine-journal-"));
    try {
      const options = { ...JOURNAL, path: join(folder, "a/b/sign.journal") };
      SignJournal.create(options, disk).close();
      expect(statSync(options.path).size).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("turns every failure into an error that stops the node with code 70", () => {
    try {
      disk.openAppend("/proc/no/such/file", 0o600);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(FatalError);
      expect((error as FatalError).exitCode).toBe(EXIT_STORAGE_FAILURE);
    }
  });
});
