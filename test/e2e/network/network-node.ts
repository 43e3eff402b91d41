// One node of a test network as a process of its own: started, killed, stopped for a while, asked. Owns the process and what
// it said; does not own its home's contents nor the judgement on what it did.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pause } from "../chance.ts";
import { rpc, statusOf } from "../nodes.ts";
import type { NetworkHome } from "./homes.ts";
import type { Seat } from "./links.ts";

const launcher = fileURLToPath(new URL("../../../cli/tributaryd.mjs", import.meta.url));

/** One line of a node's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly height?: string;
  readonly appHash?: string;
  /** Transactions of a committed block. */
  readonly txs?: number;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last it said. */
  readonly said: string;
}

export class NetworkNode {
  readonly name: string;
  readonly index: number;
  readonly home: NetworkHome;
  readonly seat: Seat;
  /** The file that is run: the program, unless the chain has gone on with another one. */
  program = launcher;
  /** Files of what its processes said, the oldest first. */
  readonly logs: string[] = [];
  /** What processes that nobody ended died of. */
  readonly unexpected: string[] = [];
  /** Its first block: 1, unless it began with a state from others. */
  beginsAt = 1;
  #process: ChildProcess | undefined;
  #ending: Promise<Ending> | undefined;
  #ended = false;
  #paused = false;
  #expected = false;

  constructor(name: string, index: number, home: NetworkHome, seat: Seat) {
    this.name = name;
    this.index = index;
    this.home = home;
    this.seat = seat;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && !this.#ended;
  }

  get pid(): number | undefined {
    return this.isRunning ? this.#process?.pid : undefined;
  }

  /** Where requests may go; undefined while the process does not run. */
  get rpcUrl(): string | undefined {
    return this.isRunning && !this.#paused ? this.seat.rpcUrl : undefined;
  }

  /** Starts a process in the home; it may not be up yet. */
  start(environment: Readonly<Record<string, string>> = {}, flags: readonly string[] = []): void {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    const path = `${this.home.path}.${this.logs.length}.log`;
    this.logs.push(path);
    // A file, not a pipe: what was written before a kill is there afterwards.
    const file = openSync(path, "w");
    const line = [...this.seat.prefix, process.execPath, this.program, "start", "--home", this.home.path, ...flags];
    // A process group of its own: whatever the launcher starts is meant as well.
    const child = spawn(line[0]!, line.slice(1), {
      stdio: ["ignore", file, file],
      detached: true,
      env: { ...process.env, ...environment },
    });
    closeSync(file);
    this.#process = child;
    this.#ended = false;
    this.#paused = false;
    this.#expected = false;
    this.#ending = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        if (this.#process === child) this.#ended = true;
        const said = readFileSync(path, "utf8").slice(-1_500);
        if (!this.#expected) this.unexpected.push(`${this.name} ended by itself (${code ?? signal}): ${said}`);
        resolve({ code, signal, said });
      });
    });
  }

  /** Ends the process at once; resolves when it is gone. Nothing happens when none runs. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.#expected = true;
    this.#signal("SIGKILL");
    await this.#ending;
  }

  /** Asks the process to end, and resolves with how it did. */
  async terminate(): Promise<Ending> {
    this.#expected = true;
    this.#process?.kill("SIGTERM");
    return await this.ending();
  }

  /** Resolves when the process ends by itself, which is then no surprise. */
  async ending(): Promise<Ending> {
    this.#expected = true;
    if (this.#ending === undefined) throw new Error(`${this.name} was never started`);
    return await this.#ending;
  }

  /** Stops the process where it stands. */
  suspend(): void {
    this.#paused = true;
    this.#signal("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    this.#signal("SIGCONT");
    this.#paused = false;
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid !== undefined) process.kill(-pid, signal);
  }

  /** The height of the last block; undefined when nobody answers. */
  async height(): Promise<number | undefined> {
    const url = this.rpcUrl;
    return url === undefined
      ? undefined
      : await statusOf(url).then(
          ({ height }) => height,
          () => undefined,
        );
  }

  /** Asks one RPC method. */
  async ask<Result>(path: string): Promise<Result> {
    return await rpc<Result>(this.seat.rpcUrl, path);
  }

  /** Size and time of the sign journal: they change when something is signed. */
  journalMark(): string {
    try {
      const { size, mtimeMs } = statSync(join(this.home.path, "sign.journal"));
      return `${size} ${mtimeMs}`;
    } catch {
      return "";
    }
  }

  /** What the process of a life said, the last one's unless told otherwise. */
  lines(life = this.logs.length - 1): LogLine[] {
    const path = this.logs[life];
    if (path === undefined) return [];
    const lines = readFileSync(path, "utf8").split("\n");
    // The last one may have been cut off by a kill.
    return lines.slice(0, -1).flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : []));
  }

  /** Starts the process and resolves with how long it took until the chain's height was reached and something was signed. */
  async restart(target: number, deadlineMs = 300_000): Promise<Recovery> {
    const before = this.journalMark();
    const startedMs = performance.now();
    this.start();
    let levelMs: number | undefined;
    let signedMs: number | undefined;
    while (levelMs === undefined || (signedMs === undefined && this.home.key !== undefined)) {
      const nowMs = performance.now() - startedMs;
      if (nowMs > deadlineMs) throw new Error(`${this.name} did not recover within ${deadlineMs} ms`);
      if (this.#ended) throw new Error(`${this.name} did not start: ${this.unexpected.at(-1)}`);
      if (signedMs === undefined && this.home.key !== undefined && this.journalMark() !== before) signedMs = nowMs;
      if (levelMs === undefined && ((await this.height()) ?? -1) >= target) levelMs = performance.now() - startedMs;
      await pause(20);
    }
    return { levelMs, signedMs };
  }
}

/** Milliseconds from the start of a process. */
export interface Recovery {
  /** Until it had the height the chain had at that moment. */
  readonly levelMs: number;
  /** Until it signed something new; undefined for a full node. */
  readonly signedMs: number | undefined;
}
