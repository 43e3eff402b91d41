/**
 * What makes two nodes that listen nowhere dialable by each other: all dials of such a node leave from one local port, so that its router
 * shows it to everyone at one address; peers tell it that address (identify), and libp2p's DCUtR has both sides dial at the same moment,
 * which TCP takes for one connection (RFC 9293 §3.5, simultaneous open; RFC 5128 §3.4, hole punching). It owns the port and which
 * address is believed. When to dial is DCUtR's; who is a peer is the switch's.
 *
 * A router that gives every destination another port (RFC 4787 §4.1, address-dependent mapping) is not punched through: such nodes stay on
 * their relay.
 */
import { createServer } from "node:net";
import type { dcutr } from "@libp2p/dcutr";
import type { Connection, IdentifyResult, Listener, PeerId, TypedEventTarget, Upgrader } from "@libp2p/interface";
import type { tcp } from "@libp2p/tcp";
import type { Multiaddr } from "@multiformats/multiaddr";
import { hostAndPort, multiaddrOf } from "./identity.ts";
import { MAX_OBSERVED_ADDRESSES } from "./limits.ts";

type Sockets = ReturnType<typeof tcp>;
type Punching = ReturnType<typeof dcutr>;

/** What a dial fails with when the port cannot be used towards that place: a connection is there, or was a moment ago. */
const PORT_TAKEN: readonly unknown[] = ["EADDRINUSE", "EADDRNOTAVAIL"];

interface ListeningComponents {
  readonly events: TypedEventTarget<{ "transport:listening": CustomEvent<Listener> }>;
  readonly addressManager: { confirmObservedAddr(address: Multiaddr, options: { readonly type: "transport" }): void };
}

/**
 * The service that tells others where this node listens. libp2p keeps a public address to itself until strangers have proved it
 * (AutoNAT, which the node does not run), and a relay on one would give reservations that name no address.
 */
export function tellListening({ events, addressManager }: ListeningComponents): Record<string, never> {
  events.addEventListener("transport:listening", ({ detail: listener }) => {
    for (const address of listener.getAddrs()) addressManager.confirmObservedAddr(address, { type: "transport" });
  });
  return {};
}

/** A port that is free now; dials are bound to it, nothing listens on it. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, resolve);
  });
  const { port } = server.address() as { readonly port: number };
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return port;
}

type ConnectionManager = Parameters<Punching>[0]["connectionManager"];

type PunchingComponents = Parameters<Punching>[0] & {
  readonly peerId: PeerId;
  readonly events: TypedEventTarget<{ "peer:identify": CustomEvent<IdentifyResult> }>;
};

/** The one port that a node dials from, and the addresses at which others saw it there. */
export class DialPort {
  readonly #port: number;
  /** Connections that left from the port. */
  readonly #ours = new WeakSet<Connection>();
  readonly #seenAt: Multiaddr[] = [];
  /** Places dialled in the middle by the side that is to answer the handshake. */
  readonly #answered = new Set<string>();

  constructor(port: number) {
    this.#port = port;
  }

  /** Sockets that dial from the port, or from another where it cannot be used: being connected matters more than being reachable. */
  sockets(make: Sockets): Sockets {
    return (components) => {
      const sockets = make(components);
      const dial = sockets.dial.bind(sockets);
      sockets.dial = async (address, options) => {
        const upgrader = this.#answered.has(placeOf(address)) ? answering(options.upgrader) : options.upgrader;
        try {
          const connection = await dial(address, Object.assign({}, options, { localPort: this.#port, upgrader }));
          this.#ours.add(connection);
          return connection;
        } catch (error) {
          if (!PORT_TAKEN.includes((error as NodeJS.ErrnoException).code)) throw error;
          return await dial(address, options);
        }
      };
      return sockets;
    };
  }

  /**
   * DCUtR that also knows the addresses at which those whom this node dialled from the port say they saw it. Nobody else is told them: who
   * dials such an address alone opens its own router towards it, and the other's next attempt is then answered with a refusal.
   */
  punching(make: Punching): (components: PunchingComponents) => ReturnType<Punching> {
    return ({ peerId, events, addressManager, peerStore, registrar, connectionManager, transportManager, logger }) => {
      events.addEventListener("peer:identify", ({ detail: { connection, observedAddr } }) => {
        if (observedAddr !== undefined && this.#ours.has(connection)) this.#hear(observedAddr);
      });
      const seenAt = () => this.#seenAt.map((address) => address.encapsulate(`/p2p/${peerId}`));
      const addresses = { getAddresses: () => [...addressManager.getAddresses(), ...seenAt()] };
      const known = {
        peerStore,
        registrar,
        transportManager,
        logger,
        addressManager: addresses as typeof addressManager,
      };
      const openConnection = this.#opening(connectionManager);
      return make({ ...known, connectionManager: { openConnection } as typeof connectionManager });
    };
  }

  /** Both sides dial, and one of them must answer the handshake: DCUtR says which, and libp2p 3.3's dial queue forgets it. */
  #opening(connections: ConnectionManager): ConnectionManager["openConnection"] {
    return async (addresses, options = {}) => {
      const places = options.initiator === false && Array.isArray(addresses) ? addresses.map(placeOf) : [];
      for (const place of places) this.#answered.add(place);
      try {
        return await connections.openConnection(addresses, options);
      } finally {
        for (const place of places) this.#answered.delete(place);
      }
    };
  }

  /** A phone moves from network to network: the newest addresses are the likeliest to be its own. */
  #hear(observed: Multiaddr): void {
    const address = multiaddrOf({ id: undefined, ...hostAndPort(observed) });
    if (this.#seenAt.some((known) => known.equals(address))) return;
    this.#seenAt.push(address);
    if (this.#seenAt.length > MAX_OBSERVED_ADDRESSES) this.#seenAt.shift();
  }
}

/** What makes a connection of a socket that was dialled, but is to answer: for encryption and streams it is one that came in. */
function answering(upgrader: Upgrader): Upgrader {
  const upgradeOutbound: Upgrader["upgradeOutbound"] = (socket, options) =>
    upgrader.upgradeOutbound(Object.assign(socket, { direction: "inbound" as const }), {
      ...options,
      initiator: false,
    });
  return Object.create(upgrader, { upgradeOutbound: { value: upgradeOutbound } });
}

function placeOf(address: Multiaddr): string {
  const { host, port } = hostAndPort(address);
  return `${host} ${port}`;
}
