// The mempool against a naive model of itself: random transactions, evictions and blocks over an application that knows
// nothing but sequences. What a block takes must be what the model would take, and must run to the last transaction.

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { TxTerms } from "../../../chain/app/tx-terms.ts";
import { CommitGate } from "../../../node/commit-gate.ts";
import { silentLogger } from "../../../node/log.ts";
import { type CheckResult, MempoolError, type MempoolOptions, TransactionPool } from "../../../node/mempool/mempool.ts";
import { roomyMempool } from "./roomy-mempool.ts";

/** A transaction of the tests: who signs at which sequences, what it pays, and padding. */
interface Sent {
  readonly signers: readonly (readonly [signer: number, sequence: number])[];
  readonly fee: number;
  readonly gas: number;
  readonly padding: string;
}

const write = (sent: Sent): Uint8Array => new TextEncoder().encode(JSON.stringify(sent));
const read = (tx: Uint8Array): Sent => JSON.parse(new TextDecoder().decode(tx)) as Sent;
const textOf = (tx: Uint8Array): string => new TextDecoder().decode(tx);
const price = ({ fee, gas }: { readonly fee: number; readonly gas: number }): number => (gas > 0 ? fee / gas : 0);

/** Sequences, as the ante keeps them: one set for what is committed, one for what is checked on top of it. */
class Sequences {
  committed = new Map<number, number>();
  checked = new Map<number, number>();

  private apply(state: Map<number, number>, { signers }: Sent): boolean {
    if (signers.some(([signer, sequence]) => (state.get(signer) ?? 0) !== sequence)) return false;
    for (const [signer, sequence] of signers) state.set(signer, sequence + 1);
    return true;
  }

  checkTx({ tx }: { tx: Uint8Array }): CheckResult {
    const sent = read(tx);
    return { code: this.apply(this.checked, sent) ? 0 : 32, gasWanted: BigInt(sent.gas) } as CheckResult;
  }

  /** Codes of a block's transactions; the check state starts over. */
  execute(txs: readonly Uint8Array[]): { code: number }[] {
    const results = txs.map((tx) => ({ code: this.apply(this.committed, read(tx)) ? 0 : 32 }));
    this.checked = new Map(this.committed);
    return results;
  }
}

const terms = (tx: Uint8Array): TxTerms => {
  const { signers, fee, gas } = read(tx);
  return {
    signers: signers.map(([signer]) => Uint8Array.of(signer)),
    gasLimit: BigInt(gas),
    fee: [
      { denom: "other", amount: 1_000_000n },
      { denom: "uopen", amount: BigInt(fee) },
    ],
  };
};

const options: MempoolOptions = {
  ...roomyMempool,
  maximumTransactions: 8,
  maximumTransactionsBytes: 700,
  maximumTransactionBytes: 400,
  maximumPerSigner: 4,
};

function setting(changes: Partial<MempoolOptions> = {}) {
  const application = new Sequences();
  // A clock that stands still: rechecking is never cut short by a slow machine.
  const dependencies = { application, terms, log: silentLogger(), nowMs: () => 0 };
  return { application, pool: new TransactionPool({ ...options, ...changes }, dependencies) };
}

const signerIds = (tx: Sent): number[] => tx.signers.map(([signer]) => signer);
const shares = (one: Sent, other: Sent): boolean => signerIds(one).some((signer) => signerIds(other).includes(signer));

/** The order by looking at everything for every place. */
function naiveOrder(waiting: readonly Sent[]): Sent[] {
  const left = [...waiting];
  const order: Sent[] = [];
  while (left.length > 0) {
    const free = left.filter((one, index) => !left.slice(0, index).some((before) => shares(one, before)));
    const best = free.reduce((top, one) => (price(one) > price(top) ? one : top));
    order.push(best);
    left.splice(left.indexOf(best), 1);
  }
  return order;
}

const orderOf = (pool: TransactionPool): string[] => pool.reap(-1n, -1n).map(textOf);

function holdsItsBounds(pool: TransactionPool): void {
  const waiting = pool.first(100).map(read);
  expect(pool.count).toBeLessThanOrEqual(options.maximumTransactions);
  expect(pool.bytes).toBeLessThanOrEqual(options.maximumTransactionsBytes);
  expect(pool.bytes).toBe(pool.first(100).reduce((sum, tx) => sum + tx.length, 0));
  for (let signer = 0; signer < 6; signer += 1) {
    const own = waiting.filter((one) => signerIds(one).includes(signer));
    expect(own.length).toBeLessThanOrEqual(options.maximumPerSigner);
  }
}

