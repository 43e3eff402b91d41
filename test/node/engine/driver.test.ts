import { describe, expect, test } from "vitest";
import { isProposer } from "../../../chain/consensus/validators.ts";
import { ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import {
  proposalSignBytes,
  SIGNED_PRECOMMIT,
  SIGNED_PREVOTE,
  SIGNED_PROPOSAL,
  voteSignBytes,
} from "../../../chain/types/vote.ts";
import type { ConsensusMessage } from "../../../node/ports.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { stubKey } from "../../sim/keys.ts";
import { PowerCut } from "../../sim/memory-disk.ts";
import { type SimNode, signersOf, World, type WorldOptions } from "../../sim/world.ts";

async function started(options: Omit<WorldOptions, "seed">, seed = 1): Promise<{ world: World; node: SimNode }> {
  const world = new World({ ...options, seed });
  await world.start();
  return { world, node: world.nodes[0] as SimNode };
}

async function reaches(world: World, height: bigint): Promise<boolean> {
  return world.runUntil(() => world.lowestHeight() >= height, 60_000);
}

describe("one validator", () => {
  test("commits its first block without waiting for anything", async () => {
    const { world } = await started({ validators: 1 });
    expect(await world.runUntil(() => world.lowestHeight() >= 1n, 1)).toBe(true);
  });

  test("takes the commit timeout between blocks, and executes what the mempool holds", async () => {
    const { world, node } = await started({ validators: 1, timeouts: { commitMs: 200 } });
    node.submit(utf8("a=1"));
    expect(await reaches(world, 5n)).toBe(true);
    expect(world.nowMs).toBeGreaterThanOrEqual(800);
    expect(world.nowMs).toBeLessThan(1_000);
    const txs = [...node.database.blocks.values()].flatMap(({ block }) => block.data.txs.map((tx) => hex(tx)));
    expect(txs).toEqual([hex(utf8("a=1"))]);
    expect(node.database.records.get(hex(utf8("a")))).toEqual(utf8("1"));
  });

  test("makes blocks of many parts", async () => {
    const { world, node } = await started({ validators: 1 });
    node.submit(utf8(`big=${"x".repeat(190_000)}`));
    expect(await reaches(world, 3n)).toBe(true);
    const totals = [...node.database.blocks.values()].map(({ blockId }) => blockId.partSetHeader.total);
    expect(Math.max(...totals)).toBe(3);
  });

  test("without empty blocks it proves the last state and then waits for a transaction", async () => {
    const { world, node } = await started({ validators: 1, createEmptyBlocks: false });
    world.calm = true;
    await world.runUntil(() => false, 5_000);
    expect(node.height).toBe(1n);
    node.submit(utf8("a=1"));
    await world.runUntil(() => false, 5_000);
    // One block with the transaction, one that proves the state after it.
    expect(node.height).toBe(3n);
    node.crash();
    await world.runUntil(() => false, 5_000);
    expect(node.height).toBe(3n);
    node.submit(utf8("b=1"));
    expect(await reaches(world, 5n)).toBe(true);
  });

  test("states times that move forward with every block, whatever the clock says", async () => {
    const { world, node } = await started({ validators: 1, timeouts: { commitMs: 1 } });
    expect(await reaches(world, 10n)).toBe(true);
    const times = [...node.database.blocks.values()].map(({ block }) => block.header.time);
    for (const [index, time] of times.entries()) {
      const before = times[index - 1];
      if (before !== undefined)
        expect(time.seconds * 1_000_000_000n + BigInt(time.nanos)).toBeGreaterThan(
          before.seconds * 1_000_000_000n + BigInt(before.nanos),
        );
    }
  });

  test("dies at any disk operation and goes on, never signing twice", async () => {
    for (const alone of [false, true]) {
      const probe = await started({ validators: 1, alone });
      const first = probe.node.disk.operations;
      await reaches(probe.world, 3n);
      const operations = probe.node.disk.operations - first;
      expect(operations).toBeGreaterThan(20);
      for (let cut = 0; cut < operations; cut++) {
        const world = new World({ validators: 1, alone, seed: cut + 1 });
        const node = world.nodes[0] as SimNode;
        node.disk.cutAt = node.disk.operations + cut;
        await world.start();
        expect(await reaches(world, 4n), `cut at ${cut}, alone ${alone}`).toBe(true);
        expect(world.crashCount).toBe(1);
      }
    }
  });

  test("dies before or after the storage batch and decides the same block again", async () => {
    for (const when of ["beforeCommit", "afterCommit"] as const) {
      const { world, node } = await started({ validators: 1 });
      let armed = true;
      node[when] = () => {
        if (!armed || node.height < 2n) return;
        armed = false;
        throw new PowerCut("power cut around the batch");
      };
      expect(await reaches(world, 6n)).toBe(true);
      expect(armed).toBe(false);
      expect(world.crashCount).toBe(1);
    }
  });

  test("with its log lost between precommit and commit it takes lock and block from the journal and decides the same", async () => {
    const { world, node } = await started({ validators: 1, logLoss: 1 });
    await reaches(world, 2n);
    let precommitted: string | undefined;
    node.beforeCommit = () => {
      node.beforeCommit = () => {};
      precommitted = [...world.signed.keys()].findLast((place) => place.endsWith(`/${SIGNED_PRECOMMIT}`));
      // Another transaction: a block built anew would be another block.
      node.submit(utf8("late=1"));
      throw new PowerCut("power cut before the batch");
    };
    expect(await reaches(world, 3n)).toBe(true);
    expect(precommitted).toBe(`0 3/0/${SIGNED_PRECOMMIT}`);
    expect(node.database.blocks.get(3n)?.seenCommit.round).toBe(0);
    expect(node.database.blocks.get(3n)?.block.data.txs).toEqual([]);
  });

  test("a process that is killed, but not its machine, signs nothing anew and loses no time", async () => {
    const { world, node } = await started({ validators: 1 });
    await reaches(world, 3n);
    node.disk.settle();
    const before = world.signed.size;
    node.crash();
    await reaches(world, 4n);
    expect(world.signed.size).toBe(before + 3);
  });
});

describe("several nodes", () => {
  test("a follower without a key verifies and executes what the validators decide", async () => {
    const { world } = await started({ validators: 4, followers: 1 });
    expect(await reaches(world, 5n)).toBe(true);
    const follower = world.nodes[4] as SimNode;
    expect(follower.driver?.status().signing).toBe(false);
    expect(world.nodes[0]?.driver?.status().signing).toBe(true);
    const commit = follower.database.blocks.get(4n)?.seenCommit;
    expect(commit && signersOf(commit)).toBeGreaterThanOrEqual(3);
  });

  test("a block from sync is refused when a signature, a transaction or the height is not right", async () => {
    const { world, node } = await started({ validators: 1 });
    await reaches(world, 3n);
    const other = new World({ validators: 1, followers: 1, loss: 1, seed: 2 });
    await other.start();
    const driver = (other.nodes[1] as SimNode).driver;
    const stored = node.database.blocks.get(1n);
    const second = node.database.blocks.get(2n);
    if (driver === undefined || stored === undefined || second === undefined) throw new Error("not there");
    const [signature] = stored.seenCommit.signatures;
    if (signature === undefined) throw new Error("no signature");
    const forged = { ...signature, signature: new Uint8Array(64) };
    expect(await driver.receiveBlock(stored.block, { ...stored.seenCommit, signatures: [forged] })).toBe("invalid");
    const stuffed = { ...stored.block, data: { txs: [utf8("a=1")] } };
    expect(await driver.receiveBlock(stuffed, stored.seenCommit)).toBe("invalid");
    expect(await driver.receiveBlock(second.block, second.seenCommit)).toBe("ignored");
    expect(await driver.receiveBlock(stored.block, stored.seenCommit)).toBe("accepted");
    expect(await driver.receiveBlock(second.block, second.seenCommit)).toBe("accepted");
    expect(await driver.receiveBlock(second.block, second.seenCommit)).toBe("ignored");
    expect(driver.status().height).toBe(3n);
  });

  test("messages no correct node sends are invalid; stale and unknown ones are ignored", async () => {
    const { world, node } = await started({ validators: 4, loss: 1 });
    const driver = node.driver;
    if (driver === undefined) throw new Error("not running");
    const { height, validators } = driver.machine;
    const number = [1, 2, 3].find((each) => hex(stubKey(each).address) !== "") as number;
    const key = stubKey(number);
    const validatorIndex = validators.validators.findIndex(({ address }) => hex(address) === hex(key.address));
    const empty = new Uint8Array(0);
    const vote = {
      type: SIGNED_PREVOTE,
      height,
      round: 0,
      blockId: ZERO_BLOCK_ID,
      timestamp: { seconds: 1_700_000_001n, nanos: 0 },
      validatorAddress: key.address,
      validatorIndex,
      signature: empty,
      extension: empty,
      extensionSignature: empty,
    };
    const signed = { ...vote, signature: key.sign(voteSignBytes(world.genesis.chainId, vote)) };
    const give = (changed: Partial<typeof vote>) =>
      driver.receive("p", { type: "vote", vote: { ...signed, ...changed } } as ConsensusMessage);
    expect(await give({ signature: new Uint8Array(64) })).toBe("invalid");
    expect(await give({ validatorIndex: (validatorIndex + 1) % 4 })).toBe("invalid");
    expect(await give({ type: SIGNED_PRECOMMIT })).toBe("invalid");
    expect(await give({ type: 7 })).toBe("invalid");
    expect(await give({ height: height + 9n })).toBe("ignored");
    expect(await give({})).toBe("accepted");
    expect(await give({})).toBe("ignored");
    const proposal = {
      type: SIGNED_PROPOSAL,
      height,
      round: 0,
      polRound: -1,
      blockId: { hash: new Uint8Array(32).fill(1), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(2) } },
      timestamp: vote.timestamp,
      signature: new Uint8Array(64).fill(3),
    };
    expect(await driver.receive("p", { type: "proposal", proposal })).toBe("invalid");
    const proposer = [0, 1, 2, 3].map(stubKey).find((each) => isProposer(validators, 0, each.address));
    const proposed = proposer?.sign(proposalSignBytes(world.genesis.chainId, proposal)) ?? empty;
    const oversized = { ...proposal.blockId, partSetHeader: { total: 9_999, hash: new Uint8Array(32) } };
    const big = proposer?.sign(proposalSignBytes(world.genesis.chainId, { ...proposal, blockId: oversized })) ?? empty;
    expect(
      await driver.receive("p", { type: "proposal", proposal: { ...proposal, blockId: oversized, signature: big } }),
    ).toBe("invalid");
    if (!isProposer(validators, 0, (node.key ?? key).address)) {
      expect(await driver.receive("p", { type: "proposal", proposal: { ...proposal, signature: proposed } })).toBe(
        "accepted",
      );
    }
    const commit = { height, round: 0, blockId: ZERO_BLOCK_ID, signatures: [] };
    expect(await driver.receive("p", { type: "certificate", certificate: { kind: "polka", commit } })).toBe("invalid");
    const proof = { total: 1n, index: 0n, leafHash: new Uint8Array(32), aunts: [] };
    const part = { index: 0, bytes: utf8("x"), proof };
    expect(await driver.receive("p", { type: "part", height, round: 0, part })).toBe("ignored");
  });

  test("what is held already is left aside before its signature is looked at: a replay costs nothing", async () => {
    const { world, node } = await started({ validators: 4, loss: 1 });
    const driver = node.driver;
    if (driver === undefined) throw new Error("not running");
    const { height, validators } = driver.machine;
    const { chainId } = world.genesis;
    const keys = [0, 1, 2, 3].map(stubKey);
    const empty = new Uint8Array(0);
    const wrong = new Uint8Array(64);
    const proposer = keys.find((each) => isProposer(validators, 1, each.address)) as (typeof keys)[number];
    const proposal = {
      type: SIGNED_PROPOSAL,
      height,
      round: 1,
      polRound: -1,
      blockId: { hash: new Uint8Array(32).fill(1), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(2) } },
      timestamp: { seconds: 1_700_000_001n, nanos: 0 },
      signature: empty,
    };
    const propose = (signature: Uint8Array) =>
      driver.receive("p", { type: "proposal", proposal: { ...proposal, signature } });
    expect(await propose(wrong)).toBe("invalid");
    expect(await propose(proposer.sign(proposalSignBytes(chainId, proposal)))).toBe("accepted");
    expect(await propose(wrong)).toBe("ignored");
    // For the height to come the message is held, not taken in.
    const early = {
      type: SIGNED_PREVOTE,
      height: height + 1n,
      round: 0,
      blockId: ZERO_BLOCK_ID,
      timestamp: proposal.timestamp,
      validatorAddress: validators.validators[0]!.address,
      validatorIndex: 0,
      signature: empty,
      extension: empty,
      extensionSignature: empty,
    };
    const voter = keys.find(({ address }) => hex(address) === hex(early.validatorAddress)) as (typeof keys)[number];
    const give = (signature: Uint8Array) => driver.receive("p", { type: "vote", vote: { ...early, signature } });
    expect(await give(wrong)).toBe("invalid");
    expect(await give(voter.sign(voteSignBytes(chainId, early)))).toBe("ignored");
    expect(await give(wrong)).toBe("ignored");
  });

  test("a vote of the node's own key from outside makes it stop signing", async () => {
    const { world, node } = await started({ validators: 4, loss: 1 });
    const { driver, key } = node;
    if (driver === undefined || key === undefined) throw new Error("not running");
    const { height, validators } = driver.machine;
    const empty = new Uint8Array(0);
    const vote = {
      type: SIGNED_PRECOMMIT,
      height,
      round: 0,
      blockId: ZERO_BLOCK_ID,
      timestamp: { seconds: 1_700_000_001n, nanos: 0 },
      validatorAddress: key.address,
      validatorIndex: validators.validators.findIndex(({ address }) => hex(address) === hex(key.address)),
      signature: empty,
      extension: empty,
      extensionSignature: empty,
    };
    const signature = key.sign(voteSignBytes(world.genesis.chainId, vote));
    expect(driver.status().signing).toBe(true);
    await driver.receive("p", { type: "vote", vote: { ...vote, signature } });
    expect(driver.status().signing).toBe(false);
  });

  test("two different votes become evidence in a block, and the application hears of it", async () => {
    const { world } = await started({ validators: 4, liars: 1 }, 3);
    const reported = await world.runUntil(
      () =>
        world.nodes.some((node) =>
          [...node.database.blocks.values()].some(({ block }) => block.evidence.evidence.length > 0),
        ),
      60_000,
    );
    expect(reported).toBe(true);
    const target = BigInt(world.decided.size) + 2n;
    expect(await reaches(world, target)).toBe(true);
    // The same evidence stands in one block only.
    const blocks = [...(world.nodes[1] as SimNode).database.blocks.values()];
    const all = blocks.flatMap(({ block }) => block.evidence.evidence.map((each) => JSON.stringify(each, bigints)));
    expect(new Set(all).size).toBe(all.length);
    // A node that restarts remembers none of it, and must not carry it into a block that the others refuse.
    const node = world.nodes[1] as SimNode;
    const [evidence] = blocks.flatMap(({ block }) => block.evidence.evidence);
    node.crash();
    world.calm = true;
    expect(await world.runUntil(() => node.driver !== undefined && node.driver.status().height > target, 60_000)).toBe(
      true,
    );
    expect(await node.driver?.receive("p", { type: "evidence", evidence: evidence! })).toBe("ignored");
  });

  test("validators come and go by what the application says, two heights later", async () => {
    const { world, node } = await started({ validators: 4, followers: 0 });
    const leaver = stubKey(3);
    const raw = leaver.publicKey.ed25519;
    if (raw === undefined) throw new Error("no key");
    node.submit(utf8(`val:${hex(raw)}=0`));
    const left = await world.runUntil(
      () => world.nodes.every((each) => each.database.state?.validators.validators.length === 3),
      60_000,
    );
    expect(left).toBe(true);
    expect(await reaches(world, BigInt(world.decided.size) + 3n)).toBe(true);
    expect(world.nodes[3]?.driver?.status().signing).toBe(false);
    node.submit(utf8(`val:${hex(raw)}=25`));
    expect(
      await world.runUntil(
        () => world.nodes.every((each) => each.database.state?.validators.totalVotingPower === 55n),
        60_000,
      ),
    ).toBe(true);
    expect(await reaches(world, BigInt(world.decided.size) + 3n)).toBe(true);
  });
});

function bigints(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? hex(value) : value;
}
