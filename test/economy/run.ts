/** Sequences of trades from the command line: `npm run economy -- --seed 1 --sequences 100000`. Owns options and what is printed. */
import { parseArgs } from "node:util";
import { runSequences } from "./sequences.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    /** Of each kind. */
    sequences: { type: "string", default: "10000" },
  },
});
const [seed, count] = [Number(values.seed), Number(values.sequences)];
const begun = performance.now();
try {
  runSequences(seed, count);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  process.stdout.write(
    `${count} sequences of 12 steps on pools and as many on curves held, from seed ${seed}, in ${seconds} s\n`,
  );
} catch (error) {
  process.stdout.write(`FAILED ${(error as Error).message}\n`);
  process.exitCode = 1;
}
