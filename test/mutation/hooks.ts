/**
 * Owns what a mutation worker imports instead of the real thing: instrumented sources, and collected.ts in the place of vitest.
 */

import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** From here on this process imports the given sources (by absolute path). */
export function replaceSources(sources: ReadonlyMap<string, string>): void {
  const collector = new URL("collected.ts", import.meta.url).href;
  registerHooks({
    resolve(specifier, context, next) {
      const isOurs = specifier === "vitest" && context.parentURL !== collector;
      return isOurs ? { url: collector, shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next) {
      const source = url.startsWith("file:") ? sources.get(fileURLToPath(url)) : undefined;
      if (source === undefined) return next(url, context);
      return { format: "module-typescript", source, shortCircuit: true };
    },
  });
}
