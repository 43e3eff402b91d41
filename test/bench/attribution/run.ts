// `npm run bench:attribution`: how well attribution tells where words came from, and what it costs, on Shakespeare's
// speeches (when ../shared/data has them) and on the Solidity files of `npm start`. `--json` prints data, `--quick` less of it.
// docs/benchmarks.md has the figures that were measured.

import { parseArgs } from "node:util";
import type { Section } from "../measure.ts";
import { tableText } from "../measure.ts";
import { benchAccounting } from "./accounting-figures.ts";
import { benchBatch } from "./batch-figures.ts";
import { benchChallenge } from "./challenge-figures.ts";
import { benchIndex, benchIndexMemory } from "./index-figures.ts";
import { benchSubstitution } from "./substitution-figures.ts";
import { type Library, shakespeare, shakespearePresent, solidity, someSolidity } from "./texts.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, quick: { type: "boolean" } } });
const effort = values.quick === true ? "quick" : "full";
const libraries: readonly Library[] = [...(shakespearePresent ? [shakespeare()] : []), solidity()];
if (!shakespearePresent)
  process.stderr.write("the Shakespeare text is not there; measuring the Solidity files alone\n");

const sections: Section[] = [];
async function measured(what: string, measure: () => Section | Promise<Section>): Promise<void> {
  const started = performance.now();
  process.stderr.write(`${what} …`);
  sections.push(await measure());
  process.stderr.write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

for (const library of libraries) {
  const { name } = library;
  await measured(`${name}: payouts and the truth`, () => benchAccounting(library, effort));
  await measured(`${name}: replaced words`, () => benchSubstitution(library, effort));
  await measured(`${name}: index`, () => benchIndex(library, effort));
  await measured(`${name}: batch`, () => benchBatch(library, effort));
}
await measured("memory of building an index", () => benchIndexMemory(effort));
await measured("a challenge from end to end", () => benchChallenge(someSolidity(8), effort));
process.stdout.write(values.json === true ? `${JSON.stringify(sections, undefined, 2)}\n` : `${tableText(sections)}\n`);
