// A network of TCP proxies on loopback, for whoever may not make namespaces: every link from one node to another goes through
// a listener of its own. Cut off, a proxy swallows what comes and answers nobody; connections stay open, as on a broken line.
// Owns the sockets.

import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { freePort } from "../chain-home.ts";
import { groupOf, type Links } from "./links.ts";

/** One link, cut or not. */
class ProxiedLink {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  private constructor(port: number, target: number) {
    this.port = port;
    this.#server = createServer({ pauseOnConnect: true }, (inward) => this.#carry(inward, target));
    this.#server.listen(port, "127.0.0.1");
  }

  static async open(target: number): Promise<ProxiedLink> {
    return new ProxiedLink(await freePort(), target);
  }

  #carry(inward: Socket, target: number): void {
    const outward = dial(target, "127.0.0.1");
    for (const [socket, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("data", (bytes) => other.write(bytes));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      if (this.#cut) socket.pause();
      else socket.resume();
    }
  }

  /** While cut, nothing is read: what was sent waits, as behind a line that is down, and goes on afterwards. */
  set cut(cut: boolean) {
    this.#cut = cut;
    for (const socket of this.#sockets) {
      if (cut) socket.pause();
      else socket.resume();
    }
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Opens a proxy for every ordered pair of `count` nodes. */
export async function openProxies(count: number): Promise<Links> {
  const nodes = Array.from({ length: count }, (_, node) => node);
  const ports: { readonly peers: number; readonly rpc: number }[] = [];
  for (const _ of nodes) ports.push({ peers: await freePort(), rpc: await freePort() });
  const proxies = new Map<string, ProxiedLink>();
  for (const from of nodes)
    for (const to of nodes) if (from !== to) proxies.set(`${from}-${to}`, await ProxiedLink.open(ports[to]!.peers));
  const split = (groups: readonly (readonly number[])[]): void => {
    for (const [name, proxy] of proxies) {
      const [from = 0, to = 0] = name.split("-").map(Number);
      proxy.cut = groupOf(groups, from) !== groupOf(groups, to);
    }
  };
  return {
    kind: "proxies",
    seat: (node) => ({
      peerListen: `tcp://127.0.0.1:${ports[node]!.peers}`,
      rpcListen: `tcp://127.0.0.1:${ports[node]!.rpc}`,
      rpcUrl: `http://127.0.0.1:${ports[node]!.rpc}`,
      prefix: [],
    }),
    dialAddress: (from, to) => `127.0.0.1:${proxies.get(`${from}-${to}`)!.port}`,
    split,
    heal: () => split([nodes]),
    close: async () => {
      for (const proxy of proxies.values()) proxy.close();
    },
  };
}
