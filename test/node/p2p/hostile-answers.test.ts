/**
 * What hostile peers answer when they are asked, and what stands in files that others may have touched: every kind of answer with
 * bytes changed, addresses that are none, compact proposals that come to nothing. Nothing escapes as a throw, and bounds hold.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { encodeBlock } from "../../../chain/types/block.ts";
import { PartSet } from "../../../chain/types/part-set.ts";
import { silentLogger } from "../../../node/log.ts";
import { AddressBook } from "../../../node/p2p/address-book.ts";
import { Bans } from "../../../node/p2p/bans.ts";
import { BLOCKS_KIND } from "../../../node/p2p/block-server.ts";
import { blockTransactionsKind } from "../../../node/p2p/block-transactions.ts";
import { compactOf } from "../../../node/p2p/compact-block.ts";
import { digest, joinDigests } from "../../../node/p2p/digest.ts";
import { frame } from "../../../node/p2p/framing.ts";
import { generateNodeKey } from "../../../node/p2p/identity.ts";
import { MAX_ADDRESSES_TOLD, MAX_BANS, MAX_HEARD_ADDRESSES, MAX_HEARD_PER_SOURCE } from "../../../node/p2p/limits.ts";
import { PeerNetwork } from "../../../node/p2p/network.ts";
import { clockKind } from "../../../node/p2p/peer-clocks.ts";
import { PeerExchange } from "../../../node/p2p/peer-exchange.ts";
import { defaultPolicy } from "../../../node/p2p/policy.ts";
import { NoAnswerError, type RequestKind, Requests } from "../../../node/p2p/requests.ts";
import type { ConsensusMessage } from "../../../node/ports.ts";
import { chunkKind, SNAPSHOTS_KIND } from "../../../node/sync/request-kinds.ts";
import { encode, fullDefault } from "../../../proto/codec.ts";
import { hostile } from "./hostile-peer.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-hostile-answers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runs = { numRuns: process.env.TRIBUTARY_FULL === "1" ? 5_000 : 150 };
const log = silentLogger();

/** Changes, cuts or lengthens bytes at random. */
const changed = (valid: Uint8Array) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.tuple(fc.nat(Math.max(0, valid.length - 1)), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((edits) => {
        const bytes = valid.slice();
        for (const [at, value] of edits) bytes[at] = value;
        return bytes;
      }),
    fc.nat(valid.length).map((length) => valid.slice(0, length)),
  );

