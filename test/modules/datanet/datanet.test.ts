/** The datanet module through a chain. */
import { beforeEach, describe, expect, test } from "vitest";
import type { JsonValue } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { NativeWorld, recordInput, responseOf, sha256 } from "../../support/native-world.ts";

const encoder = new TextEncoder();

/** The CIDv1 of "contract CC {}", by `CID.create(1, raw, sha256)` of multiformats. */
const CC_CID = "bafkreif7eqhkn6jksoj5thlp7rsepaynqft6w24tojwlmyy4dv3sfmstdm";
let world: NativeWorld;

beforeEach(() => {
  world = new NativeWorld([{ contributor: "ann", text: "contract A {}" }]);
});

function expectRefused(from: string, message: MessageToSend, codespace: string, code: number, text: string): void {
  const result = world.run(from, message);
  expect([result.codespace, result.code]).toEqual([codespace, code]);
  expect(result.log).toContain(text);
  world.chain.checkInvariants();
}

function datanet(datanetId: bigint): Messages["tributary.datanet.v1.Datanet"] {
  return world.chain.query(
    "/tributary.datanet.v1.Query/Datanet",
    ["tributary.datanet.v1.QueryDatanetRequest", { datanetId }],
    "tributary.datanet.v1.QueryDatanetResponse",
  ).datanet;
}

describe("creating a datanet", () => {
  test("keeps its terms, makes the owner its first member and its treasury, and says so in an event", () => {
    const result = world.ok("owner", world.createDatanet("rust", { curators: [world.address("ann")] }));
    expect(responseOf("tributary.datanet.v1.MsgCreateDatanetResponse", result)).toEqual({ datanetId: 2n });
    expect(datanet(2n)).toMatchObject({
      name: "rust",
      licence: "MIT",
      treasury: world.address("owner"),
      curators: [world.address("ann")],
      memberCount: 1n,
      recordCount: 0n,
    });
    const event = result.events.find(({ type }) => type === "datanet_created");
    expect(event?.attributes.map(({ key, value }) => [key, value])).toContainEqual(["name", "rust"]);
  });

  test("is refused for a name that is taken or malformed, without a licence, or with a role named twice", () => {
    expectRefused("ann", world.createDatanet("solidity", {}, "ann"), "datanet", 3, '"solidity" is datanet 1');
    for (const name of ["", "ab", "Rust", "9lives", "a_b", "a".repeat(65)]) {
      expectRefused("owner", world.createDatanet(name), "datanet", 4, "begins with a letter");
    }
    expectRefused("owner", world.createDatanet("rust", { licence: "" }), "datanet", 4, "a licence has 1 to");
    expectRefused("owner", world.createDatanet("rust", { admission: 0 }), "datanet", 4, "admission");
    const twice = [world.address("ann"), world.address("ann")];
    expectRefused("owner", world.createDatanet("rust", { curators: twice }), "datanet", 4, "twice");
    expectRefused("owner", world.createDatanet("rust", { treasury: "nobody" }), "sdk", 7, "invalid treasury");
  });
});

describe("joining", () => {
  test("an open datanet costs its fee, which goes to the treasury; twice is refused", () => {
    const joinFee = { denom: "utest", amount: "25" };
    world.ok("owner", world.createDatanet("paid", { joinFee, treasury: world.address("other") }));
    const join: MessageToSend = ["tributary.datanet.v1.MsgJoin", { member: world.address("ann"), datanetId: 2n }];
    world.ok("ann", join);
    expect(world.chain.balance("ann", "utest")).toBe(999_975n);
    expect(world.chain.balance("other", "utest")).toBe(1_000_025n);
    expect(datanet(2n).memberCount).toBe(2n);
    expectRefused("ann", join, "datanet", 6, "already a member");
    expectRefused(
      "ann",
      ["tributary.datanet.v1.MsgJoin", { member: world.address("ann"), datanetId: 9n }],
      "datanet",
      2,
      "datanet 9",
    );
  });

  test("a curated one takes the word of the owner or a curator, and of nobody else", () => {
    world.ok("owner", world.createDatanet("closed", { admission: 2, curators: [world.address("other")] }));
    const admit = (curator: string, member: string): MessageToSend => [
      "tributary.datanet.v1.MsgAdmit",
      { curator: world.address(curator), datanetId: 2n, member: world.address(member) },
    ];
    expectRefused(
      "ann",
      ["tributary.datanet.v1.MsgJoin", { member: world.address("ann"), datanetId: 2n }],
      "datanet",
      7,
      "datanet 2",
    );
    expectRefused("ann", admit("ann", "ann"), "datanet", 8, "neither the owner nor a curator");
    world.ok("other", admit("other", "ann"));
    world.ok("owner", admit("owner", "user"));
    world.ok("ann", world.contribute("ann", ["closed text"], 2n));
    expect(datanet(2n).memberCount).toBe(3n);
  });
});

