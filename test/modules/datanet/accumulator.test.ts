/** The accumulator of a datanet's records: its root is CometBFT's over all leaves, and every proof leads to it. */
import { expect, test } from "vitest";
import { merkleRoot, verifyMerkleProof } from "../../../chain/types/merkle.ts";
import { encode } from "../../../proto/codec.ts";
import { DatanetWorld, record } from "../../support/datanet-world.ts";

test("every record of 300 is proved under the RFC 6962 root, across the kept nodes; another leaf is not", () => {
  const world = new DatanetWorld();
  const leaves: Uint8Array[] = [];
  const add = (count: number): void => {
    const from = leaves.length;
    const records = Array.from({ length: count }, (_, i) => record(`text ${from + i}`));
    world.ok("ann", "MsgContribute", { datanetId: 1n, records });
    for (const [i, { contentHash, length, textRoot }] of records.entries()) {
      const number = BigInt(from + i + 1);
      leaves.push(encode("tributary.datanet.v1.RecordLeaf", { datanetId: 1n, number, contentHash, length, textRoot }));
    }
  };
  const check = (number: bigint): void => {
    const answer = world.query(
      "InclusionProof",
      { datanetId: 1n, number },
      "tributary.datanet.v1.QueryInclusionProofResponse",
    );
    expect(answer.leaf).toEqual(leaves[Number(number) - 1]);
    expect(answer.root).toEqual(merkleRoot(leaves));
    verifyMerkleProof(answer.proof, answer.root, answer.leaf);
    const other = leaves[Number(number) % leaves.length]!;
    if (leaves.length > 1) expect(() => verifyMerkleProof(answer.proof, answer.root, other)).toThrow("leaf hash");
    expect(answer.accumulator).toMatchObject({ size: BigInt(leaves.length) });
  };
  for (const count of [1, 1, 1, 4]) {
    add(count);
    for (let number = 1n; number <= leaves.length; number++) check(number);
  }
  for (const count of [128, 120, 1, 44]) add(count);
  expect(leaves).toHaveLength(300);
  for (const number of [1n, 2n, 128n, 255n, 256n, 257n, 299n, 300n]) check(number);
  const { root } = world.query("Accumulator", { datanetId: 1n }, "tributary.datanet.v1.QueryAccumulatorResponse");
  expect(root).toEqual(merkleRoot(leaves));
});
