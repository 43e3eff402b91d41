// Owns what the command line does with public keys: their account address, their JSON form, multisig keys from members.
// Expected by wallets: the JSON of a key is `{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"<base64>"}`.
import {
  ed25519Address,
  multisigAddress,
  secp256k1Address,
  publicKeyAddress as singleKeyAddress,
} from "../../chain/types/public-key.ts";
import { packAny, unpackAny } from "../../proto/codec.ts";
import { fromJson, toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { messageOf, usageError } from "../errors.ts";
import { maxMultisigMembers } from "../limits.ts";
import type { Json } from "../yaml.ts";

/** A public key as transactions carry it. */
export type AnyPublicKey = Messages["google.protobuf.Any"];
/** The content of a multisig key. */
export type MultisigKey = Messages["cosmos.crypto.multisig.LegacyAminoPubKey"];

const multisigName = "cosmos.crypto.multisig.LegacyAminoPubKey";

/** A secp256k1 or ed25519 key, or undefined when the key is of another type. */
function singleKey(key: AnyPublicKey): { type: "secp256k1" | "ed25519"; publicKey: Uint8Array } | undefined {
  const { name, value } = unpackAny(key);
  switch (name) {
    case "cosmos.crypto.secp256k1.PubKey":
      return { type: "secp256k1", publicKey: (value as Messages["cosmos.crypto.secp256k1.PubKey"]).key };
    case "cosmos.crypto.ed25519.PubKey":
      return { type: "ed25519", publicKey: (value as Messages["cosmos.crypto.ed25519.PubKey"]).key };
    default:
      return undefined;
  }
}

/** The content of a multisig key, or undefined when the key is another. */
export function asMultisig(key: AnyPublicKey): MultisigKey | undefined {
  const { name, value } = unpackAny(key);
  return name === multisigName ? (value as MultisigKey) : undefined;
}

/** The 20-byte address of a public key: ripemd160(sha256) for secp256k1, truncated sha256 for the others. */
export function publicKeyAddress(key: AnyPublicKey): Uint8Array {
  const single = singleKey(key);
  if (single !== undefined) return singleKeyAddress(single.type, single.publicKey);
  const multisig = asMultisig(key);
  if (multisig === undefined) throw usageError(`public keys of type ${key.typeUrl} are not supported`);
  const members = multisig.publicKeys.map((member) => {
    const memberKey = singleKey(member);
    if (memberKey === undefined) throw usageError(`a multisig of ${member.typeUrl} keys is not supported`);
    return memberKey;
  });
  return multisigAddress(multisig.threshold, members);
}

/** A secp256k1 public key packed for a transaction; 33 bytes. */
export function secp256k1Key(key: Uint8Array): AnyPublicKey {
  secp256k1Address(key);
  return packAny("cosmos.crypto.secp256k1.PubKey", { key });
}

/** An ed25519 public key packed for a message; 32 bytes. */
export function ed25519Key(key: Uint8Array): AnyPublicKey {
  ed25519Address(key);
  return packAny("cosmos.crypto.ed25519.PubKey", { key });
}

/** A threshold key over its members, sorted by address unless `keepOrder`. */
export function multisigKey(members: readonly AnyPublicKey[], threshold: number, keepOrder: boolean): AnyPublicKey {
  if (members.length > maxMultisigMembers) throw usageError(`a multisig has at most ${maxMultisigMembers} members`);
  if (!Number.isInteger(threshold) || threshold < 1) {
    throw usageError(`the multisig threshold must be a whole number above 0, not ${threshold}`);
  }
  if (members.length < threshold) {
    throw usageError(`the multisig threshold ${threshold} is above the number of members, ${members.length}`);
  }
  const sorted = keepOrder
    ? members
    : [...members].sort((a, b) => Buffer.compare(publicKeyAddress(a), publicKeyAddress(b)));
  return packAny(multisigName, { threshold, publicKeys: sorted });
}

/** The key as proto-JSON: `{"@type":...,"key":...}`. */
export function publicKeyToJson(key: AnyPublicKey): Json {
  return toJson("google.protobuf.Any", key) as Json;
}

/** Parses the proto-JSON of a public key; `source` names where it came from. */
export function publicKeyFromJson(json: unknown, source: string): AnyPublicKey {
  try {
    const key = fromJson("google.protobuf.Any", json as never);
    publicKeyAddress(key);
    return key;
  } catch (error) {
    throw usageError(
      `${source} is not a public key: ${messageOf(error)}`,
      'it looks like {"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A0RZ..."}',
    );
  }
}
