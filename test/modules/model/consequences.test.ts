/**
 * What stake has for consequences, through the whole application: a host that loses a challenge, withholds or under-reports
 * pays with its bond and with what backs the model, and falls in the lists that users route by; money paid for uses moves
 * no list. Penalties are the default parameters': docs/modules/model.md names them.
 */
import { beforeEach, expect, test } from "vitest";
import { BatchPart, BatchStatus } from "../../../proto/enums.gen.ts";
import { BatchWorld, OUTPUT } from "../../support/batch-world.ts";
import { accountOf, type MessageToSend } from "../../support/chain-harness.ts";
import { coin } from "../../support/market-world.ts";
import { responseOf, sha256 } from "../../support/native-world.ts";
import { showMatch, Texts } from "../../support/watcher.ts";

const [BOND, BACKING, OTHER_BACKING] = [10_000_000n, 1_000_000n, 700_000n];
const WEEK = 604_800_000_000_000n;
let world: BatchWorld;

beforeEach(() => {
  world = new BatchWorld();
  const weightsHash = sha256(new TextEncoder().encode("other weights"));
  const text = `tributary model registration\nchain: ${world.chain.chainId}\nname: other\nweights sha256: ${Buffer.from(weightsHash).toString("hex")}`;
  const signature = world.signText("owner", text);
  world.ok("owner", world.registerModel({ name: "other", weightsHash, signature }));
  for (const [name, bond] of [
    ["host", BOND],
    ["owner", BOND - 1n],
  ] as const) {
    const offer = { host: world.address(name), modelId: 1n, slots: 1, price: coin(900_000n, "uopen") };
    world.ok(name, ["tributary.model.v1.MsgOfferSlots", { ...offer, endpoint: "https://host.example" }]);
    world.ok(name, [
      "tributary.model.v1.MsgBondOperator",
      { operator: world.address(name), amount: coin(bond, "uopen") },
    ]);
  }
  world.ok("bob", back(1n, BACKING));
  world.ok("bob", back(2n, OTHER_BACKING));
});

function back(modelId: bigint, amount: bigint): MessageToSend {
  return ["tributary.model.v1.MsgBack", { backer: world.address("bob"), modelId, amount: coin(amount, "uopen") }];
}

function ranking(): readonly bigint[] {
  return world.chain
    .query(
      "/tributary.model.v1.Query/Ranking",
      ["tributary.model.v1.QueryRankingRequest", {}],
      "tributary.model.v1.QueryRankingResponse",
    )
    .models.map(({ model }) => model.id);
}

/** Where a user's client would send a use of model 1, the best place first. */
function hosts(): readonly string[] {
  const { hosts: serving } = world.chain.query(
    "/tributary.model.v1.Query/Hosts",
    ["tributary.model.v1.QueryHostsRequest", { modelId: 1n }],
    "tributary.model.v1.QueryHostsResponse",
  );
  return serving.map(({ host }) => (host === world.address("host") ? "host" : "owner"));
}

function operator() {
  return world.chain.query(
    "/tributary.model.v1.Query/Operator",
    ["tributary.model.v1.QueryOperatorRequest", { operator: world.address("host") }],
    "tributary.model.v1.QueryOperatorResponse",
  ).operator;
}

function worth(): bigint {
  const { worth: of } = world.chain.query(
    "/tributary.model.v1.Query/Position",
    ["tributary.model.v1.QueryPositionRequest", { modelId: 1n, backer: world.address("bob") }],
    "tributary.model.v1.QueryPositionResponse",
  );
  return BigInt(of.amount);
}

/** Posts a batch that leaves ann's record out, and has ann show it. Gives what she won. */
function loseChallenge(): bigint {
  const useIds = [world.acknowledged()];
  const [honest, lie] = [world.made(useIds), world.made(useIds, [1, 2])];
  const batchId = world.posted(useIds, lie);
  const own = honest.shares.shares[0]!;
  const place = { record: own.record!, recordStart: own.recordStart };
  const match = showMatch(new Texts(honest), new TextEncoder().encode(OUTPUT), lie.shares.open(0), own, place);
  const before = world.chain.balance("ann", "uopen");
  world.ok("ann", [
    "tributary.attribution.v1.MsgChallengeOmission",
    { challenger: world.address("ann"), batchId, ...match },
  ]);
  expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
  return world.chain.balance("ann", "uopen") - before - BigInt(world.batch(batchId).bond) / 2n;
}

test("a lost challenge costs the host half its bond and its model's backers a twentieth, of which the challenger has half of the bond's; both fall in their lists", () => {
  expect([ranking(), hosts()]).toEqual([
    [1n, 2n],
    ["host", "owner"],
  ]);
  const informed = loseChallenge();
  expect(operator()).toMatchObject({ bond: (BOND / 2n).toString(), offences: 1 });
  expect(worth()).toBe((BACKING * 95n) / 100n);
  // Half of what the bond lost; what the backers lost is nobody's.
  expect(informed).toBe(BOND / 2n / 2n);
  // 950000 of backing counts half after an offence, less than the other model's 700000; so does the bond.
  expect([ranking(), hosts()]).toEqual([
    [2n, 1n],
    ["owner", "host"],
  ]);
  world.chain.checkInvariants();
});

