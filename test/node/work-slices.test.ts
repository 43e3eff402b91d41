import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { CommitGate } from "../../node/commit-gate.ts";
import { BusyError, WorkSlices } from "../../node/work-slices.ts";

/** Slices over a clock that work moves. */
function world() {
  const gate = new CommitGate();
  const clock = { ms: 0 };
  const slices = new WorkSlices(gate, () => clock.ms);
  const done: string[] = [];
  const work = (name: string, costMs: number) => () => {
    clock.ms += costMs;
    done.push(name);
    return name;
  };
  return { gate, slices, done, work };
}

describe("work from outside", () => {
  test("runs at once while there is room, and gives its answer or its error", async () => {
    const { slices, done, work } = world();
    const answer = slices.run("clients", work("a", 1));
    expect(done).toEqual(["a"]);
    expect(await answer).toBe("a");
    const fails = () => {
      throw new Error("no");
    };
    await expect(slices.run("clients", fails)).rejects.toThrow("no");
    await expect(slices.run("queries", async () => fails())).rejects.toThrow("no");
  });

  test("beyond a slice waits for a turn of the event loop, lanes by turns, each in its order", async () => {
    const { slices, done, work } = world();
    const names = ["p1", "p2", "p3", "c1", "c2", "q1"];
    const lane = { p: "peers", c: "clients", q: "queries" } as const;
    const all = [
      slices.run("queries", work("first", 9)),
      ...names.map((name) => slices.run(lane[name[0] as "p"], work(name, 5))),
    ];
    expect(done).toEqual(["first"]);
    await turn();
    // Two pieces of 5 ms fill a slice of 8.
    expect(done).toHaveLength(3);
    await Promise.all(all);
    expect(done.toSorted()).toEqual(["first", ...names].toSorted());
    for (const letter of ["p", "c"]) {
      const own = done.filter((name) => name.startsWith(letter));
      expect(own).toEqual(own.toSorted());
    }
    // No lane is served twice before the others that wait are served once.
    expect(new Set(done.slice(1, 4).map((name) => name[0])).size).toBe(3);
  });

  test("never runs while a block becomes durable", async () => {
    const { gate, slices, done, work } = world();
    gate.close();
    const answer = slices.run("peers", work("a", 1));
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(done).toEqual([]);
    gate.open();
    expect(await answer).toBe("a");
  });

  test("is refused when too much waits in its lane, and only there", async () => {
    const { gate, slices, done, work } = world();
    gate.close();
    const waiting = Array.from({ length: 1_000 }, (_, index) => slices.run("queries", work(`${index}`, 0)));
    expect(slices.isFull("queries")).toBe(true);
    await expect(slices.run("queries", work("late", 0))).rejects.toThrow(BusyError);
    const other = slices.run("clients", work("other", 0));
    expect([slices.refused, slices.waitingIn("queries"), slices.waitingIn("clients")]).toEqual([1, 1_000, 1]);
    gate.open();
    await Promise.all([...waiting, other]);
    expect(done).toHaveLength(1_001);
    expect(done).not.toContain("late");
  });

  test("that still waits when the node stops is told so", async () => {
    const { gate, slices, done, work } = world();
    gate.close();
    const answer = slices.run("clients", work("a", 1));
    slices.close();
    await expect(answer).rejects.toThrow("the node is stopping");
    await expect(slices.run("clients", work("b", 1))).rejects.toThrow(BusyError);
    expect(done).toEqual([]);
  });
});
