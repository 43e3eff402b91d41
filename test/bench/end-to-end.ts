// Committed bank sends per second on one node: a real process, JSON-RPC over loopback, signed transactions made in
// advance, LevelDB with fsync. The client shares the machine with the node, as a figure for small machines should.
// Owns the load; the process is node-process.ts.

import { Agent, request } from "node:http";
import { type Effort, type Figure, figure, type Section } from "./measure.ts";
import { type BenchHome, type CommittedBlock, chainId, type NodeProcess, startNodeProcess } from "./node-process.ts";
import { nextSend, type Sender, senderOf } from "./sends.ts";

const megabyte = 1_000_000;

/** The mempool holds all that is sent: what is measured is the node, not waiting for room. */
export const roomyFlags = [
  ...["--consensus.timeout_commit", "50ms"],
  ...["--mempool.size", "100000", "--mempool.cache_size", "200000"],
  ...["--mempool.max_txs_per_sender", "1000"],
];

/** One HTTP POST of a JSON body. */
export async function post(url: string, agent: Agent, body: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const call = request(url, { method: "POST", agent, headers: { "content-type": "application/json" } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** How transactions are handed over. */
interface Way {
  readonly method: "broadcast_tx_sync" | "broadcast_tx_async";
  /** Transactions in one JSON-RPC request; more than one is a batch. */
  readonly batch: number;
  readonly connections: number;
}

/** Sends lists of transactions, each list in its order, and repeats what the mempool had no room for. */
async function send(url: string, lists: readonly (readonly Uint8Array[])[], way: Way): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: way.connections });
  const lanes = Array.from({ length: way.connections }, (_, lane) =>
    lists.filter((_list, index) => index % way.connections === lane),
  );
  const calls = (txs: readonly Uint8Array[]) =>
    txs.map((tx, id) => ({
      jsonrpc: "2.0",
      id,
      method: way.method,
      params: { tx: Buffer.from(tx).toString("base64") },
    }));
  const pushAll = async (txs: readonly Uint8Array[]): Promise<void> => {
    let left = txs;
    while (left.length > 0) {
      const wanted = calls(left);
      const answer = await post(url, agent, JSON.stringify(wanted.length === 1 ? wanted[0] : wanted));
      const answers = [JSON.parse(answer) as Answer | Answer[]].flat();
      const refused = answers.filter(({ error, result }) => error !== undefined || result?.code !== 0);
      const known = refused.find(({ error }) => !/full/.test(error?.data ?? ""));
      if (known !== undefined) throw new Error(`a send was refused: ${JSON.stringify(known)}`);
      left = refused.map(({ id }) => left[id]!);
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  try {
    await Promise.all(
      lanes.map(async (lane) => {
        const longest = Math.max(0, ...lane.map(({ length }) => length));
        for (let at = 0; at < longest; at++) {
          const round = lane.flatMap((list) => list[at] ?? []);
          for (let from = 0; from < round.length; from += way.batch) await pushAll(round.slice(from, from + way.batch));
        }
      }),
    );
  } finally {
    agent.destroy();
  }
}

interface Answer {
  readonly id: number;
  readonly result?: { readonly code: number };
  readonly error?: { readonly data?: string };
}

const txsIn = (blocks: readonly CommittedBlock[]): number => blocks.reduce((sum, { txs }) => sum + txs, 0);

/** One measured stretch of load. */
interface Stretch {
  readonly seconds: number;
  readonly perSecond: number;
  readonly cpuPerSend: number | undefined;
  readonly largest: number;
}

/** Sends lists of transactions, each list in its order, and waits until all are in blocks. */
export async function stretch(
  node: NodeProcess,
  lists: readonly (readonly Uint8Array[])[],
  way: Way,
): Promise<Stretch> {
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  const before = txsIn(node.blocks);
  const first = node.blocks.length;
  const cpu = node.cpuMs();
  const start = performance.now();
  await send(node.rpcUrl, lists, way);
  await node.until((blocks) => txsIn(blocks) >= before + total, 120_000);
  const seconds = (performance.now() - start) / 1000;
  const cpuAfter = node.cpuMs();
  return {
    seconds,
    perSecond: total / seconds,
    cpuPerSend: cpu === undefined || cpuAfter === undefined ? undefined : ((cpuAfter - cpu) * 1000) / total,
    largest: Math.max(...node.blocks.slice(first).map(({ txs }) => txs)),
  };
}

/** The accounts that send; the genesis of the home must have them. */
export function sendersFor(effort: Effort): readonly Sender[] {
  return Array.from({ length: effort === "quick" ? 16 : 256 }, (_, number) => senderOf(number, BigInt(number + 1)));
}

/** Sends per second with single requests and with batches, CPU per send, memory at rest and under load. */
export async function benchEndToEnd(
  effort: Effort,
  home: BenchHome,
  senders: readonly Sender[],
  nodeFlags: readonly string[] = [],
): Promise<Section> {
  const senderCount = senders.length;
  const each = effort === "quick" ? 2 : 8;
  const rounds = effort === "quick" ? 1 : 3;
  const node = await startNodeProcess(home.path, roomyFlags, nodeFlags);
  try {
    await node.until(({ length }) => length >= (effort === "quick" ? 2 : 20), 60_000);
    const rest = node.memory();
    const ways: readonly Way[] = [
      { method: "broadcast_tx_sync", batch: 1, connections: 32 },
      { method: "broadcast_tx_async", batch: 10, connections: 8 },
    ];
    const found: Figure[] = [];
    for (const way of ways) {
      const stretches: Stretch[] = [];
      for (let round = 0; round < rounds; round++) {
        const lists = senders.map((sender, at) =>
          Array.from({ length: each }, () => nextSend(sender, senders[(at + 1) % senderCount]!.address, chainId).tx),
        );
        stretches.push(await stretch(node, lists, way));
      }
      const name = way.batch === 1 ? "one request each" : `${way.batch} a request`;
      found.push(
        figure(
          `committed sends, ${name}`,
          "per s",
          stretches.map(({ perSecond }) => perSecond),
        ),
      );
      const cpu = stretches.flatMap(({ cpuPerSend }) => cpuPerSend ?? []);
      if (cpu.length > 0) found.push(figure(`the node's CPU per committed send, ${name}`, "µs CPU", cpu));
      found.push(
        figure(
          `largest block, ${name}`,
          "sends",
          stretches.map(({ largest }) => largest),
        ),
      );
    }
    const peak = node.memory()?.peak;
    if (rest !== undefined) found.push(figure("memory at rest (RSS)", "MB", [rest.now / megabyte]));
    if (peak !== undefined) found.push(figure("memory at most (RSS)", "MB", [peak / megabyte]));
    return { title: `One node end to end, ${senderCount} senders, commit timeout 50 ms, real fsync`, figures: found };
  } finally {
    await node.stop();
  }
}
