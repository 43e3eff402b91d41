// The commands that the modules' definitions make, as their help lists them: every one can be built, and has the SDK's words.
import { expect, test } from "vitest";
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
    "withdraw-rewards [options] [validator-address]",
    "withdraw-validator-commission [options]",
    "fund-community-pool [options] [amount...]",
    "fund-validator-rewards-pool [options] [validator-address] [amount...]",
  ])
    expect(distribution).toContain(words);
  const { stdout: slashing } = await run(["tx", "slashing", "--help"]);
  expect(slashing).toContain("unjail [options]");
});
