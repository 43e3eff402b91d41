/** net_info and the methods that dial, on a network of the test's own. The names of fields are CometBFT's (rpc/openapi, NetInfo). */
import { expect, test } from "vitest";
import type { PeerView, RpcEnvironment } from "../../../node/rpc/environment.ts";
import { RequestError } from "../../../node/rpc/method.ts";
import { peerMethods } from "../../../node/rpc/methods/peers.ts";

const peer: PeerView = {
  nodeId: "ab".repeat(20),
  moniker: "friend",
  listenAddress: "tcp://0.0.0.0:26656",
  remoteHost: "192.0.2.7",
  outbound: true,
  version: "0.38.17",
  connectedMs: 2_000,
  bytesIn: 4_000,
  bytesOut: 100,
};

function methods(unsafe: boolean) {
  const dialled: { addresses: readonly string[]; persistent: boolean }[] = [];
  const environment = {
    unsafe,
    identity: { chainId: "test-1" },
    storage: {},
    network: {
      listening: true,
      peers: () => [peer],
      dial: (addresses: readonly string[], persistent: boolean) => {
        if (addresses.includes("nonsense")) throw new Error('"nonsense" is not a peer address');
        dialled.push({ addresses, persistent });
      },
    },
  } as unknown as RpcEnvironment;
  const table = new Map(peerMethods(environment).map((one) => [one.name, one]));
  const call = (name: string, ...values: unknown[]) =>
    table.get(name)!.call(values, { remote: "", id: 1, subscriber: undefined });
  return { table, call, dialled };
}

test("net_info shows each peer as CometBFT does", () => {
  const { call } = methods(false);
  expect(call("net_info")).toMatchObject({
    listening: true,
    n_peers: "1",
    peers: [
      {
        node_info: { id: peer.nodeId, listen_addr: peer.listenAddress, network: "test-1", moniker: "friend" },
        is_outbound: true,
        connection_status: {
          Duration: "2000000000",
          SendMonitor: { Bytes: "100", AvgRate: "50", Active: true },
          RecvMonitor: { Bytes: "4000", AvgRate: "2000", Progress: 0 },
          Channels: [],
        },
        remote_ip: "192.0.2.7",
      },
    ],
  });
});

test("methods that dial exist only when they were asked for", () => {
  expect([...methods(false).table.keys()]).toEqual(["net_info"]);
  const { call, dialled } = methods(true);
  expect(call("dial_peers", ["a@1.2.3.4:1"], true, false, false)).toHaveProperty("log");
  expect(call("dial_seeds", ["b@1.2.3.4:1"])).toHaveProperty("log");
  expect(dialled).toEqual([
    { addresses: ["a@1.2.3.4:1"], persistent: true },
    { addresses: ["b@1.2.3.4:1"], persistent: false },
  ]);
});

test("what cannot be dialled is said in one sentence", () => {
  const { call, dialled } = methods(true);
  for (const peers of [undefined, [], [5], ["nonsense"], new Array(51).fill("a@1.2.3.4:1")])
    expect(() => call("dial_peers", peers, false, false, false)).toThrow(RequestError);
  expect(() => call("dial_peers", ["a@1.2.3.4:1"], false, true, false)).toThrow("unconditional_peer_ids");
  expect(dialled).toEqual([]);
});