test("a use that names no host goes to the heaviest bond whose price the user admits, and leaves a host that lost a challenge", () => {
  const routed = (changes: object = {}): string => {
    const maxFee = coin(2_000_000n, "uopen");
    const result = world.ok("user", world.openUse({ maxFee, ...changes }));
    const { host } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", result);
    return host === world.address("host") ? "host" : "owner";
  };
  expect(routed()).toBe("host");
  // The other host asks less: a user who admits no more than that is routed to it, whatever it has bonded.
  const cheaper = { host: world.address("owner"), modelId: 1n, slots: 1, price: coin(500_000n, "uopen") };
  world.ok("owner", ["tributary.model.v1.MsgOfferSlots", { ...cheaper, endpoint: "https://host.example" }]);
  expect([routed(), routed({ maxFee: coin(800_000n, "uopen") })]).toEqual(["host", "owner"]);
  const none = world.run("user", world.openUse({ maxFee: coin(499_999n, "uopen") }));
  expect([none.codespace, none.code]).toEqual(["attribution", 5]);
  // The model's own host stands last in the list when it has made no offer; its bond is as heavy as before.
  world.ok("host", ["tributary.model.v1.MsgWithdrawOffer", { host: world.address("host"), modelId: 1n }]);
  expect([hosts(), routed()]).toEqual([["owner", "host"], "host"]);
  loseChallenge();
  expect(routed()).toBe("owner");
  world.chain.checkInvariants();
});

test("withholding what was committed to costs a tenth of the bond and a hundredth of the backing, under-reporting a fifth and, soon after, a hundredth more", () => {
  const useIds = [world.acknowledged()];
  const batchId = world.posted(useIds, world.made(useIds));
  world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_SHARE));
  world.chain.block([], { nanoseconds: 21_602_000_000_000n });
  expect(operator()).toMatchObject({ bond: ((BOND * 9n) / 10n).toString(), offences: 1 });
  expect(worth()).toBe((BACKING * 99n) / 100n);
  world.ok("other", world.ack(useIds[0]!, "another answer altogether", 1n));
  expect(operator()).toMatchObject({ bond: ((((BOND * 9n) / 10n) * 4n) / 5n).toString(), offences: 2 });
  // Within a week both together cost the backing what the graver does.
  expect(worth()).toBe((BACKING * 98n) / 100n);
  world.chain.checkInvariants();
});

test("a bond and backing that were asked back answer until they are paid", () => {
  const bonded = coin(BOND, "uopen");
  world.ok("host", ["tributary.model.v1.MsgUnbondOperator", { operator: world.address("host"), amount: bonded }]);
  const shares = BACKING.toString();
  world.ok("bob", ["tributary.model.v1.MsgUnback", { backer: world.address("bob"), modelId: 1n, shares }]);
  // Who leaves is last in the list at once, with whatever is still held of it.
  expect(hosts()).toEqual(["owner", "host"]);
  const [host, bob] = [world.chain.balance("host", "uopen"), world.chain.balance("bob", "uopen")];
  const useIds = [world.acknowledged()];
  world.posted(useIds, world.made(useIds));
  const bond = BigInt(world.batch(1n).bond);
  loseChallenge();
  world.chain.block([], { nanoseconds: WEEK + 1_000_000_000n });
  expect(world.chain.balance("bob", "uopen") - bob).toBe((BACKING * 95n) / 100n);
  // The honest batch gave its bond back meanwhile, and the false one's was lost.
  expect(world.chain.balance("host", "uopen") - host).toBe(BOND / 2n - bond);
  world.chain.checkInvariants();
});

test("wash volume: uses paid to oneself move neither list, however much they cost", () => {
  const before = [ranking(), hosts()];
  const price = coin(50_000_000n, "uopen");
  const model = { owner: world.address("owner"), modelId: 2n, host: world.address("owner"), price };
  world.ok("owner", ["tributary.model.v1.MsgUpdateHosting", model]);
  for (let i = 0; i < 5; i++) {
    const receiptKey = accountOf("owner").publicKey;
    const use = world.openUse({ modelId: 2n, maxFee: price, receiptKey }, "owner");
    world.ok("owner", use);
    const useId = BigInt(i + 1);
    const owner = world.address("owner");
    world.ok("owner", world.settle(useId, "words of nobody at all", { host: owner, spans: [] }, "owner"));
  }
  const { backing } = world.chain.query(
    "/tributary.model.v1.Query/Backing",
    ["tributary.model.v1.QueryBackingRequest", { modelId: 2n }],
    "tributary.model.v1.QueryBackingResponse",
  );
  expect(BigInt(backing.revenue)).toBe(5n * 7_500_000n);
  expect([ranking(), hosts()]).toEqual(before);
  world.chain.checkInvariants();
});
