/** Owns the layout of the tokenpool store. */
import { indexed, item, key, schema, value } from "../../chain/store/collections.ts";

export const state = schema("tokenpool", {
  params: item(0x00, value.proto("tributary.tokenpool.v1.Params")),
  pools: indexed(0x01, key.uint64, value.proto("tributary.tokenpool.v1.Pool"), {
    /** The two denominations in byte order: a pair has one pool. */
    pair: {
      prefix: 0x02,
      by: key.pair(key.string, key.string),
      of: (pool): readonly [string, string] => [pool.denom0, pool.denom1],
      unique: true,
    },
  }),
});
