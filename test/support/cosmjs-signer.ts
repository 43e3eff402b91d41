// Transactions signed by CosmJS, the foreign source of signed bytes: SIGN_MODE_DIRECT, SIGN_MODE_LEGACY_AMINO_JSON and
// LegacyAminoPubKey multisigs. Uses nothing of ours but the named test keys.

import {
  createMultisigThresholdPubkey,
  encodeSecp256k1Pubkey,
  type MultisigThresholdPubkey,
  pubkeyToAddress,
  Secp256k1Wallet,
} from "@cosmjs/amino";
import { DirectSecp256k1Wallet, type EncodeObject, encodePubkey } from "@cosmjs/proto-signing";
import { SigningStargateClient, type StdFee } from "@cosmjs/stargate";
import { MultiSignature } from "cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { accountOf } from "./chain-harness.ts";

/** What the chain knows of the signer. */
export interface SignerFacts {
  readonly accountNumber: number;
  readonly sequence: number;
  readonly chainId: string;
}

/** What is signed. */
export interface CosmjsTx {
  readonly messages: readonly EncodeObject[];
  readonly fee?: StdFee;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
}

const signerData = (facts: SignerFacts) => ({ ...facts, accountNumber: BigInt(facts.accountNumber) });

const FEE: StdFee = { amount: [], gas: "300000" };

/** Signs as a named test account, in one of the two modes. */
export async function cosmjsSign(
  name: string,
  mode: "direct" | "amino",
  tx: CosmjsTx,
  facts: SignerFacts,
  prefix = "trib",
): Promise<Uint8Array> {
  const { privateKey } = accountOf(name);
  const wallet =
    mode === "direct"
      ? await DirectSecp256k1Wallet.fromKey(privateKey, prefix)
      : await Secp256k1Wallet.fromKey(privateKey, prefix);
  const [account] = await wallet.getAccounts();
  const client = await SigningStargateClient.offline(wallet);
  const raw = await client.sign(
    account!.address,
    tx.messages,
    tx.fee ?? FEE,
    tx.memo ?? "",
    signerData(facts),
    tx.timeoutHeight,
  );
  return TxRaw.encode(raw).finish();
}

/** The multisig of named test accounts, as CosmJS derives it. */
export function cosmjsMultisig(
  names: readonly string[],
  threshold: number,
  prefix = "trib",
): { readonly publicKey: MultisigThresholdPubkey; readonly address: string } {
  const members = names.map((name) => encodeSecp256k1Pubkey(accountOf(name).publicKey));
  // CosmJS sorts members by address unless told not to.
  const publicKey = createMultisigThresholdPubkey(members, threshold, true);
  return { publicKey, address: pubkeyToAddress(publicKey, prefix) };
}

/**
 * A multisig transaction: each named signer signs the amino document with CosmJS, and cosmjs-types encodes the whole, as
 * CosmJS's makeMultisignedTxBytes does (which the installed @scure/base 2.4 breaks: it refuses the limit CosmJS passes).
 */
export async function cosmjsMultisign(
  names: readonly string[],
  multisig: { readonly publicKey: MultisigThresholdPubkey; readonly address: string },
  signers: readonly string[],
  tx: CosmjsTx,
  facts: SignerFacts,
  prefix = "trib",
): Promise<Uint8Array> {
  const signatures: Uint8Array[] = [];
  let bodyBytes = new Uint8Array();
  const fee = tx.fee ?? FEE;
  for (const name of names.filter((member) => signers.includes(member))) {
    const wallet = await Secp256k1Wallet.fromKey(accountOf(name).privateKey, prefix);
    const [account] = await wallet.getAccounts();
    const client = await SigningStargateClient.offline(wallet);
    const raw = await client.sign(account!.address, tx.messages, fee, tx.memo ?? "", signerData(facts));
    bodyBytes = new Uint8Array(raw.bodyBytes);
    signatures.push(raw.signatures[0]!);
  }
  // One byte of bits is enough for the handful of members that tests have; the first member is the highest bit.
  let bits = 0;
  for (const [index, name] of names.entries()) if (signers.includes(name)) bits |= 0x80 >> index;
  const single = { single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } };
  const authInfo = AuthInfo.fromPartial({
    signerInfos: [
      {
        publicKey: encodePubkey(multisig.publicKey),
        modeInfo: {
          multi: {
            bitarray: { extraBitsStored: names.length, elems: Uint8Array.of(bits) },
            modeInfos: signatures.map(() => single),
          },
        },
        sequence: BigInt(facts.sequence),
      },
    ],
    fee: { amount: [...fee.amount], gasLimit: BigInt(fee.gas) },
  });
  return TxRaw.encode({
    bodyBytes,
    authInfoBytes: AuthInfo.encode(authInfo).finish(),
    signatures: [MultiSignature.encode({ signatures }).finish()],
  }).finish();
}
