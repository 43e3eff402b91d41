// Owns transactions as values: assembling one, the bytes each sign mode signs, the wire form and the JSON form. It knows
// no keyring, no node and no flags (build.ts does).
import { createHash } from "node:crypto";
import { type AddressCodec, decodeBech32 } from "../../chain/types/address.ts";
import { aminoSignBytes } from "../../proto/amino.ts";
import { decode, encode, unpackAny } from "../../proto/codec.ts";
import { fromJson, toJson } from "../../proto/json.ts";
import { findField, messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import type { AnyPublicKey } from "../keys/public-key.ts";
import type { Json } from "../yaml.ts";

export type Tx = Messages["cosmos.tx.v1beta1.Tx"];
export type TxBody = Messages["cosmos.tx.v1beta1.TxBody"];
export type AuthInfo = Messages["cosmos.tx.v1beta1.AuthInfo"];
export type SignerInfo = Messages["cosmos.tx.v1beta1.SignerInfo"];
export type ModeInfo = Messages["cosmos.tx.v1beta1.ModeInfo"];
export type Fee = Messages["cosmos.tx.v1beta1.Fee"];
export type Any = Messages["google.protobuf.Any"];

/** The sign modes this program signs in (cosmos.tx.signing.v1beta1.SignMode). */
export const signMode = { direct: 1, aminoJson: 127 } as const;
export type SignMode = (typeof signMode)[keyof typeof signMode];

/** The sign mode a flag names. */
export function signModeOf(text: string | undefined): SignMode {
  return text === "amino-json" ? signMode.aminoJson : signMode.direct;
}

/** What an unsigned transaction is made of. */
export interface UnsignedParts {
  readonly messages: readonly Any[];
  readonly memo: string;
  readonly timeoutHeight: bigint;
  /** When it is void; an unordered one must say. */
  readonly timeoutTimestamp?: TxBody["timeoutTimestamp"];
  /** It may run before or after any other of its signers, and has no sequence. */
  readonly unordered?: boolean;
  readonly fee: Fee;
}

/** A transaction without signers. */
export function unsignedTx(parts: UnsignedParts): Tx {
  return complete({
    body: {
      messages: parts.messages,
      memo: parts.memo,
      timeoutHeight: parts.timeoutHeight,
      unordered: parts.unordered ?? false,
      timeoutTimestamp: parts.timeoutTimestamp,
      extensionOptions: [],
      nonCriticalExtensionOptions: [],
    },
    authInfo: { signerInfos: [], fee: parts.fee, tip: undefined },
    signatures: [],
  });
}

/** Encodes and decodes, so that every field is present as decoded messages have it. */
function complete(tx: Parameters<typeof encode<"cosmos.tx.v1beta1.Tx">>[1]): Tx {
  return decode("cosmos.tx.v1beta1.Tx", encode("cosmos.tx.v1beta1.Tx", tx));
}

/** A signer that signs by itself in one mode. */
export function singleSigner(publicKey: AnyPublicKey | undefined, mode: SignMode, sequence: bigint): SignerInfo {
  return decode(
    "cosmos.tx.v1beta1.SignerInfo",
    encode("cosmos.tx.v1beta1.SignerInfo", { publicKey, modeInfo: { single: { mode } }, sequence }),
  );
}

/** The same transaction with these signers and signatures. */
export function withSigners(tx: Tx, signerInfos: readonly SignerInfo[], signatures: readonly Uint8Array[]): Tx {
  return complete({ ...tx, authInfo: { ...authInfoOf(tx), signerInfos }, signatures });
}

/** The body; a transaction without one is refused. */
export function bodyOf(tx: Tx): TxBody {
  if (tx.body === undefined)
    throw new CliError("the transaction has no body", "make it with `tributaryd tx ... --generate-only`");
  return tx.body;
}

/** The signers and the fee; a transaction without them is refused. */
export function authInfoOf(tx: Tx): AuthInfo {
  if (tx.authInfo === undefined) {
    throw new CliError("the transaction has no auth_info", "make it with `tributaryd tx ... --generate-only`");
  }
  return tx.authInfo;
}

/** The bytes sent to a node: TxRaw. */
export function txBytes(tx: Tx): Uint8Array {
  return encode("cosmos.tx.v1beta1.TxRaw", {
    bodyBytes: encode("cosmos.tx.v1beta1.TxBody", bodyOf(tx)),
    authInfoBytes: encode("cosmos.tx.v1beta1.AuthInfo", authInfoOf(tx)),
    signatures: tx.signatures,
  });
}

/** Reads TxRaw bytes. */
export function txFromBytes(bytes: Uint8Array): Tx {
  const raw = decode("cosmos.tx.v1beta1.TxRaw", bytes);
  return {
    body: decode("cosmos.tx.v1beta1.TxBody", raw.bodyBytes),
    authInfo: decode("cosmos.tx.v1beta1.AuthInfo", raw.authInfoBytes),
    signatures: raw.signatures,
  };
}

/** The hash a transaction is known by: SHA-256 of its bytes, upper-case hexadecimal. */
export function txHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").toUpperCase();
}

