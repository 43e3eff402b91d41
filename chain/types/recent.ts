/**
 * Owns a bounded memory of what a pure function gave. Forgetting costs time and changes no result; it does not own the
 * function, and must not be given one whose result anything but its argument decides.
 */

/** Remembers between `size` and twice `size` of the results used last, by a text that names the argument. */
export class RecentResults<Result> {
  readonly #size: number;
  #young = new Map<string, Result>();
  #old: ReadonlyMap<string, Result> = new Map();

  constructor(size: number) {
    this.#size = size;
  }

  /** What was remembered under `name`. */
  get(name: string): Result | undefined {
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(name);
    if (old !== undefined) this.set(name, old);
    return old;
  }

  /** Remembers; what has not been asked for in two generations is forgotten. */
  set(name: string, result: Result): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, result);
  }
}
