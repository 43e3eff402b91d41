// The attacker of the flood, a process of its own: junk transactions over RPC and as a peer, and connections that are
// opened to be held. Owns making trouble; flood.ts owns the network it is made for.

import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { parseGenesisDocument } from "../../chain/types/genesis-doc.ts";
import { nodeConfig } from "../../node/config.ts";
import { genesisHash } from "../../node/genesis-file.ts";
import { silentLogger } from "../../node/log.ts";
import { openNetwork } from "../../node/network.ts";
import { generateNodeKey } from "../../node/p2p/identity.ts";
import { nextSend, senderOf } from "../bench/sends.ts";

/** What the attacker is told, as JSON in its first argument. */
export interface AttackOrder {
  readonly rpcUrl: string;
  /** `id@host:port`. */
  readonly peer: string;
  readonly genesisFile: string;
  readonly chainId: string;
  readonly sink: string;
  /** Transactions a second, half over RPC and half as a peer. */
  readonly perSecond: number;
  readonly streams: number;
}

/** What it did, told once a second. */
export interface AttackReport {
  readonly sent: number;
  readonly answered: number;
  readonly streamsOpened: number;
  readonly streamsCut: number;
}

const counts = { sent: 0, answered: 0, streamsOpened: 0, streamsCut: 0 };

/** Endless junk of every kind: noise, cut and overlong transactions, forged signatures, strangers, repetitions. */
function* junk(chainId: string, sink: string): Generator<Uint8Array> {
  const template = nextSend(senderOf(4, 4n), sink, chainId).tx;
  const stranger = nextSend(senderOf(9_999, 9_999n), sink, chainId).tx;
  for (let number = 0; ; number += 1) {
    const own = Uint8Array.from(template);
    // A signature of its own, never a good one, makes each a transaction of its own.
    own[own.length - 1] = number & 0xff;
    own[own.length - 2] = (number >> 8) & 0xff;
    own[own.length - 3] = (number >> 16) & 0xff;
    const noise = new Uint8Array(200).fill(number & 0xff);
    noise[1] = (number >> 8) & 0xff;
    yield own;
    yield noise;
    yield own.subarray(0, 100 + (number % 150));
    yield stranger;
    yield number % 50 === 0 ? new Uint8Array(70_000).fill(number & 0xff) : template;
  }
}

/** Posts batches of ten; at most so many at a time, so that a slow node slows the attacker, as it would any. */
function postJunk(url: string, txs: readonly Uint8Array[], agent: Agent): void {
  const calls = txs.map((tx, id) => ({
    jsonrpc: "2.0",
    id,
    method: "broadcast_tx_async",
    params: { tx: Buffer.from(tx).toString("base64") },
  }));
  const post = request(url, { method: "POST", agent }, (response) => {
    response.resume();
    response.once("end", () => {
      counts.answered += txs.length;
    });
  });
  post.on("error", () => undefined);
  post.end(JSON.stringify(calls));
}

/** Keeps a connection open and does nothing useful with it; opens another when it is cut. */
function holdStream(host: string, port: number, first: string, drip: string): void {
  const open = (): void => {
    const socket: Socket = connect(port, host);
    let timer: NodeJS.Timeout | undefined;
    socket.once("connect", () => {
      counts.streamsOpened += 1;
      socket.write(first);
      timer = setInterval(() => socket.write(drip), 500);
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      counts.streamsCut += 1;
      clearInterval(timer);
      setTimeout(open, 200);
    });
  };
  open();
}

async function attack(order: AttackOrder): Promise<void> {
  const genesis = parseGenesisDocument(JSON.parse(readFileSync(order.genesisFile, "utf8")), { seconds: 0n, nanos: 0 });
  const network = await openNetwork({
    config: nodeConfig({ peerAddress: "", persistentPeers: order.peer, moniker: "attacker" }),
    home: dirname(dirname(order.genesisFile)).concat("-attacker"),
    nodeKey: generateNodeKey(),
    chainId: order.chainId,
    genesisHash: genesisHash(genesis),
    heights: () => ({ base: 1n, height: 1n }),
    log: silentLogger(),
  });
  const idle = {
    receive: async () => "ignored" as const,
    receiveBlock: async () => "ignored" as const,
    repair: () => [],
    status: () => ({ height: 1n, round: 0, step: "propose", signing: false, state: undefined }),
    summary: () => ({ height: 1n, round: 0, rounds: [], wanted: undefined }),
  };
  await network.start({
    engine: idle,
    storage: { loadBlock: async () => undefined },
    receiveTransaction: () => false,
    waitingTransactions: () => [],
    findTransaction: () => undefined,
    clockWrong: () => undefined,
  } as unknown as Parameters<typeof network.start>[0]);
  const { hostname, port } = new URL(order.rpcUrl);
  const [, peerHost = "", peerPort = ""] = /@(.+):(\d+)$/.exec(order.peer) ?? [];
  for (let index = 0; index < order.streams; index += 1) {
    if (index % 2 === 0) holdStream(hostname, Number(port), "POST / HTTP/1.1\r\nHost: x\r\n", "X-Slow: 1\r\n");
    else holdStream(peerHost, Number(peerPort), "\x13/multistream/1.0.0\n", "\x07/noise\n");
  }
  const source = junk(order.chainId, order.sink);
  const next = (count: number): Uint8Array[] => Array.from({ length: count }, () => source.next().value as Uint8Array);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  setInterval(() => {
    const each = Math.ceil(order.perSecond / 40);
    for (const tx of next(each)) network.sendTransaction(tx);
    for (let left = each; left > 0; left -= 10) postJunk(order.rpcUrl, next(Math.min(10, left)), agent);
    counts.sent += 2 * each;
  }, 50);
  setInterval(() => process.send?.({ ...counts } satisfies AttackReport), 1_000);
}

process.on("disconnect", () => process.exit(0));
void attack(JSON.parse(process.argv[2] ?? "{}") as AttackOrder);
