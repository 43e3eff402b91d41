// Owns: evidence's error table; codes and texts from x/evidence/types/errors.go of the SDK 0.53.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("evidence", {
  noEvidenceHandlerExists: { code: 2, text: "unregistered handler for evidence type" },
  invalidEvidence: { code: 3, text: "invalid evidence" },
  evidenceExists: { code: 5, text: "evidence already exists" },
});
