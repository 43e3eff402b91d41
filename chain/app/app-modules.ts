// Owns: the list of modules as the application runs them: one set, and for each phase the order in which they take their
// turn. Does not own: the order itself, which modules/app.ts writes with its reasons.

import type { Read } from "../module/context.ts";
import type { Module } from "../module/define.ts";
import type { StoreUpgrade } from "../store/store-lists.ts";
import { upgradeState } from "./state.ts";

/** The modules and their order in each phase. Every name in an order is a module's; genesis names every module. */
export interface ModuleSet {
  readonly modules: readonly Module[];
  readonly genesisOrder: readonly string[];
  readonly preBlockOrder: readonly string[];
  readonly beginBlockOrder: readonly string[];
  readonly endBlockOrder: readonly string[];
  /** What the upgrade that is due at this height, if any, does to the stores. */
  readonly storeUpgrade?: (ctx: Read, height: bigint) => StoreUpgrade | undefined;
}

/** The modules by phase, looked up and checked. */
export interface ModuleOrder {
  readonly modules: readonly Module[];
  readonly genesis: readonly Module[];
  readonly preBlock: readonly Module[];
  readonly beginBlock: readonly Module[];
  readonly endBlock: readonly Module[];
  readonly storeUpgrade: ModuleSet["storeUpgrade"];
}

/** Resolves the orders. Throws on an unknown name, a module left out of a phase it has work in, or a name twice. */
export function orderModules(set: ModuleSet): ModuleOrder {
  const byName = new Map<string, Module>();
  for (const module of set.modules) {
    if (byName.has(module.name)) throw new Error(`two modules are named ${module.name}`);
    byName.set(module.name, module);
  }
  const resolve = (phase: string, names: readonly string[], takesPart: (module: Module) => boolean): Module[] => {
    const listed = names.map((name) => {
      const module = byName.get(name);
      if (module === undefined) throw new Error(`${phase} order names ${name}, which is no module`);
      return module;
    });
    if (new Set(names).size !== names.length) throw new Error(`${phase} order names a module twice`);
    for (const module of set.modules) {
      if (takesPart(module) && !listed.includes(module)) throw new Error(`${phase} order leaves out ${module.name}`);
    }
    return listed;
  };
  return {
    modules: set.modules,
    genesis: resolve("genesis", set.genesisOrder, (module) => module.genesis !== undefined),
    preBlock: resolve("pre-block", set.preBlockOrder, (module) => module.preBlock !== undefined),
    beginBlock: resolve("begin block", set.beginBlockOrder, (module) => module.beginBlock !== undefined),
    endBlock: resolve("end block", set.endBlockOrder, (module) => module.endBlock !== undefined),
    storeUpgrade: set.storeUpgrade,
  };
}

/** Whether a state has the module: one that an upgrade brings begins at that upgrade's height. */
export function hasBegun(module: string, ctx: Read): boolean {
  return upgradeState.moduleVersions.has(ctx, module);
}

/** Checks every module's invariants over a state. One sentence for each that does not hold. */
export function brokenInvariants(modules: readonly Module[], ctx: Read): string[] {
  const broken: string[] = [];
  for (const module of modules) {
    if (!hasBegun(module.name, ctx)) continue;
    for (const [name, invariant] of module.invariants) {
      const flaw = flawOf(() => invariant(ctx));
      if (flaw !== undefined) broken.push(`${module.name}/${name}: ${flaw}`);
    }
  }
  return broken;
}

/** What an invariant says; one that cannot even be worked out does not hold. */
function flawOf(invariant: () => string | undefined): string | undefined {
  try {
    return invariant();
  } catch (error) {
    return `it cannot be worked out: ${(error as Error).message}`;
  }
}
