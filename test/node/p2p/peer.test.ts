/** One peer's shares, on a stream of the test's own: what it may send before it has said Hello, and how many frames after. */
import type { Connection, Stream } from "@libp2p/interface";
import { expect, test } from "vitest";
import { ByteBudget } from "../../../node/byte-budget.ts";
import { frame } from "../../../node/p2p/framing.ts";
import {
  FRAME_COST_BYTES,
  MAX_BUFFERED_BYTES,
  MAX_HELLO_FRAME_BYTES,
  PEER_BURST_BYTES,
} from "../../../node/p2p/limits.ts";
import { type Hello, Peer } from "../../../node/p2p/peer.ts";
import { TrafficCounter } from "../../../node/p2p/statistics.ts";
import { encode, fullDefault } from "../../../proto/codec.ts";

function startPeer() {
  let receive: (event: { data: Uint8Array }) => void = () => undefined;
  const stream = {
    addEventListener: (type: string, listener: typeof receive) => {
      if (type === "message") receive = listener;
    },
    abort: () => undefined,
    writeBufferLength: 0,
  };
  const seen = { frames: 0, reason: "", level: "" };
  const peer = new Peer(
    { nodeId: "00", outbound: false, host: "192.0.2.1", nowMs: () => 0 },
    {
      connection: { close: () => Promise.resolve() } as unknown as Connection,
      stream: stream as unknown as Stream,
      traffic: new TrafficCounter(),
      received: new ByteBudget<Peer>(MAX_BUFFERED_BYTES, (largest) => largest.close("it holds too much")),
      hasRoom: () => true,
      events: {
        frame: (from, body) => {
          seen.frames += 1;
          if (body.hello) from.hello = body.hello as Hello;
        },
        closed: (_, reason) => {
          seen.reason = reason;
        },
        faulty: (culprit, level, reason) => {
          seen.level = level;
          culprit.close(reason);
        },
      },
    },
  );
  return { peer, seen, receive: (data: Uint8Array) => receive({ data }) };
}

const hello = encode("tributary.p2p.v1.Frame", { hello: fullDefault("tributary.p2p.v1.Hello") });
const transactions = (bytes: number) =>
  encode("tributary.p2p.v1.Frame", { transactions: { txs: [new Uint8Array(bytes)] } });

test("before its hello a peer may send no more than a hello takes", () => {
  const { seen, receive } = startPeer();
  receive(frame(transactions(MAX_HELLO_FRAME_BYTES)).subarray(0, 10));
  expect(seen).toEqual({ frames: 0, level: "fatal", reason: expect.stringContaining("over the limit") });
});

test("what follows the hello in the same chunk may be longer", () => {
  const { seen, receive } = startPeer();
  receive(Buffer.concat([frame(hello), frame(transactions(MAX_HELLO_FRAME_BYTES))]));
  expect(seen).toEqual({ frames: 2, reason: "", level: "" });
});

test("more frames than its share end the connection, however small they are", () => {
  const { peer, seen, receive } = startPeer();
  receive(frame(hello));
  const status = frame(encode("tributary.p2p.v1.Frame", { status: { base: 1n, height: 2n } }));
  const share = Math.ceil(PEER_BURST_BYTES / FRAME_COST_BYTES);
  receive(Buffer.concat(Array.from({ length: share }, () => status)));
  expect([peer.open, seen.level, seen.reason]).toEqual([false, "low", "it sends more frames than its share"]);
  expect(seen.frames).toBeLessThan(share);
});
