import { describe, expect, test } from "vitest";
import {
  type Evidence,
  evidenceHash,
  evidenceListSize,
  type Misbehavior,
  newDuplicateVoteEvidence,
} from "../../../chain/types/evidence.ts";
import { headerHash } from "../../../chain/types/header.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../../chain/types/params.ts";
import { addNanoseconds } from "../../../chain/types/time.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { UnjudgeableError } from "../../../node/engine/evidence-check.ts";
import type { ChainState } from "../../../node/ports.ts";
import { hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { stubKey } from "../../sim/keys.ts";
import { kvstore } from "../../sim/kvstore.ts";
import { Bench } from "./bench.ts";
import { FOLDER, PoolBench } from "./pool-bench.ts";
import { ReferenceChain } from "./reference-chain.ts";
import { block as idOf } from "./support.ts";

function conflicted(bench = new PoolBench()): { bench: PoolBench; made: Evidence } {
  bench.next();
  const conflict = bench.conflict(2);
  bench.pool.report(conflict);
  bench.next();
  const { time } = bench.chain.blocks[1]!.block.header;
  const made = newDuplicateVoteEvidence(conflict.first, conflict.second, time, bench.sets.get(2n)!);
  return { bench, made };
}

describe("two votes of one validator for one place", () => {
  test("become evidence when their height commits: votes ordered by block id, that block's time, the powers of that height", () => {
    const { bench, made } = conflicted();
    expect(bench.pending()).toEqual([made]);
    const { voteA, voteB, totalVotingPower, validatorPower, timestamp } = made.duplicateVoteEvidence!;
    // "A" has the lower id, though its vote came second.
    expect([voteA?.blockId, voteB?.blockId]).toEqual([idOf("A"), idOf("B")]);
    expect([totalVotingPower, validatorPower]).toEqual([40n, 10n]);
    expect(timestamp).toEqual(bench.chain.blocks[1]?.block.header.time);
    expect(bench.told).toEqual([made]);
  });

  test("of another height than the one that commits become nothing", () => {
    const bench = new PoolBench();
    bench.pool.report(bench.conflict(1));
    bench.chain.next();
    bench.pool.stamp(2n, bench.chain.state.lastBlockTime, bench.chain.state.validators);
    expect(bench.pending()).toEqual([]);
  });

  test("are told to peers only once their block is stored, and again every ten seconds until they are in a block", () => {
    const bench = new PoolBench();
    bench.pool.report(bench.conflict(1));
    const { validators } = bench.chain.state;
    const { block } = bench.chain.next();
    bench.pool.stamp(1n, block.header.time, validators);
    expect(bench.told).toEqual([]);
    bench.pool.committed(bench.chain.state, []);
    expect(bench.told).toHaveLength(1);
    expect(bench.timers.map(({ ms }) => ms)).toEqual([10_000]);
    bench.timers.shift()?.callback();
    expect(bench.told).toHaveLength(2);
    expect(bench.timers).toHaveLength(1);
    bench.next(bench.pending());
    bench.timers.shift()?.callback();
    expect(bench.told).toHaveLength(2);
    expect(bench.timers).toEqual([]);
  });
});

describe("evidence that waits", () => {
  test("is there again after a restart, and not when it is in a block by then", async () => {
    const { bench, made } = conflicted();
    bench.disk.crash(undefined as never);
    bench.pool = bench.newPool();
    expect(bench.pending()).toEqual([]);
    await bench.pool.load(bench.chain.state);
    expect(bench.pending()).toEqual([made]);
    // The block with it is stored, the file still says that it waits: a crash came in between.
    const old = bench.disk.read(`${FOLDER}/pending.evidence`) as Uint8Array;
    bench.next([made]);
    bench.disk.write(`${FOLDER}/pending.evidence`, old);
    bench.pool = bench.newPool();
    await bench.pool.load(bench.chain.state);
    expect(bench.pending()).toEqual([]);
    expect(await bench.pool.rejection(bench.chain.state, [made])).toContain("committed before");
  });

  test("in a damaged file is read as far as it is whole, and checked before it counts", async () => {
    const { bench, made } = conflicted();
    const path = `${FOLDER}/pending.evidence`;
    const whole = bench.disk.read(path) as Uint8Array;
    for (let at = 0; at < whole.length; at += 1) {
      for (const bytes of [whole.slice(0, at), whole.map((byte, index) => (index === at ? byte ^ 4 : byte))]) {
        bench.disk.write(path, bytes);
        const pool = bench.newPool();
        await pool.load(bench.chain.state);
        expect(pool.pending(bench.chain.state)).toEqual([]);
      }
    }
    expect(made.duplicateVoteEvidence).toBeDefined();
  });

  test("goes into blocks as far as the cap on its bytes allows", async () => {
    const { bench, made } = conflicted();
    bench.pool.report(bench.conflict(3));
    bench.next();
    expect(bench.pending()).toHaveLength(2);
    const { state } = bench.chain;
    const capped = (maxBytes: bigint): ChainState => ({
      ...state,
      consensusParams: { ...state.consensusParams, evidence: { ...state.consensusParams.evidence, maxBytes } },
    });
    const size = evidenceListSize([made]);
    expect(bench.pool.pending(capped(size))).toHaveLength(1);
    expect(bench.pool.pending(capped(size - 1n))).toHaveLength(0);
  });

  test("is dropped when it is too old in blocks and in time, not before", () => {
    const params = {
      ...DEFAULT_CONSENSUS_PARAMS,
      evidence: {
        ...DEFAULT_CONSENSUS_PARAMS.evidence,
        maxAgeNumBlocks: 2n,
        maxAgeDuration: { seconds: 60n, nanos: 0 },
      },
    };
    const { bench } = conflicted(new PoolBench(params));
    for (let count = 0; count < 4; count++) bench.next();
    // Old in blocks, not in time.
    expect(bench.pending()).toHaveLength(1);
    const { state } = bench.chain;
    const lastBlockTime = addNanoseconds(state.lastBlockTime, 61_000_000_000n);
    bench.pool.committed({ ...state, lastBlockTime, lastBlockHeight: 4n }, []);
    expect(bench.pending()).toHaveLength(1);
    bench.pool.committed({ ...state, lastBlockTime }, []);
    expect(bench.pending()).toHaveLength(0);
  });
});

describe("evidence from a peer", () => {
  test("is taken once, when it is true", async () => {
    const { bench, made } = conflicted();
    bench.pool = bench.newPool();
    expect(await bench.pool.receive(bench.chain.state, made)).toBe(true);
    expect(await bench.pool.receive(bench.chain.state, made)).toBe(false);
    expect(bench.pending()).toEqual([made]);
  });

  test("of a height to come is left for later", async () => {
    const bench = new PoolBench();
    const { first, second } = bench.conflict(1);
    const { validators, lastBlockTime } = bench.chain.state;
    const early = newDuplicateVoteEvidence(first, second, lastBlockTime, validators);
    expect(await bench.pool.receive(bench.chain.state, early)).toBe(false);
  });

  test("is refused when its time, its powers or its signatures are not what this node finds itself", async () => {
    const { bench, made } = conflicted();
    bench.pool = bench.newPool();
    const value = made.duplicateVoteEvidence!;
    const changed = (change: Partial<typeof value>): Evidence => ({ duplicateVoteEvidence: { ...value, ...change } });
    const { state } = bench.chain;
    const receive = (evidence: Evidence) => bench.pool.receive(state, evidence);
    await expect(receive(changed({ timestamp: { seconds: 1n, nanos: 0 } }))).rejects.toThrow("different time");
    await expect(receive(changed({ validatorPower: 11n }))).rejects.toThrow("power");
    await expect(receive(changed({ totalVotingPower: 41n }))).rejects.toThrow("power");
    await expect(receive(changed({ voteA: value.voteB, voteB: value.voteA }))).rejects.toThrow("invalid order");
    const forged = { ...value.voteA!, signature: new Uint8Array(64) };
    await expect(receive(changed({ voteA: forged }))).rejects.toThrow("verifying VoteA");
    expect(bench.pending()).toEqual([]);
  });

  test("in a block counts once, and only if it is true", async () => {
    const { bench, made } = conflicted();
    const { state } = bench.chain;
    expect(await bench.pool.rejection(state, [made])).toBeUndefined();
    expect(await bench.pool.rejection(state, [made, made])).toContain("twice");
    const value = made.duplicateVoteEvidence!;
    const lie: Evidence = { duplicateVoteEvidence: { ...value, totalVotingPower: 41n } };
    expect(await bench.pool.rejection(state, [lie])).toContain("power");
    bench.next([made]);
    expect(await bench.pool.rejection(bench.chain.state, [made])).toContain("committed before");
  });
});

describe("evidence from before the node's first block", () => {
  /** A double vote at height 2, seen by a node that begins with block 5. */
  function newcomer(pastFrom: bigint): { bench: PoolBench; made: Evidence } {
    const { bench, made } = conflicted();
    for (let count = 0; count < 5; count++) bench.next();
    bench.base = 5n;
    bench.pastFrom = pastFrom;
    bench.pool = bench.newPool();
    return { bench, made };
  }

  test("is judged by the header and the validators of that height, which were fetched for it", async () => {
    const { bench, made } = newcomer(2n);
    expect(await bench.pool.rejection(bench.chain.state, [made])).toBeUndefined();
    const lie: Evidence = { duplicateVoteEvidence: { ...made.duplicateVoteEvidence!, validatorPower: 11n } };
    expect(await bench.pool.rejection(bench.chain.state, [lie])).toContain("power");
    await expect(bench.pool.receive(bench.chain.state, lie)).rejects.toThrow("power");
    expect(await bench.pool.receive(bench.chain.state, made)).toBe(true);
    expect(bench.pending()).toEqual([made]);
  });

  test("of a height of which nothing is known is not taken, and whoever sends it is not at fault", async () => {
    const { bench, made } = newcomer(3n);
    expect(await bench.pool.receive(bench.chain.state, made)).toBe(false);
    expect(bench.pending()).toEqual([]);
  });

  test("of a height of which nothing is known is believed only where more than two thirds decided, and nothing else beside it", async () => {
    const { bench, made } = newcomer(3n);
    const { state } = bench.chain;
    await expect(bench.pool.rejection(state, [made])).rejects.toThrow(UnjudgeableError);
    expect(await bench.pool.rejection(state, [made], true)).toBeUndefined();
    expect(await bench.pool.rejection(state, [made, made], true)).toContain("twice");
    const value = made.duplicateVoteEvidence!;
    const lie: Evidence = { duplicateVoteEvidence: { ...value, voteA: value.voteB, voteB: value.voteA } };
    expect(await bench.pool.rejection(state, [made, lie], true)).toContain("invalid order");
    const at = (height: bigint): Evidence => ({
      duplicateVoteEvidence: { ...value, voteA: { ...value.voteA!, height }, voteB: { ...value.voteB!, height } },
    });
    // These every node can judge.
    expect(await bench.pool.rejection(state, [at(state.lastBlockHeight + 1n)], true)).toContain("don't have header");
  });
});

describe("an attack on light clients", () => {
  /** Three of four validators signed another block 3, which claims a state the chain never had. */
  function attacked(): { bench: PoolBench; attack: Evidence } {
    const bench = new PoolBench();
    for (let count = 0; count < 5; count++) bench.next();
    const honest = bench.chain.blocks[2]!;
    const header = { ...honest.block.header, appHash: new Uint8Array(32).fill(9) };
    const blockId = { hash: headerHash(header)!, partSetHeader: { total: 1, hash: new Uint8Array(32).fill(8) } };
    const set = bench.sets.get(3n)!;
    const liars = [0, 1, 2];
    const votes = liars.map((key) => bench.chain.vote(key, { type: SIGNED_PRECOMMIT, height: 3n, blockId }));
    const signatures = set.validators.map((_, index) => {
      const vote = votes.find(({ validatorIndex }) => validatorIndex === index);
      if (vote === undefined) {
        const none = new Uint8Array(0);
        const timestamp = { seconds: -62_135_596_800n, nanos: 0 };
        return { blockIdFlag: 1, validatorAddress: none, timestamp, signature: none };
      }
      const { validatorAddress, timestamp, signature } = vote;
      return { blockIdFlag: 2, validatorAddress, timestamp, signature };
    });
    const named = set.validators.filter(({ address }) =>
      liars.some((key) => hex(stubKey(key).address) === hex(address)),
    );
    const attack: Evidence = {
      lightClientAttackEvidence: {
        conflictingBlock: {
          signedHeader: { header, commit: { height: 3n, round: 0, blockId, signatures } },
          validatorSet: set,
        },
        commonHeight: 1n,
        byzantineValidators: named,
        totalVotingPower: 40n,
        timestamp: bench.chain.blocks[0]!.block.header.time,
      },
    };
    return { bench, attack };
  }

  test("is believed when our own headers prove it, waits, survives a restart, and lands in a block", async () => {
    const { bench, attack } = attacked();
    expect(await bench.pool.receive(bench.chain.state, attack)).toBe(true);
    bench.pool = bench.newPool();
    await bench.pool.load(bench.chain.state);
    expect(bench.pending().map((each) => hex(evidenceHash(each)))).toEqual([hex(evidenceHash(attack))]);
    expect(await bench.pool.rejection(bench.chain.state, bench.pending())).toBeUndefined();
    bench.next(bench.pending());
    expect(bench.pending()).toEqual([]);
  });

  test("is refused when it names other validators, another power or another time, also where one of its hash waits", async () => {
    const { bench, attack } = attacked();
    await bench.pool.receive(bench.chain.state, attack);
    const value = attack.lightClientAttackEvidence!;
    const changed = (change: Partial<typeof value>): Evidence => ({
      lightClientAttackEvidence: { ...value, ...change },
    });
    const judge = (evidence: Evidence) => bench.pool.rejection(bench.chain.state, [evidence]);
    expect(await judge(changed({ byzantineValidators: value.byzantineValidators.slice(1) }))).toContain("byzantine");
    expect(await judge(changed({ totalVotingPower: 1n }))).toContain("power");
    expect(await judge(changed({ timestamp: { seconds: 5n, nanos: 0 } }))).toContain("different time");
  });

  test("is judged by what is known from before the node's first block, as far as that goes", async () => {
    const { bench, attack } = attacked();
    bench.base = 3n;
    expect(await bench.pool.rejection(bench.chain.state, [attack])).toBeUndefined();
    const value = attack.lightClientAttackEvidence!;
    const lie: Evidence = { lightClientAttackEvidence: { ...value, totalVotingPower: 41n } };
    expect(await bench.pool.rejection(bench.chain.state, [lie])).toContain("power");
    // The commit of the attacked height stands in no block that is here.
    bench.base = 5n;
    await expect(bench.pool.rejection(bench.chain.state, [attack])).rejects.toThrow(UnjudgeableError);
  });

  test("that shows our own block is none", async () => {
    const { bench, attack } = attacked();
    const honest = bench.chain.blocks[2]!;
    const value = attack.lightClientAttackEvidence!;
    const same: Evidence = {
      lightClientAttackEvidence: {
        ...value,
        conflictingBlock: {
          signedHeader: { header: honest.block.header, commit: honest.commit },
          validatorSet: bench.sets.get(3n)!,
        },
      },
    };
    expect(await bench.pool.rejection(bench.chain.state, [same])).toMatch(/matches|byzantine/);
  });
});

test("a double vote that peers show ends in a block, and the application is told who, when and with what power", async () => {
  const heard: Misbehavior[] = [];
  const node = new Bench({
    validators: 4,
    application: (records) => {
      const inner = kvstore(records);
      return {
        ...inner,
        finalizeBlock: (request) => {
          heard.push(...request.misbehavior);
          return inner.finalizeBlock(request);
        },
      };
    },
  });
  const chain = new ReferenceChain(node.genesis);
  await node.start();
  for (const letter of ["A", "B"]) {
    const vote = chain.vote(3, { type: SIGNED_PREVOTE, blockId: idOf(letter) });
    expect(await node.driver?.receive("p", { type: "vote", vote })).toBe("accepted");
  }
  const { validators } = chain.state;
  const first = chain.next({ signers: [0, 1, 2] });
  await node.driver?.receiveBlock(first.block, { ...first.commit });
  const evidence = node.sent.flatMap((message) => (message.type === "evidence" ? [message.evidence] : []));
  expect(evidence).toHaveLength(1);
  const made = evidence[0] as Evidence;
  expect(encode("tendermint.types.Evidence", made).length).toBeGreaterThan(200);
  const second = chain.next({ signers: [0, 1, 2], evidence: [made] });
  await node.driver?.receiveBlock(second.block, second.commit);
  expect(heard).toEqual([
    {
      type: 1,
      validator: { address: stubKey(3).address, power: 10n },
      height: 1n,
      time: first.block.header.time,
      totalVotingPower: validators.totalVotingPower,
    },
  ]);
});
