// Which blocks the application lets the engine forget: as baseapp's GetBlockRetentionHeight.

import { expect, test } from "vitest";
import { ChainHarness } from "../../support/chain-harness.ts";

function retained(blocks: number, minRetainBlocks: bigint, evidenceAge: bigint): readonly bigint[] {
  const chain = ChainHarness.genesis({ application: { minRetainBlocks }, evidenceAge });
  return Array.from({ length: blocks }, () => {
    chain.block([]);
    return chain.retainHeight;
  });
}

test("nothing is forgotten unless it was asked for", () => {
  expect(retained(5, 0n, 1n)).toEqual([0n, 0n, 0n, 0n, 0n]);
});

test("so many blocks are kept, the latest included", () => {
  expect(retained(6, 3n, 1n)).toEqual([0n, 0n, 0n, 2n, 3n, 4n]);
});

test("blocks that evidence may still name are kept, whatever was asked for", () => {
  expect(retained(7, 2n, 4n)).toEqual([0n, 0n, 0n, 0n, 1n, 2n, 3n]);
  expect(retained(5, 1n, 100n)).toEqual([0n, 0n, 0n, 0n, 0n]);
});
