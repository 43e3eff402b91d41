/** Owns the layout of the attribution store. */
import { indexed, item, key, map, schema, value } from "../../chain/store/collections.ts";
import { UseStatus } from "../../proto/enums.gen.ts";

export const state = schema("attribution", {
  params: item(0x00, value.proto("tributary.attribution.v1.Params")),
  uses: indexed(0x01, key.uint64, value.proto("tributary.attribution.v1.Use"), {
    /** Open uses by model. */
    open: {
      prefix: 0x02,
      by: key.uint64,
      of: (use): bigint | undefined => (use.status === UseStatus.USE_STATUS_OPEN ? use.modelId : undefined),
    },
  }),
  /** By use: the key to prove a payout with is 03 and the use's number, big-endian. */
  payouts: map(0x03, key.uint64, value.proto("tributary.attribution.v1.Payout")),
  earnings: map(0x04, key.pair(key.address, key.string), value.proto("tributary.attribution.v1.Earnings")),
});
