import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { audit, isCommitted } from "../../attribution/audit/audit.ts";
import { AuditSubject, type Flaw } from "../../attribution/audit/subject.ts";
import { attributeUses, BuiltBatch, type ServedUse } from "../../attribution/batch-builder.ts";
import { Corpus } from "../../attribution/corpus.ts";
import { termTableOf } from "../../attribution/passage-index.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import type { BuiltShare } from "../../attribution/span-shares.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import { payeesOf } from "../../modules/attribution/batch/payees.ts";
import type { Share } from "../../modules/attribution/batch/shares.ts";
import type { BatchFacts } from "../../modules/attribution/challenge/batch-facts.ts";
import { TermCounts } from "../../modules/attribution/proof/term-table.ts";
import { ProofType, ShareKind } from "../../proto/enums.gen.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rules = { minTokens: 2, maxTokens: 8, maxOccurrences: 3, maxPassages: 3, neighbours: 3 };

interface World {
  readonly facts: BatchFacts;
  readonly honest: readonly BuiltShare[];
  readonly batch: BuiltBatch;
  readonly textOf: (id: { readonly number: bigint }) => Uint8Array | undefined;
}

interface Asked {
  readonly proof: number;
  readonly prompt: Uint8Array;
  readonly output: Uint8Array;
  readonly part: bigint;
}

function worldOf(texts: readonly Uint8Array[], asked: readonly Asked[], hasTable: boolean): World {
  const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text, height: BigInt(i + 5) }));
  const index = new SpanIndex(Corpus.of(records));
  const segment = { datanetId: 1n, firstNumber: 1n, lastNumber: BigInt(texts.length), load: () => index };
  const table = hasTable ? new TermCounts({ id: 1n, creator: "", ...termTableOf([segment], 8) }) : undefined;
  const contributorOf = ({ number }: { readonly number: bigint }): string => `owner-${number % 3n}`;
  const uses = asked.map(
    ({ proof, prompt, output, part }, i): ServedUse => ({
      ...{ useId: BigInt(i + 1), prompt, output },
      facts: { part, proof },
    }),
  );
  const context = { segments: [segment], rules, table, counts: () => true, contributorOf };
  const honest = attributeUses(uses, context);
  const batch = BuiltBatch.of(uses, honest);
  const commitmentOf = (text: Uint8Array) => ({ root: textRoot(text), length: text.length });
  const facts: BatchFacts = {
    commitment: batch.commitment,
    uses: asked.map(({ proof, prompt, output, part }) => ({
      ...{ part, proof },
      ...{ output: commitmentOf(output), prompt: commitmentOf(prompt) },
    })),
    rules,
    table,
    record: (id) => {
      const text = texts[Number(id.number) - 1];
      if (id.datanetId !== 1n || text === undefined) return undefined;
      return { id, contributor: contributorOf(id), text: commitmentOf(text), height: id.number + 4n };
    },
  };
  return { facts, honest, batch, textOf: ({ number }) => texts[Number(number) - 1] };
}

function flawsOf({ facts, honest, textOf }: World, batch: BuiltBatch): readonly Flaw[] {
  const subject = new AuditSubject({ ...facts, commitment: batch.commitment }, batch, honest, textOf);
  expect(isCommitted(subject)).toBe(true);
  return [...audit(subject)];
}

const words = fc
  .array(fc.constantFrom("a", "b", "cc", "+", ";", " ", "  ", "\n", "é"), { minLength: 1, maxLength: 24 })
  .map((parts) => bytes(parts.join("")));
const part = fc.bigInt({ min: 0n, max: 10_000n });
const features = fc.uint8Array({ minLength: 3, maxLength: 4, max: 4 });
const spanUse = fc.record({ proof: fc.constant(ProofType.PROOF_TYPE_SPAN), prompt: words, output: words, part });
const rankUse = fc.record({ proof: fc.constant(ProofType.PROOF_TYPE_BM25), prompt: words, output: words, part });
const neighbourUse = fc.record({
  ...{ proof: fc.constant(ProofType.PROOF_TYPE_KNN), prompt: features, part },
  output: fc.constantFrom(bytes("a"), Uint8Array.of(1), Uint8Array.of(2)),
});
const example = fc.tuple(fc.constantFrom(1, 2), features).map(([label, rest]) => Uint8Array.from([label, ...rest]));
const world = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: words }, { weight: 1, arbitrary: example }), {
      minLength: 1,
      maxLength: 9,
    }),
    fc.array(fc.oneof(spanUse, rankUse, neighbourUse), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([texts, asked, hasTable]) =>
    worldOf(
      [bytes("a b"), ...texts],
      asked,
      hasTable || asked.some(({ proof }) => proof === ProofType.PROOF_TYPE_BM25),
    ),
  );

test("an honest batch has no flaw, whatever its uses are divided by", () => {
  fc.assert(
    fc.property(world, (made) => {
      expect(flawsOf(made, made.batch)).toEqual([]);
      const sum = made.facts.uses.reduce((total, use) => total + use.part, 0n);
      expect(made.batch.commitment.sum).toBe(sum);
    }),
    { numRuns: 400 },
  );
});

/** The batch with one share replaced and everything else as it follows. */
function withShare({ batch, honest }: World, index: number, share: Share): BuiltBatch {
  const shares = honest.map((own, i) => (i === index ? share : own.share));
  return new BuiltBatch({
    ...batch.body,
    shares,
    payees: payeesOf(shares).map(({ payee, entries }) => ({ payee, entries: [...entries] })),
  });
}

