import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sha256 } from "../../../node/crypto.ts";
import { parseEventQuery } from "../../../node/storage/event-query.ts";
import { NodeStorage } from "../../../node/storage/storage.ts";
import { tx } from "../sample-chain.ts";

const child = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
const kills = process.env.TRIBUTARY_FULL === "1" ? 30 : 6;

/** Runs the child until it has reported `blocks` more durable blocks, waits a little more, and kills it with -9. */
async function runAndKill(
  path: string,
  blocks: number,
  delayMs: number,
): Promise<{ durable: bigint; started: bigint }> {
  const running = spawn(process.execPath, [child, path], { stdio: ["ignore", "pipe", "inherit"] });
  let [durable, started, seen, text, killing] = [0n, 0n, 0, "", false];
  running.stdout.setEncoding("utf8");
  running.stdout.on("data", (chunk: string) => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const [word, height] = line.split(" ");
      if (word === "start") started = BigInt(height ?? "0");
      else {
        durable = BigInt(height ?? "0");
        seen += 1;
      }
    }
    if (seen >= blocks && !killing) {
      killing = true;
      setTimeout(() => running.kill("SIGKILL"), delayMs);
    }
  });
  await once(running, "close");
  return { durable, started };
}

test("after kill -9 everything reported durable is there, and whatever is there is whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-crash-"));
  const path = join(folder, "tributary.db");
  let inside = 0;
  try {
    for (let round = 0; round < kills; round += 1) {
      const { durable, started } = await runAndKill(path, 5 + round, (round * 7) % 5);
      if (started > durable) inside += 1;
      const storage = await NodeStorage.open(path, { chainId: "sample-1" });
      const { height } = storage;
      expect(height).toBeGreaterThanOrEqual(durable);
      expect(height - durable).toBeLessThanOrEqual(1n);
      expect(storage.chainState?.lastBlockHeight).toBe(height);
      // The batch is one: block, results, index and every application record are of the same height.
      for (const one of [height, height - 1n, 1n]) {
        expect((await storage.loadBlock(one))?.block.header.height).toBe(one);
        expect(storage.response(one)?.txResults).toHaveLength(1);
        expect(storage.transaction(sha256(tx(`tx-${one}`)))?.height).toBe(one);
        const query = parseEventQuery(`sample.name = 'tx-${one}'`);
        const positions = await storage.searchTransactions(query, { maximumRows: 10, timeoutMs: 5_000 });
        expect(positions).toEqual([{ height: one, txIndex: 0 }]);
      }
      const records = Array.from({ length: 200 }, (_, index) => storage.applicationRecord(tx(`record-${index}`)));
      expect(new Set(records.map((record) => String(record)))).toEqual(new Set([String(height)]));
      expect(storage.transaction(sha256(tx(`tx-${height + 1n}`)))).toBeUndefined();
      expect(storage.validators(height + 2n)).toBeDefined();
      await storage.close();
    }
    console.info(`${kills} kills, ${inside} of them while a batch was being written`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a disk that takes no more ends the process with one clear line and code 70, and nothing durable is lost", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-full-"));
  const path = join(folder, "tributary.db");
  try {
    // Files may not grow beyond 400 KiB: what a full disk is to LevelDB, without needing one.
    const shell = `trap '' XFSZ; ulimit -f 400; exec "$0" "$1" "$2"`;
    const running = spawn("bash", ["-c", shell, process.execPath, child, path], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    running.stdout.on("data", (chunk) => {
      output += String(chunk);
    });
    running.stderr.on("data", (chunk) => {
      errors += String(chunk);
    });
    const [code] = (await once(running, "close")) as [number | null];
    expect([code, errors]).toEqual([
      70,
      expect.stringMatching(/^cannot write the database: the disk of .* is full .*committed blocks are safe\.\n$/),
    ]);
    const durable = BigInt([...output.matchAll(/durable (\d+)/g)].at(-1)?.[1] ?? "0");
    expect(durable).toBeGreaterThan(1n);
    const storage = await NodeStorage.open(path, { chainId: "sample-1" });
    expect(storage.height).toBeGreaterThanOrEqual(durable);
    for (const one of [1n, durable]) expect((await storage.loadBlock(one))?.block.header.height).toBe(one);
    expect(String(storage.applicationRecord(tx("record-0")))).toBe(String(storage.height));
    await storage.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
