// Owns: the list of a chain's modules as one expression: each entry names a definition and says which neighbours its keeper is given, and the
// types of the keepers before it are known there. Does not own: which modules there are (modules/app.ts), nor their turns in a block.

import type { AnyModuleDefinition, Module, ModuleWithKeeper } from "./define.ts";

/** A definition as an entry needs it: a name the types know, and a way to build it. */
interface Buildable<Name extends string, Keeper, Uses> extends AnyModuleDefinition {
  readonly name: Name;
  readonly create: (uses: Uses) => ModuleWithKeeper<Keeper>;
}

interface Entry {
  readonly definition: AnyModuleDefinition;
  readonly build: (keepers: never, dependencies: never) => ModuleWithKeeper<unknown>;
}

/** What building gives: the modules in the order of their entries, and their keepers by name. */
export interface Assembled<Keepers> {
  readonly modules: readonly Module[];
  readonly keepers: Keepers;
}

/** Modules in the order in which they were added; a keeper can use those before it. */
export class Assembly<Dependencies, Keepers> {
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** An assembly without modules. `Dependencies` is what `build` will be given. */
  static of<Dependencies>(): Assembly<Dependencies, Record<never, never>> {
    return new Assembly([]);
  }

  /** Adds a module. `uses` picks its neighbours' keepers, or says what of them it may use. */
  with<Name extends string, Keeper, Uses>(
    definition: Buildable<Name, Keeper, Uses>,
    uses: (keepers: Keepers, dependencies: Dependencies) => Uses,
  ): Assembly<Dependencies, Keepers & { readonly [Own in Name]: Keeper }> {
    const build = (keepers: Keepers, dependencies: Dependencies) => definition.create(uses(keepers, dependencies));
    return new Assembly([...this.#entries, { definition, build }]);
  }

  /** The static facts of every module. */
  get definitions(): readonly AnyModuleDefinition[] {
    return this.#entries.map(({ definition }) => definition);
  }

  /** Builds every module. */
  build(dependencies: Dependencies): Assembled<Keepers> {
    const keepers: { [name: string]: unknown } = {};
    const modules = this.#entries.map(({ build }) => {
      const made = build(keepers as never, dependencies as never);
      keepers[made.name] = made.keeper;
      return made;
    });
    return { modules, keepers: keepers as Keepers };
  }
}
