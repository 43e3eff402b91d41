/**
 * Owns measuring how late the event loop runs, and saying so when it is too late for consensus. Does not own what keeps
 * the loop busy.
 */

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "../log.ts";

/** How late the loop ran in the last window, in seconds. */
export interface LoopLag {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What `watchLoop` is told. */
export interface LoopWatchOptions {
  /** How often the loop is looked at, ms. A stall is never missed; between looks, shorter ones are. */
  readonly resolutionMs: number;
  readonly windowMs: number;
  /** A p99 above this is worth a line in the log. */
  readonly warnAboveMs: number;
}

/** Looks often enough for consensus, seldom enough for a phone's battery. */
export const loopWatchDefaults: LoopWatchOptions = { resolutionMs: 50, windowMs: 10_000, warnAboveMs: 500 };

/** A line a minute is enough. */
const quietMs = 60_000;

/** Watches the loop until `stop`. */
export function watchLoop(
  options: LoopWatchOptions,
  { log, nowMs = () => performance.now() }: { readonly log: Logger; readonly nowMs?: () => number },
): { readonly lag: () => LoopLag; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: options.resolutionMs });
  let last: LoopLag = { p50: 0, p99: 0, max: 0 };
  let toldMs = Number.NEGATIVE_INFINITY;
  delays.enable();
  const look = (): void => {
    // A look that comes in time is one resolution after the one before.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - options.resolutionMs / 1_000);
    last = { p50: late(delays.percentile(50)), p99: late(delays.percentile(99)), max: late(delays.max) };
    delays.reset();
    if (last.p99 * 1_000 < options.warnAboveMs || nowMs() - toldMs < quietMs) return;
    toldMs = nowMs();
    const facts = { module: "node", lagMs: Math.round(last.p99 * 1_000), longestMs: Math.round(last.max * 1_000) };
    log.warn(
      facts,
      "the node is too busy to answer in time: votes are late. Move RPC users to another node, lower the block's " +
        "gas, or give this machine more CPU; see node_loop_lag_seconds",
    );
  };
  const timer = setInterval(look, options.windowMs);
  timer.unref();
  return {
    lag: () => last,
    stop: () => {
      clearInterval(timer);
      delays.disable();
    },
  };
}
