import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chainHome, type Home } from "../e2e/chain-home.ts";
import { startChild } from "./child-process.ts";

const full = process.env.TRIBUTARY_FULL === "1";
/** Points of a first start on the way to its third block, a sample; TRIBUTARY_FULL=1 walks all of them. */
const sample = [2, 9, 14, 23];

/** Starts a node that kills itself at the point. True when it did before its third block was durable. */
async function diesAt(home: Home, point: number, hashes: Map<bigint, string>): Promise<boolean> {
  let child: Awaited<ReturnType<typeof startChild>>;
  try {
    child = await startChild(home.path, { TRIBUTARY_CRASH_AT: String(point) });
  } catch (error) {
    // Killed before it served: a signal leaves no exit code.
    expect(String(error)).toContain("ended with null");
    return true;
  }
  const ended = once(child.process, "close");
  const died = await Promise.race([ended.then(() => true), child.reach(3n).then(() => false)]);
  if (!died) await child.kill("SIGKILL");
  note(child.committed, hashes);
  return died;
}

function note(committed: ReadonlyMap<bigint, string>, hashes: Map<bigint, string>): void {
  for (const [height, hash] of committed) {
    expect(hashes.has(height), `height ${height} was told twice`).toBe(false);
    hashes.set(height, hash);
  }
}

test("a process killed at a numbered point of its durable work starts again and holds what it told", async () => {
  const home = await chainHome({ peerAddress: "", timeoutCommitMs: 20 });
  try {
    for (const point of full ? Array.from({ length: 60 }, (_, index) => index) : sample) {
      // Each walk begins with a home that has never run.
      const path = `${home.path}/at-${point}`;
      for (const folder of ["config", "data"]) cpSync(join(home.path, folder), join(path, folder), { recursive: true });
      const copy = { ...home, path, remove: () => undefined };
      const hashes = new Map<bigint, string>();
      const died = await diesAt(copy, point, hashes);
      const told = [...hashes.keys()].at(-1) ?? 0n;
      const child = await startChild(path);
      await child.reach(told + 2n);
      note(child.committed, hashes);
      for (let height = 1n; height <= told + 1n; height += 1n) {
        const response = await fetch(`${child.rpcUrl}/header?height=${height + 1n}`);
        const { result } = (await response.json()) as { result: { header: { app_hash: string } } };
        // A block that was durable when the process died was told by nobody.
        if (hashes.has(height)) expect(result.header.app_hash.toLowerCase()).toBe(hashes.get(height));
      }
      expect(await child.kill("SIGTERM")).toBe(0);
      if (!full) expect(died, `point ${point}`).toBe(true);
    }
  } finally {
    home.remove();
  }
}, 900_000);
