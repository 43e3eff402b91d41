/** Who serves a model and for how much, bonds, and what offences cost, through a chain. */
import { describe, expect, test } from "vitest";
import { Offence } from "../../../proto/enums.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { decide, govAddress, govChain } from "../../support/governance.ts";
import { coin } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { responseOf } from "../../support/native-world.ts";

function offer(world: ModelWorld, host: string, modelId: bigint, slots: number, price: bigint): MessageToSend {
  const terms = { modelId, slots, price: coin(price, "uopen"), endpoint: `https://${host}.example` };
  return ["tributary.model.v1.MsgOfferSlots", { host: world.address(host), ...terms }];
}

function mount(world: ModelWorld, host: string, adapterId: bigint, end = false): MessageToSend {
  const name = end ? "tributary.model.v1.MsgUnmountAdapter" : "tributary.model.v1.MsgMountAdapter";
  return [name, { host: world.address(host), adapterId }];
}

/** Base model 2, open to all hosts, and adapters 3 and 4 on it. */
function begun(): ModelWorld {
  const world = new ModelWorld();
  world.ok("owner", world.model({ openHosting: true, price: coin(900n, "uopen") }));
  const adapter = { baseModelId: 2n, adapter: true, openHosting: true };
  world.ok("owner", world.model({ ...adapter, price: coin(30n, "uopen") }));
  world.ok("ann", world.model({ ...adapter, price: coin(7n, "uopen") }, "ann"));
  return world;
}

describe("a host", () => {
  test("serves a base model and the adapters in its slots, each at the base's price and the adapter's fee", () => {
    const world = begun();
    world.ok("host", offer(world, "host", 2n, 1, 500n));
    const result = world.ok("host", mount(world, "host", 3n));
    expect(responseOf("tributary.model.v1.MsgMountAdapterResponse", result)).toEqual({ price: coin(530n, "uopen") });
    world.refused("host", mount(world, "host", 4n), 12);
    world.refused("host", mount(world, "host", 3n), 10);
    world.ok("host", offer(world, "host", 2n, 2, 600n));
    world.ok("host", mount(world, "host", 4n));
    expect(world.hosts(4n).map(({ host, price, freeSlots }) => [host, price.amount, freeSlots])).toEqual([
      [world.address("host"), "607", 0],
      [world.address("ann"), "7", 0],
    ]);
    expect(world.inBlock((ctx, models) => models.serving(ctx, 3n, world.address("host")))).toEqual({
      host: world.address("host"),
      price: { denom: "uopen", amount: 630n },
      adapterFee: { denom: "uopen", amount: 30n },
    });
    // The model's own host has its own price when it made no offer.
    expect(world.inBlock((ctx, models) => models.serving(ctx, 2n)).price.amount).toBe(900n);
    world.refused("host", offer(world, "host", 2n, 1, 600n), 12);
    world.refused("host", ["tributary.model.v1.MsgWithdrawOffer", { host: world.address("host"), modelId: 2n }], 12);
    for (const id of [3n, 4n]) world.ok("host", mount(world, "host", id, true));
    world.refused("host", mount(world, "host", 3n, true), 13);
    world.ok("host", ["tributary.model.v1.MsgWithdrawOffer", { host: world.address("host"), modelId: 2n }]);
    world.refused("host", ["tributary.model.v1.MsgWithdrawOffer", { host: world.address("host"), modelId: 2n }], 11);
    world.chain.checkInvariants();
  });

  test("is refused an adapter as base, a base as adapter, and models that are not open to it", () => {
    const world = begun();
    world.refused("host", offer(world, "host", 3n, 1, 5n), 10);
    world.refused("host", offer(world, "host", 1n, 2000, 5n), 10);
    world.refused("other", offer(world, "other", 1n, 1, 5n), 10);
    world.ok("host", offer(world, "host", 1n, 1, 5n));
    world.refused("host", mount(world, "host", 1n), 10);
    world.refused("host", mount(world, "host", 3n), 11);
    world.refused("owner", world.model({ adapter: true }), 3);
    world.refused("owner", world.model({ adapter: true, baseModelId: 3n }), 3);
    world.refused("host", offer(world, "host", 1n, 1, 1n << 129n), 18, "sdk");
  });

  test("is listed by its bond, halved for every offence", () => {
    const world = begun();
    for (const [name, bond] of [
      ["host", 1000n],
      ["other", 1500n],
    ] as const) {
      world.ok(name, offer(world, name, 2n, 1, 500n));
      world.ok(name, world.bond(name, bond));
    }
    const listed = () => world.hosts(2n).map(({ host, weight }) => [host, weight]);
    const own = [world.address("owner"), 0n];
    expect(listed()).toEqual([[world.address("other"), 1500n], [world.address("host"), 1000n], own]);
    // Under-reporting costs a fifth, and half the place.
    expect(world.punish("other", { offence: Offence.OFFENCE_UNDER_REPORTING })).toBe(300n);
    expect(listed()).toEqual([[world.address("host"), 1000n], [world.address("other"), 600n], own]);
    expect(world.operator("other").operator).toMatchObject({ bond: "1200", slashed: "300", offences: 1 });
  });
});

