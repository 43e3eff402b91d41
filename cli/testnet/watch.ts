// Owns looking at a network from outside, as any client would: heights, rounds, peers and hashes over RPC, memory from the
// system. It changes nothing.
import { readFileSync } from "node:fs";
import { RpcClient } from "../rpc-client.ts";
import type { NodeStatus } from "../status.ts";

/** How one node stands. */
export interface NodeView {
  readonly name: string;
  readonly height: number;
  /** Height, round and step of consensus, `123/0/4`. */
  readonly round: string;
  readonly peers: number;
  /** The app hash after its last block. */
  readonly appHash: string;
  readonly catchingUp: boolean;
  readonly memoryBytes: number | undefined;
}

/** How the network stands. */
export interface NetworkView {
  readonly nodes: readonly (NodeView | undefined)[];
  /** Highest height that every answering node has; 0 before the first block. */
  readonly commonHeight: number;
  /** Hash of the block at that height, when all nodes have the same. */
  readonly commonHash: string | undefined;
  /** App hash in that block's header. */
  readonly commonAppHash: string | undefined;
  readonly agree: boolean;
  /** Mean seconds between the last blocks by their own times; undefined before the second. */
  readonly blockSeconds: number | undefined;
}

/** A node to look at. */
export interface Watched {
  readonly name: string;
  readonly rpcUrl: string;
  readonly pid: number | undefined;
}

interface HeaderAnswer {
  readonly header: {
    readonly app_hash: string;
    readonly time: string;
    readonly last_block_id: { hash: string };
  } | null;
}

/** Blocks over which the interval is a mean. */
const paceBlocks = 20;

/**
 * Looks at every node once. A node that does not answer is undefined. Blocks up to `since` count for no interval: the
 * network may have rested after them.
 */
export async function lookAt(watched: readonly Watched[], since = 1): Promise<NetworkView> {
  const nodes = await Promise.all(watched.map((one) => lookAtNode(one).catch(() => undefined)));
  const heights = nodes.flatMap((node) => (node === undefined ? [] : [node.height]));
  const commonHeight = heights.length === 0 ? 0 : Math.min(...heights);
  if (commonHeight < 1) {
    const nothing = { commonHash: undefined, commonAppHash: undefined, agree: true, blockSeconds: undefined };
    return { nodes, commonHeight, ...nothing };
  }
  const answering = watched.filter((_, index) => nodes[index] !== undefined);
  const seen = await Promise.all(answering.map((one) => blockAt(one, commonHeight).catch(() => undefined)));
  const [first, ...others] = seen.filter((one) => one !== undefined);
  const agree = others.every((one) => one.hash === first?.hash && one.appHash === first.appHash);
  return {
    nodes,
    commonHeight,
    commonHash: agree ? first?.hash : undefined,
    commonAppHash: agree ? first?.appHash : undefined,
    agree,
    blockSeconds: await interval(answering[0], { from: since + 1, to: commonHeight }, first?.time),
  };
}

async function lookAtNode({ name, rpcUrl, pid }: Watched): Promise<NodeView> {
  const client = new RpcClient(rpcUrl);
  const [status, network, consensus] = await Promise.all([
    client.call<NodeStatus>("status"),
    client.call<{ n_peers: string }>("net_info"),
    client.call<{ round_state: { "height/round/step": string } }>("consensus_state"),
  ]);
  return {
    name,
    height: Number(status.sync_info.latest_block_height),
    round: consensus.round_state["height/round/step"],
    peers: Number(network.n_peers),
    appHash: String(status.sync_info.latest_app_hash),
    catchingUp: status.sync_info.catching_up,
    memoryBytes: pid === undefined ? undefined : residentBytes(pid),
  };
}

async function blockAt({ rpcUrl }: Watched, height: number) {
  const client = new RpcClient(rpcUrl);
  const answer = await client.call<{ block_id: { hash: string }; block: HeaderAnswer }>("block", {
    height: `${height}`,
  });
  const { header } = answer.block;
  if (header === null) throw new Error("no header");
  return { hash: answer.block_id.hash, appHash: header.app_hash, time: Date.parse(header.time) };
}

async function interval(
  node: Watched | undefined,
  heights: { readonly from: number; readonly to: number },
  time: number | undefined,
): Promise<number | undefined> {
  // The first block has the time of genesis, which says nothing of the pace.
  const before = Math.max(heights.from, heights.to - paceBlocks);
  if (node === undefined || time === undefined || before >= heights.to) return undefined;
  const earlier = await blockAt(node, before).catch(() => undefined);
  return earlier === undefined ? undefined : (time - earlier.time) / 1000 / (heights.to - before);
}

/** Resident memory of a process where the system tells (Linux, Android). */
function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
