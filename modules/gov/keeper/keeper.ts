// Owns: what gov is given, and what all its parts share: parameters, look-ups, the place of a proposal in store and queues.
// Does not own: deposits, votes, counting, the end of a block (the files beside this one).

import type { Read, Write } from "../../../chain/module/context.ts";
import type { MessageDispatch } from "../../../chain/module/dispatch.ts";
import { uncodedError } from "../../../chain/module/errors.ts";
import { type Coin, coinsFromMessages } from "../../../chain/types/coin.ts";
import { addNanoseconds, type Duration, durationToNanoseconds, type Timestamp } from "../../../chain/types/time.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { MAX_METADATA_BYTES, MAX_SUMMARY_BYTES } from "../limits.ts";
import { type Params, type Proposal, state } from "../state.ts";

/** What gov needs from its neighbours, and no more. */
export interface GovUses {
  readonly accounts: {
    moduleAddress(name: string): Uint8Array;
    ensureModuleAccount(ctx: Write, name: string): Uint8Array;
  };
  readonly bank: {
    balances(ctx: Read, address: Uint8Array): readonly Coin[];
    sendToModule(ctx: Write, from: Uint8Array, module: string, coins: readonly Coin[]): void;
    sendFromModule(ctx: Write, module: string, to: Uint8Array, coins: readonly Coin[]): void;
    burn(ctx: Write, module: string, coins: readonly Coin[]): void;
  };
  /** Who may vote with how much. */
  readonly stake: {
    /** Validators in the set, the strongest first. */
    bondedValidators(ctx: Read): Iterable<Messages["cosmos.staking.v1beta1.Validator"]>;
    delegations(ctx: Read, delegator: Uint8Array): Iterable<Messages["cosmos.staking.v1beta1.Delegation"]>;
    /** Base units of the bond denomination that are bonded. */
    bondedTokens(ctx: Read): bigint;
  };
  /** Where a cancelled proposal's charge goes when the parameters name the community pool's account. */
  readonly distribution: {
    fundCommunityPool(ctx: Write, amount: readonly Coin[], from: Uint8Array): void;
  };
  readonly dispatch: MessageDispatch;
}

/** The refusal of a key that is not there, in the words of the SDK's collections. */
export function notFound(keyText: string, message: string): Error {
  return uncodedError(`collections: not found: key '${keyText}' of type github.com/cosmos/gogoproto/${message}`);
}

export class GovKeeper {
  readonly uses: GovUses;

  constructor(uses: GovUses) {
    this.uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("gov has no parameters: genesis was not run");
    return params;
  }

  /** A proposal. Throws when there is none of this number. */
  proposal(ctx: Read, id: bigint): Proposal {
    const found = state.proposals.get(ctx, id);
    if (found === undefined) throw notFound(id.toString(), "cosmos.gov.v1.Proposal");
    return found;
  }

  /** Stores a proposal, and whether it is voted on. */
  saveProposal(ctx: Write, proposal: Proposal): void {
    if (proposal.status === Status.PROPOSAL_STATUS_VOTING_PERIOD) state.votingPeriodProposals.add(ctx, proposal.id);
    else state.votingPeriodProposals.delete(ctx, proposal.id);
    state.proposals.set(ctx, proposal.id, proposal);
  }

  /** Begins the vote on a proposal whose deposits reached the minimum. */
  beginVote(ctx: Write, proposal: Proposal): void {
    const params = this.params(ctx);
    const votingEndTime = after(ctx.time, proposal.expedited ? params.expeditedVotingPeriod : params.votingPeriod);
    const status = Status.PROPOSAL_STATUS_VOTING_PERIOD;
    this.saveProposal(ctx, { ...proposal, votingStartTime: ctx.time, votingEndTime, status });
    if (proposal.depositEndTime !== undefined) state.inactiveQueue.delete(ctx, [proposal.depositEndTime, proposal.id]);
    state.activeQueue.set(ctx, [votingEndTime, proposal.id], proposal.id);
  }

  /** Forgets a proposal and its places in the queues; deposits and votes are somebody else's. */
  deleteProposal(ctx: Write, { id, depositEndTime, votingEndTime }: Proposal): void {
    if (depositEndTime !== undefined) state.inactiveQueue.delete(ctx, [depositEndTime, id]);
    if (votingEndTime !== undefined) {
      state.activeQueue.delete(ctx, [votingEndTime, id]);
      state.votingPeriodProposals.delete(ctx, id);
    }
    state.proposals.delete(ctx, id);
  }
}

/** True while a proposal waits for deposits or is voted on. */
export function isOpen({ status }: Proposal): boolean {
  return status === Status.PROPOSAL_STATUS_DEPOSIT_PERIOD || status === Status.PROPOSAL_STATUS_VOTING_PERIOD;
}

/** What must be deposited before this proposal is voted on. */
export function minDepositOf(params: Params, expedited: boolean): readonly Coin[] {
  return coinsFromMessages(expedited ? params.expeditedMinDeposit : params.minDeposit);
}

/** The time a period after another. The period is there: parameters are checked before they are stored. */
export function after(time: Timestamp, period: Duration | undefined): Timestamp {
  if (period === undefined) throw new Error("gov's parameters lack a period");
  return addNanoseconds(time, durationToNanoseconds(period));
}

/** Throws gov/15 for metadata, or a title, that is too long. */
export function requireMetadataLength(metadata: string): void {
  const length = utf8Length(metadata);
  if (length > MAX_METADATA_BYTES) throw errors.metadataTooLong.because(`got metadata with length ${length}`);
}

/** Throws gov/22 for a summary that is too long. */
export function requireSummaryLength(summary: string): void {
  const length = utf8Length(summary);
  if (length > MAX_SUMMARY_BYTES) throw errors.summaryTooLong.because(`got summary with length ${length}`);
}
