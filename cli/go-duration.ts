// Owns durations as Go prints and reads them (time.Duration: "504h0m0s", "1m30s", "250ms"), which is how simd shows them
// and how configuration files write them. Values are nanoseconds.

const unitNanoseconds: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  ns: 1n,
};

/** Reads a Go duration; undefined when the text is none. Fractions are cut below a nanosecond. */
export function parseGoDuration(text: string): bigint | undefined {
  if (text === "0") return 0n;
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (match === null) return undefined;
  let total = 0n;
  for (const [, whole, fraction, unit] of match[2]!.matchAll(/(\d+)(?:\.(\d+))?(ns|us|µs|ms|s|m|h)/g)) {
    const scale = unitNanoseconds[unit!]!;
    total += BigInt(whole!) * scale;
    if (fraction !== undefined) total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  return match[1] === "-" ? -total : total;
}

/** Prints nanoseconds as Go does. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const second = 1_000_000_000n;
  if (value < second) {
    const [scale, unit] = value < 1_000n ? [1n, "ns"] : value < 1_000_000n ? [1_000n, "µs"] : [1_000_000n, "ms"];
    return `${sign}${decimal(value, scale as bigint)}${unit}`;
  }
  const hours = value / unitNanoseconds.h!;
  const minutes = (value % unitNanoseconds.h!) / unitNanoseconds.m!;
  const seconds = decimal(value % unitNanoseconds.m!, second);
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

/** A value over a power of ten, without trailing zeros. */
function decimal(value: bigint, scale: bigint): string {
  const whole = value / scale;
  const rest = value % scale;
  if (rest === 0n) return whole.toString();
  const digits = scale.toString().length - 1;
  return `${whole}.${rest.toString().padStart(digits, "0").replace(/0+$/, "")}`;
}
