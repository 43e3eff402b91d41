/**
 * Runs before every test file: property tests draw the same cases in every quick run, so that a red run is about the change that made it red.
 * The full run draws fresh ones, and a failure prints the seed to repeat it with (TRIBUTARY_SEED).
 */
import fc from "fast-check";

if (process.env.TRIBUTARY_SEED !== undefined) fc.configureGlobal({ seed: Number(process.env.TRIBUTARY_SEED) });
else if (process.env.TRIBUTARY_FULL !== "1") fc.configureGlobal({ seed: 20_261_122 });
