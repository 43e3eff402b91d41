/**
 * Owns when work from outside runs on the main thread: checks of transactions and queries, in slices of a few
 * milliseconds between which votes, timers and sockets have their turn. Work is done in the order it came within its
 * lane, lanes take turns, and none waits in a lane that is full. Nothing runs between an application's Commit and the
 * durable block (commit-gate.ts). Does not own the work.
 */

import type { CommitGate } from "./commit-gate.ts";

/** Who the work is for. Each has its own line, so that a flood in one does not close the others. */
export type Lane = "peers" | "clients" | "queries";

const lanes: readonly Lane[] = ["clients", "queries", "peers"];

/** Longest run of such work without a turn of the event loop, unless a single piece takes longer. */
const sliceMs = 8;

/** Work waiting in each lane at most. */
const maximumWaiting: Readonly<Record<Lane, number>> = { clients: 2_000, queries: 1_000, peers: 2_000 };

/** The node has more to do than it can; nothing was done. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

interface Waiting {
  readonly run: () => void;
  readonly drop: (error: Error) => void;
}

/** Runs work in slices. */
export class WorkSlices {
  readonly #gate: Pick<CommitGate, "isOpen" | "onceOpen">;
  readonly #nowMs: () => number;
  readonly #waiting: Readonly<Record<Lane, Waiting[]>> = { clients: [], queries: [], peers: [] };
  #usedMs = 0;
  #scheduled = false;
  #closed = false;
  #next = 0;
  #refused = 0;

  constructor(gate: Pick<CommitGate, "isOpen" | "onceOpen">, nowMs: () => number = () => performance.now()) {
    this.#gate = gate;
    this.#nowMs = nowMs;
  }

  /** Work that waits in a lane. */
  waitingIn(lane: Lane): number {
    return this.#waiting[lane].length;
  }

  /** Work refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether a lane takes no more. */
  isFull(lane: Lane): boolean {
    return this.#waiting[lane].length >= maximumWaiting[lane];
  }

  /** Runs `work` at once when the slice has room and nobody waits, else in its turn. Rejects with BusyError. */
  run<Result>(lane: Lane, work: () => Result | Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(new BusyError("the node is stopping"));
    if (this.#usedMs < sliceMs && this.#gate.isOpen && lanes.every((one) => this.#waiting[one].length === 0)) {
      this.#scheduleTurn();
      return this.#measured(work);
    }
    if (this.isFull(lane)) {
      this.#refused += 1;
      return Promise.reject(
        new BusyError(`the node is busy: ${maximumWaiting[lane]} requests wait already; try again in a moment`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting[lane].push({ run: () => void this.#measured(work).then(resolve, reject), drop: reject });
      this.#scheduleTurn();
    });
  }

  /** The part of the work that runs before its first wait counts. */
  async #measured<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const start = this.#nowMs();
    try {
      // Not awaited yet: only what runs in this turn is measured.
      return work() as Result;
    } finally {
      this.#usedMs += this.#nowMs() - start;
    }
  }

  #scheduleTurn(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    this.#usedMs = 0;
    if (!this.#gate.isOpen) {
      if (lanes.some((lane) => this.#waiting[lane].length > 0)) this.#gate.onceOpen(() => this.#scheduleTurn());
      return;
    }
    for (let empty = 0; empty < lanes.length && this.#usedMs < sliceMs && this.#gate.isOpen; ) {
      const lane = lanes[this.#next % lanes.length] ?? "clients";
      this.#next += 1;
      const waiting = this.#waiting[lane].shift();
      if (waiting === undefined) empty += 1;
      else {
        empty = 0;
        waiting.run();
      }
    }
    if (lanes.some((lane) => this.#waiting[lane].length > 0)) this.#scheduleTurn();
  }

  /** Lets go of everything that waits. */
  close(): void {
    this.#closed = true;
    for (const lane of lanes) {
      for (const { drop } of this.#waiting[lane].splice(0)) drop(new BusyError("the node is stopping"));
    }
  }
}
