/**
 * Owns what is said and done about a wall clock that differs from the peers': a warning from two seconds on, and the end of a
 * validator that has only just started with half a minute. Does not own measuring (node/p2p/peer-clocks.ts).
 */

import type { Logger } from "./log.ts";
import { CLOCK_REFUSAL_MS } from "./p2p/limits.ts";
import type { ClockVerdict } from "./p2p/peer-clocks.ts";

export interface ClockReportNeeds {
  readonly log: Logger;
  readonly monotonicMs: () => number;
  /** The clock was found wrong soon after the start; the sentence is for the operator. */
  readonly clockWrong: (reason: string) => void;
}

export class ClockReport {
  readonly #needs: ClockReportNeeds;
  readonly #startedMs: number;

  constructor(needs: ClockReportNeeds) {
    this.#needs = needs;
    this.#startedMs = needs.monotonicMs();
  }

  /** `aheadMs`: this clock against the median of the peers', positive when it is ahead. */
  judged(verdict: ClockVerdict, aheadMs: number): void {
    const { log, monotonicMs, clockWrong } = this.#needs;
    const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
    const side = aheadMs > 0 ? "ahead of" : "behind";
    const said = `this machine's clock is ${seconds} s ${side} its peers' clocks`;
    const remedy = "set it, for example with: timedatectl set-ntp true";
    if (verdict === "right") log.info({ aheadMs: Math.round(aheadMs) }, "the clock agrees with the peers' clocks");
    else if (verdict === "off") log.warn({ aheadMs: Math.round(aheadMs) }, `${said}; ${remedy}`);
    else if (monotonicMs() - this.#startedMs <= CLOCK_REFUSAL_MS)
      clockWrong(`${said}, so it does not validate; ${remedy}, and start it again. No block or signature was lost`);
    // In a node that has run for long, others' clocks may as well be the wrong ones: it is told, and nothing is stopped.
    else log.error({ aheadMs: Math.round(aheadMs) }, `${said}; ${remedy}`);
  }
}
