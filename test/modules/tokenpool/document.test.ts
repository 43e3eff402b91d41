/** The worked example of docs/modules/tokenpool.md, carried out. */
import { expect, test } from "vitest";
import { govAddress } from "../../support/governance.ts";
import { coin, FAR, MarketWorld } from "../../support/market-world.ts";
import { workedExample } from "../../support/worked-example.ts";

test("every figure of the worked example is what a chain gives", () => {
  const world = new MarketWorld();
  const gained = (name: string, denom: string, action: () => void): bigint => {
    const before = world.balance(name, denom);
    action();
    const after = world.balance(name, denom);
    return after > before ? after - before : before - after;
  };
  const figures: bigint[] = [];
  world.ok("alice", world.create("alice", [1_000_000n, "aaa"], [4_000_000n, "uopen"]));
  figures.push(world.balance("alice", "pool/1"));
  figures.push(gained("bob", "uopen", () => world.ok("bob", world.swap("bob", 1n, [10_000n, "aaa"], [1n, "uopen"]))));
  const limits = { maxA: coin(101_000n, "aaa"), maxB: coin(10n ** 9n, "uopen"), minShares: "1", deadline: FAR };
  const shares = world.balance("alice", "pool/1");
  const paid = gained("alice", "uopen", () =>
    world.ok("alice", [
      "tributary.tokenpool.v1.MsgAddLiquidity",
      { provider: world.address("alice"), poolId: 1n, ...limits },
    ]),
  );
  figures.push(world.balance(govAddress(world.chain), "pool/1"), paid, world.balance("alice", "pool/1") - shares);
  world.ok("alice", world.create("alice", [1_000_000n, "ccc"], [1_000_000n, "uopen"], true));
  const { amountOut } = world.chain.query(
    "/tributary.tokenpool.v1.Query/QuoteExactIn",
    ["tributary.tokenpool.v1.QueryQuoteExactInRequest", { poolId: 2n, denomIn: "ccc", amountIn: "10000" }],
    "tributary.tokenpool.v1.QueryQuoteExactInResponse",
  );
  const before = [world.balance("bob", "uopen"), world.balance("carol", "ccc")] as const;
  world.together([
    ["bob", world.order("bob", 2n, [10_000n, "ccc"], [1n, "uopen"])],
    ["carol", world.order("carol", 2n, [20_000n, "uopen"], [1n, "ccc"])],
  ]);
  figures.push(world.balance("bob", "uopen") - before[0], world.balance("carol", "ccc") - before[1]);
  figures.push(BigInt(amountOut.amount));
  const terms = { creator: world.address("alice"), name: "songs", rate: "2500001", rateFixed: true };
  world.ok("alice", ["tributary.tokenpool.v1.MsgCreateToken", terms]);
  const amount = coin(1000n, `creator/${world.address("alice")}/songs`);
  const buyer = world.address("bob");
  figures.push(
    gained("bob", "uopen", () =>
      world.ok("bob", ["tributary.tokenpool.v1.MsgMintAnchored", { buyer, amount, maxCost: coin(9999n, "uopen") }]),
    ),
  );
  figures.push(
    gained("bob", "uopen", () => world.ok("bob", ["tributary.tokenpool.v1.MsgRedeem", { holder: buyer, amount }])),
  );
  figures.push(BigInt(world.token(amount.denom).held.amount));
  expect(figures).toEqual(workedExample("docs/modules/tokenpool.md"));
});
