import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLogger } from "../../../node/log.ts";
import { watchLoop } from "../../../node/metrics/loop-lag.ts";

/** Keeps the loop busy again and again, until `done` or long enough. */
async function stallUntil(done: () => boolean, times: number): Promise<void> {
  for (let tries = 0; tries < times && !done(); tries += 1) {
    await pause(15);
    const end = performance.now() + 100;
    while (performance.now() < end);
  }
}

test("a stalled loop is measured, and the log says what to do, not more than once a minute", async () => {
  const lines: string[] = [];
  let now = 0;
  const loop = watchLoop(
    { resolutionMs: 5, windowMs: 30, warnAboveMs: 40 },
    { log: createLogger({ write: (line) => lines.push(line) }), nowMs: () => now },
  );
  await stallUntil(() => lines.length > 0, 200);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/WRN the node is too busy to answer in time.*Move RPC users to another node.*lagMs=\d+/);
  await stallUntil(() => false, 5);
  expect(lines).toHaveLength(1);
  now = 60_001;
  await stallUntil(() => lines.length > 1, 200);
  expect(lines).toHaveLength(2);
  loop.stop();
});
