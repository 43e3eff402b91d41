import { setImmediate as turn } from "node:timers/promises";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import type { SignatureJob } from "../../chain/app/facts.ts";
import { commitSignBytes } from "../../chain/types/commit.ts";
import { nobleVerifier, type Verifier } from "../../chain/types/crypto.ts";
import { type Vote, voteSignBytes } from "../../chain/types/vote.ts";
import { KnownSignatures } from "../../node/known-signatures.ts";
import type { Block, ChainState, Commit, ConsensusMessage, Engine } from "../../node/ports.ts";
import { VotesAhead } from "../../node/votes-ahead.ts";

const chainId = "votes-1";
const secrets = Array.from({ length: 20 }, (_, index) => new Uint8Array(32).fill(index + 1));
const validators = secrets.map((secret) => ({ pubKey: { ed25519: ed25519.getPublicKey(secret) } }));
const state = {
  chainId,
  lastBlockHeight: 4n,
  initialHeight: 1n,
  validators: { validators },
  nextValidators: { validators },
  lastValidators: { validators },
} as unknown as ChainState;

function vote(index: number, height = 5n): Vote {
  const unsigned: Vote = {
    type: 1,
    height,
    round: 0,
    blockId: { hash: new Uint8Array(32).fill(7), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(8) } },
    timestamp: { seconds: 1n, nanos: 0 },
    validatorAddress: new Uint8Array(20),
    validatorIndex: index,
    signature: new Uint8Array(),
    extension: new Uint8Array(),
    extensionSignature: new Uint8Array(),
  };
  const secret = secrets[index] ?? new Uint8Array(32);
  return { ...unsigned, signature: ed25519.sign(voteSignBytes(chainId, unsigned), secret) };
}

const message = (one: Vote): ConsensusMessage => ({ type: "vote", vote: one });

/** An engine that verifies as the real one does, and a pool that answers when it is told to. */
function world(options: { readonly usable?: boolean; readonly wait?: boolean } = {}) {
  let verified = 0;
  const counting: Verifier = {
    ...nobleVerifier,
    ed25519: (...job) => {
      verified += 1;
      return nobleVerifier.ed25519(...job);
    },
  };
  const known = new KnownSignatures(counting);
  const taken: number[] = [];
  const checked: bigint[] = [];
  const engine = {
    status: () => ({ state }),
    receive: async (_from: string, { vote: one }: { vote: Vote }) => {
      taken.push(one.validatorIndex);
      const key = validators[one.validatorIndex]?.pubKey.ed25519 ?? new Uint8Array();
      return known.verifier.ed25519(key, voteSignBytes(chainId, one), one.signature) ? "accepted" : "invalid";
    },
  } as unknown as Engine;
  Object.assign(engine, {
    receiveBlock: async (_block: Block, commit: Commit) => {
      checked.push(commit.height);
      const message = commitSignBytes(chainId, commit);
      const isGood = commit.signatures.every(({ blockIdFlag, signature }, index) => {
        const key = validators[index]?.pubKey.ed25519 ?? new Uint8Array();
        return blockIdFlag === 1 || known.verifier.ed25519(key, message(index), signature);
      });
      return isGood ? "accepted" : "invalid";
    },
  });
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const pool = {
    usable: options.usable ?? true,
    verify: async (jobs: readonly SignatureJob[]) => {
      asked.push(jobs.length);
      if (options.wait === true) await new Promise<void>((resolve) => answers.push(resolve));
      return Uint8Array.from(jobs, (job) => (nobleVerifier.ed25519(job.publicKey, job.message, job.signature) ? 1 : 0));
    },
  };
  const ahead = new VotesAhead({ engine, known, pool });
  return { ahead, asked, answers, taken, checked, verified: () => verified };
}

describe("votes that come in a burst", () => {
  test("are verified by workers, and the engine verifies only what they did not find good", async () => {
    const { ahead, asked, verified } = world();
    const votes = secrets.map((_, index) => vote(index));
    const forged = { ...vote(3), signature: new Uint8Array(64).fill(9) };
    const verdicts = await Promise.all([...votes, forged].map((one) => ahead.receive("p", message(one))));
    expect(verdicts).toEqual([...votes.map(() => "accepted"), "invalid"]);
    expect(asked).toEqual([21]);
    expect(verified()).toBe(1);
  });

  test("keep their order, those of a later and smaller burst behind them", async () => {
    const { ahead, answers, taken } = world({ wait: true });
    const all = secrets.map((_, index) => ahead.receive("p", message(vote(index))));
    await turn();
    all.push(ahead.receive("p", message(vote(0, 6n))));
    await turn();
    await turn();
    expect(taken).toEqual([]);
    for (const answer of answers) answer();
    await Promise.all(all);
    expect(taken).toEqual([...secrets.keys(), 0]);
  });
});

test("a few votes, and all where there are no workers, go to the engine with the same verdicts", async () => {
  for (const usable of [true, false]) {
    const { ahead, asked, verified } = world({ usable });
    const few = usable ? 3 : 20;
    const votes = secrets.slice(0, few).map((_, index) => vote(index));
    const verdicts = await Promise.all(votes.map((one) => ahead.receive("p", message(one))));
    expect(verdicts).toEqual(votes.map(() => "accepted"));
    expect([asked, verified()]).toEqual([[], few]);
  }
});

