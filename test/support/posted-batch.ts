/**
 * A batch that stands on a chain, read back with everything it was made from, in the form of the challenge game
 * (watcher.ts). Owns no rule: what is right is what the engine finds, which other tests compare with trying every place.
 */
import { attributeUses, batchOfBody, type ServedUse } from "../../attribution/batch-builder.ts";
import type { BodySource } from "../../attribution/body-store.ts";
import { attributionContext, lineageOf, useFacts } from "../../attribution/chain-facts.ts";
import type { ChainSession } from "../../attribution/chain-session.ts";
import type { Library } from "../../attribution/library.ts";
import type { BuiltShare } from "../../attribution/span-shares.ts";
import { hex } from "../../proto/bytes.ts";
import { commitTo, type MadeBatch, textRecord } from "./honest-batch.ts";

/** The batch, and what a host would make of the same uses. */
export interface PostedBatch {
  readonly made: MadeBatch;
  /** As if there were no record with this number. */
  readonly without: (number: bigint) => MadeBatch;
}

export async function readPosted(
  session: ChainSession,
  batchId: bigint,
  bodies: BodySource,
  library: Library,
): Promise<PostedBatch> {
  const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId });
  const { body } = batchOfBody((await bodies.bodyOf(batch.bodyHash))!);
  const served: ServedUse[] = [];
  for (const { useId, prompt, output } of body.uses) {
    const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId });
    served.push({ useId, prompt, output, facts: useFacts(use) });
  }
  const lineage = await lineageOf(session, batch.modelId, batch.modelVersion);
  const context = await attributionContext(session, library, { lineage, rules: batch.rules, asOf: batch.asOf });
  const records = context.segments
    .flatMap((segment) => segment.load().corpus.records)
    .filter(context.counts)
    .map(({ number, contributor = "", text, height = 0n }) => textRecord(number, contributor, text, height));
  const uses = served.map(({ prompt, output, facts: { part, proof } }) => ({ part, proof, prompt, output }));
  const committed = (built: readonly Pick<BuiltShare, "share" | "occurrences">[]): MadeBatch => {
    const lists = new Map(built.map(({ share, occurrences }) => [hex(share.occurrencesHash), occurrences]));
    const shares = built.map(({ share }) => share);
    return commitTo(uses, records, batch.rules, undefined, shares, lists);
  };
  return {
    made: committed(attributeUses(served, context)),
    without: (number) =>
      committed(attributeUses(served, { ...context, counts: (id) => context.counts(id) && id.number !== number })),
  };
}
