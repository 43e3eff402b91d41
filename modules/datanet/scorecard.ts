/**
 * Owns the arithmetic of a record's scorecard: six integers in parts per million and their mean. It does not own who
 * may score or vote (keeper/curation.ts). README.md states the rules; docs/modules/datanet.md works one example.
 */
import type { Messages } from "../../proto/types.gen.ts";
import { PARTS_PER_MILLION } from "./limits.ts";

export type Score = Messages["tributary.datanet.v1.Score"];
export type Scorecard = Messages["tributary.datanet.v1.Scorecard"];

/** What a scorecard is made of besides the validators' scores. */
export interface ScoredRecord {
  readonly noveltyPpm: number;
  readonly approvals: number;
  readonly rejections: number;
  /** Seconds since acceptance. */
  readonly age: bigint;
  readonly halfLife: bigint;
}

/**
 * ⌊2^20 · 2^(−i/16)⌋ for i from 0 to 15: a sixteenth of a half-life at a time.
 * 2^20 / 2^(i/16) rounded down; test/modules/datanet/scorecard.test.ts computes them anew.
 */
const SIXTEENTHS: readonly bigint[] = [
  1_048_576n,
  1_004_119n,
  961_548n,
  920_781n,
  881_743n,
  844_360n,
  808_562n,
  774_282n,
  741_455n,
  710_019n,
  679_917n,
  651_091n,
  623_487n,
  597_053n,
  571_740n,
  547_500n,
];

/** ⌊10^6 · part / whole⌋, and the whole when nothing was asked for. */
export function partOf(part: number, whole: number): number {
  if (whole === 0) return PARTS_PER_MILLION;
  return Number((BigInt(PARTS_PER_MILLION) * BigInt(part)) / BigInt(whole));
}

/** Halves with every half-life, in steps of a sixteenth of one. */
export function timeliness(age: bigint, halfLife: bigint): number {
  const steps = age <= 0n ? 0n : (age * 16n) / halfLife;
  const halvings = steps / 16n;
  if (halvings >= 20n) return 0;
  return Number(((BigInt(PARTS_PER_MILLION) * SIXTEENTHS[Number(steps % 16n)]!) >> 20n) >> halvings);
}

/** The scorecard. Several validators count by the median, of an even number the lower one. */
export function scorecardOf(record: ScoredRecord, scores: readonly Score[]): Scorecard {
  const medianOf = (of: (score: Score) => number): number => {
    const sorted = scores.map(of).sort((a, b) => a - b);
    return sorted[(sorted.length - 1) >>> 1] ?? 0;
  };
  const judged = [
    medianOf(({ presentCells, requiredCells }) => partOf(presentCells, requiredCells)),
    medianOf(({ correctItems, auditedItems }) => partOf(correctItems, auditedItems)),
    medianOf(({ brokenRules, checkedRules }) => partOf(checkedRules - brokenRules, checkedRules)),
  ] as const;
  const known = [
    timeliness(record.age, record.halfLife),
    partOf(record.approvals + 1, record.approvals + record.rejections + 2),
    record.noveltyPpm,
  ] as const;
  const counted = scores.length === 0 ? known : [...judged, ...known];
  const sum = counted.reduce((total, ppm) => total + ppm, 0);
  return {
    completenessPpm: judged[0],
    accuracyPpm: judged[1],
    consistencyPpm: judged[2],
    timelinessPpm: known[0],
    relevancePpm: known[1],
    scarcityPpm: known[2],
    overallPpm: Number(BigInt(sum) / BigInt(counted.length)),
    validators: scores.length,
    attestedPpm: scores.length === 0 ? 0 : Number(BigInt(sum - known[0]) / BigInt(counted.length - 1)),
  };
}