/** The transaction as proto-JSON, as simd prints and reads it. */
export function txToJson(tx: Tx): Json {
  return toJson("cosmos.tx.v1beta1.Tx", tx) as Json;
}

/** Reads a transaction from proto-JSON. */
export function txFromJson(json: unknown, source: string): Tx {
  try {
    return complete(fromJson("cosmos.tx.v1beta1.Tx", json as never));
  } catch (error) {
    throw usageError(
      `${source} is not a transaction: ${messageOf(error)}`,
      "it is what `tributaryd tx ... --generate-only` prints",
    );
  }
}

/** What a signature covers besides the transaction. */
export interface SigningFacts {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The sequence that a signer of this transaction writes: none for an unordered one. */
export function sequenceFor(tx: Tx, sequence: bigint): bigint {
  return tx.body?.unordered === true ? 0n : sequence;
}

/** The bytes one signer signs. The transaction must already carry all its signers (direct mode signs them). */
export function signBytes(tx: Tx, mode: SignMode, facts: SigningFacts): Uint8Array {
  const body = bodyOf(tx);
  const authInfo = authInfoOf(tx);
  if (mode === signMode.direct) {
    return encode("cosmos.tx.v1beta1.SignDoc", {
      bodyBytes: encode("cosmos.tx.v1beta1.TxBody", body),
      authInfoBytes: encode("cosmos.tx.v1beta1.AuthInfo", authInfo),
      chainId: facts.chainId,
      accountNumber: facts.accountNumber,
    });
  }
  const fee = authInfo.fee;
  if (fee === undefined) throw new CliError("the transaction has no fee", "amino-json signs one; add it");
  return aminoSignBytes({
    chainId: facts.chainId,
    accountNumber: facts.accountNumber,
    sequence: facts.sequence,
    timeoutHeight: body.timeoutHeight,
    unordered: body.unordered,
    timeoutTimestamp: body.timeoutTimestamp,
    fee,
    msgs: body.messages,
    memo: body.memo,
  });
}

/**
 * The accounts that must sign: those the messages name, in order, then the fee payer when it is another. The order is
 * that of the signatures (SDK types/tx). Operator addresses are given as the account they belong to.
 */
export function requiredSigners(tx: Tx, addresses: AddressCodec): readonly string[] {
  const signers: string[] = [];
  const named = bodyOf(tx).messages.flatMap((message) => messageSigners(message));
  const payer = authInfoOf(tx).fee?.payer ?? "";
  for (const text of payer === "" ? named : [...named, payer]) {
    const account = addresses.account(decodeBech32(text).bytes);
    if (!signers.includes(account)) signers.push(account);
  }
  return signers;
}

/** The addresses one message names as its signers, as they stand in it. */
export function messageSigners(message: Any): readonly string[] {
  const { name, value } = unpackAny(message);
  return (messageInfo(name).signers ?? []).flatMap((field) => signersIn(name, value, field));
}

/** A signer option names a field: an address, or a message with signers of its own. */
function signersIn(name: string, value: unknown, fieldName: string): readonly string[] {
  const field = findField(messageInfo(name), fieldName);
  if (field === undefined) throw new Error(`${name} names a signer field ${fieldName} it does not have`);
  const inner = (value as Readonly<Record<string, unknown>>)[field.name];
  const items: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  return items.flatMap((item) => {
    if (typeof item === "string") return item === "" ? [] : [item];
    const type = field.typeName;
    if (item === undefined || type === undefined) return [];
    return (messageInfo(type).signers ?? []).flatMap((deeper) => signersIn(type, item, deeper));
  });
}
