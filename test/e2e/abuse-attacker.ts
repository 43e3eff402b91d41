// The abuser of an RPC port, a process of its own: everything a stranger may try there, all at once and again and again.
// Owns making trouble; flood.ts owns the network it is made for. test/node/rpc/abuse.test.ts says what must come of each.

import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { setPriority } from "node:os";
import { WebSocket } from "ws";
import { abuseNames } from "./abuse-names.ts";
import type { AttackReport } from "./flood-attacker.ts";

/** What the abuser is told, as JSON in its first argument. */
export interface AbuseOrder {
  readonly rpcUrl: string;
  /** Names of abuses; empty means all. */
  readonly only: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? "{}") as AbuseOrder;
const { hostname, port } = new URL(order.rpcUrl);
const counts = { sent: 0, answered: 0, streamsOpened: 0, streamsCut: 0 };
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Posts a body, over and over, so many at a time. */
function postAgain(parallel: number, body: () => string): void {
  const post = (): void => {
    counts.sent += 1;
    const again = (): void => void setTimeout(post, 5);
    const one = request(order.rpcUrl, { method: "POST", agent }, (response) => {
      response.resume();
      response.once("end", () => {
        counts.answered += 1;
        again();
      });
    });
    one.once("error", () => setTimeout(post, 100));
    one.end(body());
  };
  for (let lane = 0; lane < parallel; lane += 1) post();
}

/** Opens sockets that do something and are opened again when they are cut. */
function hold(parallel: number, use: (socket: Socket) => (() => void) | undefined): void {
  const open = (): void => {
    const socket = connect(Number(port), hostname);
    let stop: (() => void) | undefined;
    socket.once("connect", () => {
      counts.streamsOpened += 1;
      stop = use(socket);
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      counts.streamsCut += 1;
      stop?.();
      setTimeout(open, 200);
    });
  };
  for (let index = 0; index < parallel; index += 1) open();
}

/** Writes pieces for as long as the socket takes them. */
function pour(first: string, piece: Buffer): (socket: Socket) => undefined {
  return (socket) => {
    socket.resume();
    socket.write(first);
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", more);
    more();
  };
}

/** Opens WebSockets that say something and are opened again when they are cut, or after their time. */
function webSockets(parallel: number, stayMs: number, use: (socket: WebSocket) => void): void {
  const open = (): void => {
    const socket = new WebSocket(`${order.rpcUrl.replace("http", "ws")}/websocket`);
    socket.on("error", () => undefined);
    socket.once("open", () => {
      counts.streamsOpened += 1;
      use(socket);
      setTimeout(() => socket.terminate(), stayMs);
    });
    socket.once("close", () => {
      counts.streamsCut += 1;
      setTimeout(open, 200);
    });
  };
  for (let index = 0; index < parallel; index += 1) open();
}

const chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
const call = (id: unknown, method: string, params: unknown = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;

/** Every abuse by its name. */
const abuses: Readonly<Record<(typeof abuseNames)[number], () => void>> = {
  /** A body of a gigabyte, as fast as it is taken. */
  body: () => hold(8, pour(chunked, Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`))),
  /** A body in single bytes. */
  crumbs: () => hold(8, pour(chunked, Buffer.from("1\r\nx\r\n".repeat(10_000)))),
  /** Bodies that stop short of their end. */
  unfinished: () =>
    hold(100, (socket) => {
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n${"x".repeat(999_000)}`);
      return undefined;
    }),
  deep: () => postAgain(4, () => "[".repeat(100_000) + "]".repeat(100_000)),
  /** Much to build, little to say. */
  wide: () => postAgain(4, () => call(1, "block", Array(16_000).fill([]))),
  batch: () => postAgain(4, () => `[${Array.from({ length: 10_000 }, (_, id) => call(id, "status")).join(",")}]`),
  slowloris: () =>
    hold(1_000, (socket) => {
      socket.write("POST / HTTP/1.1\r\nHost: x\r\n");
      const drip = setInterval(() => socket.write("X-Slow: 1\r\n"), 500);
      return () => clearInterval(drip);
    }),
  /** Ten thousand subscriptions. */
  subscriptions: () =>
    webSockets(100, 5_000, (socket) => {
      for (let id = 0; id < 100; id += 1)
        socket.send(call(id, "subscribe", { query: `tm.event='Tx' AND tx.height>${id}` }));
    }),
  /** Who asks for much and reads nothing. */
  reader: () =>
    webSockets(20, 10_000, (socket) => {
      socket.pause();
      for (let id = 0; id < 200; id += 1)
        socket.send(call(id, pick(["genesis", "blockchain", "dump_consensus_state"])));
    }),
  pages: () =>
    postAgain(8, () =>
      call(1, pick(["validators", "tx_search", "block_search", "blockchain", "block", "unconfirmed_txs"]), {
        per_page: "1000000000",
        limit: "1000000000",
        height: pick([undefined, "9223372036854775808", "9223372036854775807"]),
        query: "tx.height>0",
      }),
    ),
  search: () =>
    postAgain(8, () =>
      call(1, "tx_search", {
        query: pick([Array(1_000), Array(60)])
          .fill("a=1")
          .join(" AND "),
        per_page: "100",
      }),
    ),
  http2: () => {
    const reset = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]);
    hold(8, pour("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Buffer.concat(Array(1_000).fill(reset))));
  },
  ids: () =>
    postAgain(
      4,
      () =>
        `[${Array(10)
          .fill(call("x".repeat(pick([1_000, 90_000])), "health"))
          .join(",")}]`,
    ),
};

setPriority(10);
process.on("disconnect", () => process.exit(0));
const unknown = order.only.filter((name) => !(name in abuses));
if (unknown.length > 0)
  throw new Error(`no such abuse: ${unknown.join(", ")}; there are ${Object.keys(abuses).join(", ")}`);
for (const name of abuseNames) if (order.only.length === 0 || order.only.includes(name)) abuses[name]();
setInterval(() => process.send?.({ ...counts } satisfies AttackReport), 1_000);
