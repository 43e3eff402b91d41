/** The state tables of auth's and bank's READMEs say what the schemas say. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AnySchema, describe as describeSchema } from "../../chain/store/schema.ts";
import { state as auth } from "../../modules/auth/state.ts";
import { state as bank } from "../../modules/bank/state.ts";
import { hex } from "../../proto/bytes.ts";

const schemas: Record<string, AnySchema> = { auth, bank };

describe("the state table in the README", () => {
  test.each(Object.keys(schemas))("of %s is the schema's", (module) => {
    const text = readFileSync(new URL(`../../modules/${module}/README.md`, import.meta.url), "utf8");
    for (const { name, kind, prefix, key, value } of describeSchema(schemas[module]!)) {
      expect(text).toContain(`| ${name} | ${kind} | \`${hex(prefix)}\` | ${key ?? ""} | ${value} |\n`);
    }
  });
});
