/** Lots by a block's hash: every node draws the same, nothing comes up more often than it should, and stake weighs. */
import { describe, expect, test } from "vitest";
import type { Hasher } from "../../../chain/types/hash.ts";
import { drawByWeight, drawLot } from "../../../modules/attribution/keeper/lot.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import { sha256 } from "../../support/native-world.ts";

const blockHash = (n: number): Uint8Array => sha256(utf8(`block ${n}`));
const NUMBERS = 1n << 256n;

/** A hasher that gives these digests, one after another, and notes what it was asked for. */
function planned(numbers: readonly bigint[]): { readonly hasher: Hasher; readonly asked: string[] } {
  const asked: string[] = [];
  const hash = (bytes: Uint8Array): Uint8Array => {
    asked.push(Buffer.from(bytes.subarray(32)).toString());
    return Uint8Array.from(Buffer.from(numbers[asked.length - 1]!.toString(16).padStart(64, "0"), "hex"));
  };
  return { hasher: { hash, batch: (preimages) => preimages.map(hash) }, asked };
}

describe("a lot", () => {
  test("is the hash of the block's hash and the purpose, as a number, by remainder", () => {
    const digest = sha256(new Uint8Array([...blockHash(1), ...utf8("audit of batch 7")]));
    const expected = BigInt(`0x${Buffer.from(digest).toString("hex")}`) % 1000n;
    expect(drawLot(blockHash(1), "audit of batch 7", 1000n, nativeHasher)).toBe(expected);
  });

  test("has no bias of the remainder: a number beyond the last whole multiple is drawn again, at most the next one", () => {
    // 2^256 = 3 k + 1: with three lots the last number of all would be a fourth chance for 0.
    const { hasher, asked } = planned([NUMBERS - 1n, 5n]);
    expect(NUMBERS % 3n).toBe(1n);
    expect(drawLot(blockHash(1), "p", 3n, hasher)).toBe(2n);
    expect(asked).toEqual(["p", "p, attempt 1"]);
    // A power of two divides evenly, and nothing is passed over.
    expect(drawLot(blockHash(1), "p", 256n, planned([NUMBERS - 1n]).hasher)).toBe(255n);
    expect(drawLot(blockHash(1), "p", 3n, planned([NUMBERS - 2n]).hasher)).toBe((NUMBERS - 2n) % 3n);
    expect(drawLot(blockHash(1), "p", NUMBERS, planned([NUMBERS - 1n]).hasher)).toBe(NUMBERS - 1n);
  });

  test("below nothing, or below more than there are numbers, is a mistake of the caller", () => {
    for (const below of [0n, -1n, NUMBERS + 1n])
      expect(() => drawLot(blockHash(1), "p", below, nativeHasher)).toThrow("a lot below");
  });

  test("over many blocks comes up everywhere alike", () => {
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 5000; n++) counts[Number(drawLot(blockHash(n), "share 0 of batch 1", 10n, nativeHasher))]! += 1;
    // Pearson's chi-squared with nine degrees of freedom: above 27.9 once in a thousand; these blocks are always the same.
    const chi = counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    expect(chi).toBeLessThan(27.9);
  });
});

describe("a lot by stake", () => {
  test("gives every unit of stake one number: intervals follow each other, and nothing is left over", () => {
    const stakes = [3n, 0n, 1n, 4n];
    const drawn = Array.from({ length: 8 }, (_, i) => drawByWeight(stakes, () => BigInt(i)));
    expect(drawn).toEqual([0, 0, 0, 2, 3, 3, 3, 3]);
    expect(drawByWeight(stakes, (below) => below - 1n)).toBe(3);
  });

  test("asks for one number, below the whole stake, and for none without stake", () => {
    const asked: bigint[] = [];
    const lot = (below: bigint): bigint => {
      asked.push(below);
      return 0n;
    };
    expect(drawByWeight([10n ** 30n, 7n], lot)).toBe(0);
    expect(drawByWeight([0n, 0n], lot)).toBeUndefined();
    expect(drawByWeight([], lot)).toBeUndefined();
    expect(asked).toEqual([10n ** 30n + 7n]);
  });

  test("over many blocks falls on validators as their stake is", () => {
    const stakes = [50n, 30n, 20n].map((share) => share * 1_000_000n);
    const counts = [0, 0, 0];
    for (let n = 0; n < 5000; n++) {
      const drawn = drawByWeight(stakes, (below) => drawLot(blockHash(n), "auditor of batch 1", below, nativeHasher));
      counts[drawn!]! += 1;
    }
    const chi = [2500, 1500, 1000].reduce((sum, wanted, i) => sum + (counts[i]! - wanted) ** 2 / wanted, 0);
    // Two degrees of freedom: above 13.8 once in a thousand.
    expect(chi).toBeLessThan(13.8);
  });
});
