// How the nodes of a test network reach each other, and how they are parted. Owns the choice: network namespaces on one
// machine where this process may make them, else a TCP proxy for every link. Does not own nodes.

import { existsSync } from "node:fs";

/** Where one node listens, and where the test reaches its RPC. */
export interface Seat {
  /** `tcp://host:port` for the node's `p2p.laddr`. */
  readonly peerListen: string;
  /** `tcp://host:port` for its `rpc.laddr`. */
  readonly rpcListen: string;
  /** `http://host:port` for this process. */
  readonly rpcUrl: string;
  /** What stands before the node's own command line. */
  readonly prefix: readonly string[];
}

/** The links among nodes 0, 1, … */
export interface Links {
  /** "namespaces" or "proxies". */
  readonly kind: string;
  seat(node: number): Seat;
  /** `host:port` under which one node dials another. */
  dialAddress(from: number, to: number): string;
  /** Parts the network: nodes of different groups do not reach each other. Nodes in no group are alone. */
  split(groups: readonly (readonly number[])[]): void;
  /** Everyone reaches everyone again. */
  heal(): void;
  close(): Promise<void>;
}

/** Whether this process runs in a network and a mount namespace of its own, made by run.ts. */
export function ownsNamespaces(): boolean {
  return process.env.TRIBUTARY_E2E_NAMESPACE === "1";
}

/** Whether this process may make namespaces. */
export function mayMakeNamespaces(): boolean {
  return (
    process.platform === "linux" &&
    process.getuid?.() === 0 &&
    ["unshare", "ip"].every((tool) =>
      ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].some((folder) => existsSync(`${folder}/${tool}`)),
    )
  );
}

/** Makes the links of a network of `count` nodes. */
export async function openLinks(count: number): Promise<Links> {
  if (ownsNamespaces()) return (await import("./namespaces.ts")).openNamespaces(count);
  return await (await import("./proxies.ts")).openProxies(count);
}

/** The group a node is in; every node in no group has one of its own. */
export function groupOf(groups: readonly (readonly number[])[], node: number): number {
  const found = groups.findIndex((group) => group.includes(node));
  return found === -1 ? groups.length + node : found;
}
