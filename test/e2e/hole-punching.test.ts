/** Two nodes that listen nowhere, behind routers that let nothing in, meet without their relay where the routers make it possible. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type RouterKind, routerAddress, STREET } from "./nat/routers.ts";
import type { Outcome } from "./nat/two-homes.ts";
import { mayMakeNamespaces } from "./network/links.ts";

const mayRoute = mayMakeNamespaces() && ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"].some((path) => existsSync(path));
const NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];

function met(first: RouterKind, second: RouterKind): Outcome {
  const program = fileURLToPath(new URL("nat/two-homes.ts", import.meta.url));
  const line = [...NAMESPACES, process.execPath, program, first, second];
  const { status, stdout, stderr } = spawnSync("unshare", line, { encoding: "utf8", timeout: 200_000 });
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

describe.skipIf(!mayRoute)("routers need Linux, root, ip, unshare and nft (Debian's nftables)", () => {
  test("two phones behind routers dial each other at the same moment, and leave the relay", () => {
    const { hosts, blocksSince } = met("steady", "steady");
    expect(hosts.at(-1)).toBe(routerAddress(1));
    expect(blocksSince).toBeGreaterThanOrEqual(5);
  }, 240_000);

  test("a phone dials the one that came through the relay, where that one's router passes a port on", () => {
    const { hosts } = met("changing", "passing");
    expect(hosts.at(-1)).toBe(routerAddress(1));
  }, 240_000);

  test("behind a router that shows another port to everyone they stay on the relay, and blocks come", () => {
    const { hosts, blocksSince } = met("changing", "changing");
    expect(hosts).toEqual([STREET]);
    expect(blocksSince).toBeGreaterThanOrEqual(5);
  }, 240_000);
});
