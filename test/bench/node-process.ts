// A real node in a process of its own: its home folder made by the program's own commands, its log read for what it
// does, its memory and CPU time read from the system. Owns no load and no figures.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { withSenders } from "./genesis.ts";
import type { Sender } from "./sends.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../cli/tributaryd.mjs", import.meta.url));

export const chainId = "bench-1";

/** Runs one command of `tributaryd`. Rejects with what it said when it fails. */
export async function tributaryd(args: readonly string[]): Promise<string> {
  return (await run(process.execPath, [program, ...args], { maxBuffer: 1 << 28 })).stdout;
}

/** A home folder with one validator; remove it with `remove`. */
export interface BenchHome {
  readonly path: string;
  remove(): void;
}

/** Makes a chain of one validator and the given senders, whose account numbers must begin at 1. */
export async function makeHome(senders: readonly Sender[]): Promise<BenchHome> {
  const path = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const home = ["--home", path];
  const keyring = ["--keyring-backend", "test"];
  await tributaryd(["init", "bench", "--chain-id", chainId, ...home]);
  await tributaryd(["keys", "add", "validator", ...keyring, ...home]);
  await tributaryd(["genesis", "add-genesis-account", "validator", "1000000000uopen", ...keyring, ...home]);
  await tributaryd(["genesis", "gentx", "validator", "500000000uopen", "--chain-id", chainId, ...keyring, ...home]);
  await tributaryd(["genesis", "collect-gentxs", ...home]);
  const file = join(path, "config", "genesis.json");
  const genesis = JSON.parse(readFileSync(file, "utf8")) as AppGenesis;
  writeFileSync(file, JSON.stringify(withSenders(genesis, senders)));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A committed block, as the node's log tells it. */
export interface CommittedBlock {
  readonly height: number;
  readonly txs: number;
  /** Milliseconds since the process was started. */
  readonly atMs: number;
}

/** A running node. */
export interface NodeProcess {
  readonly rpcUrl: string;
  /** Blocks so far, in order. */
  readonly blocks: readonly CommittedBlock[];
  /** Resolves when `done` is true of the blocks so far. Rejects when the node ends, or after the deadline. */
  until(done: (blocks: readonly CommittedBlock[]) => boolean, deadlineMs: number): Promise<void>;
  /** Resident memory in bytes, now and at most; undefined where the system does not tell (it is read from /proc). */
  memory(): { readonly now: number; readonly peak: number } | undefined;
  /** CPU milliseconds used so far; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  /** Stops it and resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `tributaryd start` on free ports and resolves when it serves. `nodeFlags` go to Node itself. */
export async function startNodeProcess(
  home: string,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Promise<NodeProcess> {
  const free = ["--rpc.laddr", "tcp://127.0.0.1:0", "--p2p.laddr", "tcp://127.0.0.1:0"];
  const api = ["--api.address", "tcp://127.0.0.1:0", "--grpc.address", "127.0.0.1:0", "--log_format", "json"];
  const args = [...nodeFlags, program, "start", "--home", home, ...free, ...api, ...flags];
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const blocks: CommittedBlock[] = [];
  let said = "";
  let serving: string | undefined;
  let ended = false;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const one of waiting) one();
  };
  const exit = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      ended = true;
      resolve(code);
      look();
    });
  });
  createInterface(child.stderr).on("line", (line) => {
    said = `${said}${line}\n`.slice(-2_000);
    if (!line.startsWith("{")) return;
    const { msg, height, txs, rpc } = JSON.parse(line) as { msg?: string; height?: string; txs?: number; rpc?: string };
    if (msg === "committed a block")
      blocks.push({ height: Number(height), txs: txs ?? 0, atMs: performance.now() - started });
    else if (msg === "node started") serving = rpc;
    look();
  });
  const until = async (done: () => boolean, deadlineMs: number): Promise<void> => {
    let stop: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (done()) resolve();
          else if (ended) reject(new Error(`the node ended: ${said}`));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        stop = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`after ${deadlineMs} ms: ${said}`));
        }, deadlineMs);
        check();
      });
    } finally {
      clearTimeout(stop);
    }
  };
  try {
    await until(() => serving !== undefined, 900_000);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    rpcUrl: serving ?? "",
    blocks,
    until: (done, deadlineMs) => until(() => done(blocks), deadlineMs),
    memory: () => memoryOf(child.pid),
    cpuMs: () => cpuOf(child.pid),
    stop: async () => {
      child.kill("SIGTERM");
      return await exit;
    },
  };
}

function readProc(pid: number | undefined, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Resident memory of a process in bytes, now and at most; undefined where the system does not tell. */
export function memoryOf(pid: number | undefined): { now: number; peak: number } | undefined {
  const status = readProc(pid, "status");
  const now = /VmRSS:\s+(\d+) kB/.exec(status ?? "")?.[1];
  const peak = /VmHWM:\s+(\d+) kB/.exec(status ?? "")?.[1];
  return now === undefined || peak === undefined ? undefined : { now: Number(now) * 1024, peak: Number(peak) * 1024 };
}

/** CPU milliseconds of a process: utime and stime of proc(5), in the ticks of 10 ms that Linux shows to all programs. */
export function cpuOf(pid: number | undefined): number | undefined {
  const fields = readProc(pid, "stat")?.split(") ")[1]?.split(" ");
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * 10;
}
