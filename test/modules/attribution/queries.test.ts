/** What can be asked of payouts and of what versions have earned, where no other test asks it. */
import { expect, test } from "vitest";
import { NativeWorld } from "../../support/native-world.ts";

const TEXTS = ["one text of ann", "a longer text, which is bob's own", "eve's"];
const NAMES = ["ann", "bob", "eve"];
/** The contributors' part of 1000003 with no span in the output and no validators: 48 %, all by lineage. */
const LINEAGE = 480_001n;

function used(): NativeWorld {
  const world = new NativeWorld(TEXTS.map((text, i) => ({ contributor: NAMES[i]!, text })));
  for (let i = 0; i < 2; i++) world.ok("host", world.settle(world.opened(), "an answer of nobody", { spans: [] }));
  return world;
}

test("payouts are listed by the numbers of their uses", () => {
  const { payouts } = used().chain.query(
    "/tributary.attribution.v1.Query/Payouts",
    ["tributary.attribution.v1.QueryPayoutsRequest", {}],
    "tributary.attribution.v1.QueryPayoutsResponse",
  );
  expect(payouts.map(({ useId, burnedAmount }) => [useId, burnedAmount])).toEqual([
    [1n, "20001"],
    [2n, "20001"],
  ]);
});

test("a record has earned from each version that holds it, by its bytes", () => {
  const world = used();
  world.chain.block([], { nanoseconds: 86_401_000_000_000n });
  const of = (number: bigint) =>
    world.chain.query(
      "/tributary.attribution.v1.Query/LineagePools",
      ["tributary.attribution.v1.QueryLineagePoolsRequest", { datanetId: 1n, number }],
      "tributary.attribution.v1.QueryLineagePoolsResponse",
    ).earnings;
  const all = BigInt(TEXTS.join("").length);
  for (const [i, text] of TEXTS.entries()) {
    const [earning, ...others] = of(BigInt(i + 1));
    expect(others).toEqual([]);
    expect(earning?.pool).toMatchObject({ datanetId: 1n, recordCount: 3n, weight: all });
    // Two divisions of one amount among all bytes, each with what the one before has left.
    const perByte = ((2n * LINEAGE) << 64n) / all;
    expect(earning?.pending.amount).toBe(((perByte * BigInt(text.length)) >> 64n).toString());
  }
  expect(() => of(4n)).toThrow(/NotFound|not found/);
});