type Step =
  | { readonly type: "send"; readonly signers: readonly number[]; readonly fee: number; readonly padding: number }
  | { readonly type: "block"; readonly take: number }
  | { readonly type: "replay"; readonly which: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant("send" as const),
        signers: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 2 }),
        fee: fc.nat(9),
        padding: fc.nat(60),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("block" as const), take: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("replay" as const), which: fc.nat(20) }) },
  ),
  { minLength: 30, maxLength: 80 },
);

test("any sequence of sends, evictions and blocks keeps order, bounds and every signer's own order", () => {
  let evictions = 0;
  let refusals = 0;
  fc.assert(
    fc.property(steps, (sequence) => {
      const { application, pool } = setting();
      const committed: Uint8Array[] = [];
      for (const step of sequence) {
        const before = pool.first(100).map(read);
        if (step.type === "block") {
          const txs = pool.reap(-1n, BigInt(step.take * 10));
          const results = application.execute(txs);
          // Nothing in a proposal fails needlessly.
          expect(results.every(({ code }) => code === 0)).toBe(true);
          committed.push(...txs);
          pool.update(BigInt(committed.length), txs, results as never);
        } else if (step.type === "replay") {
          const again = committed[step.which];
          if (again !== undefined) expect(() => pool.checkTx(again)).toThrow("tx already exists in cache");
        } else {
          const signers = step.signers.map((signer) => [signer, application.checked.get(signer) ?? 0] as const);
          const sent: Sent = { signers, fee: step.fee, gas: 10, padding: "x".repeat(step.padding) };
          try {
            pool.checkTx(write(sent));
          } catch (error) {
            if (!(error instanceof MempoolError)) throw error;
            refusals += 1;
          }
          evictions += followsTheRules(before, sent, pool);
        }
        holdsItsBounds(pool);
        expect(orderOf(pool)).toEqual(naiveOrder(pool.first(100).map(read)).map((one) => textOf(write(one))));
      }
    }),
    { numRuns: 60 },
  );
  expect(evictions).toBeGreaterThan(0);
  expect(refusals).toBeGreaterThan(0);
});

/** What left for `sent` left with everything behind it, and for one that pays more. Gives how many left. */
function followsTheRules(before: readonly Sent[], sent: Sent, pool: TransactionPool): number {
  const after = pool.first(100).map(textOf);
  const left = before.filter((one) => !after.includes(textOf(write(one))));
  if (left.length === 0) return 0;
  expect(after).toContain(textOf(write(sent)));
  for (const [index, one] of before.entries()) {
    const behind = before.slice(index + 1).filter((later) => shares(one, later));
    if (left.includes(one)) for (const later of behind) expect(left).toContain(later);
  }
  // Some of them may have paid more by themselves, but none more than the newcomer with all that it held up.
  const fee = left.reduce((sum, one) => sum + one.fee, 0);
  expect(price({ fee, gas: 10 * left.length })).toBeLessThan(price(sent));
  expect(left.some((one) => shares(one, sent))).toBe(false);
  return left.length;
}

