/**
 * Owns which REST route means which gRPC method, derived from `google.api.http` of every served service: nothing is
 * listed by hand. Does not own requests or answers (gateway.ts).
 */

import type { HttpRule, MethodInfo } from "../../proto/descriptor.ts";
import { services } from "../../proto/registry.ts";

/** Part of a path template: a fixed word, one segment bound to a field, or all the rest bound to a field. */
type Segment =
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "field"; readonly field: string }
  | { readonly kind: "rest"; readonly field: string };

/** One route. */
export interface Route {
  readonly http: HttpRule;
  /** `/package.Service/Method`, the path of the ABCI query. */
  readonly grpcPath: string;
  readonly method: MethodInfo;
  readonly segments: readonly Segment[];
}

/** A route that fits a path, with the values its template binds. */
export interface RouteMatch {
  readonly route: Route;
  readonly bound: ReadonlyMap<string, string>;
}

/** Routes of all services' methods that `isServed` says are answered, more fixed words first. */
export function collectRoutes(isServed: (grpcPath: string) => boolean): readonly Route[] {
  const routes: Route[] = [];
  for (const [serviceName, service] of services()) {
    if (service.transactions) continue;
    for (const method of service.methods) {
      const grpcPath = `/${serviceName}/${method.name}`;
      if (!isServed(grpcPath)) continue;
      for (const http of method.http ?? []) routes.push({ http, grpcPath, method, segments: parseTemplate(http.path) });
    }
  }
  return routes.sort(bySpecificity);
}

/** At the first segment where two routes differ, a fixed word comes before a field, a field before the rest. */
function bySpecificity(left: Route, right: Route): number {
  const rank = { word: 0, field: 1, rest: 2 };
  for (const [index, segment] of left.segments.entries()) {
    const other = right.segments[index];
    if (other === undefined) return -1;
    if (segment.kind !== other.kind) return rank[segment.kind] - rank[other.kind];
  }
  return left.segments.length - right.segments.length;
}

/** Splits `/a/{b}/{c=**}`. */
function parseTemplate(path: string): readonly Segment[] {
  return path
    .split("/")
    .slice(1)
    .map((part): Segment => {
      const match = /^\{([^=}]+)(=\*\*)?(?:=\*)?\}$/.exec(part);
      if (match === null) return { kind: "word", word: part };
      const field = match[1] ?? "";
      return match[2] === undefined ? { kind: "field", field } : { kind: "rest", field };
    });
}

/** The first route that fits, or undefined. Percent escapes in bound values are decoded; broken ones fit nothing. */
export function findRoute(routes: readonly Route[], httpMethod: string, path: string): RouteMatch | undefined {
  const parts = path.split("/").slice(1);
  for (const route of routes) {
    if (route.http.method !== httpMethod) continue;
    const bound = bind(route.segments, parts);
    if (bound !== undefined) return { route, bound };
  }
  return undefined;
}

function bind(segments: readonly Segment[], parts: readonly string[]): ReadonlyMap<string, string> | undefined {
  const bound = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.kind === "word") {
      if (part !== segment.word) return undefined;
      continue;
    }
    const rest = segment.kind === "rest";
    const value = unescaped(rest ? parts.slice(index).join("/") : part);
    if (value === undefined || value === "") return undefined;
    bound.set(segment.field, value);
    if (rest) return bound;
  }
  return parts.length === segments.length ? bound : undefined;
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
