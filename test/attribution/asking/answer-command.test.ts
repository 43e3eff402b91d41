// Commands that answer, and those that do not: what goes wrong is said, and nothing that was started goes on.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandAnswerer } from "../../../attribution/asking/answer-command.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-answer-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAME = "tributary.attribution.v1.Use";
const use = decode(NAME, encode(NAME, { id: 7n, modelId: 3n, modelVersion: 2, maxUnits: 5n, user: "trib1user" }));
const going = new AbortController().signal;

const answer = (command: string, { timeoutMs = 60_000, stopping = going, prompt = "what?" } = {}) =>
  commandAnswerer({ command, timeoutMs })(use, utf8(prompt), stopping);

test("the prompt is its input, what it prints is the answer, and it is told of the use", async () => {
  const { output, units } = await answer(
    'cat; printf " %s %s %s %s" $TRIBUTARY_USE $TRIBUTARY_MODEL $TRIBUTARY_MODEL_VERSION $TRIBUTARY_USER; echo 4 > "$TRIBUTARY_UNITS_FILE"',
  );
  expect([new TextDecoder().decode(output), units]).toEqual(["what? 7 3 2 trib1user", 4n]);
  expect((await answer("echo yes")).units).toBe(1n);
});

test("a long prompt that is not read is no failure", async () => {
  const { output } = await answer("echo yes", { prompt: "x".repeat(1 << 20) });
  expect(new TextDecoder().decode(output)).toBe("yes\n");
});

test("this program's own settings are not shown to it", async () => {
  process.env["TRIBUTARYD_SECRET_OF_TEST"] = "secret";
  try {
    expect(new TextDecoder().decode((await answer("env")).output)).not.toContain("TRIBUTARYD_");
  } finally {
    delete process.env["TRIBUTARYD_SECRET_OF_TEST"];
  }
});

test.each([
  ["echo 'no model\u001b[2J here' >&2; exit 3", "it ended with code 3: no model [2J here"],
  ["true", "it printed nothing"],
  ["yes", "it printed more than 1048576 bytes"],
  ["echo yes; echo 6 > $TRIBUTARY_UNITS_FILE", "it wrote no number of units from 1 to 5"],
  ["echo yes; echo many > $TRIBUTARY_UNITS_FILE", "it wrote no number of units from 1 to 5"],
])("%s", async (command, reason) => {
  await expect(answer(command)).rejects.toThrow(reason);
});

test("one that takes too long is killed with all it started", async () => {
  const file = join(folder, "pid");
  await expect(answer(`sleep 300 & echo $! > ${file}; wait`, { timeoutMs: 1000 })).rejects.toThrow(
    "longer than 1 seconds",
  );
  const pid = Number(readFileSync(file, "utf8"));
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
});

test("one is killed when the host is stopped", async () => {
  const stopping = new AbortController();
  const file = join(folder, "begun");
  const made = answer(`touch ${file}; sleep 300`, { stopping: stopping.signal });
  const refused = expect(made).rejects.toThrow("the host was stopped");
  await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
  stopping.abort();
  await refused;
});

/** Whether a process is there that has not ended; one that nobody has waited for has. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc") || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
