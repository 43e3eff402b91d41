// The commands that the modules' definitions make, as their help lists them: every one can be built, and has the SDK's words.
import { expect, test } from "vitest";
import { decodeBech32, encodeBech32 } from "../../chain/types/address.ts";
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
