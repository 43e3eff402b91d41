/** Finding peers over real hosts: through a peer, through a seed, what is told to nobody, places, and relays for nodes that listen nowhere. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { BLOCKS_KIND } from "../../../node/p2p/block-server.ts";
import { generateNodeKey, parsePeerAddress } from "../../../node/p2p/identity.ts";
import { fullDefault } from "../../../proto/codec.ts";
import { startNode, stopNodes, type TestNode, until } from "./support.ts";

const folders: string[] = [];
afterEach(async () => {
  await stopNodes();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Loopback may be told, and looks come quickly. */
const exchange = { exchange: true, strictAddresses: false, exchangeIntervalMs: 150, exchangeEagerMs: 100 };

const knows = (node: TestNode, other: TestNode) => node.network.peers().some(({ nodeId }) => nodeId === other.key.id);

test("nodes that know one peer find the others through it", async () => {
  const hub = await startNode({ policy: exchange });
  const a = await startNode({ peers: [hub.address], policy: exchange });
  await until(() => knows(hub, a), "a is there");
  const b = await startNode({ peers: [hub.address], policy: exchange });
  await until(() => knows(b, a) && knows(a, b), "a and b have found each other");
});

test("a seed gives addresses and parts; the address book remembers them over a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-exchange-"));
  folders.push(folder);
  const seed = await startNode({ policy: { ...exchange, seedMode: true } });
  const a = await startNode({ policy: { ...exchange, seeds: [seed.address] } });
  await until(() => knows(seed, a), "a asked the seed");
  const addressBookFile = join(folder, "addrbook.json");
  const b = await startNode({ policy: { ...exchange, seeds: [seed.address], addressBookFile } });
  await until(() => knows(b, a), "b found a");
  await until(() => !knows(b, seed), "b parted from the seed");
  await b.network.stop();
  expect(readFileSync(addressBookFile, "utf8")).toContain(a.key.id);
  const restarted = await startNode({ key: b.key, policy: { ...exchange, addressBookFile } });
  await until(() => knows(restarted, a), "without the seed");
});

test("the address of a private peer is told to nobody", async () => {
  const validator = await startNode({ policy: { exchange: false } });
  const sentry = await startNode({
    peers: [validator.address],
    policy: { ...exchange, private: new Set([validator.key.id]) },
  });
  const outside = await startNode({ peers: [sentry.address], policy: exchange });
  const third = await startNode({ peers: [sentry.address], policy: exchange });
  await until(() => knows(outside, third), "the others found each other");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect([knows(outside, validator), knows(third, validator), knows(sentry, validator)]).toEqual([false, false, true]);
});

test("inbound places are bounded, and an unconditional peer has one all the same", async () => {
  const friend = await startNode();
  const a = await startNode({ policy: { maxInbound: 2, unconditional: new Set([friend.key.id]) } });
  const first = await startNode({ peers: [a.address] });
  await until(() => knows(a, first), "the first has a place");
  const second = await startNode();
  await second.network.dial(a.address);
  await until(
    () => a.network.statistics().refusedPeers === 1,
    "half of the places are for those that brought something",
  );
  await friend.network.dial(a.address);
  await until(() => knows(a, friend), "the unconditional one is in");
});

test("a ban outlives a restart of the node that banned; a persistent peer is never banned", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-exchange-"));
  folders.push(folder);
  const bansFile = join(folder, "banned_peers.json");
  const key = generateNodeKey();
  const friend = await startNode();
  const first = await startNode({ key, peers: [friend.address], policy: { bansFile } });
  const liar = await startNode({ peers: [first.address] });
  await until(() => knows(first, liar) && knows(first, friend), "both are there");
  for (const peer of first.network.peers()) peer.fault("a test says so");
  await until(() => first.network.peers().length === 0, "both are out");
  expect(first.network.statistics()).toMatchObject({ bans: 1, faults: 2 });
  await first.network.stop();
  const restarted = await startNode({ key, peers: [friend.address], policy: { bansFile } });
  await until(() => knows(restarted, friend), "the persistent one is back");
  await liar.network.dial(restarted.address).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(restarted.network.peers().map(({ nodeId }) => nodeId)).toEqual([friend.key.id]);
});

