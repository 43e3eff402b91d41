/**
 * Owns the methods about peers: net_info, and those that make the node dial, which are served only with `rpc.unsafe`.
 */

import { formatTime } from "../../../chain/types/time.ts";
import type { PeerView, RpcEnvironment } from "../environment.ts";
import type { Json } from "../json.ts";
import { maximumPeersDialled } from "../limits.ts";
import { type Method, method, RequestError } from "../method.ts";
import { blockProtocol, peerProtocol } from "../versions.ts";

/** The methods of this file, on a node. */
export function peerMethods(environment: RpcEnvironment): readonly Method[] {
  const safe = [method("net_info", {}, () => netInfo(environment))];
  if (!environment.unsafe) return safe;
  return [
    ...safe,
    method("dial_seeds", { seeds: "json" }, ({ seeds }) => {
      dial(environment, seeds, "seeds", false);
      return { log: "Dialing seeds in progress. See /net_info for details" };
    }),
    method(
      "dial_peers",
      { peers: "json", persistent: "boolean", unconditional: "boolean", private: "boolean" },
      ({ peers, persistent, unconditional, private: isPrivate }) => {
        if (unconditional || isPrivate)
          throw new RequestError(
            "set unconditional_peer_ids and private_peer_ids in config.toml, and start the node again",
          );
        dial(environment, peers, "peers", persistent);
        return { log: "Dialing peers in progress. See /net_info for details" };
      },
    ),
  ];
}

function dial({ network }: RpcEnvironment, list: Json, what: string, persistent: boolean): void {
  if (!Array.isArray(list) || list.length === 0) throw new RequestError(`no ${what} provided`);
  if (list.length > maximumPeersDialled) throw new RequestError(`no more than ${maximumPeersDialled} ${what} at once`);
  const addresses = list.map((address) => {
    if (typeof address !== "string") throw new RequestError(`${what} must be texts, id@host:port`);
    return address;
  });
  try {
    network.dial(addresses, persistent);
  } catch (error) {
    throw new RequestError((error as Error).message);
  }
}

/** CometBFT's DefaultNodeInfo, of this node or of a peer. */
export function nodeInfo(
  environment: RpcEnvironment,
  node: Pick<PeerView, "nodeId" | "moniker" | "listenAddress" | "version">,
  rpc: string,
): Json {
  const app = environment.storage.chainState?.appVersion ?? 0n;
  return {
    protocol_version: { p2p: peerProtocol.toString(), block: blockProtocol.toString(), app: app.toString() },
    id: node.nodeId,
    listen_addr: node.listenAddress,
    network: environment.identity.chainId,
    // Clients choose their decoder by this version: it is that of the protocol, not of this program.
    version: node.version,
    channels: "40202122233038606100",
    moniker: node.moniker,
    other: { tx_index: "on", rpc_address: rpc },
  };
}

function netInfo(environment: RpcEnvironment): Json {
  const peers = environment.network.peers();
  return {
    listening: environment.network.listening,
    listeners: ["Listener(@)"],
    n_peers: peers.length.toString(),
    peers: peers.map((peer) => ({
      node_info: nodeInfo(environment, peer, ""),
      is_outbound: peer.outbound,
      connection_status: connectionStatus(peer),
      remote_ip: peer.remoteHost,
    })),
  };
}

/** CometBFT's ConnectionStatus. Its channels and momentary rates have no counterpart here; durations are nanoseconds. */
function connectionStatus({ connectedMs, bytesIn, bytesOut }: PeerView): Json {
  const milliseconds = Math.round(connectedMs);
  const duration = (BigInt(milliseconds) * 1_000_000n).toString();
  const startMs = Date.now() - milliseconds;
  const start = formatTime({ seconds: BigInt(Math.floor(startMs / 1_000)), nanos: (startMs % 1_000) * 1_000_000 });
  const monitor = (bytes: number): Json => ({
    Start: start,
    Bytes: bytes.toString(),
    Samples: "0",
    InstRate: "0",
    CurRate: "0",
    AvgRate: Math.floor((bytes * 1_000) / Math.max(1, milliseconds)).toString(),
    PeakRate: "0",
    BytesRem: "0",
    Duration: duration,
    Idle: "0",
    TimeRem: "0",
    Progress: 0,
    Active: true,
  });
  return { Duration: duration, SendMonitor: monitor(bytesOut), RecvMonitor: monitor(bytesIn), Channels: [] };
}
