/**
 * Owns running the program that answers: one shell command for each prompt, which it reads from its input; what it prints is the
 * answer. It owns the command's bounds, and its end: a command that takes too long or prints too much is killed with all it started.
 * It does not own when one is run, nor what becomes of the answer (answer-desk.ts).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_COMPLAINT_LENGTH, MAX_TEXT_BYTES } from "./limits.ts";
import { oneLine, readUnits } from "./wire.ts";

type Use = Messages["tributary.attribution.v1.Use"];

/** What a model said. */
export interface ModelAnswer {
  readonly output: Uint8Array;
  readonly units: bigint;
}

/** A model, however it is run. Rejects with an Error that says what went wrong, for the host's operator. */
export type Answerer = (use: Use, prompt: Uint8Array, stopping: AbortSignal) => Promise<ModelAnswer>;

/** How a command is run. */
export interface CommandOptions {
  /** For the shell. */
  readonly command: string;
  readonly timeoutMs: number;
}

/** Answers by a command. What it is told beside the prompt is in its environment. */
export function commandAnswerer({ command, timeoutMs }: CommandOptions): Answerer {
  return async (use, prompt, stopping) => {
    const folder = mkdtempSync(join(tmpdir(), "tributary-answer-"));
    try {
      const unitsFile = join(folder, "units");
      const child = spawn(command, {
        ...{ shell: true, detached: process.platform !== "win32", stdio: "pipe" },
        env: environmentOf(use, unitsFile),
      });
      const output = await outputOf(child, prompt, timeoutMs, stopping);
      return { output, units: unitsIn(unitsFile, use.maxUnits) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** This process's environment without its own settings, and what the command is told. */
function environmentOf(use: Use, unitsFile: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("TRIBUTARYD_"));
  return {
    ...Object.fromEntries(own),
    ...{ TRIBUTARY_USE: `${use.id}`, TRIBUTARY_USER: use.user, TRIBUTARY_MODEL: `${use.modelId}` },
    ...{ TRIBUTARY_MODEL_VERSION: `${use.modelVersion}`, TRIBUTARY_MAX_UNITS: `${use.maxUnits}` },
    TRIBUTARY_UNITS_FILE: unitsFile,
  };
}

/** What the command prints until it ends well. Rejects when it does not, or must be killed. */
async function outputOf(
  child: ChildProcess,
  prompt: Uint8Array,
  timeoutMs: number,
  stopping: AbortSignal,
): Promise<Uint8Array> {
  const printed: Buffer[] = [];
  let size = 0;
  let complaint = "";
  return await new Promise<Uint8Array>((resolve, reject) => {
    const giveUp = (reason: string): void => {
      killAll(child);
      reject(new Error(reason));
    };
    const timer = setTimeout(() => giveUp(`it took longer than ${timeoutMs / 1000} seconds`), timeoutMs);
    const stop = (): void => giveUp("the host was stopped");
    stopping.addEventListener("abort", stop, { once: true });
    child.stdout!.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size <= MAX_TEXT_BYTES) printed.push(piece);
      else giveUp(`it printed more than ${MAX_TEXT_BYTES} bytes`);
    });
    child.stderr!.on("data", (piece: Buffer) => {
      complaint = (complaint + piece.toString("utf8")).slice(-MAX_COMPLAINT_LENGTH);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      stopping.removeEventListener("abort", stop);
      const because = complaint.trim() === "" ? "" : `: ${oneLine(complaint)}`;
      if (code !== 0) reject(new Error(`it ended with ${signal ?? `code ${code}`}${because}`));
      else if (size === 0) reject(new Error(`it printed nothing${because}`));
      else resolve(new Uint8Array(Buffer.concat(printed)));
    });
    // A command may answer without reading all of its input; that is its right.
    child.stdin!.on("error", () => undefined);
    child.stdin!.end(prompt);
  });
}

/** Ends the command and whatever it has started. */
function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    // On a shell alone its children would go on; the command leads a group of processes of its own.
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** The units that the command wrote down, or 1. */
function unitsIn(file: string, maxUnits: bigint): bigint {
  if (!existsSync(file)) return 1n;
  const units = readUnits(readFileSync(file, "utf8").trim());
  if (units === undefined || units > maxUnits) throw new Error(`it wrote no number of units from 1 to ${maxUnits}`);
  return units;
}