test("addresses that are none cost the one that tells them its place", async () => {
  const a = await startNode({ policy: exchange });
  const liar = await startNode({ policy: { ...exchange, exchange: false } });
  const kind = { question: "tributary.p2p.v1.PeersRequest", answer: "tributary.p2p.v1.PeersResponse" } as const;
  const rest = {
    maxQuestionBytes: 16,
    maxAnswerBytes: 100_000,
    perSecond: 10,
    burst: 10,
    answerBytesPerSecond: 1e6,
    timeoutMs: 1_000,
  };
  liar.network.requests.serve({ name: "peers", ...kind, ...rest }, () => ({
    addresses: Array.from({ length: 90 }, (_, index) => `${"x".repeat(index)}@/p2p-circuit`),
  }));
  await liar.network.dial(a.address);
  await until(() => a.network.statistics().faults >= 4 && a.network.peers().length === 0, "it is out");
});

test("two nodes that know a relay only meet through it, and then directly where one of them can be dialled", async () => {
  const relay = await startNode({ policy: { relay: true } });
  const phone = await startNode({ dialsOnly: true, peers: [relay.address], policy: { useRelays: true } });
  await until(() => phone.network.relayedAddresses().length > 0, "the relay took it");
  // Its name counts as an address that anyone could dial; loopback's numbers do not.
  const probe = await startNode();
  const { port } = probe.address;
  await probe.network.stop();
  const far = await startNode({
    peers: [parsePeerAddress(phone.network.relayedAddresses()[0]!)],
    listen: `tcp://127.0.0.1:${port}`,
    policy: { useRelays: true, externalAddress: parsePeerAddress(`localhost:${port}`) },
  });
  expect(far.network.listenAddresses()).toEqual([`127.0.0.1:${port}`]);
  const toPhone = () => far.network.peers().find(({ nodeId }) => nodeId === phone.key.id);
  await until(() => toPhone() !== undefined && knows(phone, far), "they met");
  await until(() => toPhone()?.address.includes("p2p-circuit") === false, "directly");
  const toFar = () => phone.network.peers().find(({ nodeId }) => nodeId === far.key.id);
  await until(() => toFar()?.address.includes("p2p-circuit") === false, "on both sides");
  for (let tx = 0; tx < 20; tx += 1) far.network.sendTransaction(Uint8Array.of(1, tx));
  await until(() => phone.transactions.length === 20, "transactions reach it");
  // Without the relay they go on.
  await relay.network.stop();
  for (let tx = 0; tx < 20; tx += 1) phone.network.sendTransaction(Uint8Array.of(2, tx));
  await until(() => far.transactions.length >= 20, "and the other way");
});

test("a node that listens nowhere is reached through a relay, and takes part", async () => {
  // Short, so that the connections that only carry the tunnel are looked at while the test runs.
  const helloTimeoutMs = 1_000;
  const relay = await startNode({ policy: { relay: true, helloTimeoutMs } });
  const phone = await startNode({
    dialsOnly: true,
    peers: [relay.address],
    policy: { useRelays: true, helloTimeoutMs },
    height: 3n,
  });
  await until(() => phone.network.relayedAddresses().length > 0, "the relay took it");
  const address = parsePeerAddress(phone.network.relayedAddresses()[0]!);
  expect(address.id).toBe(phone.key.id);
  const far = await startNode({ peers: [address], policy: { helloTimeoutMs } });
  await until(() => knows(far, phone) && knows(phone, far), "they are connected");
  const vote = { ...fullDefault("tendermint.types.Vote"), height: 9n, signature: Uint8Array.of(1) };
  phone.network.publish({ type: "vote", vote });
  await until(() => far.consensus.some(({ from }) => from === phone.key.id), "its vote arrives");
  const peer = far.network.peers().find(({ nodeId }) => nodeId === phone.key.id)!;
  const { blocks } = await far.network.requests.ask(peer, BLOCKS_KIND, { fromHeight: 1n, count: 3 });
  expect(blocks).toHaveLength(3);
  for (let tx = 0; tx < 20; tx += 1) far.network.sendTransaction(Uint8Array.of(1, tx));
  await until(() => phone.transactions.length === 20, "transactions reach it");
  const { openedMs } = far.network.peers()[0]!;
  await new Promise((resolve) => setTimeout(resolve, 3 * helloTimeoutMs));
  expect(far.network.peers().map((peer) => [peer.nodeId, peer.openedMs])).toEqual([[phone.key.id, openedMs]]);
});
