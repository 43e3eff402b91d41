// Runs the command line the way a shell does: as a child process, in a home folder of its own. Owns processes and folders
// of the tests, not what they print.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The launcher, the program users run. */
export const launcher = fileURLToPath(new URL("../../cli/tributaryd.mjs", import.meta.url));

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What is piped into standard input; nothing, and its end, by default. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/**
 * Environment of a command: this process's, without what would change the outcome. Nodes leave gRPC's fixed port alone,
 * which only one test at a time could have; who tests it says so with the flag.
 */
function cleanEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("TRIBUTARYD_") && !name.startsWith("VITEST") && name !== "NODE_OPTIONS")
      environment[name] = value;
  }
  return { ...environment, NO_COLOR: "1", TRIBUTARYD_GRPC_ENABLE: "false", ...extra };
}

/** Starts a command and leaves it running. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], {
    cwd: options.folder,
    env: cleanEnvironment(options.env ?? {}),
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs a command to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(args, options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A command that ends without reading its input closes the pipe; that is its right.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve(status ?? (signal === null ? -1 : 128)));
  });
  return { code, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") };
}

/** A home folder that is removed at the end. */
export interface TemporaryHome {
  readonly path: string;
  /** Runs a command in this home. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs a command that must succeed; gives its stdout, and throws with its stderr when it fails. */
  ok(args: readonly string[], options?: RunOptions): Promise<string>;
  remove(): void;
}

/** Makes a home folder for a test file. */
export function temporaryHome(): TemporaryHome {
  const path = mkdtempSync(join(tmpdir(), "tributary-cli-"));
  const home: TemporaryHome = {
    path,
    run: (args, options) => run([...args, "--home", path], options),
    ok: async (args, options) => {
      const outcome = await home.run(args, options);
      if (outcome.code !== 0) throw new Error(`${args.join(" ")} ended with ${outcome.code}: ${outcome.stderr}`);
      return outcome.stdout;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  return home;
}
