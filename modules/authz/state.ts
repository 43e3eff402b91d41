// Owns: what authz stores, with the Cosmos SDK's prefixes and key layouts (x/authz/keeper/keys.go). Does not own: what is done with it (keeper.ts).

import { key, map, schema, value } from "../../chain/store/collections.ts";

export const state = schema("authz", {
  /** By granter, then grantee, then the message's type URL. */
  grants: map(
    0x01,
    key.triple(key.prefixedAddress, key.prefixedAddress, key.string),
    value.proto("cosmos.authz.v1beta1.Grant"),
  ),
  /** By end, then granter and grantee: which message types may be forgotten. */
  queue: map(
    0x02,
    key.triple(key.time, key.prefixedAddress, key.prefixedAddress),
    value.proto("cosmos.authz.v1beta1.GrantQueueItem"),
  ),
});
