// Owns: vesting's error table. Its failures are the SDK's root errors and bank's, so it is empty; the codespace is reserved.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("vesting", {});
