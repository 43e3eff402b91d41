/**
 * Economic attacks on datanets, each by its name in the design. Front-running of an anchor is in commitments.test.ts,
 * takedown griefing in takedowns.test.ts, dust bonds and a fund that is emptied in access.test.ts.
 */
import { describe, expect, test } from "vitest";
import { DatanetWorld, opening, record, START, words } from "../../support/datanet-world.ts";

const NONE = new Uint8Array(0);

describe("a Sybil split", () => {
  test("costs the same bonds and gives the same weight, whether one account holds the records or three", () => {
    const texts = Array.from({ length: 6 }, (_, i) => words(`s${i}x`, 40));
    const alone = new DatanetWorld();
    alone.contribute("ann", ...texts);
    const split = new DatanetWorld();
    for (const [i, name] of ["ann", "bob", "carol"].entries()) split.contribute(name, ...texts.slice(2 * i, 2 * i + 2));
    const weight = (world: DatanetWorld, names: readonly string[]) =>
      names.reduce((sum, name) => {
        const request = { datanetId: 1n, address: world.address(name) };
        return sum + world.query("Member", request, "tributary.datanet.v1.QueryMemberResponse").member.earningBytes;
      }, 0n);
    const cost = (world: DatanetWorld, names: readonly string[]) =>
      names.reduce((sum, name) => sum + START - world.balance(name), 0n);
    const all = ["ann", "bob", "carol"];
    expect([weight(split, all), cost(split, all)]).toEqual([weight(alone, ["ann"]), cost(alone, ["ann"])]);
    expect(cost(alone, ["ann"])).toBe(6000n);
  });
});

describe("a near-copy", () => {
  test("is refused when it is honest about itself, and loses money when it is not", () => {
    const world = new DatanetWorld();
    const text = words("original", 150);
    const copy = `${text} and more`;
    world.contribute("ann", text);
    expect(world.refused("bob", "MsgContribute", { datanetId: 1n, records: [record(copy)] })).toBe("datanet/12");
    world.contribute("bob", record(copy, { fingerprint: NONE }));
    const run = words("original", 40);
    const openings = { copy: opening(copy, run), original: opening(text, run) };
    world.ok("ann", "MsgChallengeDuplicate", { datanetId: 1n, number: 2n, earlier: 1n, ...openings });
    expect(world.balance("bob")).toBe(START - 1100n);
    // The victim earns by it: its own bond is still out.
    expect(world.balance("ann")).toBe(START - 1100n + 550n);
  });

  test("that challenges itself through an accomplice still loses what is burned", () => {
    const world = new DatanetWorld();
    const text = words("own", 60);
    world.contribute("bob", record(text, { fingerprint: NONE }));
    world.ok("carol", "MsgChallengeFingerprint", {
      datanetId: 1n,
      number: 1n,
      opening: opening(text, words("own", 40)),
    });
    expect(world.balance("bob") + world.balance("carol")).toBe(2n * START - 500n);
  });
});

describe("boilerplate and record spam", () => {
  test("the same lines under ever new headings are refused from the second record on", () => {
    const world = new DatanetWorld();
    const lines = words("boilerplate", 120);
    world.contribute("bob", `heading one ${lines}`);
    for (const heading of ["two", "three"]) {
      const records = [record(`heading ${heading} ${lines}`)];
      expect(world.refused("bob", "MsgContribute", { datanetId: 1n, records })).toBe("datanet/12");
    }
  });

  test("locks a bond for every record for the whole window, however small the records are", () => {
    const world = new DatanetWorld();
    const records = Array.from({ length: 128 }, (_, i) => record(`spam ${i}`));
    world.ok("bob", "MsgContribute", { datanetId: 1n, records });
    expect(world.balance("bob")).toBe(START - 128_000n);
    world.pass(86_000n);
    expect(world.balance("bob")).toBe(START - 128_000n);
    world.pass(500n);
    expect(world.balance("bob")).toBe(START);
  });

  test("cannot fill a block's end: what is due beyond the cap waits for the next block", () => {
    const world = new DatanetWorld({ maxDeadlinesPerBlock: 50 });
    const records = Array.from({ length: 128 }, (_, i) => record(`spam ${i}`));
    world.ok("bob", "MsgContribute", { datanetId: 1n, records });
    world.pass(90_000n);
    const left = [START - 78_000n, START - 28_000n, START];
    expect(world.balance("bob")).toBe(left[0]);
    world.pass(1n);
    expect(world.balance("bob")).toBe(left[1]);
    world.pass(1n);
    expect(world.balance("bob")).toBe(left[2]);
  });
});
