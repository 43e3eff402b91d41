/**
 * A world of nodes around one real network, without sockets: the libp2p host is a stand-in, everything above it is the product's (places,
 * scores, bans, the door, the address book, exchange, persistent peers). Time and chance are the test's. It owns the wiring; what the
 * others do is said by tests.
 */
import { multiaddr } from "@multiformats/multiaddr";
import { vi } from "vitest";
import { silentLogger } from "../../../node/log.ts";
import { FrameReader, frame } from "../../../node/p2p/framing.ts";
import type { HostNeeds } from "../../../node/p2p/host.ts";
import { generateNodeKey, nodeIdOf, parsePeerAddress } from "../../../node/p2p/identity.ts";
import { PeerNetwork } from "../../../node/p2p/network.ts";
import { decodeFrame, type Frame } from "../../../node/p2p/peer.ts";
import type { PeerPolicy } from "../../../node/p2p/policy.ts";
import type { ConsensusMessage } from "../../../node/ports.ts";
import { encode, fullDefault } from "../../../proto/codec.ts";

const chain = { chainId: "eclipse", genesisHash: Uint8Array.of(1) };

interface FakeStream {
  readonly open: boolean;
  receive(data: Uint8Array): void;
  close(): void;
}

/** One other node. */
export class Other {
  readonly publicKey: Uint8Array;
  readonly id: string;
  readonly host: string;
  /** Addresses that it tells when it is asked. */
  tells: readonly string[] = [];
  /** Whether it can be dialled. */
  up = true;
  stream: FakeStream | undefined;
  #votes = 0;

  constructor(number: number, host: string) {
    this.publicKey = new Uint8Array(32);
    new DataView(this.publicKey.buffer).setUint32(0, number + 1);
    this.id = nodeIdOf(this.publicKey);
    this.host = host;
  }

  get address(): string {
    return `${this.id}@${this.host}:26656`;
  }

  get isConnected(): boolean {
    return this.stream?.open === true;
  }

  say(body: Partial<Frame>): void {
    if (this.isConnected) this.stream?.receive(frame(encode("tributary.p2p.v1.Frame", body as never)));
  }

  hello(): void {
    this.say({ hello: { ...fullDefault("tributary.p2p.v1.Hello"), ...chain, listenAddress: "tcp://0.0.0.0:26656" } });
  }

  /** Votes that nobody has seen yet; true ones are news, others are what no correct node sends. */
  vote(isTrue: boolean, count = 1): void {
    for (let turn = 0; turn < count; turn += 1) {
      this.#votes += 1;
      const signature = Buffer.from([
        isTrue ? 1 : 0,
        this.#votes & 0xff,
        this.#votes >> 8,
        ...this.publicKey.slice(0, 4),
      ]);
      this.say({ consensus: { vote: { ...fullDefault("tendermint.types.Vote"), height: 1n, signature } } });
    }
  }

  /** What this node hears from the one under test. */
  hear(body: Frame): void {
    const { request } = body;
    if (request === undefined) return;
    const isPeers = request.kind === "peers";
    const answer = encode("tributary.p2p.v1.PeersResponse", { addresses: isPeers ? [...this.tells] : [] });
    this.say({ response: { id: request.id, body: isPeers ? answer : new Uint8Array(), refused: !isPeers } });
  }
}

/** The world of one test: the stand-in host of the network that starts next finds it here. */
let current: FakeWorld | undefined;

export class FakeWorld {
  readonly network: PeerNetwork;
  readonly #places = new Map<string, Other>();
  #handle: ((stream: unknown, connection: unknown) => void) | undefined;
  #needs: HostNeeds | undefined;

  constructor(options: { readonly persistent: readonly Other[]; readonly policy?: Partial<PeerPolicy> }) {
    for (const other of options.persistent) this.place(other);
    this.network = new PeerNetwork(
      {
        nodeKey: generateNodeKey(),
        chainId: chain.chainId,
        listenAddress: undefined,
        persistentPeers: options.persistent.map(({ address }) => parsePeerAddress(address)),
        policy: { exchange: true, ...options.policy },
        hello: () => ({ ...fullDefault("tributary.p2p.v1.Hello"), ...chain }),
      },
      { log: silentLogger() },
    );
  }

