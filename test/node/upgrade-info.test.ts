/** The word a node leaves for cosmovisor; the expected text is what Go's encoding/json makes of an upgrade's plan. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UpgradeNeeded } from "../../chain/module/errors.ts";
import { EXIT_CHAIN_HALTED, FatalError } from "../../node/ports.ts";
import { leaveUpgradeInfo } from "../../node/upgrade-info.ts";

const path = () => join(mkdtempSync(join(tmpdir(), "tributary-upgrade-")), "data", "upgrade-info.json");
const stop = (plan: UpgradeNeeded["plan"]) =>
  new FatalError("stops", EXIT_CHAIN_HALTED, { cause: new UpgradeNeeded(plan) });

test("upgrade-info.json says which upgrade is due, and where it is", () => {
  const [full, bare] = [path(), path()];
  leaveUpgradeInfo(full, stop({ name: 'v"2', height: 123456789n, info: '{"binaries":{}}' }));
  expect(readFileSync(full, "utf8")).toBe(
    '{"name":"v\\"2","time":"0001-01-01T00:00:00Z","height":123456789,"info":"{\\"binaries\\":{}}"}',
  );
  leaveUpgradeInfo(bare, stop({ name: "v2", height: 5n, info: "" }));
  expect(readFileSync(bare, "utf8")).toBe('{"name":"v2","time":"0001-01-01T00:00:00Z","height":5}');
});

test("a node that stops for another reason leaves no word", () => {
  const none = path();
  leaveUpgradeInfo(none, new FatalError("stops", EXIT_CHAIN_HALTED, { cause: new Error("UPGRADE") }));
  expect(existsSync(none)).toBe(false);
});
