// Each signature of a commit is verified once when blocks come from sync one after the other, and no verdict depends on that.

import { describe, expect, test } from "vitest";
import { partsOfBlock } from "../../../chain/types/block.ts";
import { makeBlock } from "../../../chain/types/chain-state.ts";
import type { Commit } from "../../../chain/types/commit.ts";
import type { Verifier } from "../../../chain/types/crypto.ts";
import type { Block } from "../../../node/ports.ts";
import { stubKey, stubVerifier } from "../../sim/keys.ts";
import { Bench } from "./bench.ts";
import { ReferenceChain } from "./reference-chain.ts";

const VALIDATORS = 4;

async function following(): Promise<{ node: Bench; chain: ReferenceChain; verified: () => number }> {
  let verified = 0;
  const verifier: Verifier = {
    ...stubVerifier,
    ed25519: (...job) => {
      verified += 1;
      return stubVerifier.ed25519(...job);
    },
  };
  const node = new Bench({ validators: VALIDATORS, hasKey: false, needs: { verifier } });
  await node.start();
  return { node, chain: new ReferenceChain(node.genesis), verified: () => verified };
}

const give = (node: Bench, block: Block, commit: Commit) => node.driver?.receiveBlock(block, commit);

/** The commit with the signature of one place changed, and otherwise good. */
function forged(commit: Commit, place: number): Commit {
  const signatures = commit.signatures.map((one, index) =>
    index === place ? { ...one, signature: one.signature.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) } : one,
  );
  return { ...commit, signatures };
}

/** A block that could follow, but for the commit in it. */
function blockWith(chain: ReferenceChain, lastCommit: Commit): { block: Block; commit: Commit } {
  const { address } = stubKey(chain.proposer());
  const block = makeBlock(chain.state, [], lastCommit, [], address, chain.hasher);
  const { blockId } = partsOfBlock(block, chain.hasher);
  const { height } = block.header;
  const votes = Array.from({ length: VALIDATORS }, (_, key) => chain.vote(key, { type: 2, height, blockId }));
  const signatures = votes
    .toSorted((a, b) => a.validatorIndex - b.validatorIndex)
    .map(({ validatorAddress, timestamp, signature }) => ({ blockIdFlag: 2, validatorAddress, timestamp, signature }));
  return { block, commit: { height, round: 0, blockId, signatures } };
}

describe("blocks from sync", () => {
  test("are each proven by the commit in the next one, whose signatures are verified once", async () => {
    const { node, chain, verified } = await following();
    const made = Array.from({ length: 6 }, () => chain.next());
    for (const [index, { block }] of made.slice(0, 5).entries()) {
      expect(await give(node, block, made[index + 1]!.block.lastCommit!)).toBe("accepted");
    }
    expect(verified()).toBe(5 * VALIDATORS);
  });

  test("are verified anew where the commit is another object, however alike: the verdict is the same", async () => {
    const { node, chain, verified } = await following();
    const made = Array.from({ length: 3 }, () => chain.next());
    for (const { block, commit } of made) expect(await give(node, block, structuredClone(commit))).toBe("accepted");
    expect(verified()).toBe(5 * VALIDATORS);
  });

  test("with a bad signature in the commit of the block before are found out, wherever it stands", async () => {
    for (let place = 0; place < VALIDATORS; place++) {
      const { node, chain } = await following();
      const first = chain.next();
      const bad = forged(first.commit, place);
      // The bad commit proves nothing, the good one the first block; a block with the bad one is refused all the same.
      expect(await give(node, first.block, bad)).toBe("invalid");
      expect(await give(node, first.block, first.commit)).toBe("accepted");
      const next = blockWith(chain, bad);
      expect(await give(node, next.block, next.commit)).toBe("invalid");
      expect(node.lines.join("\n")).toContain(`wrong signature (#${place})`);
      const good = chain.next();
      expect(await give(node, good.block, good.commit)).toBe("accepted");
    }
  });

  test("after one that was refused are not taken for proven by its commit", async () => {
    const { node, chain, verified } = await following();
    const first = chain.next();
    const stuffed = { ...first.block, header: { ...first.block.header, appHash: new Uint8Array(32) } };
    const { blockId } = partsOfBlock(stuffed, chain.hasher);
    expect(await give(node, stuffed, { ...first.commit, blockId })).toBe("invalid");
    expect(await give(node, first.block, first.commit)).toBe("accepted");
    const second = chain.next();
    const before = verified();
    // The same content in another object: looked at in full.
    expect(await give(node, { ...second.block, lastCommit: { ...first.commit } }, second.commit)).toBe("accepted");
    expect(verified() - before).toBe(2 * VALIDATORS);
  });
});
