// Addresses of keys, multisigs and modules, bech32 and compact bit arrays, as the SDK and CosmJS make them.
// Mnemonics and key derivation are the key store's tests.

import { base58 } from "@scure/base";
import { describe, expect, test } from "vitest";
import {
  AddressCodec,
  decodeBech32,
  encodeBech32,
  lengthPrefixedAddress,
  moduleAddress,
  parseAddress,
} from "../../chain/types/address.ts";
import {
  compactBit,
  compactBitsBefore,
  formatCompactBits,
  marshalCompactBits,
  parseCompactBits,
  unmarshalCompactBits,
} from "../../chain/types/compact-bit-array.ts";
import {
  aminoMultisig,
  aminoPublicKey,
  ed25519Address,
  multisigAddress,
  secp256k1Address,
} from "../../chain/types/public-key.ts";
import { compareBytes, fromBase64, fromHex, hex } from "../../proto/bytes.ts";
import type { Recorded } from "./comet-json.ts";
import { describeVectors, vector } from "./vectors.ts";

describeVectors("keys and addresses", () => {
  const file = vector<Recorded>("sdk-tx/keys_and_addresses.json");
  const cosmos = new AddressCodec("cosmos");
  const wasm = new AddressCodec("wasm");

  test("secp256k1 keys have the address the SDK and Bitcoin derive", () => {
    for (const { pub, base58check_addr } of file.secp256k1.vectors) {
      expect(hex(secp256k1Address(fromHex(pub)))).toBe(hex(base58.decode(base58check_addr).slice(1, 21)));
    }
  });

  test("bech32 reads and writes as CosmJS does", () => {
    for (const { type, pubkey_base64, pubkey_hex, address, hrp, data_hex, bech32 } of file.bech32.cases) {
      if (type === undefined) {
        expect(encodeBech32(hrp, fromHex(data_hex))).toBe(bech32);
        expect(hex(parseAddress(hrp, bech32))).toBe(data_hex);
      } else {
        const bytes =
          type === "secp256k1" ? secp256k1Address(fromBase64(pubkey_base64)) : ed25519Address(fromHex(pubkey_hex));
        expect(cosmos.account(bytes)).toBe(address);
        expect(cosmos.parseAccount(address)).toEqual(bytes);
      }
    }
    for (const text of file.bech32.invalid) expect(() => decodeBech32(text), text).toThrow("decoding bech32 failed");
    for (const text of file.bech32.sdk_fuzz_seeds) {
      const { prefix, bytes } = decodeBech32(text);
      expect(encodeBech32(prefix, bytes)).toBe(text);
    }
  });

  test("multisig keys have CosmJS's amino bytes and addresses", () => {
    const { singles, groups, testgroup1_address, simapp_multisig } = file.multisig;
    const key = (name: string) => {
      const { amino_hex } = singles.find((single: Recorded) => single.name === name);
      return { type: "secp256k1" as const, publicKey: fromHex(amino_hex).slice(5) };
    };
    for (const { name, amino_hex, bech32_pubkey, address, address_hex } of singles) {
      const { type, publicKey } = key(name);
      expect(hex(aminoPublicKey(type, publicKey))).toBe(amino_hex);
      expect(encodeBech32("wasmpub", aminoPublicKey(type, publicKey))).toBe(bech32_pubkey);
      expect(hex(secp256k1Address(publicKey))).toBe(address_hex);
      expect(wasm.account(secp256k1Address(publicKey))).toBe(address);
    }
    for (const { threshold, pubkeys, bech32_pubkey } of groups) {
      expect(encodeBech32("wasmpub", aminoMultisig(threshold, pubkeys.map(key)))).toBe(bech32_pubkey);
    }
    const group1 = multisigAddress(2, [key("test1"), key("test2"), key("test3")]);
    expect(hex(group1)).toBe(testgroup1_address.hex);
    expect(wasm.account(group1)).toBe(testgroup1_address.bech32);
    const members = simapp_multisig.pubkeys_base64.map((text: string) => ({
      type: "secp256k1" as const,
      publicKey: fromBase64(text),
    }));
    expect(members.map(({ publicKey }: Recorded) => cosmos.account(secp256k1Address(publicKey)))).toEqual(
      simapp_multisig.single_addresses,
    );
    // Wallets sort the members by address before they make the key.
    const sorted = members.toSorted((a: Recorded, b: Recorded) =>
      compareBytes(secp256k1Address(a.publicKey), secp256k1Address(b.publicKey)),
    );
    expect(cosmos.account(multisigAddress(simapp_multisig.threshold, sorted))).toBe(simapp_multisig.address);
  });

  test("modules and their sub-accounts have the SDK's addresses", () => {
    for (const { module, derivation_keys, address } of file.module_accounts.cases) {
      expect(cosmos.account(moduleAddress(module, ...derivation_keys.map(fromHex)))).toBe(address);
    }
  });

  test("addresses inside store keys stand behind one byte of length", () => {
    for (const { addr, want, addr_len, error } of file.length_prefix.cases) {
      if (error) expect(() => lengthPrefixedAddress(new Uint8Array(addr_len))).toThrow("should be max 255 bytes");
      else expect(hex(lengthPrefixedAddress(fromHex(addr)))).toBe(want);
    }
  });

  test("amino bech32 keys of validators and accounts are those of tendermint-rs", () => {
    for (const { type, pubkey, bech32 } of vector<Recorded>("comet-types/addresses_pubkeys.json").amino_bech32) {
      const prefix = type === "ed25519" ? "cosmosvalconspub" : "cosmospub";
      expect(encodeBech32(prefix, aminoPublicKey(type, fromHex(pubkey)))).toBe(bech32);
    }
  });
});

describeVectors("compact bit arrays", () => {
  const file = vector<Recorded>("sdk-tx/compact_bit_array.json");

  test("have the SDK's fields, text and bytes", () => {
    for (const { bits, elems, extra_bits_stored } of file.proto) {
      expect(parseCompactBits(bits)).toEqual({ elems: Uint8Array.from(elems), extraBitsStored: extra_bits_stored });
    }
    for (const { bits, hex: want } of file.compact_marshal) {
      expect(hex(marshalCompactBits(parseCompactBits(bits)))).toBe(want);
      expect(formatCompactBits(unmarshalCompactBits(fromHex(want)))).toBe(bits);
    }
    for (const [bits] of file.json) if (bits) expect(formatCompactBits(parseCompactBits(bits))).toBe(bits);
    for (const { hex: text } of file.compact_unmarshal_errors) {
      expect(() => unmarshalCompactBits(fromHex(text))).toThrow("compact bit array");
    }
  });

  test("count the signers before a member", () => {
    for (const { bits, index, want } of file.num_true_bits_before) {
      const array = parseCompactBits(bits);
      expect(index.map((i: number) => compactBitsBefore(array, i))).toEqual(want);
    }
  });
});

describe("a compact bit array", () => {
  test("has no bits outside itself", () => {
    const array = parseCompactBits("x");
    expect(compactBit(array, 0)).toBe(true);
    expect(compactBit(array, 1)).toBe(false);
    expect(compactBit(array, -1)).toBe(false);
  });
});
