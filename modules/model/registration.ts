/** Owns the text that a model's owner signs to register it. Its form is public: wallets show it, clients build it. */
import { hex } from "../../proto/bytes.ts";

/** What the owner signs by ADR-036 (chain/types/arbitrary-signature.ts). */
export function registrationText(chainId: string, name: string, weightsHash: Uint8Array): string {
  return `tributary model registration\nchain: ${chainId}\nname: ${name}\nweights sha256: ${hex(weightsHash)}`;
}
