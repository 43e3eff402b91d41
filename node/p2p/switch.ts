/**
 * The libp2p host and the set of connected peers: listening, dialling persistent peers again and again, the Hello that both sides open
 * with, who may stay. It hands frames to its owner and knows nothing of what they mean.
 */
import { noise } from "@chainsafe/libp2p-noise";
import { yamux } from "@chainsafe/libp2p-yamux";
import { gossipsub, StrictNoSign } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { createLibp2p, type Libp2p } from "libp2p";
import { equalBytes } from "../../proto/bytes.ts";
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
} from "./identity.ts";
import {
  FAULT_AVOIDANCE_MS,
  HELLO_TIMEOUT_MS,
  MAX_ANNOUNCEMENT_BYTES,
  MAX_AVOIDED_PEERS,
  MAX_BLOCK_FRAME_BYTES,
  MAX_INBOUND_PEERS,
  MAX_PEERS_PER_ADDRESS,
  MAX_SEND_QUEUE_BYTES,
  MAX_STREAMS_PER_CONNECTION,
  REDIAL_MAX_MS,
  REDIAL_MIN_MS,
  STABLE_CONNECTION_MS,
} from "./limits.ts";
import { type Frame, type Hello, Peer } from "./peer.ts";
import type { TrafficCounter } from "./statistics.ts";

export interface SwitchOptions {
  readonly nodeKey: NodeKey;
  readonly chainId: string;
  /** `tcp://host:port`; undefined only dials. */
  readonly listenAddress: string | undefined;
  readonly persistentPeers: readonly PeerAddress[];
  /** The Hello of this moment. */
  readonly hello: () => Partial<Hello> & { chainId: string; genesisHash: Uint8Array };
}

/** What the owner is told. */
export interface SwitchEvents {
  /** A peer said a fitting Hello and is now one of ours. */
  peerAdded(peer: Peer): void;
  peerRemoved(peer: Peer, reason: string): void;
  frame(peer: Peer, frame: Frame, bytes: number): void;
  /** A gossiped announcement of a committed block, from whom it came directly. */
  announcement(data: Uint8Array): void;
}

/** What can run on a libp2p host of ours. */
type Services = { pubsub: ReturnType<ReturnType<typeof gossipsub>> };

export class Switch {
  readonly #options: SwitchOptions;
  readonly #events: SwitchEvents;
  readonly #log: Logger;
  readonly #traffic: TrafficCounter;
  readonly #protocol: string;
  readonly #topic: string;
  readonly #greeting = new Set<Peer>();
  readonly #peers = new Map<string, Peer>();
  readonly #redials = new Map<string, { timer: NodeJS.Timeout | undefined; waitMs: number; lastError: string }>();
  /** Node ids that broke the rules, and until when (monotonic milliseconds) they are avoided. */
  readonly #avoided = new Map<string, number>();
  #host: Libp2p<Services> | undefined;
  #stopping = false;

  constructor(
    options: SwitchOptions,
    dependencies: { readonly events: SwitchEvents; readonly log: Logger; readonly traffic: TrafficCounter },
  ) {
    this.#options = options;
    this.#events = dependencies.events;
    this.#log = dependencies.log;
    this.#traffic = dependencies.traffic;
    this.#protocol = `/tributary/${options.chainId}/1`;
    this.#topic = `/tributary/${options.chainId}/blocks/1`;
  }

  /** Peers that said Hello, in the order they came. */
  peers(): Peer[] {
    return [...this.#peers.values()];
  }

  /** Where the host listens, as `host:port`; empty before start or when it only dials. */
  listenAddresses(): string[] {
    return (this.#host?.getMultiaddrs() ?? []).map((address) => {
      const { host, port } = hostAndPort(address);
      return `${host}:${port}`;
    });
  }

