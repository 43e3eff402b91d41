// Owns: distribution's error table; codes and texts from cosmos-sdk x/distribution/types/errors.go. Only kinds that can occur here are listed.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("distribution", {
  emptyDelegationDistInfo: { code: 5, text: "no delegation distribution info" },
  noValidatorCommission: { code: 7, text: "no validator commission to withdraw" },
  setWithdrawAddrDisabled: { code: 8, text: "set withdraw address disabled" },
  badDistribution: { code: 9, text: "community pool does not have sufficient coins to distribute" },
});
