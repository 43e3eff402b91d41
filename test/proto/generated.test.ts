import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFiles } from "../../proto/generate/generate.ts";

test("the generated files are what the .proto files give now", () => {
  for (const [name, text] of generatedFiles()) {
    const checkedIn = readFileSync(new URL(`../../proto/${name}`, import.meta.url), "utf8");
    expect(checkedIn === text, `proto/${name} is out of date: run npm run gen`).toBe(true);
  }
});
