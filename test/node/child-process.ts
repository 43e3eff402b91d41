// Running test/node/node-child.ts: what it has said so far, and killing it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./node-child.ts", import.meta.url));

export interface ChildNode {
  readonly process: ChildProcess;
  readonly rpcUrl: string;
  /** App hashes by height, of the blocks this process reported durable. */
  readonly committed: Map<bigint, string>;
  /** Waits until the process has reported this height. */
  reach(height: bigint): Promise<void>;
  kill(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
}

/** Starts a node process and waits until it serves. Rejects with what it wrote when it ends before. */
export async function startChild(home: string, environment: Readonly<Record<string, string>> = {}): Promise<ChildNode> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [script, home], { stdio: ["ignore", "pipe", "pipe"], env });
  const committed = new Map<bigint, string>();
  const waiting: { height: bigint; resolve: () => void }[] = [];
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
    if (process.env.TRIBUTARY_LOG !== undefined) process.stderr.write(chunk);
  });
  let text = "";
  const rpcUrl = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const [word, first = "", second = ""] = line.split(" ");
        if (word === "ready") resolve(first);
        if (word !== "committed") continue;
        const height = BigInt(first);
        committed.set(height, second);
        for (const one of waiting.splice(0)) {
          if (one.height <= height) one.resolve();
          else waiting.push(one);
        }
      }
    });
    child.once("exit", (code) => reject(new Error(`the node ended with ${code}: ${errors}`)));
  });
  return {
    process: child,
    rpcUrl: await rpcUrl,
    committed,
    reach: async (height) => {
      if ([...committed.keys()].some((one) => one >= height)) return;
      await new Promise<void>((resolve) => waiting.push({ height, resolve }));
    },
    kill: async (signal) => {
      const ended = once(child, "close") as Promise<[number | null]>;
      child.kill(signal);
      return (await ended)[0];
    },
  };
}
