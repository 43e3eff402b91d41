/**
 * Owns the processes of a mutation run: hands mutants out, takes what became of them in, and ends a process that no longer answers,
 * which counts as the mutant found. Does not own what a mutant is or what is reported.
 */

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { type DesignMutant, patchedSources } from "./design.ts";
import type { FromWorker, Outcome, Ready, ToWorker } from "./worker.ts";

export interface CrewOptions {
  readonly files: readonly string[];
  readonly testFiles: readonly string[];
  readonly jobs: number;
  /** The design mutant whose sources are loaded instead of the instrumented ones. */
  readonly design?: string;
  /** A process that is silent this long over one mutant hangs in it. */
  readonly silenceMs: number;
}

const LOADING_MS = 600_000;

class Member {
  readonly #options: CrewOptions;
  readonly #atLoad: string | undefined;
  #child: ChildProcess | undefined;

  /** With `atLoad` that mutant is on from the first line of the sources. */
  constructor(options: CrewOptions, atLoad?: string) {
    this.#options = options;
    this.#atLoad = atLoad;
  }

  /** Undefined when the process died or hung instead. */
  async ready(): Promise<Ready | undefined> {
    const environment = this.#atLoad === undefined ? {} : { __STRYKER_ACTIVE_MUTANT__: this.#atLoad };
    this.#child = fork(join(import.meta.dirname, "worker.ts"), {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, ...environment },
    });
    const { files, testFiles, design } = this.#options;
    const answer = await this.#ask({ type: "load", files, testFiles, design }, LOADING_MS);
    return answer?.type === "ready" ? answer : undefined;
  }

  async try(id: string): Promise<Outcome> {
    const answer = await this.#ask({ type: "try", id }, this.#options.silenceMs);
    return answer?.type === "outcome" ? answer.outcome : { id, status: "killed", detail: "the process hung or died" };
  }

  get isAlive(): boolean {
    return this.#child?.connected === true;
  }

  dismiss(): void {
    this.#child?.kill("SIGKILL");
  }

  #ask(message: ToWorker, limitMs: number): Promise<FromWorker | undefined> {
    const child = this.#child as ChildProcess;
    return new Promise((resolve) => {
      const done = (answer: FromWorker | undefined): void => {
        clearTimeout(timer);
        child.removeAllListeners("message").removeAllListeners("exit");
        if (answer === undefined) child.kill("SIGKILL");
        resolve(answer);
      };
      const timer = setTimeout(() => done(undefined), limitMs);
      child.once("message", (answer) => done(answer as FromWorker));
      child.once("exit", () => done(undefined));
      child.send(message, (error) => error !== null && done(undefined));
    });
  }
}

/** What a first process says of the tests: how many there are, and what fails without any mutant. It can go on to try mutants. */
export async function muster(options: CrewOptions): Promise<Ready & { readonly scout: Member }> {
  const scout = new Member(options);
  const ready = await scout.ready();
  if (ready === undefined) throw new Error("the tests could not be loaded without a mutant");
  return { ...ready, scout };
}

/** Tries every mutant; `tell` hears of each as it is done. A `scout` with these very options is one of the processes. */
export async function tryAll(
  options: CrewOptions,
  ids: readonly string[],
  onlyAtLoad: ReadonlySet<string>,
  tell: (outcome: Outcome) => void,
  scout?: Member,
): Promise<void> {
  const waiting = ids.filter((id) => !onlyAtLoad.has(id));
  const alone = ids.filter((id) => onlyAtLoad.has(id));
  const work = async (first: Member | undefined): Promise<void> => {
    let member = first;
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (member?.isAlive !== true) {
        member = new Member(options);
        if ((await member.ready()) === undefined) throw new Error("a process of the run did not come up");
      }
      tell(await member.try(id));
    }
    member?.dismiss();
    for (let id = alone.shift(); id !== undefined; id = alone.shift()) tell(await tryFromTheStart(options, id));
  };
  await Promise.all(Array.from({ length: options.jobs }, (_, job) => work(job === 0 ? scout : undefined)));
}

/** Tries each design mutant with its own tests; `tell` hears of each as it is done. */
export async function tryDesigns(designs: readonly DesignMutant[], tell: (outcome: Outcome) => void): Promise<void> {
  for (const { id, testFiles } of designs) {
    // A patch that does not fit would end the process too, and nothing would have been found.
    patchedSources(id);
    tell(await tryFromTheStart({ files: [], testFiles, jobs: 1, silenceMs: LOADING_MS, design: id }, id));
  }
}

/** Runs all tests in a process in which the mutant is on from the first line, until one fails. */
async function tryFromTheStart(options: CrewOptions, id: string): Promise<Outcome> {
  const own = new Member(options, id);
  const ready = await own.ready();
  own.dismiss();
  if (ready === undefined) return { id, status: "killed", detail: "the process hung or died" };
  const [first] = ready.broken;
  if (first !== undefined) return { id, status: "killed", detail: first };
  return { id, status: "survived", detail: `${ready.tests} tests passed` };
}
