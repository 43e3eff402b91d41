/** Every invariant of the module finds what was planted for it, behind the module's back, to the last unit. */
import { beforeAll, expect, test } from "vitest";
import type { Write } from "../../../chain/module/context.ts";
import { moduleAddress } from "../../../chain/types/address.ts";
import { state } from "../../../modules/attribution/state.ts";
import { state as bank } from "../../../modules/bank/state.ts";
import { BatchWorld, DAY } from "../../support/batch-world.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { type Late, modulesWith } from "../../support/model-world.ts";

const late: Late = { action: undefined };
const ACCOUNT = moduleAddress("attribution");
let world: BatchWorld;

beforeAll(() => {
  world = new BatchWorld({}, { modules: modulesWith(late) });
  // Something of everything: an inline payout, a final batch half claimed, an open one with a challenge, a use in escrow.
  world.ok("host", world.settle(world.opened(), "an answer in words of nobody at all"));
  const first = [world.acknowledged()];
  const batch = world.made(first);
  world.posted(first, batch);
  world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
  world.ok("other", world.claim(1n, batch, world.payeeIndex(batch, "ann")));
  world.ok("other", world.claim(1n, batch, world.payeeIndex(batch, "")));
  const second = [world.acknowledged()];
  world.posted(second, world.made(second));
  world.ok("eve", world.demand(2n, 1));
  world.opened();
  world.chain.checkInvariants();
});

/** Runs a plant in a block and takes it back in the next; gives what the invariants said in between. */
function found(plant: (ctx: Write) => void, undo: (ctx: Write) => void): string {
  const run = (action: (ctx: Write) => void): void => {
    late.action = action;
    world.chain.block([]);
  };
  run(plant);
  let said = "";
  try {
    world.chain.checkInvariants();
  } catch (error) {
    said = (error as Error).message;
  }
  run(undo);
  world.chain.checkInvariants();
  return said;
}

/** Adds to what the module's account holds, and takes it from one that has plenty, so that supply stays what it is. */
function move(ctx: Write, denom: string, amount: bigint): void {
  for (const [address, change] of [
    [ACCOUNT, amount],
    [accountOf("user").bytes, -amount],
  ] as const) {
    const next = (bank.balances.get(ctx, [address, denom]) ?? 0n) + change;
    if (next === 0n) bank.balances.delete(ctx, [address, denom]);
    else bank.balances.set(ctx, [address, denom], next);
  }
}

function earn(ctx: Write, name: string, amount: bigint): void {
  const at = [accountOf(name).bytes, "uopen"] as const;
  const row = state.earnings.get(ctx, at)!;
  state.earnings.set(ctx, at, { ...row, unclaimed: (BigInt(row.unclaimed) + amount).toString() });
}

function pool(
  ctx: Write,
  changes: { readonly received?: bigint; readonly paid?: bigint; readonly remainder?: bigint },
): void {
  const [at, row] = state.pools.first(ctx)!;
  state.pools.set(ctx, at, {
    ...row,
    received: (BigInt(row.received) + (changes.received ?? 0n)).toString(),
    paid: (BigInt(row.paid) + (changes.paid ?? 0n)).toString(),
    remainder: (BigInt(row.remainder) + (changes.remainder ?? 0n)).toString(),
  });
}

test("a unit that is missing from the module's account, or lies there without being owed", () => {
  const both = [-1n, 1n].map((amount) =>
    found(
      (ctx) => move(ctx, "uopen", amount),
      (ctx) => move(ctx, "uopen", -amount),
    ),
  );
  for (const said of both)
    expect(said).toMatch(/^attribution\/escrow: \d+uopen is owed, the module's account holds \d+uopen$/);
});

test("a coin of another denomination in the module's account", () => {
  const said = found(
    (ctx) => move(ctx, "utest", 3n),
    (ctx) => move(ctx, "utest", -3n),
  );
  expect(said).toBe("attribution/escrow: 0utest is owed, the module's account holds 3utest");
});

test("a unit that was earned by nothing, though the coin for it lies there", () => {
  const change = (sign: bigint) => (ctx: Write) => {
    move(ctx, "uopen", sign);
    earn(ctx, "host", sign);
  };
  expect(found(change(1n), change(-1n))).toMatch(/^attribution\/earnings: (\d+) was credited, (\d+) was given$/);
});

test("a unit that a name lost to a version", () => {
  const toPool = found(
    (ctx) => {
      earn(ctx, "host", -1n);
      pool(ctx, { received: 1n });
    },
    (ctx) => {
      earn(ctx, "host", 1n);
      pool(ctx, { received: -1n });
    },
  );
  expect(toPool).toBe("attribution/claims: lineage 1/3 counts otherwise than by what it received");
});

test("a version whose accumulator is not what it received, or that paid more", () => {
  const remainder = found(
    (ctx) => pool(ctx, { remainder: 1n }),
    (ctx) => pool(ctx, { remainder: -1n }),
  );
  expect(remainder).toBe("attribution/claims: lineage 1/3 counts otherwise than by what it received");
  const { received } = poolOf();
  const paid = found(
    (ctx) => pool(ctx, { paid: BigInt(received) + 1n }),
    (ctx) => pool(ctx, { paid: -BigInt(received) - 1n }),
  );
  expect(paid).toContain(`attribution/claims: lineage 1/3 paid ${BigInt(received) + 1n} of ${received}`);
});

test("a batch that paid more than its sum, and one that lost a use", () => {
  const batch = world.batch(1n);
  const over = found(
    (ctx) => state.batches.set(ctx, 1n, { ...batch, claimed: (BigInt(batch.sum) + 1n).toString() }),
    (ctx) => state.batches.set(ctx, 1n, batch),
  );
  expect(over).toContain(`attribution/claims: batch 1 paid ${BigInt(batch.sum) + 1n} of ${batch.sum}`);
  const [useId] = batch.useIds;
  const use = world.use(useId!);
  const lost = found(
    (ctx) => state.uses.set(ctx, use.id, { ...use, batchId: 2n }),
    (ctx) => state.uses.set(ctx, use.id, use),
  );
  expect(lost).toContain(`attribution/payouts: attribution: batch 1 names use ${useId}, which is not in it`);
});

function poolOf() {
  const request = ["tributary.attribution.v1.QueryLineageRequest", { datanetId: 1n, recordCount: 3n }] as const;
  const path = "/tributary.attribution.v1.Query/Lineage";
  return world.chain.query(path, request, "tributary.attribution.v1.QueryLineageResponse").pool;
}
