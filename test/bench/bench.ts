// `npm run bench`: measures this program on this machine and prints medians. `--json` prints them as data, `--quick`
// takes less than a minute and is for seeing that the benchmarks run; its figures mean little. `--only <part>` runs one
// of primitives, application, stake, span, economy, sync, state, start, node, settlements (baselines are always measured).
// Nothing is asserted: docs/benchmarks.md has the figures that were measured and what they are compared with.

import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { chooseCrypto } from "../../node/crypto.ts";
import { benchApplication } from "./application.ts";
import { benchBlockSync } from "./block-sync.ts";
import { benchEconomy } from "./economy.ts";
import { benchEndToEnd, sendersFor } from "./end-to-end.ts";
import { benchIavl } from "./iavl.ts";
import { type Effort, type Section, tableText } from "./measure.ts";
import { type BenchHome, makeHome } from "./node-process.ts";
import { benchPrimitives } from "./primitives.ts";
import { benchSettlements } from "./settlements.ts";
import { benchSpan } from "./span.ts";
import { benchStake } from "./stake.ts";
import { benchStart } from "./start.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, quick: { type: "boolean" }, only: { type: "string" } },
});
const effort: Effort = values.quick === true ? "quick" : "full";
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const { verifier, hasher, summary } = await chooseCrypto();
say(`measuring (${effort}); crypto: ${summary}`);
const before = performance.now();
const { section, baselines } = await benchPrimitives(effort);
say(`measured primitives in ${((performance.now() - before) / 1000).toFixed(1)} s`);
const { verification, digest } = baselines;

/** In this order: what needs a quiet process first, what runs processes of its own last. */
const parts: Readonly<Record<string, () => Section | Promise<Section>>> = {
  primitives: () => section,
  application: () => benchApplication(effort, { verifier, hasher, verification }),
  stake: () => benchStake(effort, { verifier, hasher, verification }),
  span: () => benchSpan(effort, hasher, digest),
  economy: () => benchEconomy(effort, verification),
  sync: () => benchBlockSync(effort),
  state: () => benchIavl(effort, hasher, digest),
  start: () => benchStart(effort, home ?? missing()),
  node: () => benchEndToEnd(effort, home ?? missing(), senders),
  settlements: () => benchSettlements(effort),
};
if (values.only !== undefined && !Object.hasOwn(parts, values.only)) {
  say(`error: there is no part ${values.only}; the parts are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}

const senders = sendersFor(effort);
let home: BenchHome | undefined;
const missing = (): never => {
  throw new Error("the home folder was not made");
};

const sections: Section[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (values.only !== undefined && name !== values.only) continue;
    if (name === "start" || name === "node") home ??= await makeHome(senders);
    const start = performance.now();
    sections.push(await measure());
    if (name === "primitives") continue;
    say(`measured ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
} finally {
  home?.remove();
}

const processors = cpus();
const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: processors[0]?.model ?? "unknown",
  cores: processors.length,
  memoryGb: Number((totalmem() / 1e9).toFixed(1)),
};
if (values.json === true) {
  process.stdout.write(`${JSON.stringify({ machine, effort, sections }, undefined, 2)}\n`);
} else {
  const { node, platform, processor, cores, memoryGb } = machine;
  process.stdout.write(`${cores} × ${processor}, ${memoryGb} GB, ${platform}, Node ${node}\n\n`);
  process.stdout.write(`${tableText(sections)}\n`);
}
