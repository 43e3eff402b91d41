// Transaction step 11: branch → ante → handlers → write or drop.
// Owns: the run of one transaction, as baseapp's runTx and runMsgs (baseapp/baseapp.go): which branch each part writes
// to, what survives a failure, gas, and the order of events. Does not own: the checks (ante.ts) or the handlers.

import { encode } from "../../proto/codec.ts";
import type { ExecutionContext } from "../module/context.ts";
import { sdkErrors, TxError } from "../module/errors.ts";
import { type Event, messageEvents } from "../module/events.ts";
import type { Router } from "../module/router.ts";
import { signersOf } from "../module/signers.ts";
import { type GasMeter, gasMeter, infiniteGasMeter, MAX_GAS } from "../store/gas.ts";
import type { DecCoin } from "../types/dec-coin.ts";
import type { SignatureFacts } from "./abci.ts";
import { type AntePorts, gasLimitOf, type RunMode, runAnte } from "./ante.ts";
import type { SignatureMemory } from "./facts.ts";
import { MAX_GAS_WANTED, MAX_QUERY_GAS } from "./limits.ts";
import { type BugReporter, type TxOutcome, txErrorOf } from "./results.ts";
import type { Tx } from "./tx.ts";
import type { TxCache } from "./tx-cache.ts";

/** Everything a run needs besides the transaction. */
export interface TxRunnerParts {
  readonly router: Router;
  readonly ports: AntePorts;
  readonly txs: TxCache;
  readonly signatures: SignatureMemory;
  readonly minGasPrices: readonly DecCoin[];
  readonly report: BugReporter;
}

/** Where and how one transaction runs. */
export interface TxRun {
  readonly mode: RunMode;
  /** The context the transaction branches from; its branch receives what the transaction may keep. */
  readonly parent: ExecutionContext;
  /** The block's gas; only when delivering. */
  readonly blockGas?: GasMeter | undefined;
  readonly facts?: SignatureFacts | undefined;
}

const NOTHING = new Uint8Array();

/** Runs one transaction. Never throws: every failure is in the outcome. */
export function runTx(parts: TxRunnerParts, bytes: Uint8Array, run: TxRun): TxOutcome {
  const { parent, mode, blockGas } = run;
  if (mode === "deliver" && blockGas?.isOutOfGas() === true) {
    return failure(sdkErrors.outOfGas.because("no block gas left to run tx"), 0n, 0n);
  }
  let tx: Tx;
  try {
    tx = parts.txs.decode(bytes, parent.addresses);
    checkRoutes(parts.router, tx);
  } catch (error) {
    return failure(txErrorOf(error, infiniteGasMeter(), 0n, parts.report), 0n, 0n);
  }
  return execute(parts, tx, run, meterOf(tx, run));
}

/** The meter of a run: what the transaction asked for; at genesis no limit; in a simulation what any query may cost, since nobody pays for it. */
function meterOf(tx: Tx, { mode, parent }: TxRun): GasMeter {
  if (mode === "simulate") return gasMeter(MAX_QUERY_GAS);
  if (parent.height === 0n) return infiniteGasMeter();
  const limit = gasLimitOf(tx);
  // A limit above the SDK's bound is refused by the ante; until then the bound itself keeps the meter legal.
  return gasMeter(limit > MAX_GAS_WANTED ? MAX_GAS_WANTED : limit);
}

/** baseapp validateBasicTxMsgs and the check that every message has a handler. */
function checkRoutes(router: Router, tx: Tx): void {
  if (tx.messages.length === 0) throw sdkErrors.invalidRequest.because("must contain at least one message");
  for (const message of tx.messages) {
    if (router.message(message.typeUrl) === undefined) {
      throw sdkErrors.unknownRequest.because(`no message handler found for ${message.typeUrl}`);
    }
  }
}

function execute(parts: TxRunnerParts, tx: Tx, run: TxRun, gas: GasMeter): TxOutcome {
  const { parent, mode, facts } = run;
  const chargeBlock = blockCharge(run.blockGas, gas);
  let anteEvents: readonly Event[] = [];
  try {
    const ante = parent.child(gas);
    runAnte({
      ...parts.ports,
      ctx: ante,
      tx,
      mode,
      minGasPrices: parts.minGasPrices,
      checkSignature: (job) => parts.signatures.check(job, facts),
    });
    ante.keepWrites();
    anteEvents = ante.events();
    // As in baseapp, what the ante emitted is only told of a transaction that is delivered or simulated.
    if (mode === "check" || mode === "recheck") return success(gas, [], []);
    const messages = parent.child(gas);
    const { events, responses } = runMessages(parts.router, tx, messages);
    // Charged before the writes are kept: a transaction that oversteps the block's gas does not happen.
    chargeBlock();
    messages.keepWrites();
    const outcome = success(gas, [...anteEvents, ...events], responses);
    // A simulation's bound is this node's; clients are told what the SDK tells them, that there is none.
    return mode === "simulate" ? { ...outcome, gasWanted: MAX_GAS } : outcome;
  } catch (error) {
    let reason = error;
    try {
      chargeBlock();
    } catch (overstep) {
      reason = overstep;
    }
    const failed = failure(txErrorOf(reason, gas, gas.limit, parts.report), gas.limit, gas.consumed);
    return { ...failed, events: anteEvents };
  }
}

/** Charges the transaction's gas to the block, at its first call only (baseapp's consumeBlockGas). */
function blockCharge(blockGas: GasMeter | undefined, gas: GasMeter): () => void {
  let charged = false;
  return () => {
    if (charged) return;
    charged = true;
    blockGas?.consume(gas.consumed < gas.limit ? gas.consumed : gas.limit, "block gas meter");
  };
}

interface MessagesOutcome {
  readonly events: readonly Event[];
  readonly responses: TxOutcome["responses"];
}

/** Runs the messages in order on one branch; the first failure fails all. */
function runMessages(router: Router, tx: Tx, ctx: ExecutionContext): MessagesOutcome {
  const events: Event[] = [];
  const responses: { typeUrl: string; value: Uint8Array }[] = [];
  for (const [index, message] of tx.messages.entries()) {
    const route = router.message(message.typeUrl);
    if (route === undefined) throw new Error(`route of ${message.typeUrl} vanished`);
    const own = ctx.withOwnEvents();
    let value: Uint8Array;
    try {
      value = route.handle(own, message.value);
    } catch (error) {
      if (error instanceof TxError) throw error.wrap(`failed to execute message; message index: ${index}`);
      throw error;
    }
    responses.push({ typeUrl: `/${route.response}`, value });
    const [sender] = signersOf(ctx.addresses, message.name, message.value);
    const senderText = sender === undefined ? undefined : ctx.addresses.account(sender);
    for (const event of messageEvents(message.typeUrl, senderText, own.events(), index)) events.push(event);
  }
  return { events, responses };
}

function success(gas: GasMeter, events: readonly Event[], responses: TxOutcome["responses"]): TxOutcome {
  const data =
    responses.length === 0 ? NOTHING : encode("cosmos.base.abci.v1beta1.TxMsgData", { msgResponses: responses });
  return { error: undefined, data, gasWanted: gas.limit, gasUsed: gas.consumed, events, responses };
}

function failure(error: TxError, gasWanted: bigint, gasUsed: bigint): TxOutcome {
  return { error, data: NOTHING, gasWanted, gasUsed, events: [], responses: [] };
}
