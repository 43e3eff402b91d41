// Owns: how a module calls its neighbours back. A module states its hooks as an interface of functions that return
// nothing; `combineHooks` makes one such object out of many, called in the order given in modules/app.ts.
// Does not own: any hook's meaning (each module's hooks.ts).

type HookFunction = (...values: never[]) => void;

/** One object whose every function calls the same function of each member, in order. A throw stops the rest. */
export function combineHooks<Hooks extends { readonly [Name in keyof Hooks]: HookFunction }>(
  names: readonly (keyof Hooks & string)[],
  members: readonly Partial<Hooks>[],
): Hooks {
  const combined: { [name: string]: HookFunction } = {};
  for (const name of names) {
    combined[name] = (...values) => {
      for (const member of members) member[name]?.(...values);
    };
  }
  return combined as unknown as Hooks;
}
