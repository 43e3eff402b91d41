// Owns: authz's error table; codes and texts from cosmos-sdk x/authz/errors.go.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("authz", {
  noAuthorizationFound: { code: 2, text: "authorization not found" },
  invalidExpirationTime: { code: 3, text: "expiration time of authorization should be more than current time" },
  unknownAuthorizationType: { code: 4, text: "unknown authorization type" },
  noGrantKeyFound: { code: 5, text: "grant key not found" },
  authorizationExpired: { code: 6, text: "authorization expired" },
  granteeIsGranter: { code: 7, text: "grantee and granter should be different" },
  authorizationNumOfSigners: { code: 9, text: "authorization can be given to msg with only one signer" },
  negativeMaxTokens: { code: 12, text: "max tokens should be positive" },
});
