// What strangers put in paths and headers is either what it should be, and is written back the same, or nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { askText, oneLine, pathOf, readRoute, readSignatureText, readUnits } from "../../../attribution/asking/wire.ts";
import { base64 } from "../../../proto/bytes.ts";

test("every use has a path for its prompt and one for its receipt, and no other path or method is taken", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 0xffff_ffff_ffff_ffffn }),
      fc.constantFrom("prompt", "receipt"),
      (useId, is) => {
        expect(readRoute("POST", pathOf({ is, useId }))).toEqual({ is, useId });
        expect(readRoute("GET", pathOf({ is, useId }))).toBeUndefined();
      },
    ),
  );
  const parts = fc.constantFrom(
    "/",
    "uses",
    "prompt",
    "receipt",
    "7",
    "0",
    "-1",
    "..",
    "%2e",
    "18446744073709551616",
    "?x",
    " ",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts, { maxLength: 8 }).map((all) => all.join("")),
      ),
      (path) => {
        const route = readRoute("POST", path);
        if (route !== undefined) expect(pathOf(route)).toBe(path);
      },
    ),
  );
  expect(readRoute("POST", "/uses/18446744073709551616/prompt")).toBeUndefined();
  expect(readRoute("GET", "/")).toEqual({ is: "host" });
});

test("a signature is 64 bytes in the one base64 of them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 60, maxLength: 68 }), (bytes) => {
      expect(readSignatureText(base64(bytes))).toEqual(bytes.length === 64 ? bytes : undefined);
    }),
  );
  const text = base64(new Uint8Array(64));
  // The last character carries bits that belong to no byte.
  for (const other of [`${text.slice(0, 85)}B==`, `${text} `, text.slice(0, -1), [text], undefined]) {
    expect(readSignatureText(other)).toBeUndefined();
  }
});

test("units are a whole number from 1 to what a use may come to, written in one way", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.bigInt({ min: -2n, max: 1n << 33n }).map(String)), (text) => {
      const units = readUnits(text);
      if (units !== undefined) expect([`${units}`, units >= 1n && units <= 1n << 32n]).toEqual([text, true]);
    }),
  );
  expect(["1", "4294967296", "4294967297", "01", "1e3", "", undefined].map(readUnits)).toEqual([
    1n,
    4294967296n,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("the text that asks names chain, use and prompt", () => {
  expect(askText("chain-1", 7n, new Uint8Array(32).fill(0xab))).toBe(
    `tributary use request\nchain: chain-1\nuse: 7\nprompt sha256: ${"ab".repeat(32)}`,
  );
});

test("somebody else's words are one line that steers no terminal", () => {
  expect(oneLine(" no\u001b[2J\r\nanswer\u202e\u0000 ")).toBe("no [2J answer");
});
