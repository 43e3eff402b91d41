/** A token bucket in the GCRA form: one number of state, no timer. It owns arithmetic on a clock given from outside. */

/** Admits `ratePerSecond` units a second on average and `burst` units at once. */
export class Quota {
  readonly #msPerUnit: number;
  readonly #burstMs: number;
  #theoreticalArrivalMs = 0;

  constructor(options: { readonly ratePerSecond: number; readonly burst: number }) {
    this.#msPerUnit = 1000 / options.ratePerSecond;
    this.#burstMs = options.burst * this.#msPerUnit;
  }

  /** Takes `units` if they are within the quota at `nowMs` (monotonic); false leaves the state as it was. */
  take(units: number, nowMs: number): boolean {
    const arrival = Math.max(this.#theoreticalArrivalMs, nowMs) + units * this.#msPerUnit;
    if (arrival - nowMs > this.#burstMs) return false;
    this.#theoreticalArrivalMs = arrival;
    return true;
  }

  /** Takes `units` whether or not they are within the quota: for what is known only afterwards. */
  charge(units: number, nowMs: number): void {
    this.#theoreticalArrivalMs = Math.max(this.#theoreticalArrivalMs, nowMs) + units * this.#msPerUnit;
  }

  /** Whether more was charged than the quota admits at `nowMs`. */
  isOverdrawn(nowMs: number): boolean {
    return this.#theoreticalArrivalMs - nowMs > this.#burstMs;
  }
}
