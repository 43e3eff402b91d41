/** Owns the error codes of the tokenpool module. A code once released is never given another meaning. */
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("tokenpool", {
  poolNotFound: { code: 2, text: "pool not found" },
  pairTaken: { code: 3, text: "the pair has a pool of this kind already" },
  sameDenom: { code: 4, text: "both sides have the same denomination" },
  wrongDenom: { code: 5, text: "the pool does not hold this denomination" },
  tooLittleLiquidity: { code: 6, text: "liquidity is too small" },
  deadlinePassed: { code: 7, text: "the deadline has passed" },
  priceMoved: { code: 8, text: "the price is worse than accepted" },
  tooFewShares: { code: 9, text: "not enough shares" },
  tooMuchLiquidity: { code: 10, text: "a pool holds less than 2^112 of each denomination" },
  invalidRoute: { code: 11, text: "invalid route" },
  noRoute: { code: 12, text: "no route found" },
  batched: { code: 13, text: "the pool settles orders at the end of the block" },
  notBatched: { code: 14, text: "the pool takes swaps, not orders" },
  batchFull: { code: 15, text: "the block's orders are full: nothing was taken, place the order again" },
  notObserved: { code: 16, text: "the pool was not observed for so long" },
  reservedPair: { code: 17, text: "the pair's pool is opened by the model module" },
  tokenNotFound: { code: 18, text: "creator token not found" },
  tokenTaken: { code: 19, text: "the creator has a token of this name" },
  invalidToken: { code: 20, text: "invalid creator token" },
  notCreator: { code: 21, text: "not the creator of the token" },
  rateFixed: { code: 22, text: "the rate cannot be changed so" },
});
