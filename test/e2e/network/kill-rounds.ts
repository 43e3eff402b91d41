// kill -9 again and again across a whole network, and how long the killed take to be back. Owns the rounds and the figures of
// recovery; that nothing was lost or contradicted is for the network's witness.

import { pause } from "../chance.ts";
import type { Network } from "./network.ts";
import type { NetworkNode, Recovery } from "./network-node.ts";

/** Median, 95th percentile and longest of some times, in milliseconds. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface KillFigures {
  readonly kills: number;
  /** Kills of a process that had not come up yet. */
  readonly whileStarting: number;
  /** Rounds in which so many validators were away that the others could not decide. */
  readonly withoutQuorum: number;
  /** From the start of a process until it had the height the chain had at that moment. */
  readonly level: Spread;
  /** From the start of a validator's process until it signed something new. */
  readonly signed: Spread;
}

/** Rounds between two looks at everything. */
const ROUNDS_PER_LOOK = 10;

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** Kills at least so many processes, some at once, and waits for each to be back. */
export async function killRounds(
  network: Network,
  kills: number,
  report: (line: string) => void,
): Promise<KillFigures> {
  const recoveries: Recovery[] = [];
  let [done, whileStarting, withoutQuorum] = [0, 0, 0];
  for (let round = 1; done < kills && network.witness.violations.length === 0; round += 1) {
    const victims = victimsOf(network);
    const validators = victims.filter(({ home }) => home.key !== undefined).length;
    if (validators * 3 >= network.validators.length) withoutQuorum += 1;
    const found = await Promise.all(
      victims.map(async (node) => {
        done += 1;
        // One kill in eight meets a process that has only just been started.
        if (network.random() < 0.125) {
          await network.restartAtOnce(node, network.random() * 1_500);
          [done, whileStarting] = [done + 1, whileStarting + 1];
        }
        return await network.restart(node, network.random() * 1_000);
      }),
    );
    recoveries.push(...found);
    if (round % ROUNDS_PER_LOOK === 0 || done >= kills) {
      await network.settle();
      const { p50, p95, max } = spreadOf(recoveries.map(({ levelMs }) => levelMs));
      const counts = `${done} kills, height ${await network.tip()}, ${network.load.confirmed.size} transactions reported`;
      report(`${counts}; level after ${p50} ms (p95 ${p95}, longest ${max})`);
    } else await pause(network.random() * 1_000);
  }
  return {
    kills: done,
    whileStarting,
    withoutQuorum,
    level: spreadOf(recoveries.map(({ levelMs }) => levelMs)),
    signed: spreadOf(recoveries.flatMap(({ signedMs }) => signedMs ?? [])),
  };
}

/** Usually as many as the others can do without; one round in ten everyone. */
function victimsOf(network: Network): readonly NetworkNode[] {
  if (network.random() < 0.1) return network.nodes;
  const most = Math.ceil(network.validators.length / 3) - 1;
  const count = 1 + Math.floor(network.random() * most);
  const victims = network.pickSome(network.validators, count);
  if (network.fullNodes.length > 0 && network.random() < 0.5) victims.push(network.pick(network.fullNodes));
  return victims;
}
