/** Blocks between real hosts: fetched whole and checked, refused with reasons, and what hostile askers and givers can do. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { BlockStore } from "../../../node/data/block-store.ts";
import { BlockExchange, HAVE_KIND, WANT_KIND } from "../../../node/data/exchange.ts";
import { MAX_DIGESTS_ASKED, SLICE_BYTES } from "../../../node/data/limits.ts";
import { silentLogger } from "../../../node/log.ts";
import { frame } from "../../../node/p2p/framing.ts";
import { NoAnswerError, type RequestKind, Requests } from "../../../node/p2p/requests.ts";
import { encode } from "../../../proto/codec.ts";
import { hostile } from "../p2p/hostile-peer.ts";
import { startNode, stopNodes, type TestNode, until } from "../p2p/support.ts";

const folders: string[] = [];
afterEach(async () => {
  await stopNodes();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const log = silentLogger();

async function newStore(): Promise<BlockStore> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-exchange-"));
  folders.push(folder);
  return BlockStore.open({ folder, budgetBytes: 100_000_000 });
}

function exchangeOf({ network }: TestNode, store: BlockStore): BlockExchange {
  return new BlockExchange({ store, requests: network.requests, peers: () => network.peers(), log });
}

/** A node that asks, and so many that serve stores of their own. */
async function asking(servers: number) {
  const stores: BlockStore[] = [];
  const nodes: TestNode[] = [];
  for (let i = 0; i < servers; i++) {
    const [node, store] = [await startNode(), await newStore()];
    exchangeOf(node, store).serve();
    nodes.push(node);
    stores.push(store);
  }
  const asker = await startNode({ peers: nodes.map(({ address }) => address) });
  await until(() => asker.network.peers().length === servers, "connected");
  const exchange = exchangeOf(asker, await newStore());
  return { asker, exchange, nodes, stores };
}

/** Bytes that differ from slice to slice. */
const large = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >>> 13)) & 255);

describe("between hosts", () => {
  test("a block of many slices comes whole from whoever has it, and the others say that they have not", async () => {
    const { exchange, nodes, stores } = await asking(3);
    const block = large(3 * SLICE_BYTES + 17);
    const digest = await stores[1]!.put(block, "loose");
    const { bytes, attempts } = await exchange.fetch(digest, 20_000);
    expect(bytes).toEqual(block);
    const byPeer = new Map(attempts.map(({ peer, outcome }) => [peer, outcome]));
    expect(nodes.map(({ key }) => byPeer.get(key.id))).toEqual(["has it not", "gave it", "has it not"]);
  });

  test.each([1, SLICE_BYTES - 1, SLICE_BYTES, SLICE_BYTES + 1, 2 * SLICE_BYTES])(
    "so does one of %i bytes",
    async (length) => {
      const { exchange, stores } = await asking(1);
      const digest = await stores[0]!.put(large(length), "pinned");
      expect((await exchange.fetch(digest, 20_000)).bytes).toEqual(large(length));
    },
  );

  test("a peer that gives something else is found out, faulted, and the next is asked", async () => {
    const { asker, exchange, nodes, stores } = await asking(1);
    const liar = await startNode();
    const block = large(SLICE_BYTES + 5);
    liar.network.requests.serve(HAVE_KIND, (_peer, { digests }) => ({
      lengths: digests.map(() => BigInt(block.length)),
    }));
    liar.network.requests.serve(WANT_KIND, (_peer, { slice }) => ({
      length: BigInt(block.length),
      slice: new Uint8Array(slice === 0 ? SLICE_BYTES : 5),
    }));
    await asker.network.dial(liar.address);
    await until(() => asker.network.peers().length === 2, "the liar is a peer");
    const digest = await stores[0]!.put(block, "loose");
    // Whichever is asked first, the block comes from the honest one.
    const { bytes, attempts } = await exchange.fetch(digest, 20_000);
    expect(bytes).toEqual(block);
    expect(attempts.find(({ outcome }) => outcome === "gave it")!.peer).toBe(nodes[0]!.key.id);
    await stores[0]!.remove(digest);
    const second = await exchange.fetch(digest, 20_000);
    expect(second.bytes).toBeUndefined();
    await until(() => asker.network.peers().every(({ nodeId }) => nodeId !== liar.key.id), "the liar is gone");
  });

  test("who does not answer before the deadline has not made the block available", async () => {
    const { asker, exchange } = await asking(0);
    const silent = await startNode();
    silent.network.requests.serve(HAVE_KIND, () => ({ lengths: [5n] }));
    silent.network.requests.serve(WANT_KIND, () => new Promise(() => undefined));
    await asker.network.dial(silent.address);
    await until(() => asker.network.peers().length === 1, "connected");
    const { bytes, attempts } = await exchange.fetch(new Uint8Array(32), 300);
    expect(bytes).toBeUndefined();
    expect(attempts).toMatchObject([{ peer: silent.key.id, outcome: "did not answer in time" }]);
    expect(asker.network.peers()).toHaveLength(1);
  });

  test("a block that is damaged on its holder's disk is not given", async () => {
    const { exchange, stores } = await asking(1);
    const digest = await stores[0]!.put(large(100), "loose");
    await stores[0]!.remove(digest);
    expect((await exchange.fetch(digest, 5_000)).attempts).toMatchObject([{ outcome: "has it not" }]);
  });
});

