/** What can be asked of datanets, their members and their records, where no other test asks it. */
import { expect, test } from "vitest";
import { defaultParams } from "../../../modules/datanet/params.ts";
import { DatanetWorld, record, words } from "../../support/datanet-world.ts";

test("datanets are found by name and listed by number", () => {
  const world = new DatanetWorld();
  world.ok("ann", "MsgCreateDatanet", { name: "second", licence: "MIT", admission: 1 });
  const { datanets } = world.query("Datanets", {}, "tributary.datanet.v1.QueryDatanetsResponse");
  expect(datanets.map(({ id, name }) => [id, name])).toEqual([
    [1n, "net"],
    [2n, "second"],
  ]);
  const of = (name: string) =>
    world.query("DatanetByName", { name }, "tributary.datanet.v1.QueryDatanetByNameResponse");
  expect(of("second").datanet).toEqual(datanets[1]);
  expect(() => of("third")).toThrow(/NotFound|not found/);
});

test("members are listed with their totals", () => {
  const world = new DatanetWorld();
  const text = words("a text", 40);
  world.contribute("bob", text);
  const { members } = world.query("Members", { datanetId: 1n }, "tributary.datanet.v1.QueryMembersResponse");
  const totals = members.map(({ address, recordCount, byteCount }) => [address, recordCount, byteCount] as const);
  expect(totals.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(
    (["owner", "ann", "bob", "carol"] as const)
      .map(
        (name) => [world.address(name), name === "bob" ? 1n : 0n, name === "bob" ? BigInt(text.length) : 0n] as const,
      )
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
});

test("a record's fingerprint is what its contributor declared", () => {
  const world = new DatanetWorld();
  const input = record(words("declared", 60));
  const number = world.contribute("ann", input);
  const asked = { datanetId: 1n, number };
  const { fingerprint } = world.query("Fingerprint", asked, "tributary.datanet.v1.QueryFingerprintResponse");
  expect(fingerprint.entries.length).toBeGreaterThan(0);
  expect(fingerprint).toMatchObject({ ...asked, entries: input.fingerprint });
});

test("the parameters are those the chain began with", () => {
  const world = new DatanetWorld({ revealSeconds: 77n });
  const { params } = world.query("Params", {}, "tributary.datanet.v1.QueryParamsResponse");
  expect(params).toEqual({ ...defaultParams, revealSeconds: 77n });
});
