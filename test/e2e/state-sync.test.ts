/**
 * A newcomer that is given genesis.json, peers, two RPC addresses and one trusted block: it takes the state of a recent height from its
 * peers, one of which lies, and follows the chain from there as if it had executed everything.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SigningStargateClient } from "@cosmjs/stargate";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { validatorSetHash } from "../../chain/types/validator-set.ts";
import { sha256 } from "../../node/crypto.ts";
import { genesisHash } from "../../node/genesis-file.ts";
import { nodePaths, readHome } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import type { RunningNode } from "../../node/main.ts";
import { generateNodeKey } from "../../node/p2p/identity.ts";
import { PeerNetwork } from "../../node/p2p/network.ts";
import type { Engine } from "../../node/ports.ts";
import { serveSnapshots } from "../../node/sync/request-kinds.ts";
import { decode, encode } from "../../proto/codec.ts";
import { type ChainHome, chainHome, followerHome, type Home, wallet } from "./chain-home.ts";
import { chainOf, peerOf, rpc, startIn, statusOf, until } from "./nodes.ts";

const patience = process.env.TRIBUTARY_FULL === "1" ? 1_200_000 : 240_000;
const cleanups: (() => void | Promise<void>)[] = [];
const undoAll = async () => {
  for (const undo of cleanups.splice(0).reverse()) await undo();
};
afterEach(undoAll);

/** One chain for all tests: none of them changes it. */
let shared: Awaited<ReturnType<typeof chainWithSnapshots>>;
let endShared: (() => Promise<void>) | undefined;
beforeAll(async () => {
  shared = await chainWithSnapshots();
  const undo = cleanups.splice(0).reverse();
  endShared = async () => {
    for (const one of undo) await one();
  };
}, patience);
afterAll(async () => {
  await undoAll();
  await endShared?.();
});

const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "200000" };
const snapshots = { snapshotInterval: 10, snapshotKeepRecent: 1_000 };

/** A validator and a follower, both making snapshots, on a chain with some payments. */
async function chainWithSnapshots(): Promise<{ chain: ChainHome; validator: RunningNode; follower: RunningNode }> {
  const chain = await chainHome({ timeoutCommitMs: 60, ...snapshots });
  cleanups.push(chain.remove);
  const validator = await startIn(chain);
  cleanups.push(() => validator.stop());
  const home = followerHome(chain, { persistentPeers: peerOf(validator), timeoutCommitMs: 60, ...snapshots });
  cleanups.push(home.remove);
  const follower = await startIn(home);
  cleanups.push(() => follower.stop());
  const [alice = "", bob = ""] = chain.addresses;
  const client = await SigningStargateClient.connectWithSigner(validator.rpcUrl, await wallet(1), {
    broadcastPollIntervalMs: 10,
  });
  for (const amount of ["11", "22"]) await client.sendTokens(alice, bob, [{ denom: "uopen", amount }], fee);
  client.disconnect();
  await until(
    () => [validator, follower].every((node) => node.application.listSnapshots({}).snapshots.length >= 2),
    "both have snapshots",
  );
  return { chain, validator, follower };
}

/** What a newcomer is configured with. */
async function newcomerHome(chain: Home, nodes: readonly RunningNode[], peers: readonly string[]): Promise<Home> {
  const trusted = await rpc<{ signed_header: { commit: { block_id: { hash: string } } } }>(
    nodes[0]!.rpcUrl,
    "commit?height=3",
  );
  const home = followerHome(chain, {
    persistentPeers: peers.join(","),
    timeoutCommitMs: 60,
    stateSyncEnabled: true,
    stateSyncServers: nodes.map(({ rpcUrl }) => rpcUrl).join(","),
    stateSyncTrustHeight: 3,
    stateSyncTrustHash: trusted.signed_header.commit.block_id.hash,
    stateSyncDiscoveryMs: 4_000,
  });
  cleanups.push(home.remove);
  return home;
}

/** A host that offers a validator's snapshots, and changes what it gives. */
async function startLiar(chain: ChainHome, honest: RunningNode, lie: "chunk" | "snapshot") {
  const nodeKey = generateNodeKey();
  const { genesis } = readHome(chain.path);
  const hash = genesisHash(genesis);
  const status = { base: 1n, height: honest.storage.height };
  const network = new PeerNetwork(
    {
      nodeKey,
      chainId: chain.chainId,
      listenAddress: "tcp://127.0.0.1:0",
      persistentPeers: [],
      hello: () => ({ chainId: chain.chainId, genesisHash: hash, blockProtocol: 11n, moniker: "liar", status }),
    },
    { log: silentLogger() },
  );
  cleanups.push(() => network.stop());
  let served = 0;
  const garbage = Uint8Array.from({ length: 500 }, (_, index) => index & 255);
  serveSnapshots(network.requests, {
    listSnapshots: (request) => {
      const { snapshots: listed } = honest.application.listSnapshots(request);
      // A newer one than anybody has: everybody would rather begin with it.
      const [newest] = listed.slice(-1);
      const newer = { ...newest!, height: newest!.height + 1n };
      if (lie === "chunk") return { snapshots: [...listed, newer] };
      // Its description is consistent with what it gives, so that only the app hash tells.
      const hash = sha256(garbage);
      const metadata = encode("cosmos.store.snapshots.v1.Metadata", { chunkHashes: [hash] });
      return { snapshots: [...listed, { ...newer, chunks: 1, hash, metadata }] };
    },
    loadSnapshotChunk: () => {
      served += 1;
      return { chunk: garbage };
    },
  });
  const height = status.height + 1n;
  await network.start({
    engine: {
      status: () => ({ height, round: 0, step: "propose" }),
      summary: () => ({ height, round: 0, rounds: [], wanted: undefined }),
      receive: async () => "ignored",
      repair: () => [],
    } as unknown as Engine,
    heights: () => status,
    storage: { loadBlock: async () => undefined },
    receiveTransaction: () => false,
    waitingTransactions: () => [],
    heightsChanged: () => undefined,
  });
  return { address: `${nodeKey.id}@${network.listenAddresses()[0]}`, served: () => served };
}