describe("answers", () => {
  const block = { block: encodeBlock(fullDefault("tendermint.types.Block")), commit: new Uint8Array(40) };
  const snapshot = { height: 5n, format: 1, chunks: 2, hash: new Uint8Array(32), metadata: new Uint8Array(64) };
  const kinds: readonly (readonly [RequestKind, unknown, unknown])[] = [
    [BLOCKS_KIND, { fromHeight: 1n, count: 5 }, { blocks: [block, block] }],
    [blockTransactionsKind, { partSetHash: new Uint8Array(32), indexes: [0, 1] }, { txs: [new Uint8Array(30)] }],
    [clockKind, {}, { unixMs: 1_700_000_000_000n }],
    [SNAPSHOTS_KIND, {}, { snapshots: [snapshot] }],
    [
      chunkKind(5_000),
      { height: 5n, format: 1, index: 0 },
      { height: 5n, format: 1, index: 0, chunk: new Uint8Array(64) },
    ],
  ];
  test.each(kinds.map(([kind, question, answer]) => [kind.name, kind, question, answer] as const))(
    "to questions of kind %s are read, or are none and a fault",
    async (_name, kind, question, answer) => {
      const valid = encode(kind.answer, answer as never);
      let read = 0;
      await fc.assert(
        fc.asyncProperty(changed(valid), async (body) => {
          const requests = new Requests({ report: () => undefined });
          const { peer, faults, receive } = hostile((from, frameBody) => requests.receive(from, frameBody));
          const asked = requests.ask(peer, kind, question as never).then(
            () => "read",
            (error: unknown) => (error instanceof NoAnswerError ? "none" : error),
          );
          receive(frame(encode("tributary.p2p.v1.Frame", { response: { id: 1n, body, refused: false } })));
          const outcome = await asked;
          if (outcome === "read") read += 1;
          expect([outcome, faults.length]).toEqual(outcome === "read" ? ["read", 0] : ["none", 1]);
        }),
        runs,
      );
      expect(read).toBeGreaterThan(0);
    },
  );

  test("addresses that peers tell: whatever they are, the book keeps its bounds and nothing escapes", async () => {
    const id = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("hex"));
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc.string(),
      fc.constantFrom("", "::1", "localhost"),
    );
    const address = fc.oneof(
      fc.tuple(id, host, fc.integer({ min: -1, max: 70_000 })).map(([node, at, port]) => `${node}@${at}:${port}`),
      fc.string(),
      fc.constantFrom(`/ip4/1.2.3.4/tcp/1/p2p/x/p2p-circuit`, "a".repeat(1_000), `tcp://${"0".repeat(40)}@8.8.8.8:1`),
    );
    let heard = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(address, { maxLength: MAX_ADDRESSES_TOLD + 5, size: "max" }), async (addresses) => {
        const book = new AddressBook({ path: undefined, strict: true, excluded: new Set() }, { log });
        const requests = new Requests({ report: () => undefined });
        const exchange = new PeerExchange(defaultPolicy, {
          book,
          requests,
          peers: () => [],
          dial: async () => undefined,
          isUnconditional: () => false,
          relayedAddresses: () => [],
          log,
        });
        const { peer, faults, receive } = hostile((from, body) => requests.receive(from, body));
        exchange.joined(peer);
        const body = encode("tributary.p2p.v1.PeersResponse", { addresses });
        receive(frame(encode("tributary.p2p.v1.Frame", { response: { id: 1n, body, refused: false } })));
        await new Promise((resolve) => setImmediate(resolve));
        exchange.stop();
        heard += book.size;
        expect(book.size).toBeLessThanOrEqual(MAX_HEARD_PER_SOURCE);
        if (addresses.length > MAX_ADDRESSES_TOLD) expect(faults.length).toBeGreaterThan(0);
      }),
      { numRuns: Math.ceil(runs.numRuns / 3) },
    );
    expect(heard).toBeGreaterThan(0);
  });
});

describe("files", () => {
  const id = "ab".repeat(20);
  const path = join(folder, "file.json");
  const entry = { address: `${id}@8.8.8.8:26656`, source: "8.8", met: true, failures: 0, tried_at: 0 };
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("", -1, 2 ** 60, 1e300, "1".repeat(100), [id], null),
  );
  const entryOf = (valid: Record<string, unknown>) =>
    fc.oneof(
      fc.constant(valid),
      fc.tuple(fc.constantFrom(...Object.keys(valid)), odd).map(([key, value]) => ({ ...valid, [key]: value })),
      odd,
    );
  const fileOf = (name: string, valid: Record<string, unknown>) =>
    fc.oneof(
      fc.array(entryOf(valid), { maxLength: 4 }).map((list) => JSON.stringify({ [name]: list })),
      odd.map((list) => JSON.stringify({ [name]: list })),
      fc.string(),
      odd.map((json) => JSON.stringify(json)),
    );

  test("an address book is read or set aside, whatever stands in it, and one that was read is usable", () => {
    let read = 0;
    fc.assert(
      fc.property(fileOf("addresses", entry), (text) => {
        writeFileSync(path, text);
        const book = new AddressBook({ path, strict: true, excluded: new Set() }, { log, random: () => 0 });
        read += book.size;
        const picked = book.pick(new Set(), new Set());
        if (picked !== undefined) book.failed(picked.id);
        for (const { id: told } of book.sample(10, id)) expect(told).toMatch(/^[0-9a-f]{40}$/);
        book.save();
        expect(new AddressBook({ path, strict: true, excluded: new Set() }, { log }).size).toBe(book.size);
      }),
      runs,
    );
    expect(read).toBeGreaterThan(0);
    expect(readdirSync(folder)).toContain("file.json.damaged");
  });

  test("a book of a hundred thousand entries is no larger in memory than one may be", () => {
    const addresses = Array.from({ length: 100_000 }, (_, index) => ({
      ...entry,
      address: `${index.toString(16).padStart(40, "0")}@${8 + (index % 200)}.${(index >> 8) % 250}.1.1:1`,
      met: false,
      source: String(index),
    }));
    writeFileSync(path, JSON.stringify({ addresses }));
    const book = new AddressBook({ path, strict: true, excluded: new Set() }, { log });
    expect(book.size).toBeLessThanOrEqual(MAX_HEARD_ADDRESSES);
    expect(book.size).toBeGreaterThan(500);
  });

  test("a list of bans is read or set aside, whatever stands in it, and bans nobody for longer than a ban lasts", () => {
    let read = 0;
    const ban = { id, host: "8.8.8.8", until: Date.now() + 1_000_000, reason: "a test" };
    fc.assert(
      fc.property(fileOf("bans", ban), (text) => {
        writeFileSync(path, text);
        const bans = new Bans(path, { log });
        read += bans.list().length;
        expect(bans.list().length).toBeLessThanOrEqual(MAX_BANS);
        for (const each of bans.list()) {
          expect([typeof each.id, bans.has(each.id)]).toEqual(["string", true]);
          expect(each.until).toBeLessThanOrEqual(Date.now() + 1_800_000);
        }
        bans.add("cd".repeat(20), "9.9.9.9", "another");
        expect(new Bans(path, { log }).list()).toEqual(bans.list());
      }),
      runs,
    );
    expect(read).toBeGreaterThan(0);
  });
});

