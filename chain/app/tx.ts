// Transaction step 3 (see ARCHITECTURE.md): strict decode of TxRaw.
// Owns: a transaction out of its bytes, exactly as the SDK decodes it: ADR-027 for TxRaw, unknown fields refused in the
// body (critical ones) and in AuthInfo (all), messages out of their `Any`s, signers in order.
// Does not own: whether it is valid (ante.ts). Source: cosmos-sdk x/tx/decode/decode.go, ADR-027, ADR-020.

import { equalBytes } from "../../proto/bytes.ts";
import { DecodeError, decode, nameOfTypeUrl, UnknownFieldError, UnknownTypeUrlError } from "../../proto/codec.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";
import { sdkErrors, TxError } from "../module/errors.ts";
import { hasSigners, signersOf } from "../module/signers.ts";
import type { AddressCodec } from "../types/address.ts";
import { MAX_MESSAGES, MAX_TX_BYTES } from "./limits.ts";

/** One message of a transaction, decoded. */
export interface TxMessage {
  readonly typeUrl: string;
  readonly name: MessageName;
  /** The decoded value of the message named `name`. */
  readonly value: unknown;
}

/** A transaction that could be read. Nothing about it has been checked yet. */
export interface Tx {
  readonly bytes: Uint8Array;
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  readonly body: Messages["cosmos.tx.v1beta1.TxBody"];
  readonly authInfo: Messages["cosmos.tx.v1beta1.AuthInfo"];
  readonly messages: readonly TxMessage[];
  /** In order of first appearance over the messages, then the fee payer if it is another account. */
  readonly signers: readonly Uint8Array[];
  /** Who pays the fee, unless a granter does: the named payer, else the first signer. */
  readonly feePayer: Uint8Array;
}

/** Reads a transaction. Throws TxError sdk/2 (tx parse error), sdk/21 when it is too long to be read at all. */
export function decodeTx(bytes: Uint8Array, addresses: AddressCodec): Tx {
  if (bytes.length > MAX_TX_BYTES) {
    throw sdkErrors.txTooLarge.because(`maximum tx size is ${MAX_TX_BYTES} bytes but received ${bytes.length}`);
  }
  if (bytes.length === 0) throw sdkErrors.txDecode.because("tx bytes are empty");
  try {
    const raw = decode("cosmos.tx.v1beta1.TxRaw", bytes, "adr027");
    const body = decode("cosmos.tx.v1beta1.TxBody", raw.bodyBytes, "rejectUnknown");
    const authInfo = decode("cosmos.tx.v1beta1.AuthInfo", raw.authInfoBytes, "rejectUnknown");
    if (body.messages.length > MAX_MESSAGES) {
      throw sdkErrors.txDecode.because(`more than ${MAX_MESSAGES} messages`);
    }
    const messages = body.messages.map(readMessage);
    const signers = txSigners(messages, authInfo.fee?.payer ?? "", addresses);
    return {
      bytes,
      bodyBytes: raw.bodyBytes,
      authInfoBytes: raw.authInfoBytes,
      signatures: raw.signatures,
      body,
      authInfo,
      messages,
      ...signers,
    };
  } catch (error) {
    if (error instanceof UnknownFieldError)
      throw sdkErrors.txDecode.because(`${error.message}: unknown protobuf field`);
    if (error instanceof DecodeError) throw sdkErrors.txDecode.because(error.message);
    if (error instanceof TxError && !sdkErrors.txDecode.is(error)) throw sdkErrors.txDecode.because(error.log);
    throw error;
  }
}

function readMessage(any: Messages["google.protobuf.Any"]): TxMessage {
  const name = nameOfTypeUrl(any.typeUrl);
  if (name === undefined) throw new UnknownTypeUrlError(any.typeUrl);
  // Any known type can stand in an Any; one that no one signs is no message (x/tx/signing, GetSigners).
  if (!hasSigners(name)) throw new DecodeError(`no cosmos.msg.v1.signer option found for message ${name}`);
  return { typeUrl: any.typeUrl, name, value: decode(name, any.value) };
}

function txSigners(
  messages: readonly TxMessage[],
  payer: string,
  addresses: AddressCodec,
): { readonly signers: readonly Uint8Array[]; readonly feePayer: Uint8Array } {
  const signers: Uint8Array[] = [];
  const add = (address: Uint8Array): void => {
    if (!signers.some((known) => equalBytes(known, address))) signers.push(address);
  };
  for (const message of messages) for (const signer of signersOf(addresses, message.name, message.value)) add(signer);
  if (payer === "") return { signers, feePayer: signers[0] ?? new Uint8Array() };
  let feePayer: Uint8Array;
  try {
    feePayer = addresses.parseAccount(payer);
  } catch (error) {
    throw sdkErrors.invalidAddress.because(`invalid fee payer address (${(error as Error).message})`);
  }
  add(feePayer);
  return { signers, feePayer };
}
