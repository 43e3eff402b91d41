/**
 * Owns reports that people read: an answer cut into the stretches that earned, with the records and contributors they pay.
 * As text, and as a page that stands alone: one file without scripts that loads nothing. It does not own what was paid
 * (the chain's payouts, or a batch's shares).
 */
import type { Share } from "../modules/attribution/batch/shares.ts";
import { ShareKind } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { BatchBody } from "./batch-builder.ts";

/** A stretch of an answer. */
export interface ReportedPiece {
  readonly text: string;
  /** "{datanet}/{number}" of the record it stands in; undefined for words that are nobody's, or common. */
  readonly record: string | undefined;
  readonly contributor: string | undefined;
  /** Whether the words stand in too many records to be anybody's. */
  readonly isCommon: boolean;
  /** In base units; undefined where only the record's sum is known. */
  readonly amount: bigint | undefined;
}

/** What one record earned from an answer. */
export interface ReportedEarner {
  readonly record: string;
  readonly contributor: string;
  readonly amount: bigint;
}

/** One answer. */
export interface AnswerReport {
  readonly useId: bigint;
  /** What was asked, when it is known. */
  readonly prompt: string | undefined;
  readonly pieces: readonly ReportedPiece[];
  /** The most first. */
  readonly earners: readonly ReportedEarner[];
  readonly denom: string;
}

/** The answers of a batch, from its published body. Uses that are divided by ranks have one piece, and earners. */
export function batchReports(body: BatchBody, denom: string): readonly AnswerReport[] {
  const decoder = new TextDecoder();
  return body.uses.map(({ useId, prompt, output }, position): AnswerReport => {
    const shares = body.shares.filter(({ usePosition }) => usePosition === position);
    const spans = shares.filter(({ kind }) => SPAN_KINDS.has(kind) && shares.every((one) => SPAN_KINDS.has(one.kind)));
    const pieces = spans.map((share) =>
      pieceOf(share, decoder.decode(output.subarray(Number(share.start), Number(share.end)))),
    );
    const whole: ReportedPiece = { ...NOBODY, text: decoder.decode(output) };
    return {
      ...{ useId, prompt: decoder.decode(prompt), denom },
      pieces: pieces.length > 0 ? pieces : [whole],
      earners: earnersOf(shares.map((share) => pieceOf(share, ""))),
    };
  });
}

/** An answer that was settled at once, from its payout on the chain. */
export function payoutReport(payout: Messages["tributary.attribution.v1.Payout"], output: Uint8Array): AnswerReport {
  const decoder = new TextDecoder();
  const contributorOf = new Map(payout.recordShares.map(({ record, contributor }) => [nameOf(record), contributor]));
  const pieces: ReportedPiece[] = [];
  let reached = 0;
  for (const { outputStart, length, record } of payout.spans) {
    const name = nameOf(record);
    pieces.push({ ...NOBODY, text: decoder.decode(output.subarray(reached, outputStart)) });
    const text = decoder.decode(output.subarray(outputStart, outputStart + length));
    pieces.push({ ...NOBODY, text, record: name, contributor: contributorOf.get(name), amount: undefined });
    reached = outputStart + length;
  }
  pieces.push({ ...NOBODY, text: decoder.decode(output.subarray(reached)) });
  const earners = payout.recordShares.map(({ record, contributor, amount }) => ({
    ...{ record: nameOf(record), contributor, amount: BigInt(amount) },
  }));
  return {
    ...{ useId: payout.useId, prompt: undefined, denom: payout.fee.denom },
    pieces: pieces.filter(({ text }) => text !== ""),
    earners: earners.sort(byAmount),
  };
}

const SPAN_KINDS: ReadonlySet<number> = new Set([
  ShareKind.SHARE_KIND_SPAN,
  ShareKind.SHARE_KIND_COMMON,
  ShareKind.SHARE_KIND_UNMATCHED,
]);

const NOBODY: Omit<ReportedPiece, "text"> = {
  record: undefined,
  contributor: undefined,
  isCommon: false,
  amount: undefined,
};

