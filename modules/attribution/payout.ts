/**
 * Owns the division of one fee that is settled inline: the parts of the charge, then the proved part by tokens. Tokens
 * that a span covers pay the span's record; all others pay the datanet versions of the model's lineage, as the lineage's
 * part does, in proportion to the records the model names of each. So leaving spans out gains neither the host nor the
 * user anything. Every division is by cumulative rounding, so the parts sum to the fee exactly. It does not own who may
 * settle nor any coins (keeper.ts).
 */
import { sha256 } from "../../chain/types/hash.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { divideCharge } from "./charge.ts";
import type { DataSplit, Split } from "./params.ts";
import { splitByWeights } from "./split.ts";

export type Payout = Messages["tributary.attribution.v1.Payout"];
export type PaidSpan = Messages["tributary.attribution.v1.PaidSpan"];
type RecordShare = Messages["tributary.attribution.v1.RecordShare"];
type LineageShare = Messages["tributary.attribution.v1.LineageShare"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** A checked span with whom it pays. */
export interface CheckedSpan {
  readonly span: PaidSpan;
  /** The record's contributor, as text. */
  readonly contributor: string;
}

/** One datanet version of the model's lineage. */
export interface LineageWeight {
  readonly datanetId: bigint;
  /** How many of its records the model names; above zero. */
  readonly recordCount: bigint;
  /** Its weight among the model's datanet versions. */
  readonly weight: bigint;
}

/** Everything the division depends on. */
export interface PayoutInputs {
  readonly use: Messages["tributary.attribution.v1.Use"];
  /** As text. */
  readonly modelOwner: string;
  readonly split: Split;
  readonly dataSplit: DataSplit;
  readonly output: Uint8Array;
  /** Above zero. */
  readonly outputTokens: number;
  /** In the order of the output. */
  readonly spans: readonly CheckedSpan[];
  readonly lineage: readonly LineageWeight[];
  /** What the spans were held to. */
  readonly limits: Pick<Payout, "minSpanTokens" | "maxSpans">;
  readonly height: bigint;
}

/** Divides the use's fee. */
export function dividePayout(inputs: PayoutInputs): Payout {
  const { use, modelOwner, output, outputTokens, spans, lineage, limits, height } = inputs;
  const { proved, parts } = divideCharge(BigInt(use.fee.amount), inputs.split, inputs.dataSplit);
  const records = tokensByRecord(spans);
  const covered = records.reduce((sum, record) => sum + record.tokens, 0);
  const tokenWeights = [...records.map((record) => BigInt(record.tokens)), BigInt(outputTokens - covered)];
  const byTokens = splitByWeights(proved, tokenWeights);
  const byLineage = splitByWeights(
    byTokens[records.length]! + BigInt(parts.lineage),
    lineage.map(({ weight }) => weight),
  );
  return {
    useId: use.id,
    fee: use.fee,
    host: use.host,
    hostAmount: parts.host,
    modelOwner,
    modelOwnerAmount: parts.modelOwner,
    validatorsAmount: parts.validators,
    burnedAmount: parts.burned,
    recordShares: records.map((record, i): RecordShare => ({ ...record, amount: byTokens[i]!.toString() })),
    lineageShares: lineage.map(
      ({ datanetId, recordCount }, i): LineageShare => ({ datanetId, recordCount, amount: byLineage[i]!.toString() }),
    ),
    spans: spans.map(({ span }) => span),
    outputTokens,
    outputHash: sha256(output),
    height,
    attestedAmount: parts.attested,
    minSpanTokens: limits.minSpanTokens,
    maxSpans: limits.maxSpans,
  };
}

/** What every account earns by name from a payout; an account with several parts stands once. Addresses as text. */
export function earningsOf(payout: Payout): ReadonlyMap<string, bigint> {
  const earnings = new Map<string, bigint>();
  const add = (account: string, amount: string): void => {
    if (amount !== "0") earnings.set(account, (earnings.get(account) ?? 0n) + BigInt(amount));
  };
  add(payout.host, payout.hostAmount);
  add(payout.modelOwner, payout.modelOwnerAmount);
  for (const { contributor, amount } of payout.recordShares) add(contributor, amount);
  return earnings;
}

/** The sum of a payout's parts: the fee, unless the state is damaged. */
export function sumOf(payout: Payout): bigint {
  let sum = BigInt(payout.validatorsAmount) + BigInt(payout.burnedAmount) + BigInt(payout.attestedAmount);
  for (const { amount } of payout.lineageShares) sum += BigInt(amount);
  for (const amount of earningsOf(payout).values()) sum += amount;
  return sum;
}

/** Tokens covered by each record, in ascending order of record: the order shares are rounded in. */
function tokensByRecord(spans: readonly CheckedSpan[]): readonly Omit<RecordShare, "amount">[] {
  const records = new Map<string, Omit<RecordShare, "amount">>();
  for (const { span, contributor } of spans) {
    const name = `${span.record.datanetId}/${span.record.number}`;
    const tokens = (records.get(name)?.tokens ?? 0) + span.tokens;
    records.set(name, { record: span.record, contributor, tokens });
  }
  return [...records.values()].sort((a, b) => compareRecords(a.record, b.record));
}

function compareRecords(a: RecordId, b: RecordId): number {
  if (a.datanetId !== b.datanetId) return a.datanetId < b.datanetId ? -1 : 1;
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}
