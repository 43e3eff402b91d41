/** What `[data]` of config.toml makes of a node: nothing at all, one that gives its texts, or one that follows a datanet of its own chain's state. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nodeConfig } from "../../../node/config.ts";
import { BlockStore } from "../../../node/data/block-store.ts";
import { HAVE_KIND } from "../../../node/data/exchange.ts";
import { type DataService, openData } from "../../../node/data/service.ts";
import { nodePaths } from "../../../node/home.ts";
import { silentLogger } from "../../../node/log.ts";
import { decode, encode, fullDefault } from "../../../proto/codec.ts";
import { startNode, stopNodes, until } from "../p2p/support.ts";

const homes: string[] = [];
const services: (DataService | undefined)[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service?.stop();
  await stopNodes();
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "tributary-data-"));
  homes.push(home);
  return home;
}

const noRecords = { query: () => fullDefault("tendermint.abci.ResponseQuery") };

async function open(...[options, needs]: Parameters<typeof openData>): Promise<DataService | undefined> {
  const service = await openData(options, needs);
  services.push(service);
  return service;
}

test("a budget of nothing keeps, makes and answers nothing", async () => {
  const [node, asker, home] = [await startNode(), await startNode(), newHome()];
  const config = nodeConfig({ dataBudgetBytes: 0 });
  const { network } = node;
  expect(await open({ config, home, log: silentLogger() }, { network, application: noRecords })).toBeUndefined();
  expect(existsSync(nodePaths(home).blocks)).toBe(false);
  await asker.network.dial(node.address);
  await until(() => asker.network.peers().length === 1, "connected");
  const asked = asker.network.requests.ask(asker.network.peers()[0]!, HAVE_KIND, { digests: [] });
  await expect(asked).rejects.toThrow("the peer refused");
});

test.each([
  [{ dataDatanets: ["solidity"] }, 'holds "solidity", but must hold numbers'],
  [{ dataDatanets: ["1"], dataBudgetBytes: 0 }, "there is no room"],
])("settings %j are refused with the setting's name", async (changes, reason) => {
  const { network } = await startNode();
  const options = { config: nodeConfig(changes), home: newHome(), log: silentLogger() };
  await expect(openData(options, { network, application: noRecords })).rejects.toThrow(reason);
});

test("a node that follows a datanet has its records from the application, and their texts from a peer", async () => {
  const [giver, follower] = [await startNode(), await startNode()];
  const [from, to] = [newHome(), newHome()];
  const text = new Uint8Array(500).fill(5);
  const contentHash = await (await BlockStore.open({ folder: nodePaths(from).blocks, budgetBytes: 1_000 })).put(
    text,
    "loose",
  );
  const application = {
    query: ({ path, data }: { path: string; data: Uint8Array }) => {
      expect(path).toBe("/tributary.datanet.v1.Query/Record");
      const { datanetId, number } = decode("tributary.datanet.v1.QueryRecordRequest", data);
      if (datanetId !== 3n || number !== 1n) return { ...fullDefault("tendermint.abci.ResponseQuery"), code: 22 };
      const record = { datanetId, number, contentHash, status: 1 };
      const value = encode("tributary.datanet.v1.QueryRecordResponse", { record });
      return { ...fullDefault("tendermint.abci.ResponseQuery"), value };
    },
  };
  const log = silentLogger();
  await open({ config: nodeConfig(), home: from, log }, { network: giver.network, application: noRecords });
  await follower.network.dial(giver.address);
  await until(() => follower.network.peers().length === 1, "connected");
  const config = nodeConfig({ dataDatanets: ["3", "3"] });
  await open({ config, home: to, log }, { network: follower.network, application });
  const store = await BlockStore.open({ folder: nodePaths(to).blocks, budgetBytes: 1_000 });
  let kept: Uint8Array | undefined;
  for (let turn = 0; turn < 200 && kept === undefined; turn++) {
    kept = await store.get(contentHash);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(kept).toEqual(text);
});
