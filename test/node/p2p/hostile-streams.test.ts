/** A node under a thousand streams on one connection, and under sockets that never speak: it turns them away, and honest peers come in and are heard. */
import { connect, type Socket } from "node:net";
import { noise } from "@chainsafe/libp2p-noise";
import { yamux } from "@chainsafe/libp2p-yamux";
import { tcp } from "@libp2p/tcp";
import { createLibp2p, type Libp2p } from "libp2p";
import { afterEach, expect, test } from "vitest";
import { multiaddrOf } from "../../../node/p2p/identity.ts";
import { MAX_INBOUND_PEERS, MAX_PENDING_SOCKETS, MAX_STREAMS_PER_CONNECTION } from "../../../node/p2p/limits.ts";
import { fullDefault } from "../../../proto/codec.ts";
import { startNode, stopNodes, until } from "./support.ts";

const attackers: Libp2p[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(attackers.splice(0).map((attacker) => attacker.stop()));
  await stopNodes();
});

test("a thousand streams on one connection: a few are open at once, and an honest peer is heard meanwhile", async () => {
  const victim = await startNode();
  const honest = await startNode({ peers: [victim.address] });
  await until(() => victim.network.peers().length === 1, "the honest peer is there");
  const attacker = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxOutboundStreams: 5_000 })],
  });
  attackers.push(attacker);
  const connection = await attacker.dial(multiaddrOf(victim.address));
  const opening = Array.from({ length: 1_000 }, async () => {
    const signal = AbortSignal.timeout(3_000);
    return connection.newStream("/tributary/p2p-test/1", { signal, maxOutboundStreams: 5_000 });
  });
  const settled = Promise.allSettled(opening);
  const vote = { ...fullDefault("tendermint.types.Vote"), height: 9n, signature: Uint8Array.of(1) };
  honest.network.publish({ type: "vote", vote });
  await until(() => victim.consensus.length === 1, "the honest vote was heard");
  await settled;
  const open = connection.streams.filter(
    ({ status, protocol }) => status === "open" && protocol.startsWith("/tributary"),
  );
  expect(open.length).toBeLessThanOrEqual(MAX_STREAMS_PER_CONNECTION);
  expect(victim.network.peers().map(({ nodeId }) => nodeId)).toEqual([honest.key.id]);
});

test("sockets that never speak are bounded, let go of, and do not keep an honest peer out", async () => {
  const victim = await startNode();
  const { host, port } = victim.address;
  for (let count = 0; count < 300; count += 1) {
    const socket = connect(port, host);
    socket.on("error", () => undefined);
    sockets.push(socket);
  }
  await until(() => victim.network.statistics().refusedSockets > 0, "the door turns sockets away");
  await until(
    () => sockets.filter(({ closed }) => closed).length >= 300 - MAX_INBOUND_PEERS - MAX_PENDING_SOCKETS,
    "they are closed",
  );
  const honest = await startNode({ peers: [victim.address] });
  await until(() => victim.network.peers().some(({ nodeId }) => nodeId === honest.key.id), "the honest peer is in");
});
