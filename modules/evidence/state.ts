// Owns: what evidence stores, with the Cosmos SDK's prefix and key (x/evidence/types/keys.go). Does not own: what is done with it (keeper.ts).

import { key, map, schema, value } from "../../chain/store/collections.ts";

export const state = schema("evidence", {
  /** Proven faults by their SHA-256 hash, packed. */
  faults: map(0x00, key.bytes, value.proto("google.protobuf.Any")),
});