  /** Starts listening and dialling. Throws with a plain sentence when the address is taken. */
  async start(): Promise<void> {
    const { listenAddress, nodeKey } = this.#options;
    const listen = listenAddress === undefined ? [] : [listenMultiaddr(listenAddress).toString()];
    try {
      this.#host = await createLibp2p<Services>({
        privateKey: libp2pKeyOf(nodeKey),
        addresses: { listen },
        transports: [tcp({ inboundSocketInactivityTimeout: 0, outboundSocketInactivityTimeout: 0 } as never)],
        connectionEncrypters: [noise()],
        streamMuxers: [yamux()],
        connectionManager: { maxConnections: MAX_INBOUND_PEERS * 2, inboundConnectionThreshold: 50 },
        services: {
          identify: identify({ agentVersion: "tributary" } as never),
          pubsub: gossipsub({
            globalSignaturePolicy: StrictNoSign,
            allowedTopics: [this.#topic],
            allowPublishToZeroTopicPeers: true,
            ignoreDuplicatePublishError: true,
            emitSelf: false,
            maxInboundDataLength: 65_536,
          }),
        },
      } as Parameters<typeof createLibp2p<Services>>[0]);
    } catch (error) {
      throw describedListenError(error as Error, listenAddress);
    }
    const host = this.#host;
    await host.handle(
      this.#protocol,
      (stream: Stream, connection: Connection) => this.#welcome(stream, connection, false),
      {
        maxInboundStreams: MAX_STREAMS_PER_CONNECTION,
      },
    );
    const pubsub = host.services.pubsub;
    pubsub.addEventListener("message", (event) => {
      const { topic, data } = event.detail;
      if (topic === this.#topic && data.length <= MAX_ANNOUNCEMENT_BYTES) this.#events.announcement(data);
    });
    pubsub.subscribe(this.#topic);
    for (const address of this.#options.persistentPeers) this.#dialLater(address, 0);
  }

  /** Ends every connection. Resolves when the host is down. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { timer } of this.#redials.values()) clearTimeout(timer);
    for (const peer of [...this.#peers.values(), ...this.#greeting]) peer.close("this node stops");
    await this.#host?.stop();
  }

  /** Gossips a committed block's announcement. Best effort. */
  announce(data: Uint8Array): void {
    this.#host?.services.pubsub.publish(this.#topic, data).catch((error: Error) => {
      this.#log.debug({ err: error.message }, "an announcement was not published");
    });
  }

  /** Dials once; resolves when the stream is open (Hello may still fail), throws when it cannot be reached. */
  async dial(address: PeerAddress): Promise<void> {
    const host = this.#host;
    if (!host) throw new Error("the network is not started");
    const connection = await host.dial(multiaddrOf(address), { signal: AbortSignal.timeout(HELLO_TIMEOUT_MS) });
    const nodeId = nodeIdOfLibp2pKey(connection.remotePeer.publicKey);
    if (address.id !== undefined && nodeId !== address.id) {
      await connection.close();
      throw new Error(
        `the node at ${address.host}:${address.port} proved to be ${nodeId}, not ${address.id}: correct the id in persistent_peers`,
      );
    }
    if (nodeId !== undefined && this.#peers.has(nodeId)) return;
    const stream = await connection.newStream(this.#protocol, { signal: AbortSignal.timeout(HELLO_TIMEOUT_MS) });
    this.#welcome(stream, connection, true);
  }

  /** Keeps a persistent peer connected: dials now and, whenever it is gone, again after a growing wait. */
  #dialLater(address: PeerAddress, afterMs: number): void {
    if (this.#stopping) return;
    const key = redialKey(address);
    const state = this.#redials.get(key) ?? { timer: undefined, waitMs: REDIAL_MIN_MS, lastError: "" };
    this.#redials.set(key, state);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      void this.dial(address).then(
        () => {
          state.lastError = "";
          this.#dialLater(address, REDIAL_MAX_MS);
        },
        (error: Error) => {
          if (this.#stopping) return;
          // The same failure is told once, not at every try.
          if (error.message !== state.lastError)
            this.#log.warn({ peer: key, err: error.message }, "cannot reach a persistent peer; trying again");
          state.lastError = error.message;
          state.waitMs = Math.min(state.waitMs * 2, REDIAL_MAX_MS);
          this.#dialLater(address, state.waitMs);
        },
      );
    }, afterMs);
    state.timer.unref();
  }

