// Owns the processes of a network on this machine: starting the program's own commands as children, keeping what they
// last said, and ending them together. It does not know what they do.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** One running command. */
export interface Member {
  readonly name: string;
  readonly pid: number | undefined;
  /** The last line of its log. */
  lastWords(): string;
  /** How it ended; undefined while it runs. */
  ended(): { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
}

/** How a member is started. */
export interface MemberCommand {
  readonly name: string;
  readonly args: readonly string[];
  /** Flags for Node itself. */
  readonly nodeFlags: readonly string[];
  /** Where its standard error goes. */
  readonly logFile: string;
  /** Called for each line of its standard output. */
  readonly onLine?: (line: string) => void;
  /** Called once, when it ends. */
  readonly onEnd: () => void;
}

/** The members of one network. */
export class Members {
  private readonly children = new Map<string, ChildProcess>();

  /** Starts one. In a process group of its own, so that a Ctrl-C at the terminal reaches this process alone. */
  start(command: MemberCommand): Member {
    mkdirSync(dirname(command.logFile), { recursive: true });
    const log = openSync(command.logFile, "w");
    const child = spawn(process.execPath, [...command.nodeFlags, process.argv[1]!, ...command.args], {
      stdio: ["ignore", "pipe", log],
      detached: true,
    });
    closeSync(log);
    this.children.set(command.name, child);
    if (child.stdout !== null) createInterface(child.stdout).on("line", (line) => command.onLine?.(line));
    let end: ReturnType<Member["ended"]>;
    child.once("error", () => {
      end = { code: null, signal: null };
      command.onEnd();
    });
    child.once("exit", (code, signal) => {
      end ??= { code, signal };
      command.onEnd();
    });
    return { name: command.name, pid: child.pid, lastWords: () => lastLine(command.logFile), ended: () => end };
  }

  /** Asks all to stop, and insists after `patienceMs`. Resolves when none runs. */
  async stop(patienceMs: number): Promise<void> {
    const running = [...this.children.values()].filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(
      running.map(async (child) => {
        const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
        child.kill("SIGTERM");
        const insist = setTimeout(() => child.kill("SIGKILL"), patienceMs);
        await gone;
        clearTimeout(insist);
      }),
    );
  }
}

function lastLine(path: string): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").at(-1) ?? "";
}
