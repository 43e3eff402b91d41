/** Questions by named kinds between two real hosts: answers, refusals, shares, and what breaks the rules. */
import { afterEach, expect, test } from "vitest";
import type { RequestKind } from "../../../node/p2p/requests.ts";
import { startNode, stopNodes, until } from "./support.ts";

afterEach(stopNodes);

/** Asks with a status, is answered with a transaction list: any two messages would do. */
const kind: RequestKind<"tributary.p2p.v1.Status", "tributary.p2p.v1.Transactions"> = {
  name: "test",
  question: "tributary.p2p.v1.Status",
  answer: "tributary.p2p.v1.Transactions",
  maxQuestionBytes: 64,
  maxAnswerBytes: 3_000_000,
  perSecond: 1_000,
  burst: 10,
  answerBytesPerSecond: 100_000_000,
  timeoutMs: 2_000,
};
const question = { base: 1n, height: 2n };

async function twoNodes() {
  const server = await startNode();
  const asker = await startNode({ peers: [server.address] });
  await until(() => server.network.peers().length === 1 && asker.network.peers().length === 1, "connected");
  return { server, asker, peer: asker.network.peers()[0]! };
}

test("a question is answered by whoever serves its kind, also with more than an unasked frame may hold", async () => {
  const { server, asker, peer } = await twoNodes();
  const large = new Uint8Array(2_500_000).fill(7);
  server.network.requests.serve(kind, (_, { height }) => ({ txs: [Uint8Array.of(Number(height)), large] }));
  const answer = await asker.network.requests.ask(peer, kind, question);
  expect(answer.txs.map((tx) => tx.length)).toEqual([1, large.length]);
  expect(answer.txs[0]).toEqual(Uint8Array.of(2));
});

test("a kind nobody serves, a handler that has nothing and one that throws all refuse, and the peers stay", async () => {
  const { server, asker, peer } = await twoNodes();
  await expect(asker.network.requests.ask(peer, kind, question)).rejects.toThrow("the peer refused");
  let calls = 0;
  server.network.requests.serve(kind, () => {
    calls += 1;
    if (calls === 1) return undefined;
    throw new Error("a bug");
  });
  await expect(asker.network.requests.ask(peer, kind, question)).rejects.toThrow("the peer refused");
  await expect(asker.network.requests.ask(peer, kind, question)).rejects.toThrow("the peer refused");
  expect(asker.network.peers()).toHaveLength(1);
});

test("an answer that takes too long counts as none, and coming late is no fault", async () => {
  const { server, asker, peer } = await twoNodes();
  let answer: (value: { txs: Uint8Array[] }) => void = () => undefined;
  server.network.requests.serve(kind, () => new Promise((resolve) => (answer = resolve)));
  await expect(asker.network.requests.ask(peer, { ...kind, timeoutMs: 50 }, question)).rejects.toThrow(
    "no answer within 50 ms",
  );
  answer({ txs: [] });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asker.network.peers()).toHaveLength(1);
});

test("a peer that leaves ends the wait for its answers", async () => {
  const { server, asker, peer } = await twoNodes();
  server.network.requests.serve(kind, () => new Promise(() => undefined));
  const asked = asker.network.requests.ask(peer, kind, question);
  peer.close("a test says so");
  await expect(asked).rejects.toThrow("the peer is gone");
});

test("an answer that nobody asked for, and a question that is too long, end the connection", async () => {
  const first = await twoNodes();
  first.server.network.peers()[0]!.send({ response: { id: 9n, body: new Uint8Array(), refused: false } });
  await until(() => first.asker.network.peers().length === 0, "the unasked answer was noticed");
  const second = await twoNodes();
  second.server.network.requests.serve(kind, () => ({ txs: [] }));
  second.peer.send({ request: { id: 1n, kind: kind.name, body: new Uint8Array(kind.maxQuestionBytes + 1) } });
  await until(() => second.server.network.peers().length === 0, "the long question was noticed");
});

test("questions beyond the share wait for their turn, and those beyond the queue are refused", async () => {
  const { server, asker, peer } = await twoNodes();
  server.network.requests.serve({ ...kind, perSecond: 20, burst: 2 }, () => ({ txs: [] }));
  const asked = await Promise.allSettled(
    Array.from({ length: 30 }, () => asker.network.requests.ask(peer, kind, question)),
  );
  const answered = asked.filter(({ status }) => status === "fulfilled").length;
  expect(answered).toBeGreaterThanOrEqual(2);
  expect(answered).toBeLessThan(30);
});

test("traffic is counted by kind of message, alike on both sides", async () => {
  const { server, asker, peer } = await twoNodes();
  server.network.requests.serve(kind, () => ({ txs: [] }));
  await asker.network.requests.ask(peer, kind, question);
  const [asked, served] = [asker.network.statistics(), server.network.statistics()];
  expect([asked.peersOutbound, served.peersInbound]).toEqual([1, 1]);
  expect(asked.channels.request).toMatchObject({ messagesOut: 1, messagesIn: 0 });
  expect(served.channels.request!.bytesIn).toBe(asked.channels.request!.bytesOut);
  expect(asked.channels.response!.bytesIn).toBe(served.channels.response!.bytesOut);
});
