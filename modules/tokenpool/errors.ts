/** Owns the error codes of the tokenpool module. A code once released is never given another meaning. */
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("tokenpool", {
  poolNotFound: { code: 2, text: "pool not found" },
  pairTaken: { code: 3, text: "the pair has a pool already" },
  sameDenom: { code: 4, text: "both sides have the same denomination" },
  wrongDenom: { code: 5, text: "the pool does not hold this denomination" },
  tooLittleLiquidity: { code: 6, text: "liquidity is too small" },
  deadlinePassed: { code: 7, text: "the deadline has passed" },
  priceMoved: { code: 8, text: "the price is worse than accepted" },
  tooFewShares: { code: 9, text: "not enough shares" },
});
