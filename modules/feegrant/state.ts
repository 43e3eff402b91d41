// Owns: what feegrant stores, with the Cosmos SDK's prefixes and key layouts (x/feegrant/key.go). Does not own: what is done with it (keeper.ts).

import { key, map, schema, set, value } from "../../chain/store/collections.ts";

export const state = schema("feegrant", {
  /** By grantee, then granter: all of one grantee's stand together. */
  allowances: map(
    0x00,
    key.pair(key.prefixedAddress, key.prefixedAddress),
    value.proto("cosmos.feegrant.v1beta1.Grant"),
  ),
  /** By end, then grantee and granter: what may be forgotten. */
  queue: set(0x01, key.triple(key.time, key.prefixedAddress, key.prefixedAddress)),
});
