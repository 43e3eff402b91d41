// Accounts and their signed bank sends, made in advance so that signing is not measured. Owns no measurement.

import { createECDH, createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { type SignatureJob, signatureFact } from "../../chain/app/facts.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { secp256k1Address } from "../../chain/types/public-key.ts";
import { encode, packAny } from "../../proto/codec.ts";

/** Someone who sends. */
export interface Sender {
  readonly address: string;
  readonly publicKey: Uint8Array;
  readonly accountNumber: bigint;
  readonly key: KeyObject;
  /** The sequence of the next transaction to be signed. */
  sequence: bigint;
}

/** A signed transaction, and the verification it will need. */
export interface SignedSend {
  readonly tx: Uint8Array;
  readonly job: SignatureJob;
}

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const addresses = new AddressCodec("trib");

/** The account that belongs to a number; `accountNumber` is what the chain calls it. */
export function senderOf(number: number, accountNumber: bigint): Sender {
  const ecdh = createECDH("secp256k1");
  const secret = createHash("sha256").update(`benchmark account ${number}`).digest();
  ecdh.setPrivateKey(secret);
  const publicKey = new Uint8Array(ecdh.getPublicKey(null, "compressed"));
  const point = ecdh.getPublicKey();
  const key = createPrivateKey({
    key: {
      kty: "EC",
      crv: "secp256k1",
      d: secret.toString("base64url"),
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
    format: "jwk",
  });
  return { address: addresses.account(secp256k1Address(publicKey)), publicKey, accountNumber, key, sequence: 0n };
}

/** The sender's next send: 1 uopen to another account, gas 200000, fee 500 uopen, SIGN_MODE_DIRECT. */
export function nextSend(sender: Sender, to: string, chainId: string): SignedSend {
  const message = packAny("cosmos.bank.v1beta1.MsgSend", {
    fromAddress: sender.address,
    toAddress: to,
    amount: [{ denom: "uopen", amount: "1" }],
  });
  return nextTransaction(sender, [message], chainId, { gas: 200_000n, fee: "500" });
}

/** The sender's next transaction of any messages, SIGN_MODE_DIRECT; a fee of "" is none. */
export function nextTransaction(
  sender: Sender,
  messages: readonly ReturnType<typeof packAny>[],
  chainId: string,
  { gas, fee }: { readonly gas: bigint; readonly fee: string },
): SignedSend {
  const bodyBytes = encode("cosmos.tx.v1beta1.TxBody", { messages: [...messages] });
  const authInfoBytes = encode("cosmos.tx.v1beta1.AuthInfo", {
    signerInfos: [
      {
        publicKey: packAny("cosmos.crypto.secp256k1.PubKey", { key: sender.publicKey }),
        modeInfo: { single: { mode: 1 } },
        sequence: sender.sequence,
      },
    ],
    fee: { amount: fee === "" ? [] : [{ denom: "uopen", amount: fee }], gasLimit: gas },
  });
  sender.sequence += 1n;
  const { accountNumber, publicKey } = sender;
  const message = encode("cosmos.tx.v1beta1.SignDoc", { bodyBytes, authInfoBytes, chainId, accountNumber });
  const signature = lowS(sign("sha256", message, { key: sender.key, dsaEncoding: "ieee-p1363" }));
  return {
    tx: encode("cosmos.tx.v1beta1.TxRaw", { bodyBytes, authInfoBytes, signatures: [signature] }),
    job: { kind: "secp256k1", publicKey, message, signature },
  };
}

/** The facts under which these signatures need no verification. */
export function factsOf(hasher: Hasher, sends: readonly SignedSend[]): ReadonlySet<string> {
  return new Set(sends.map(({ job }) => signatureFact(hasher, job)));
}

/** OpenSSL gives either of the two values of s; a chain takes the lower. */
function lowS(signature: Buffer): Uint8Array {
  const s = BigInt(`0x${signature.toString("hex", 32)}`);
  if (s > order / 2n) signature.write((order - s).toString(16).padStart(64, "0"), 32, "hex");
  return new Uint8Array(signature);
}
