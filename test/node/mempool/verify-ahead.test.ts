import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { afterEach, describe, expect, test } from "vitest";
import { type SignatureJob, signatureFact } from "../../../chain/app/facts.ts";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { silentLogger } from "../../../node/log.ts";
import { packJobs, unpackJobs } from "../../../node/mempool/signature-packing.ts";
import { SignaturePool } from "../../../node/mempool/signature-pool.ts";
import { VerifyAhead } from "../../../node/mempool/verify-ahead.ts";

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

function secpJob(fill: number): SignatureJob {
  const secret = bytes(32, fill);
  const message = bytes(200, fill);
  const signature = secp256k1.sign(message, secret, { prehash: true, lowS: true, format: "compact" });
  return { kind: "secp256k1", publicKey: secp256k1.getPublicKey(secret, true), message, signature };
}

function edJob(fill: number): SignatureJob {
  const secret = bytes(32, fill);
  const message = bytes(10, fill);
  return {
    kind: "ed25519",
    publicKey: ed25519.getPublicKey(secret),
    message,
    signature: ed25519.sign(message, secret),
  };
}

const forged = (job: SignatureJob): SignatureJob => ({ ...job, message: bytes(3, 9) });

const pools: SignaturePool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function newPool(workers: number): SignaturePool {
  const pool = new SignaturePool({ workers }, { log: silentLogger() });
  pools.push(pool);
  return pool;
}

test("signatures survive packing, whatever their lengths", () => {
  const jobs = [secpJob(1), edJob(2), { ...secpJob(3), message: bytes(70_000, 1), signature: bytes(0, 0) }];
  expect([...unpackJobs(packJobs(jobs))]).toEqual(jobs);
  expect([...unpackJobs(packJobs([]))]).toEqual([]);
});

describe("worker threads", () => {
  test("tell good signatures from bad ones, in order, for several batches at once", async () => {
    const pool = newPool(2);
    const batches = [
      [secpJob(1), forged(secpJob(2)), edJob(3)],
      [
        forged(edJob(4)),
        secpJob(5),
        { ...secpJob(6), publicKey: bytes(33, 7) },
        { ...edJob(7), signature: bytes(1, 1) },
      ],
    ];
    const answers = await Promise.all(batches.map((jobs) => pool.verify(jobs)));
    expect(answers.map((one) => [...(one ?? [])])).toEqual([
      [1, 0, 1],
      [0, 1, 0, 0],
    ]);
  });

  test("that end in the middle of work leave it to the main thread", async () => {
    const pool = newPool(1);
    const pending = pool.verify([secpJob(1)]);
    await pool.close();
    expect(await pending).toBeUndefined();
    expect([pool.usable, await pool.verify([secpJob(1)])]).toEqual([false, undefined]);
  });
});

describe("verifying ahead of CheckTx", () => {
  const job = secpJob(1);
  const bad = forged(job);
  const jobsOf = (tx: Uint8Array): readonly SignatureJob[] => (tx[0] === 0 ? [] : tx[0] === 1 ? [job] : [job, bad]);

  test("gives facts for exactly the good signatures when many arrive together", async () => {
    const ahead = new VerifyAhead({ jobsOf, pool: newPool(1), hasher: nobleHasher });
    const facts = await Promise.all([1, 2, 0, 1].map((kind) => ahead.facts(Uint8Array.of(kind))));
    const good = new Set([signatureFact(nobleHasher, job)]);
    expect(facts).toEqual([
      { good, isForged: false },
      { good, isForged: true },
      { good: new Set(), isForged: false },
      { good, isForged: false },
    ]);
  });

  test("leaves a few at a time, and everything without workers, to the main thread", async () => {
    const asked: number[] = [];
    const pool = {
      usable: true,
      verify: async (jobs: readonly SignatureJob[]) => {
        asked.push(jobs.length);
        return undefined;
      },
    };
    const ahead = new VerifyAhead({ jobsOf, pool, hasher: nobleHasher });
    expect(await Promise.all([ahead.facts(Uint8Array.of(1)), ahead.facts(Uint8Array.of(1))])).toEqual([
      undefined,
      undefined,
    ]);
    expect(asked).toEqual([]);
    const alone = new VerifyAhead({ jobsOf, pool: newPool(0), hasher: nobleHasher });
    expect(await Promise.all(Array.from({ length: 8 }, () => alone.facts(Uint8Array.of(1))))).toEqual(
      Array(8).fill(undefined),
    );
  });

  test("sends large loads in several messages and answers each transaction with its own", async () => {
    const sizes: number[] = [];
    const pool = {
      usable: true,
      verify: async (jobs: readonly SignatureJob[]) => {
        sizes.push(jobs.length);
        return Uint8Array.from(jobs, (one) => (one === job ? 1 : 0));
      },
    };
    const ahead = new VerifyAhead({ jobsOf, pool, hasher: nobleHasher });
    const facts = await Promise.all(Array.from({ length: 100 }, (_, index) => ahead.facts(Uint8Array.of(index % 3))));
    expect(sizes.length).toBeGreaterThan(2);
    expect(facts.map((one) => one?.good.size)).toEqual(
      Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 0 : 1)),
    );
  });

  test("answers in the order of questions, though a later message comes back first", async () => {
    const open: (() => void)[] = [];
    const pool = {
      usable: true,
      verify: (jobs: readonly SignatureJob[]) =>
        new Promise<Uint8Array>((resolve) => {
          open.push(() => resolve(new Uint8Array(jobs.length)));
        }),
    };
    const ahead = new VerifyAhead({ jobsOf, pool, hasher: nobleHasher });
    const answered: number[] = [];
    const all = Array.from({ length: 70 }, (_, index) =>
      ahead.facts(Uint8Array.of(1)).then(() => answered.push(index)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(open.length).toBe(3);
    for (const answer of open.reverse()) {
      answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(answered).toEqual(Array.from({ length: 70 }, (_, index) => index));
  });
});
