// Two homes, each behind a router that lets nothing in, and a street between them. Owns cables, addresses and the routers' rules. It runs in
// network and mount namespaces of its own, so that nothing is left on the machine, however it ends.
//
// The street's addresses are of 3fff::/20, which is for documentation (RFC 9637): libp2p takes them for addresses that anyone could dial.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** Where the street meets this namespace, and the outer address of a home's router. */
export const STREET = "3fff:a::1";
export const routerAddress = (home: number): string => `3fff:a::1${home}`;

/** The namespace of a home's phone. */
export const phoneOf = (home: number): string => `phone${home}`;

/**
 * How a router passes packets on: `steady` as most at home do, one port of its own for one of the phone's, whoever it dials; `changing` another
 * port for everyone; `passing` as steady, and what comes to PASSED_PORT goes to the phone.
 */
export type RouterKind = "steady" | "changing" | "passing";
export const PASSED_PORT = 26_656;

/** Lays the cables of homes 1 and 2, with their routers. */
export function openStreet(kinds: readonly [RouterKind, RouterKind]): void {
  mkdirSync("/run/netns", { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);
  ip(undefined, ["link set lo up", "link add street type bridge", `addr add ${STREET}/64 dev street nodad`]);
  ip(undefined, ["link set street up"]);
  kinds.forEach((kind, index) => {
    openHome(index + 1, kind);
  });
}

function openHome(home: number, kind: RouterKind): void {
  const [router, phone] = [`router${home}`, phoneOf(home)];
  ip(undefined, [
    `netns add ${router}`,
    `netns add ${phone}`,
    `link add out${home} type veth peer name out netns ${router}`,
    `link set out${home} master street up`,
  ]);
  ip(router, [
    "link set lo up",
    "link set out up",
    `addr add ${routerAddress(home)}/64 dev out nodad`,
    `link add in type veth peer name cable netns ${phone}`,
    "link set in up",
    `addr add fd00:${home}::1/64 dev in nodad`,
  ]);
  ip(phone, [
    "link set lo up",
    "link set cable up",
    `addr add fd00:${home}::2/64 dev cable nodad`,
    `route add default via fd00:${home}::1`,
  ]);
  inside(router, ["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]);
  inside(router, ["nft", "-f", "-"], rules(home, kind));
}

function rules(home: number, kind: RouterKind): string {
  const passed =
    kind === "passing" ? `iifname "out" tcp dport ${PASSED_PORT} dnat to [fd00:${home}::2]:${PASSED_PORT}` : "";
  return `
table ip6 addresses {
  chain leaving {
    type nat hook postrouting priority 100
    oifname "out" masquerade ${kind === "changing" ? "fully-random" : ""}
  }
  chain arriving {
    type nat hook prerouting priority -100
    ${passed}
  }
}
table ip6 door {
  chain itself {
    type filter hook input priority 0; policy drop
    ct state established,related accept
    meta l4proto ipv6-icmp accept
  }
  chain through {
    type filter hook forward priority 0; policy drop
    iifname "in" accept
    ct state established,related accept
    ct status dnat accept
  }
}
`;
}

function ip(namespace: string | undefined, lines: readonly string[]): void {
  const where = namespace === undefined ? [] : ["-n", namespace];
  execFileSync("ip", [...where, "-6", "-batch", "-"], {
    input: `${lines.join("\n")}\n`,
    stdio: ["pipe", "ignore", "inherit"],
  });
}

function inside(namespace: string, line: readonly string[], input = ""): void {
  execFileSync("ip", ["netns", "exec", namespace, ...line], { input, stdio: ["pipe", "ignore", "inherit"] });
}
