// Owns: what slashing stores, with the Cosmos SDK's prefixes and key layouts (x/slashing/types/keys.go), and its parameters' defaults.
// Does not own: what is done with it (keeper/).

import { item, key, map, schema, value } from "../../chain/store/collections.ts";
import { Dec } from "../../chain/types/dec.ts";
import { utf8, utf8Text } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";

export type Params = Messages["cosmos.slashing.v1beta1.Params"];
export type SigningInfo = Messages["cosmos.slashing.v1beta1.ValidatorSigningInfo"];

export const state = schema("slashing", {
  params: item(0x00, value.proto("cosmos.slashing.v1beta1.Params")),
  signingInfos: map(0x01, key.prefixedConsensusAddress, value.proto("cosmos.slashing.v1beta1.ValidatorSigningInfo")),
  /** Pieces of the window of the latest blocks; the number of a piece is little-endian, as the SDK has it. */
  missedBlocks: map(0x02, key.pair(key.prefixedConsensusAddress, key.uint64LittleEndian), value.bytes),
  publicKeys: map(0x03, key.prefixedConsensusAddress, value.proto("google.protobuf.Any")),
});

/** A fraction as this module's messages carry it: the text of the scaled integer, as bytes. */
export function fractionBytes(fraction: Dec): Uint8Array {
  return utf8(fraction.toWire());
}

export function fractionOf(bytes: Uint8Array): Dec {
  return Dec.fromWire(utf8Text(bytes));
}

/** The SDK's defaults. */
export const DEFAULT_PARAMS: Params = {
  signedBlocksWindow: 100n,
  minSignedPerWindow: fractionBytes(Dec.parse("0.5")),
  downtimeJailDuration: { seconds: 600n, nanos: 0 },
  slashFractionDoubleSign: fractionBytes(Dec.parse("0.05")),
  slashFractionDowntime: fractionBytes(Dec.parse("0.01")),
};

/** Throws a sentence for the first parameter that is out of range (x/slashing/types/params.go). */
export function validateParams(params: Params): void {
  if (params.signedBlocksWindow <= 0n)
    throw new Error(`signed blocks window must be positive: ${params.signedBlocksWindow}`);
  const fractions = [
    ["min signed per window", params.minSignedPerWindow],
    ["double sign slash fraction", params.slashFractionDoubleSign],
    ["downtime slash fraction", params.slashFractionDowntime],
  ] as const;
  for (const [name, bytes] of fractions) {
    const fraction = fractionOf(bytes);
    if (fraction.isNegative()) throw new Error(`${name} cannot be negative: ${fraction}`);
    if (fraction.greaterThan(Dec.one)) throw new Error(`${name} too large: ${fraction}`);
  }
  const { seconds, nanos } = params.downtimeJailDuration;
  if (seconds < 0n || (seconds === 0n && nanos <= 0)) throw new Error("downtime jail duration must be positive");
}
