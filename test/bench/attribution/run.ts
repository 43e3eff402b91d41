// `npm run bench:attribution`: how well attribution tells where words came from, and what it costs, on Shakespeare's
// speeches (when ../shared/data has them) and on the Solidity files of `npm start`. `--json` prints data, `--quick` less of it.
// docs/benchmarks.md has the figures that were measured.

import { parseArgs } from "node:util";
import type { Section } from "../measure.ts";
import { tableText } from "../measure.ts";
import { benchAccounting } from "./accounting-figures.ts";
import { benchIndex } from "./index-figures.ts";
import { benchSubstitution } from "./substitution-figures.ts";
import { type Library, shakespeare, shakespearePresent, solidity } from "./texts.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, quick: { type: "boolean" } } });
const effort = values.quick === true ? "quick" : "full";
const libraries: readonly Library[] = [...(shakespearePresent ? [shakespeare()] : []), solidity()];
if (!shakespearePresent)
  process.stderr.write("the Shakespeare text is not there; measuring the Solidity files alone\n");

const sections: Section[] = [];
for (const library of libraries) {
  sections.push(benchAccounting(library, effort), benchSubstitution(library, effort));
  sections.push(await benchIndex(library, effort));
  process.stderr.write(`measured ${library.name}\n`);
}
process.stdout.write(values.json === true ? `${JSON.stringify(sections, undefined, 2)}\n` : `${tableText(sections)}\n`);
