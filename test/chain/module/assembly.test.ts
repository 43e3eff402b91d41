/** The list of modules: neighbours are handed on in order, and the types know whom an entry can use. */
import { expect, test } from "vitest";
import { Assembly } from "../../../chain/module/assembly.ts";
import { defineModule } from "../../../chain/module/define.ts";
import { definitions } from "../../../modules/app.ts";

interface Counter {
  readonly label: string;
}

/** A module without messages: consensus parameters have a query of their own here, so another package without services serves. */
const moduleNamed = <const Name extends string>(name: Name) =>
  defineModule({
    name,
    proto: "cosmos.genutil.v1beta1",
    version: 1,
    keeper: (uses: { readonly before: readonly Counter[] }): Counter => ({
      label: [...uses.before.map(({ label }) => label), name].join(">"),
    }),
    msgs: {},
    queries: {},
  });

test("each keeper is built from those before it, and all are known by name", () => {
  const { modules, keepers } = Assembly.of<{ readonly suffix: Counter }>()
    .with(moduleNamed("first"), (_, { suffix }) => ({ before: [suffix] }))
    .with(moduleNamed("second"), ({ first }) => ({ before: [first] }))
    .build({ suffix: { label: "given" } });
  expect(modules.map(({ name }) => name)).toEqual(["first", "second"]);
  expect(keepers.second.label).toBe("given>first>second");
});

test("a neighbour that comes later, or a use of the wrong kind, does not compile", () => {
  const assembly = Assembly.of<object>().with(moduleNamed("first"), () => ({ before: [] }));
  // @ts-expect-error There is no keeper "second" yet.
  const early = () => assembly.with(moduleNamed("third"), ({ second }) => ({ before: [second] }));
  // @ts-expect-error The keeper asks for a list.
  const wrong = () => assembly.with(moduleNamed("third"), ({ first }) => ({ before: first }));
  expect([early, wrong]).toHaveLength(2);
});

test("the chain's own list names every module once", () => {
  const names = definitions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("tokenpool");
});
