// Owns: the first form of gov's answers, made of those of v1 (x/gov/keeper/grpc_query.go, x/gov/migrations/v3/convert.go). Does not own: the state.

import type { Read } from "../../../chain/module/context.ts";
import { GrpcError, sdkErrors } from "../../../chain/module/errors.ts";
import { coinsFromMessages, coinsToMessages, newCoins } from "../../../chain/types/coin.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { ZERO_TIME } from "../../../chain/types/time.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { decode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { GovKeeper } from "../keeper/keeper.ts";
import { type Deposit, NO_VOTES, type Proposal, type TallyResult, type Vote } from "../state.ts";
import * as v1 from "./v1.ts";

type Request<Name extends string> = Messages[`cosmos.gov.v1beta1.Query${Name}Request` & keyof Messages];

export function proposal(keeper: GovKeeper, ctx: Read, request: Request<"Proposal">) {
  return { proposal: olderProposal(v1.proposal(keeper, ctx, request).proposal) };
}

export function proposals(keeper: GovKeeper, ctx: Read, request: Request<"Proposals">) {
  const { proposals: found, pagination } = v1.proposals(keeper, ctx, request);
  return { proposals: found.map(olderProposal), pagination };
}

export function vote(keeper: GovKeeper, ctx: Read, request: Request<"Vote">) {
  return { vote: olderVote(v1.vote(keeper, ctx, request).vote) };
}

export function votes(keeper: GovKeeper, ctx: Read, request: Request<"Votes">) {
  const { votes: found, pagination } = v1.votes(keeper, ctx, request);
  return { votes: found.map(olderVote), pagination };
}

export function params(keeper: GovKeeper, ctx: Read, request: Request<"Params">) {
  const { depositParams, votingParams, tallyParams } = { ...NO_GROUPS, ...v1.params(keeper, ctx, request) };
  if (depositParams === undefined && votingParams === undefined && tallyParams === undefined) {
    throw new GrpcError("InvalidArgument", `${request.paramsType} is not a valid parameter type`);
  }
  const ratio = (text: string | undefined): Uint8Array => utf8(text === undefined ? "0" : Dec.parse(text).toWire());
  return {
    votingParams: { votingPeriod: votingParams?.votingPeriod ?? NO_TIME },
    depositParams: {
      minDeposit: depositParams?.minDeposit ?? [],
      maxDepositPeriod: depositParams?.maxDepositPeriod ?? NO_TIME,
    },
    tallyParams: {
      quorum: ratio(tallyParams?.quorum),
      threshold: ratio(tallyParams?.threshold),
      vetoThreshold: ratio(tallyParams?.vetoThreshold),
    },
  };
}

const NO_GROUPS = { depositParams: undefined, votingParams: undefined, tallyParams: undefined };
const NO_TIME = { seconds: 0n, nanos: 0 };

export function deposit(keeper: GovKeeper, ctx: Read, request: Request<"Deposit">) {
  return { deposit: olderDeposit(v1.deposit(keeper, ctx, request).deposit) };
}

export function deposits(keeper: GovKeeper, ctx: Read, request: Request<"Deposits">) {
  const { deposits: found, pagination } = v1.deposits(keeper, ctx, request);
  return { deposits: found.map(olderDeposit), pagination };
}

export function tallyResult(keeper: GovKeeper, ctx: Read, request: Request<"TallyResult">) {
  return { tally: olderTally(v1.tallyResult(keeper, ctx, request).tally) };
}

/** A proposal of one message. Its content is that of the message if it carries one out, and else the message itself. Throws sdk/29 for another number. */
function olderProposal(found: Proposal) {
  const [message] = found.messages;
  if (message === undefined || found.messages.length !== 1) {
    throw sdkErrors.invalidType.because(
      "can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when amount of proposal messages not exactly one",
    );
  }
  const isContent = message.typeUrl === "/cosmos.gov.v1.MsgExecLegacyContent";
  return {
    proposalId: found.id,
    content: isContent ? decode("cosmos.gov.v1.MsgExecLegacyContent", message.value).content : message,
    status: found.status,
    finalTallyResult: olderTally(found.finalTallyResult ?? NO_VOTES),
    submitTime: found.submitTime ?? ZERO_TIME,
    depositEndTime: found.depositEndTime ?? ZERO_TIME,
    totalDeposit: sorted(found.totalDeposit),
    votingStartTime: found.votingStartTime ?? ZERO_TIME,
    votingEndTime: found.votingEndTime ?? ZERO_TIME,
  };
}

function olderVote({ proposalId, voter, options }: Vote) {
  return {
    proposalId,
    voter,
    options: options.map(({ option, weight }) => ({ option, weight: Dec.parse(weight).toWire() })),
  };
}

function olderDeposit({ proposalId, depositor, amount }: Deposit) {
  return { proposalId, depositor, amount: sorted(amount) };
}

function olderTally({ yesCount, abstainCount, noCount, noWithVetoCount }: TallyResult) {
  return { yes: yesCount, abstain: abstainCount, no: noCount, noWithVeto: noWithVetoCount };
}

function sorted(coins: Deposit["amount"]) {
  return coinsToMessages(newCoins(...coinsFromMessages(coins)));
}
