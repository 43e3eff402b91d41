import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import type { Block } from "../../../chain/types/block.ts";
import { addNanoseconds } from "../../../chain/types/time.ts";
import type { Vote } from "../../../chain/types/vote.ts";
import { hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { forgeBlock, forgeCertificate, forgeProposal, partMessages } from "../forge.ts";
import { CHAIN_ID, type World } from "../world.ts";
import { expectOneChain, messages, placeOf, proposerOf, quietWorld, reaches, saying, standsStill } from "./script.ts";

/** A world in which it is a liar's turn at the height that everyone begins now; its driver is mute in that round. */
async function liarsTurn(): Promise<{ world: World; liar: number; height: bigint; others: readonly number[] }> {
  const world = await quietWorld();
  await reaches(world, 2n);
  const height = 3n;
  await world.runUntil(() => world.nodes.every((node) => node.driver?.machine.height === height), 1_000);
  const liar = proposerOf(world, 0);
  world.node(liar).isByzantine = true;
  world.drop(messages({ from: liar, height, round: 0 }));
  return { world, liar, height, others: [0, 1, 2, 3].filter((number) => number !== liar) };
}

/** Hands a block of the liar's to nodes: proposal and parts. */
async function shows(
  world: World,
  liar: number,
  to: readonly number[],
  change: (block: Block) => Block,
  txs: readonly Uint8Array[] = [],
): Promise<ReturnType<typeof forgeBlock>> {
  const { key, driver } = world.node(liar);
  const { height } = driver!.machine;
  const held = forgeBlock(driver!.status().state, {
    proposer: key!.address,
    lastCommit: driver!.machine.lastCommit,
    txs,
    change,
  });
  const proposal = forgeProposal(key!, {
    chainId: CHAIN_ID,
    height,
    round: 0,
    blockId: held.blockId,
    time: world.node(liar).now(),
  });
  for (const number of to) {
    expect(await world.inject(number, { type: "proposal", proposal })).toBe("accepted");
    for (const part of partMessages(held, height, 0)) await world.inject(number, part);
  }
  return held;
}

/** A liar's vote of round 0, shown to some. What it said counts when correct nodes are judged by what they had heard. */
async function says(
  world: World,
  liar: number,
  to: readonly number[],
  kind: "prevote" | "precommit",
  blockId: Vote["blockId"],
): Promise<void> {
  for (const number of to) {
    const message = { type: "vote", vote: world.vote(liar, { at: number, kind, round: 0, blockId }) } as const;
    world.invariants.shown(world.node(liar), message, world.node(number).driver!.machine.powers);
    await world.inject(number, message);
  }
}

const same = (block: Block): Block => block;
const withHeader =
  (changes: Partial<Block["header"]>) =>
  (block: Block): Block => ({
    ...block,
    header: { ...block.header, ...changes },
  });

describe("equivocating proposer", () => {
  test("one block for two, another for one: nobody forks, a later round decides, and everyone has the same block", async () => {
    const { world, liar, height, others } = await liarsTurn();
    const [ann, bob, cat] = others as [number, number, number];
    await shows(world, liar, [ann, bob], same, [Uint8Array.of(97, 61, 49)]);
    await shows(world, liar, [cat], same, [Uint8Array.of(98, 61, 49)]);
    await reaches(world, height, { within: 10_000 });
    await reaches(world, height + 2n);
    expectOneChain(world);
  });

  test("both blocks for everyone, and the liar votes for one here and for the other there: no fork, and its votes are evidence", async () => {
    const { world, liar, height, others } = await liarsTurn();
    const [ann, bob, cat] = others as [number, number, number];
    const first = await shows(world, liar, [ann, bob], same, [Uint8Array.of(97, 61, 49)]);
    const second = await shows(world, liar, [cat], same, [Uint8Array.of(98, 61, 49)]);
    for (const kind of ["prevote", "precommit"] as const) {
      await says(world, liar, [ann, bob], kind, first.blockId);
      await says(world, liar, [cat], kind, second.blockId);
    }
    await reaches(world, height + 3n, { within: 15_000 });
    expectOneChain(world);
    expect(world.node(ann).misbehavior).toContain(`${hex(world.node(liar).address!)}/${height}`);
  });
});

describe("a byzantine proposer's block", () => {
  const spoilt: Readonly<Record<string, (world: World) => (block: Block) => Block>> = {
    "with a wrong app hash": () => withHeader({ appHash: new Uint8Array(32).fill(9) }),
    "with a wrong validators' hash": () => withHeader({ validatorsHash: new Uint8Array(32).fill(9) }),
    "with a wrong next validators' hash": () => withHeader({ nextValidatorsHash: new Uint8Array(32).fill(9) }),
    "with a wrong results' hash": () => withHeader({ lastResultsHash: new Uint8Array(32).fill(9) }),
    "from the future": () => (block) =>
      withHeader({ time: addNanoseconds(block.header.time, 3_600_000_000_000n) })(block),
    "that is one nanosecond late": () => (block) => withHeader({ time: addNanoseconds(block.header.time, 1n) })(block),
    "of another chain": () => withHeader({ chainId: "other-1" }),
    "of another height": () => (block) => withHeader({ height: block.header.height + 1n })(block),
    "on another block": () => (block) =>
      withHeader({ lastBlockId: { ...block.header.lastBlockId!, hash: new Uint8Array(32).fill(9) } })(block),
    "with a commit that lacks a signature of the quorum": () => (block) => {
      const lastCommit = block.lastCommit!;
      const signatures = lastCommit.signatures.map((each) => ({ ...each, signature: new Uint8Array(64) }));
      return { ...block, lastCommit: { ...lastCommit, signatures } };
    },
    "that names another proposer": (world) =>
      withHeader({ proposerAddress: new Uint8Array(20).fill(world.nodes.length) }),
    "with a transaction that the application refuses": () => (block) => ({
      ...block,
      data: { txs: [Uint8Array.of(1)] },
    }),
  };

  for (const [what, change] of Object.entries(spoilt)) {
    test(`${what} gets nil from everyone, and the next round decides another`, async () => {
      const { world, liar, height, others } = await liarsTurn();
      const held = await shows(world, liar, others, change(world));
      await reaches(world, height, { who: others, within: 5_000 });
      for (const number of others) {
        expect(world.signed.has(`${number} ${height}/0/1`)).toBe(true);
        const prevotes = world.node(number).database.blocks.get(height);
        expect(prevotes?.seenCommit.round).toBe(1);
        expect(hex(prevotes!.blockId.hash)).not.toBe(hex(held.blockId.hash));
      }
    });
  }

  test("of more parts than a block may have is invalid at once", async () => {
    const { world, liar, others } = await liarsTurn();
    const { key, driver } = world.node(liar);
    const blockId = {
      hash: new Uint8Array(32).fill(1),
      partSetHeader: { total: 338, hash: new Uint8Array(32).fill(2) },
    };
    const { height } = driver!.machine;
    const proposal = forgeProposal(key!, {
      chainId: CHAIN_ID,
      height,
      round: 0,
      blockId,
      time: world.node(liar).now(),
    });
    // 22,020,096 bytes are 336 parts of 64 KiB exactly.
    expect(await world.inject(others[0]!, { type: "proposal", proposal })).toBe("invalid");
    const largest = { ...blockId, partSetHeader: { ...blockId.partSetHeader, total: 336 } };
    const fits = forgeProposal(key!, {
      chainId: CHAIN_ID,
      height,
      round: 0,
      blockId: largest,
      time: world.node(liar).now(),
    });
    expect(await world.inject(others[0]!, { type: "proposal", proposal: fits })).toBe("accepted");
  });

  test("whose parts have a wrong index, a wrong proof or wrong bytes is not assembled from them", async () => {
    const { world, liar, height, others } = await liarsTurn();
    const { key, driver } = world.node(liar);
    const held = forgeBlock(driver!.status().state, {
      proposer: key!.address,
      lastCommit: driver!.machine.lastCommit,
      txs: [new Uint8Array(70_000).fill(61)],
    });
    const proposal = forgeProposal(key!, {
      chainId: CHAIN_ID,
      height,
      round: 0,
      blockId: held.blockId,
      time: world.node(liar).now(),
    });
    const [to = 0] = others;
    await world.inject(to, { type: "proposal", proposal });
    await world.run(150);
    const [first, second] = [held.parts.part(0)!, held.parts.part(1)!];
    const parts = [
      { ...first, index: 1 },
      { ...first, proof: second.proof },
      { ...first, bytes: second.bytes },
      { ...second, proof: { ...second.proof, aunts: [] } },
    ];
    for (const part of parts) expect(await world.inject(to, { type: "part", height, round: 0, part })).toBe("ignored");
    expect(world.node(to).driver?.machine.step).toBe("propose");
    for (const part of [first, second])
      expect(await world.inject(to, { type: "part", height, round: 0, part })).toBe("accepted");
    expect(await world.inject(to, { type: "part", height, round: 0, part: first })).toBe("ignored");
    expect(world.node(to).driver?.machine.step).toBe("prevote");
  });

  test("whose parts are withheld costs a round, no more", async () => {
    const { world, liar, height, others } = await liarsTurn();
    const { key, driver } = world.node(liar);
    const held = forgeBlock(driver!.status().state, { proposer: key!.address, lastCommit: driver!.machine.lastCommit });
    const proposal = forgeProposal(key!, {
      chainId: CHAIN_ID,
      height,
      round: 0,
      blockId: held.blockId,
      time: world.node(liar).now(),
    });
    await world.inject(others, { type: "proposal", proposal });
    await reaches(world, height, { who: others, within: 5_000 });
    expect(world.node(others[0]!).database.blocks.get(height)?.seenCommit.round).toBe(1);
  });
});

describe("an equivocating validator", () => {
  test("is found; its evidence lands in the next block with CometBFT's bytes, and the application is told once", async () => {
    const world = await quietWorld({ timeouts: { commitMs: 300 } });
    await reaches(world, 2n);
    await world.runUntil(() => world.nodes.every((node) => node.driver?.machine.height === 3n), 1_000);
    const liar = world.node(3);
    liar.isByzantine = true;
    world.drop(messages({ from: 3, kind: "prevote", height: 3n }));
    const ids = [5, 6].map((byte) => ({
      hash: new Uint8Array(32).fill(byte),
      partSetHeader: { total: 1, hash: new Uint8Array(32).fill(byte) },
    }));
    const votes = ids.map((blockId) => world.vote(3, { at: 0, kind: "prevote", round: 0, blockId })) as [Vote, Vote];
    // The larger block id first: in the evidence the two stand in the order of their ids.
    for (const vote of votes.toReversed()) expect(await world.inject(0, { type: "vote", vote })).toBe("accepted");
    await reaches(world, 6n);
    const carriers = [...world.node(1).database.blocks.values()].filter(
      ({ block }) => block.evidence.evidence.length > 0,
    );
    expect(carriers.map(({ height }) => height)).toEqual([4n]);
    const [evidence] = carriers[0]!.block.evidence.evidence;
    const { block } = world.node(1).database.blocks.get(3n)!;
    expect(hex(encode("tendermint.types.Evidence", evidence!))).toBe(
      cosmjsEvidence(votes, { total: 40n, power: 10n, time: block.header.time }),
    );
    const told = `${hex(liar.address!)}/3`;
    for (const number of [0, 1, 2]) expect([...world.node(number).misbehavior]).toEqual([told]);
    expectOneChain(world);
  });

  test("cannot be framed: evidence made of one vote, of a changed vote, or with another time is invalid", async () => {
    const world = await quietWorld();
    await reaches(world, 3n);
    const [ann] = world.nodes;
    const commit = world.node(0).database.blocks.get(2n)!.seenCommit;
    const place = placeOf(world.node(1));
    const signature = commit.signatures[place]!;
    const vote: Vote = {
      type: 2,
      height: 2n,
      round: commit.round,
      blockId: commit.blockId,
      timestamp: signature.timestamp,
      validatorAddress: signature.validatorAddress,
      validatorIndex: place,
      signature: signature.signature,
      extension: new Uint8Array(0),
      extensionSignature: new Uint8Array(0),
    };
    const forged = { ...vote, blockId: { ...vote.blockId!, hash: new Uint8Array(32).fill(255) } };
    const timestamp = world.node(0).database.blocks.get(2n)!.block.header.time;
    const claim = (voteA: Vote, voteB: Vote, time = timestamp) =>
      world.inject(ann!.number, {
        type: "evidence",
        evidence: {
          duplicateVoteEvidence: { voteA, voteB, totalVotingPower: 40n, validatorPower: 10n, timestamp: time },
        },
      });
    expect(await claim(vote, vote)).toBe("invalid");
    expect(await claim(vote, forged)).toBe("invalid");
    expect(await claim(vote, forged, addNanoseconds(timestamp, 1n))).toBe("invalid");
    await reaches(world, 5n);
    expect(world.node(0).misbehavior.size).toBe(0);
  });
});

describe("one key on two hosts", () => {
  test("a vote of its own key that it never made: the node signs nothing more, and the others do not need it", async () => {
    const world = await quietWorld();
    await reaches(world, 3n);
    const node = world.node(1);
    const blockId = { hash: new Uint8Array(32).fill(7), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(8) } };
    const vote = world.vote(1, { at: 1, kind: "precommit", round: 5, blockId });
    const signed = (): number => [...world.signed.keys()].filter((place) => place.startsWith("1 ")).length;
    expect(node.driver?.status().signing).toBe(true);
    // Not this node's fault, but its key is one that does not keep the rules.
    node.isByzantine = true;
    await world.inject(1, { type: "vote", vote });
    const before = signed();
    expect(node.driver?.status().signing).toBe(false);
    await reaches(world, world.highestHeight() + 3n, { within: 10_000 });
    expect(signed()).toBe(before);
  });
});

