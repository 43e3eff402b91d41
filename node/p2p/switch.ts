/**
 * The set of connected peers: the Hello that both sides open with, who may stay, who is disconnected or banned for what it did. It hands
 * frames to its owner and knows nothing of what they mean. The libp2p host is host.ts, places are slots.ts, dialling again is
 * persistent-peers.ts.
 */
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import { equalBytes } from "../../proto/bytes.ts";
import { ByteBudget } from "../byte-budget.ts";
import type { Logger } from "../log.ts";
import {
  closeUnused,
  type Host,
  isRelayed,
  listenAddressesOf,
  openHost,
  relayedAddressesOf,
  tellRelayedAddresses,
} from "./host.ts";
import {
  hostAndPort,
  multiaddrOf,
  type NodeKey,
  nodeIdOfLibp2pKey,
  type PeerAddress,
  peerAddressText,
} from "./identity.ts";
import { InboundGate } from "./inbound-gate.ts";
import {
  HELLO_TIMEOUT_MS,
  MAX_ANNOUNCEMENT_BYTES,
  MAX_BLOCK_ANSWER_BYTES,
  MAX_BUFFERED_BYTES,
  MAX_SEND_QUEUE_BYTES,
  MAX_STREAMS_PER_CONNECTION,
  SMALL_QUEUE_BYTES,
} from "./limits.ts";
import { type Frame, type Hello, Peer } from "./peer.ts";
import { PersistentPeers } from "./persistent-peers.ts";
import { defaultPolicy, type PeerPolicy } from "./policy.ts";
import type { FaultLevel } from "./scores.ts";
import { decideSlot } from "./slots.ts";
import { Standing } from "./standing.ts";
import type { TrafficCounter } from "./statistics.ts";

export interface SwitchOptions {
  readonly nodeKey: NodeKey;
  readonly chainId: string;
  /** `tcp://host:port`; undefined only dials. */
  readonly listenAddress: string | undefined;
  readonly persistentPeers: readonly PeerAddress[];
  /** The Hello of this moment. */
  readonly hello: () => Partial<Hello> & { chainId: string; genesisHash: Uint8Array };
  /** What the operator decided about peers; defaults for what is left out. */
  readonly policy?: Partial<PeerPolicy>;
}

/** What the owner is told. */
export interface SwitchEvents {
  /** A peer said a fitting Hello and is now one of ours. */
  peerAdded(peer: Peer): void;
  peerRemoved(peer: Peer, reason: string): void;
  frame(peer: Peer, frame: Frame, bytes: number): void;
  /** A gossiped announcement of a committed block. */
  announcement(data: Uint8Array): void;
}

/** Counters since the start. */
export interface SwitchStatistics {
  readonly refusedSockets: number;
  readonly refusedPeers: number;
  readonly faults: number;
  readonly bans: number;
}

