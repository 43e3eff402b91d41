/** The folder of blocks: budget, pins, damage, and processes that end at any moment or work on it together. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlockStore, StoreFullError } from "../../../node/data/block-store.ts";
import { MAX_BLOCK_BYTES, STALE_INCOMING_MS } from "../../../node/data/limits.ts";
import { hex } from "../../../proto/bytes.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-blocks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const block = (seed: number, length = 100) => new Uint8Array(length).fill(seed);
const open = (budgetBytes = 1_000) => BlockStore.open({ folder, budgetBytes });
const pathOf = (digest: Uint8Array, keeping = "loose") => join(folder, keeping, hex(digest).slice(0, 2), hex(digest));
/** Makes a loose block look as if it had come `age` seconds ago. */
const age = (digest: Uint8Array, seconds: number) => {
  const time = Date.now() / 1_000 - seconds;
  utimesSync(pathOf(digest), time, time);
};

test("a block that was put is there, also for the next process, and a second time takes no room", async () => {
  const store = await open();
  const digest = await store.put(block(1), "loose");
  await store.put(block(1), "loose");
  expect([store.totalBytes, await store.length(digest)]).toEqual([100, 100]);
  const again = await open();
  expect(again.totalBytes).toBe(100);
  expect(await again.get(digest)).toEqual(block(1));
  expect(await again.get(new Uint8Array(32))).toBeUndefined();
  expect(await again.slice(digest, 90, 50)).toEqual({ length: 100, bytes: block(1, 10) });
  // Read whole before; now from the file alone.
  expect(await again.slice(digest, 0, 10)).toEqual({ length: 100, bytes: block(1, 10) });
  expect(await again.slice(digest, 100, 10)).toEqual({ length: 100, bytes: new Uint8Array() });
  expect(await again.slice(digest, 131_072, 10)).toEqual({ length: 100, bytes: new Uint8Array() });
});

test("when room is wanted the oldest unpinned blocks go, and only as many as must", async () => {
  const store = await open(350);
  const [oldest, middle, newest] = [
    await store.put(block(1), "loose"),
    await store.put(block(2), "loose"),
    await store.put(block(3), "loose"),
  ];
  age(oldest, 30);
  age(middle, 20);
  age(newest, 10);
  await store.keep(oldest, "pinned");
  const fourth = await store.put(block(4), "loose");
  const there = await Promise.all([oldest, middle, newest, fourth].map((digest) => store.length(digest)));
  expect(there).toEqual([100, undefined, 100, 100]);
  expect(store.totalBytes).toBe(300);
});

test("what is pinned never goes: a block that does not fit beside it is refused, and nothing is lost", async () => {
  const store = await open(250);
  const pinned = await store.put(block(1), "pinned");
  const loose = await store.put(block(2), "loose");
  await expect(store.put(block(3, 200), "loose")).rejects.toThrow(StoreFullError);
  expect([await store.length(pinned), await store.length(loose)]).toEqual([100, 100]);
  await expect(store.put(new Uint8Array(MAX_BLOCK_BYTES + 1), "loose")).rejects.toThrow("longer than");
});

test("pinning and unpinning move a block, and count it once", async () => {
  const store = await open();
  const digest = await store.put(block(1), "loose");
  expect(await store.keep(digest, "pinned")).toBe(true);
  expect([existsSync(pathOf(digest)), existsSync(pathOf(digest, "pinned"))]).toEqual([false, true]);
  expect(await store.keep(digest, "loose")).toBe(true);
  await store.put(block(1), "pinned");
  const blocks = [];
  for await (const one of store.list()) blocks.push([hex(one.digest), one.bytes, one.keeping]);
  expect(blocks).toEqual([[hex(digest), 100, "pinned"]]);
  expect([await store.remove(digest), await store.remove(digest), store.totalBytes]).toEqual([true, false, 0]);
  expect(await store.keep(digest, "pinned")).toBe(false);
});

test.each([
  ["a changed byte", (bytes: Uint8Array) => bytes.with(50, 9)],
  ["a lost end", (bytes: Uint8Array) => bytes.subarray(0, 40)],
  ["nothing in it", () => new Uint8Array()],
])("a file with %s is removed when it is read, never given, and can be put again", async (_what, damage) => {
  const first = await open();
  const digest = await first.put(block(1), "loose");
  writeFileSync(pathOf(digest), damage(block(1)));
  const store = await open();
  expect(await store.slice(digest, 0, 10)).toBeUndefined();
  expect(existsSync(pathOf(digest))).toBe(false);
  await store.put(block(1), "loose");
  writeFileSync(pathOf(digest), damage(block(1)));
  // Putting it finds the damage too: what lies there is not taken for the block.
  await (await open()).put(block(1), "loose");
  expect(await (await open()).get(digest)).toEqual(block(1));
});

test("what a killed process was writing is no block, and goes once it is old enough to be nobody's", async () => {
  mkdirSync(join(folder, "incoming"), { recursive: true });
  for (const [name, seconds] of [
    ["old", STALE_INCOMING_MS / 1_000 + 10],
    ["new", 10],
  ] as const) {
    writeFileSync(join(folder, "incoming", name), block(1, 50));
    const time = Date.now() / 1_000 - seconds;
    utimesSync(join(folder, "incoming", name), time, time);
  }
  const store = await open();
  expect(store.totalBytes).toBe(0);
  expect(readdirSync(join(folder, "incoming"))).toEqual(["new"]);
});

test("two processes share a folder: each sees what the other put, and the budget holds for both", async () => {
  const [node, command] = [await open(500), await open(500)];
  const digests = [];
  for (let seed = 1; seed <= 4; seed++) digests.push(await command.put(block(seed), "loose"));
  expect(await node.get(digests[0]!)).toEqual(block(1));
  for (const [index, digest] of digests.entries()) age(digest, 100 - index);
  await node.put(block(9, 400), "loose");
  // The node had counted none of the command's: it counted anew before it was over the budget for good.
  const fresh = await open(500);
  expect(fresh.totalBytes).toBeLessThanOrEqual(800);
  await node.put(block(10, 400), "loose");
  expect((await open(500)).totalBytes).toBeLessThanOrEqual(500);
});

test("blocks put at once do not take the same room twice", async () => {
  const store = await open(450);
  const put = await Promise.allSettled(Array.from({ length: 12 }, (_, seed) => store.put(block(seed), "pinned")));
  expect(put.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
  expect((await open(450)).totalBytes).toBe(400);
});
