// Owns: the life of a proposal up to its vote: submitting, cancelling (x/gov/keeper/proposal.go). Does not own: deposits
// (deposits.ts), the end of either period (end-block.ts).

import { authorityAddress } from "../../../chain/module/authority.ts";
import type { Write } from "../../../chain/module/context.ts";
import type { InnerMessage } from "../../../chain/module/dispatch.ts";
import { TxError } from "../../../chain/module/errors.ts";
import { compareTime } from "../../../chain/types/time.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { GOV_ACCOUNT, NO_VOTES, type Proposal, state } from "../state.ts";
import { carryOut, readContent } from "./content.ts";
import { chargeDeposits } from "./deposits.ts";
import { after, type GovKeeper, isOpen, requireMetadataLength, requireSummaryLength } from "./keeper.ts";
import { deleteVotes } from "./votes.ts";

/** What a proposal says; the rest follows. */
export interface Draft {
  readonly messages: readonly Messages["google.protobuf.Any"][];
  readonly metadata: string;
  readonly title: string;
  readonly summary: string;
  readonly proposer: Uint8Array;
  readonly expedited: boolean;
}

/** Stores a new proposal, which waits for deposits. Throws for texts too long and messages that governance cannot run. */
export function submitProposal(keeper: GovKeeper, ctx: Write, draft: Draft): Proposal {
  requireMetadataLength(draft.metadata);
  requireSummaryLength(draft.summary);
  requireMetadataLength(draft.title);
  keeper.uses.accounts.ensureModuleAccount(ctx, GOV_ACCOUNT);
  for (const any of draft.messages) requireRunnable(keeper, ctx, keeper.uses.dispatch.unpack(any));
  const id = state.proposalId.next(ctx);
  const proposer = ctx.addresses.account(draft.proposer);
  const depositEndTime = after(ctx.time, keeper.params(ctx).maxDepositPeriod);
  const proposal: Proposal = {
    id,
    messages: draft.messages,
    status: Status.PROPOSAL_STATUS_DEPOSIT_PERIOD,
    finalTallyResult: NO_VOTES,
    submitTime: ctx.time,
    depositEndTime,
    totalDeposit: [],
    votingStartTime: undefined,
    votingEndTime: undefined,
    metadata: draft.metadata,
    title: draft.title,
    summary: draft.summary,
    proposer,
    expedited: draft.expedited,
    failedReason: "",
  };
  keeper.saveProposal(ctx, proposal);
  state.inactiveQueue.set(ctx, [depositEndTime, id], id);
  ctx.emit("submit_proposal", [
    ["proposal_id", id.toString()],
    ["proposal_proposer", proposer],
    ["proposal_messages", draft.messages.map(({ typeUrl }) => `,${typeUrl}`).join("")],
  ]);
  return proposal;
}

/** Throws unless governance alone signs the message and a module handles it; an old content must have a handler too. */
function requireRunnable(keeper: GovKeeper, ctx: Write, message: InnerMessage): void {
  const { dispatch } = keeper.uses;
  const signers = dispatch.signers(ctx.addresses, message);
  const [signer] = signers;
  if (signer === undefined || signers.length !== 1) throw errors.invalidSigner.because();
  if (!equalBytes(signer, authorityAddress())) throw errors.invalidSigner.because(ctx.addresses.account(signer));
  if (!dispatch.handles(message.typeUrl)) throw errors.unroutableProposalMsg.because(message.typeUrl);
  if (message.name !== "cosmos.gov.v1.MsgExecLegacyContent") return;
  const { content } = message.value as Messages["cosmos.gov.v1.MsgExecLegacyContent"];
  try {
    if (content === undefined) throw errors.invalidProposalContent.because("missing content");
    carryOut(readContent(content));
  } catch (error) {
    if (!(error instanceof TxError) || errors.noProposalHandlerExists.is(error)) throw error;
    throw errors.invalidProposalContent.because(error.log);
  }
}

/** Forgets a proposal whose proposer wants it gone, and charges its deposits. */
export function cancelProposal(keeper: GovKeeper, ctx: Write, id: bigint, proposer: string): void {
  const proposal = keeper.proposal(ctx, id);
  // Proposals from before SDK 0.47 do not say who submitted them.
  if (proposal.proposer === "") {
    throw errors.invalidProposal.because(`proposal ${id} doesn't have proposer ${proposer}, so cannot be canceled`);
  }
  if (proposal.proposer !== proposer) throw errors.invalidProposer.because(`invalid proposer ${proposer}`);
  if (!isOpen(proposal)) throw errors.invalidProposal.because("proposal should be in the deposit or voting period");
  if (proposal.votingEndTime !== undefined && compareTime(proposal.votingEndTime, ctx.time) < 0) {
    throw errors.votingPeriodEnded.because(`voting period is already ended for this proposal ${id}`);
  }
  chargeDeposits(keeper, ctx, id, keeper.params(ctx));
  if (proposal.votingStartTime !== undefined) deleteVotes(ctx, id);
  keeper.deleteProposal(ctx, proposal);
}
