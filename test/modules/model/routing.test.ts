/** Where a use goes that names no host, through a chain: to whom a false batch would cost most, by bond, backing and escrow, within what the user pays. */
import { beforeEach, describe, expect, test } from "vitest";
import { Offence } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { coin } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { responseOf } from "../../support/native-world.ts";

type Quote = Messages["tributary.attribution.v1.QueryQuoteUseResponse"];

const NAMES = ["owner", "host", "other", "ann"];
let world: ModelWorld;

/** Model 2 of owner's, served by host at 900 and open to all; adapter 3 on it, with a fee of 30. */
beforeEach(() => {
  world = new ModelWorld();
  const open = { openHosting: true, host: world.address("host") };
  world.ok("owner", world.model({ ...open, price: coin(900n, "uopen") }));
  world.ok("owner", world.model({ ...open, price: coin(30n, "uopen"), baseModelId: 2n, adapter: true }));
});

function offer(name: string, price: bigint, denom = "uopen"): void {
  const terms = { host: world.address(name), modelId: 2n, slots: 1, price: coin(price, denom), endpoint: "" };
  world.ok(name, ["tributary.model.v1.MsgOfferSlots", terms]);
}

function quote(modelId: bigint, most?: bigint, maxUnits = 0n, denom = "uopen"): Quote {
  const maxFee = most === undefined ? undefined : coin(most, denom);
  return world.chain.query(
    "/tributary.attribution.v1.Query/QuoteUse",
    ["tributary.attribution.v1.QueryQuoteUseRequest", { modelId, maxUnits, maxFee }],
    "tributary.attribution.v1.QueryQuoteUseResponse",
  );
}

const nameOf = (address: string) => NAMES.find((name) => world.address(name) === address);

/** Who a use is opened at, and for how much; what was quoted for it must be the same. */
function routed(modelId = 2n, most = 5000n, maxUnits = 1n): readonly [name: string | undefined, fee: string] {
  const quoted = quote(modelId, most, maxUnits);
  const opened = world.ok("user", world.openUse({ modelId, maxUnits, maxFee: coin(most, "uopen") }));
  const { host, fee } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
  expect([quoted.host, quoted.fee]).toEqual([host, fee]);
  return [nameOf(host), fee.amount];
}

describe("a use that names no host goes", () => {
  test("to the model's own while nobody else has anything at stake", () => {
    offer("other", 500n);
    expect(routed()).toEqual(["host", "900"]);
    expect(quote(2n)).toMatchObject({ host: world.address("host"), price: coin(900n, "uopen") });
  });

  test("to the heaviest bond, and away from who has offended", () => {
    for (const [name, bond] of [
      ["other", 1500n],
      ["ann", 1000n],
    ] as const) {
      offer(name, 500n);
      world.ok(name, world.bond(name, bond));
    }
    expect(routed()).toEqual(["other", "500"]);
    // Under-reporting costs a fifth, and half the standing: 600 are less than 1000.
    world.punish("other", { offence: Offence.OFFENCE_UNDER_REPORTING });
    expect(routed()).toEqual(["ann", "500"]);
    world.ok("host", world.bond("host", 1001n));
    expect(routed()).toEqual(["host", "900"]);
    // An offence of its own puts the model's host behind who has none.
    world.punish("host", { offence: Offence.OFFENCE_UNDER_REPORTING, modelId: 2n });
    expect(routed()).toEqual(["ann", "500"]);
  });

  test("to the model's own host once the model is backed by ten times another's bond: of backing a tenth as much is taken", () => {
    offer("other", 500n);
    world.ok("other", world.bond("other", 100n));
    expect(routed()).toEqual(["other", "500"]);
    world.ok("ann", world.back("ann", 2n, 999n));
    expect(routed()).toEqual(["other", "500"]);
    world.ok("ann", world.back("ann", 2n, 1n));
    expect(routed()).toEqual(["host", "900"]);
    // The owner answers with the model's backing as its own host does.
    offer("owner", 700n);
    world.ok("owner", world.bond("owner", 1n));
    expect(routed()).toEqual(["owner", "700"]);
  });

  test("to the model's own host if its curve has paid enough into the escrow", () => {
    offer("other", 500n);
    world.ok("other", world.bond("other", 1n));
    const curve = { kind: 1, base: (10n ** 12n).toString(), slope: "0", blockBuyCap: "100000" };
    const rest = { virtualReserve: "0", virtualShares: "0", saleShares: "0" };
    world.ok("owner", [
      "tributary.model.v1.MsgOpenCurve",
      { owner: world.address("owner"), modelId: 2n, ...curve, ...rest },
    ]);
    expect(routed()).toEqual(["other", "500"]);
    // A hundredth of what shares cost is the escrow's: 10, as heavy as a bond of 1.
    world.ok("ann", world.buy("ann", 2n, 1000n));
    expect(world.curve(2n).escrow).toBe("10");
    expect(routed()).toEqual(["host", "900"]);
  });

  test("only where the fee is within what the user pays, and in the coin that fees are paid in", () => {
    offer("other", 1200n);
    offer("ann", 400n, "utest");
    world.ok("other", world.bond("other", 1000n));
    world.ok("ann", world.bond("ann", 9000n));
    expect(routed(2n, 5000n, 4n)).toEqual(["other", "4800"]);
    expect(routed(2n, 4799n, 4n)).toEqual(["host", "3600"]);
    // What is too little for everybody is refused with the own host's price.
    const log = world.refused("user", world.openUse({ modelId: 2n, maxFee: coin(899n, "uopen") }), 5, "attribution");
    expect(log).toMatch(/900uopen for at most 899uopen/);
    // What other tokens are worth is seen when the fee is bought.
    expect(nameOf(quote(2n, 1n, 0n, "utest").host)).toBe("other");
  });

  test("for an adapter only to who has mounted it", () => {
    offer("other", 500n);
    world.ok("other", world.bond("other", 1000n));
    expect(routed(3n)).toEqual(["host", "30"]);
    world.ok("other", ["tributary.model.v1.MsgMountAdapter", { host: world.address("other"), adapterId: 3n }]);
    expect(routed(3n)).toEqual(["other", "530"]);
  });

  test("past no more than sixteen heavier bonds that ask too much", () => {
    const crowd = Array.from({ length: 16 }, (_, i) => `crowd${i}`);
    world = new ModelWorld({ balances: Object.fromEntries(crowd.map((name) => [name, "100000uopen"])) });
    world.ok("owner", world.model({ openHosting: true, host: world.address("host"), price: coin(900n, "uopen") }));
    offer("other", 500n);
    world.ok("other", world.bond("other", 1000n));
    for (const [i, name] of crowd.entries()) {
      expect(routed()).toEqual(["other", "500"]);
      offer(name, 6000n);
      world.ok(name, world.bond(name, 2000n + BigInt(i)));
    }
    expect(routed()).toEqual(["host", "900"]);
  });

  test("to nobody when the model is retired or there is none", () => {
    world.ok("owner", ["tributary.model.v1.MsgRetire", { owner: world.address("owner"), modelId: 3n }]);
    expect(() => quote(3n)).toThrow(/NotFound|retired/);
    expect(() => quote(9n)).toThrow(/NotFound|not found/);
  });
});

test("a host that is named serves, whoever stands better", () => {
  offer("other", 500n);
  world.ok("other", world.bond("other", 1000n));
  const named = { modelId: 2n, host: world.address("host"), maxFee: coin(900n, "uopen") };
  const { host } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", world.ok("user", world.openUse(named)));
  expect(nameOf(host)).toBe("host");
});
