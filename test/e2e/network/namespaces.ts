// A network of namespaces: every node has its own, with one cable to a bridge for peers and one for RPC. A partition moves
// cables to other bridges, so that packets are lost without a word, as on a broken line. Owns the cables. It runs inside a
// network and mount namespace that run.ts makes, so that nothing is left on the machine, however it ends.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { groupOf, type Links, type Seat } from "./links.ts";

const PEER_NETWORK = "10.77.1";
const RPC_NETWORK = "10.77.2";

function ip(lines: readonly string[]): void {
  execFileSync("ip", ["-batch", "-"], { input: `${lines.join("\n")}\n`, stdio: ["pipe", "ignore", "inherit"] });
}

/** Lays the cables for `count` nodes. */
export function openNamespaces(count: number): Links {
  const nodes = Array.from({ length: count }, (_, node) => node);
  // Names of namespaces are files here; a folder of our own keeps them off the machine.
  mkdirSync("/run/netns", { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);
  ip([
    "link set lo up",
    "link add rpc type bridge",
    `addr add ${RPC_NETWORK}.254/24 dev rpc`,
    "link set rpc up",
    // One bridge for every group there can be.
    ...nodes.flatMap((node) => [`link add group${node} type bridge`, `link set group${node} up`]),
  ]);
  for (const node of nodes) {
    ip([
      `netns add node${node}`,
      `link add peer${node} type veth peer name peers netns node${node}`,
      `link add rpc${node} type veth peer name rpc netns node${node}`,
      `link set peer${node} master group0 up`,
      `link set rpc${node} master rpc up`,
    ]);
    execFileSync("ip", ["-n", `node${node}`, "-batch", "-"], {
      input: [
        "link set lo up",
        `addr add ${PEER_NETWORK}.${node + 1}/24 dev peers`,
        "link set peers up",
        `addr add ${RPC_NETWORK}.${node + 1}/24 dev rpc`,
        "link set rpc up",
        "",
      ].join("\n"),
    });
  }
  const split = (groups: readonly (readonly number[])[]): void => {
    const names = [...new Set(nodes.map((node) => groupOf(groups, node)))];
    ip(nodes.map((node) => `link set peer${node} master group${names.indexOf(groupOf(groups, node))}`));
  };
  return {
    kind: "namespaces",
    seat: (node): Seat => ({
      peerListen: `tcp://${PEER_NETWORK}.${node + 1}:26656`,
      rpcListen: `tcp://${RPC_NETWORK}.${node + 1}:26657`,
      rpcUrl: `http://${RPC_NETWORK}.${node + 1}:26657`,
      prefix: ["ip", "netns", "exec", `node${node}`],
    }),
    dialAddress: (_from, to) => `${PEER_NETWORK}.${to + 1}:26656`,
    split,
    heal: () => split([nodes]),
    close: async () => undefined,
  };
}
