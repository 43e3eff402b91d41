/**
 * The libp2p host of a node: transports, encryption, multiplexing, gossip, relaying, each with its bounds, and the door that turns sockets
 * away before a handshake. It knows nothing of peers' places or of what they say; that is the switch's.
 */
import { noise } from "@chainsafe/libp2p-noise";
import { yamux } from "@chainsafe/libp2p-yamux";
import { circuitRelayServer, circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { dcutr } from "@libp2p/dcutr";
import { gossipsub, StrictNoSign } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Connection } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { createLibp2p, type Libp2p } from "libp2p";
import { ListenError } from "../listen.ts";
import type { Logger } from "../log.ts";
import {
  hostAndPort,
  libp2pKeyOf,
  listenMultiaddr,
  multiaddrOf,
  type NodeKey,
  nodeIdOfLibp2pKey,
  type PeerAddress,
  peerAddressText,
} from "./identity.ts";
import type { InboundGate } from "./inbound-gate.ts";
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_MUXED_STREAMS,
  RELAY_BYTES,
  RELAY_DURATION_MS,
  RELAY_RESERVATIONS,
} from "./limits.ts";
import { DialPort, freePort, tellListening } from "./punching.ts";

/** What can run on a libp2p host of ours. */
export type Host = Libp2p<{ pubsub: ReturnType<ReturnType<typeof gossipsub>> }>;

export interface HostOptions {
  readonly nodeKey: NodeKey;
  /** `tcp://host:port`; undefined only dials. */
  readonly listenAddress: string | undefined;
  /** The one gossip topic. */
  readonly topic: string;
  /** Whether to pass on connections for others, and whether to be reached through relays. */
  readonly relay: boolean;
  readonly useRelays: boolean;
  /**
   * Where others can dial this node, when it is not where it listens. Whoever is met through a relay is told it: then the
   * two try to meet directly, and only an address that anyone could dial is tried (DCUtR).
   */
  readonly externalAddress: PeerAddress | undefined;
}

export interface HostNeeds {
  readonly gate: InboundGate;
  /** Whether a node, or everyone at an address, is turned away. */
  readonly isBanned: (nodeId: string | undefined, host: string) => boolean;
}

/** Makes and starts the host. Throws ListenError with a plain sentence when the address is taken. */
export async function openHost(options: HostOptions, { gate, isBanned }: HostNeeds): Promise<Host> {
  const { externalAddress, listenAddress, nodeKey, relay, useRelays } = options;
  const listen = listenAddress === undefined ? [] : [listenMultiaddr(listenAddress).toString()];
  if (useRelays) listen.push("/p2p-circuit");
  const sockets = tcp({ inboundSocketInactivityTimeout: 0, outboundSocketInactivityTimeout: 0 } as never);
  // Where a node listens, its port is taken: then others dial that, if anyone can.
  const dialPort = useRelays && listenAddress === undefined ? new DialPort(await freePort()) : undefined;
  const configuration = {
    privateKey: libp2pKeyOf(nodeKey),
    addresses: {
      listen,
      appendAnnounce:
        (useRelays || relay) && externalAddress !== undefined ? [multiaddrOf(externalAddress).toString()] : [],
    },
    transports: [
      dialPort?.sockets(sockets) ?? sockets,
      // Dialling through a relay costs nothing while nobody asks for it.
      circuitRelayTransport({ maxInboundStopStreams: MAX_MUXED_STREAMS, maxOutboundStopStreams: MAX_MUXED_STREAMS }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: MAX_MUXED_STREAMS, maxOutboundStreams: MAX_MUXED_STREAMS })],
    connectionManager: {
      // The gate counts sockets, by address; libp2p's own bounds would turn good peers away with the bad.
      maxConnections: Number.MAX_SAFE_INTEGER,
      inboundConnectionThreshold: Number.MAX_SAFE_INTEGER,
      maxIncomingPendingConnections: Number.MAX_SAFE_INTEGER,
      inboundUpgradeTimeout: HANDSHAKE_TIMEOUT_MS,
      inboundStreamProtocolNegotiationTimeout: HANDSHAKE_TIMEOUT_MS,
      reconnectRetries: 0,
    },
    connectionGater: {
      denyInboundConnection: (socket) => {
        const { host } = hostAndPort(socket.remoteAddr);
        if (isBanned(undefined, host)) return true;
        const leave = gate.enter(host);
        if (leave === undefined) return true;
        socket.addEventListener("close", leave);
        return false;
      },
      denyInboundEncryptedConnection: (peerId, socket) =>
        isBanned(nodeIdOfLibp2pKey(peerId.publicKey), hostAndPort(socket.remoteAddr).host),
      // Nodes on private networks dial each other; which addresses are dialled is decided before it comes here.
      denyDialMultiaddr: () => false,
    },
    services: {
      identify: identify({ agentVersion: "tributary" } as never),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowedTopics: [options.topic],
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        emitSelf: false,
        maxInboundStreams: 2,
        maxOutboundStreams: 2,
        maxInboundDataLength: MAX_GOSSIP_FRAME_BYTES,
        // One topic, and what a node that knows a few more would say of them.
        decodeRpcLimits: GOSSIP_LIMITS,
      }),
      ...(useRelays ? { dcutr: dialPort?.punching(dcutr()) ?? dcutr() } : {}),
      listening: tellListening,
      ...(relay ? { relay: circuitRelayServer({ reservations: relayReservations }) } : {}),
    },
  } as Parameters<typeof createLibp2p>[0];
  try {
    return (await createLibp2p(configuration)) as Host;
  } catch (error) {
    throw describedListenError(error as Error, listenAddress);
  }
}

