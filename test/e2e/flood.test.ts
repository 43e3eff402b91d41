import { expect, test } from "vitest";
import { runFlood } from "./flood.ts";

test("a validator under a flood of junk and held connections goes on making blocks, in bounded memory", async () => {
  const report = await runFlood({ validators: 1, seconds: 4, perSecond: 800, streams: 60 });
  expect(report.attack.answered).toBeGreaterThan(0);
  expect(report.attack.streamsOpened).toBeGreaterThan(0);
  expect(report.during.blocks).toBeGreaterThan(0);
  expect(report.megabytesAtMost).toBeLessThan(900);
}, 600_000);
