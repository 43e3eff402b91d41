import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../node/log.ts";
import { type CheckResult, type MempoolOptions, TransactionPool } from "../../../node/mempool/mempool.ts";

const tx = (text: string) => new TextEncoder().encode(text);
const texts = (txs: readonly Uint8Array[]) => txs.map((one) => new TextDecoder().decode(one));

const options: MempoolOptions = {
  maximumTransactions: 5,
  maximumTransactionsBytes: 100,
  maximumTransactionBytes: 40,
  maximumPerSigner: 3,
  cacheSize: 10,
  recheck: true,
  keepInvalidInCache: false,
  timeToLiveBlocks: 0n,
  timeToLiveMs: 0,
  recheckBudgetMs: 1_000,
  recheckSliceMs: 1_000,
  recheckPauseMs: 1,
  feeDenom: "uopen",
};

/** An application that refuses what `refused` holds; the gas of a transaction is its length. */
class Checker {
  readonly refused = new Set<string>();
  readonly calls: string[] = [];
  checkTx(request: { tx: Uint8Array; type: number }): CheckResult {
    const text = new TextDecoder().decode(request.tx);
    this.calls.push(`${request.type}:${text}`);
    return {
      code: this.refused.has(text) ? 5 : 0,
      data: new Uint8Array(0),
      log: "",
      info: "",
      gasWanted: BigInt(request.tx.length),
      gasUsed: 0n,
      events: [],
      codespace: "",
    } as unknown as CheckResult;
  }
}

function pool(changes: Partial<MempoolOptions> = {}) {
  const application = new Checker();
  return { application, pool: new TransactionPool({ ...options, ...changes }, { application, log: silentLogger() }) };
}

const ok = { code: 0 } as never;
const failed = { code: 5 } as never;

describe("admission", () => {
  test("a transaction is checked once and refused the second time with CometBFT's text", () => {
    const { pool: mempool, application } = pool();
    expect(mempool.checkTx(tx("a")).code).toBe(0);
    expect(() => mempool.checkTx(tx("a"))).toThrow("tx already exists in cache");
    expect(application.calls).toEqual(["0:a"]);
    expect([mempool.count, mempool.bytes]).toEqual([1, 1]);
  });

  test("a refused transaction is not kept and may be sent again", () => {
    const { pool: mempool, application } = pool();
    application.refused.add("bad");
    expect(mempool.checkTx(tx("bad")).code).toBe(5);
    expect(mempool.checkTx(tx("bad")).code).toBe(5);
    expect(mempool.count).toBe(0);
  });

  test("the bound on one transaction, on their number and on their bytes hold with CometBFT's texts", () => {
    const { pool: mempool } = pool();
    expect(() => mempool.checkTx(tx("x".repeat(41)))).toThrow("Tx too large. Max size is 40, but got 41");
    for (const text of ["a".repeat(40), "b".repeat(40)]) mempool.checkTx(tx(text));
    expect(() => mempool.checkTx(tx("c".repeat(21)))).toThrow(
      "mempool is full: number of txs 2 (max: 5), total txs bytes 80 (max: 100)",
    );
    for (const text of ["c", "d", "e"]) mempool.checkTx(tx(text));
    expect(() => mempool.checkTx(tx("f"))).toThrow("mempool is full: number of txs 5 (max: 5)");
    // Refused for want of room, not remembered: it may come again.
    mempool.update(1n, [tx("c")], [ok]);
    expect(mempool.checkTx(tx("f")).code).toBe(0);
  });

  test("the memory of hashes is bounded and forgets the oldest", () => {
    const { pool: mempool } = pool({ cacheSize: 2 });
    for (const text of ["a", "b", "c"]) mempool.checkTx(tx(text));
    mempool.update(1n, [tx("a"), tx("b"), tx("c")], [ok, ok, ok]);
    expect(() => mempool.checkTx(tx("c"))).toThrow("tx already exists in cache");
    expect(mempool.checkTx(tx("a")).code).toBe(0);
  });

  test("a throw of the application leaves no trace of the transaction", () => {
    const mempool = new TransactionPool(options, {
      log: silentLogger(),
      application: {
        checkTx: () => {
          throw new Error("bug");
        },
      },
    });
    for (let attempt = 0; attempt < 2; attempt += 1) expect(() => mempool.checkTx(tx("a"))).toThrow("bug");
    expect(mempool.count).toBe(0);
  });
});

