/**
 * What peers are worth: points for faults and for usefulness, fading with time. It owns the arithmetic and the bound on how many are
 * remembered; who is disconnected or banned for it is decided by the switch.
 */
import { type FAULT_POINTS, HIGHEST_SCORE, LOWEST_SCORE, MAX_SCORES, SCORE_HALF_LIFE_MS } from "./limits.ts";

/** How bad a fault is: `fatal` cannot come from a correct node; the others may, the lower the tolerance the less often. */
export type FaultLevel = keyof typeof FAULT_POINTS;

interface Score {
  readonly points: number;
  readonly atMs: number;
}

export class Scores {
  readonly #scores = new Map<string, Score>();

  /** The score of a node at `nowMs`, a monotonic time. 0 for one that is not known. */
  of(nodeId: string, nowMs: number): number {
    const score = this.#scores.get(nodeId);
    return score === undefined ? 0 : score.points * 2 ** (-(nowMs - score.atMs) / SCORE_HALF_LIFE_MS);
  }

  /** Adds points, within the bounds; returns the score. */
  add(nodeId: string, points: number, nowMs: number): number {
    const sum = Math.min(HIGHEST_SCORE, Math.max(LOWEST_SCORE, this.of(nodeId, nowMs) + points));
    this.#scores.delete(nodeId);
    this.#scores.set(nodeId, { points: sum, atMs: nowMs });
    // The one that changed longest ago has faded most.
    if (this.#scores.size > MAX_SCORES) this.#scores.delete(this.#scores.keys().next().value!);
    return sum;
  }

  /** Forgets a node's score: its ban has begun, and it starts anew after it. */
  forget(nodeId: string): void {
    this.#scores.delete(nodeId);
  }
}