test("a vote of a height or an index that nobody knows goes to the engine as it is", async () => {
  const { ahead, asked } = world();
  const strange = [vote(0, 99n), { ...vote(0), validatorIndex: 500 }, { ...vote(1), signature: new Uint8Array(3) }];
  for (const one of strange) expect(await ahead.receive("p", message(one))).toMatch(/accepted|invalid/);
  expect(asked).toEqual([]);
});

describe("commits that are foreseen", () => {
  /** A commit of the first eight validators: too few signatures for a worker. */
  function commitOf(height: bigint, change: (signature: Uint8Array) => Uint8Array = (signature) => signature): Commit {
    const votes = secrets.map((_, index) => ({ ...vote(index, height), type: 2 }));
    const signatures = votes.map((one, index) => {
      if (index >= 8) {
        const none = new Uint8Array();
        return {
          blockIdFlag: 1,
          validatorAddress: none,
          timestamp: { seconds: -62_135_596_800n, nanos: 0 },
          signature: none,
        };
      }
      const signature = change(ed25519.sign(voteSignBytes(chainId, one), secrets[index]!));
      return { blockIdFlag: 2, validatorAddress: one.validatorAddress, timestamp: one.timestamp, signature };
    });
    return { height, round: 0, blockId: votes[0]!.blockId, signatures };
  }

  const block = {} as Block;

  test("are verified by workers together, far ahead, and the engine waits for them and verifies none again", async () => {
    const { ahead, asked, answers, checked, verified } = world({ wait: true });
    const commits = [5n, 6n, 7n, 8n, 9n].map((height) => commitOf(height));
    ahead.foresee(commits);
    expect(asked).toEqual([40]);
    const coming = ahead.receiveBlock(block, commits[0]!);
    await turn();
    expect(checked).toEqual([]);
    for (const answer of answers) answer();
    expect(await coming).toBe("accepted");
    for (const commit of commits.slice(1)) expect(await ahead.receiveBlock(block, commit)).toBe("accepted");
    expect([asked, verified(), checked]).toEqual([[40], 0, [5n, 6n, 7n, 8n, 9n]]);
  });

  test("and forged ones are refused: only what was found good is believed", async () => {
    const { ahead } = world();
    const good = commitOf(5n);
    const bad = commitOf(6n, (signature) => signature.map((byte, at) => (at === 3 ? byte ^ 1 : byte)));
    ahead.foresee([good, bad, commitOf(7n)]);
    expect(await ahead.receiveBlock(block, good)).toBe("accepted");
    expect(await ahead.receiveBlock(block, bad)).toBe("invalid");
  });

  test("are left to the engine where they are few, where there are no workers, and where they are too far ahead", async () => {
    for (const [options, commits] of [
      [{}, [commitOf(5n)]],
      [{ usable: false }, [5n, 6n, 7n].map((height) => commitOf(height))],
      [{}, [4_000n, 4_001n, 4_002n].map((height) => commitOf(height))],
    ] as const) {
      const { ahead, asked, verified } = world(options);
      ahead.foresee(commits);
      expect(asked).toEqual([]);
      expect(await ahead.receiveBlock(block, commits[0]!)).toBe("accepted");
      expect(verified()).toBe(8);
    }
  });
});

describe("the memory of good signatures", () => {
  test("verifies each once, never believes a bad one, and tells signatures apart by every byte", () => {
    let calls = 0;
    const known = new KnownSignatures({
      ...nobleVerifier,
      ed25519: (...job) => {
        calls += 1;
        return nobleVerifier.ed25519(...job);
      },
    });
    const key = validators[0]?.pubKey.ed25519 ?? new Uint8Array();
    const good = vote(0);
    const bytes = voteSignBytes(chainId, good);
    expect(known.verifier.ed25519(key, bytes, good.signature)).toBe(true);
    expect(known.verifier.ed25519(key, bytes, good.signature)).toBe(true);
    expect(calls).toBe(1);
    for (const [index, part] of [key, bytes, good.signature].entries()) {
      const changed = [key, bytes, good.signature].map((one) => Uint8Array.from(one)) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ];
      const last = part.length - 1;
      const target = changed[index] ?? new Uint8Array();
      target[last] = (target[last] ?? 0) ^ 1;
      for (let times = 0; times < 2; times += 1) expect(known.verifier.ed25519(...changed)).toBe(false);
    }
    expect(calls).toBe(7);
    expect(known.verifier.ed25519(key.subarray(1), bytes, good.signature)).toBe(false);
  });

  test("is bounded: the oldest are forgotten and verified again", () => {
    let calls = 0;
    const all: Verifier = {
      ...nobleVerifier,
      ed25519: () => {
        calls += 1;
        return true;
      },
    };
    const known = new KnownSignatures(all);
    const key = new Uint8Array(32);
    const signature = new Uint8Array(64);
    const text = (index: number): Uint8Array => new TextEncoder().encode(`${index}`);
    for (let index = 0; index < 8_193; index += 1) known.verifier.ed25519(key, text(index), signature);
    expect([known.knows(key, text(0), signature), known.knows(key, text(4_096), signature)]).toEqual([false, true]);
    known.verifier.ed25519(key, text(0), signature);
    expect(calls).toBe(8_194);
  });
});
