// Key types: their bytes are the SDK's, their byte order is the order of the values, and no key runs into the next part.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type KeyCodec, KeyError } from "../../../chain/store/key-codec.ts";
import { key } from "../../../chain/store/key-codecs.ts";
import { AddressCodec } from "../../../chain/types/address.ts";
import { compareBytes, hex, utf8 } from "../../../proto/bytes.ts";

const addresses = new AddressCodec("trib");
const sign = (value: number): number => (value < 0 ? -1 : value > 0 ? 1 : 0);
const address = fc.uint8Array({ minLength: 1, maxLength: 40 });
const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const int64 = fc.bigInt({ min: -0x8000_0000_0000_0000n, max: 0x7fff_ffff_ffff_ffffn });
const text = fc
  .string({ unit: "grapheme", maxLength: 8 })
  .filter((value) => value.isWellFormed() && !value.includes("\0"));
const time = fc.record({
  seconds: fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
});

/** Order of two keys as a store has them. */
function compareKeys<Key, Prefix>(codec: KeyCodec<Key, Prefix>, a: Key, b: Key): number {
  return compareBytes(codec.encode(a), codec.encode(b));
}

function bigintOrder(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of strings by their UTF-8 bytes, from Node: not JavaScript's order of UTF-16 units. */
const utf8Order = (a: string, b: string): number => Buffer.from(a).compare(Buffer.from(b));

function checkCodec<Key, Prefix>(
  codec: KeyCodec<Key, Prefix>,
  values: fc.Arbitrary<Key>,
  order: (a: Key, b: Key) => number,
): void {
  fc.assert(
    fc.property(values, values, fc.uint8Array({ maxLength: 5 }), (a, b, rest) => {
      expect(codec.decode(codec.encode(a))).toEqual(a);
      const part = codec.encodePart(a);
      const [decoded, next] = codec.decodePart(Uint8Array.from([...part, ...rest]), 0);
      expect(decoded).toEqual(a);
      expect(next).toBe(part.length);
      expect(codec.fromJson(codec.toJson(a, addresses), addresses)).toEqual(a);
      expect(sign(compareKeys(codec, a, b))).toBe(sign(order(a, b)));
      // Cut short, a component that another follows is refused.
      if (part.length > 1) expect(() => codec.decodePart(part.subarray(0, part.length - 1), 0)).toThrow(KeyError);
    }),
    { numRuns: 200 },
  );
}

describe("order and round trip", () => {
  test("unsigned and signed 64-bit numbers", () => {
    checkCodec(key.uint64, uint64, bigintOrder);
    checkCodec(key.int64, int64, bigintOrder);
  });

  test("32-bit numbers and booleans", () => {
    checkCodec(key.uint32, fc.integer({ min: 0, max: 0xffff_ffff }), (a, b) => a - b);
    checkCodec(key.bool, fc.boolean(), (a, b) => Number(a) - Number(b));
  });

  test("strings, by their UTF-8 bytes", () => {
    checkCodec(key.string, text, utf8Order);
    // U+FF61 comes before U+1F600 in UTF-8, after it in UTF-16.
    expect(sign(compareKeys(key.string, "\uff61", "\u{1f600}"))).toBe(-1);
  });

  test("times, from the year 1 to 9999 and to the nanosecond", () => {
    checkCodec(key.time, time, (a, b) => bigintOrder(a.seconds, b.seconds) || a.nanos - b.nanos);
  });

  test("addresses and bytes as last component, by their bytes", () => {
    for (const codec of [key.address, key.validatorAddress, key.consensusAddress, key.bytes]) {
      checkCodec(codec, address, compareBytes);
    }
    checkCodec(key.prefixedAddress, address, (a, b) => a.length - b.length || compareBytes(a, b));
  });

  test("pairs and triples, by their first components first", () => {
    const number = (a: readonly [bigint, string], b: readonly [bigint, string]): number =>
      bigintOrder(a[0], b[0]) || utf8Order(a[1], b[1]);
    checkCodec(key.pair(key.uint64, key.string), fc.tuple(uint64, text), number);
    checkCodec(
      key.pair(key.string, key.uint64),
      fc.tuple(text, uint64),
      (a, b) => utf8Order(a[0], b[0]) || bigintOrder(a[1], b[1]),
    );
    checkCodec(
      key.triple(key.string, key.int64, key.address),
      fc.tuple(text, int64, address),
      (a, b) => utf8Order(a[0], b[0]) || bigintOrder(a[1], b[1]) || compareBytes(a[2], b[2]),
    );
    checkCodec(
      key.pair(key.pair(key.bool, key.string), key.bytes),
      fc.tuple(fc.tuple(fc.boolean(), text), address),
      (a, b) => Number(a[0][0]) - Number(b[0][0]) || utf8Order(a[0][1], b[0][1]) || compareBytes(a[1], b[1]),
    );
  });

  test("two different pairs never share bytes, whatever their components", () => {
    const codec = key.pair(key.address, key.bytes);
    const short = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => bytes.map((byte) => byte % 3));
    fc.assert(
      fc.property(fc.tuple(short, short), fc.tuple(short, short), (a, b) => {
        const same = compareBytes(a[0], b[0]) === 0 && compareBytes(a[1], b[1]) === 0;
        expect(hex(codec.encode(a)) === hex(codec.encode(b))).toBe(same);
      }),
    );
  });

  test("a prefix begins exactly the keys it names", () => {
    const codec = key.triple(key.string, key.uint64, key.string);
    fc.assert(
      fc.property(fc.tuple(text, uint64, text), text, (at, other) => {
        const encoded = hex(codec.encode(at));
        expect(encoded.startsWith(hex(codec.encodePrefix([at[0]])))).toBe(true);
        expect(encoded.startsWith(hex(codec.encodePrefix([at[0], at[1]])))).toBe(true);
        expect(encoded.startsWith(hex(codec.encodePrefix([other])))).toBe(other === at[0]);
      }),
    );
  });
});

