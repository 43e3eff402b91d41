// The machine's timeouts as timers. Owns one timer per kind and the treatment of one that comes far too late.

import type { TimeoutInput, TimeoutKind } from "../../chain/consensus/input.ts";
import type { Clock, EngineLog, Timers } from "../ports.ts";
import { LATE_TIMER_MS, RESUME_GRACE_MS } from "./limits.ts";

export interface TimeoutNeeds {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: EngineLog;
  /** Takes the expired timeout in. */
  readonly expired: (input: TimeoutInput) => void;
  /** The process was suspended: peers should be asked where the chain is. */
  readonly resumed: (height: bigint, round: number) => void;
}

export class Timeouts {
  readonly #needs: TimeoutNeeds;
  readonly #cancel = new Map<TimeoutKind, () => void>();

  constructor(needs: TimeoutNeeds) {
    this.#needs = needs;
  }

  /** Starts a timeout; an earlier one of the same kind is forgotten, since the machine has moved on. */
  schedule(kind: TimeoutKind, height: bigint, round: number, ms: number): void {
    const { timers, clock, log, resumed } = this.#needs;
    const dueMs = clock.monotonicMs() + ms;
    this.#cancel.get(kind)?.();
    const fire = (): void => this.#needs.expired({ type: "timeout", kind, height, round });
    const onTimer = (): void => {
      const lateMs = clock.monotonicMs() - dueMs;
      if (lateMs < LATE_TIMER_MS) {
        fire();
        return;
      }
      // The process slept. What this node believes to be true is old news; peers get a chance to correct it first.
      log.warn("a timer came late, as after a suspension; asking peers first", { kind, lateMs });
      resumed(height, round);
      this.#cancel.set(kind, timers.schedule(RESUME_GRACE_MS, fire));
    };
    this.#cancel.set(kind, timers.schedule(ms, onTimer));
  }

  cancelAll(): void {
    for (const cancel of this.#cancel.values()) cancel();
    this.#cancel.clear();
  }
}
