/**
 * Owns stopping a node: once, in order, whoever asks first, and telling what made it stop. Does not own what is stopped.
 */

import type { Logger } from "./log.ts";
import type { FatalError } from "./ports.ts";

/** Runs the stop sequence once, whoever asks first. */
export class Stopper {
  readonly stopped: Promise<FatalError | undefined>;
  private readonly log: Logger;
  private settle: (reason: FatalError | undefined) => void = () => undefined;
  private sequence: (() => Promise<void>) | undefined;
  private running: Promise<void> | undefined;
  private early: { readonly reason: FatalError | undefined } | undefined;

  constructor(log: Logger) {
    this.log = log;
    this.stopped = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** Sets what stopping does; a request that came before is carried out now. */
  onStop(sequence: () => Promise<void>): void {
    this.sequence = sequence;
    if (this.early !== undefined) this.request(this.early.reason);
  }

  /** Stops soon, for `reason` or because it was asked for. */
  request(reason: FatalError | undefined): void {
    if (this.running !== undefined) return;
    if (this.sequence === undefined) {
      this.early ??= { reason };
      return;
    }
    if (reason !== undefined) this.log.fatal({ err: reason.message }, "the node stops");
    const { sequence } = this;
    // Not within the caller: it may be the engine itself, which the sequence waits for.
    this.running = new Promise<void>((resolve) => setImmediate(resolve))
      .then(sequence)
      .catch((error: unknown) =>
        this.log.error({ err: error }, "stopping did not go cleanly; what was committed is on the disk all the same"),
      )
      .finally(() => this.settle(reason));
  }

  /** Stops and waits until everything has stopped; a second call waits for the same. */
  async stop(): Promise<void> {
    this.request(undefined);
    await this.running;
  }
}
