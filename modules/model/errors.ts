/** Owns the error codes of the model module. A code once released is never given another meaning. */
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("model", {
  modelNotFound: { code: 2, text: "model not found" },
  invalidModel: { code: 3, text: "invalid model" },
  weightsTaken: { code: 4, text: "the weights are registered already" },
  invalidLineage: { code: 5, text: "invalid lineage" },
  invalidSignature: { code: 6, text: "the signature is not the owner's over these weights" },
  notOwner: { code: 7, text: "not the owner of the model" },
});
