// Numbered places where a test lets the process die: just before and just after every operation that makes something
// durable. Owns the numbering, the wrapper around the file system, and the environment variable that kills a real process;
// does not own what must hold afterwards (test/node/engine/crash-points.test.ts walks all of them).

import type { FileSystem } from "../ports.ts";

/** The variable that names a point: a test aid, never set on a node that matters. */
export const CRASH_VARIABLE = "TRIBUTARY_CRASH_AT";

export class CrashPoints {
  readonly #at: number | undefined;
  readonly #die: (point: string) => void;
  /** Points passed so far; the next one has this number. */
  passed = 0;

  /** `at` is the number of the point where `die` is called; undefined only counts. */
  constructor(options: { readonly at: number | undefined }, needs: { readonly die: (point: string) => void }) {
    this.#at = options.at;
    this.#die = needs.die;
  }

  /** Runs a durable operation between its two points. */
  around<Result>(operation: string, run: () => Result): Result {
    this.#pass(`before ${operation}`);
    const result = run();
    this.#pass(`after ${operation}`);
    return result;
  }

  /** The same for an operation that is waited for. */
  async aroundAsync<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    this.#pass(`before ${operation}`);
    const result = await run();
    this.#pass(`after ${operation}`);
    return result;
  }

  #pass(point: string): void {
    if (this.passed++ === this.#at) this.#die(point);
  }
}

/** The file system with a pair of points around every fsync, rename, removal and truncation. */
export function withCrashPoints(files: FileSystem, points: CrashPoints): FileSystem {
  return {
    readFile: (path) => files.readFile(path),
    list: (path) => files.list(path),
    makeDirectory: (path) => files.makeDirectory(path),
    openAppend(path, mode) {
      const file = files.openAppend(path, mode);
      return {
        get size() {
          return file.size;
        },
        append: (bytes) => file.append(bytes),
        sync: () => points.around(`fsync of ${path}`, () => file.sync()),
        truncate: (size) => points.around(`truncation of ${path}`, () => file.truncate(size)),
        close: () => file.close(),
      };
    },
    rename: (from, to) => points.around(`rename to ${to}`, () => files.rename(from, to)),
    remove: (path) => points.around(`removal of ${path}`, () => files.remove(path)),
    syncDirectory: (path) => points.around(`fsync of folder ${path}`, () => files.syncDirectory(path)),
  };
}

/** The points of this process when the variable names one: it then dies there as by kill -9. */
export function crashPointsOf(environment: Readonly<Record<string, string | undefined>>): CrashPoints | undefined {
  const text = environment[CRASH_VARIABLE];
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  return new CrashPoints({ at: Number(text) }, { die: () => process.kill(process.pid, "SIGKILL") });
}
