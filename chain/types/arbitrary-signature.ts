/**
 * Owns ADR-036: the bytes an account's key signs when it signs a text that is no transaction. Wallets and hardware keys
 * know the form (`signArbitrary`), so receipts and registrations need no signing scheme of their own. It does not own
 * the texts themselves, which say what they are for and for which chain, nor signature checking (crypto.ts).
 */
import { base64, utf8 } from "../../proto/bytes.ts";

/**
 * The sign bytes of `text` for `signer`, a bech32 account address: a StdSignDoc in amino's canonical JSON with an empty
 * chain id, no fee and one `sign/MsgSignData` (cosmos-sdk ADR-036). A key signs their SHA-256.
 */
export function arbitrarySignBytes(signer: string, text: string): Uint8Array {
  const data = base64(utf8(text));
  return utf8(
    `{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":"sign/MsgSignData",` +
      `"value":{"data":"${data}","signer":"${signer}"}}],"sequence":"0"}`,
  );
}
