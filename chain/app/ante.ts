// Transaction step 5: ante.
// Owns: the checks before any message runs, in the order of the SDK's ante handler (x/auth/ante/ante.go), each with its
// code and text. Does not own: signatures and sequences (ante-signatures.ts), nor the branch they run on (run-tx.ts).

import { utf8Length } from "../../proto/bytes.ts";
import type { ExecutionContext } from "../module/context.ts";
import { sdkErrors, TxError } from "../module/errors.ts";
import { areValidCoins, type Coin, type CoinMessage, formatCoins, isAnyGte } from "../types/coin.ts";
import { Dec } from "../types/dec.ts";
import type { DecCoin } from "../types/dec-coin.ts";
import { IntError, parseInteger } from "../types/int.ts";
import { compareTime, formatTime, isZeroTime } from "../types/time.ts";
import {
  accountExists,
  checkSignatures,
  type SignerState,
  setPublicKeys,
  simulatedSignatureBytes,
} from "./ante-signatures.ts";
import type { SignatureJob } from "./facts.ts";
import { MAX_GAS_WANTED, SIMULATED_FEE_GAS } from "./limits.ts";
import type { AccountsPort, AnteParams, FeeGrantsPort, FeesPort } from "./ports.ts";
import type { Tx } from "./tx.ts";

/** Why a transaction is being run: to admit it, to admit it again after a block, to estimate, or for good. */
export type RunMode = "check" | "recheck" | "simulate" | "deliver";

/** The neighbours of the ante. */
export interface AntePorts {
  readonly accounts: AccountsPort;
  readonly fees: FeesPort;
  readonly feeGrants?: FeeGrantsPort | undefined;
}

/** One transaction on its way through the ante. */
export interface AnteRun extends AntePorts {
  readonly ctx: ExecutionContext;
  readonly tx: Tx;
  readonly mode: RunMode;
  readonly params: AnteParams;
  /** What this node asks for admission to its own mempool; not consensus. */
  readonly minGasPrices: readonly DecCoin[];
  readonly checkSignature: (job: SignatureJob) => boolean;
}

/** The gas limit a transaction asks for; 0 when it has no fee. */
export function gasLimitOf(tx: Tx): bigint {
  return tx.authInfo.fee?.gasLimit ?? 0n;
}

/** Runs every check. Throws the TxError of the first that fails. */
export function runAnte(run: Omit<AnteRun, "params">): void {
  checkBlockGas(run.ctx, run.tx);
  checkExtensionOptions(run.tx);
  const fee = validateBasic(run.tx);
  checkTimeout(run.ctx, run.tx);
  const params = run.accounts.anteParams(run.ctx);
  const full: AnteRun = { ...run, params };
  checkMemo(full);
  const signers = new Map<number, SignerState>();
  consumeSizeGas(full, signers);
  deductFee(full, fee, signers);
  setPublicKeys(full, signers);
  checkSignatures(full, signers);
}

/** SetUpContextDecorator: a transaction that could never fit in a block is not admitted. */
function checkBlockGas(ctx: ExecutionContext, tx: Tx): void {
  const maxGas = ctx.consensusParams.block?.maxGas ?? -1n;
  const gasLimit = gasLimitOf(tx);
  if (maxGas > 0n && gasLimit > maxGas) {
    throw sdkErrors.invalidGasLimit.because(`tx gas limit ${gasLimit} exceeds block max gas ${maxGas}`);
  }
}

/** RejectExtensionOptionsDecorator. */
function checkExtensionOptions(tx: Tx): void {
  if (tx.body.extensionOptions.length > 0) throw sdkErrors.unknownExtensionOptions.because();
}

/** ValidateBasicDecorator over Tx.ValidateBasic (types/tx/types.go). Gives the fee. */
function validateBasic(tx: Tx): readonly Coin[] {
  const { fee } = tx.authInfo;
  if (fee === undefined) throw sdkErrors.invalidRequest.because("missing fee");
  if (fee.gasLimit > MAX_GAS_WANTED) {
    throw sdkErrors.invalidRequest.because(`invalid gas supplied; ${fee.gasLimit} > ${MAX_GAS_WANTED}`);
  }
  const amount = feeCoins(fee.amount);
  if (tx.signatures.length === 0) throw sdkErrors.noSignatures.because();
  if (tx.signatures.length !== tx.signers.length) {
    throw sdkErrors.unauthorized.because(
      `wrong number of signers; expected ${tx.signers.length}, got ${tx.signatures.length}`,
    );
  }
  return amount;
}

/** The fee's coins, none below zero; zeros and order are looked at when the fee is deducted, as in the SDK. */
function feeCoins(messages: readonly CoinMessage[]): readonly Coin[] {
  try {
    const coins = messages.map(({ denom, amount }) => ({ denom, amount: parseInteger(amount) }));
    if (coins.every((coin) => coin.amount >= 0n)) return coins;
  } catch (error) {
    if (!(error instanceof IntError)) throw error;
  }
  const text = messages.map(({ denom, amount }) => amount + denom).join(",");
  throw sdkErrors.insufficientFee.because(`invalid fee provided: ${text}`);
}

