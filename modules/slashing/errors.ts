// Owns: slashing's error table; codes and texts from cosmos-sdk x/slashing/types/errors.go.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("slashing", {
  noValidatorForAddress: { code: 2, text: "address is not associated with any known validator" },
  validatorJailed: { code: 4, text: "validator still jailed; cannot be unjailed" },
  validatorNotJailed: { code: 5, text: "validator not jailed; cannot be unjailed" },
  missingSelfDelegation: { code: 6, text: "validator has no self-delegation; cannot be unjailed" },
  selfDelegationTooLow: { code: 7, text: "validator's self delegation less than minimum; cannot be unjailed" },
  validatorTombstoned: { code: 9, text: "validator already tombstoned" },
});
