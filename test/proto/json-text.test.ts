// JSON that is read where it lies: random documents give what JSON.parse gives, wherever the source's windows end, and what is
// no JSON is refused, never read as something else.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../proto/bytes.ts";
import type { JsonValue } from "../../proto/json.ts";
import { JsonText, JsonTextError, type Span, type TextSource } from "../../proto/json-text.ts";

/** A source that gives fewer bytes than it is asked for would be wrong; this one counts what is asked for at once. */
function counted(bytes: Uint8Array): TextSource & { largest: number } {
  return {
    length: bytes.length,
    largest: 0,
    read(start, end) {
      this.largest = Math.max(this.largest, end - start);
      return bytes.slice(start, end);
    },
  };
}

/** The value put together from its members and items, down to where neither is. */
function walked(text: JsonText, span: Span): JsonValue {
  switch (text.kind(span)) {
    case "object":
      return Object.fromEntries([...text.members(span)].map(([name, value]) => [name, walked(text, value)]));
    case "list":
      return [...text.items(span)].map((item) => walked(text, item));
    default:
      return text.value(span);
  }
}

/** JSON as JSON.parse gives it: fast-check's numbers may be -0, which JSON has and toEqual tells apart. */
const json = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

/** Text of a value with spaces wherever JSON allows them. */
const spaced = (value: JsonValue, indent: number | string): Uint8Array =>
  utf8(`\n ${JSON.stringify(value, undefined, indent)}\t\r\n`);

describe("a text that is walked", () => {
  test("gives what JSON.parse gives, with any spaces", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 1, 3, "\t"), (value, indent) => {
        const text = new JsonText(counted(spaced(value, indent)));
        expect(walked(text, text.whole())).toEqual(value);
      }),
    );
  });

  test("gives the same at every place where a window can end", () => {
    // 262,144 bytes are looked at together: what follows so many spaces lies across the end of a window, byte by byte.
    const value = { 'a\\"': ['x\\"]}', { "€": -1.5e3 }, [[], {}], true, null, "𝄞\\u00e9"], b: "\\\\" };
    const bytes = utf8(JSON.stringify(value));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const padded = new Uint8Array(262_144 - cut + bytes.length).fill(0x20);
      padded.set(bytes, 262_144 - cut);
      const text = new JsonText(counted(padded));
      expect(walked(text, text.whole())).toEqual(JSON.parse(JSON.stringify(value)));
    }
  });

  test("gives the items of a list in batches, in their order and none twice", () => {
    fc.assert(
      fc.property(
        fc.array(json),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 60 }),
        (list, most, bytes) => {
          const text = new JsonText(counted(spaced(list, 1)));
          const batches = [...text.batches(text.whole(), most, bytes)];
          expect(batches.flat()).toEqual(list);
          expect(batches.every((batch) => batch.length > 0 && batch.length <= most)).toBe(true);
        },
      ),
    );
  });

  test("never asks for more of a long text than a window, or a batch", () => {
    const list = Array.from({ length: 100_000 }, (_, index) => ({ index, text: "x".repeat(20) }));
    const source = counted(utf8(JSON.stringify({ first: 1, list })));
    const text = new JsonText(source);
    let count = 0;
    for (const [, span] of text.members(text.whole())) {
      if (text.kind(span) === "list") for (const batch of text.batches(span, 500, 1_000_000)) count += batch.length;
    }
    expect(count).toBe(100_000);
    expect(source.length).toBeGreaterThan(4_000_000);
    expect(source.largest).toBe(262_144);
  });
});

describe("what is not JSON is refused", () => {
  test.each([
    ["", "a value is expected"],
    ["{", "a value does not end"],
    ['{"a":1', "a value does not end"],
    ['"a', "a text does not end"],
    ['{"a" 1}', "a colon is expected"],
    ['{"a":1 "b":2}', "a comma or the end is expected"],
    ["{a:1}", "a member's name is expected"],
    ['{"a":}', "a value is expected"],
    ['{"a":1,}', "a member's name is expected"],
    ["[1,]", "a value is expected"],
    ["[1 2]", "a comma or the end is expected"],
    ["{} {}", "there is more after the end"],
    ['{"a":1,"\\u0061":2}', '"a" stands twice in one object'],
    ['{"a":nil}', "nil"],
    ['{"a":"\n"}', "control character"],
    ["[1e]", ""],
  ])("%s", (bad, words) => {
    const walk = () => {
      const text = new JsonText(counted(utf8(bad)));
      return walked(text, text.whole());
    };
    expect(walk).toThrow(JsonTextError);
    expect(walk).toThrow(words);
  });

  test("wherever a byte of it is changed, it is read as JSON.parse reads it, or refused", () => {
    const good = utf8('{"a":[1,{"b":"c\\n"},true,null,-2.5],"d":{}}');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, byte) => {
        const changed = good.slice();
        changed[at] = byte;
        let expected: JsonValue | undefined;
        try {
          expected = JSON.parse(Buffer.from(changed).toString());
        } catch {
          // Refused there too.
        }
        const text = new JsonText(counted(changed));
        let read: JsonValue | undefined;
        try {
          read = walked(text, text.whole());
        } catch (error) {
          expect(error).toBeInstanceOf(JsonTextError);
          // JSON.parse takes the later of two members of one name; here that is refused.
          if ((error as Error).message.includes("stands twice")) return;
        }
        expect(read).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});
