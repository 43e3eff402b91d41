import { fromBech32, toBech32 } from "@cosmjs/encoding";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AddressCodec,
  AddressError,
  decodeBech32,
  encodeBech32,
  moduleAddress,
  parseAddress,
} from "../../../chain/types/address.ts";

const codec = new AddressCodec("trib");
const addressBytes = fc.uint8Array({ minLength: 1, maxLength: 255 });

describe("bech32 addresses", () => {
  test("are those CosmJS writes and reads, for any length an address can have", () => {
    fc.assert(
      fc.property(addressBytes, (bytes) => {
        expect(codec.account(bytes)).toBe(toBech32("trib", bytes, 1023));
        expect(codec.parseAccount(codec.account(bytes))).toEqual(bytes);
        expect(codec.parseValidator(codec.validator(bytes))).toEqual(bytes);
        expect(codec.parseConsensus(codec.consensus(bytes))).toEqual(bytes);
        expect(fromBech32(codec.consensus(bytes), 1023)).toEqual({ prefix: "tribvalcons", data: bytes });
        expect(codec.parseAccount(codec.account(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  test("catch every changed letter", () => {
    const text = codec.account(new Uint8Array(20).fill(7));
    const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l1";
    for (let at = 0; at < text.length; at++) {
      for (const letter of letters) {
        if (letter === text[at]) continue;
        expect(() => codec.parseAccount(text.slice(0, at) + letter + text.slice(at + 1))).toThrow(AddressError);
      }
    }
  });

  test("refuse in the SDK's words", () => {
    const account = codec.account(new Uint8Array(20));
    const refusals: readonly (readonly [string, string])[] = [
      ["", "empty address string is not allowed"],
      ["  ", "empty address string is not allowed"],
      ["trib1", "decoding bech32 failed: invalid bech32 string length 5"],
      ["tribqqqqqqqqqq", "decoding bech32 failed: invalid separator index -1"],
      ["1qqqqqqqqqq", "decoding bech32 failed: invalid separator index 0"],
      [account.replace("t", "T"), "decoding bech32 failed: string not all lowercase or all uppercase"],
      ["trib1qqqqqqq qqqqqq", "decoding bech32 failed: invalid character in string: ' '"],
      ["trib1bqqqqqqqqqqq", "decoding bech32 failed: invalid character not part of charset: 98"],
      [`${account.slice(0, -1)}q`, "decoding bech32 failed: invalid checksum (expected"],
      ["trib1qqqqqqqqqqq💧", "decoding bech32 failed: invalid character in string: '💧'"],
      ["q".repeat(2000), "decoding bech32 failed: invalid bech32 string length 2000"],
      [codec.validator(new Uint8Array(20)), "invalid Bech32 prefix; expected trib, got tribvaloper"],
      [toBech32("cosmos", new Uint8Array(20)), "invalid Bech32 prefix; expected trib, got cosmos"],
      [encodeBech32("trib", new Uint8Array(0)), "addresses cannot be empty"],
      [encodeBech32("trib", new Uint8Array(256)), "address max length is 255, got 256"],
    ];
    for (const [text, words] of refusals) expect(() => codec.parseAccount(text), text).toThrow(words);
  });

  test("refuse any other text with their own error", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: "binary-ascii", maxLength: 40 })),
        (text) => {
          expect(() => parseAddress("trib", text)).toThrow(AddressError);
          expect(() => decodeBech32(text)).toThrow(AddressError);
        },
      ),
    );
  });

  test("have a prefix of lower-case letters and digits", () => {
    for (const prefix of ["", "Trib", "1trib", "tr ib", "x".repeat(65)]) {
      expect(() => new AddressCodec(prefix), prefix).toThrow(AddressError);
    }
  });
});

test("sub-accounts of a module differ from it and from each other", () => {
  const keys = [Uint8Array.of(1), Uint8Array.of(2)] as const;
  const addresses = [
    moduleAddress("m"),
    moduleAddress("m", keys[0]),
    moduleAddress("m", keys[1]),
    moduleAddress("m", ...keys),
  ];
  expect(addresses.map(({ length }) => length)).toEqual([20, 32, 32, 32]);
  expect(new Set(addresses.map(codec.account.bind(codec))).size).toBe(4);
});
