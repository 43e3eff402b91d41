// Owns: what a signer signed (sign bytes per sign mode) and whether the signatures are theirs, multisigs member by
// member. Does not own: sequences and accounts (ante/), nor the cryptography (chain/types/crypto.ts).
// Sources: cosmos-sdk x/auth/signing/verify.go, x/tx/signing/{direct,aminojson}, crypto/keys/multisig/multisig.go.

import { AminoError, aminoSignBytes } from "../../proto/amino.ts";
import { DecodeError, decode, encode, hasUnknownNonCriticals } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { sdkErrors } from "../module/errors.ts";
import { type CompactBitArray, CompactBitArrayError, compactBitList } from "../types/compact-bit-array.ts";
import { impossible } from "../types/impossible.ts";
import type { AccountKey } from "./account-key.ts";
import type { SignatureJob } from "./facts.ts";
import { MAX_MULTISIG_DEPTH } from "./limits.ts";
import { SIGN_MODE_DIRECT, SIGN_MODE_LEGACY_AMINO_JSON, signModeName } from "./sign-modes.ts";
import type { Tx } from "./tx.ts";

/** What a signature covers besides the transaction itself. */
export interface SignerData {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** One signer's signature, taken apart by its ModeInfo. */
export type SignatureData =
  | { readonly kind: "single"; readonly mode: number; readonly signature: Uint8Array }
  | {
      readonly kind: "multi";
      /** Which members signed. */
      readonly bits: readonly boolean[];
      readonly signatures: readonly SignatureData[];
    };

/** A signature that does not verify, for the reason in `message`; the ante wraps it in the SDK's words. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

type ModeInfo = Messages["cosmos.tx.v1beta1.ModeInfo"];

/** Pairs a ModeInfo with the signature bytes it describes. Throws sdk/4 when the two do not fit together. */
export function signatureData(modeInfo: ModeInfo, signature: Uint8Array, depth = 0): SignatureData {
  if (modeInfo.single !== undefined) return { kind: "single", mode: modeInfo.single.mode, signature };
  if (modeInfo.multi === undefined) throw sdkErrors.unauthorized.because("mode info names no sign mode");
  if (depth >= MAX_MULTISIG_DEPTH) throw sdkErrors.unauthorized.because("multisignatures nest too deeply");
  const { bitarray, modeInfos } = modeInfo.multi;
  const signatures = memberSignatures(signature);
  if (signatures.length !== modeInfos.length) {
    throw sdkErrors.unauthorized.because(
      `multisignature has ${signatures.length} signatures but ${modeInfos.length} mode infos`,
    );
  }
  return {
    kind: "multi",
    bits: signedBits(bitarray),
    signatures: modeInfos.map((inner, index) => signatureData(inner, signatures[index] as Uint8Array, depth + 1)),
  };
}

/** Which members signed. Throws sdk/4 for an array whose fields contradict each other. */
function signedBits(array: CompactBitArray | undefined): readonly boolean[] {
  try {
    return array === undefined ? [] : compactBitList(array);
  } catch (error) {
    if (error instanceof CompactBitArrayError) throw sdkErrors.unauthorized.because(error.message);
    throw error;
  }
}

/** The members' signatures inside a multisig's. Throws sdk/4 for other bytes. */
function memberSignatures(bytes: Uint8Array): readonly Uint8Array[] {
  try {
    return decode("cosmos.crypto.multisig.v1beta1.MultiSignature", bytes, "rejectUnknown").signatures;
  } catch (error) {
    if (error instanceof DecodeError) {
      throw sdkErrors.unauthorized.because(`malformed multisignature: ${error.message}`);
    }
    throw error;
  }
}

/** The bytes a signer signs in the given mode. Throws SignatureError for a mode this chain does not support. */
export function signBytes(tx: Tx, mode: number, signer: SignerData): Uint8Array {
  if (mode === SIGN_MODE_DIRECT) {
    return encode("cosmos.tx.v1beta1.SignDoc", {
      bodyBytes: tx.bodyBytes,
      authInfoBytes: tx.authInfoBytes,
      chainId: signer.chainId,
      accountNumber: signer.accountNumber,
    });
  }
  if (mode === SIGN_MODE_LEGACY_AMINO_JSON) return aminoBytesOf(tx, signer);
  throw new SignatureError(`unsupported sign mode ${signModeName(mode)}`);
}

function aminoBytesOf(tx: Tx, signer: SignerData): Uint8Array {
  const { body, authInfo } = tx;
  // The amino document has no place for these, so a signature over it would not cover them.
  if (body.extensionOptions.length > 0 || body.nonCriticalExtensionOptions.length > 0) {
    throw new SignatureError("SIGN_MODE_LEGACY_AMINO_JSON does not support protobuf extension options");
  }
  const fee = authInfo.fee;
  if (fee === undefined) throw new SignatureError("missing fee");
  if (hasUnknownNonCriticals("cosmos.tx.v1beta1.TxBody", tx.bodyBytes)) {
    throw new SignatureError("SIGN_MODE_LEGACY_AMINO_JSON does not support unknown fields");
  }
  try {
    return aminoSignBytes({
      accountNumber: signer.accountNumber,
      chainId: signer.chainId,
      fee,
      memo: body.memo,
      msgs: body.messages,
      sequence: signer.sequence,
      timeoutHeight: body.timeoutHeight,
      unordered: body.unordered,
      timeoutTimestamp: body.timeoutTimestamp,
    });
  } catch (error) {
    if (error instanceof AminoError) throw new SignatureError(error.message);
    throw error;
  }
}

/** Checks that `data` is `key`'s signature of the transaction. Throws SignatureError with the SDK's reason. */
export function verifySignature(
  tx: Tx,
  key: AccountKey,
  data: SignatureData,
  signer: SignerData,
  check: (job: SignatureJob) => boolean,
): void {
  // A multisig's members mostly sign in one mode: its bytes are made once.
  const made = new Map<number, Uint8Array>();
  const bytesFor = (mode: number): Uint8Array => {
    let bytes = made.get(mode);
    if (bytes === undefined) {
      bytes = signBytes(tx, mode, signer);
      made.set(mode, bytes);
    }
    return bytes;
  };
  switch (data.kind) {
    case "single": {
      if (key.kind === "multisig") throw new SignatureError("expected multi-signature data for a multisig key");
      const job = { kind: key.kind, publicKey: key.bytes, message: bytesFor(data.mode), signature: data.signature };
      if (!check(job)) throw new SignatureError("unable to verify single signer signature");
      return;
    }
    case "multi":
      verifyMultisig(key, data, bytesFor, check);
      return;
    default:
      impossible(data);
  }
}

function verifyMultisig(
  key: AccountKey,
  data: Extract<SignatureData, { kind: "multi" }>,
  bytesFor: (mode: number) => Uint8Array,
  check: (job: SignatureJob) => boolean,
): void {
  if (key.kind !== "multisig") throw new SignatureError("expected a multisig key for multi-signature data");
  const { bits, signatures } = data;
  if (key.members.length !== bits.length) {
    throw new SignatureError(`bit array size is incorrect, expecting: ${key.members.length}`);
  }
  if (signatures.length < key.threshold || signatures.length > bits.length) {
    throw new SignatureError(`signature size is incorrect ${signatures.length}`);
  }
  const set = bits.filter((bit) => bit).length;
  if (set < key.threshold) {
    throw new SignatureError(`not enough signatures set, have ${set}, expected ${key.threshold}`);
  }
  // Each signature belongs to one set bit; the SDK panics on a surplus bit and ignores a surplus signature.
  if (set !== signatures.length) throw new SignatureError(`signature size is incorrect ${signatures.length}`);
  let next = 0;
  for (const [index, member] of key.members.entries()) {
    if (bits[index] !== true) continue;
    const signature = signatures[next] as SignatureData;
    next++;
    if (signature.kind === "multi") {
      verifyMultisig(member, signature, bytesFor, check);
      continue;
    }
    if (member.kind === "multisig") throw new SignatureError(`unable to verify signature at index ${index}`);
    const message = bytesFor(signature.mode);
    if (!check({ kind: member.kind, publicKey: member.bytes, message, signature: signature.signature })) {
      throw new SignatureError(`unable to verify signature at index ${index}`);
    }
  }
}

/** True when every part of the signature was made in SIGN_MODE_LEGACY_AMINO_JSON (ante OnlyLegacyAminoSigners). */
export function isOnlyLegacyAmino(data: SignatureData): boolean {
  return data.kind === "single"
    ? data.mode === SIGN_MODE_LEGACY_AMINO_JSON
    : data.signatures.every((inner) => isOnlyLegacyAmino(inner));
}

/**
 * All signature bytes as the `tx.signature` events list them: members first, then one multisignature of all these. Where multisigs nest that is not
 * the one the transaction carries: the SDK lists a member's members in it as well (signatureDataToBz).
 */
export function flatSignatures(data: SignatureData): Uint8Array[] {
  if (data.kind === "single") return [data.signature];
  const signatures = data.signatures.flatMap((inner) => flatSignatures(inner));
  return [...signatures, encode("cosmos.crypto.multisig.v1beta1.MultiSignature", { signatures })];
}