function pieceOf({ kind, record, beneficiary, amount }: Share, text: string): ReportedPiece {
  const paid = record === undefined ? {} : { record: nameOf(record), contributor: beneficiary };
  return { ...NOBODY, ...paid, text, isCommon: kind === ShareKind.SHARE_KIND_COMMON, amount: BigInt(amount) };
}

function nameOf({ datanetId, number }: Messages["tributary.datanet.v1.RecordId"]): string {
  return `${datanetId}/${number}`;
}

function earnersOf(pieces: readonly ReportedPiece[]): readonly ReportedEarner[] {
  const earners = new Map<string, ReportedEarner>();
  for (const { record, contributor, amount = 0n } of pieces) {
    if (record === undefined || contributor === undefined) continue;
    const before = earners.get(record)?.amount ?? 0n;
    earners.set(record, { record, contributor, amount: before + amount });
  }
  return [...earners.values()].sort(byAmount);
}

function byAmount(a: ReportedEarner, b: ReportedEarner): number {
  return a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1;
}

/** The report as lines of text: the answer with a mark at each stretch that earned, and who earned what. */
export function reportLines({ useId, prompt, pieces, earners, denom }: AnswerReport): readonly string[] {
  const marked = pieces.map(({ text, record }) => (record === undefined ? text : `[${text}](${record})`)).join("");
  return [
    `use ${useId}${prompt === undefined ? "" : `: ${prompt}`}`,
    "",
    marked,
    "",
    ...earners.map(({ record, contributor, amount }) => `${amount}${denom}  ${contributor}  record ${record}`),
  ];
}

/** Colours far apart on the circle, so that neighbours in the list differ. */
const HUES = [210, 30, 130, 330, 60, 270, 180, 0, 95, 300, 240, 150];

/** All answers on one page. */
export function reportPage(title: string, reports: readonly AnswerReport[]): string {
  const colours = new Map<string, string>();
  for (const { earners } of reports) {
    for (const { record } of earners) {
      if (!colours.has(record)) colours.set(record, `hsl(${HUES[colours.size % HUES.length]} 70% 50% / 0.32)`);
    }
  }
  const sections = reports.map((report) => sectionOf(report, colours)).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, monospace; border: 1px solid #8884; padding: 1rem; }
mark { color: inherit; border-radius: 2px; }
.common { text-decoration: underline dotted; }
td { padding: 0.1rem 1rem 0.1rem 0; }
td:first-child { text-align: right; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>Each coloured stretch stands, byte for byte, in the record named below it, the earliest that has it. Underlined words stand in too many
records to be anybody's. This shows overlap with recorded texts; it does not show that they caused the answer.</p>
${sections}
</body>
</html>
`;
}

function sectionOf(
  { useId, prompt, pieces, earners, denom }: AnswerReport,
  colours: ReadonlyMap<string, string>,
): string {
  const answer = pieces.map(({ text, record, contributor, isCommon }) => {
    if (record !== undefined) {
      const name = escaped(`record ${record} of ${contributor ?? "?"}`);
      return `<mark title="${name}" style="background: ${colours.get(record) ?? "none"}">${escaped(text)}</mark>`;
    }
    return isCommon ? `<span class="common">${escaped(text)}</span>` : escaped(text);
  });
  const rows = earners.map(
    ({ record, contributor, amount }) =>
      `<tr><td>${amount}${escaped(denom)}</td><td><mark style="background: ${colours.get(record)}">${escaped(record)}</mark></td><td>${escaped(contributor)}</td></tr>`,
  );
  return [
    `<section>\n<h2>Use ${useId}</h2>`,
    prompt === undefined ? "" : `<p>${escaped(prompt)}</p>`,
    `<pre>${answer.join("")}</pre>`,
    `<table>${rows.join("\n")}</table>\n</section>`,
  ].join("\n");
}

function escaped(text: string): string {
  const names: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => names[character]!);
}
