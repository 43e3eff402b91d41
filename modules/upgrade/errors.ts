// Owns: upgrade's error table; codes and texts from cosmossdk.io/x/upgrade/types/errors.go.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("upgrade", {
  noModuleVersionFound: { code: 2, text: "module version not found" },
  invalidSigner: { code: 6, text: "expected authority account as only signer for proposal message" },
});
