/**
 * A leak that is planted is found: a unit taken from each account of this chain's own modules, a unit that a module's books
 * owe too much, and a record of a payment that is forgotten, each in a block between others. The random sequences of the
 * modules (their conservation tests) ask the same invariants after every block, so such a leak would end them.
 */
import { beforeAll, expect, test } from "vitest";
import type { Write } from "../../chain/module/context.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { state as attribution } from "../../modules/attribution/state.ts";
import { state as bank } from "../../modules/bank/state.ts";
import { state as datanet } from "../../modules/datanet/state.ts";
import { state as model } from "../../modules/model/state.ts";
import { state as tokenpool } from "../../modules/tokenpool/state.ts";
import { BatchWorld, DAY } from "../support/batch-world.ts";
import { accountOf } from "../support/chain-harness.ts";
import { coin, FAR } from "../support/market-world.ts";
import { type Late, modulesWith } from "../support/model-world.ts";

const late: Late = { action: undefined };
const HOST = accountOf("host").bytes;
const ACCOUNTS = ["attribution", "datanet", "model", "model_curves", "tokenpool"] as const;
let world: BatchWorld;

beforeAll(() => {
  world = new BatchWorld({}, { modules: modulesWith(late) });
  const address = (name: string) => world.address(name);
  world.ok("host", ["tributary.model.v1.MsgBondOperator", { operator: address("host"), amount: coin(1000n, "uopen") }]);
  world.ok("host", [
    "tributary.model.v1.MsgBack",
    { backer: address("host"), modelId: 1n, amount: coin(1000n, "uopen") },
  ]);
  const curve = { kind: 1 as const, base: "1000000000000", slope: "1000000000", blockBuyCap: "5000" };
  world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: address("owner"), modelId: 1n, ...curve }]);
  const bought = { shares: "100", maxCost: coin(1_000_000n, "uopen"), deadline: FAR };
  world.ok("user", ["tributary.model.v1.MsgBuyShares", { buyer: address("user"), modelId: 1n, ...bought }]);
  const coins = { coinA: coin(50_000n, "uopen"), coinB: coin(50_000n, "utest") };
  world.ok("user", ["tributary.tokenpool.v1.MsgCreatePool", { creator: address("user"), ...coins }]);
  // A final batch of which one payee was paid, a settlement, a use in escrow, a record with its bond.
  const useIds = [world.acknowledged()];
  const batch = world.made(useIds);
  world.posted(useIds, batch);
  world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
  world.ok("other", world.claim(1n, batch, world.payeeIndex(batch, "ann")));
  world.ok("host", world.settle(world.opened(), "an answer in words of nobody at all"));
  world.opened();
  world.ok("ann", world.contribute("ann", ["contract Bonded { uint256 x; }"]));
  world.chain.checkInvariants();
});

/** Adds to what an account holds and takes it from one that has plenty, so that the supply stays what it is. */
function move(ctx: Write, account: Uint8Array, amount: bigint): void {
  for (const [address, change] of [
    [account, amount],
    [accountOf("eve").bytes, -amount],
  ] as const) {
    const held = bank.balances.get(ctx, [address, "uopen"]) ?? 0n;
    bank.balances.set(ctx, [address, "uopen"], held + change);
  }
}

/** What the invariants say after a block that does this; the next one takes it back. */
function found(plant: (ctx: Write, sign: bigint) => void): string {
  const run = (sign: bigint): void => {
    late.action = (ctx) => plant(ctx, sign);
    world.chain.block([]);
  };
  run(1n);
  let said = "";
  try {
    world.chain.checkInvariants();
  } catch (error) {
    said = (error as Error).message;
  }
  run(-1n);
  world.chain.checkInvariants();
  return said;
}

function added(amount: string, change: bigint): string {
  return (BigInt(amount) + change).toString();
}

test.each(ACCOUNTS)("a unit that leaves the account of %s is missed", (name) => {
  const said = found((ctx, sign) => move(ctx, moduleAddress(name), -sign));
  expect(said).toMatch(new RegExp(`^${name.replace("_curves", "")}/`, "m"));
});

test.each([
  [
    "attribution, of what somebody earned",
    (ctx: Write, sign: bigint) => {
      const [at, row] = attribution.earnings.first(ctx)!;
      attribution.earnings.set(ctx, at, { ...row, unclaimed: added(row.unclaimed, sign) });
    },
  ],
  [
    "attribution, of a use's fee",
    (ctx: Write, sign: bigint) => {
      const [id, use] = attribution.uses.first(ctx, { reverse: true })!;
      attribution.uses.set(ctx, id, { ...use, fee: { ...use.fee, amount: added(use.fee.amount, sign) } });
    },
  ],
  [
    "attribution, of what a batch has paid",
    (ctx: Write, sign: bigint) => {
      const [id, batch] = attribution.batches.first(ctx)!;
      attribution.batches.set(ctx, id, { ...batch, claimed: added(batch.claimed, -sign) });
    },
  ],
  [
    "datanet, of a record's bond",
    (ctx: Write, sign: bigint) => {
      const [at, record] = datanet.records.first(ctx, { reverse: true })!;
      datanet.records.set(ctx, at, { ...record, bond: record.bond + sign });
    },
  ],
  [
    "model, of an operator's bond",
    (ctx: Write, sign: bigint) => {
      const operator = model.operators.get(ctx, HOST)!;
      model.operators.set(ctx, HOST, { ...operator, bond: added(operator.bond, sign) });
    },
  ],
  [
    "model, of a backing",
    (ctx: Write, sign: bigint) => {
      const backing = model.backings.get(ctx, 1n)!;
      model.backings.set(ctx, 1n, { ...backing, tokens: added(backing.tokens, sign) });
    },
  ],
  [
    "model, of a curve's escrow",
    (ctx: Write, sign: bigint) => {
      const curve = model.curves.get(ctx, 1n)!;
      model.curves.set(ctx, 1n, { ...curve, escrow: added(curve.escrow, sign) });
    },
  ],
  [
    "tokenpool, of a pool's reserve",
    (ctx: Write, sign: bigint) => {
      const pool = tokenpool.pools.get(ctx, 1n)!;
      tokenpool.pools.set(ctx, 1n, { ...pool, reserve0: added(pool.reserve0, sign) });
    },
  ],
] as const)("a unit too much in the books of %s, is found", (where, plant) => {
  expect(found(plant)).toMatch(new RegExp(`^${where.split(",")[0]}/`, "m"));
});
