// Transaction step 10: finalizeBlock.
// Owns: one block over a branch of the state: begin block, the transactions in order, end block, validator and consensus
// parameter updates (baseapp FinalizeBlock). Does not own: staging and committing the branch (application.ts).

import { equalBytes } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { BlockContext, type Branch, type ChainFacts, type ValidatorUpdate } from "../module/context.ts";
import { type Event, toAbciEvents, withAttribute } from "../module/events.ts";
import { type GasMeter, gasMeter, infiniteGasMeter } from "../store/gas.ts";
import type { SignatureFacts } from "./abci.ts";
import type { ModuleOrder } from "./app-modules.ts";
import type { TxOutcome } from "./results.ts";
import { runTx, type TxRunnerParts } from "./run-tx.ts";
import { chainState, consensusState } from "./state.ts";
import type { ValidatorHistory } from "./validator-history.ts";

type FinalizeRequest = Messages["tendermint.abci.RequestFinalizeBlock"];
type FinalizeResponse = Messages["tendermint.abci.ResponseFinalizeBlock"];
type ConsensusParams = Messages["tendermint.types.ConsensusParams"];

/** What FinalizeBlock answers, except for the app hash, which staging gives. */
export type BlockOutcome = Omit<FinalizeResponse, "appHash">;

/** What running a block needs. */
export interface BlockParts {
  readonly order: ModuleOrder;
  readonly runner: TxRunnerParts;
  readonly validators: ValidatorHistory;
  /** Of the commit before the block. */
  readonly lastAppHash: Uint8Array;
}

/** Runs a block. A throw from a module's begin or end block is not caught: the node must halt. */
export function executeBlock(
  parts: BlockParts,
  branch: Branch,
  facts: ChainFacts,
  request: FinalizeRequest,
  signatureFacts: SignatureFacts | undefined,
): BlockOutcome {
  const ctx = new BlockContext(branch, infiniteGasMeter(), facts, {
    hash: request.hash,
    appHash: parts.lastAppHash,
    nextValidatorsHash: request.nextValidatorsHash,
    proposerAddress: request.proposerAddress,
    lastCommit: request.decidedLastCommit ?? { round: 0, votes: [] },
    misbehavior: request.misbehavior,
  });
  chainState.blockTime.set(ctx, facts.time);
  for (const module of parts.order.preBlock) module.preBlock?.(ctx);
  const begin = ctx.withOwnBlockEvents();
  for (const module of parts.order.beginBlock) module.beginBlock?.(begin);

  const blockGas = blockGasMeter(facts.consensusParams);
  const txResults = request.txs.map((tx) =>
    txResult(runTx(parts.runner, tx, { mode: "deliver", parent: ctx, blockGas, facts: signatureFacts })),
  );

  const end = ctx.withOwnBlockEvents();
  const validatorUpdates = endBlock(parts.order, end);
  parts.validators.advance(end, facts.height, validatorUpdates);
  return {
    // Baseapp leaves what comes before the beginning without a mark, and out of the index.
    events: [
      ...toAbciEvents(ctx.events(), false),
      ...phaseEvents(begin.events(), "BeginBlock"),
      ...phaseEvents(end.events(), "EndBlock"),
    ],
    txResults,
    validatorUpdates: [...validatorUpdates],
    consensusParamUpdates: changedParams(facts.consensusParams, consensusState.params.get(end)),
  };
}

function endBlock(order: ModuleOrder, ctx: BlockContext): readonly ValidatorUpdate[] {
  let updates: readonly ValidatorUpdate[] = [];
  let from: string | undefined;
  for (const module of order.endBlock) {
    const own = module.endBlock?.(ctx) ?? [];
    if (own.length === 0) continue;
    if (from !== undefined) throw new Error(`modules ${from} and ${module.name} both update validators`);
    updates = own;
    from = module.name;
  }
  return updates;
}

/** Block events carry the phase they come from, as baseapp marks them. */
function phaseEvents(events: readonly Event[], mode: string) {
  return toAbciEvents(withAttribute(events, ["mode", mode]));
}

/** A meter for the block's gas; without a limit when the parameter is −1 (or 0, as baseapp reads it). */
function blockGasMeter(params: ConsensusParams): GasMeter {
  const maxGas = params.block?.maxGas ?? -1n;
  if (maxGas < -1n) throw new Error(`invalid maximum block gas: ${maxGas}`);
  return maxGas > 0n ? gasMeter(maxGas) : infiniteGasMeter();
}

function changedParams(before: ConsensusParams, after: ConsensusParams | undefined): ConsensusParams | undefined {
  if (after === undefined) return undefined;
  const name = "tendermint.types.ConsensusParams";
  return equalBytes(encode(name, before), encode(name, after)) ? undefined : after;
}

/** A transaction's outcome in ABCI form; only code, data and gas enter the next header. */
export function txResult(outcome: TxOutcome): Messages["tendermint.abci.ExecTxResult"] {
  return {
    code: outcome.error?.code ?? 0,
    data: outcome.data,
    log: outcome.error?.log ?? "",
    info: "",
    gasWanted: outcome.gasWanted,
    gasUsed: outcome.gasUsed,
    events: toAbciEvents(outcome.events),
    codespace: outcome.error?.codespace ?? "",
  };
}
