// `npm run gen`: reads the .proto files with buf and writes the generated TypeScript beside them. With --check it writes
// nothing and fails if a file would change. A development tool: nothing of it runs in a node.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleOf } from "./bundle.ts";
import type { DescriptorSet } from "./descriptor-set.ts";
import { descriptorsFile, enumsFile, reflectionFile, typesFile } from "./write.ts";

const protoFolder = fileURLToPath(new URL("..", import.meta.url));
const buf = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));
const outputBytesMax = 64 * 1024 * 1024;

function bufBuild(...options: readonly string[]): Buffer {
  return execFileSync(buf, ["build", ...options], {
    cwd: protoFolder,
    maxBuffer: outputBytesMax,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The text of every generated file by its name in proto/, made anew from the .proto files. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const set = JSON.parse(bufBuild("-o", "-#format=json").toString("utf8")) as DescriptorSet;
  const bundle = bundleOf(set);
  return new Map([
    ["types.gen.ts", typesFile(bundle)],
    ["enums.gen.ts", enumsFile(bundle)],
    ["descriptors.gen.ts", descriptorsFile(bundle)],
    [
      "reflection.gen.ts",
      reflectionFile(bufBuild("--as-file-descriptor-set", "--exclude-source-info", "-o", "-#format=binpb")),
    ],
  ]);
}

function main(): void {
  const check = process.argv.includes("--check");
  let stale = false;
  for (const [name, text] of generatedFiles()) {
    const path = `${protoFolder}/${name}`;
    if (!check) writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) {
      stale = true;
      console.error(`proto/${name} is out of date: run npm run gen`);
    }
  }
  if (stale) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
