import { describe, expect, test } from "vitest";
import { runWalk, verifyToHeight, walkEveryHeight, walkToHeight } from "../../../chain/light/bisection.ts";
import {
  DEFAULT_TRUST_LEVEL,
  LightClientError,
  type TrustOptions,
  verifyBackwards,
} from "../../../chain/light/verifier.ts";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import { headerHash } from "../../../chain/types/header.ts";
import type { LightBlock } from "../../../chain/types/light-block.ts";
import { addNanoseconds, parseTime } from "../../../chain/types/time.ts";
import { newKeys, signLightBlock, validatorSetOf } from "../../vectors/signing.ts";

const SECOND = 1_000_000_000n;
const chainId = "light-chain";
const start = parseTime("2025-01-01T00:00:00Z");
const keys = newKeys(
  "walk",
  Array.from({ length: 40 }, () => 1n),
);
const LENGTH = 32;

/** A chain whose set of four moves on by one validator every `steadiness` heights: the farther, the fewer are left. */
function chain(steadiness: number): readonly LightBlock[] {
  const setAt = (height: number) => keys.slice((height / steadiness) | 0, ((height / steadiness) | 0) + 4);
  return Array.from({ length: LENGTH }, (_, i) =>
    signLightBlock({
      chainId,
      height: BigInt(i + 1),
      time: addNanoseconds(start, BigInt(i) * SECOND),
      validators: validatorSetOf(setAt(i + 1)),
      nextValidators: validatorSetOf(setAt(i + 2)),
      keys: setAt(i + 1),
    }),
  );
}

const options: TrustOptions = {
  trustLevel: DEFAULT_TRUST_LEVEL,
  trustingPeriod: 3600n * SECOND,
  maxClockDrift: 10n * SECOND,
  now: addNanoseconds(start, 600n * SECOND),
  verifier: nobleVerifier,
};

/** A provider that counts, and can be made to lie. */
function providerOf(blocks: readonly LightBlock[], lie: (block: LightBlock) => LightBlock = (block) => block) {
  const asked: bigint[] = [];
  return {
    asked,
    lightBlock(height: bigint): LightBlock {
      asked.push(height);
      const block = blocks[Number(height) - 1];
      if (block === undefined) throw new Error(`no light block at ${height}`);
      return lie(block);
    },
  };
}

const heights = (blocks: readonly LightBlock[]) => blocks.map((block) => Number(block.signedHeader.header.height));

describe("a light client's walk", () => {
  const still = chain(1000);
  const moving = chain(2);
  const [first] = moving as readonly [LightBlock];

  test("takes one step while the validators stay", () => {
    const provider = providerOf(still);
    expect(heights(verifyToHeight(provider, still[0] as LightBlock, 32n, options))).toEqual([1, 32]);
    expect(provider.asked).toEqual([32n]);
  });

  test("halves the way where too few stayed, and asks for no block twice", () => {
    const provider = providerOf(moving);
    const trace = heights(verifyToHeight(provider, first, 32n, options));
    expect(trace[0]).toBe(1);
    expect(trace.at(-1)).toBe(32);
    expect(trace.length).toBeGreaterThan(4);
    expect(trace).toEqual([...trace].sort((a, b) => a - b));
    expect(new Set(provider.asked).size).toBe(provider.asked.length);
  });

  test("can go through every height", () => {
    const trace = runWalk(walkEveryHeight(first, 12n, options), providerOf(moving));
    expect(heights(trace)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test("serves a caller that must wait for each block", async () => {
    const walk = walkToHeight(first, 9n, options);
    let turn = walk.next();
    while (turn.done !== true) {
      const block = await Promise.resolve(moving[Number(turn.value) - 1] as LightBlock);
      turn = walk.next(block);
    }
    expect(heights(turn.value).at(-1)).toBe(9);
  });

  test("stays where it is for the same height and refuses lower ones", () => {
    expect(heights(verifyToHeight(providerOf(moving), first, 1n, options))).toEqual([1]);
    const last = moving[9] as LightBlock;
    expect(() => verifyToHeight(providerOf(moving), last, 5n, options)).toThrow("below the trusted height");
    const refused = { ...options, trustLevel: { numerator: 1n, denominator: 4n } };
    expect(() => verifyToHeight(providerOf(moving), first, 5n, refused)).toThrow("trustLevel must be within");
  });

  test("ends at the first lie", () => {
    const fork = chain(2).map((block) => {
      const { header, commit } = block.signedHeader;
      return { ...block, signedHeader: { header: { ...header, appHash: new Uint8Array(32) }, commit } };
    });
    const walk =
      (lie: (block: LightBlock) => LightBlock, target = 32n) =>
      () =>
        verifyToHeight(providerOf(moving, lie), first, target, options);
    const at = (height: number, other: readonly LightBlock[]) => (block: LightBlock) =>
      Number(block.signedHeader.header.height) === height ? (other[height - 1] as LightBlock) : block;
    expect(walk(at(32, fork))).toThrow("commit signs block");
    expect(walk(() => moving[4] as LightBlock)).toThrow("asked for height 32, got 5");
    expect(walk((block) => ({ ...block, validators: still[0]?.validators as LightBlock["validators"] }))).toThrow(
      "expected validator hash of header to match",
    );
    const strangers = newKeys("strangers", [1n, 1n, 1n, 1n]);
    const invented = signLightBlock({
      chainId,
      height: 2n,
      time: addNanoseconds(start, 5n * SECOND),
      validators: validatorSetOf(strangers),
      keys: strangers,
    });
    expect(walk(() => invented, 2n)).toThrow("expected old header next validators");
    expect(() =>
      verifyToHeight(providerOf(moving), first, 32n, { ...options, now: addNanoseconds(start, 4000n * SECOND) }),
    ).toThrow("old header has expired");
    try {
      walk(at(32, fork))();
    } catch (error) {
      expect((error as LightClientError).reason).toBe("invalid-header");
    }
  });
});

describe("a step back", () => {
  const [older] = chain(2) as readonly [LightBlock];
  const { header } = older.signedHeader;
  const trusted = {
    ...header,
    height: 2n,
    time: addNanoseconds(header.time, SECOND),
    lastBlockId: { hash: headerHash(header) as Uint8Array, partSetHeader: { total: 1, hash: new Uint8Array(32) } },
  };

  test("needs the hash the trusted header names, its chain and an earlier time", () => {
    verifyBackwards(header, trusted);
    expect(() => verifyBackwards({ ...header, appHash: new Uint8Array(1) }, trusted)).toThrow(
      "does not match trusted header's last block",
    );
    expect(() => verifyBackwards({ ...header, chainId: "x" }, trusted)).toThrow("header belongs to another chain");
    expect(() => verifyBackwards({ ...header, time: trusted.time }, trusted)).toThrow("to be before new header time");
    expect(() => verifyBackwards({ ...header, height: 0n }, trusted)).toThrow(LightClientError);
  });
});
