/**
 * Owns the worker threads that verify signatures beside the main thread, where the machine has more than one core. Does
 * not own which signatures (verify-ahead.ts). Workers start with the first batch, so that an idle node has none.
 */

import { Worker } from "node:worker_threads";
import type { SignatureJob } from "../../chain/app/facts.ts";
import type { Logger } from "../log.ts";
import { readMachine, sizingOf } from "../machine.ts";
import { packJobs } from "./signature-packing.ts";
import type { VerifyAnswer, VerifyRequest } from "./verify-worker.ts";

/** How many workers this machine can keep busy beside the main thread; 0 on one core. */
export function verifyWorkerCount(): number {
  return sizingOf(readMachine()).verifyWorkers;
}

/** A worker and the batches it has. */
interface Lane {
  readonly worker: Worker;
  readonly pending: Map<number, (verdicts: Uint8Array | undefined) => void>;
}

/** Verifies batches of signatures on worker threads. */
export class SignaturePool {
  private readonly workerCount: number;
  private readonly log: Logger;
  private lanes: Lane[] | undefined;
  private nextId = 0;
  private closed = false;

  constructor(options: { readonly workers: number }, dependencies: { readonly log: Logger }) {
    this.workerCount = options.workers;
    this.log = dependencies.log;
  }

  /** Whether there is anybody to verify. */
  get usable(): boolean {
    return this.workerCount > 0 && !this.closed;
  }

  /** One byte a signature, 1 for good; undefined when no worker could say. Never rejects. */
  async verify(jobs: readonly SignatureJob[]): Promise<Uint8Array | undefined> {
    if (!this.usable) return undefined;
    this.lanes ??= Array.from({ length: this.workerCount }, () => this.startLane());
    const lane = this.lanes.reduce((least, other) => (other.pending.size < least.pending.size ? other : least));
    const id = this.nextId;
    this.nextId += 1;
    return await new Promise((resolve) => {
      lane.pending.set(id, resolve);
      const request: VerifyRequest = { id, packed: packJobs(jobs) };
      lane.worker.postMessage(request, [request.packed.buffer]);
    });
  }

  private startLane(): Lane {
    const worker = new Worker(new URL("./verify-worker.ts", import.meta.url));
    const lane: Lane = { worker, pending: new Map() };
    worker.unref();
    worker.on("message", ({ id, verdicts }: VerifyAnswer) => {
      lane.pending.get(id)?.(verdicts);
      lane.pending.delete(id);
    });
    worker.on("error", (error) => this.giveUp(error));
    return lane;
  }

  /** A worker that failed once is not trusted again; the main thread verifies by itself from here on. */
  private giveUp(error: unknown): void {
    if (!this.closed)
      this.log.warn(
        { err: error, module: "mempool" },
        "threads that verify signatures failed; the main thread verifies by itself until the next start",
      );
    void this.close();
  }

  /** Ends the workers. What they had is answered with "nobody could say". */
  async close(): Promise<void> {
    this.closed = true;
    const lanes = this.lanes ?? [];
    this.lanes = undefined;
    for (const { pending } of lanes) for (const resolve of pending.values()) resolve(undefined);
    await Promise.all(lanes.map(({ worker }) => worker.terminate()));
  }
}