describe("what no quorum stands behind", () => {
  test("a certificate with a forged signature, of strangers, or without a quorum is invalid and changes nothing", async () => {
    const { world, liar, others } = await liarsTurn();
    const [to = 0] = others;
    const blockId = { hash: new Uint8Array(32).fill(7), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(8) } };
    const vote = (number: number) => world.vote(number, { at: to, kind: "precommit", round: 0, blockId });
    const votes = [0, 1, 2, 3].map(vote);
    const before = world.node(to).driver?.machine;
    const forged = votes.map((each, index) => (index === 2 ? { ...each, signature: new Uint8Array(64) } : each));
    for (const [kind, list] of [
      ["forged", forged],
      ["two of four", [votes[0]!, votes[liar]!].slice(0, 2)],
    ] as const) {
      const certificate = forgeCertificate(list, 4);
      expect(await world.inject(to, { type: "certificate", certificate }), kind).toBe("invalid");
    }
    expect(await world.inject(to, { type: "certificate", certificate: forgeCertificate(votes, 5) })).toBe("invalid");
    expect(world.node(to).driver?.machine).toBe(before);
  });
});

describe("a quorum for an invalid block", () => {
  test("halts a correct node, with the block named, rather than letting it follow", async () => {
    const { world, liar, height, others } = await liarsTurn();
    const [honest, ...traitors] = others as [number, number, number];
    for (const number of traitors) world.node(number).isByzantine = true;
    world.partition([[honest], [liar, ...traitors]]);
    const held = await shows(world, liar, [honest], withHeader({ appHash: new Uint8Array(32).fill(9) }));
    for (const number of [liar, ...traitors]) {
      const vote = world.vote(number, { at: honest, kind: "precommit", round: 0, blockId: held.blockId });
      await world.inject(honest, { type: "vote", vote });
    }
    const node = world.node(honest);
    // The block is judged once more, as one that was decided; only then does the node stop.
    for (let turn = 0; node.fatal === undefined && turn < 20; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((node.fatal as { exitCode?: number } | undefined)?.exitCode).toBe(71);
    expect(node.fatal?.message).toContain(hex(held.blockId.hash).toUpperCase());
    expect(node.height).toBe(height - 1n);
    expect(saying(node, "the node must stop")).toHaveLength(1);
    node.violation = undefined;
    await standsStill(world, 0);
  });
});

const require = createRequire(import.meta.url);

/** The bytes of DuplicateVoteEvidence as another implementation of the schema writes them. */
function cosmjsEvidence(
  [voteA, voteB]: readonly [Vote, Vote],
  {
    total,
    power,
    time,
  }: { readonly total: bigint; readonly power: bigint; readonly time: { seconds: bigint; nanos: number } },
): string {
  const { Evidence } = require("cosmjs-types/tendermint/types/evidence") as {
    Evidence: { fromPartial(value: unknown): unknown; encode(value: unknown): { finish(): Uint8Array } };
  };
  const value = Evidence.fromPartial({
    duplicateVoteEvidence: { voteA, voteB, totalVotingPower: total, validatorPower: power, timestamp: time },
  });
  return hex(Evidence.encode(value).finish());
}
