// Owns: the layout of the bank store: the Cosmos SDK's prefixes and bytes (x/bank/types/keys.go, 0.53), so that proofs
// and explorers that exist can read it. Does not own: who may change it (keeper.ts).

import { indexed, item, key, map, reversedPair, schema, value } from "../../chain/store/collections.ts";
import { fromBase64 } from "../../proto/bytes.ts";

const YES = fromBase64("CAE=");
const NO = new Uint8Array();

/** A google.protobuf.BoolValue, as the SDK has stored these flags since before collections. */
const boolMessage = value.mapped<boolean, Uint8Array>(
  "google.protobuf.BoolValue",
  value.bytes,
  (flag) => (flag ? YES : NO),
  (bytes) => bytes.length > 0,
);

export const state = schema("bank", {
  supply: map(0x00, key.string, value.int),
  denomMetadata: map(0x01, key.string, value.proto("cosmos.bank.v1beta1.Metadata")),
  balances: indexed(0x02, key.pair(key.address, key.string), value.int, {
    denom: reversedPair<Uint8Array, string, bigint>(0x03, key.string, key.prefixedAddress),
  }),
  sendEnabled: map(0x04, key.string, boolMessage),
  params: item(0x05, value.proto("cosmos.bank.v1beta1.Params")),
});

/** Nothing is forbidden unless an entry says so. */
export const DEFAULT_PARAMS = { sendEnabled: [], defaultSendEnabled: true };
