/**
 * Owns the text of one kind of content identifier: the CIDv1 of raw bytes under SHA-256, in base32, by which IPFS and the
 * node's own exchange of texts name a block. It does not own other kinds, nor reading one (node/data/cid.ts).
 */
import { base32nopad } from "@scure/base";
import { concat } from "../../proto/bytes.ts";

/** CID version 1, codec raw, multihash sha2-256 of 32 bytes (multiformats/multicodec). */
const RAW_SHA256 = Uint8Array.of(0x01, 0x55, 0x12, 0x20);

/** The identifier, `bafkrei…`, of bytes with this SHA-256 (32 bytes). */
export function rawCidText(digest: Uint8Array): string {
  return `b${base32nopad.encode(concat(RAW_SHA256, digest)).toLowerCase()}`;
}
