// What is done to a test network: each perturbation does one thing, says in a line what it did, and leaves every node
// running. Owns the list, and those done to processes, links and clocks. That the network survives is checked by the campaign
// after each, not here.

import { pause } from "../chance.ts";
import { cutLog, flippedBytes, flippedInNetwork, fullDisk } from "./disk-perturbations.ts";
import { joinAndLeave, newcomer, stateSynced } from "./membership-perturbations.ts";
import type { Network } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";
import type { Perturbation } from "./perturbation.ts";

/** How many validators can be away while the others still decide: less than a third. */
function spareable({ validators }: Network): number {
  return Math.ceil(validators.length / 3) - 1;
}

/** What a height may still rise after a quorum is gone: the block that was about to be decided. */
const STRAGGLING_BLOCKS = 1;

async function restartLevel(network: Network, nodes: readonly NetworkNode[]): Promise<string> {
  const recoveries = await Promise.all(nodes.map((node) => network.restart(node, network.random() * 1_000)));
  const level = recoveries.map(({ levelMs }) => Math.round(levelMs)).join(", ");
  return `${nodes.map(({ name }) => name).join(", ")}; level after ${level} ms`;
}

const kill: Perturbation = {
  name: "kill -9",
  quick: true,
  run: async (network) => {
    const victims = network.pickSome(network.validators, spareable(network));
    if (network.fullNodes.length > 0) victims.push(network.pick(network.fullNodes));
    return await restartLevel(network, victims);
  },
};

const killEveryone: Perturbation = {
  name: "kill -9 of all at once",
  quick: false,
  run: async (network) => {
    const { nodes, witness } = network;
    const before = await network.tip();
    await Promise.all(nodes.map((node) => node.kill()));
    witness.readHomes(nodes);
    for (const node of nodes) node.start();
    await network.waitFor(before + 1, "a block after everyone was killed");
    return `${nodes.length} nodes at height ${before}`;
  },
};

function suspension(seconds: number, quick: boolean): Perturbation {
  return {
    name: `SIGSTOP for ${seconds} s`,
    quick,
    run: async (network, options) => {
      const victims = network.pickSome(network.validators, spareable(network));
      for (const node of victims) node.suspend();
      await pause(options.quick ? 2_000 : seconds * 1_000);
      for (const node of victims) node.resume();
      return victims.map(({ name }) => name).join(", ");
    },
  };
}

const suspendQuorum: Perturbation = {
  name: "SIGSTOP of more than a third",
  quick: false,
  run: async (network) => {
    const victims = network.pickSome(network.validators, spareable(network) + 1);
    for (const node of victims) node.suspend();
    const rest = network.validators.filter((node) => !victims.includes(node));
    const halted = await standsStill(network, rest, 10_000);
    for (const node of victims) node.resume();
    return `${victims.map(({ name }) => name).join(", ")}; the chain stood at ${halted}`;
  },
};

const terminate: Perturbation = {
  name: "SIGTERM",
  quick: false,
  run: async (network) => {
    const victims = [network.pick(network.validators), ...network.fullNodes.slice(0, 1)];
    for (const node of victims) {
      const { code, said } = await node.terminate();
      if (code !== 0) throw new Error(`${node.name} ended with code ${code} when it was asked to stop: ${said}`);
      node.start();
    }
    return `${victims.map(({ name }) => name).join(", ")}; exit code 0`;
  },
};

/** Waits until no more blocks come, and sees that none comes for a while. Resolves with the height. */
async function standsStill(network: Network, nodes: readonly NetworkNode[], forMs: number): Promise<number> {
  const first = await network.tip(nodes);
  await pause(forMs);
  const last = await network.tip(nodes);
  if (last > first + STRAGGLING_BLOCKS)
    throw new Error(`without a quorum, ${nodes.map(({ name }) => name).join(", ")} went on from ${first} to ${last}`);
  return last;
}

function minorityCutOff(seconds: number, quick: boolean): Perturbation {
  return {
    name: `partition, a minority cut off for ${seconds} s`,
    quick,
    run: async (network, options) => {
      const { nodes, links } = network;
      const minority = network.pickSome(network.validators, spareable(network));
      const majority = nodes.filter((node) => !minority.includes(node));
      links.split([majority.map(({ index }) => index), minority.map(({ index }) => index)]);
      const at = await network.tip();
      await pause(options.quick ? 2_000 : seconds * 1_000);
      await network.waitFor(at + 3, "the majority goes on", majority);
      const left = await network.tip(minority);
      if (left > at + 1 + STRAGGLING_BLOCKS) throw new Error(`the minority went on from ${at} to ${left} by itself`);
      links.heal();
      return `${minority.map(({ name }) => name).join(", ")} at ${left}, the others at ${await network.tip(majority)}`;
    },
  };
}

const halves: Perturbation = {
  name: "partition, no side has a quorum",
  quick: false,
  run: async (network) => {
    const { validators, fullNodes, links } = network;
    const shuffled = network.pickSome(validators, validators.length);
    const middle = validators.length >> 1;
    const sides = [shuffled.slice(0, middle), [...shuffled.slice(middle), ...fullNodes]];
    links.split(sides.map((side) => side.map(({ index }) => index)));
    await pause(1_000);
    const heights = await Promise.all(sides.map((side) => standsStill(network, side, 8_000)));
    links.heal();
    return `${middle} against ${validators.length - middle}; both stood, at ${heights.join(" and ")}`;
  },
};

const everyoneAlone: Perturbation = {
  name: "partition, everyone alone for 40 s",
  quick: false,
  run: async (network) => {
    network.links.split([]);
    await pause(2_000);
    const height = await standsStill(network, network.nodes, 38_000);
    network.links.heal();
    return `longer than connections live; the chain stood at ${height}`;
  },
};

/** The environment that shifts a node's wall clock: a test aid of node/clock.ts. */
function clockShift(seconds: number): Readonly<Record<string, string>> {
  return { TRIBUTARYD_TEST_CLOCK_SHIFT_MS: String(seconds * 1_000) };
}

const clockShifted: Perturbation = {
  name: "clock shifted by 5 s and by 45 s",
  quick: false,
  run: async (network) => {
    const [slightly, badly] = network.pickSome(network.validators, 2) as [NetworkNode, NetworkNode];
    await Promise.all([slightly.kill(), badly.kill()]);
    slightly.start(clockShift(-5));
    badly.start(clockShift(45));
    const { code, said } = await badly.ending();
    if (code !== 1 || !/clock is 4\d\.\d s ahead of/.test(said))
      throw new Error(`${badly.name}, its clock 45 s ahead, ended with ${code}: ${said}`);
    await network.waitFor((await network.tip()) + 5, "the node whose clock is off goes on", [slightly]);
    await network.until(
      () => slightly.lines().some(({ level, msg }) => level === "warn" && /clock is [45]\.\d s behind/.test(msg)),
      "a warning about the clock",
    );
    await slightly.kill();
    slightly.start();
    badly.start();
    return `${slightly.name}, 5 s behind, warned and went on; ${badly.name}, 45 s ahead, refused with exit code 1`;
  },
};

/** All perturbations, in the order they are done. */
export const perturbations: readonly Perturbation[] = [
  kill,
  killEveryone,
  suspension(10, true),
  suspension(60, false),
  suspendQuorum,
  terminate,
  minorityCutOff(8, true),
  minorityCutOff(45, false),
  halves,
  everyoneAlone,
  clockShifted,
  fullDisk,
  cutLog,
  flippedBytes,
  flippedInNetwork,
  joinAndLeave,
  newcomer,
  stateSynced,
];
