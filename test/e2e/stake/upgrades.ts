// Upgrades of the program, planned by vote: the chain halts at the plan's height with the word that cosmovisor waits for, and
// goes on without the upgrade where all operators say so, and with a program that carries it out.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT_CHAIN_HALTED } from "../../../node/ports.ts";
import type { Ending, NetworkNode } from "../network/network-node.ts";
import { authority, pass } from "./governance.ts";
import type { Scenario } from "./scenario.ts";
import { demand, type StakeNetwork } from "./stake-network.ts";

const nextProgram = fileURLToPath(new URL("./next-program.ts", import.meta.url));

/** Plans an upgrade by vote; resolves with its height. */
async function plan(network: StakeNetwork, name: string, info: string): Promise<number> {
  // The vote, the commands before it, and those that see what came of it, on a machine that is busy by now.
  const height = await network.heightAfter(2.5 * network.votingSeconds);
  const message = {
    "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
    authority: await authority(network),
    plan: { name, height: height.toString(), info },
  };
  await pass(network, network.validators.slice(0, 2), { title: `Upgrade to ${name}`, messages: [message] });
  const { plan: planned } = await network.query<{ plan?: { name: string; height: string } }>("upgrade", "plan");
  demand(planned?.name === name && planned.height === String(height), `${name} is planned for ${height}`);
  return height;
}

/** Waits until every node has halted for the plan, and looks at what each left. */
async function halted(network: StakeNetwork, name: string, height: number, info: string): Promise<void> {
  const endings = new Map<NetworkNode, Ending>();
  for (const node of network.validators) void node.ending().then((ending) => endings.set(node, ending));
  await network.until(() => endings.size === network.validators.length, `every node halts at ${height}`);
  for (const [node, { code, said }] of endings) {
    demand(code === EXIT_CHAIN_HALTED, `${node.name} ended with ${EXIT_CHAIN_HALTED}, not ${code}: ${said}`);
    const word = `UPGRADE "${name}" NEEDED at height: ${height}: ${info}`;
    demand(
      said.includes(word) || said.includes(JSON.stringify(word).slice(1, -1)),
      `${node.name} says ${word}: ${said}`,
    );
    const file = join(node.home.path, "data", "upgrade-info.json");
    demand(existsSync(file), `${node.name} left upgrade-info.json`);
    const left = JSON.parse(readFileSync(file, "utf8")) as { name: string; height: number; info?: string };
    demand(
      left.name === name && left.height === height && left.info === info,
      `${node.name}'s upgrade-info.json names the plan: ${JSON.stringify(left)}`,
    );
  }
}

export const upgrades: Scenario = {
  name: "upgrades",
  run: async (network, say) => {
    const { validators } = network;
    const skipped = await plan(network, "skipped", "nobody wants it");
    await halted(network, "skipped", skipped, "nobody wants it");
    say(`all nodes halted at ${skipped} with code ${EXIT_CHAIN_HALTED} and left upgrade-info.json`);

    // The same program again, without permission to go on, ends the same way.
    const [stubborn] = validators as [NetworkNode, ...NetworkNode[]];
    stubborn.start();
    const again = await stubborn.ending();
    demand(again.code === EXIT_CHAIN_HALTED, `started again it ends with ${EXIT_CHAIN_HALTED}, not ${again.code}`);
    for (const node of validators) node.start({}, ["--unsafe-skip-upgrades", String(skipped)]);
    await network.waitFor(skipped + 2, validators);
    say(`with --unsafe-skip-upgrades ${skipped} they went on to ${await network.height()}`);

    const carried = await plan(network, "carried", "with a handler");
    await halted(network, "carried", carried, "with a handler");
    for (const node of validators) {
      node.program = nextProgram;
      node.start({ NEXT_PROGRAM_UPGRADE: "carried" });
    }
    await network.waitFor(carried + 2, validators);
    const { height } = await network.query<{ height: string }>("upgrade", "applied", "carried");
    demand(height === String(carried), `the upgrade was made at ${carried}, not ${height}`);
    const never = await network.query<{ height?: string }>("upgrade", "applied", "skipped");
    demand((never.height ?? "0") === "0", "the upgrade that was skipped was never made");
    say(`a program with the handler made the upgrade at ${carried} and went on to ${await network.height()}`);
  },
};
