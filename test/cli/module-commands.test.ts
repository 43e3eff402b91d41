// The commands that the modules' definitions make, as their help lists them: every one can be built, and has the SDK's words.
import { expect, test } from "vitest";
import { decodeBech32, encodeBech32 } from "../../chain/types/address.ts";
import { messageInfo, services } from "../../proto/registry.ts";
import type { MessageName } from "../../proto/types.gen.ts";
import { run } from "./harness.ts";

test("the transactions of vesting, whose coins stand before a time, are offered with one text of coins", async () => {
  const { code, stdout } = await run(["tx", "vesting", "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/create-vesting-account \[options\] \[to-address\] \[amount\] \[end-time\]/);
});

test("rewards, faults and the community pool have simd's commands", async () => {
  const { stdout: distribution } = await run(["tx", "distribution", "--help"]);
  for (const words of [
    "set-withdraw-addr [options] [withdraw-address]",
    "withdraw-rewards [options] <validator-address>",
    "withdraw-validator-commission [options]",
    "fund-community-pool [options] [amount...]",
    "fund-validator-rewards-pool [options] [validator-address] [amount...]",
  ])
    expect(distribution).toContain(words);
  const { stdout: slashing } = await run(["tx", "slashing", "--help"]);
  expect(slashing).toContain("unjail [options]");
});

test("an operator's address may stand where simd wants it, and the key is the sender's", async () => {
  // The account of the address below, as both of its texts.
  const operator = "tribvaloper15m4kqwz4valld3z4pzvs7qa37stddqy9tvxjht";
  const { bytes } = decodeBech32(operator);
  const args = ["tx", "distribution", "withdraw-validator-commission", operator, "--from", encodeBech32("trib", bytes)];
  const flags = ["--generate-only", "--offline", "--chain-id", "c-1", "--account-number", "0", "--sequence", "0"];
  const { code, stdout, stderr } = await run([...args, ...flags]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).body.messages).toEqual([
    { "@type": "/cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", validator_address: operator },
  ]);
});

/** The rpcs whose requests an account may send by itself. */
function sendable(module: string): readonly string[] {
  const [, service] = services().find(([name]) => name === `tributary.${module}.v1.Msg`)!;
  return service.methods
    .filter(({ request }) => messageInfo(request as MessageName).signers?.includes("authority") !== true)
    .map(({ name }) => name);
}

test.each(["attribution", "datanet", "model", "tokenpool"])("every message of %s has a command", async (module) => {
  const names = sendable(module);
  expect(names.length).toBeGreaterThan(10);
  const { stdout } = await run(["tx", module, "--help"]);
  const listed = new Set([...stdout.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name]) => name));
  const missing = names.filter((name) => !listed.has(name.replaceAll(/(?!^)([A-Z])/g, "-$1").toLowerCase()));
  expect(missing).toEqual([]);
});

const me = encodeBech32("trib", new Uint8Array(20).fill(1));
const offline = ["--generate-only", "--offline", "--chain-id", "c-1", "--account-number", "0", "--sequence", "0"];

test("a message that holds others takes them as JSON", async () => {
  const payee = { beneficiary: me, amount: "5", entry_count: "1", entries_root: Buffer.alloc(32).toString("base64") };
  const opening = { index: "2", payee, path: [{ sum: "7", hash: Buffer.alloc(32, 1).toString("base64") }] };
  const args = ["tx", "attribution", "claim-payout", "9", JSON.stringify(opening), "--from", me, ...offline];
  const { code, stdout, stderr } = await run(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).body.messages).toEqual([
    { "@type": "/tributary.attribution.v1.MsgClaimPayout", sender: me, batch_id: "9", payee: opening },
  ]);
});

test.each([
  [["datanet", "demand-opening", "1", "1", "sound", "5"], /part: sound is not one of .*SEGMENT_PART_TEXT/],
  [["datanet", "demand-opening", "1", "1", "text"], /missing required argument offset.*nothing was sent/],
  [["attribution", "claim-payout", "1", "{"], /payee is not valid JSON/],
  [["attribution", "claim-payout", "1", "no-file.json"], /neither JSON nor a file.*path of a JSON file/],
  [["tokenpool", "swap-exact-in", "1", "5", "1uopen"], /amount-in: .*A coin looks like 1000uopen/],
  [["model", "back", "x", "1uopen"], /model-id: "x" is not a whole number/],
] as const)("what is wrong with %j is said plainly", async (words, reason) => {
  const { code, stderr } = await run(["tx", ...words, "--from", me, ...offline]);
  expect([code === 0, stderr]).toEqual([false, expect.stringMatching(reason)]);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
