// Owns: the second half of the ante: public keys, their number, the gas of checking them, the signatures themselves and
// the sequence (x/auth/ante/sigverify.go). Does not own: sign bytes and multisig rules (signatures.ts).
//
// Each signer's account is read once and written once, at the end: a refusal before that has changed nothing, and the
// order of refusals is the SDK's.

import { base64, equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { sdkErrors } from "../module/errors.ts";
import { impossible } from "../types/impossible.ts";
import { isZeroTime, nanosecondsBetween, timeToNanoseconds } from "../types/time.ts";
import {
  type AccountKey,
  accountKeyAddress,
  aminoBytes,
  countSubKeys,
  decodeAccountKey,
  SIMULATED_KEY,
} from "./account-key.ts";
import type { AnteRun } from "./ante.ts";
import { MAX_UNORDERED_NANOSECONDS, UNORDERED_TX_GAS } from "./limits.ts";
import type { SigningAccount } from "./ports.ts";
import {
  flatSignatures,
  isOnlyLegacyAmino,
  type SignatureData,
  SignatureError,
  signatureData,
  verifySignature,
} from "./signatures.ts";

type Any = Messages["google.protobuf.Any"];

/** What is known of one signer so far. */
export interface SignerState {
  readonly account: SigningAccount;
  /** The account's key: stored, or named by this transaction; `undefined` until one is known. */
  key: AccountKey | undefined;
  /** The key's `Any` form, when this transaction is the first to name it. */
  newKey: Any | undefined;
}

type Signers = Map<number, SignerState>;

/** The SDK's cost of an encoded StdSignature beside its key: two field heads, 64 bytes, and 6 for the list around it. */
const SIMULATED_SIGNATURE_BYTES = 66 + 6;

function signerState(run: AnteRun, signers: Signers, index: number): SignerState {
  const state = findSigner(run, signers, index);
  if (state !== undefined) return state;
  const address = run.ctx.addresses.account(run.tx.signers[index] as Uint8Array);
  throw sdkErrors.unknownAddress.because(`account ${address} does not exist`);
}

/** Whether there is such an account; a signer's is kept for the checks to come. */
export function accountExists(run: AnteRun, signers: Signers, address: Uint8Array): boolean {
  const index = run.tx.signers.findIndex((signer) => equalBytes(signer, address));
  if (index >= 0) return findSigner(run, signers, index) !== undefined;
  return run.accounts.signingAccount(run.ctx, address) !== undefined;
}

function findSigner(run: AnteRun, signers: Signers, index: number): SignerState | undefined {
  const known = signers.get(index);
  if (known !== undefined) return known;
  const account = run.accounts.signingAccount(run.ctx, run.tx.signers[index] as Uint8Array);
  if (account === undefined) return undefined;
  const key = account.pubKey === undefined ? undefined : decodeAccountKey(account.pubKey);
  const state: SignerState = { account, key, newKey: undefined };
  signers.set(index, state);
  return state;
}

/** The signature of signer `index`, or `undefined` where simulation left it out. */
function signatureOf(run: AnteRun, index: number): SignatureData | undefined {
  const modeInfo = run.tx.authInfo.signerInfos[index]?.modeInfo;
  const signature = run.tx.signatures[index];
  if (modeInfo === undefined || signature === undefined) return undefined;
  if (run.mode === "simulate" && signature.length === 0 && modeInfo.multi !== undefined) return undefined;
  return signatureData(modeInfo, signature);
}

function isIncomplete(data: SignatureData | undefined): boolean {
  if (data === undefined) return true;
  if (data.kind === "single") return data.signature.length === 0;
  return data.signatures.length === 0 || data.signatures.some((inner) => isIncomplete(inner));
}

/** The bytes each missing signature would add, for simulation (ConsumeTxSizeGasDecorator). */
export function simulatedSignatureBytes(run: AnteRun, signers: Signers): bigint[] {
  const sizes: bigint[] = [];
  for (const index of run.tx.signers.keys()) {
    if (!isIncomplete(signatureOf(run, index))) continue;
    // An account that does not exist yet is refused later, by the fee or the key check.
    const key = findSigner(run, signers, index)?.key ?? SIMULATED_KEY;
    const keyBytes = aminoBytes(key).length;
    const size = BigInt(1 + (keyBytes < 0x80 ? 1 : 2) + keyBytes + SIMULATED_SIGNATURE_BYTES);
    sizes.push(key.kind === "multisig" ? size * run.params.txSigLimit : size);
  }
  return sizes;
}

/** SetPubKeyDecorator: a key named by the transaction must be the signer's; the first one named is kept. */
export function setPublicKeys(run: AnteRun, signers: Signers): void {
  const { ctx, tx } = run;
  const simulate = run.mode === "simulate";
  for (const [index, info] of tx.authInfo.signerInfos.entries()) {
    const address = tx.signers[index];
    if (address === undefined) break;
    if (info.publicKey === undefined && !simulate) continue;
    const stored = findSigner(run, signers, index)?.account.pubKey;
    // The key this account already has was compared when it was stored.
    if (stored !== undefined && info.publicKey !== undefined && sameAny(stored, info.publicKey)) continue;
    const key = info.publicKey === undefined ? SIMULATED_KEY : decodeAccountKey(info.publicKey);
    if (!simulate && !equalBytes(accountKeyAddress(key), address)) {
      throw sdkErrors.invalidPubKey.because(
        `pubKey does not match signer address ${ctx.addresses.account(address)} with signer index: ${index}`,
      );
    }
    const state = signerState(run, signers, index);
    if (state.key !== undefined) continue;
    state.key = key;
    state.newKey = info.publicKey;
  }
  for (const [index, info] of tx.authInfo.signerInfos.entries()) {
    const address = tx.signers[index];
    if (address === undefined) break;
    // An unordered transaction has no place among its signer's.
    if (!tx.body.unordered) ctx.emit("tx", [["acc_seq", `${ctx.addresses.account(address)}/${info.sequence}`]]);
    const data = signatureOf(run, index);
    for (const signature of data === undefined ? [new Uint8Array()] : flatSignatures(data)) {
      ctx.emit("tx", [["signature", base64(signature)]]);
    }
  }
}

function sameAny(a: Any, b: Any): boolean {
  return a.typeUrl === b.typeUrl && equalBytes(a.value, b.value);
}

/** ValidateSigCount, SigGasConsume, SigVerification and IncrementSequence decorators. */
export function checkSignatures(run: AnteRun, signers: Signers): void {
  const { ctx, tx, mode } = run;
  checkSignatureCount(run);
  const infos = tx.authInfo.signerInfos;
  if (infos.length !== tx.signers.length) {
    throw sdkErrors.unauthorized.because(
      `invalid number of signer;  expected: ${tx.signers.length}, got ${infos.length}`,
    );
  }
  for (const index of infos.keys()) consumeSignatureGas(run, signerState(run, signers, index), signatureOf(run, index));
  const { unordered } = tx.body;
  if (unordered) useNonces(run);
  for (const [index, info] of infos.entries()) {
    if (unordered && info.sequence > 0n)
      throw sdkErrors.invalidRequest.because("sequence is not allowed for unordered transactions");
    const state = signerState(run, signers, index);
    const { account, key } = state;
    if (mode !== "simulate" && key === undefined) {
      throw sdkErrors.invalidPubKey.because("pubkey on account is not set");
    }
    if (!unordered && info.sequence !== account.sequence) {
      throw sdkErrors.wrongSequence.because(
        `account sequence mismatch, expected ${account.sequence}, got ${info.sequence}`,
      );
    }
    if (mode === "simulate" || mode === "recheck" || key === undefined) continue;
    verifyOne(run, account, key, info.sequence, signatureOf(run, index));
  }
  for (const { account, newKey } of signers.values()) {
    if (unordered && newKey === undefined) continue;
    run.accounts.updateSigner(ctx, account, account.sequence + (unordered ? 0n : 1n), newKey ?? account.pubKey);
  }
}

/** verifyUnorderedNonce: in the place of a sequence stands the time at which the transaction ends, which each signer may name once. */
function useNonces({ ctx, tx, mode, accounts }: AnteRun): void {
  const { timeoutTimestamp: timeout } = tx.body;
  if (timeout === undefined || isZeroTime(timeout) || timeout.seconds === 0n)
    throw sdkErrors.invalidRequest.because("unordered transaction must have timeout_timestamp set");
  const left = nanosecondsBetween(ctx.time, timeout);
  if (left < 0n)
    throw sdkErrors.invalidRequest.because("unordered transaction has a timeout_timestamp that has already passed");
  if (left > MAX_UNORDERED_NANOSECONDS) throw sdkErrors.invalidRequest.because("unordered tx ttl exceeds 10m0s");
  ctx.gas.consume(UNORDERED_TX_GAS, "unordered tx");
  if (mode === "simulate") return;
  for (const signer of tx.signers) {
    if (accounts.useNonce(ctx, signer, timeout)) continue;
    const sender = ctx.addresses.account(signer);
    throw sdkErrors.invalidRequest.because(
      `failed to add unordered nonce: sender ${sender} has already used timeout ${timeToNanoseconds(timeout)}`,
    );
  }
}

function checkSignatureCount({ tx, params }: AnteRun): void {
  let count = 0;
  for (const { publicKey } of tx.authInfo.signerInfos) {
    if (publicKey === undefined) continue;
    count += countSubKeys(decodeAccountKey(publicKey));
    if (BigInt(count) > params.txSigLimit) {
      throw sdkErrors.tooManySignatures.because(`signatures: ${count}, limit: ${params.txSigLimit}`);
    }
  }
}

function verifyOne(
  run: AnteRun,
  account: SigningAccount,
  key: AccountKey,
  sequence: bigint,
  data: SignatureData | undefined,
): void {
  const { ctx, tx } = run;
  // A genesis transaction is signed before its account has a number.
  const accountNumber = ctx.height === 0n ? 0n : account.accountNumber;
  const signer = { chainId: ctx.chainId, accountNumber, sequence };
  try {
    if (data === undefined) throw new SignatureError("no sign mode is named");
    verifySignature(tx, key, data, signer, run.checkSignature);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    const place = `account number (${accountNumber})`;
    throw sdkErrors.unauthorized.because(
      data !== undefined && isOnlyLegacyAmino(data)
        ? `signature verification failed; please verify ${place}, sequence (${account.sequence}) and chain-id (${ctx.chainId})`
        : `signature verification failed; please verify ${place} and chain-id (${ctx.chainId}): (${error.message})`,
    );
  }
}

/** SigGasConsumeDecorator for one signer. */
function consumeSignatureGas(run: AnteRun, state: SignerState, data: SignatureData | undefined): void {
  const key = state.key ?? (run.mode === "simulate" ? SIMULATED_KEY : undefined);
  if (key === undefined) throw sdkErrors.invalidPubKey.because("pubkey on account is not set");
  consumeKeyGas(run, key, data);
}

function consumeKeyGas(run: AnteRun, key: AccountKey, data: SignatureData | undefined): void {
  const { ctx, params } = run;
  switch (key.kind) {
    case "ed25519":
      ctx.gas.consume(params.sigVerifyCostEd25519, "ante verify: ed25519");
      throw sdkErrors.invalidPubKey.because("ED25519 public keys are unsupported");
    case "secp256k1":
      ctx.gas.consume(params.sigVerifyCostSecp256k1, "ante verify: secp256k1");
      return;
    case "multisig":
      consumeMultisigGas(run, key, data);
      return;
    default:
      impossible(key);
  }
}

/** ConsumeMultisignatureVerificationGas: the members that signed; in simulation without signatures, the threshold. */
function consumeMultisigGas(
  run: AnteRun,
  key: Extract<AccountKey, { kind: "multisig" }>,
  data: SignatureData | undefined,
): void {
  if (data === undefined || data.kind === "single") {
    if (run.mode !== "simulate") {
      throw sdkErrors.invalidPubKey.because("expected multi-signature data for a multisig key");
    }
    for (const member of key.members.slice(0, key.threshold)) consumeKeyGas(run, member, undefined);
    return;
  }
  let next = 0;
  for (const [index, bit] of data.bits.entries()) {
    const member = key.members[index];
    if (!bit || member === undefined) continue;
    consumeKeyGas(run, member, data.signatures[next]);
    next++;
  }
}
