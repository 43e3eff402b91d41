/** Backing of models and the revenue it earns, through a chain. */
import { describe, expect, test } from "vitest";
import { Offence } from "../../../proto/enums.gen.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { responseOf } from "../../support/native-world.ts";

const EPOCH = 3600n;
const DELAY = 604_800n;

/** Model 2, half of whose own revenue is its backers'. */
function begun(): ModelWorld {
  const world = new ModelWorld();
  world.ok("owner", world.model({ backersPpm: 500_000 }));
  return world;
}

describe("backing", () => {
  test("earns from the epoch after the one it was given in, by its shares", () => {
    const world = begun();
    const first = world.ok("user", world.back("user", 2n, 300n));
    expect(responseOf("tributary.model.v1.MsgBackResponse", first)).toEqual({ shares: "300" });
    // Nobody's share is active: all of the revenue is the owner's.
    expect(world.earn(2n, 1000n)).toBe(0n);
    world.wait(EPOCH);
    world.ok("other", world.back("other", 2n, 700n));
    // Half of 1001 is the backers', and user has the only active shares.
    expect(world.earn(2n, 1001n)).toBe(500n);
    // 500 over 300 shares has no end in binary: what is left of the last unit stays for the next payment.
    expect(world.position(2n, "user").claimable.amount).toBe("499");
    world.wait(EPOCH);
    expect(world.earn(2n, 2000n)).toBe(1000n);
    expect([world.position(2n, "user"), world.position(2n, "other")].map(({ claimable }) => claimable.amount)).toEqual([
      "799",
      "700",
    ]);
    expect(world.backing(2n)).toMatchObject({
      revenue: "4001",
      toBackers: "1500",
      activeShares: "1000",
      tokens: "1000",
    });
    const { positions } = world.chain.query(
      "/tributary.model.v1.Query/Backers",
      ["tributary.model.v1.QueryBackersRequest", { modelId: 2n }],
      "tributary.model.v1.QueryBackersResponse",
    );
    expect(Object.fromEntries(positions.map(({ backer, activeShares }) => [backer, activeShares]))).toEqual({
      [world.address("user")]: "300",
      [world.address("other")]: "700",
    });
    const before = world.money("other");
    world.ok("other", world.claim("other", 2n));
    expect(world.money("other") - before).toBe(700n);
    world.refused("other", world.claim("other", 2n), 17);
    world.refused("other", world.claim("other", 2n), 17);
    world.chain.checkInvariants();
  });

  test("given in two epochs earns from each in its turn", () => {
    const world = begun();
    world.ok("user", world.back("user", 2n, 100n));
    world.wait(EPOCH);
    world.ok("user", world.back("user", 2n, 300n));
    expect(world.position(2n, "user").position).toMatchObject({ activeShares: "100", pendingShares: "300" });
    world.ok("other", world.back("other", 2n, 100n));
    expect(world.earn(2n, 200n)).toBe(100n);
    world.wait(EPOCH);
    expect(world.earn(2n, 1000n)).toBe(500n);
    expect(world.position(2n, "user").claimable.amount).toBe("500");
    expect(world.position(2n, "other").claimable.amount).toBe("100");
    const exported = world.chain.application.exportGenesis() as { model: { epoch_starts: object[] } };
    expect(exported.model.epoch_starts.length).toBe(1);
    world.ok("other", world.claim("other", 2n));
    world.ok("user", world.claim("user", 2n));
    const after = world.chain.application.exportGenesis() as { model: { epoch_starts: object[] } };
    expect(after.model.epoch_starts).toEqual([]);
  });

  test("is paid back after seven days, earns nothing meanwhile, and answers until then", () => {
    const world = begun();
    const before = world.money("user");
    world.ok("user", world.back("user", 2n, 1000n));
    world.ok("other", world.back("other", 2n, 1000n));
    world.wait(EPOCH);
    world.refused("user", world.unback("user", 2n, 1001n), 15);
    world.ok("user", world.unback("user", 2n, 1000n));
    expect(world.earn(2n, 200n)).toBe(100n);
    expect(world.position(2n, "user").claimable.amount).toBe("0");
    expect(world.position(2n, "other").claimable.amount).toBe("99");
    // An omission in the lineage by the model's owner costs three hundredths of what stays and of what leaves.
    expect(world.punish("owner", { modelId: 2n, offence: Offence.OFFENCE_LINEAGE_OMISSION })).toBe(60n);
    world.wait(DELAY - EPOCH);
    expect(before - world.money("user")).toBe(1000n + 200n);
    world.wait(EPOCH);
    expect(before - world.money("user")).toBe(30n + 200n);
    expect(world.position(2n, "other").worth.amount).toBe("970");
    for (let i = 0; i < 8; i++) world.ok("other", world.unback("other", 2n, 10n));
    world.refused("other", world.unback("other", 2n, 10n), 16);
  });

  test("after a penalty costs the newcomer what it is worth, and nobody gains by coming and going", () => {
    const world = begun();
    world.ok("user", world.back("user", 2n, 1001n));
    world.punish("owner", { modelId: 2n, offence: Offence.OFFENCE_FALSE_BATCH });
    // 1001 shares are worth 951.
    const result = world.ok("other", world.back("other", 2n, 500n));
    expect(responseOf("tributary.model.v1.MsgBackResponse", result)).toEqual({ shares: "526" });
    expect(BigInt(world.position(2n, "other").worth.amount)).toBeLessThanOrEqual(500n);
    expect(BigInt(world.position(2n, "user").worth.amount)).toBeGreaterThanOrEqual(951n);
    const before = world.money("other");
    world.ok("other", world.unback("other", 2n, 526n));
    world.wait(DELAY);
    expect(world.money("other") - before).toBeLessThanOrEqual(500n);
    // A host that the owner did not name does not make the model's backers answer.
    const tokens = world.backing(2n).tokens;
    expect(world.punish("host", { modelId: 2n })).toBe(0n);
    expect(world.backing(2n).tokens).toBe(tokens);
  });

  test("and curves order the list of models, and offences halve a place", () => {
    const world = begun();
    world.ok("owner", world.model());
    expect(world.ranking()).toEqual([1n, 2n, 3n]);
    world.ok("user", world.back("user", 3n, 1000n));
    world.ok("user", world.back("user", 2n, 600n));
    expect(world.ranking()).toEqual([3n, 2n, 1n]);
    // A million millionths, a whole unit, for each share.
    const curve = { kind: 1, base: "1000000000000", slope: "0", blockBuyCap: "1000" };
    world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 1n, ...curve }]);
    world.ok("other", world.buy("other", 1n, 800n));
    expect(world.ranking()).toEqual([3n, 1n, 2n]);
    world.punish("owner", { modelId: 3n, offence: Offence.OFFENCE_WITHHOLDING });
    expect(world.ranking()).toEqual([1n, 2n, 3n]);
    expect(world.backing(3n)).toMatchObject({ tokens: "990", weight: 495n, offences: 1 });
  });

  test("is refused in another denomination, of a model there is not, and of nothing", () => {
    const world = begun();
    const back = (modelId: bigint, denom: string, amount: string) =>
      ["tributary.model.v1.MsgBack", { backer: world.address("user"), modelId, amount: { denom, amount } }] as const;
    world.refused("user", back(2n, "utest", "5"), 14);
    world.refused("user", back(9n, "uopen", "5"), 2);
    world.refused("user", back(2n, "uopen", "0"), 10, "sdk");
    world.refused("user", back(2n, "uopen", `${10n ** 15n}`), 5, "sdk");
    expect(() =>
      world.inBlock((ctx, models) => models.payBackers(ctx, "tokenpool", 2n, { denom: "x/y", amount: 1n })),
    ).toThrow("not the reserve's denomination");
  });
});