/** TxTimeoutHeightDecorator. */
function checkTimeout(ctx: ExecutionContext, tx: Tx): void {
  const { timeoutHeight, timeoutTimestamp } = tx.body;
  if (timeoutHeight > 0n && ctx.height > timeoutHeight) {
    throw sdkErrors.txTimeoutHeight.because(`block height: ${ctx.height}, timeout height: ${timeoutHeight}`);
  }
  const hasTimestamp =
    timeoutTimestamp !== undefined &&
    !isZeroTime(timeoutTimestamp) &&
    (timeoutTimestamp.seconds !== 0n || timeoutTimestamp.nanos !== 0);
  if (hasTimestamp && compareTime(ctx.time, timeoutTimestamp) > 0) {
    throw sdkErrors.txTimeout.because(
      `block time: ${formatTime(ctx.time)}, timeout timestamp: ${formatTime(timeoutTimestamp)}`,
    );
  }
}

/** ValidateMemoDecorator. The SDK counts bytes. */
function checkMemo({ tx, params }: AnteRun): void {
  const length = BigInt(utf8Length(tx.body.memo));
  if (length > params.maxMemoCharacters) {
    throw sdkErrors.memoTooLarge.because(
      `maximum number of characters is ${params.maxMemoCharacters} but received ${length} characters`,
    );
  }
}

/** ConsumeGasForTxSizeDecorator: gas per byte, and in simulation for the signatures that are not there yet. */
function consumeSizeGas(run: AnteRun, signers: Map<number, SignerState>): void {
  const { ctx, tx, params } = run;
  ctx.gas.consume(params.txSizeCostPerByte * BigInt(tx.bytes.length), "txSize");
  if (run.mode !== "simulate") return;
  for (const bytes of simulatedSignatureBytes(run, signers)) {
    ctx.gas.consume(params.txSizeCostPerByte * bytes, "txSize");
  }
}

/** DeductFeeDecorator. */
function deductFee(run: AnteRun, fee: readonly Coin[], signers: Map<number, SignerState>): void {
  const { ctx, tx, mode } = run;
  const gasLimit = gasLimitOf(tx);
  if (mode !== "simulate" && ctx.height > 0n && gasLimit === 0n) {
    throw sdkErrors.invalidGasLimit.because("must provide positive gas");
  }
  if (mode === "check" || mode === "recheck") checkMinimumFee(fee, gasLimit, run.minGasPrices);
  const payer = feeSource(run, fee);
  if (!accountExists(run, signers, payer)) {
    throw sdkErrors.unknownAddress.because(`fee payer address: ${ctx.addresses.account(payer)} does not exist`);
  }
  if (fee.some((coin) => coin.amount !== 0n)) {
    if (!areValidCoins(fee)) {
      throw sdkErrors.insufficientFee.because(`invalid fee amount: ${formatCoins(fee)}`);
    }
    try {
      run.fees.deductFee(ctx, payer, fee);
    } catch (error) {
      // The SDK wraps whatever the bank says in sdk/5 once more (DeductFees).
      if (error instanceof TxError) throw sdkErrors.insufficientFunds.because(error.log);
      throw error;
    }
  } else if (mode === "simulate") {
    // Clients simulate before they know the fee, and multiply by 1.3 or 1.4: what deducting it costs must be in there.
    ctx.gas.consume(SIMULATED_FEE_GAS, "simulated fee");
  }
  ctx.emit("tx", [
    ["fee", formatCoins(fee)],
    ["fee_payer", ctx.addresses.account(payer)],
  ]);
}

/** Whose coins pay: the granter's if one is named and lets the payer, else the payer's. */
function feeSource(run: AnteRun, fee: readonly Coin[]): Uint8Array {
  const { ctx, tx } = run;
  const granterText = tx.authInfo.fee?.granter ?? "";
  if (granterText === "") return tx.feePayer;
  const granter = parseGranter(run, granterText);
  if (run.feeGrants === undefined) throw sdkErrors.invalidRequest.because("fee grants are not enabled");
  const payerText = ctx.addresses.account(tx.feePayer);
  if (granterText !== payerText) {
    try {
      run.feeGrants.useGrant(ctx, granter, tx.feePayer, fee, tx.messages);
    } catch (error) {
      if (error instanceof TxError) throw error.wrap(`${granterText} does not allow to pay fees for ${payerText}`);
      throw error;
    }
  }
  return granter;
}

function parseGranter({ ctx }: AnteRun, text: string): Uint8Array {
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.because(`invalid fee granter address (${(error as Error).message})`);
  }
}

/** checkTxFeeWithValidatorMinGasPrices: the fee must cover one of the prices for the whole gas limit, rounded up. */
function checkMinimumFee(fee: readonly Coin[], gasLimit: bigint, prices: readonly DecCoin[]): void {
  const asked = prices.filter((price) => !price.amount.isZero());
  if (asked.length === 0) return;
  const required = asked.map((price) => ({
    denom: price.denom,
    amount: price.amount.mul(Dec.fromInt(gasLimit)).ceil().truncateInt(),
  }));
  if (!isAnyGte(fee, required)) {
    throw sdkErrors.insufficientFee.because(
      `insufficient fees; got: ${formatCoins(fee)} required: ${formatCoins(required)}`,
    );
  }
}