/** A share with one field changed. */
function mutated(share: Share, field: keyof Share): Share {
  const value = share[field];
  if (typeof value === "bigint") return { ...share, [field]: value + 1n };
  if (typeof value === "boolean") return { ...share, [field]: !value };
  if (typeof value === "number") return { ...share, [field]: field === "kind" ? (value % 5) + 1 : value + 1 };
  if (value instanceof Uint8Array)
    return { ...share, [field]: value.length === 0 ? Uint8Array.of(1) : value.map((byte) => byte ^ 1) };
  if (typeof value === "string") {
    return { ...share, [field]: /^\d+$/.test(value) ? (BigInt(value) + 1n).toString() : `${value}x` };
  }
  const record = share.record ?? { datanetId: 1n, number: 0n };
  return { ...share, record: { ...record, number: record.number + 1n } };
}

test("a batch with any field of any share changed has a flaw", () => {
  const fields = [
    "usePosition",
    "kind",
    "start",
    "end",
    "weightBefore",
    "weightAfter",
    "weightTotal",
    "amount",
  ] as const;
  const others = ["beneficiary", "matchStart", "matchEnd", "matchTokens", "record", "recordStart"] as const;
  const rest = ["occurrencesHash", "score", "value", "agrees"] as const;
  fc.assert(
    fc.property(world, fc.nat(), fc.constantFrom(...fields, ...others, ...rest), (made, at, field) => {
      const index = at % made.honest.length;
      const share = mutated(made.honest[index]!.share, field);
      // Amounts that no payee's sum can hold never get as far as a batch.
      const batch = withShare(made, index, share);
      expect(flawsOf(made, batch).length).toBeGreaterThan(0);
    }),
    { numRuns: 1500 },
  );
});

describe("a host that cheats", () => {
  const texts = ["one two three four", "x one two three four y", "red green", "blue sky is red green"].map(bytes);
  const common = ["so it is a", "so it is b", "so it is c", "so it is d"].map(bytes);
  const output = bytes("one two three four and so it is, red green");
  const made = worldOf(
    [...texts, ...common],
    [{ proof: ProofType.PROOF_TYPE_SPAN, prompt: bytes("?"), output, part: 1000n }],
    false,
  );
  const kinds = (batch: BuiltBatch) => [...new Set(flawsOf(made, batch).map(({ challenge }) => challenge.kind))];
  const at = (kind: number) => made.honest.findIndex(({ share }) => share.kind === kind);

  test("builds honestly: the earliest owners, what is common to many, what is nobody's", () => {
    expect(made.honest.map(({ share }) => [share.kind, share.record?.number])).toEqual([
      [ShareKind.SHARE_KIND_SPAN, 1n],
      [ShareKind.SHARE_KIND_UNMATCHED, undefined],
      [ShareKind.SHARE_KIND_COMMON, undefined],
      [ShareKind.SHARE_KIND_UNMATCHED, undefined],
      [ShareKind.SHARE_KIND_SPAN, 3n],
    ]);
  });

  test("and pays a later record is shown the earlier owner", () => {
    const span = made.honest[0]!.share;
    const later = { ...span, record: { datanetId: 1n, number: 2n }, recordStart: 2n, beneficiary: "owner-2" };
    expect(kinds(withShare(made, 0, later))).toEqual(["omission"]);
  });

  test("and pays a record that does not hold the words is shown the record", () => {
    const span = made.honest[0]!.share;
    const false_ = { ...span, record: { datanetId: 1n, number: 4n }, recordStart: 0n, beneficiary: "owner-1" };
    expect(kinds(withShare(made, 0, false_))[0]).toBe("share");
  });

  test("and leaves a span out is shown it", () => {
    const { start, end, usePosition, weightBefore, weightAfter, weightTotal, amount } = made.honest[0]!.share;
    const empty = made.honest[1]!.share;
    const left = { ...empty, usePosition, start, end, weightBefore, weightAfter, weightTotal, amount };
    expect(kinds(withShare(made, 0, left))).toEqual(["omission"]);
  });

  test("and pays for what is common is shown the places", () => {
    const index = at(ShareKind.SHARE_KIND_COMMON);
    const { share } = made.honest[index]!;
    const paid = {
      ...{ ...share, kind: ShareKind.SHARE_KIND_SPAN, occurrencesHash: new Uint8Array(0) },
      ...{ record: { datanetId: 1n, number: 5n }, recordStart: 0n, beneficiary: "owner-2" },
    };
    const body = withShare(made, index, paid).body;
    expect(kinds(new BuiltBatch({ ...body, lists: [] }))).toEqual(["commonness"]);
  });

  test("and keeps a share from its payee, or pays it twice, is shown the gap or the entry", () => {
    const [first, ...others] = made.batch.body.payees;
    expect(kinds(new BuiltBatch({ ...made.batch.body, payees: others }))).toEqual(["payout"]);
    expect(kinds(new BuiltBatch({ ...made.batch.body, payees: [first!, first!, ...others] }))).toEqual(["payout"]);
    const cut = { ...first!, entries: first!.entries.slice(1) };
    if (cut.entries.length > 0)
      expect(kinds(new BuiltBatch({ ...made.batch.body, payees: [cut, ...others] }))).toContain("payout");
  });
});
