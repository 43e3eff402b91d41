import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areJoined, beginsToken, countTokens, endsToken, isSpace, tokenize } from "../../../chain/types/lexer.ts";

const encoder = new TextEncoder();

function tokensOf(text: string): string[] {
  const bytes = encoder.encode(text);
  const { starts, ends } = tokenize(bytes);
  return Array.from(starts, (start, i) => new TextDecoder().decode(bytes.subarray(start, ends[i])));
}

/** Any bytes, with the classes that matter made likely. */
const bytes = fc
  .uint8Array({ maxLength: 60 })
  .map((raw) => raw.map((byte) => (byte < 128 ? b("a_0 +\n"[byte % 6]!) : byte)));

function b(character: string): number {
  return character.charCodeAt(0);
}

describe("the byte lexer", () => {
  test("words are runs of letters, digits and underscores; other bytes stand alone; white space is skipped", () => {
    expect(tokensOf("uint256 _a1+=b;\n\t// x")).toEqual(["uint256", "_a1", "+", "=", "b", ";", "/", "/", "x"]);
    expect(tokensOf("")).toEqual([]);
    expect(tokensOf(" \t\r\n\v\f")).toEqual([]);
  });

  test("a character beyond ASCII is one token", () => {
    expect(tokensOf("é水😀a水")).toEqual(["é", "水", "😀", "a", "水"]);
  });

  test("tokens are what the regular expression of the definition finds", () => {
    // Latin-1 text: one character for each byte, so that the definition can be said as a regular expression.
    const definition = /[A-Za-z0-9_]+|[\x80-\xff][\x80-\xbf]*|[^\t\n\v\f\r ]/g;
    fc.assert(
      fc.property(bytes, (text) => {
        const expected = [
          ...Array.from(text, (byte) => String.fromCharCode(byte))
            .join("")
            .matchAll(definition),
        ];
        const { starts, ends } = tokenize(text);
        expect(Array.from(starts)).toEqual(expected.map((match) => match.index));
        expect(Array.from(ends)).toEqual(expected.map((match) => match.index + match[0].length));
        expect(countTokens(text)).toBe(expected.length);
      }),
      { numRuns: 1000 },
    );
  });

  test("a border depends on the two bytes beside it alone", () => {
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        if (left.length === 0 || right.length === 0) return;
        const joined = new Uint8Array([...left, ...right]);
        const whole = tokenize(joined);
        const border = left.length;
        const isBorder = !Array.from(whole.starts).some((start, i) => start < border && whole.ends[i]! > border);
        expect(areJoined(left.at(-1)!, right[0]!)).toBe(!isBorder);
        expect(beginsToken(left.at(-1), right[0]!)).toBe(whole.starts.includes(border));
        expect(endsToken(left.at(-1)!, right[0])).toBe(whole.ends.includes(border));
      }),
      { numRuns: 1000 },
    );
  });

  test("exactly six bytes are white space", () => {
    expect(Array.from({ length: 256 }, (_, byte) => byte).filter(isSpace)).toEqual([9, 10, 11, 12, 13, 32]);
  });
});
