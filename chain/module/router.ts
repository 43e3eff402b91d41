// Owns: which handler serves a message or a query, gathered from the modules. Does not own: running them (chain/app).

import type { MessageRoute, Module, QueryRoute } from "./define.ts";
import { hasSigners } from "./signers.ts";

/** Every route of an application. */
export interface Router {
  /** The route of a message, by type URL. */
  message(typeUrl: string): MessageRoute | undefined;
  /** The route of a query, by gRPC path. */
  query(path: string): QueryRoute | undefined;
  readonly messages: ReadonlyMap<string, MessageRoute>;
  readonly queries: ReadonlyMap<string, QueryRoute>;
}

/** Gathers the routes. Throws when two modules claim one, or a message names no signer: mistakes in the source. */
export function createRouter(modules: readonly Module[]): Router {
  const messages = new Map<string, MessageRoute>();
  const queries = new Map<string, QueryRoute>();
  for (const module of modules) {
    for (const route of module.messages) {
      if (messages.has(route.typeUrl)) throw new Error(`two modules handle ${route.typeUrl}`);
      if (!hasSigners(route.request)) throw new Error(`message ${route.request} names no signer`);
      messages.set(route.typeUrl, route);
    }
    for (const route of module.queries) {
      if (queries.has(route.path)) throw new Error(`two modules answer ${route.path}`);
      queries.set(route.path, route);
    }
  }
  return { messages, queries, message: (typeUrl) => messages.get(typeUrl), query: (path) => queries.get(path) };
}
