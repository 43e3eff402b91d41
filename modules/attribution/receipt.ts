/** Owns the text a user signs to accept an output. Its form is public: wallets show it, clients build it. */
import { hex } from "../../proto/bytes.ts";

/** What the use's receipt key signs by ADR-036 (chain/types/arbitrary-signature.ts); `outputHash` is a SHA-256. */
export function receiptText(chainId: string, useId: bigint, outputHash: Uint8Array): string {
  return `tributary use receipt\nchain: ${chainId}\nuse: ${useId}\noutput sha256: ${hex(outputHash)}`;
}