describe("the SDK's layouts", () => {
  // cosmos-sdk collections/codec and types/address: bank balances are length-prefixed address, then denomination.
  test("a balance key", () => {
    const codec = key.pair(key.address, key.string);
    expect(hex(codec.encode([Uint8Array.of(0xaa, 0xbb), "uopen"]))).toBe(`02aabb${hex(utf8("uopen"))}`);
    expect(hex(codec.encodePrefix(Uint8Array.of(0xaa, 0xbb)))).toBe("02aabb");
  });

  test("numbers, strings before another part, bytes before another part, times", () => {
    expect(hex(key.uint64.encode(1n))).toBe("0000000000000001");
    expect(hex(key.int64.encode(-1n))).toBe("7fffffffffffffff");
    expect(hex(key.int64.encode(0n))).toBe("8000000000000000");
    expect(hex(key.string.encodePart("ab"))).toBe("616200");
    expect(hex(key.bytes.encodePart(new Uint8Array(200)).subarray(0, 2))).toBe("c801");
    expect(Buffer.from(key.time.encode({ seconds: 1_136_214_245n, nanos: 5_000_000 })).toString()).toBe(
      "2006-01-02T15:04:05.005000000",
    );
    expect(key.time.encode({ seconds: 0n, nanos: 0 })).toHaveLength(29);
  });

  test("addresses are shown under their own prefixes", () => {
    const bytes = new Uint8Array(20).fill(7);
    expect(key.address.toJson(bytes, addresses)).toMatch(/^trib1/);
    expect(key.prefixedValidatorAddress.toJson(bytes, addresses)).toMatch(/^tribvaloper1/);
    expect(key.consensusAddress.toJson(bytes, addresses)).toMatch(/^tribvalcons1/);
    expect(hex(key.prefixedConsensusAddress.encode(bytes))).toBe(`14${hex(bytes)}`);
  });
});

describe("what cannot be a key", () => {
  test.each<[string, () => unknown]>([
    ["an empty address", () => key.address.encode(new Uint8Array(0))],
    ["an address of 256 bytes", () => key.address.encodePart(new Uint8Array(256))],
    ["a string with NUL before another part", () => key.pair(key.string, key.uint64).encode(["a\0b", 1n])],
    ["a negative unsigned number", () => key.uint64.encode(-1n)],
    ["a number of 65 bits", () => key.uint64.encode(1n << 64n)],
    ["a signed number out of range", () => key.int64.encode(1n << 63n)],
    ["a fraction", () => key.uint32.encode(1.5)],
    ["bytes left over", () => key.uint64.decode(new Uint8Array(9))],
    ["bytes missing", () => key.uint64.decode(new Uint8Array(7))],
    ["a bool of 2", () => key.bool.decode(Uint8Array.of(2))],
    ["text that is not UTF-8", () => key.string.decode(Uint8Array.of(0xff))],
    [
      "a time that is not canonical",
      () => key.time.decode(utf8("2006-01-02T15:04:05.0000000000".slice(0, 28).padEnd(29, "x"))),
    ],
    ["an endless length", () => key.bytes.decodePart(Uint8Array.of(255, 255, 255, 255, 255), 0)],
    ["a pair in JSON of three", () => key.pair(key.string, key.string).fromJson(["a", "b", "c"], addresses)],
    ["a number in JSON that is a fraction", () => key.uint64.fromJson("1.5", addresses)],
  ])("%s", (_, action) => {
    expect(action).toThrow();
  });
});
