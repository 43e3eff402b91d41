// What a batch costs: making one, checking all of it, what one share's proof weighs and how long the chain's check of it
// takes. Owns nothing of how batches are made.

import { audit } from "../../../attribution/audit/audit.ts";
import { AuditSubject } from "../../../attribution/audit/subject.ts";
import { attributeUses, BuiltBatch, type ServedUse } from "../../../attribution/batch-builder.ts";
import { answerTo } from "../../../attribution/batch-host.ts";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { verifyShare } from "../../../modules/attribution/batch/shares.ts";
import type { BatchFacts } from "../../../modules/attribution/challenge/batch-facts.ts";
import { examine } from "../../../modules/attribution/challenge/evidence.ts";
import { openText } from "../../../modules/attribution/proof/text-window.ts";
import { encode } from "../../../proto/codec.ts";
import { BatchPart, ProofType } from "../../../proto/enums.gen.ts";
import { Random } from "../../sim/random.ts";
import { cpuMicroseconds, type Effort, type Figure, figure, type Section } from "../measure.ts";
import { sample } from "./sampler.ts";
import { benchRules, type Library, segmentOf } from "./texts.ts";

const outputTokens = 128;

export function benchBatch(library: Library, effort: Effort): Section {
  const count = effort === "quick" ? 16 : 256;
  const { index, contributors } = library;
  const { records } = index.corpus;
  const random = new Random(3);
  const prompt = new TextEncoder().encode("what was asked");
  const uses = Array.from(
    { length: count },
    (_, i): ServedUse => ({
      ...{ useId: BigInt(i + 1), prompt, output: sample(index, 5, outputTokens, random).output },
      facts: { part: 288_000n, proof: ProofType.PROOF_TYPE_SPAN },
    }),
  );
  const rules = benchRules(6);
  const contributorOf = ({ number }: { readonly number: bigint }): string => contributors[Number(number) - 1]!;
  const context = { segments: [segmentOf(library)], rules, table: undefined, counts: () => true, contributorOf };
  const roots = records.map(({ text }) => textRoot(text));
  let batch: BuiltBatch | undefined;
  const building = cpuMicroseconds(() => {
    batch = BuiltBatch.of(uses, attributeUses(uses, context));
  });
  const made = batch!;
  const commitmentOf = (text: Uint8Array) => ({ root: textRoot(text), length: text.length });
  const facts: BatchFacts = {
    ...{ commitment: made.commitment, rules, table: undefined },
    uses: uses.map((use) => ({ ...use.facts, output: commitmentOf(use.output), prompt: commitmentOf(prompt) })),
    record: (id) => {
      const at = Number(id.number) - 1;
      const text = { root: roots[at]!, length: records[at]!.text.length };
      return { id, contributor: contributors[at]!, text, height: 1n };
    },
  };
  const textOf = ({ number }: { readonly number: bigint }) => records[Number(number) - 1]?.text;
  const auditing = cpuMicroseconds(() => {
    const subject = new AuditSubject(facts, made, attributeUses(uses, context), textOf);
    const flaw = audit(subject).next();
    if (flaw.done !== true) throw new Error(flaw.value.reason);
  });
  const { sizes, checks } = shareProofs(new AuditSubject(facts, made, [], textOf));
  const per = (name: string, unit: string, total: number): Figure => figure(name, unit, [total / count]);
  return {
    title: `${library.name}: a batch of ${count} uses of ${outputTokens} tokens, ${made.body.shares.length} shares, ${made.body.payees.length} payees`,
    figures: [
      per("making it, a use", "ms CPU", building / 1000),
      per("checking all of it, a use", "ms CPU", auditing / 1000),
      per("published body, a use", "bytes", made.bodyBytes.length),
      figure("a share opened with its texts, median", "bytes", [quantile(sizes, 0.5)]),
      figure("the same, 95th percentile", "bytes", [quantile(sizes, 0.95)]),
      figure("the same, largest", "bytes", [quantile(sizes, 1)]),
      figure("the chain's check of it, median", "µs CPU", [quantile(checks, 0.5)]),
      figure("the same, 95th percentile", "µs CPU", [quantile(checks, 0.95)]),
    ],
  };
}

/** Every share opened as an answer to a demand, and checked as the chain does. */
function shareProofs(subject: AuditSubject): { readonly sizes: readonly number[]; readonly checks: readonly number[] } {
  const { facts, batch } = subject;
  const [sizes, checks]: [number[], number[]] = [[], []];
  for (const [i, share] of batch.body.shares.entries()) {
    const asked = {
      id: 1n,
      batchId: 1n,
      challenger: "",
      part: BatchPart.BATCH_PART_SHARE,
      index: BigInt(i),
      entry: 0n,
    };
    const answer = answerTo({ ...asked, occurrences: [], bond: "0", answerBy: 0n, contested: [] }, subject);
    sizes.push(encode("tributary.attribution.v1.MsgRespond", { ...answer, host: "", challengeId: 1n }).length);
    const cited = share.record ?? answer.occurrences[answer.chosen]?.record;
    checks.push(
      cpuMicroseconds(() => {
        const { sharesRoot, shareCount } = facts.commitment;
        const isUnder = verifyShare(sharesRoot, shareCount, answer.share!);
        const output = openText(answer.output!, facts.uses[share.usePosition]!.output);
        const record = cited && answer.record && openText(answer.record, facts.record(cited)!.text);
        const occurrences = answer.occurrences.length === 0 ? undefined : answer.occurrences;
        const finding = examine(share, facts, { output, record, occurrences, chosen: answer.chosen });
        if (!isUnder || finding.is !== "sound") throw new Error(`share ${i} is not shown: ${JSON.stringify(finding)}`);
      }),
    );
  }
  return { sizes, checks };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}
