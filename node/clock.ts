/**
 * Owns the real clocks and timers behind the engine's ports. Does not own what they are used for.
 */

import type { Clock, Timers } from "./ports.ts";

/** The system's clocks. */
export const systemClock: Clock = {
  now: () => {
    // Milliseconds are as fine as the system's wall clock is read portably; consensus needs no finer.
    const milliseconds = BigInt(Date.now());
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
