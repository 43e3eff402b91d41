/** Real libp2p hosts on loopback for tests. Consensus is a stand-in that records what it gets. */
import { silentLogger } from "../../../node/log.ts";
import { generateNodeKey, type NodeKey, type PeerAddress, parsePeerAddress } from "../../../node/p2p/identity.ts";
import { type NetworkNeeds, PeerNetwork } from "../../../node/p2p/network.ts";
import type { PeerPolicy } from "../../../node/p2p/policy.ts";
import type { ConsensusMessage, Engine, RoundSummary, StoredBlock, Verdict } from "../../../node/ports.ts";
import { fullDefault } from "../../../proto/codec.ts";

/** A network with what it was told. */
export interface TestNode {
  readonly key: NodeKey;
  readonly network: PeerNetwork;
  readonly address: PeerAddress;
  readonly consensus: { from: string; message: ConsensusMessage }[];
  readonly transactions: string[];
  /** Requests for repair that came. */
  readonly repairs: RoundSummary[];
  verdict: Verdict;
}

const running: PeerNetwork[] = [];

/** Stops what `startNode` started. */
export async function stopNodes(): Promise<void> {
  await Promise.all(running.splice(0).map((network) => network.stop()));
}

/** Starts a network on a free port. */
export async function startNode(
  options: {
    peers?: PeerAddress[];
    chainId?: string;
    genesis?: number;
    height?: bigint;
    key?: NodeKey;
    listen?: string;
    pool?: readonly Uint8Array[];
    refuse?: (tx: Uint8Array) => void;
    /** What the engine says to a message; it passes on what it accepts, as the driver does. Else it accepts all and passes nothing on. */
    judge?: (message: ConsensusMessage) => Verdict;
    /** Listens nowhere: it can only dial. */
    dialsOnly?: boolean;
    policy?: Partial<PeerPolicy>;
    /** What it says its address is; where it listens, else. */
    listenAddress?: string;
    summary?: () => Partial<RoundSummary>;
  } = {},
): Promise<TestNode> {
  const key = options.key ?? generateNodeKey();
  const chainId = options.chainId ?? "p2p-test";
  const status = { base: 1n, height: options.height ?? 0n };
  const network: PeerNetwork = new PeerNetwork(
    {
      nodeKey: key,
      chainId,
      listenAddress: options.dialsOnly ? undefined : (options.listen ?? "tcp://127.0.0.1:0"),
      policy: options.policy ?? {},
      persistentPeers: options.peers ?? [],
      hello: () => ({
        chainId,
        genesisHash: Uint8Array.of(options.genesis ?? 1),
        moniker: "test",
        status,
        listenAddress: options.listenAddress ?? network.listenAddresses()[0] ?? "",
      }),
    },
    { log: silentLogger() },
  );
  const node = {
    key,
    network,
    consensus: [],
    transactions: [],
    repairs: [],
    verdict: "accepted",
  } as unknown as TestNode;
  const engine = {
    receive: (from: string, message: ConsensusMessage) => {
      const verdict = options.judge?.(message) ?? node.verdict;
      node.consensus.push({ from, message });
      if (options.judge !== undefined && verdict === "accepted") network.relay(message, from);
      return Promise.resolve(verdict);
    },
    status: () => ({ height: status.height + 1n, round: 0, step: "propose" }),
    summary: () => ({ height: status.height + 1n, round: 0, rounds: [], wanted: undefined, ...options.summary?.() }),
    repair: (summary: RoundSummary) => {
      node.repairs.push(summary);
      return [];
    },
  } as unknown as Engine;
  const stored = (height: bigint): StoredBlock | undefined =>
    height > status.height
      ? undefined
      : {
          blockId: fullDefault("tendermint.types.BlockID"),
          block: {
            ...fullDefault("tendermint.types.Block"),
            header: { ...fullDefault("tendermint.types.Header"), height },
          },
          seenCommit: fullDefault("tendermint.types.Commit"),
        };
  const needs: NetworkNeeds = {
    engine,
    storage: { loadBlock: (height) => Promise.resolve(stored(height)) },
    heights: () => status,
    receiveTransaction: (tx) => {
      options.refuse?.(tx);
      const text = Buffer.from(tx).toString("hex");
      if (options.refuse) return false;
      if (node.transactions.includes(text)) return false;
      node.transactions.push(text);
      return true;
    },
    waitingTransactions: (limit) => (options.pool ?? []).slice(0, limit),
    heightsChanged: () => {},
  };
  running.push(network);
  await network.start(needs);
  // A node that cannot be dialled has an address that nobody can use.
  const address = network.listenAddresses()[0] ?? "127.0.0.1:1";
  return Object.assign(node, { address: parsePeerAddress(`${key.id}@${address}`) });
}

/** Waits for a condition, twenty seconds at most. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`did not happen within 20 s: ${what}`);
}
