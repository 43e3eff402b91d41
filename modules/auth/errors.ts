// Owns: auth's error table. Every failure of an account is one of the SDK's root errors, so it is empty so far; the
// codespace is reserved.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("auth", {});