test.each(["chunk", "snapshot"] as const)(
  "a newcomer takes the state from two peers, one of which lies about a %s, and follows",
  async (lie) => {
    const { chain, validator, follower } = shared;
    const liar = await startLiar(chain, validator, lie);
    const home = await newcomerHome(chain, [validator, follower], [liar.address, peerOf(validator), peerOf(follower)]);
    const node = await startIn(home);
    cleanups.push(() => node.stop());
    // It was asked once, and never again.
    expect(liar.served()).toBe(1);
    const base = Number(node.storage.base);
    expect(base).toBeGreaterThanOrEqual(10);
    expect(base % 10).toBe(0);
    await until(() => node.storage.height >= BigInt(base + 15), "it follows");
    await until(async () => !(await statusOf(node.rpcUrl)).catchingUp, "and says that it is level");
    // Nothing is left of the work, and the home goes on by itself.
    expect(existsSync(nodePaths(home.path).stateSync)).toBe(false);
    expect(readdirSync(join(home.path, "data"))).not.toContain("without-blocks.db");

    // Every proposer priority, past and to come, is everyone's: they stand in no header, so only equality shows it.
    const last = Number(node.storage.height);
    await until(() => validator.storage.height >= BigInt(last), "the validator is there too");
    for (const height of [base, base + 1, base + 2, last]) {
      const path = `validators?height=${height}`;
      expect(await rpc(node.rpcUrl, path), path).toEqual(await rpc(validator.rpcUrl, path));
      if (height > base)
        expect(node.storage.consensusParams(BigInt(height))).toEqual(validator.storage.consensusParams(BigInt(height)));
    }
    const compare = async (path: string) =>
      expect(await rpc(node.rpcUrl, path)).toEqual(await rpc(validator.rpcUrl, path));
    for (const height of [base, base + 1, last]) await compare(`block?height=${height}`);
    await compare(`block_results?height=${base + 1}`);
    await expect(rpc(node.rpcUrl, `block?height=${base - 1}`)).rejects.toThrow();
    // What evidence may speak of is known, from the servers' RPC, down to the first block.
    for (const height of [1n, BigInt(base) - 1n]) {
      const past = await node.storage.loadPast(height);
      expect(past?.header).toEqual(validator.storage.blockMeta(height)?.header);
      expect(past && validatorSetHash(past.validators)).toEqual(past?.header.validatorsHash);
    }

    // A restart takes it up like any other home, and does not sync its state again.
    await node.stop();
    const again = await startIn(home);
    cleanups.push(() => again.stop());
    expect(again.storage.base).toBe(BigInt(base));
    await until(() => again.storage.height >= BigInt(last + 5), "it goes on after a restart");
    const tip = Number(again.storage.height);
    expect((await chainOf(again.rpcUrl, tip, base)).at(-1)).toBe((await chainOf(validator.rpcUrl, tip, tip)).at(-1));
  },
  patience,
);

test(
  "one server that shows another chain, a trusted hash that is wrong, or one server alone: nothing is taken on",
  async () => {
    const { chain, validator, follower } = shared;
    const nodes = [validator, follower];
    const good = await newcomerHome(chain, nodes, nodes.map(peerOf));
    const withChanges = (changes: Parameters<typeof followerHome>[1]) => {
      const { config } = readHome(good.path);
      const home = followerHome(chain, { ...config, ...changes });
      cleanups.push(home.remove);
      return home;
    };
    const wrongHash = withChanges({ stateSyncTrustHash: "ab".repeat(32) });
    await expect(startIn(wrongHash)).rejects.toThrow(/fewer than two of the servers .* trust_hash/s);
    expect(existsSync(nodePaths(wrongHash.path).database)).toBe(false);
    await expect(startIn(withChanges({ stateSyncServers: validator.rpcUrl }))).rejects.toThrow(/at least two nodes/);
    await expect(startIn(withChanges({ stateSyncTrustHash: "12" }))).rejects.toThrow(/64 hex digits/);
    await expect(startIn(withChanges({ stateSyncTrustHeight: 0 }))).rejects.toThrow(/trust_height/);
    await expect(startIn(withChanges({ persistentPeers: "" }))).rejects.toThrow(/persistent_peers/);
    await expect(startIn(withChanges({ stateSyncTrustPeriodMs: 1 }))).rejects.toThrow(
      /older than statesync.trust_period/,
    );
  },
  patience,
);

test(
  "a description of a snapshot is what its chunks are",
  async () => {
    const { validator } = shared;
    const { snapshots: listed } = validator.application.listSnapshots({});
    for (const { height, format, chunks, hash, metadata } of listed) {
      const { chunkHashes } = decode("cosmos.store.snapshots.v1.Metadata", metadata);
      const all = Array.from(
        { length: chunks },
        (_, chunk) => validator.application.loadSnapshotChunk({ height, format, chunk }).chunk,
      );
      expect(all.map((chunk) => Buffer.from(sha256(chunk)))).toEqual(chunkHashes.map((one) => Buffer.from(one)));
      expect(Buffer.from(sha256(Buffer.concat(all)))).toEqual(Buffer.from(hash));
      expect(validator.application.loadSnapshotChunk({ height, format, chunk: chunks }).chunk).toHaveLength(0);
    }
    expect(new Set(listed.map(({ height }) => height % 10n))).toEqual(new Set([0n]));
  },
  patience,
);
