/** The address book: what it takes, what a liar can do to it, whom it proposes, and its file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { silentLogger } from "../../../node/log.ts";
import { AddressBook } from "../../../node/p2p/address-book.ts";
import type { PeerAddress } from "../../../node/p2p/identity.ts";
import {
  ADDRESS_RETRY_MIN_MS,
  MAX_DIAL_FAILURES,
  MAX_HEARD_ADDRESSES,
  MAX_HEARD_PER_GROUP,
  MAX_HEARD_PER_SOURCE,
  MAX_MET_ADDRESSES,
  MAX_MET_PER_GROUP,
} from "../../../node/p2p/limits.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const idOf = (number: number) => number.toString(16).padStart(40, "0");
const at = (number: number, host: string): PeerAddress => ({ id: idOf(number), host, port: 26_656 });

function book(options: { path?: string; strict?: boolean; excluded?: string[]; now?: () => number } = {}) {
  return new AddressBook(
    { path: options.path, strict: options.strict ?? true, excluded: new Set(options.excluded) },
    { log: silentLogger(), ...(options.now && { now: options.now }) },
  );
}

const none: ReadonlySet<string> = new Set();

test("addresses that nobody on the internet can dial, private ids and addresses without an id are not taken", () => {
  const strict = book({ excluded: [idOf(9)] });
  expect(strict.hear(at(1, "10.0.0.1"), "8.8.8.8")).toBe(false);
  expect(strict.hear(at(2, "127.0.0.1"), "8.8.8.8")).toBe(false);
  expect(strict.hear(at(9, "9.9.9.9"), "8.8.8.8")).toBe(false);
  expect(strict.hear({ id: undefined, host: "9.9.9.9", port: 1 }, "8.8.8.8")).toBe(false);
  strict.met(at(9, "9.9.9.9"));
  expect(strict.size).toBe(0);
  expect(book({ strict: false }).hear(at(1, "10.0.0.1"), "8.8.8.8")).toBe(true);
});

test("one source fills no more than its share, however many addresses it tells", () => {
  const poisoned = book();
  for (let honest = 0; honest < 100; honest += 1)
    poisoned.hear(at(honest, `${20 + honest}.1.0.1`), `${20 + honest}.9.0.1`);
  for (let lie = 0; lie < 3_000; lie += 1)
    poisoned.hear(at(1_000 + lie, `${1 + (lie % 200)}.${(lie >> 8) & 255}.0.1`), "66.6.1.1");
  expect(poisoned.size).toBeLessThanOrEqual(100 + MAX_HEARD_PER_SOURCE);
  const told = new Set(poisoned.sample(1_000, "").map(({ id }) => id));
  for (let honest = 0; honest < 100; honest += 1) expect(told.has(idOf(honest))).toBe(true);
});

test("one block of addresses has its share, among those heard of and among those met", () => {
  const crowded = book();
  for (let node = 0; node < 500; node += 1)
    crowded.hear(at(node, `5.5.${node >> 8}.${node & 255}`), `${1 + (node % 200)}.0.0.1`);
  expect(crowded.size).toBe(MAX_HEARD_PER_GROUP);
  for (let node = 1_000; node < 1_100; node += 1) crowded.met(at(node, `5.5.9.${node & 255}`));
  expect(crowded.size).toBe(MAX_HEARD_PER_GROUP + MAX_MET_PER_GROUP);
});

test("the book is bounded when many sources tell many addresses, and who told most loses first", () => {
  const full = book();
  for (let node = 0; node < 3_000; node += 1) {
    const host = `${1 + (node % 99)}.${(node >> 3) & 255}.${node & 255}.1`;
    full.hear(at(node, host), `${101 + (node % 100)}.${(node >> 7) & 255}.0.1`);
  }
  expect(full.size).toBeLessThanOrEqual(MAX_HEARD_ADDRESSES);
  for (let node = 0; node < 400; node += 1) full.met(at(50_000 + node, `${1 + (node % 99)}.${node & 255}.7.7`));
  expect(full.size).toBeLessThanOrEqual(MAX_HEARD_ADDRESSES + MAX_MET_ADDRESSES);
});

test("a liar cannot redirect a node that others know; one that cannot be reached may be told anew, and is forgotten in the end", () => {
  const known = book({ now: () => 1_000 });
  known.hear(at(1, "5.5.5.5"), "8.8.8.8");
  expect(known.hear(at(1, "66.6.6.6"), "66.6.1.1")).toBe(false);
  expect(known.sample(1, "")[0]!.host).toBe("5.5.5.5");
  known.failed(idOf(1));
  expect(known.hear(at(1, "6.6.6.6"), "9.9.9.9")).toBe(true);
  known.met(at(1, "6.6.6.6"));
  expect(known.hear(at(1, "66.6.6.6"), "66.6.1.1")).toBe(false);
  known.hear(at(2, "7.7.7.7"), "8.8.8.8");
  for (let failure = 0; failure < MAX_DIAL_FAILURES; failure += 1) known.failed(idOf(2));
  expect(known.size).toBe(1);
});

test("who is connected, who shares a block of addresses with them, and who was tried a moment ago is not picked", () => {
  let now = 1_000_000;
  const picked = book({ now: () => now });
  picked.hear(at(1, "5.5.5.5"), "8.8.8.8");
  picked.hear(at(2, "5.5.6.6"), "8.8.8.8");
  expect(picked.pick(new Set([idOf(1)]), new Set(["5.5"]))).toBeUndefined();
  expect(picked.pick(new Set([idOf(1)]), none)?.id).toBe(idOf(2));
  expect(picked.pick(new Set([idOf(1)]), none)).toBeUndefined();
  now += ADDRESS_RETRY_MIN_MS;
  expect(picked.pick(new Set([idOf(1)]), none)?.id).toBe(idOf(2));
});

test("a flood of addresses does not keep a node from the peers it has met", () => {
  let now = 1_000_000;
  const flooded = book({ now: () => now });
  for (let node = 0; node < 5; node += 1) flooded.met(at(node, `${10 + node}.1.1.1`.replace("10.", "20.")));
  for (let lie = 0; lie < 1_500; lie += 1)
    flooded.hear(at(1_000 + lie, `${50 + (lie % 100)}.${lie & 255}.1.1`), `${1 + (lie % 200)}.${lie & 255}.0.1`);
  let met = 0;
  for (let pick = 0; pick < 400; pick += 1) {
    now += 10 * ADDRESS_RETRY_MIN_MS;
    if (Number.parseInt(flooded.pick(none, none)!.id, 16) < 5) met += 1;
  }
  // Half on average, whatever the flood; far from that only with a chance of less than one in a billion.
  expect(met).toBeGreaterThan(130);
});

test("the file brings the book back, a damaged one is set aside", () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-book-"));
  folders.push(folder);
  const path = join(folder, "config", "addrbook.json");
  const first = book({ path });
  first.hear(at(1, "5.5.5.5"), "8.8.8.8");
  first.met(at(2, "2a01:4f8::1"));
  first.save();
  const again = book({ path });
  expect(again.sample(10, "").toSorted((a, b) => (a.id! < b.id! ? -1 : 1))).toEqual([
    at(1, "5.5.5.5"),
    at(2, "2a01:4f8::1"),
  ]);
  for (const damage of [
    "",
    "[]",
    '{"addresses":[{"address":"nonsense"}]}',
    '{"addresses":[{"address":5}]}',
    '{"addrs":[]}',
  ]) {
    writeFileSync(path, damage);
    expect(book({ path }).size).toBe(0);
    expect(readFileSync(`${path}.damaged`, "utf8")).toBe(damage);
  }
});
