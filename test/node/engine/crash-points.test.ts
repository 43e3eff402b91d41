import { describe, expect, test } from "vitest";
import { CrashPoints, crashPointsOf } from "../../../node/engine/crash-points.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { Random } from "../../sim/random.ts";
import { Bench, cut, pointsOf } from "./bench.ts";

const HEIGHTS = 3n;
const powerCuts = process.env.TRIBUTARY_FULL === "1" ? 20 : 2;

/** Where the walks begin: a first start, and a start after a crash, which opens, cuts and sets files aside. */
const beginnings = {
  "a first start": async (_bench: Bench) => undefined,
  "a start after a crash in a height, with a torn log and a torn journal": async (bench: Bench) => {
    const points = new CrashPoints({ at: 50 }, { die: cut });
    await bench.start(points);
    await bench.reaches(HEIGHTS);
    bench.crash();
    for (const path of bench.disk.paths()) {
      const bytes = bench.disk.read(path) as Uint8Array;
      bench.disk.write(path, Buffer.concat([bytes, utf8("torn")]));
    }
  },
  "a start after the log was damaged in its middle": async (bench: Bench) => {
    const points = new CrashPoints({ at: 60 }, { die: cut });
    await bench.start(points);
    await bench.reaches(HEIGHTS);
    bench.crash();
    const path = bench.disk.paths().findLast((each) => each.endsWith(".wal")) as string;
    const bytes = bench.disk.read(path) as Uint8Array;
    bytes[60] = (bytes[60] as number) ^ 1;
    bench.disk.write(path, bytes);
  },
};

/** One walk: dies at the point, comes back, goes on; nothing that was told is lost or told differently. */
async function survives(
  prepare: (bench: Bench) => Promise<void>,
  at: number,
  seed: number,
  mustDie = true,
): Promise<void> {
  const bench = new Bench();
  bench.mempool.push(utf8("a=1"));
  await prepare(bench);
  await bench.start(new CrashPoints({ at }, { die: cut }));
  await bench.reaches(HEIGHTS);
  const { message = "nothing", cause } = bench.fatal ?? {};
  if (mustDie) expect(`${message} ${String(cause)}`).toMatch(/before |after /);
  const told = [...bench.told.keys()].at(-1) ?? 0n;
  bench.crash(seed === 0 ? undefined : new Random(seed * 1_000 + at));
  bench.mempool.push(utf8("b=2"));
  await bench.start();
  expect(bench.fatal?.message).toBeUndefined();
  // Nothing told is lost; `told` itself refuses a second word on a height.
  expect(bench.height).toBeGreaterThanOrEqual(told);
  expect(await bench.reaches(HEIGHTS + 2n)).toBe(true);
  for (const [height, mine] of bench.told) {
    const stored = bench.database.blocks.get(height);
    expect(`${hex(stored?.blockId.hash as Uint8Array)} ${hex(stored?.state.appHash as Uint8Array)}`).toBe(mine);
  }
  expect(bench.lines.filter((line) => /signed two|refused/.test(line))).toEqual([]);
  expect(bench.database.records.get(hex(utf8("a")))).toEqual(utf8("1"));
}

describe("killed at every durable step", () => {
  for (const [name, prepare] of Object.entries(beginnings)) {
    test(`from ${name}, a node comes back with everything it told anyone and signs nothing twice`, async () => {
      const probe = new Bench();
      await prepare(probe);
      const points = await pointsOf(probe, HEIGHTS);
      const kinds = new Set(points.map((point) => point.replace(/ (of|to) .*/, "").replace(/^\w+ /, "")));
      expect([...kinds]).toEqual(expect.arrayContaining(["fsync", "rename", "removal", "database batch"]));
      for (let at = 0; at < points.length; at++) {
        for (let seed = 0; seed <= powerCuts; seed++) {
          try {
            await survives(prepare, at, seed);
          } catch (error) {
            throw new Error(`point ${at}, ${points[at]}, seed ${seed}: ${String(error)}`, { cause: error });
          }
        }
      }
    });
  }

  test("and again while it comes back from the first kill", async () => {
    const first = await pointsOf(new Bench(), HEIGHTS);
    const random = new Random(7);
    const pairs = process.env.TRIBUTARY_FULL === "1" ? 1_000 : 60;
    for (let pair = 0; pair < pairs; pair++) {
      const at = random.below(first.length);
      await survives(
        async (bench) => {
          await bench.start(new CrashPoints({ at }, { die: cut }));
          await bench.reaches(HEIGHTS);
          bench.crash(random.chance(0.5) ? random : undefined);
        },
        random.below(12),
        pair,
        // A first kill near the end leaves the second life little to do.
        false,
      );
    }
  });
});

test("only the variable arms the points of a real process, and only with a number", () => {
  expect(crashPointsOf({})).toBeUndefined();
  expect(crashPointsOf({ TRIBUTARY_CRASH_AT: "" })).toBeUndefined();
  expect(crashPointsOf({ TRIBUTARY_CRASH_AT: "-1" })).toBeUndefined();
  expect(crashPointsOf({ TRIBUTARY_CRASH_AT: "7" })).toBeInstanceOf(CrashPoints);
});
