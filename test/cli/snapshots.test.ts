// `tributaryd snapshots` on the home of a stopped node: made, listed, carried in an archive, restored, deleted; and what
// is refused with nothing changed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChainHome, chainHome } from "../e2e/chain-home.ts";
import { startIn, until } from "../e2e/nodes.ts";
import { run } from "./harness.ts";

let home: ChainHome;
let sixthHash = "";
const folder = mkdtempSync(join(tmpdir(), "tributary-snapshots-"));
const patience = 240_000;

/** Runs a command line in the home; its exit code and what it wrote. */
async function tributaryd(...words: string[]): Promise<{ code: number; out: string; told: string }> {
  const { code, stdout, stderr } = await run([...words, "--home", home.path]);
  return { code, out: stdout, told: stderr };
}

beforeAll(async () => {
  home = await chainHome({ timeoutCommitMs: 10, peerAddress: "" });
  const node = await startIn(home);
  await until(() => node.storage.height >= 6n, "some blocks");
  sixthHash = Buffer.from(node.storage.blockMeta(6n)!.blockId.hash).toString("hex");
  await node.stop();
}, patience);
afterAll(() => {
  home?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test(
  "a snapshot is made, listed, carried away and back, and the node goes on from it",
  async () => {
    const made = await tributaryd("snapshots", "export", "--height", "5");
    expect(made).toMatchObject({
      code: 0,
      out: "Exporting snapshot for height 5\nSnapshot created at height 5, format 3, chunks 1\n",
    });
    expect(await tributaryd("snapshots", "list")).toMatchObject({ code: 0, out: "height: 5 format: 3 chunks: 1\n" });
    const archive = join(folder, "5.tar.gz");
    expect((await tributaryd("snapshots", "dump", "5", "3", "-o", archive)).code).toBe(0);
    expect((await tributaryd("snapshots", "delete", "5", "3")).code).toBe(0);
    expect((await tributaryd("snapshots", "list")).out).toBe("");
    expect(await tributaryd("snapshots", "load", archive)).toMatchObject({ code: 0 });
    expect((await tributaryd("snapshots", "list")).out).toBe("height: 5 format: 3 chunks: 1\n");
    const restored = await tributaryd("snapshots", "restore", "5", "3");
    expect(restored.out).toMatch(/Restored the state of height 5/);
    const again = await startIn(home);
    try {
      expect(again.storage.base).toBe(5n);
      expect(await again.storage.loadBlock(4n)).toBeUndefined();
      expect((await again.storage.loadPast(1n))?.header.height).toBe(1n);
      // What was decided above is decided alike again, from the log of its height, or not at all: the journal remembers.
      const sixth = again.storage.blockMeta(6n);
      expect([undefined, sixthHash]).toContain(sixth && Buffer.from(sixth.blockId.hash).toString("hex"));
      expect(again.application.info({} as never).lastBlockHeight).toBe(again.storage.height);
    } finally {
      await again.stop();
    }
  },
  patience,
);

test(
  "what is not there, or not whole, is refused",
  async () => {
    for (const words of [
      ["restore", "9", "3"],
      ["delete", "9", "3"],
      ["dump", "9", "3"],
      ["export", "--height", "999"],
    ]) {
      expect((await tributaryd("snapshots", ...words)).code, words.join(" ")).not.toBe(0);
    }
    const archive = join(folder, "whole.tar.gz");
    await tributaryd("snapshots", "export");
    const [, at = ""] = /height: (\d+) format: 3 chunks: 1\n$/.exec((await tributaryd("snapshots", "list")).out) ?? [];
    await tributaryd("snapshots", "dump", at, "3", "-o", archive);
    const tar = gunzipSync(readFileSync(archive));
    const damaged = Buffer.from(tar);
    damaged[tar.length - 1_600]! ^= 1;
    for (const bytes of [gzipSync(damaged), gzipSync(tar.subarray(0, 700)), tar, gzipSync(Buffer.alloc(3_000, 65))]) {
      writeFileSync(archive, bytes);
      const { code, told } = await tributaryd("snapshots", "load", archive);
      expect([code, told]).toEqual([2, expect.stringMatching(/nothing was changed/i)]);
    }
  },
  patience,
);
