// Owns: feegrant's error table; codes and texts from cosmossdk.io/x/feegrant errors.go.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("feegrant", {
  feeLimitExceeded: { code: 2, text: "fee limit exceeded" },
  feeLimitExpired: { code: 3, text: "fee allowance expired" },
  invalidDuration: { code: 4, text: "invalid duration" },
  noAllowance: { code: 5, text: "no allowance" },
  noMessages: { code: 6, text: "allowed messages are empty" },
  messageNotAllowed: { code: 7, text: "message not allowed" },
});