describe("a bond", () => {
  const unbond = (world: ModelWorld, amount: bigint): MessageToSend => [
    "tributary.model.v1.MsgUnbondOperator",
    { operator: world.address("host"), amount: coin(amount, "uopen") },
  ];

  test("is paid back after seven days, and answers until then", () => {
    const world = new ModelWorld();
    const before = world.money("host");
    world.ok("host", world.bond("host", 1000n));
    world.refused("host", unbond(world, 1001n), 15);
    world.ok("host", unbond(world, 400n));
    expect(world.operator("host")).toMatchObject({ operator: { bond: "600", leaving: "400" } });
    // A false batch costs half of both.
    expect(world.punish("host", { offence: Offence.OFFENCE_FALSE_BATCH })).toBe(500n);
    world.wait(604_800n);
    expect(world.operator("host")).toMatchObject({ operator: { bond: "300", leaving: "0" }, withdrawals: [] });
    expect(before - world.money("host")).toBe(800n);
    for (let i = 0; i < 8; i++) world.ok("host", unbond(world, 1n));
    world.refused("host", unbond(world, 1n), 16);
    const wrong: MessageToSend = [
      "tributary.model.v1.MsgBondOperator",
      { operator: world.address("host"), amount: coin(5n, "utest") },
    ];
    world.refused("host", wrong, 14);
  });

  test("pays the informer its part, and the rest is burned", () => {
    const world = new ModelWorld();
    world.ok("host", world.bond("host", 1001n));
    const before = world.money("other");
    const { bytes } = { bytes: world.chain.addresses.parseAccount(world.address("other")) };
    const supply = () =>
      BigInt(
        world.chain.query(
          "/cosmos.bank.v1beta1.Query/SupplyOf",
          ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
          "cosmos.bank.v1beta1.QuerySupplyOfResponse",
        ).amount.amount,
      );
    const there = supply();
    expect(world.punish("host", { offence: Offence.OFFENCE_LINEAGE_OMISSION, informer: bytes })).toBe(300n);
    expect(world.money("other") - before).toBe(150n);
    expect(there - supply()).toBe(150n);
  });
});

test("governance punishes and sets what offences cost", () => {
  const chain = govChain();
  chain.runOk("bob", [
    "tributary.model.v1.MsgBondOperator",
    { operator: chain.address("bob"), amount: { denom: "uopen", amount: "1000" } },
  ]);
  const slash: MessageToSend = [
    "tributary.model.v1.MsgSlash",
    { authority: govAddress(chain), operator: chain.address("bob"), modelId: 0n, offence: 4, informer: "" },
  ];
  expect(decide(chain, [slash]).failedReason).toBe("");
  const read = () =>
    chain.query(
      "/tributary.model.v1.Query/Params",
      ["tributary.model.v1.QueryParamsRequest", {}],
      "tributary.model.v1.QueryParamsResponse",
    ).params;
  const bonded = () =>
    chain.query(
      "/tributary.model.v1.Query/Operator",
      ["tributary.model.v1.QueryOperatorRequest", { operator: chain.address("bob") }],
      "tributary.model.v1.QueryOperatorResponse",
    ).operator.bond;
  expect(bonded()).toBe("900");
  const update = (params: object): MessageToSend =>
    ["tributary.model.v1.MsgUpdateParams", { authority: govAddress(chain), params }] as unknown as MessageToSend;
  const before = read();
  expect(decide(chain, [update({ ...before, operatorPenaltyPpm: [1, 2, 3, 4] })]).failedReason).toBe("");
  for (const [change, why] of [
    [{ operatorPenaltyPpm: [1] }, "names 1 of 4 offences"],
    [{ backingPenaltyPpm: [1, 2, 3, 900_001] }, "900001 is above 900000"],
    [{ vetoSeconds: before.unbondingSeconds }, "veto_seconds is not shorter"],
    [{ reserveDenom: "other" }, "the reserve stays in uopen"],
    [{ epochSeconds: 0n }, "epoch_seconds 0"],
  ] as const) {
    expect(decide(chain, [update({ ...read(), ...change })]).failedReason).toContain(why);
  }
  expect(read().operatorPenaltyPpm).toEqual([1, 2, 3, 4]);
  chain.checkInvariants();
});
