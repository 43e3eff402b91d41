/** The port that a node without a listening one dials from; that two such nodes meet is test/e2e/hole-punching.test.ts's. */
import type { Connection } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { expect, test } from "vitest";
import { DialPort } from "../../../node/p2p/punching.ts";

/** Sockets whose dials end as told, one after the other, and that remember from which port each left. */
function scripted(...ends: readonly (string | Connection)[]) {
  const ports: (number | undefined)[] = [];
  const dial = async (_address: unknown, { localPort }: { readonly localPort?: number }): Promise<Connection> => {
    const end = ends[ports.length]!;
    ports.push(localPort);
    if (typeof end === "string") throw Object.assign(new Error(end), { code: end });
    return end;
  };
  const make = () => ({ dial });
  const sockets = new DialPort(4_000).sockets(make as never)(undefined as never);
  return { ports, dial: () => sockets.dial(multiaddr("/ip4/192.0.2.1/tcp/26656"), {} as never) };
}

const connection = {} as Connection;

test("dials leave from the one port", async () => {
  const { ports, dial } = scripted(connection);
  expect(await dial()).toBe(connection);
  expect(ports).toEqual([4_000]);
});

test.each(["EADDRINUSE", "EADDRNOTAVAIL"])("where the port cannot be used (%s) another is", async (code) => {
  const { ports, dial } = scripted(code, connection);
  expect(await dial()).toBe(connection);
  expect(ports).toEqual([4_000, undefined]);
});

test("another failure is the dial's, and is not tried again from elsewhere", async () => {
  const { ports, dial } = scripted("ECONNREFUSED", connection);
  await expect(dial()).rejects.toThrow("ECONNREFUSED");
  expect(ports).toEqual([4_000]);
});
