/**
 * Owns the real clocks and timers behind the engine's ports. Does not own what they are used for.
 */

import type { Clock, Timers } from "./ports.ts";

/**
 * Milliseconds added to the wall clock. A test aid and nothing else: it lets one machine run nodes whose clocks differ.
 * An operator corrects a clock at the system, never here.
 */
const shiftText = process.env.TRIBUTARYD_TEST_CLOCK_SHIFT_MS ?? "0";
const shiftMs = /^-?\d{1,12}$/.test(shiftText) ? Number(shiftText) : 0;

/** The wall clock, in milliseconds since 1970. */
export function wallMs(): number {
  return Date.now() + shiftMs;
}

/** The system's clocks. */
export const systemClock: Clock = {
  now: () => {
    // Milliseconds are as fine as the system's wall clock is read portably; consensus needs no finer.
    const milliseconds = BigInt(wallMs());
    return { seconds: milliseconds / 1_000n, nanos: Number(milliseconds % 1_000n) * 1_000_000 };
  },
  monotonicMs: () => performance.now(),
};

/** The event loop's timers. */
export const systemTimers: Timers = {
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
