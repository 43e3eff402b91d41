/**
 * Stands in for vitest while mutants run: collects what test files declare, so that one process can run single tests again and again.
 * Owns the collection only; `expect` is vitest's own. test/mutation/hooks.ts puts this module in the place of "vitest".
 */

export { expect } from "vitest";

type Body = (...values: never[]) => unknown;
type Hook = () => unknown;

/** One declared test with the hooks around it. */
export interface CollectedTest {
  readonly id: string;
  run(): Promise<void>;
}

interface Scope {
  readonly name: string;
  readonly parent: Scope | undefined;
  readonly before: Hook[];
  readonly after: Hook[];
  readonly once: Hook[];
}

export const collected: CollectedTest[] = [];
let scope: Scope = { name: "", parent: undefined, before: [], after: [], once: [] };

/** Names the file whose tests are being collected now. */
export function collectFrom(file: string): void {
  scope = { name: file, parent: undefined, before: [], after: [], once: [] };
}

function chain(from: Scope): Scope[] {
  return from.parent === undefined ? [from] : [...chain(from.parent), from];
}

function bodyOf(rest: readonly unknown[]): Body {
  return rest.find((part) => typeof part === "function") as Body;
}

function declare(name: string, body: Body, values: readonly unknown[]): void {
  const scopes = chain(scope);
  const id = [...scopes.map((each) => each.name), name].join(" > ");
  collected.push({
    id,
    async run() {
      for (const each of scopes) for (const hook of each.once.splice(0)) await hook();
      try {
        for (const each of scopes) for (const hook of each.before) await hook();
        await body(...(values as never[]));
      } finally {
        for (const each of scopes) for (const hook of each.after) await hook();
      }
    },
  });
}

function named(name: string, values: readonly unknown[]): string {
  let at = 0;
  return name.replaceAll(/%[sdifjo#]/g, () => String(values[at++]));
}

function declareOne(name: string, ...rest: readonly unknown[]): void {
  declare(name, bodyOf(rest), []);
}

function skipped(): void {}

function each(rows: readonly unknown[]) {
  return (name: string, ...rest: readonly unknown[]): void => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      declare(named(name, values), bodyOf(rest), values);
    }
  };
}

function forEachRow(rows: readonly unknown[]) {
  return (name: string, ...rest: readonly unknown[]): void => {
    for (const row of rows) declare(named(name, [row]), bodyOf(rest), [row]);
  };
}

const choice = {
  skip: skipped,
  skipIf: (condition: unknown) => (condition ? skipped : declareOne),
  runIf: (condition: unknown) => (condition ? declareOne : skipped),
};

export const test = Object.assign(declareOne, { ...choice, each, for: forEachRow });
export const it = test;

function group(name: string, ...rest: readonly unknown[]): void {
  const outer = scope;
  scope = { name, parent: outer, before: [], after: [], once: [] };
  try {
    bodyOf(rest)();
  } finally {
    scope = outer;
  }
}

export const describe = Object.assign(group, {
  skip: skipped,
  skipIf: (condition: unknown) => (condition ? skipped : group),
  runIf: (condition: unknown) => (condition ? group : skipped),
  each: (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const row of rows) group(named(name, [row]), () => body(...([row].flat() as never[])));
  },
});

export const beforeEach = (hook: Hook): void => void scope.before.push(hook);
export const afterEach = (hook: Hook): void => void scope.after.push(hook);
export const beforeAll = (hook: Hook): void => void scope.once.push(hook);
// What a whole file shares may live until the process ends.
export const afterAll = (_hook: Hook): void => {};
