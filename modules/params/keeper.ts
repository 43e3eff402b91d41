// Owns: finding a module's parameters by asking the module. Does not own: how they are named in an answer (queries.ts).

import type { Read } from "../../chain/module/context.ts";
import type { Module } from "../../chain/module/define.ts";
import { decode } from "../../proto/codec.ts";
import { messageInfo } from "../../proto/registry.ts";
import type { MessageName } from "../../proto/types.gen.ts";

/** What params is told. */
export interface ParamsUses {
  /** All modules, once they are built. */
  readonly modules: () => readonly Module[];
}

/** A module's parameters: the message and its name. */
export interface ModuleParams {
  readonly name: MessageName;
  readonly value: unknown;
}

export class ParamsKeeper {
  readonly #modules: () => readonly Module[];

  constructor({ modules }: ParamsUses) {
    this.#modules = modules;
  }

  /** The names of the modules that answer for parameters. */
  names(): readonly string[] {
    return this.#modules()
      .filter((module) => paramsRoute(module) !== undefined)
      .map(({ name }) => name);
  }

  /** A module's parameters as it answers for them; undefined for a module without any, or that is not there. */
  paramsOf(ctx: Read, moduleName: string): ModuleParams | undefined {
    const module = this.#modules().find(({ name }) => name === moduleName);
    const route = module === undefined ? undefined : paramsRoute(module);
    if (route === undefined) return undefined;
    const field = messageInfo(route.response).fields.find(({ name }) => name === "params");
    const answer = decode(route.response, route.handle(ctx, new Uint8Array())) as { readonly params?: unknown };
    if (field?.typeName === undefined || answer.params === undefined) return undefined;
    return { name: field.typeName as MessageName, value: answer.params };
  }
}

/** A module's own query for its parameters; the one of this module asks for something else. */
function paramsRoute(module: Module) {
  const route = module.queries.find(({ path }) => path === `/${module.proto}.Query/Params`);
  return route !== undefined && messageInfo(route.response).fields.some(({ name }) => name === "params")
    ? route
    : undefined;
}