describe("when there is no room", () => {
  const send = (pool: TransactionPool, signer: number, sequence: number, fee: number, padding = 0) =>
    pool.checkTx(write({ signers: [[signer, sequence]], fee, gas: 10, padding: "x".repeat(padding) }));

  test("the cheapest leaves for one that pays more, with what waits behind it; one that pays no more is refused", () => {
    const { pool } = setting({ maximumTransactions: 4, maximumTransactionsBytes: 10_000 });
    send(pool, 0, 0, 50);
    send(pool, 1, 0, 2);
    send(pool, 1, 1, 6);
    send(pool, 2, 0, 5);
    // Signer 1's two pay 4 on average, less than signer 2's one.
    expect(() => send(pool, 3, 0, 4)).toThrow("mempool is full: number of txs 4 (max: 4)");
    expect(send(pool, 3, 0, 5).code).toBe(0);
    expect(pool.first(9).map((tx) => read(tx).fee)).toEqual([50, 5, 5]);
    expect(pool.counts).toMatchObject({ evicted: 2, rejected: 1 });
  });

  test("nothing may follow a transaction that left until the next block, and then all may be sent again", () => {
    const { pool, application } = setting({ maximumTransactions: 2, maximumTransactionsBytes: 10_000 });
    send(pool, 0, 0, 1);
    send(pool, 1, 0, 50);
    send(pool, 2, 0, 60);
    expect(() => send(pool, 0, 1, 99)).toThrow("an earlier transaction of the same signer had to leave");
    application.execute([]);
    pool.update(1n, [], []);
    expect(send(pool, 0, 0, 55).code).toBe(0);
    expect(pool.first(9).map((tx) => read(tx).fee)).toEqual([60, 55]);
  });

  test("a large transaction makes room for its bytes, not only for its number", () => {
    const { pool } = setting({ maximumTransactions: 10, maximumTransactionsBytes: 500 });
    for (let signer = 0; signer < 5; signer += 1) send(pool, signer, 0, signer, 50);
    const each = pool.bytes / 5;
    expect(each).toBeGreaterThan(90);
    expect(send(pool, 5, 0, 9, 150).code).toBe(0);
    expect(pool.first(9).map((tx) => read(tx).fee)).toEqual([2, 3, 4, 9]);
  });

  test("a transaction refused by the application makes nobody leave", () => {
    const { pool } = setting({ maximumTransactions: 2, maximumTransactionsBytes: 10_000 });
    send(pool, 0, 0, 1);
    send(pool, 1, 0, 1);
    expect(send(pool, 2, 7, 99).code).toBe(32);
    expect(pool.count).toBe(2);
  });

  test("one signer has a share only", () => {
    const { pool } = setting();
    for (let sequence = 0; sequence < 4; sequence += 1) send(pool, 0, sequence, 1);
    expect(() => send(pool, 0, 4, 99)).toThrow("4 transactions of the same signer wait already");
    expect(send(pool, 1, 0, 1).code).toBe(0);
  });
});

test("while rechecking goes on, signers that wait for nothing may send, and the best paid are reaped first", () => {
  const { pool, application } = setting({ recheckSliceMs: 0, recheckBudgetMs: -1, recheckPauseMs: 1_000_000 });
  pool.checkTx(write({ signers: [[0, 0]], fee: 1, gas: 10, padding: "" }));
  pool.checkTx(write({ signers: [[1, 0]], fee: 9, gas: 10, padding: "" }));
  application.execute([]);
  pool.update(1n, [], []);
  expect(pool.reap(-1n, -1n).map((tx) => read(tx).fee)).toEqual([9]);
  const send = (signer: number, sequence: number) =>
    pool.checkTx(write({ signers: [[signer, sequence]], fee: 5, gas: 10, padding: "" })).code;
  expect(() => send(0, 1)).toThrow("still rechecking");
  expect([send(2, 0), send(1, 1)]).toEqual([0, 0]);
  pool.close();
});

test("a slice of rechecking that comes between Commit and the update does not part a signer's transactions", async () => {
  const gate = new CommitGate();
  const application = new Sequences();
  const slices = { recheckSliceMs: 0, recheckBudgetMs: -1, recheckPauseMs: 1 };
  const dependencies = { application, terms, gate, log: silentLogger(), nowMs: () => 0 };
  const pool = new TransactionPool({ ...options, ...slices }, dependencies);
  const sent = (signer: number, sequence: number) =>
    write({ signers: [[signer, sequence]], fee: 5, gas: 10, padding: "" });
  const [first, second] = [sent(0, 0), sent(0, 1)];
  for (const tx of [sent(1, 0), first, second]) pool.checkTx(tx);
  // Rechecking after block 1 is under way when block 2 takes the first of the two.
  application.execute([]);
  pool.update(1n, [], []);
  gate.close();
  const results = application.execute([first]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  pool.update(2n, [first], results as never);
  gate.open();
  await vi.waitFor(() => expect(pool.reap(-1n, -1n)).toHaveLength(2));
  expect(pool.checkTx(sent(0, 2)).code).toBe(0);
  const reaped = pool.reap(-1n, -1n).map((tx) => read(tx).signers[0]);
  expect(reaped.filter(([signer] = [9, 9]) => signer === 0).map((entry) => entry?.[1])).toEqual([1, 2]);
  pool.close();
});