describe("reaping", () => {
  test("takes the first in order while both limits hold, and removes nothing", () => {
    const { pool: mempool } = pool();
    for (const text of ["aaaa", "bb", "c"]) mempool.checkTx(tx(text));
    expect(texts(mempool.reap(-1n, -1n))).toEqual(["aaaa", "bb", "c"]);
    // Each takes its length, one byte of length and one of tag.
    expect(texts(mempool.reap(10n, -1n))).toEqual(["aaaa", "bb"]);
    expect(texts(mempool.reap(8n, -1n))).toEqual(["aaaa"]);
    expect(texts(mempool.reap(-1n, 6n))).toEqual(["aaaa", "bb"]);
    // What does not fit is passed over.
    expect(texts(mempool.reap(9n, -1n))).toEqual(["aaaa", "c"]);
    expect(texts(mempool.reap(-1n, 3n))).toEqual(["bb", "c"]);
    expect(mempool.count).toBe(3);
    expect(texts(mempool.first(2))).toEqual(["aaaa", "bb"]);
  });
});

describe("after a block", () => {
  test("committed transactions leave, successes stay known, failures may return", () => {
    const { pool: mempool } = pool();
    for (const text of ["a", "b", "c"]) mempool.checkTx(tx(text));
    mempool.update(1n, [tx("a"), tx("b")], [ok, failed]);
    expect(texts(mempool.first(9))).toEqual(["c"]);
    expect(() => mempool.checkTx(tx("a"))).toThrow("tx already exists in cache");
    expect(mempool.checkTx(tx("b")).code).toBe(0);
  });

  test("the rest is checked again in order, and what became invalid leaves", () => {
    const { pool: mempool, application } = pool();
    for (const text of ["a", "b", "c"]) mempool.checkTx(tx(text));
    application.refused.add("b");
    application.calls.length = 0;
    mempool.update(1n, [], []);
    expect(application.calls).toEqual(["1:a", "1:b", "1:c"]);
    expect(texts(mempool.first(9))).toEqual(["a", "c"]);
    expect(mempool.bytes).toBe(2);
  });

  test.each([1_000, -1])(
    "rechecking beyond a slice continues later (budget %d ms); meanwhile only checked transactions are reaped",
    async (recheckBudgetMs) => {
      const { pool: mempool } = pool({ recheckBudgetMs, recheckSliceMs: 0 });
      for (const text of ["a", "b", "c"]) mempool.checkTx(tx(text));
      mempool.update(1n, [], []);
      expect(texts(mempool.reap(-1n, -1n))).toEqual(["a"]);
      expect(() => mempool.checkTx(tx("d"))).toThrow("mempool is still rechecking after a new committed block");
      for (let turns = 0; turns < 1_000 && mempool.reap(-1n, -1n).length < 3; turns += 1) await pause(1);
      expect(texts(mempool.reap(-1n, -1n))).toEqual(["a", "b", "c"]);
      expect(mempool.checkTx(tx("d")).code).toBe(0);
    },
  );

  test("a block that comes while rechecking is under way starts it anew", async () => {
    const { pool: mempool, application } = pool({ recheckSliceMs: 0 });
    for (const text of ["a", "b"]) mempool.checkTx(tx(text));
    mempool.update(1n, [], []);
    application.calls.length = 0;
    mempool.update(2n, [tx("a")], [ok]);
    for (let turns = 0; turns < 10; turns += 1) await pause(1);
    expect(application.calls).toEqual(["1:b"]);
    expect(texts(mempool.reap(-1n, -1n))).toEqual(["b"]);
  });

  test("a transaction that waited too many blocks is dropped and may be sent again", () => {
    const { pool: mempool } = pool({ timeToLiveBlocks: 2n });
    mempool.checkTx(tx("a"));
    mempool.update(2n, [], []);
    expect(mempool.count).toBe(1);
    mempool.update(3n, [], []);
    expect(mempool.count).toBe(0);
    expect(mempool.checkTx(tx("a")).code).toBe(0);
  });

  test("a transaction that waited too long is dropped by the clock", () => {
    let now = 0;
    const clock = { nowMs: () => now };
    const mempool = new TransactionPool(
      { ...options, timeToLiveMs: 100 },
      { application: new Checker(), log: silentLogger(), ...clock },
    );
    mempool.checkTx(tx("a"));
    now = 60;
    mempool.checkTx(tx("b"));
    mempool.update(1n, [], []);
    expect(texts(mempool.first(9))).toEqual(["a", "b"]);
    now = 101;
    mempool.update(2n, [], []);
    expect(texts(mempool.first(9))).toEqual(["b"]);
    expect(mempool.counts.expired).toBe(1);
  });

  test("availability is announced once per height, and again when transactions are left over", () => {
    const { pool: mempool } = pool();
    let announced = 0;
    mempool.onAvailable(() => {
      announced += 1;
    });
    mempool.checkTx(tx("a"));
    mempool.checkTx(tx("b"));
    expect(announced).toBe(1);
    mempool.update(1n, [tx("a")], [ok]);
    expect(announced).toBe(2);
    mempool.update(2n, [tx("b")], [ok]);
    expect(announced).toBe(2);
    mempool.checkTx(tx("c"));
    expect(announced).toBe(3);
  });
});
