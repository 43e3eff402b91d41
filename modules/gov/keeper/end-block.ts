// Owns: what becomes of proposals whose time is over, at the end of a block: dropping those without enough deposits, counting, carrying out
// (x/gov/abci.go). Does not own: counting itself (tally.ts).
//
// Nothing that a proposal holds may stop the chain. Its messages run on a branch of their own with a bound on their gas, and whatever they throw fails
// the proposal. The rest of what is done for a proposal has a branch too: should that throw, the proposal fails and its deposits are given back.

import type { Write } from "../../../chain/module/context.ts";
import { TxError } from "../../../chain/module/errors.ts";
import type { Event } from "../../../chain/module/events.ts";
import { gasMeter, OutOfGas } from "../../../chain/store/gas.ts";
import { addNanoseconds } from "../../../chain/types/time.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import { PROPOSAL_GAS } from "../limits.ts";
import { type Proposal, state } from "../state.ts";
import { burnDeposits, refundDeposits } from "./deposits.ts";
import { after, type GovKeeper } from "./keeper.ts";
import { tally } from "./tally.ts";
import { deleteVotes } from "./votes.ts";

export function endBlock(keeper: GovKeeper, ctx: Write): void {
  // Times up to this block's, which is included.
  const due = { end: [addNanoseconds(ctx.time, 1n), 0n] } as const;
  for (const [, id] of [...state.inactiveQueue.keys(ctx, due)]) settle(keeper, ctx, id, dropProposal);
  for (const [, id] of [...state.activeQueue.keys(ctx, due)]) settle(keeper, ctx, id, decideProposal);
}

/** Does what is due for one proposal; if that throws, the proposal fails instead, and its places in the queues are given up. */
function settle(
  keeper: GovKeeper,
  ctx: Write,
  id: bigint,
  action: (keeper: GovKeeper, ctx: Write, proposal: Proposal) => void,
): void {
  const proposal = keeper.proposal(ctx, id);
  try {
    ctx.attempt((own) => action(keeper, own, proposal));
  } catch (error) {
    keeper.deleteProposal(ctx, proposal);
    const failedReason = `proposal failed because it cannot be processed by gov: ${reasonOf(error)}`;
    keeper.saveProposal(ctx, { ...proposal, status: Status.PROPOSAL_STATUS_FAILED, failedReason });
    giveBack(keeper, ctx, id);
    ctx.emit(proposal.votingEndTime === undefined ? "inactive_proposal" : "active_proposal", [
      ["proposal_id", id.toString()],
      ["proposal_result", "proposal_failed"],
    ]);
  }
}

/** Gives deposits and votes up, if that can be done at all. */
function giveBack(keeper: GovKeeper, ctx: Write, id: bigint): void {
  deleteVotes(ctx, id);
  try {
    ctx.attempt((own) => refundDeposits(keeper, own, id));
  } catch {
    // They stay where they are, and the chain goes on.
  }
}

/** The text of a failure that goes into the state: that of a bug is the host's, which another version of it may word differently. */
function reasonOf(error: unknown): string {
  if (error instanceof TxError) return error.log;
  if (error instanceof OutOfGas) return `out of gas in location: ${error.descriptor}; gasWanted: ${PROPOSAL_GAS}`;
  return "panic";
}

/** A proposal whose deposits did not reach the minimum in time is forgotten. */
function dropProposal(keeper: GovKeeper, ctx: Write, proposal: Proposal): void {
  keeper.deleteProposal(ctx, proposal);
  if (keeper.params(ctx).burnProposalDepositPrevote) burnDeposits(keeper, ctx, proposal.id);
  else refundDeposits(keeper, ctx, proposal.id);
  ctx.emit("inactive_proposal", [
    ["proposal_id", proposal.id.toString()],
    ["proposal_result", "proposal_dropped"],
  ]);
}

/** What follows from a count. */
interface Outcome {
  readonly proposal: Proposal;
  readonly result: string;
  readonly log: string;
}

/** Counts the votes on a proposal and does what follows. */
function decideProposal(keeper: GovKeeper, ctx: Write, proposal: Proposal): void {
  const { passes, burnsDeposits, result: finalTallyResult } = tally(keeper, ctx, proposal);
  deleteVotes(ctx, proposal.id);
  // An expedited proposal that fails becomes a regular one, and its deposits stay.
  if (!proposal.expedited || passes) {
    if (burnsDeposits) burnDeposits(keeper, ctx, proposal.id);
    else refundDeposits(keeper, ctx, proposal.id);
  }
  if (proposal.votingEndTime !== undefined) state.activeQueue.delete(ctx, [proposal.votingEndTime, proposal.id]);
  const outcome = passes
    ? carryOutMessages(keeper, ctx, proposal)
    : proposal.expedited
      ? becomeRegular(keeper, ctx, proposal)
      : reject(proposal);
  keeper.saveProposal(ctx, { ...outcome.proposal, finalTallyResult });
  ctx.emit("active_proposal", [
    ["proposal_id", proposal.id.toString()],
    ["proposal_result", outcome.result],
    ["proposal_log", outcome.log],
  ]);
}

function reject(proposal: Proposal): Outcome {
  const failedReason = "proposal did not get enough votes to pass";
  return {
    proposal: { ...proposal, status: Status.PROPOSAL_STATUS_REJECTED, failedReason },
    result: "proposal_rejected",
    log: "rejected",
  };
}

/** Voted on anew, by the rules of any proposal, for the rest of the regular period. */
function becomeRegular(keeper: GovKeeper, ctx: Write, proposal: Proposal): Outcome {
  const votingEndTime = after(proposal.votingStartTime ?? ctx.time, keeper.params(ctx).votingPeriod);
  state.activeQueue.set(ctx, [votingEndTime, proposal.id], proposal.id);
  return {
    proposal: { ...proposal, expedited: false, votingEndTime },
    result: "expedited_proposal_rejected",
    log: "expedited proposal converted to regular",
  };
}

/** Runs the messages of a proposal that passed: all of them, or none. */
function carryOutMessages(keeper: GovKeeper, ctx: Write, proposal: Proposal): Outcome {
  const { dispatch } = keeper.uses;
  const events: Event[] = [];
  let at = 0;
  try {
    ctx.attempt((own) => {
      for (const any of proposal.messages) {
        for (const event of dispatch.run(own, dispatch.unpack(any)).events) events.push(event);
        at += 1;
      }
    }, gasMeter(PROPOSAL_GAS));
  } catch (error) {
    const typeUrl = proposal.messages[at]?.typeUrl ?? "";
    const isRefusal = error instanceof TxError || error instanceof OutOfGas;
    const failedReason = isRefusal ? reasonOf(error) : `handling x/gov proposal msg [${typeUrl}] PANICKED`;
    return {
      proposal: { ...proposal, status: Status.PROPOSAL_STATUS_FAILED, failedReason },
      result: "proposal_failed",
      log: `passed, but msg ${at} (${typeUrl}) failed on execution: ${failedReason}`,
    };
  }
  for (const { type, attributes } of events) ctx.emit(type, attributes);
  return {
    proposal: { ...proposal, status: Status.PROPOSAL_STATUS_PASSED },
    result: "proposal_passed",
    log: "passed",
  };
}
