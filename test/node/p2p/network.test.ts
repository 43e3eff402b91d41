/** Real libp2p hosts on loopback: who may join, what travels, what is faulted. Consensus itself is a stand-in that records what it gets. */

import { afterEach, expect, test } from "vitest";
import { BLOCKS_KIND } from "../../../node/p2p/block-server.ts";
import { generateNodeKey } from "../../../node/p2p/identity.ts";
import { MAX_BLOCKS_PER_REQUEST } from "../../../node/p2p/limits.ts";
import { fullDefault } from "../../../proto/codec.ts";
import { startNode, stopNodes, until } from "./support.ts";

afterEach(stopNodes);

test("a node dials its persistent peer and both know each other by their node ids", async () => {
  const a = await startNode({ height: 7n });
  const b = await startNode({ peers: [a.address] });
  await until(() => a.network.peers().length === 1 && b.network.peers().length === 1, "both have one peer");
  expect(b.network.peers()[0]).toMatchObject({ nodeId: a.key.id, outbound: true, status: { base: 1n, height: 7n } });
  expect(a.network.peerSummaries()).toMatchObject([{ nodeId: b.key.id, moniker: "test", outbound: false }]);
});

test("two nodes that dial each other keep one connection", async () => {
  const keyA = generateNodeKey();
  const a = await startNode({ key: keyA });
  const b = await startNode({ peers: [a.address] });
  await a.network.dial(b.address);
  await until(() => a.network.peers().length === 1 && b.network.peers().length === 1, "one peer each");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([a.network.peers().length, b.network.peers().length]).toEqual([1, 1]);
  const before = b.transactions.length;
  a.network.sendTransaction(Uint8Array.of(1, 2, 3));
  await until(() => b.transactions.length > before, "the one connection works");
});

test("a peer that proves to be somebody else is refused with both ids", async () => {
  const a = await startNode();
  const b = await startNode();
  const stranger = { ...a.address, id: generateNodeKey().id };
  await expect(b.network.dial(stranger)).rejects.toThrow(new RegExp(`proved to be ${a.key.id}, not ${stranger.id}`));
});

test("a node of another chain, or of the same name with another genesis, does not become a peer", async () => {
  const a = await startNode();
  const otherGenesis = await startNode({ genesis: 2, peers: [a.address] });
  const otherChain = await startNode({ chainId: "another" });
  await expect(otherChain.network.dial(a.address)).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([a, otherGenesis, otherChain].map(({ network }) => network.peers().length)).toEqual([0, 0, 0]);
});

test("transactions are passed on along a line, once", async () => {
  const a = await startNode();
  const b = await startNode({ peers: [a.address] });
  const c = await startNode({ peers: [b.address] });
  await until(() => b.network.peers().length === 2 && c.network.peers().length === 1, "a line of three");
  for (let tx = 0; tx < 50; tx += 1) a.network.sendTransaction(Uint8Array.of(0xaa, tx));
  await until(() => c.transactions.length === 50, "all have arrived at the far end");
  expect(new Set(c.transactions).size).toBe(50);
  expect(a.transactions).toEqual([]);
});

test("a peer that joins is told what waits, once it is level, and again what gets into no block", async () => {
  const pool = Array.from({ length: 30 }, (_, index) => Uint8Array.of(0xbb, index));
  const a = await startNode({ height: 5n, pool });
  const level = await startNode({ height: 5n, peers: [a.address] });
  const behind = await startNode({ height: 2n, peers: [a.address] });
  await until(() => level.transactions.length === 30, "the level one was told");
  expect(behind.transactions).toEqual([]);
  // Nothing of it is in a block: the peer may have lost it.
  level.transactions.length = 0;
  await until(() => level.transactions.length === 30, "what stays is told again");
});

test("a peer that broke the rules is avoided: neither taken in again nor kept by dialling", async () => {
  const a = await startNode();
  const b = await startNode({ peers: [a.address] });
  await until(() => a.network.peers().length === 1, "connected");
  a.network.peers()[0]!.fault("a test says so");
  await until(() => b.network.peers().length === 0, "it is out");
  await b.network.dial(a.address).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([a.network.peers().length, b.network.peers().length]).toEqual([0, 0]);
  const c = await startNode({ peers: [a.address] });
  await until(() => c.network.peers().length === 1, "others are welcome");
});

test("a peer whose transactions are checked in vain is heard no more for a while", async () => {
  let refused = 0;
  const refuse = () => {
    refused += 1;
    for (const endMs = performance.now() + 50; performance.now() < endMs; );
  };
  const a = await startNode();
  const b = await startNode({ peers: [a.address], refuse });
  await until(() => a.network.peers().length === 1 && b.network.peers().length === 1, "connected");
  for (let tx = 0; tx < 200; tx += 1) a.network.sendTransaction(Uint8Array.of(0xbb, tx));
  await until(() => refused >= 10, "some were checked");
  await new Promise((resolve) => setTimeout(resolve, 200));
  // 200 times 50 ms would be ten seconds; one second is the share, and a tenth of each that follows.
  expect(refused).toBeLessThan(60);
  expect(b.network.peers()).toHaveLength(1);
});

test("consensus messages arrive as they were sent, and an invalid one ends the connection", async () => {
  const a = await startNode();
  const b = await startNode({ peers: [a.address] });
  await until(() => a.network.peers().length === 1, "connected");
  const vote = { ...fullDefault("tendermint.types.Vote"), height: 9n, round: 2, signature: Uint8Array.of(1, 2) };
  a.network.publish({ type: "vote", vote });
  await until(() => b.consensus.length === 1, "it arrived");
  expect(b.consensus).toEqual([{ from: a.key.id, message: { type: "vote", vote } }]);
  b.verdict = "invalid";
  a.network.publish({ type: "vote", vote: { ...vote, round: 3 } });
  await until(() => b.network.peers().length === 0, "the fault was noticed");
});

test("an answer that nobody asked for is refused before it is read", async () => {
  const a = await startNode({ height: 5n });
  const b = await startNode({ peers: [a.address] });
  await until(() => a.network.peers().length === 1 && b.network.peers().length === 1, "connected");
  a.network.peers()[0]!.send({ response: { id: 1n, body: new Uint8Array(1_500_000), refused: false } });
  await until(() => b.network.peers().length === 0, "it ended the connection");
});

test("blocks are served in ranges that end where the server's do", async () => {
  const a = await startNode({ height: 5n });
  const b = await startNode({ peers: [a.address] });
  await until(() => b.network.peers().length === 1, "connected");
  const ask = (fromHeight: bigint) =>
    b.network.requests.ask(b.network.peers()[0]!, BLOCKS_KIND, { fromHeight, count: 10 });
  expect((await ask(1n)).blocks.length).toBe(MAX_BLOCKS_PER_REQUEST);
  expect((await ask(4n)).blocks.length).toBe(2);
  expect((await ask(6n)).blocks).toEqual([]);
});

test("a listen address in use is one clear sentence", async () => {
  const a = await startNode();
  await expect(startNode({ listen: `tcp://127.0.0.1:${a.address.port}` })).rejects.toThrow(
    /peer-to-peer address .* cannot be used.*Nothing was changed/,
  );
});
