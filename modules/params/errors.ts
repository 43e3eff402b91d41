// Owns: the error table of params; codes and texts from cosmos-sdk x/params/types/proposal/errors.go.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("params", {
  unknownSubspace: { code: 2, text: "unknown subspace" },
});
