import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readServed, readSignature, servedIn } from "../../attribution/served-uses.ts";

const root = mkdtempSync(join(tmpdir(), "tributary-served-uses-"));
const folder = join(root, "7");
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

describe("a served use", () => {
  test("is read from its folder, with one unit unless a file says more", () => {
    put("prompt", "what?");
    put("output", "that.");
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(readServed(folder, 7n)).toEqual({ useId: 7n, prompt: bytes("what?"), output: bytes("that."), units: 1n });
    put("units", "12\n");
    expect(readServed(folder, 7n).units).toBe(12n);
  });

  test("is refused with the file that is wrong: no units, no text, an empty or an endless one", () => {
    expect(() => readServed(folder, 7n)).toThrow(/prompt is not there/);
    put("prompt", "what?");
    put("output", "");
    expect(() => readServed(folder, 7n)).toThrow(/output has 0 bytes, a receipt is for 1 to 1048576/);
    truncateSync(join(folder, "output"), 1_048_577);
    expect(() => readServed(folder, 7n)).toThrow(/output has 1048577 bytes/);
    truncateSync(join(folder, "output"), 1_048_576);
    expect(readServed(folder, 7n).output).toHaveLength(1_048_576);
    for (const units of ["0", "-1", "1.5", "many", "", "12345678901"]) {
      put("units", units);
      expect(() => readServed(folder, 7n)).toThrow(/units does not hold a number of units/);
    }
  });

  test("has the signature of 64 bytes in base64 that its file holds, and none before there is one", () => {
    expect(readSignature(folder)).toBeUndefined();
    put("signature", `${Buffer.alloc(64, 7).toString("base64")}\n`);
    expect(readSignature(folder)).toEqual(new Uint8Array(64).fill(7));
    for (const wrong of ["", "hello", Buffer.alloc(63).toString("base64"), Buffer.alloc(64).toString("hex")]) {
      put("signature", wrong);
      expect(() => readSignature(folder)).toThrow(/signature does not hold a signature in base64/);
    }
  });
});

test("served uses are the folders named by a number, in the order of the numbers", () => {
  for (const name of ["10", "9", "0", "08", "notes", "123456789012345678901"])
    mkdirSync(join(root, name), { recursive: true });
  expect(servedIn(root)).toEqual([7n, 9n, 10n]);
});
