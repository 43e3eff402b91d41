/**
 * The schema of the SDK 0.53.4's modules as another project generated it (cosmjs-types 0.11): every message and every method of a service in it is
 * here, but what is listed. test/proto/cosmjs-types.test.ts compares the bytes of what both have.
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { findService, messageNames } from "../../proto/registry.ts";

const require = createRequire(import.meta.url);
const root = join(dirname(require.resolve("cosmjs-types/binary")), "cosmos");
const MODULES = [
  ...["auth", "authz", "bank", "base", "consensus", "crypto", "distribution", "evidence", "feegrant", "genutil"],
  ...["gov", "mint", "params", "slashing", "staking", "tx", "upgrade", "vesting"],
];

interface Generated {
  readonly protobufPackage?: string;
  readonly [name: string]: unknown;
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path);
    return entry.name.endsWith(".js") ? [path] : [];
  });
}

const generated = MODULES.flatMap((module) => filesOf(join(root, module))).map(
  (path) => require(`cosmjs-types/cosmos/${relative(root, path).replace(/\.js$/, "")}`) as Generated,
);

/** Full names of the messages that the generated code has; nested ones are joined by underscores there. */
const messages = generated.flatMap(({ protobufPackage = "", ...exported }) =>
  Object.entries(exported)
    .filter(([, value]) => typeof value === "object" && value !== null && "typeUrl" in value)
    .map(([name]) => `${protobufPackage}.${name.replaceAll("_", ".")}`),
);

const methods = generated.flatMap(({ protobufPackage = "", ...exported }) =>
  Object.entries(exported)
    .filter(([name, value]) => name.endsWith("ClientImpl") && typeof value === "function")
    .flatMap(([name, value]) =>
      Object.getOwnPropertyNames((value as { readonly prototype: object }).prototype)
        .filter((method) => method !== "constructor")
        .map((method) => [`${protobufPackage}.${name.replace("ClientImpl", "")}`, method] as const),
    ),
);

describe("the SDK's modules", () => {
  test("have no message that is not here but their wiring in Go and the genesis of the first gov", () => {
    const known = new Set<string>(messageNames());
    const missing = messages.filter((name) => !known.has(name) && !/\.module\.v1\.|\.tx\.config\./.test(name));
    expect(messages.length).toBeGreaterThan(450);
    expect(missing).toEqual(["cosmos.gov.v1beta1.GenesisState"]);
  });

  test("have no method of a service that is not here", () => {
    const missing = methods.filter(
      ([service, name]) => findService(service)?.methods.some((method) => method.name === name) !== true,
    );
    expect(methods.length).toBeGreaterThan(150);
    expect(missing.map(([service, name]) => `${service}/${name}`)).toEqual([]);
  });
});
