// Owns what `doctor` says about the machine: what it can be, what a node takes of it, how fast its disk makes a write
// durable, how much a chain grows in a day, and whether the clock can be right. One file is written and removed again.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { timeToNanoseconds } from "../chain/types/time.ts";
import { nodeConfig, readNodeConfig } from "../node/config.ts";
import { readMachine, sizingOf } from "../node/machine.ts";
import { isDatabaseInUse } from "../node/storage/database.ts";
import { NodeStorage } from "../node/storage/storage.ts";
import { readGenesis } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";

/** How a check went. `warn` does not keep a node from running. */
export type Verdict = "ok" | "warn" | "fail";

/** One line of `doctor`. */
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

const mebibyte = 1024 ** 2;
/** Below the first a node is no use; below the second it runs, without room for a state of size. */
const leastMemoryBytes = 384 * mebibyte;
const easyMemoryBytes = 900 * mebibyte;
/** Syncs that are timed, of one small write each, as the sign journal makes them. */
const timedSyncs = 20;
/** A vote waits for one sync: with slower ones blocks wait for votes. */
const slowSyncMs = 50;
/**
 * Bytes on the disk that an empty block adds, and each validator's signatures in it (in the block that follows, in the
 * commit this node saw): 1,580 empty blocks of one validator took 1.5 MB after compaction, all blocks and a thousand past
 * states kept.
 */
const emptyBlockBytes = 800;
const signatureBytes = 200;
/** Validators assumed where no chain says how many there are. */
const assumedValidators = 4;
/** Blocks below which a chain's own growth says nothing yet. */
const tellingBlocks = 1_000n;
const dayMs = 86_400_000;

/** What the machine can be, and what a node takes of it. */
export async function machine(paths: HomePaths): Promise<Finding> {
  const found = readMachine();
  const { memoryBytes, cores, isLimited } = found;
  const sizing = sizingOf(found);
  const what = `${cores} ${cores === 1 ? "core" : "cores"}, ${memoryText(memoryBytes)}${isLimited ? " (a cgroup's bound)" : ""}`;
  const takes = `heap up to ${sizing.heapMegabytes} MB, ${threadsText(sizing.verifyWorkers)}, ${Math.round(sizing.blockCacheBytes / mebibyte)} MB of LevelDB cache`;
  const [verdict, can]: readonly [Verdict, string] =
    memoryBytes < leastMemoryBytes
      ? ["fail", `too little memory for a node, which wants ${memoryText(leastMemoryBytes)}`]
      : memoryBytes < easyMemoryBytes
        ? ["warn", "a full node or a validator of a small chain; close other programs"]
        : ["ok", "full node and validator fine"];
  return { check: "machine", verdict, detail: `${what}: ${can}; ${await growth(paths)}; a node takes ${takes}` };
}

/** How much the data grows in a day: as this chain did, or as empty blocks at the configured pace would. */
async function growth(paths: HomePaths): Promise<string> {
  const measured = await measuredGrowth(paths);
  if (measured !== undefined) return measured;
  const interval = Math.max(commitTimeoutMs(paths), 100);
  const bytes = (dayMs / interval) * (emptyBlockBytes + assumedValidators * signatureBytes);
  return `about ${Math.ceil(bytes / mebibyte)} MB a day (empty blocks every ${interval / 1000} s by ${assumedValidators} validators, all kept; about 1 KB more for each transaction)`;
}

/** The configured block interval; the default where the configuration cannot be read, which another check says. */
function commitTimeoutMs(paths: HomePaths): number {
  try {
    return readNodeConfig(paths.home).timeoutCommitMs;
  } catch {
    return nodeConfig().timeoutCommitMs;
  }
}

async function measuredGrowth(paths: HomePaths): Promise<string | undefined> {
  if (!existsSync(paths.database) || !existsSync(paths.genesis)) return undefined;
  try {
    const storage = await NodeStorage.open(paths.database, { chainId: readGenesis(paths.genesis).document.chain_id });
    try {
      const { base, height } = storage;
      const [first, last] = [storage.blockMeta(base)?.header.time, storage.blockMeta(height)?.header.time];
      if (first === undefined || last === undefined || height - base < tellingBlocks) return undefined;
      const days = Number((timeToNanoseconds(last) - timeToNanoseconds(first)) / 1_000_000n) / dayMs;
      const bytes = readdirSync(paths.database).reduce(
        (sum, name) => sum + statSync(join(paths.database, name)).size,
        0,
      );
      if (days <= 0) return undefined;
      return `about ${Math.ceil(bytes / mebibyte / days)} MB a day (as this chain grew over its ${height - base} kept blocks)`;
    } finally {
      await storage.close();
    }
  } catch {
    // A node that runs, or a database that is damaged: the check of the data says so.
    return undefined;
  }
}

