import { describe, expect, test } from "vitest";
import { partsOfBlock } from "../../../chain/types/block.ts";
import { newDuplicateVoteEvidence } from "../../../chain/types/evidence.ts";
import { PartSet } from "../../../chain/types/part-set.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { CrashPoints } from "../../../node/engine/crash-points.ts";
import { EXIT_CHAIN_HALTED } from "../../../node/ports.ts";
import { kvstore } from "../../sim/kvstore.ts";
import { Bench, cut, LOG_FOLDER, settled } from "./bench.ts";
import { type MadeBlock, ReferenceChain } from "./reference-chain.ts";
import { block as idOf } from "./support.ts";

const REJECT = 2;

/** A node that finds every block invalid until it is mended; the other three of four validators do not. */
function flawed(): { node: Bench; chain: ReferenceChain; program: { isFlawed: boolean } } {
  const program = { isFlawed: true };
  const node = new Bench({
    validators: 4,
    application: (records) => {
      const inner = kvstore(records);
      return {
        ...inner,
        processProposal: (request) => (program.isFlawed ? { status: REJECT } : inner.processProposal(request)),
      };
    },
  });
  return { node, chain: new ReferenceChain(node.genesis), program };
}

/** The others decide a block without this node. */
async function decide(node: Bench, chain: ReferenceChain, made: MadeBlock): Promise<void> {
  const { height, blockId, bytes } = made;
  const give = (message: Parameters<NonNullable<Bench["driver"]>["receive"]>[1]) => node.driver?.receive("p", message);
  await give({ type: "proposal", proposal: chain.proposal(made) });
  const part = PartSet.fromBytes(bytes).part(0);
  if (part !== undefined) await give({ type: "part", height, round: 0, part });
  for (const key of [1, 2, 3]) {
    await give({ type: "vote", vote: chain.vote(key, { type: SIGNED_PRECOMMIT, blockId }) });
  }
  await settled();
}

describe("a decided block that is invalid here", () => {
  test("stops the node with its own code, and the block is kept for inspection", async () => {
    const { node, chain } = flawed();
    await node.start();
    const made = chain.candidate();
    await decide(node, chain, made);
    expect(node.fatal?.exitCode).toBe(EXIT_CHAIN_HALTED);
    expect(node.fatal?.message).toMatch(
      /committed block [0-9A-F]{64} at height 1, .* rejects it.*saved as.*Nothing was lost/,
    );
    const saved = node.disk.paths().find((path) => path.startsWith(`${LOG_FOLDER}/invalid-1-`)) ?? "";
    expect(node.disk.read(saved)).toEqual(made.bytes);
    expect(node.height).toBe(0n);
  });

  test("stops it again at the next start while the program judges the same", async () => {
    const { node, chain } = flawed();
    await node.start();
    await decide(node, chain, chain.candidate());
    node.crash();
    await node.start();
    expect(node.fatal?.exitCode).toBe(EXIT_CHAIN_HALTED);
    expect(node.fatal?.message).toContain("the application rejects it");
    expect(node.height).toBe(0n);
  });

  test("is carried out by a mended program without anyone's help, and the line says so", async () => {
    const { node, chain, program } = flawed();
    await node.start();
    const made = chain.candidate();
    await decide(node, chain, made);
    node.crash();
    program.isFlawed = false;
    await node.start();
    expect(node.fatal?.message).toBeUndefined();
    expect(await node.reaches(1n)).toBe(true);
    expect(node.database.blocks.get(1n)?.blockId).toEqual(made.blockId);
    expect(node.lines.join("\n")).toContain("is not invalid for this program; going on with it");
    // Its nil prevote of then stands; the node signs nothing else in its place.
    expect([...node.signed.keys()].filter((place) => place === "1/0/1")).toHaveLength(1);
  });

  test("is carried out by a mended program also after a crash in the middle of that", async () => {
    for (let at = 0; at < 40; at++) {
      const { node, chain, program } = flawed();
      await node.start();
      await decide(node, chain, chain.candidate());
      node.crash();
      program.isFlawed = false;
      await node.start(new CrashPoints({ at }, { die: cut }));
      await node.reaches(1n);
      const died = node.fatal !== undefined;
      node.crash();
      await node.start();
      expect(await node.reaches(1n), `point ${at}`).toBe(true);
      if (!died) break;
    }
  });
});

describe("a decided block whose evidence is from before the node's first block", () => {
  /** A node that begins with block 2, as from a snapshot, and a block 4 with a double vote of height 1 that the others decide. */
  async function newcomer(): Promise<{ node: Bench; chain: ReferenceChain; made: MadeBlock }> {
    const node = new Bench({ validators: 4 });
    const chain = new ReferenceChain(node.genesis);
    await node.start();
    const [first, second] = ["A", "B"].map((letter) => chain.vote(3, { type: SIGNED_PREVOTE, blockId: idOf(letter) }));
    const { validators } = chain.state;
    for (let height = 1n; height <= 3n; height++) {
      const { block, commit } = chain.next({ signers: [1, 2, 3] });
      expect(await node.driver?.receiveBlock(block, commit)).toBe("accepted");
    }
    const { time } = chain.blocks[0]!.block.header;
    const evidence = newDuplicateVoteEvidence(first!, second!, time, validators);
    const made = chain.candidate({ evidence: [evidence] });
    node.crash();
    node.database.blocks.delete(1n);
    node.database.validators.delete(1n);
    await node.start();
    return { node, chain, made };
  }

  test("is not voted for, and carried out when more than two thirds decided it", async () => {
    const { node, chain, made } = await newcomer();
    await decide(node, chain, made);
    expect(await node.reaches(4n)).toBe(true);
    expect(node.fatal?.message).toBeUndefined();
    expect(node.database.blocks.get(4n)?.blockId).toEqual(made.blockId);
    expect(node.lines.join("\n")).toContain("believing more than two thirds");
    const votes = node.sent.flatMap((message) => (message.type === "vote" ? [message.vote] : []));
    expect(votes.filter(({ height }) => height === 4n).every(({ blockId }) => blockId.hash.length === 0)).toBe(true);
    chain.next({ signers: [1, 2, 3], evidence: made.block.evidence.evidence });
    const { block, commit } = chain.next({ signers: [1, 2, 3] });
    expect(await node.driver?.receiveBlock(block, commit)).toBe("accepted");
  });

  test("is carried out also after a crash in the middle of that", async () => {
    let survived = 0;
    for (let at = 0; survived === 0; at++) {
      const { node, chain, made } = await newcomer();
      node.crash();
      await node.start(new CrashPoints({ at }, { die: cut }));
      await decide(node, chain, made);
      await node.reaches(4n);
      if (node.fatal === undefined) survived = at;
      node.crash();
      await node.start();
      // Votes that were not logged are said again by the others.
      if (node.height < 4n) await decide(node, chain, made);
      expect(await node.reaches(4n), `point ${at}`).toBe(true);
      expect(node.database.blocks.get(4n)?.blockId).toEqual(made.blockId);
    }
    expect(survived).toBeGreaterThan(5);
  });

  test("stops the node all the same when something else is wrong with it", async () => {
    const { node, chain, made } = await newcomer();
    const other = { ...made.block, header: { ...made.block.header, appHash: new Uint8Array(32) } };
    const { blockId, bytes } = partsOfBlock(other, chain.hasher);
    await decide(node, chain, { ...made, block: other, blockId, bytes });
    await node.runUntil(() => false);
    expect(node.fatal?.exitCode).toBe(EXIT_CHAIN_HALTED);
    expect(node.fatal?.message).toContain("AppHash");
  });
});
