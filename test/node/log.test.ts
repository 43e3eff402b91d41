import { expect, test } from "vitest";
import { createLogger, engineLog, readLogLevel } from "../../node/log.ts";

test("an entry for people is one line whatever it contains", () => {
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => lines.push(line) });
  logger.info({ peer: "evil\n12:00:00.000 INF forged", height: "5" }, "a peer\njoined");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INF a peer joined peer="evil 12:00:00.000 INF forged" height=5\n$/);
});

test("an entry for machines is one JSON object", () => {
  const lines: string[] = [];
  createLogger({ format: "json", write: (line) => lines.push(line) }).warn({ module: "rpc" }, "slow");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn", module: "rpc", msg: "slow" });
});

test("levels are CometBFT's, also per module", () => {
  expect(readLogLevel("debug")).toBe("debug");
  expect(readLogLevel("consensus:debug,*:error")).toBe("error");
  expect(readLogLevel("none")).toBe("silent");
  expect(readLogLevel("loud")).toBeUndefined();
});

test("the engine's facts survive: heights as decimals, hashes as hex, errors with their place", () => {
  const lines: string[] = [];
  const log = engineLog(createLogger({ format: "json", write: (line) => lines.push(line) }));
  log.error("stopped", { height: 7n, hash: new Uint8Array([0xab]), cause: new Error("disk") });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ height: "7", hash: "AB", err: { message: "disk" } });
});
