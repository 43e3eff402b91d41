/** The witness of the network campaigns finds each kind of contradiction that is put before it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SIGNED_PRECOMMIT } from "../../../chain/types/vote.ts";
import { disk } from "../../../node/engine/disk.ts";
import { WriteAheadLog } from "../../../node/engine/wal.ts";
import { encodeEntry } from "../../../node/engine/wal-record.ts";
import { nodePaths } from "../../../node/home.ts";
import { block, CHAIN_ID, quietLog, vote } from "../../node/engine/support.ts";
import type { NetworkNode } from "./network-node.ts";
import { Witness } from "./witness.ts";

/** What a stand-in for a node answers: "hash app-hash" by height, and heights of transactions. */
interface Told {
  readonly headers: Readonly<Record<number, string>>;
  readonly transactions?: Readonly<Record<string, number>>;
}

let folder = "";
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-witness-"));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A node that tells what it is given and has a home of its own. */
async function standIn(name: string, told: Told): Promise<NetworkNode> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => response.end(JSON.stringify(answer(request.url ?? "", Buffer.concat(chunks).toString()))));
  });
  const answer = (url: string, body: string): unknown => {
    if (url.startsWith("/blockchain")) {
      const block_metas = Object.entries(told.headers).map(([height, header]) => {
        const [hash = "", app_hash = ""] = header.split(" ");
        return { block_id: { hash }, header: { height, app_hash } };
      });
      return { result: { block_metas } };
    }
    return (JSON.parse(body) as { id: number; params: { hash: string } }[]).map(({ id, params }) => {
      const height = told.transactions?.[Buffer.from(params.hash, "base64").toString("hex").toUpperCase()];
      return height === undefined
        ? { id, error: { data: "tx not found" } }
        : { id, result: { height: String(height) } };
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const path = join(folder, name);
  mkdirSync(nodePaths(path).writeAheadLog, { recursive: true });
  const lines: unknown[] = [];
  return {
    name,
    home: { path },
    seat: { rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    height: async () => Math.max(...Object.keys(told.headers).map(Number)),
    beginsAt: 1,
    logs: ["one"],
    lines: () => lines,
    unexpected: [],
  } as unknown as NetworkNode;
}

const AGREED = { 1: "A1 00", 2: "A2 01" };

test("nodes that tell the same are not accused", async () => {
  const witness = new Witness(CHAIN_ID);
  const nodes = [await standIn("one", { headers: AGREED }), await standIn("two", { headers: AGREED })];
  await witness.compareChains(nodes);
  witness.readHomes(nodes);
  witness.readLogs(nodes);
  expect([witness.violations, witness.heights]).toEqual([[], 2]);
});

test("another block at a height, and a missing one, are found", async () => {
  const witness = new Witness(CHAIN_ID);
  await witness.compareChains([await standIn("one", { headers: { ...AGREED, 3: "A3 02" } })]);
  await witness.compareChains([await standIn("two", { headers: { 1: "A1 00", 3: "B3 02" } })]);
  expect(witness.violations).toEqual(["two has no block at height 2", "height 3: two has B3 02, others A3 02"]);
});

test("a transaction that was reported and is gone, or elsewhere, is found", async () => {
  const witness = new Witness(CHAIN_ID);
  const node = await standIn("one", { headers: AGREED, transactions: { AA: 2, BB: 1 } });
  await witness.findTransactions(
    [node],
    new Map([
      ["AA", 2],
      ["BB", 2],
      ["CC", 1],
    ]),
  );
  expect(witness.violations).toEqual([
    "one: transaction BB of height 2 is 1",
    "one: transaction CC of height 1 is lost",
  ]);
});

test("two different votes of one key at one place are found, wherever they are on record", async () => {
  const witness = new Witness(CHAIN_ID);
  const nodes = [await standIn("one", { headers: AGREED }), await standIn("two", { headers: AGREED })];
  for (const [index, letter] of ["a", "b"].entries()) {
    const directory = nodePaths(nodes[index]!.home.path).writeAheadLog;
    const log = new WriteAheadLog({ directory, chainId: CHAIN_ID }, { files: disk, log: quietLog() });
    log.open(7n);
    const signature = new Uint8Array(64).fill(index + 1);
    log.append(encodeEntry({ type: "vote", vote: { ...vote(SIGNED_PRECOMMIT, 0, 7n, 1, block(letter)), signature } }));
    log.sync();
    log.close();
  }
  witness.readHomes(nodes);
  expect(witness.violations).toHaveLength(1);
  expect(witness.violations[0]).toContain("7/1/precommit, seen at two");
});

test("a state that was told otherwise, an alarm and a process that died are found", async () => {
  const witness = new Witness(CHAIN_ID);
  const [one, two] = [await standIn("one", { headers: AGREED }), await standIn("two", { headers: AGREED })];
  (one.lines() as unknown[]).push({ level: "info", msg: "committed a block", height: "9", appHash: "AB" });
  (two.lines() as unknown[]).push({ level: "info", msg: "committed a block", height: "9", appHash: "CD" });
  (two.lines() as unknown[]).push({ level: "warn", msg: "a validator signed two different votes" });
  two.unexpected.push("two ended by itself (1): out of luck");
  witness.readLogs([one, two]);
  expect(witness.violations).toEqual([
    "state after 9: two told CD, others AB",
    "two: a validator signed two different votes",
    "two ended by itself (1): out of luck",
  ]);
});

test("what the key signed is compared with what its journal held before", async () => {
  const witness = new Witness(CHAIN_ID);
  const node = await standIn("one", { headers: AGREED });
  const { signJournal } = nodePaths(node.home.path);
  writeFileSync(signJournal, journal("first"));
  witness.readHomes([node]);
  writeFileSync(signJournal, journal("other"));
  witness.readHomes([node]);
  expect(witness.violations).toHaveLength(1);
  expect(witness.violations[0]).toContain("journal of one 5/0/2");
});

/** A sign journal by its layout with one record: height 5, round 0, step 2. */
function journal(signBytes: string): Uint8Array {
  const field = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const place = Buffer.alloc(13);
  place.writeBigUInt64BE(5n);
  place.writeUInt8(2, 12);
  const payload = Buffer.concat([place, field(Buffer.from(signBytes))]);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(payload.length);
  const header = [Buffer.from("TRIBSIG1"), field(Buffer.from(CHAIN_ID)), field(new Uint8Array(20)), Buffer.alloc(17)];
  return Buffer.concat([...header, head, payload]);
}