  async start(): Promise<void> {
    current = this;
    const engine = {
      receive: async (_from: string, message: ConsensusMessage) =>
        message.type === "vote" && message.vote.signature[0] === 1 ? ("accepted" as const) : ("invalid" as const),
      status: () => ({ height: 1n, round: 0, step: "propose" }),
      summary: () => ({ height: 1n, round: 0, rounds: [], wanted: undefined }),
      repair: () => [],
    };
    await this.network.start({
      engine,
      storage: { loadBlock: async () => undefined },
      heights: () => ({ base: 0n, height: 0n }),
      receiveTransaction: () => true,
      waitingTransactions: () => [],
      heightsChanged: () => undefined,
    } as never);
  }

  /** Makes a node one that can be dialled. */
  place(other: Other): Other {
    this.#places.set(other.host, other);
    return other;
  }

  /** Lets time go by. Milliseconds. */
  async wait(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** Another node dials the one under test; false when the door stays shut. */
  dials(other: Other): boolean {
    const { gate, isBanned } = this.#needs!;
    if (other.isConnected || isBanned(undefined, other.host)) return false;
    const leave = gate.enter(other.host);
    if (leave === undefined) return false;
    if (isBanned(other.id, other.host)) {
      leave();
      return false;
    }
    const { stream, connection } = wire(other, leave, true);
    this.#handle!(stream, connection);
    other.hello();
    return true;
  }

  /** Ids of the peers, those that this node dialled or those that dialled it. */
  peers(outbound: boolean): string[] {
    return this.network
      .peers()
      .filter((peer) => peer.outbound === outbound)
      .map(({ nodeId }) => nodeId);
  }

  has(other: Other): boolean {
    return this.network.peers().some(({ nodeId }) => nodeId === other.id);
  }

  /** The stand-in for a libp2p host. */
  open(needs: HostNeeds): unknown {
    this.#needs = needs;
    const nothing = () => undefined;
    return {
      handle: async (_protocol: string, handle: (stream: unknown, connection: unknown) => void) => {
        this.#handle = handle;
      },
      addEventListener: nothing,
      peerStore: { delete: async () => undefined },
      services: { pubsub: { addEventListener: nothing, subscribe: nothing, publish: async () => undefined } },
      getMultiaddrs: () => [],
      stop: async () => undefined,
      dial: async (address: { toString(): string }) => {
        const other = this.#places.get(address.toString().split("/")[2] ?? "");
        if (other?.up !== true) throw new Error("nobody is there");
        return wire(other, nothing, false).connection;
      },
    };
  }
}

/** For vi.mock of host.ts. */
export function openFakeHost(_options: unknown, needs: HostNeeds): Promise<unknown> {
  return Promise.resolve(current!.open(needs));
}

/** A connection with another node; its stream opens at once when that node dialled, else when the host asks for one. */
function wire(other: Other, closed: () => void, isInbound: boolean) {
  const listeners = new Map<string, ((event: unknown) => void)[]>();
  const reader = new FrameReader();
  let isOpen = true;
  const emit = (type: string, event: unknown): void => {
    for (const listener of listeners.get(type) ?? []) listener(event);
  };
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    closed();
    emit("close", {});
  };
  const theirs: FakeStream = {
    get open() {
      return isOpen;
    },
    receive: (data) => emit("message", { data }),
    close: end,
  };
  const stream = {
    writeBufferLength: 0,
    addEventListener: (type: string, listener: (event: unknown) => void) => {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    send: (data: Uint8Array) => {
      reader.add(data);
      for (let body = reader.next(); body !== undefined; body = reader.next()) {
        const said = decodeFrame(body);
        queueMicrotask(() => other.hear(said));
        // Whoever is dialled answers the greeting; whoever dials greets first.
        if (said.hello !== undefined && !isInbound) queueMicrotask(() => other.hello());
      }
      return true;
    },
    abort: end,
  };
  const connection = {
    remotePeer: { publicKey: { type: "Ed25519", raw: other.publicKey } },
    remoteAddr: multiaddr(`/ip4/${other.host}/tcp/26656`),
    status: "open",
    streams: [],
    close: async () => end(),
    newStream: async () => {
      other.stream?.close();
      other.stream = theirs;
      return stream;
    },
  };
  if (isInbound) other.stream = theirs;
  return { stream, connection };
}
