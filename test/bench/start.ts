// Cold start: how long the program takes to say something, and a node to commit its first block. Wall-clock time of
// whole processes, from before they are started.

import { type Effort, figure, type Section } from "./measure.ts";
import { type BenchHome, makeHome, startNodeProcess, tributaryd } from "./node-process.ts";

/** `version`, `start` to the first block of a new chain, and to the next block of one that exists; first of `fresh`. */
export async function benchStart(effort: Effort, fresh: BenchHome): Promise<Section> {
  const rounds = effort === "quick" ? 1 : 5;
  const version: number[] = [];
  const first: number[] = [];
  const again: number[] = [];
  // The first run fills Node's compile cache; a program that was just installed pays that once.
  await tributaryd(["version"]);
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await tributaryd(["version"]);
    version.push(performance.now() - start);
    const home = round === 0 ? fresh : await makeHome([]);
    try {
      for (const into of [first, again]) {
        const node = await startNodeProcess(home.path);
        await node.until(({ length }) => length > 0, 60_000);
        into.push(node.blocks[0]!.atMs);
        await node.stop();
      }
    } finally {
      if (home !== fresh) home.remove();
    }
  }
  return {
    title: "Cold start, wall clock",
    figures: [
      figure("tributaryd version", "ms", version),
      figure("tributaryd start, new chain: to the first block", "ms", first),
      figure("tributaryd start, existing chain: to the next block", "ms", again),
    ],
  };
}
