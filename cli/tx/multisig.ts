// Owns multisig on the command line: one member's signature as a document, and joining such documents into a transaction
// (SDK x/auth/client/cli: sign --multisig, multi-sign). Members sign amino JSON.
import { compactBits } from "../../chain/types/compact-bit-array.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { decode, encode, unpackAny } from "../../proto/codec.ts";
import { fromJson, toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { type AnyPublicKey, type MultisigKey, publicKeyAddress } from "../keys/public-key.ts";
import type { Json } from "../yaml.ts";
import { authInfoOf, type ModeInfo, type SignerInfo, signMode, type Tx, withSigners } from "./transaction.ts";

/** A signature with the key it is by and the sequence it is for. */
export type SignatureDescriptor = Messages["cosmos.tx.signing.v1beta1.SignatureDescriptor"];

const descriptorsName = "cosmos.tx.signing.v1beta1.SignatureDescriptors";

/** The document one signer hands on: `{"signatures":[{"public_key","data","sequence"}]}`. */
export function signatureDocument(
  publicKey: AnyPublicKey,
  signature: Uint8Array,
  sequence: bigint,
  mode: number,
): Json {
  const document = { signatures: [{ publicKey, data: { single: { mode, signature } }, sequence }] };
  return toJson(descriptorsName, decode(descriptorsName, encode(descriptorsName, document))) as Json;
}

/** Reads such a document. */
export function readSignatures(json: unknown, source: string): readonly SignatureDescriptor[] {
  try {
    return fromJson(descriptorsName, json as never).signatures;
  } catch (error) {
    throw usageError(
      `${source} is not a signature document: ${messageOf(error)}`,
      "it is what `tx sign --multisig` prints",
    );
  }
}

/**
 * Joins members' signatures into the signature of their multisig, the transaction's only signer. `signed` is what the members signed; without it
 * the signatures are not checked.
 */
export function joinSignatures(
  tx: Tx,
  key: { readonly publicKey: AnyPublicKey; readonly multisig: MultisigKey },
  signatures: readonly SignatureDescriptor[],
  sequence: bigint,
  signed: Uint8Array | undefined,
): Tx {
  const members = key.multisig.publicKeys;
  const byMember = new Map<number, Uint8Array>();
  for (const signature of signatures) byMember.set(...memberSignature(members, signature, sequence, signed));
  if (byMember.size < key.multisig.threshold) {
    throw new CliError(
      `the multisig needs ${key.multisig.threshold} signatures and ${byMember.size} were given`,
      "collect the missing ones; nothing was signed",
    );
  }
  const order = [...byMember.keys()].sort((a, b) => a - b);
  const single: ModeInfo = decode(
    "cosmos.tx.v1beta1.ModeInfo",
    encode("cosmos.tx.v1beta1.ModeInfo", { single: { mode: signMode.aminoJson } }),
  );
  const info: SignerInfo = decode(
    "cosmos.tx.v1beta1.SignerInfo",
    encode("cosmos.tx.v1beta1.SignerInfo", {
      publicKey: key.publicKey,
      modeInfo: {
        multi: {
          bitarray: compactBits(members.map((_, index) => byMember.has(index))),
          modeInfos: order.map(() => single),
        },
      },
      sequence,
    }),
  );
  const joined = encode("cosmos.crypto.multisig.v1beta1.MultiSignature", {
    signatures: order.map((index) => byMember.get(index)!),
  });
  return withSigners(tx, [info], [joined]);
}

/** Which member a signature is by, and its bytes. */
function memberSignature(
  members: readonly AnyPublicKey[],
  signature: SignatureDescriptor,
  sequence: bigint,
  signed: Uint8Array | undefined,
): [index: number, bytes: Uint8Array] {
  const { publicKey } = signature;
  if (publicKey === undefined) throw usageError("a signature document names no public key");
  const address = publicKeyAddress(publicKey);
  const index = members.findIndex((member) => Buffer.compare(publicKeyAddress(member), address) === 0);
  if (index < 0) {
    throw usageError(
      "one of the signatures is by a key that is not a member of the multisig",
      "leave it out, or name the right multisig",
    );
  }
  if (signature.sequence !== sequence) {
    throw usageError(
      `one of the signatures is for sequence ${signature.sequence}, the multisig is at ${sequence}`,
      "let the member sign again, or give --sequence",
    );
  }
  const single = signature.data?.single;
  if (single === undefined)
    throw usageError("a member's signature is itself a multisig", "nested multisigs are not supported");
  if (single.mode !== signMode.aminoJson) {
    throw usageError(
      "members of a multisig sign amino JSON",
      "sign again with `tx sign --multisig --sign-mode amino-json`",
    );
  }
  if (signed !== undefined && !isBy(publicKey, signed, single.signature)) {
    throw new CliError(
      `member ${index + 1} of the multisig signed something else`,
      "the transaction, the chain or the account number may differ: let the member sign again; nothing was signed",
    );
  }
  return [index, single.signature];
}

function isBy(key: AnyPublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const { name, value } = unpackAny(key);
  if (name !== "cosmos.crypto.secp256k1.PubKey") return false;
  return nobleVerifier.secp256k1((value as Messages["cosmos.crypto.secp256k1.PubKey"]).key, message, signature);
}

/** The multisig's signature of a transaction that `joinSignatures` made, as a document. */
export function joinedDocument(tx: Tx): Json {
  const [info] = authInfoOf(tx).signerInfos;
  const [bytes] = tx.signatures;
  if (info?.modeInfo?.multi === undefined || bytes === undefined) throw new Error("the transaction is no multisig's");
  const { signatures } = decode("cosmos.crypto.multisig.v1beta1.MultiSignature", bytes);
  const multi = {
    bitarray: info.modeInfo.multi.bitarray,
    signatures: signatures.map((signature) => ({ single: { mode: signMode.aminoJson, signature } })),
  };
  const document = { signatures: [{ publicKey: info.publicKey, data: { multi }, sequence: info.sequence }] };
  return toJson(descriptorsName, decode(descriptorsName, encode(descriptorsName, document))) as Json;
}