/** How long the disk takes to make a small write durable. */
export function durability(paths: HomePaths): Finding {
  const folder = existingParent(paths.data);
  const file = join(folder, `.doctor-${process.pid}.tmp`);
  const check = "fsync";
  try {
    const descriptor = openSync(file, "wx", 0o600);
    try {
      const times: number[] = [];
      for (let round = 0; round < timedSyncs; round++) {
        const start = performance.now();
        writeSync(descriptor, Buffer.alloc(512, round));
        fsyncSync(descriptor);
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      const [median = 0, most = 0] = [times[timedSyncs >> 1], times.at(-1)];
      const detail = `a small write is durable after ${median.toFixed(1)} ms (at most ${most.toFixed(1)} ms of ${timedSyncs})`;
      if (median <= slowSyncMs) return { check, verdict: "ok", detail };
      return { check, verdict: "warn", detail: `${detail}; a validator votes late on such a disk: use an SSD` };
    } finally {
      closeSync(descriptor);
      rmSync(file, { force: true });
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { check, verdict: "fail", detail: `${folder} cannot be written to: ${why}` };
  }
}

/** A clock that is plainly wrong is seen without asking anyone: by the year, by the chain, by the system's own word. */
export async function clock(paths: HomePaths): Promise<Finding> {
  const now = new Date();
  const check = "clock";
  if (now.getUTCFullYear() < 2025 || now.getUTCFullYear() >= 2100) {
    return {
      check,
      verdict: "fail",
      detail: `${now.toISOString()} cannot be right; set it (timedatectl set-ntp true)`,
    };
  }
  const behind = await millisecondsBehindChain(paths, now);
  if (behind > 10_000) {
    const detail = `${now.toISOString()} is ${(behind / 1000).toFixed(0)} s before the chain's last block; set it (timedatectl set-ntp true)`;
    return { check, verdict: "fail", detail };
  }
  switch (isSynchronised()) {
    case true:
      return { check, verdict: "ok", detail: `${now.toISOString()}, kept by NTP` };
    case false: {
      const detail = `${now.toISOString()}, and nothing keeps it right: run timedatectl set-ntp true; a validator whose clock is 30 s off stops`;
      return { check, verdict: "warn", detail };
    }
    default:
      return { check, verdict: "ok", detail: `${now.toISOString()}; keep it set by NTP, votes carry it` };
  }
}

/** By how much this clock is before the last block's time; 0 where there is no block or it cannot be read. */
async function millisecondsBehindChain(paths: HomePaths, now: Date): Promise<number> {
  if (!existsSync(paths.database) || !existsSync(paths.genesis)) return 0;
  try {
    const storage = await NodeStorage.open(paths.database, { chainId: readGenesis(paths.genesis).document.chain_id });
    const time = storage.chainState?.lastBlockTime;
    const height = storage.height;
    await storage.close();
    if (time === undefined || height === 0n) return 0;
    return Math.max(0, Number(timeToNanoseconds(time) / 1_000_000n) - now.getTime());
  } catch (error) {
    if (!isDatabaseInUse(error) && !(error instanceof Error)) throw error;
    return 0;
  }
}

/** Whether the system says that its clock is kept by NTP; undefined where it does not say. */
function isSynchronised(): boolean | undefined {
  const { status, stdout } = spawnSync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    encoding: "utf8",
    timeout: 2_000,
  });
  const said = (stdout ?? "").trim();
  return status === 0 && (said === "yes" || said === "no") ? said === "yes" : undefined;
}

/** The nearest folder above a path that exists. */
export function existingParent(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function memoryText(bytes: number): string {
  return bytes >= 1024 * mebibyte
    ? `${Number((bytes / 1024 ** 3).toFixed(1))} GB`
    : `${Math.round(bytes / mebibyte)} MB`;
}

function threadsText(count: number): string {
  if (count === 0) return "no thread beside the main one";
  return count === 1 ? "one thread for signatures" : `${count} threads for signatures`;
}
