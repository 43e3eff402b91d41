/** The worked example of docs/modules/model.md, carried out. */
import { expect, test } from "vitest";
import { Offence } from "../../../proto/enums.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { workedExample } from "../../support/worked-example.ts";

test("every figure of the worked example is what a chain gives", () => {
  const world = new ModelWorld();
  const [alice, bob] = ["ann", "other"] as const;
  const figures: bigint[] = [];
  world.ok("owner", world.model({ backersPpm: 500_000 }));
  const curve = { kind: 1, base: "2000000000000", slope: "1000000000", blockBuyCap: "1000000" };
  const owner = world.address("owner");
  world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner, modelId: 2n, ...curve }] as MessageToSend);
  const before = world.money(bob);
  world.ok(bob, world.buy(bob, 2n, 1000n));
  const { reserve, escrow } = world.curve(2n);
  figures.push(BigInt(reserve), BigInt(escrow));
  expect(before - world.money(bob)).toBe(2525n);
  const held = world.money(bob);
  world.ok(bob, world.sell(bob, 2n, 400n));
  figures.push(world.money(bob) - held, BigInt(world.curve(2n).reserve), BigInt(world.curve(2n).escrow));
  world.ok(alice, world.back(alice, 2n, 300n));
  world.wait(3600n);
  world.ok(bob, world.back(bob, 2n, 700n));
  world.earn(2n, 1001n);
  const claimable = (name: string) => BigInt(world.position(2n, name).claimable.amount);
  figures.push(claimable(alice));
  world.wait(3600n);
  world.earn(2n, 2000n);
  figures.push(claimable(bob), claimable(alice));
  world.ok("owner", world.bond("owner", 1001n));
  const informer = world.chain.addresses.parseAccount(world.address("user"));
  const money = world.money("user");
  expect(world.punish("owner", { modelId: 2n, offence: Offence.OFFENCE_LINEAGE_OMISSION, informer })).toBe(331n);
  figures.push(BigInt(world.position(2n, bob).worth.amount), world.money("user") - money);
  expect(figures).toEqual(workedExample("docs/modules/model.md"));
});