describe("hostile peers", () => {
  const runs = { numRuns: process.env.TRIBUTARY_FULL === "1" ? 5_000 : 150 };
  const digest = new Uint8Array(32).fill(1);
  const changed = (valid: Uint8Array) =>
    fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.tuple(fc.nat(Math.max(0, valid.length - 1)), fc.nat(255)), { minLength: 1, maxLength: 4 })
        .map((edits) => edits.reduce((bytes, [at, value]) => bytes.with(at, value), valid)),
    );
  const answers: readonly (readonly [RequestKind, unknown, unknown])[] = [
    [HAVE_KIND, { digests: [digest, digest] }, { lengths: [5n, 0n] }],
    [WANT_KIND, { digest, slice: 0 }, { length: 5n, slice: new Uint8Array(5) }],
  ];

  test.each(answers.map((one) => [one[0].name, ...one] as const))(
    "whatever they answer to %s is read, or is none and a fault",
    async (_name, kind, question, answer) => {
      let read = 0;
      await fc.assert(
        fc.asyncProperty(changed(encode(kind.answer, answer as never)), async (body) => {
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

  test("whatever they ask is answered, refused or a fault, and never a bug", async () => {
    const store = await newStore();
    await store.put(large(10), "loose");
    const bugs: unknown[] = [];
    const questions = answers.map(([kind, question]) => [kind.name, encode(kind.question, question as never)] as const);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...questions).chain(([kind, valid]) => fc.tuple(fc.constant(kind), changed(valid))),
        async ([kind, body]) => {
          const requests = new Requests({ report: (error) => bugs.push(error) });
          new BlockExchange({ store, requests, peers: () => [], log }).serve();
          const { faults, sent, receive } = hostile((from, frameBody) => requests.receive(from, frameBody));
          receive(frame(encode("tributary.p2p.v1.Frame", { request: { id: 1n, kind, body } })));
          for (let turn = 0; turn < 200 && faults.length === 0 && sent.length === 0; turn++)
            await new Promise((resolve) => setTimeout(resolve, 1));
          expect(faults.length + sent.length).toBeGreaterThan(0);
        },
      ),
      runs,
    );
    expect(bugs).toEqual([]);
  });

  test("too many hashes, hashes that are none and slices beyond any block are faults", async () => {
    const store = await newStore();
    const requests = new Requests({ report: () => undefined });
    new BlockExchange({ store, requests, peers: () => [], log }).serve();
    const ask = async (kind: RequestKind, question: unknown) => {
      const { faults, receive } = hostile((from, frameBody) => requests.receive(from, frameBody));
      const body = encode(kind.question, question as never);
      receive(frame(encode("tributary.p2p.v1.Frame", { request: { id: 1n, kind: kind.name, body } })));
      for (let turn = 0; turn < 200 && faults.length === 0; turn++)
        await new Promise((resolve) => setTimeout(resolve, 1));
      return faults;
    };
    expect(await ask(HAVE_KIND, { digests: Array.from({ length: MAX_DIGESTS_ASKED + 1 }, () => digest) })).toHaveLength(
      1,
    );
    expect(await ask(HAVE_KIND, { digests: [new Uint8Array(31)] })).toHaveLength(1);
    expect(await ask(WANT_KIND, { digest, slice: 1_000 })).toHaveLength(1);
    expect(await ask(WANT_KIND, { digest: new Uint8Array(33), slice: 0 })).toHaveLength(1);
  });

  test("lengths that no block has are a fault, and nothing is made ready for them", async () => {
    const requests = new Requests({ report: () => undefined });
    const { peer, faults, sent, receive } = hostile((from, frameBody) => requests.receive(from, frameBody));
    const exchange = new BlockExchange({ store: await newStore(), requests, peers: () => [peer], log });
    const asked = exchange.lengths(peer, [digest]);
    await until(() => sent.length > 0, "asked");
    const body = encode("tributary.p2p.v1.BlockHaveResponse", { lengths: [1n << 40n] });
    receive(frame(encode("tributary.p2p.v1.Frame", { response: { id: 1n, body, refused: false } })));
    expect(await asked).toBeUndefined();
    expect(faults).toHaveLength(1);
  });
});
