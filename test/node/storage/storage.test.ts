import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Level } from "level";
import { afterEach, describe, expect, test } from "vitest";
import { headerHash } from "../../../chain/types/header.ts";
import { sha256 } from "../../../node/crypto.ts";
import { Database, StorageError } from "../../../node/storage/database.ts";
import { parseEventQuery } from "../../../node/storage/event-query.ts";
import { SearchTooBroadError } from "../../../node/storage/event-search.ts";
import { NodeStorage } from "../../../node/storage/storage.ts";
import { event, SampleChain, tx } from "../sample-chain.ts";

const folders: string[] = [];
const open: { close(): Promise<void> }[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-storage-"));
  folders.push(folder);
  return join(folder, "tributary.db");
}

async function openStorage(path: string, chainId = "sample-1"): Promise<NodeStorage> {
  const storage = await NodeStorage.open(path, { chainId });
  open.push(storage);
  return storage;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close().catch(() => undefined);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const bounds = { maximumRows: 10_000, timeoutMs: 10_000 };

async function found(storage: NodeStorage, query: string): Promise<string[]> {
  const positions = await storage.searchTransactions(parseEventQuery(query), bounds);
  return positions.map(({ height, txIndex }) => `${height}/${txIndex}`);
}

async function foundBlocks(storage: NodeStorage, query: string): Promise<string[]> {
  return (await storage.searchBlocks(parseEventQuery(query), bounds)).map(String);
}

describe("blocks and chain state", () => {
  test("what a block brought is there after reopening: block, commit, results, state, application records", async () => {
    const path = newFolder();
    const chain = new SampleChain({ validators: 3 });
    const first = await openStorage(path);
    expect(await first.loadChainState()).toBeUndefined();
    await first.commitGenesis(chain.state);
    const key = tx("key");
    const batches = [
      chain.next({ txs: [{ tx: tx("a") }, { tx: tx("b"), code: 5 }], appWrites: [{ key, value: tx("one") }] }),
      chain.next({ appWrites: [{ key, value: tx("two") }] }),
      chain.next(),
    ];
    for (const batch of batches) await first.commitBlock(batch);
    await first.close();

    const storage = await openStorage(path);
    expect([storage.height, storage.base]).toEqual([3n, 1n]);
    expect(await storage.loadChainState()).toEqual(chain.state);
    for (const batch of batches) {
      const stored = await storage.loadBlock(batch.height);
      expect(stored).toEqual({ blockId: batch.blockId, block: batch.block, seenCommit: batch.seenCommit });
      expect(headerHash(stored?.block.header ?? batch.block.header)).toEqual(batch.blockId.hash);
      expect(storage.response(batch.height)).toEqual(batch.response);
      expect(storage.heightOf(batch.blockId.hash)).toBe(batch.height);
      expect(storage.blockMeta(batch.height)?.blockSize).toBe(BigInt(batch.blockBytes.length));
    }
    expect(storage.canonicalCommit(1n)).toEqual(batches[0]?.seenCommit);
    expect(storage.canonicalCommit(3n)).toBeUndefined();
    expect(storage.applicationRecord(key)).toEqual(Buffer.from("two"));
    expect(storage.transaction(sha256(tx("b")))).toMatchObject({
      height: 1n,
      txIndex: 1,
      tx: tx("b"),
      result: { code: 5 },
    });
    expect(storage.transaction(sha256(tx("c")))).toBeUndefined();
  });

  test("a deleted application record is gone", async () => {
    const storage = await openStorage(newFolder());
    const chain = new SampleChain();
    await storage.commitGenesis(chain.state);
    await storage.commitBlock(chain.next({ appWrites: [{ key: tx("k"), value: tx("v") }] }));
    await storage.commitBlock(chain.next({ appWrites: [{ key: tx("k"), value: undefined }] }));
    expect(storage.applicationRecord(tx("k"))).toBeUndefined();
  });

  test("validators and parameters of every height come back as the chain had them, priorities included", async () => {
    const storage = await openStorage(newFolder());
    const chain = new SampleChain({ validators: 4, initialHeight: 995 });
    await storage.commitGenesis(chain.state);
    const expected = new Map([
      [995n, chain.state.validators],
      [996n, chain.state.nextValidators],
    ]);
    for (let index = 0; index < 12; index += 1) {
      // The set changes once, and a checkpoint (height 1000) lies within the range.
      const pubKey = { ed25519: chain.publicKey(1) };
      await storage.commitBlock(chain.next(index === 2 ? { validatorUpdates: [{ pubKey, power: 99n }] } : {}));
      expected.set(chain.state.lastBlockHeight + 2n, chain.state.nextValidators);
    }
    for (const [height, set] of expected) expect(storage.validators(height), `height ${height}`).toEqual(set);
    expect(storage.validators(994n)).toBeUndefined();
    expect(storage.validators(1010n)).toBeUndefined();
    for (let height = 995n; height <= 1007n; height += 1n) {
      expect(storage.consensusParams(height), `height ${height}`).toEqual(chain.state.consensusParams);
    }
    expect(storage.consensusParams(1008n)).toBeUndefined();
  });

  test("a block that does not follow is refused and changes nothing", async () => {
    const storage = await openStorage(newFolder());
    const chain = new SampleChain();
    await storage.commitGenesis(chain.state);
    const first = chain.next();
    const second = chain.next();
    await expect(storage.commitBlock(second)).rejects.toThrow("block 2 was to be stored where 1 follows");
    await storage.commitBlock(first);
    await expect(storage.commitBlock(first)).rejects.toThrow("block 1 was to be stored where 2 follows");
    await expect(storage.commitGenesis(chain.state)).rejects.toThrow(StorageError);
    await storage.commitBlock(second);
    expect(storage.height).toBe(2n);
  });

  test("a start that failed after storing the genesis state can be tried again", async () => {
    const folder = newFolder();
    const chain = new SampleChain();
    const failed = await openStorage(folder);
    await failed.commitGenesis(chain.state);
    await failed.close();
    const storage = await openStorage(folder);
    await storage.commitGenesis(chain.state);
    await storage.commitBlock(chain.next());
    expect(storage.height).toBe(1n);
  });

  test("pruning removes a height with its index and keeps what later heights need", async () => {
    const storage = await openStorage(newFolder());
    const chain = new SampleChain({ validators: 2 });
    await storage.commitGenesis(chain.state);
    const sent = (name: string) => ({ tx: tx(name), events: [event("transfer", { sender: "alice" })] });
    const first = chain.next({ txs: [sent("a")], events: [event("mint", { amount: "5" })] });
    await storage.commitBlock(first);
    await storage.commitBlock(chain.next({ txs: [sent("b")] }));
    await storage.commitBlock(chain.next({ txs: [sent("a")], retainHeight: 3n }));
    expect(storage.base).toBe(3n);
    expect(await storage.loadBlock(1n)).toBeUndefined();
    expect(storage.heightOf(first.blockId.hash)).toBeUndefined();
    expect(storage.response(2n)).toBeUndefined();
    expect(await found(storage, "transfer.sender = 'alice'")).toEqual(["3/0"]);
    expect(await foundBlocks(storage, "mint.amount EXISTS")).toEqual([]);
    expect(storage.transaction(sha256(tx("b")))).toBeUndefined();
    expect(storage.transaction(sha256(tx("a")))?.height).toBe(3n);
    expect(storage.validators(4n)).toEqual(chain.state.validators);
  });
});

describe("the event index", () => {
  async function indexed(): Promise<NodeStorage> {
    const storage = await openStorage(newFolder());
    const chain = new SampleChain();
    await storage.commitGenesis(chain.state);
    const transfer = (sender: string, recipient: string, amount: string) =>
      event("transfer", { sender, recipient, amount });
    const message = event("message", { action: "/cosmos.bank.v1beta1.MsgSend" });
    const odd = event("odd", { key: "nul\u0000in 'it'" });
    await storage.commitBlock(
      chain.next({ txs: [{ tx: tx("1"), events: [transfer("alice", "bob", "8uopen"), message] }] }),
    );
    await storage.commitBlock(chain.next({ events: [event("mint", { amount: "12" })] }));
    await storage.commitBlock(
      chain.next({
        txs: [
          { tx: tx("2"), events: [message, transfer("bob", "carol", "900uopen"), transfer("dave", "erin", "1uopen")] },
          { tx: tx("3"), events: [transfer("alice", "carol", "70uopen"), odd] },
        ],
        events: [event("mint", { amount: "7" }), event("mint", { amount: "7" })],
      }),
    );
    return storage;
  }

  test("finds by equality, order, existence, containment and height, in order", async () => {
    const storage = await indexed();
    expect(await found(storage, "transfer.sender = 'alice'")).toEqual(["1/0", "3/1"]);
    expect(await found(storage, "transfer.sender = 'alice' AND tx.height > 1")).toEqual(["3/1"]);
    expect(await found(storage, "transfer.sender = 'alice' AND tx.height = 2")).toEqual([]);
    expect(await found(storage, "transfer.amount > 8")).toEqual(["3/0", "3/1"]);
    expect(await found(storage, "transfer.amount <= 8")).toEqual(["1/0", "3/0"]);
    expect(await found(storage, "transfer.recipient CONTAINS 'aro'")).toEqual(["3/0", "3/1"]);
    expect(await found(storage, "message.action EXISTS")).toEqual(["1/0", "3/0"]);
    expect(await found(storage, "tx.height >= 1")).toEqual(["1/0", "3/0", "3/1"]);
    expect(await found(storage, "tx.height < 2.5 AND tx.height > 0.5")).toEqual(["1/0"]);
    expect(await found(storage, "tx.height > 3")).toEqual([]);
    expect(await found(storage, "tx.height > 9223372036854775808")).toEqual([]);
    expect(await found(storage, "transfer.sende = 'alice'")).toEqual([]);
    expect(await found(storage, "transfer.sender = 'alic'")).toEqual([]);
  });

  test("conditions on one event type must be met by one event, on different types by one transaction", async () => {
    const storage = await indexed();
    expect(await found(storage, "transfer.sender = 'bob' AND transfer.recipient = 'carol'")).toEqual(["3/0"]);
    expect(await found(storage, "transfer.sender = 'bob' AND transfer.recipient = 'erin'")).toEqual([]);
    expect(await found(storage, "message.action EXISTS AND transfer.sender = 'dave'")).toEqual(["3/0"]);
    expect(await found(storage, "message.action EXISTS AND transfer.recipient = 'nobody'")).toEqual([]);
  });

  test("values with NUL are found by any operator", async () => {
    const storage = await indexed();
    expect(await found(storage, "odd.key CONTAINS 'nul\u0000in'")).toEqual(["3/1"]);
    expect(await found(storage, "odd.key = 'nul'")).toEqual([]);
  });

  test("finds blocks by their own events and by height", async () => {
    const storage = await indexed();
    expect(await foundBlocks(storage, "mint.amount > 7")).toEqual(["2"]);
    expect(await foundBlocks(storage, "mint.amount = 7")).toEqual(["3"]);
    expect(await foundBlocks(storage, "block.height >= 2")).toEqual(["2", "3"]);
    expect(await foundBlocks(storage, "block.height > 1 AND mint.amount EXISTS AND block.height < 3")).toEqual(["2"]);
    expect(await foundBlocks(storage, "transfer.sender EXISTS")).toEqual([]);
  });

  test("a search beyond its bounds is refused, not cut short", async () => {
    const storage = await indexed();
    const search = storage.searchTransactions(parseEventQuery("tx.height > 0"), { maximumRows: 2, timeoutMs: 1_000 });
    await expect(search).rejects.toThrow(SearchTooBroadError);
  });

  test("a transaction that succeeded once is found as that, not as its later failure", async () => {
    const storage = await openStorage(newFolder());
    const chain = new SampleChain();
    await storage.commitGenesis(chain.state);
    await storage.commitBlock(chain.next({ txs: [{ tx: tx("a") }] }));
    await storage.commitBlock(
      chain.next({
        txs: [
          { tx: tx("a"), code: 19 },
          { tx: tx("b"), code: 19 },
        ],
      }),
    );
    await storage.commitBlock(chain.next({ txs: [{ tx: tx("b") }] }));
    expect(storage.transaction(sha256(tx("a")))).toMatchObject({ height: 1n, result: { code: 0 } });
    expect(storage.transaction(sha256(tx("b")))).toMatchObject({ height: 3n, result: { code: 0 } });
  });
});

describe("a folder that cannot be used gives one clear line", () => {
  async function refusal(path: string, chainId = "sample-1"): Promise<StorageError> {
    try {
      await openStorage(path, chainId);
    } catch (error) {
      if (error instanceof StorageError) {
        expect(error.message).not.toContain("\n");
        expect(error.exitCode).toBe(70);
        return error;
      }
      throw error;
    }
    throw new Error("it opened");
  }

  test("another process has it open", async () => {
    const path = newFolder();
    await openStorage(path);
    expect((await refusal(path)).message).toMatch(/in use by another process.*Stop it first.*Nothing was lost/);
  });

  test("it belongs to another chain", async () => {
    const path = newFolder();
    await (await openStorage(path)).close();
    expect((await refusal(path, "other-1")).message).toMatch(
      /holds the chain "sample-1", but the genesis says "other-1"/,
    );
  });

  test("it has another layout, or is another program's", async () => {
    const path = newFolder();
    await (await openStorage(path)).close();
    const level = new Level<Buffer, Buffer>(path, { keyEncoding: "buffer", valueEncoding: "buffer" });
    await level.put(Buffer.from("\u0000schema"), Buffer.from("99"));
    await level.close();
    expect((await refusal(path)).message).toMatch(/data layout 99, this version reads 1\..*Nothing was changed/);
    const foreign = newFolder();
    const other = new Level(foreign);
    await other.put("somebody", "else's");
    await other.close();
    expect((await refusal(foreign)).message).toMatch(/database of another program/);
  });

  test("it is damaged: CURRENT lost, the manifest cut, a table overwritten", async () => {
    const damage: ((folder: string) => void)[] = [
      (folder) => rmSync(join(folder, "CURRENT")),
      (folder) => writeFileSync(join(folder, "CURRENT"), "nonsense"),
      (folder) => {
        for (const name of readdirSync(folder))
          if (name.startsWith("MANIFEST")) writeFileSync(join(folder, name), "cut");
      },
      (folder) => {
        for (const name of readdirSync(folder)) if (name.endsWith(".ldb")) rmSync(join(folder, name));
      },
    ];
    for (const spoil of damage) {
      const path = newFolder();
      const storage = await openStorage(path);
      const chain = new SampleChain();
      await storage.commitGenesis(chain.state);
      for (let index = 0; index < 3; index += 1) await storage.commitBlock(chain.next());
      await storage.close();
      // Reopening moves the log into a table, so that there is one to lose.
      const again = await openStorage(path);
      await again.close();
      const before = readdirSync(path).length;
      spoil(path);
      const tables = readdirSync(path).filter((name) => name.endsWith(".ldb"));
      expect((await refusal(path)).message).toMatch(/is damaged.*Nothing was wiped.*sync from peers/);
      expect(existsSync(path) && readdirSync(path).length >= before - 2).toBe(true);
      expect(readdirSync(path).filter((name) => name.endsWith(".ldb"))).toEqual(tables);
    }
  });

  test("it is a file", async () => {
    const path = newFolder();
    writeFileSync(path, "");
    expect((await refusal(path)).message).toMatch(/cannot create the data folder/);
  });
});

test("after a failed write the database takes no more writes", async () => {
  const database = await Database.open(newFolder(), { chainId: "x" });
  await database.close();
  await expect(database.write([{ key: tx("a"), value: tx("b") }])).rejects.toThrow(StorageError);
  await expect(database.write([])).rejects.toThrow(StorageError);
});
