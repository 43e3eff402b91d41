import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BytesError,
  base64,
  compareBytes,
  concat,
  equalBytes,
  firstInvalidUtf8,
  fromBase64,
  fromHex,
  hex,
  utf8,
  utf8Length,
  utf8Text,
} from "../../proto/bytes.ts";

const wellFormed = fc.string({ unit: "binary", maxLength: 40 });

describe("UTF-8", () => {
  test("is written as the platform writes it", () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(utf8(text)).toEqual(new TextEncoder().encode(text));
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
        expect(utf8Text(utf8(text))).toBe(text);
      }),
    );
  });

  test("is refused exactly where the platform's fatal decoder refuses it", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const nearlyText = fc
      .tuple(wellFormed, fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([text, at, byte]) => utf8(text).map((old, i, all) => (i === at % all.length ? byte : old)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 12 }), nearlyText), (bytes) => {
        let expected: string | undefined;
        try {
          expected = decoder.decode(bytes);
        } catch {
          expected = undefined;
        }
        expect(firstInvalidUtf8(bytes) < 0).toBe(expected !== undefined);
        if (expected === undefined) expect(() => utf8Text(bytes)).toThrow(BytesError);
        else expect(utf8Text(bytes)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["\ud800", "a\udc00", "\ud800\ud800"])("cannot carry the unpaired surrogate in %j", (text) => {
    expect(() => utf8(text)).toThrow(BytesError);
  });
});

describe("hex and base64", () => {
  test("are the platform's, both ways", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(hex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
        expect(fromHex(hex(bytes).toUpperCase())).toEqual(bytes);
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
        expect(fromBase64(base64(bytes))).toEqual(bytes);
        expect(fromBase64(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
  });

  test.each(["0", "0g", "zz", "0x00"])("%j is not hex", (text) => {
    expect(() => fromHex(text)).toThrow(BytesError);
  });

  test.each(["=", "====", "A", "AA=", "AAA==", "A A=", "AAAA=", "AAAAA", "é="])("%j is not base64", (text) => {
    expect(() => fromBase64(text)).toThrow(BytesError);
  });
});

test("bytes are ordered and joined as Buffer does it", () => {
  const bytes = fc.uint8Array({ maxLength: 6, max: 3 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
      expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b));
      expect(concat(a, b)).toEqual(new Uint8Array(Buffer.concat([a, b])));
    }),
  );
});
