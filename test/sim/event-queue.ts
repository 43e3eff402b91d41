// What will happen in a simulated world, by virtual time. Owns the order: earliest first, and among events of one moment
// the one scheduled first, so that a seed always tells the same story.

export interface QueuedEvent {
  readonly atMs: number;
  readonly order: number;
  /** Undefined once cancelled. */
  action: (() => void) | undefined;
}

/** A binary heap. */
export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #order = 0;

  get length(): number {
    return this.#heap.length;
  }

  /** The earliest event, which stays. Cancelled events at the front are dropped. */
  get first(): QueuedEvent | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].action === undefined) this.take();
    return this.#heap[0];
  }

  add(atMs: number, action: () => void): QueuedEvent {
    const event: QueuedEvent = { atMs, order: this.#order++, action };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as QueuedEvent;
      if (!isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
    return event;
  }

  /** Removes the earliest event. */
  take(): QueuedEvent | undefined {
    const heap = this.#heap;
    const taken = heap[0];
    const last = heap.pop();
    if (taken === undefined || last === undefined || heap.length === 0) return taken;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as QueuedEvent)) child++;
      if (!isBefore(heap[child] as QueuedEvent, last)) break;
      heap[at] = heap[child] as QueuedEvent;
      at = child;
    }
    heap[at] = last;
    return taken;
  }
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
