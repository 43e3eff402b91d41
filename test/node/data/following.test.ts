/** A node that follows a datanet keeps its texts: those its peers have, those that come later, within its budget. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { BlockStore } from "../../../node/data/block-store.ts";
import { BlockExchange } from "../../../node/data/exchange.ts";
import { Following } from "../../../node/data/following.ts";
import { silentLogger } from "../../../node/log.ts";
import { fullDefault } from "../../../proto/codec.ts";
import { startNode, stopNodes, until } from "../p2p/support.ts";

const folders: string[] = [];
const followings: Following[] = [];
afterEach(async () => {
  for (const following of followings.splice(0)) await following.stop();
  await stopNodes();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function newStore(budgetBytes = 10_000_000): Promise<BlockStore> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-following-"));
  folders.push(folder);
  return BlockStore.open({ folder, budgetBytes });
}

async function kept(store: BlockStore): Promise<string[]> {
  const found = [];
  for await (const { bytes, keeping } of store.list()) found.push(`${keeping} ${bytes}`);
  return found.sort();
}

/** Two peers that have texts, and a node that follows datanet 7 with whatever records the test adds. */
async function scene(budgetBytes?: number) {
  const log = silentLogger();
  const servers = [];
  for (let i = 0; i < 2; i++) {
    const [node, store] = [await startNode(), await newStore()];
    const { network } = node;
    new BlockExchange({ store, requests: network.requests, peers: () => network.peers(), log }).serve();
    servers.push({ node, store });
  }
  const { network } = await startNode({ peers: servers.map(({ node }) => node.address) });
  await until(() => network.peers().length === 2, "connected");
  const store = await newStore(budgetBytes);
  const peers = () => network.peers();
  const exchange = new BlockExchange({ store, requests: network.requests, peers, log });
  const records: Uint8Array[] = [];
  const struck = new Set<bigint>();
  const following = new Following([7n], {
    store,
    exchange,
    peers,
    log,
    record: (datanetId, number) => {
      const contentHash = datanetId === 7n ? records[Number(number) - 1] : undefined;
      return (
        contentHash && {
          ...fullDefault("tributary.datanet.v1.Record"),
          datanetId,
          number,
          contentHash,
          status: struck.has(number) ? 3 : 1,
        }
      );
    },
  });
  followings.push(following);
  return { servers, store, records, struck, following };
}

const text = (length: number) => new Uint8Array(length).fill(length % 251);

test("texts of two peers, and one that lay there loose, are all pinned; what nobody has is waited for without harm", async () => {
  const { servers, store, records, struck, following } = await scene();
  for (const length of [10, 20, 30]) records.push(await servers[0]!.store.put(text(length), "loose"));
  records.push(new Uint8Array(32).fill(9));
  for (const length of [40, 200_000]) records.push(await servers[1]!.store.put(text(length), "pinned"));
  records.push(await store.put(text(50), "loose"));
  records.push(await servers[0]!.store.put(text(60), "loose"));
  struck.add(BigInt(records.length));
  following.start();
  await until(() => store.totalBytes === 200_150, "all texts that there are came");
  await following.stop();
  expect(await kept(store)).toEqual(["pinned 10", "pinned 20", "pinned 200000", "pinned 30", "pinned 40", "pinned 50"]);
});

test("beyond the budget nothing is kept, and what is pinned stays", async () => {
  const { servers, store, records, following } = await scene(250);
  for (const length of [100, 101, 102, 103]) records.push(await servers[0]!.store.put(text(length), "loose"));
  following.start();
  await until(() => store.totalBytes > 150, "two came");
  await new Promise((resolve) => setTimeout(resolve, 200));
  await following.stop();
  expect(store.totalBytes).toBeLessThanOrEqual(250);
  expect(await kept(store)).toHaveLength(2);
});