/** Where a host listens, as `host:port`; the address it is given to others as is left out. */
export function listenAddressesOf(host: Host | undefined, externalAddress: PeerAddress | undefined): string[] {
  const told = externalAddress && peerAddressText({ ...externalAddress, id: undefined });
  return multiaddrsOf(host, false)
    .map((address) => peerAddressText({ id: undefined, ...hostAndPort(address) }))
    .filter((address) => address !== told);
}

/** Addresses by which a host can be dialled through a relay. */
export function relayedAddressesOf(host: Host | undefined): string[] {
  return multiaddrsOf(host, true).map((address) => address.toString());
}

function multiaddrsOf(host: Host | undefined, relayed: boolean) {
  const all = host?.getMultiaddrs() ?? [];
  return all.filter((address) => address.getComponents().some(({ name }) => name === "p2p-circuit") === relayed);
}

/** Whether a connection goes through a relay. */
export function isRelayed(connection: Connection): boolean {
  return connection.remoteAddr.getComponents().some(({ name }) => name === "p2p-circuit");
}

/**
 * Closes a connection that is not used after a while. One that carries a tunnel through a relay is: on the side that dialled it, and
 * on a relay (`mayTunnel`); elsewhere a stream of that name would be a way to hold a socket for nothing.
 */
export function closeUnused(
  connection: Connection,
  options: { readonly isUsed: () => boolean; readonly mayTunnel: boolean; readonly afterMs: number },
): void {
  setTimeout(() => {
    if (connection.status !== "open" || options.isUsed()) return;
    const isTunnel =
      (options.mayTunnel || connection.direction === "outbound") &&
      connection.streams.some(({ protocol, status }) => status === "open" && protocol.startsWith("/libp2p/circuit/"));
    if (isTunnel) closeUnused(connection, options);
    else void connection.close().catch(() => connection.abort(new Error("unused")));
  }, options.afterMs).unref();
}

/** Tells the operator by which address others reach this node, once for each that a relay gives it. */
export function tellRelayedAddresses(host: Host, log: Logger): void {
  const told = new Set<string>();
  host.addEventListener("self:peer:update", () => {
    for (const address of relayedAddressesOf(host)) {
      if (told.has(address)) continue;
      told.add(address);
      log.info({ address }, "others reach this node through a relay, by this address");
    }
  });
}

/** Frames of gossip hold announcements of a few bytes. */
const MAX_GOSSIP_FRAME_BYTES = 65_536;
const GOSSIP_LIMITS = {
  maxSubscriptions: 16,
  maxMessages: 64,
  maxIhaveMessageIDs: 256,
  maxIwantMessageIDs: 256,
  maxIdontwantMessageIDs: 64,
  maxControlMessages: 64,
  maxPeerInfos: 16,
};

const relayReservations = {
  maxReservations: RELAY_RESERVATIONS,
  defaultDurationLimit: RELAY_DURATION_MS,
  defaultDataLimit: BigInt(RELAY_BYTES),
};

/** libp2p reports a taken port with a stack and its own settings; the operator needs the port and a remedy. */
function describedListenError(error: Error, listenAddress: string | undefined): Error {
  const reason = /EADDRINUSE/.test(error.message)
    ? "another program uses it"
    : /EADDRNOTAVAIL/.test(error.message)
      ? "this machine has no such address"
      : /EACCES/.test(error.message)
        ? "it needs rights that this user does not have"
        : undefined;
  if (reason === undefined) return error;
  return new ListenError(
    `The peer-to-peer address ${listenAddress} cannot be used: ${reason}. Stop that program, or choose another address with --p2p.laddr. Nothing was changed.`,
  );
}