test("compact proposals with bytes changed: the node puts together the true block or none, and throws nothing", async () => {
  const txs = Array.from({ length: 5 }, (_, index) => new Uint8Array(40).fill(index + 1));
  const empty = fullDefault("tendermint.types.Block");
  const block = { ...empty, header: { ...empty.header, height: 1n }, data: { ...empty.data, txs } };
  const bytes = encodeBlock(block);
  const parts = PartSet.fromBytes(bytes);
  const blockId = { hash: new Uint8Array(32).fill(1), partSetHeader: parts.header };
  const fields = { height: 1n, blockId, signature: new Uint8Array(64).fill(2) };
  const proposal = { ...fullDefault("tendermint.types.Proposal"), ...fields };
  const { block: body, names } = compactOf(bytes)!;
  const transactionIds = joinDigests(names);
  const valid = encode("tributary.p2p.v1.Frame", { compactProposal: { proposal, block: body, transactionIds } });
  const network = new PeerNetwork(
    {
      nodeKey: generateNodeKey(),
      chainId: "hostile",
      listenAddress: undefined,
      persistentPeers: [],
      hello: () => ({ chainId: "hostile", genesisHash: new Uint8Array() }),
    },
    { log },
  );
  const built: string[] = [];
  const engine = {
    receive: async (from: string, message: ConsensusMessage) => {
      if (message.type === "part") built.push(digest(message.part.bytes));
      if (message.type === "proposal") network.relay(message, from);
      return "accepted" as const;
    },
    status: () => ({ height: 1n, round: 0, step: "propose" }),
    summary: () => ({ height: 1n, round: 0, rounds: [], wanted: undefined }),
    repair: () => [],
  };
  await network.start({
    engine,
    storage: { loadBlock: async () => undefined },
    heights: () => ({ base: 0n, height: 0n }),
    receiveTransaction: () => true,
    waitingTransactions: () => txs,
    findTransaction: () => undefined,
    heightsChanged: () => undefined,
  } as never);
  try {
    let number = 0;
    const play = (first: Uint8Array): void => {
      number += 1;
      const { receive } = hostile(
        (from, frameBody, size) => network.frame(from, frameBody, size),
        number.toString(16).padStart(40, "0"),
      );
      receive(frame(encode("tributary.p2p.v1.Frame", { transactions: { txs } })));
      receive(frame(first));
    };
    await fc.assert(
      fc.asyncProperty(changed(valid), async (mutated) => {
        if (mutated.length === 0) return;
        play(mutated);
        await new Promise((resolve) => setImmediate(resolve));
      }),
      runs,
    );
    play(valid);
    for (let turn = 0; turn < 400 && built.length === 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    // Only what hashes to the parts of its proposal reaches the engine; a changed header makes another block of another proposal.
    expect(built).toContain(digest(parts.part(0)!.bytes));
  } finally {
    await network.stop();
  }
});
