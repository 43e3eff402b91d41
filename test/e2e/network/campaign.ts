// Does one perturbation after the other to a network under load, and looks at everything after each. Owns the order and the
// report; run.ts prints it.

import { seededRandom } from "../chance.ts";
import { mountSmallDisk, unmountSmallDisk } from "./disk-perturbations.ts";
import { type KillFigures, killRounds } from "./kill-rounds.ts";
import { ownsNamespaces } from "./links.ts";
import { Network } from "./network.ts";
import type { Perturbation } from "./perturbation.ts";
import { perturbations } from "./perturbations.ts";

export interface CampaignOptions {
  readonly seed: number;
  /** Few nodes and few, shorter perturbations. */
  readonly quick: boolean;
  /** Only perturbations whose name contains one of these, separated by commas. */
  readonly only: string | undefined;
  /** Instead of the perturbations, that many kill -9 across the network. */
  readonly kills?: number | undefined;
  readonly report: (line: string) => void;
}

/** One perturbation and what came of it. */
export interface Row {
  readonly name: string;
  /** What was done, in a line. */
  readonly what: string;
  readonly fromHeight: number;
  readonly toHeight: number;
  readonly seconds: number;
}

export interface CampaignReport {
  readonly seed: number;
  readonly links: string;
  readonly validators: number;
  readonly fullNodes: number;
  readonly rows: readonly Row[];
  /** Of a run that only killed. */
  readonly killed: KillFigures | undefined;
  readonly heights: number;
  /** Transactions reported as committed. */
  readonly reported: number;
  /** Different signatures seen in journals, logs and commits. */
  readonly signatures: number;
  /** What must not be: one line each. Empty is a pass. */
  readonly violations: readonly string[];
  /** Where the homes are, when something was violated. */
  readonly kept: string | undefined;
}

/** The perturbations a run does. */
export function chosen({ quick, only }: Pick<CampaignOptions, "quick" | "only">): readonly Perturbation[] {
  return perturbations.filter(
    ({ name, quick: isQuick }) =>
      (!quick || isQuick || only !== undefined) &&
      (only === undefined || only.split(",").some((part) => name.includes(part))),
  );
}

/** Runs a campaign. A violation ends it, and the homes are kept. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { seed, quick, report } = options;
  const network = await Network.make({
    validators: quick ? 4 : 7,
    fullNodes: quick ? 1 : 2,
    spare: 3,
    random: seededRandom(seed),
    timeoutCommitMs: quick ? 50 : 200,
    senders: quick ? 2 : 4,
    window: quick ? 4 : 8,
    ...(quick || !ownsNamespaces() ? {} : { prepare: mountSmallDisk, release: unmountSmallDisk }),
  });
  const { witness, load } = network;
  const rows: Row[] = [];
  const violations: string[] = [];
  let killed: KillFigures | undefined;
  try {
    const last = options.kills === undefined ? [...chosen(options)] : [];
    await network.start();
    report(`${network.nodes.length} nodes are up, linked by ${network.links.kind}`);
    if (options.kills !== undefined) killed = await killRounds(network, options.kills, report);
    for (let next = last.shift(); next !== undefined && witness.violations.length === 0; next = last.shift()) {
      const startedMs = performance.now();
      const fromHeight = await network.tip();
      const what = await next.run(network, { quick });
      await network.settle();
      const seconds = Math.round(performance.now() - startedMs) / 1_000;
      const row = { name: next.name, what, fromHeight, toHeight: await network.tip(), seconds };
      rows.push(row);
      report(rowText(row));
    }
    if (witness.violations.length === 0 && !quick) await network.lookAtEverything();
  } catch (error) {
    violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  violations.push(...witness.violations);
  const keep = violations.length > 0;
  const { heights, placesSigned } = witness;
  await network.stop(keep);
  return {
    seed,
    links: network.links.kind,
    validators: network.validators.length,
    fullNodes: network.fullNodes.length,
    rows,
    killed,
    heights,
    reported: load.confirmed.size,
    signatures: placesSigned,
    violations,
    kept: keep ? network.folder : undefined,
  };
}

/** A row as a line. */
export function rowText({ name, what, fromHeight, toHeight, seconds }: Row): string {
  return `${name.padEnd(44)} ${String(fromHeight).padStart(6)} → ${String(toHeight).padEnd(6)} ${seconds.toFixed(1).padStart(6)} s  ${what}`;
}