describe("contributing", () => {
  test("numbers records in order and counts them for the datanet and the member", () => {
    const result = world.ok("ann", world.contribute("ann", ["contract B {}", "contract CC {}"]));
    expect(responseOf("tributary.datanet.v1.MsgContributeResponse", result)).toEqual({
      firstNumber: 2n,
      recordCount: 2n,
    });
    expect(datanet(1n)).toMatchObject({ recordCount: 3n, byteCount: 40n });
    const { records, cids } = world.chain.query(
      "/tributary.datanet.v1.Query/Records",
      ["tributary.datanet.v1.QueryRecordsRequest", { datanetId: 1n }],
      "tributary.datanet.v1.QueryRecordsResponse",
    );
    expect(records.map(({ number, length }) => [number, length])).toEqual([
      [1n, 13n],
      [2n, 13n],
      [3n, 14n],
    ]);
    const { record, cid } = world.chain.query(
      "/tributary.datanet.v1.Query/RecordByHash",
      [
        "tributary.datanet.v1.QueryRecordByHashRequest",
        { datanetId: 1n, contentHash: sha256(encoder.encode("contract CC {}")) },
      ],
      "tributary.datanet.v1.QueryRecordByHashResponse",
    );
    expect(record.number).toBe(3n);
    expect([cid, cids.length]).toEqual([CC_CID, 3]);
    expect(cids[2]).toBe(CC_CID);
    const { member } = world.chain.query(
      "/tributary.datanet.v1.Query/Member",
      ["tributary.datanet.v1.QueryMemberRequest", { datanetId: 1n, address: world.address("ann") }],
      "tributary.datanet.v1.QueryMemberResponse",
    );
    expect([member.recordCount, member.byteCount]).toEqual([3n, 40n]);
    world.chain.checkInvariants();
  });

  test("a duplicate is refused with the name of the earlier record, and takes its whole message with it", () => {
    world.ok("other", ["tributary.datanet.v1.MsgJoin", { member: world.address("other"), datanetId: 1n }]);
    const earlier = `is record 1/1 of ${world.address("ann")}`;
    expectRefused("other", world.contribute("other", ["new", "contract A {}"]), "datanet", 11, earlier);
    expectRefused("other", world.contribute("other", ["twin", "twin"]), "datanet", 11, "is record 1/2 of");
    const disguised = { ...recordInput("contract A {}", "x"), contentHash: sha256(encoder.encode("another")) };
    expectRefused(
      "other",
      [
        "tributary.datanet.v1.MsgContribute",
        { contributor: world.address("other"), datanetId: 1n, records: [disguised] },
      ],
      "datanet",
      11,
      earlier,
    );
    expect(datanet(1n).recordCount).toBe(1n);
  });

  test("the same text may stand in another datanet", () => {
    world.ok("ann", world.createDatanet("second", {}, "ann"));
    world.ok("ann", world.contribute("ann", ["contract A {}"], 2n));
  });

  test("is refused for strangers, for malformed records, and for too many or none", () => {
    expectRefused("other", world.contribute("other", ["text"]), "datanet", 5, "not a member");
    const bad = (changes: Partial<Messages["tributary.datanet.v1.RecordInput"]>): MessageToSend => [
      "tributary.datanet.v1.MsgContribute",
      { contributor: world.address("ann"), datanetId: 1n, records: [{ ...recordInput("text", "x"), ...changes }] },
    ];
    expectRefused("ann", bad({ contentHash: new Uint8Array(31) }), "datanet", 10, "content_hash has 31 bytes");
    expectRefused("ann", bad({ textRoot: new Uint8Array(33) }), "datanet", 10, "text_root has 33 bytes");
    expectRefused("ann", bad({ length: 0n }), "datanet", 10, "length 0");
    expectRefused("ann", bad({ length: (1n << 24n) + 1n }), "datanet", 10, "length 16777217");
    expectRefused("ann", bad({ name: "é".repeat(129) }), "datanet", 10, "name over 256 bytes");
    expectRefused("ann", world.contribute("ann", []), "datanet", 10, "1 to 128 records, not 0");
    const many = Array.from({ length: 129 }, (_, i) => `text ${i}`);
    expectRefused("ann", world.contribute("ann", many), "datanet", 10, "1 to 128 records, not 129");
    world.ok("ann", world.contribute("ann", many.slice(1)));
  });
});

describe("the payout address", () => {
  test("is the contributor's own until it is set, by itself or with a contribution, and again after it is unset", () => {
    const where = () =>
      world.chain.query(
        "/tributary.datanet.v1.Query/PayoutAddress",
        ["tributary.datanet.v1.QueryPayoutAddressRequest", { contributor: world.address("ann") }],
        "tributary.datanet.v1.QueryPayoutAddressResponse",
      ).payoutAddress;
    expect(where()).toBe(world.address("ann"));
    const set = (payoutAddress: string): MessageToSend => [
      "tributary.datanet.v1.MsgSetPayoutAddress",
      { contributor: world.address("ann"), payoutAddress },
    ];
    world.ok("ann", set(world.address("other")));
    expect(where()).toBe(world.address("other"));
    world.ok("ann", set(""));
    expect(where()).toBe(world.address("ann"));
    const records = [recordInput("more", "m")];
    const payoutAddress = world.address("user");
    world.ok("ann", [
      "tributary.datanet.v1.MsgContribute",
      { contributor: world.address("ann"), datanetId: 1n, records, payoutAddress },
    ]);
    expect(where()).toBe(world.address("user"));
    expectRefused("ann", set("tribbed"), "sdk", 7, "invalid payout_address");
  });
});

test("the exported genesis boots a chain with the same state", () => {
  world.ok("ann", world.contribute("ann", ["contract B {}", "contract CC {}"]));
  const payoutAddress = world.address("user");
  world.ok("ann", ["tributary.datanet.v1.MsgSetPayoutAddress", { contributor: world.address("ann"), payoutAddress }]);
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue });
  expect(again.application.exportGenesis()).toEqual(exported);
  again.checkInvariants();
});
