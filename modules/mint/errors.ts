// Owns: mint's error table. Its failures are others' (gov's refusal of who may change parameters), so it is empty; the codespace is reserved.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("mint", {});
