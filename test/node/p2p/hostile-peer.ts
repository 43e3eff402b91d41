/** A peer without a socket, for tests that play the hostile side of a connection. */
import type { Connection, Stream } from "@libp2p/interface";
import { ByteBudget } from "../../../node/byte-budget.ts";
import { MAX_BUFFERED_BYTES } from "../../../node/p2p/limits.ts";
import { type Frame, type Hello, Peer } from "../../../node/p2p/peer.ts";
import { TrafficCounter } from "../../../node/p2p/statistics.ts";
import { fullDefault } from "../../../proto/codec.ts";

/** What the node under test has of it, and what it did to it. */
export interface Hostile {
  readonly peer: Peer;
  readonly faults: string[];
  /** What the node sent to it. */
  readonly sent: Uint8Array[];
  readonly receive: (data: Uint8Array) => void;
}

/** A peer on a stream of the test's own, whose frames go where `to` says. */
export function hostile(to: (peer: Peer, body: Frame, bytes: number) => void, nodeId = "00".repeat(20)): Hostile {
  const sent: Uint8Array[] = [];
  let receive: (event: { data: Uint8Array }) => void = () => undefined;
  const stream = {
    addEventListener: (type: string, listener: typeof receive) => {
      if (type === "message") receive = listener;
    },
    abort: () => undefined,
    send: (data: Uint8Array) => {
      sent.push(data);
      return true;
    },
    writeBufferLength: 0,
  };
  const faults: string[] = [];
  const peer = new Peer(
    { nodeId, outbound: false, host: "192.0.2.1", nowMs: () => 0 },
    {
      connection: { close: () => Promise.resolve() } as unknown as Connection,
      stream: stream as unknown as Stream,
      traffic: new TrafficCounter(),
      received: new ByteBudget<Peer>(MAX_BUFFERED_BYTES, (largest) => largest.close("too much")),
      hasRoom: () => true,
      events: {
        frame: to,
        closed: () => undefined,
        faulty: (culprit, level, reason) => {
          faults.push(`${level}: ${reason}`);
          culprit.close(reason);
        },
      },
    },
  );
  peer.hello = fullDefault("tributary.p2p.v1.Hello") as Hello;
  return { peer, faults, sent, receive: (data: Uint8Array) => receive({ data }) };
}
