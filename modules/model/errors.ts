/** Owns the error codes of the model module. A code once released is never given another meaning. */
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("model", {
  modelNotFound: { code: 2, text: "model not found" },
  invalidModel: { code: 3, text: "invalid model" },
  weightsTaken: { code: 4, text: "the owner has registered these weights already" },
  invalidLineage: { code: 5, text: "invalid lineage" },
  invalidSignature: { code: 6, text: "the signature is not the owner's over these weights" },
  notOwner: { code: 7, text: "not the owner of the model" },
  retired: { code: 8, text: "the model is retired" },
  versionNotFound: { code: 9, text: "version not found" },
  invalidOffer: { code: 10, text: "invalid offer" },
  offerNotFound: { code: 11, text: "the host offers no slots for this model" },
  noFreeSlot: { code: 12, text: "no slot is free" },
  notMounted: { code: 13, text: "the adapter is not mounted at this host" },
  wrongDenom: { code: 14, text: "not the reserve's denomination" },
  tooMuch: { code: 15, text: "more than there is" },
  tooMany: { code: 16, text: "too many at a time" },
  nothingToClaim: { code: 17, text: "nothing to claim" },
  curveNotFound: { code: 18, text: "the model has no curve" },
  invalidCurve: { code: 19, text: "invalid curve" },
  notForSale: { code: 20, text: "the curve has no such shares" },
  locked: { code: 21, text: "the shares are locked" },
  priceMoved: { code: 22, text: "the price is worse than accepted" },
  invalidMilestone: { code: 23, text: "invalid milestone" },
  blockCap: { code: 24, text: "the block sells no more shares: nothing was taken, try again" },
  deadlinePassed: { code: 25, text: "the deadline has passed" },
});
