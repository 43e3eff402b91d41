// How benchmarks measure and what a figure is. Owns medians, CPU time and the printed table; not what is measured.
//
// Times are CPU time of this process (user and system) where nothing is waited for, because other programs on the
// machine lengthen wall-clock time far more than CPU time. Figures that include waiting say so in their unit or name.

/** One measured quantity. */
export interface Figure {
  /** What was measured, unique in a run. */
  readonly name: string;
  /** "µs CPU", "ms", "MB", "bytes", "per s", ... */
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many measurements the three come from. */
  readonly samples: number;
  /** The median over a baseline of the same run: machines differ, ratios less so. */
  readonly ratio?: { readonly to: string; readonly value: number };
}

/** A group of figures under one heading. */
export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** How much a run may take: `quick` is for seeing that the benchmarks work, its figures mean little. */
export type Effort = "quick" | "full";

/** The middle, lowest and highest of some measurements, none of which may be missing. */
export function figure(name: string, unit: string, measured: readonly number[]): Figure {
  const sorted = measured.toSorted((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]];
  if (min === undefined || median === undefined || max === undefined) throw new Error(`${name} was never measured`);
  return { name, unit, median, min, max, samples: sorted.length };
}

/** The figure with its median set against another figure's, which `to` names in short. */
export function against(baseline: Figure, to: string, one: Figure): Figure {
  return { ...one, ratio: { to, value: one.median / baseline.median } };
}

/** Short names of the two baselines. */
export const oneVerification = "verification";
export const oneDigest = "SHA-256";

/** Microseconds of CPU this process used, by all its threads, while `action` ran. */
export function cpuMicroseconds(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** CPU microseconds of one `action`, measured `rounds` times over `repeats` calls each, after one unmeasured round. */
export function cpuTimes(rounds: number, repeats: number, action: (index: number) => void): number[] {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const micros = cpuMicroseconds(() => {
      for (let index = 0; index < repeats; index++) action(index);
    });
    if (round > 0) times.push(micros / repeats);
  }
  return times;
}

/** A number with three or so significant digits. */
function short(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The sections as a plain text table. */
export function tableText(sections: readonly Section[]): string {
  const lines: string[] = [];
  const rows = sections.flatMap(({ figures }) => figures);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { title, figures } of sections) {
    lines.push("", title);
    for (const { name, unit, median, min, max, ratio } of figures) {
      const spread = min === max ? "" : `${short(min)} to ${short(max)}`;
      const times = ratio === undefined ? "" : `${short(ratio.value)} × ${ratio.to}`;
      lines.push(
        `  ${name.padEnd(width)}  ${short(median).padStart(8)} ${unit.padEnd(7)}  ${spread.padEnd(16)}  ${times}`.trimEnd(),
      );
    }
  }
  return lines.join("\n").trimStart();
}
