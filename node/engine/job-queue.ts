// One job after another. Owns the order of the engine's work: nothing begins before what was under way has ended, so no
// message, timer or question ever meets a block that is half committed.

export type Job = () => void | Promise<void>;

interface Waiting {
  readonly run: Job;
  /** Told instead, when the job will never run. */
  readonly dropped: (() => void) | undefined;
}

export class JobQueue {
  readonly #onError: (error: unknown) => void;
  readonly #jobs: Waiting[] = [];
  #running = false;
  #closed = false;

  /** `onError` is told of the first job that throws; the queue is closed then, and nothing runs after it. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Jobs that have not begun. */
  get length(): number {
    return this.#jobs.length;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  push(run: Job): void {
    this.#add({ run, dropped: undefined });
  }

  /** Puts a job before all others. Only for a job under way, which this one then follows directly. */
  pushNext(run: Job): void {
    if (!this.#closed) this.#jobs.unshift({ run, dropped: undefined });
  }

  /** Runs a job in its turn and gives its answer, or undefined when the queue was closed or the job failed. */
  ask<Answer>(job: () => Answer | Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const run = async (): Promise<void> => {
        let answer: Answer | undefined;
        try {
          answer = await job();
        } finally {
          resolve(answer);
        }
      };
      this.#add({ run, dropped: () => resolve(undefined) });
    });
  }

  /** Drops what has not begun and takes nothing more. */
  close(): void {
    this.#closed = true;
    for (const { dropped } of this.#jobs.splice(0)) dropped?.();
  }

  #add(waiting: Waiting): void {
    if (this.#closed) {
      waiting.dropped?.();
      return;
    }
    this.#jobs.push(waiting);
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#jobs.shift(); next !== undefined; next = this.#jobs.shift()) await next.run();
    } catch (error) {
      this.close();
      this.#onError(error);
    } finally {
      this.#running = false;
    }
  }
}
