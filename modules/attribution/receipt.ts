/** Owns the text a user signs to accept an output. Its form is public: wallets show it, clients build it. */
import { hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";

type Receipt = Messages["tributary.attribution.v1.Receipt"];

/** What the use's receipt key signs by ADR-036 (chain/types/arbitrary-signature.ts); `outputHash` is a SHA-256. */
export function receiptText(chainId: string, useId: bigint, outputHash: Uint8Array): string {
  return `tributary use receipt\nchain: ${chainId}\nuse: ${useId}\noutput sha256: ${hex(outputHash)}`;
}

/** What user and host sign to acknowledge a served use that a batch will settle: the roots of prompt and output, not the texts. */
export function acknowledgementText(chainId: string, useId: bigint, receipt: Receipt): string {
  return [
    "tributary use acknowledgement",
    `chain: ${chainId}`,
    `use: ${useId}`,
    `prompt root: ${hex(receipt.promptRoot)}`,
    `prompt bytes: ${receipt.promptLength}`,
    `output root: ${hex(receipt.outputRoot)}`,
    `output bytes: ${receipt.outputLength}`,
    `units: ${receipt.units}`,
  ].join("\n");
}
