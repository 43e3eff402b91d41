// A false batch from its posting to the host's slashing, on a real node with a watcher in the same process: how long it
// takes and what the challenge weighs. Owns nothing of how batches are made or challenged.

import { join } from "node:path";
import { Library as Indexes } from "../../../attribution/library.ts";
import { cheats } from "../../../attribution/tour/cheats.ts";
import { Watcher } from "../../../attribution/watcher.ts";
import { BatchStatus } from "../../../proto/enums.gen.ts";
import { Random } from "../../sim/random.ts";
import { ServedChain } from "../../support/served-chain.ts";
import { type Effort, type Figure, figure, type Section } from "../measure.ts";
import { sample } from "./sampler.ts";
import type { Library } from "./texts.ts";

const outputTokens = 128;
const usesOfBatch = 16;
const contributors = ["dave", "erin", "frank", "grace", "heidi"] as const;

interface Measured {
  readonly kind: string;
  /** Milliseconds of wall clock from the block with the batch to the block with the slashing. */
  readonly duration: number;
  /** Of the whole transaction. */
  readonly bytes: number;
}

/** `library` should be small: each of its records is contributed first. */
export async function benchChallenge(library: Library, effort: Effort): Promise<Section> {
  const owners = [...new Set(library.contributors)];
  const { records } = library.index.corpus;
  const chain = await ServedChain.start({
    texts: records.map(({ text }, i) => ({
      contributor: contributors[owners.indexOf(library.contributors[i]!) % contributors.length]!,
      text,
    })),
    ...{ windowSeconds: 600, answerSeconds: 300, rules: { minTokens: 6, maxOccurrences: 64 } },
  });
  try {
    const random = new Random(5);
    const asked = Array.from({ length: usesOfBatch }, () => ({
      prompt: "what was asked",
      output: sample(library.index, 5, outputTokens, random).output,
    }));
    const honest = await chain.host.build(chain.modelId, await chain.serve(asked));
    const watcher = new Watcher({
      ...{ session: chain.session, party: chain.party("ivan"), bodies: chain.bodies, texts: chain.texts },
      ...{ library: new Indexes(join(chain.folder, "watcher")), report: () => undefined },
    });
    const measured: Measured[] = [];
    for (let round = 0; round < (effort === "quick" ? 1 : 5); round++) {
      for (const { kind, batch } of cheats(honest)) {
        const batchId = await chain.host.post(batch);
        const started = performance.now();
        await watcher.pass();
        const duration = performance.now() - started;
        if ((await chain.batch(batchId)).status !== BatchStatus.BATCH_STATUS_REJECTED)
          throw new Error(`${kind} stands`);
        const { txs } = await chain.session.comet.txSearch({ query: `batch_rejected.batch_id='${batchId}'` });
        measured.push({ kind, duration, bytes: txs[0]!.tx.length });
      }
    }
    const figures = [...new Set(measured.map(({ kind }) => kind))].flatMap((kind): Figure[] => {
      const own = measured.filter((one) => one.kind === kind);
      return [
        figure(
          `${kind}: from the batch's block to the slashing`,
          "ms",
          own.map(({ duration }) => duration),
        ),
        figure(
          `${kind}: the transaction`,
          "bytes",
          own.map(({ bytes }) => bytes),
        ),
      ];
    });
    return {
      title: `a false batch of ${usesOfBatch} uses over ${records.length} records, watcher and node in one process, a block every 0.1 s`,
      figures,
    };
  } finally {
    await chain.stop();
  }
}
