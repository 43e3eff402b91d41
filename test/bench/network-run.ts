// `npm run bench:network`: block interval, time to commit, bytes, memory and CPU of networks of real processes. Owns the
// command line. `--validators 4,7,16` says which, `--seconds 20` how long each part, `--timeout-commit 0` the wait between
// blocks in milliseconds, `--json` prints data.

import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Section, tableText } from "./measure.ts";
import { benchNetwork } from "./network.ts";

const { values } = parseArgs({
  options: {
    validators: { type: "string", default: "4,7,16" },
    seconds: { type: "string", default: "20" },
    "timeout-commit": { type: "string", default: "0" },
    json: { type: "boolean", default: false },
  },
});

const sections: Section[] = [];
for (const validators of values.validators.split(",").map(Number)) {
  process.stderr.write(
    `${validators} validators on ${cpus().length} cores; load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  sections.push(
    await benchNetwork({
      validators,
      seconds: Number(values.seconds),
      timeoutCommitMs: Number(values["timeout-commit"]),
    }),
  );
}
const data = { node: process.version, loadAverage: loadavg()[0], sections };
process.stdout.write(`${values.json ? JSON.stringify(data, undefined, 2) : tableText(sections)}\n`);