export class Switch {
  readonly policy: PeerPolicy;
  readonly #options: SwitchOptions;
  readonly #events: SwitchEvents;
  readonly #log: Logger;
  readonly #traffic: TrafficCounter;
  readonly #protocol: string;
  readonly #topic: string;
  readonly #greeting = new Set<Peer>();
  readonly #peers = new Map<string, Peer>();
  readonly #persistent: PersistentPeers;
  readonly #standing: Standing;
  readonly #gate: InboundGate;
  readonly #received = new ByteBudget<Peer>(MAX_BUFFERED_BYTES, (peer) =>
    peer.close("all peers together hold more unread bytes than this node has room for"),
  );
  #host: Host | undefined;
  #stopping = false;
  #refusedPeers = 0;

  constructor(
    options: SwitchOptions,
    dependencies: { readonly events: SwitchEvents; readonly log: Logger; readonly traffic: TrafficCounter },
  ) {
    this.#options = options;
    this.policy = { ...defaultPolicy, ...options.policy };
    this.#events = dependencies.events;
    this.#log = dependencies.log;
    this.#traffic = dependencies.traffic;
    this.#protocol = `/tributary/${options.chainId}/1`;
    this.#topic = `/tributary/${options.chainId}/blocks/1`;
    this.#standing = new Standing(
      { bansFile: this.policy.bansFile, isUnconditional: (nodeId) => this.isUnconditional(nodeId) },
      dependencies,
    );
    this.#persistent = new PersistentPeers(
      { addresses: options.persistentPeers, maxDialPeriodMs: this.policy.persistentMaxDialPeriodMs },
      { dial: (address) => this.dial(address), log: dependencies.log },
    );
    this.#gate = new InboundGate({
      places: this.policy.maxInbound + this.policy.unconditional.size,
      allowDuplicateIp: this.policy.allowDuplicateIp,
      nowMs: () => performance.now(),
    });
  }

  /** Peers that said Hello, in the order they came. */
  peers(): Peer[] {
    return [...this.#peers.values()];
  }

  /** Where the host listens, as `host:port`; empty before start or when it only dials. */
  listenAddresses(): string[] {
    return listenAddressesOf(this.#host, this.policy.externalAddress);
  }

  /** Addresses by which this node can be dialled through a relay; empty until a relay took it. */
  relayedAddresses(): string[] {
    return relayedAddressesOf(this.#host);
  }

  statistics(): SwitchStatistics {
    return {
      refusedSockets: this.#gate.refused,
      refusedPeers: this.#refusedPeers,
      faults: this.#standing.faults,
      bans: this.#standing.banned,
    };
  }

  /** Starts listening and dialling. Throws with a plain sentence when the address is taken. */
  async start(): Promise<void> {
    const { nodeKey, listenAddress } = this.#options;
    const { externalAddress, relay, useRelays } = this.policy;
    const host = await openHost(
      { nodeKey, listenAddress, topic: this.#topic, relay, useRelays, externalAddress },
      { gate: this.#gate, isBanned: (nodeId, address) => this.#standing.isBanned(nodeId, address) },
    );
    this.#host = host;
    await host.handle(
      this.#protocol,
      (stream: Stream, connection: Connection) => this.#welcome(stream, connection, false),
      { maxInboundStreams: MAX_STREAMS_PER_CONNECTION, runOnLimitedConnection: true },
    );
    host.addEventListener("connection:open", ({ detail }) => this.#connected(detail));
    // What libp2p remembers of peers would grow with every identity that ever came by; this node dials by address.
    host.addEventListener("peer:disconnect", ({ detail }) => void host.peerStore.delete(detail).catch(() => undefined));
    const pubsub = host.services.pubsub;
    pubsub.addEventListener("message", (event) => {
      const { topic, data } = event.detail;
      if (topic === this.#topic && data.length <= MAX_ANNOUNCEMENT_BYTES) this.#events.announcement(data);
    });
    pubsub.subscribe(this.#topic);
    if (useRelays) tellRelayedAddresses(host, this.#log);
    this.#persistent.start();
  }

  /** Ends every connection. Resolves when the host is down. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#persistent.stop();
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
    if (this.#standing.isBanned(address.id, address.host)) throw new Error("it broke the rules a short while ago");
    if (address.id !== undefined && this.#peers.has(address.id)) return;
    const connection = await host.dial(multiaddrOf(address), { signal: AbortSignal.timeout(HELLO_TIMEOUT_MS) });
    const nodeId = nodeIdOfLibp2pKey(connection.remotePeer.publicKey);
    if (address.id !== undefined && nodeId !== address.id) {
      await connection.close();
      throw new Error(
        `the node at ${address.host}:${address.port} proved to be ${nodeId}, not ${address.id}: correct the id in persistent_peers`,
      );
    }
    if (nodeId !== undefined && this.#peers.has(nodeId)) return;
    await this.#openStream(connection, address);
  }

  /** Dials in the background; a persistent peer for ever. */
  dialSoon(address: PeerAddress, persistent: boolean): void {
    if (persistent) this.#persistent.add(address);
    else
      this.dial(address).catch((error: Error) => {
        this.#log.warn({ peer: peerAddressText(address), err: error.message }, "cannot reach a peer");
      });
  }

  async #openStream(connection: Connection, dialled: PeerAddress | undefined): Promise<void> {
    const signal = AbortSignal.timeout(HELLO_TIMEOUT_MS);
    const stream = await connection.newStream(this.#protocol, { signal, runOnLimitedConnection: true });
    this.#welcome(stream, connection, true, dialled);
  }

  /** A connection on which nobody speaks holds a socket for nothing; one that replaces a relayed one is put to use. */
  #connected(connection: Connection): void {
    const isUsed = () => [...this.#peers.values(), ...this.#greeting].some((peer) => peer.connection === connection);
    closeUnused(connection, { isUsed, mayTunnel: this.policy.relay, afterMs: this.policy.helloTimeoutMs });
    const nodeId = nodeIdOfLibp2pKey(connection.remotePeer.publicKey);
    const present = nodeId === undefined ? undefined : this.#peers.get(nodeId);
    // Hole punching made a direct connection beside the relayed one: whoever dialled through the relay moves over.
    if (present?.outbound === true && isRelayed(present.connection) && !isRelayed(connection))
      void this.#openStream(connection, present.dialled).catch(() => undefined);
  }

  /** A stream is open: greet, and admit the peer once its Hello fits. */
  #welcome(stream: Stream, connection: Connection, outbound: boolean, dialled?: PeerAddress): void {
    // A block answer may be larger than libp2p's default read buffer; the frame reader holds the real bound.
    stream.maxReadBufferLength = MAX_BLOCK_ANSWER_BYTES;
    stream.maxWriteBufferLength = MAX_SEND_QUEUE_BYTES + MAX_BLOCK_ANSWER_BYTES;
    const nodeId = nodeIdOfLibp2pKey((connection.remotePeer as PeerId).publicKey);
    if (nodeId === undefined || this.#stopping) {
      stream.abort(new Error("not an ed25519 node key"));
      return;
    }
    const host = hostAndPort(connection.remoteAddr).host;
    const peer = new Peer(
      { nodeId, outbound, host, dialled, nowMs: () => performance.now() },
      {
        connection,
        stream,
        traffic: this.#traffic,
        received: this.#received,
        hasRoom: (queuedBytes) => queuedBytes < SMALL_QUEUE_BYTES || this.#queuedBytes() < MAX_BUFFERED_BYTES,
        events: {
          frame: (from, body, bytes) => this.#frame(from, body, bytes),
          closed: (gone, reason) => this.#removed(gone, reason),
          faulty: (culprit, level, reason) => this.#faulty(culprit, level, reason),
        },
      },
    );
    if (this.#standing.isBanned(nodeId, host) || this.#standing.isAvoided(nodeId)) {
      peer.close("it broke the rules a short while ago");
      return;
    }
    this.#greeting.add(peer);
    setTimeout(
      () => this.#greeting.has(peer) && peer.close("it did not say hello"),
      this.policy.helloTimeoutMs,
    ).unref();
    peer.send({ hello: this.#options.hello() as Hello });
  }

  #queuedBytes(): number {
    return this.peers().reduce((sum, peer) => sum + peer.queuedBytes, 0);
  }

  // ------------------------------------------------------------ hello

  #frame(peer: Peer, body: Frame, bytes: number): void {
    if (!this.#greeting.has(peer)) {
      if (body.hello) throw new Error("it said hello twice");
      this.#events.frame(peer, body, bytes);
      return;
    }
    const hello = body.hello;
    if (!hello) throw new Error("it did not open with a hello");
    const own = this.#options.hello();
    const other = this.#peers.get(peer.nodeId);
    // None of these is a fault: a node may be misconfigured, or belong to a chain that began anew.
    const refusal =
      hello.chainId !== own.chainId
        ? `it belongs to chain "${hello.chainId}", this node to "${own.chainId}"`
        : !equalBytes(hello.genesisHash, own.genesisHash)
          ? "its genesis differs from this node's, though the chain id is the same"
          : peer.nodeId === this.#options.nodeKey.id
            ? "it is this node itself"
            : other && !this.#replaces(peer, other)
              ? "a connection to this peer is already open"
              : undefined;
    if (refusal !== undefined) {
      peer.close(refusal);
      return;
    }
    if (!other && !this.#takePlace(peer)) return;
    this.#greeting.delete(peer);
    peer.hello = hello;
    peer.status = hello.status;
    this.#peers.set(peer.nodeId, peer);
    // The newcomer takes the place before the old connection ends, so the owner sees one peer throughout.
    other?.close("replaced by a newer connection");
    this.#events.peerAdded(peer);
  }

  /** A direct connection wins over a relayed one. When two nodes dial each other at once, the one that the lower node id dialled stays. */
  #replaces(newcomer: Peer, present: Peer): boolean {
    if (isRelayed(newcomer.connection) !== isRelayed(present.connection)) return isRelayed(present.connection);
    const dialler = (peer: Peer) => (peer.outbound ? this.#options.nodeKey.id : peer.nodeId);
    return dialler(newcomer) <= dialler(present);
  }

  /** Finds a place for a newcomer, or closes it. */
  #takePlace(peer: Peer): boolean {
    if (peer.outbound || this.isUnconditional(peer.nodeId)) return true;
    const inbound = this.peers().filter((other) => !other.outbound && !this.isUnconditional(other.nodeId));
    const decision = decideSlot(peer.host, inbound, this.policy, performance.now());
    if (!decision.admit) {
      this.#refusedPeers += 1;
      peer.close(decision.reason);
      return false;
    }
    decision.instead?.close("its place goes to another peer, since it brought nothing new");
    return true;
  }

  /** Whether a peer has a place whatever happens. */
  isUnconditional(nodeId: string): boolean {
    return this.policy.unconditional.has(nodeId) || this.#persistent.has(nodeId);
  }

  // ------------------------------------------------------------ faults

  /** A peer did what it should not: it goes when that has happened often enough. */
  #faulty(peer: Peer, level: FaultLevel, reason: string): void {
    if (peer.faulty) return;
    const consequence = this.#standing.fault(peer.nodeId, peer.host, level, reason);
    if (consequence === "stays") return;
    if (consequence === "avoided") {
      peer.faulty = true;
      this.#log.warn({ peer: peer.nodeId, address: peer.address, reason }, "a peer broke the rules and is avoided");
    }
    peer.close(reason);
  }

  /** A peer brought something new. */
  credit(peer: Peer): void {
    peer.usefulness += 1;
    this.#standing.credit(peer.nodeId);
  }

  #removed(peer: Peer, reason: string): void {
    this.#greeting.delete(peer);
    this.#received.release(peer);
    if (this.#peers.get(peer.nodeId) === peer) this.#peers.delete(peer.nodeId);
    if (!peer.faulty && !this.#stopping)
      this.#log.info({ peer: peer.nodeId, address: peer.address, reason }, "a peer left");
    if (peer.hello) this.#events.peerRemoved(peer, reason);
    if (peer.outbound) this.#persistent.left(peer);
  }
}
