/** Owns the layout of the tokenpool store. */
import { indexed, item, key, map, schema, value } from "../../chain/store/collections.ts";
import type { Messages } from "../../proto/types.gen.ts";

export type Params = Messages["tributary.tokenpool.v1.Params"];
export type Pool = Messages["tributary.tokenpool.v1.Pool"];
export type Observation = Messages["tributary.tokenpool.v1.Observation"];
export type PriceSum = Messages["tributary.tokenpool.v1.PriceSum"];
export type Order = Messages["tributary.tokenpool.v1.Order"];
export type CreatorToken = Messages["tributary.tokenpool.v1.CreatorToken"];

/** More binary digits than any reserve has. */
const MOST_DIGITS = 256;

/**
 * A denomination and how shallow a pool is in it, by the binary digits of the reserve: the deepest sort first. Behind them come
 * those that take no swaps, as who looks for a way looks at the first.
 */
function shallowness(denom: string, reserve: string, batched: boolean): readonly [string, number] {
  return [denom, MOST_DIGITS - BigInt(reserve).toString(2).length + (batched ? MOST_DIGITS : 0)];
}

/** What finds the pool of a pair. */
type PairKey = readonly [pair: readonly [string, string], batched: number];

/** The key of the pool of two denominations, in either order, that takes orders (`batched`) or swaps. */
export function pairKey(a: string, b: string, batched: boolean): PairKey {
  return [a < b ? [a, b] : [b, a], batched ? 1 : 0];
}

export const state = schema("tokenpool", {
  params: item(0x00, value.proto("tributary.tokenpool.v1.Params")),
  pools: indexed(0x01, key.uint64, value.proto("tributary.tokenpool.v1.Pool"), {
    /** The two denominations in byte order, and 1 for a batched pool: a pair has one pool that takes swaps and one that takes orders. */
    pair: {
      prefix: 0x02,
      by: key.pair(key.pair(key.string, key.string), key.uint32),
      of: (pool): PairKey => pairKey(pool.denom0, pool.denom1, pool.batched),
      unique: true,
    },
    /** By a denomination, the deepest pool first; so that a search finds these, however many shallow ones there are. */
    depth0: {
      prefix: 0x03,
      by: key.pair(key.string, key.uint32),
      of: (pool): readonly [string, number] => shallowness(pool.denom0, pool.reserve0, pool.batched),
    },
    depth1: {
      prefix: 0x04,
      by: key.pair(key.string, key.uint32),
      of: (pool): readonly [string, number] => shallowness(pool.denom1, pool.reserve1, pool.batched),
    },
  }),
  observations: map(0x05, key.pair(key.uint64, key.uint64), value.proto("tributary.tokenpool.v1.Observation")),
  /** Those of the block being made; none are left after it. */
  orders: indexed(0x06, key.uint64, value.proto("tributary.tokenpool.v1.Order"), {
    pool: { prefix: 0x07, by: key.uint64, of: (order): bigint => order.poolId },
  }),
  tokens: map(0x08, key.string, value.proto("tributary.tokenpool.v1.CreatorToken")),
});
