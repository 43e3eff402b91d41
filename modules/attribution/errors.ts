/** Owns the error codes of the attribution module. A code once released is never given another meaning. */
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("attribution", {
  useNotFound: { code: 2, text: "use not found" },
  payoutNotFound: { code: 3, text: "payout not found" },
  invalidUse: { code: 4, text: "invalid use" },
  feeTooHigh: { code: 5, text: "the price is above the highest fee accepted" },
  useClosed: { code: 6, text: "the use is closed" },
  useExpired: { code: 7, text: "the use has expired" },
  useNotExpired: { code: 8, text: "only the host may cancel a use before it expires" },
  notHost: { code: 9, text: "not the host of the use" },
  invalidOutput: { code: 10, text: "invalid output" },
  invalidReceipt: { code: 11, text: "the receipt is not the user's for this output" },
  invalidSpan: { code: 12, text: "invalid span" },
  nothingToClaim: { code: 13, text: "nothing to claim" },
});
