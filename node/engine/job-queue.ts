// One job after another. Owns the order of the engine's work: nothing begins before what was under way has ended, so no
// message, timer or question ever meets a block that is half committed.

export type Job = () => void | Promise<void>;

export class JobQueue {
  readonly #onError: (error: unknown) => void;
  readonly #jobs: Job[] = [];
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

  push(job: Job): void {
    if (this.#closed) return;
    this.#jobs.push(job);
    if (!this.#running) void this.#work();
  }

  /** Puts a job before all others. Only for a job under way, which this one then follows directly. */
  pushNext(job: Job): void {
    if (!this.#closed) this.#jobs.unshift(job);
  }

  /** Runs a job in its turn and gives its answer, or undefined when the queue was closed or the job failed. */
  ask<Answer>(job: () => Answer | Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(undefined);
      this.push(async () => {
        let answer: Answer | undefined;
        try {
          answer = await job();
        } finally {
          resolve(answer);
        }
      });
    });
  }

  /** Drops what has not begun and takes nothing more. */
  close(): void {
    this.#closed = true;
    this.#jobs.length = 0;
  }

  async #work(): Promise<void> {
    this.#running = true;
    try {
      for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) await job();
    } catch (error) {
      this.close();
      this.#onError(error);
    } finally {
      this.#running = false;
    }
  }
}
