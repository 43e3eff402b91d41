// Owns: bank's error table; codes and texts from cosmos-sdk x/bank/types/errors.go.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("bank", {
  noInputs: { code: 2, text: "no inputs to send transaction" },
  noOutputs: { code: 3, text: "no outputs to send transaction" },
  inputOutputMismatch: { code: 4, text: "sum inputs != sum outputs" },
  sendDisabled: { code: 5, text: "send transactions are disabled" },
  denomMetadataNotFound: { code: 6, text: "client denom metadata not found" },
  invalidKey: { code: 7, text: "invalid key" },
  duplicateEntry: { code: 8, text: "duplicate entry" },
  multipleSenders: { code: 9, text: "multiple senders not allowed" },
});
