// `npm run e2e -- --stake`: what validators, delegators and voters do, on a network of real processes, by the program's own
// commands. Owns the list of scenarios and the report; each scenario is a file here.
//
//   npm run e2e -- --stake                        all of them, one after the other on one network
//   npm run e2e -- --stake --only validator       those whose name contains one of the words
//   npm run e2e -- --stake --list                 the names

import { governance } from "./governance.ts";
import type { Scenario } from "./scenario.ts";
import { StakeNetwork } from "./stake-network.ts";
import { upgrades } from "./upgrades.ts";
import { validatorLife } from "./validator-life.ts";

/** In this order: the vote changes what the validator pays, and the last upgrade changes the program. */
const scenarios: readonly Scenario[] = [governance, validatorLife, upgrades];

/** The scenarios whose name contains one of the words of `only`, which commas separate; all without it. */
export function chosenScenarios(only: string | undefined): readonly Scenario[] {
  return scenarios.filter(({ name }) => only === undefined || only.split(",").some((part) => name.includes(part)));
}

/** Runs scenarios on a new network. Resolves with whether everything was as demanded; otherwise the homes are kept. */
export async function runScenarios(chosen: readonly Scenario[], say: (line: string) => void): Promise<boolean> {
  const network = await StakeNetwork.make();
  say(`${network.validators.length} validators in ${network.folder}; ${network.votingSeconds} s to vote`);
  let failure: unknown;
  try {
    await network.start();
    for (const { name, run } of chosen) {
      const startedMs = performance.now();
      await run(network, (line) => say(`${name}: ${line}`));
      say(`${name}: all as demanded, ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
    }
  } catch (error) {
    failure = error;
  }
  await network.stop(failure !== undefined);
  if (failure === undefined) return true;
  say(failure instanceof Error ? (failure.stack ?? failure.message) : String(failure));
  say(`the homes and what the nodes said are in ${network.folder}`);
  return false;
}