  /** A stream is open: greet, and admit the peer once its Hello fits. */
  #welcome(stream: Stream, connection: Connection, outbound: boolean): void {
    // A block answer may be larger than libp2p's default read buffer; the frame reader holds the real bound.
    stream.maxReadBufferLength = MAX_BLOCK_FRAME_BYTES;
    stream.maxWriteBufferLength = MAX_SEND_QUEUE_BYTES + MAX_BLOCK_FRAME_BYTES;
    const nodeId = nodeIdOfLibp2pKey((connection.remotePeer as PeerId).publicKey);
    if (nodeId === undefined || this.#stopping) {
      stream.abort(new Error("not an ed25519 node key"));
      return;
    }
    const peer = new Peer(
      { nodeId, outbound, nowMs: () => performance.now() },
      {
        connection,
        stream,
        traffic: this.#traffic,
        events: {
          frame: (from, body, bytes) => this.#frame(from, body, bytes),
          closed: (gone, reason) => this.#removed(gone, reason),
        },
      },
    );
    const refusal = this.#isAvoided(nodeId)
      ? "it broke the rules a short while ago"
      : outbound
        ? undefined
        : this.#whyFull(peer);
    if (refusal !== undefined) {
      peer.close(refusal);
      return;
    }
    this.#greeting.add(peer);
    setTimeout(() => this.#greeting.has(peer) && peer.close("it did not say hello"), HELLO_TIMEOUT_MS).unref();
    peer.send({ hello: this.#options.hello() as Hello });
  }

  #isAvoided(nodeId: string): boolean {
    const until = this.#avoided.get(nodeId) ?? 0;
    if (until > performance.now()) return true;
    this.#avoided.delete(nodeId);
    return false;
  }

  /** Remembers a node that broke the rules; beyond the bound the one remembered longest is forgiven. */
  #avoid(nodeId: string): void {
    this.#avoided.delete(nodeId);
    this.#avoided.set(nodeId, performance.now() + FAULT_AVOIDANCE_MS);
    const [oldest] = this.#avoided.keys();
    if (this.#avoided.size > MAX_AVOIDED_PEERS && oldest !== undefined) this.#avoided.delete(oldest);
  }

  #whyFull(peer: Peer): string | undefined {
    const inbound = this.peers().filter((other) => !other.outbound);
    if (inbound.length >= MAX_INBOUND_PEERS) return "this node has all the inbound peers it takes";
    const host = (candidate: Peer) => hostAndPort(candidate.connection.remoteAddr).host;
    const address = host(peer);
    if (address === "127.0.0.1" || address === "::1") return undefined;
    const same = inbound.filter((other) => host(other) === address).length;
    return same >= MAX_PEERS_PER_ADDRESS ? "this node has all the peers it takes from that address" : undefined;
  }

  #frame(peer: Peer, body: Frame, bytes: number): void {
    if (!this.#greeting.has(peer)) {
      if (body.hello) throw new Error("it said hello twice");
      this.#events.frame(peer, body, bytes);
      return;
    }
    const hello = body.hello;
    if (!hello) throw new Error("it did not open with a hello");
    const own = this.#options.hello();
    if (hello.chainId !== own.chainId)
      throw new Error(`it belongs to chain "${hello.chainId}", this node to "${own.chainId}"`);
    if (!equalBytes(hello.genesisHash, own.genesisHash))
      throw new Error("its genesis differs from this node's, though the chain id is the same");
    if (peer.nodeId === this.#options.nodeKey.id) {
      peer.close("it is this node itself");
      return;
    }
    const other = this.#peers.get(peer.nodeId);
    if (other && !this.#replaces(peer, other)) {
      peer.close("a connection to this peer is already open");
      return;
    }
    this.#greeting.delete(peer);
    peer.hello = hello;
    peer.status = hello.status;
    this.#peers.set(peer.nodeId, peer);
    // The newcomer takes the place before the old connection ends, so the owner sees one peer throughout.
    other?.close("replaced by a newer connection");
    this.#events.peerAdded(peer);
  }

  /** When two nodes dial each other at once, both keep the connection that the lower node id dialled. */
  #replaces(newcomer: Peer, present: Peer): boolean {
    const dialler = (peer: Peer) => (peer.outbound ? this.#options.nodeKey.id : peer.nodeId);
    return dialler(newcomer) <= dialler(present);
  }

  #removed(peer: Peer, reason: string): void {
    this.#greeting.delete(peer);
    const known = this.#peers.get(peer.nodeId) === peer;
    if (known) this.#peers.delete(peer.nodeId);
    if (peer.faulty) {
      this.#avoid(peer.nodeId);
      this.#log.warn({ peer: peer.nodeId, address: peer.address, reason }, "a peer broke the rules and is avoided");
    } else if (!this.#stopping) this.#log.info({ peer: peer.nodeId, address: peer.address, reason }, "a peer left");
    if (peer.hello) this.#events.peerRemoved(peer, reason);
    if (!peer.outbound) return;
    const wanted = this.#options.persistentPeers.find(({ id, host, port }) => {
      const remote = hostAndPort(peer.connection.remoteAddr);
      return id === peer.nodeId || (remote.host === host && remote.port === port);
    });
    if (wanted) this.#redial(wanted, peer);
  }

  /** Dials a persistent peer that is gone: soon when it had stayed, later each time when it had not. */
  #redial(address: PeerAddress, gone: Peer): void {
    const state = this.#redials.get(redialKey(address));
    if (state === undefined) return;
    const stayed = gone.hello !== undefined && performance.now() - gone.openedMs >= STABLE_CONNECTION_MS;
    state.waitMs = stayed ? REDIAL_MIN_MS : Math.min(state.waitMs * 2, REDIAL_MAX_MS);
    this.#dialLater(address, gone.faulty ? FAULT_AVOIDANCE_MS : state.waitMs);
  }
}

function redialKey({ host, port }: PeerAddress): string {
  return `${host}:${port}`;
}

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
