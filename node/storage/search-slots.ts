/**
 * Owns how many searches of the index run at once: each may hold half a million rows, so all of them together must be
 * bounded, not only each. Does not own searching (event-search.ts).
 */

import { SearchTooBroadError } from "./event-search.ts";

/** Runs searches, a few at a time; the others wait in the order they came. */
export class SearchSlots {
  private readonly maximumWaiting: number;
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(options: { readonly atOnce: number; readonly waiting: number }) {
    this.free = options.atOnce;
    this.maximumWaiting = options.waiting;
  }

  /** Runs `search` when there is a place for it. Throws SearchTooBroadError when too many wait already. */
  async run<T>(search: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else {
      if (this.waiting.length >= this.maximumWaiting) {
        throw new SearchTooBroadError("too many searches are waiting; try again later");
      }
      // Whoever ends hands its place on, so it is never free in between.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await search();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
