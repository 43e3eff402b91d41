// Owns: gov's answers to queries, with the SDK's gRPC statuses (x/gov/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../../chain/module/context.ts";
import { GrpcError } from "../../../chain/module/errors.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { GovKeeper } from "../keeper/keeper.ts";
import { tally } from "../keeper/tally.ts";
import { NO_VOTES, type Proposal, state, type TallyResult } from "../state.ts";

type Request<Name extends string> = Messages[`cosmos.gov.v1.Query${Name}Request` & keyof Messages];

function requireId(id: bigint): void {
  if (id === 0n) throw new GrpcError("InvalidArgument", "proposal id can not be 0");
}

function parse(ctx: Read, text: string, role: string): Uint8Array {
  if (text === "") throw new GrpcError("InvalidArgument", `empty ${role} address`);
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw new GrpcError("InvalidArgument", (error as Error).message);
  }
}

function find(ctx: Read, id: bigint): Proposal {
  requireId(id);
  const found = state.proposals.get(ctx, id);
  if (found === undefined) throw new GrpcError("NotFound", `proposal ${id} doesn't exist`);
  return found;
}

export function constitution(_keeper: GovKeeper, ctx: Read) {
  return { constitution: state.constitution.get(ctx) ?? "" };
}

export function proposal(_keeper: GovKeeper, ctx: Read, request: Request<"Proposal">) {
  return { proposal: find(ctx, request.proposalId) };
}

const STATUSES: readonly number[] = [
  Status.PROPOSAL_STATUS_DEPOSIT_PERIOD,
  Status.PROPOSAL_STATUS_VOTING_PERIOD,
  Status.PROPOSAL_STATUS_PASSED,
  Status.PROPOSAL_STATUS_REJECTED,
  Status.PROPOSAL_STATUS_FAILED,
];

export function proposals(_keeper: GovKeeper, ctx: Read, request: Request<"Proposals">) {
  const { proposalStatus } = request;
  const voter = request.voter === "" ? undefined : parse(ctx, request.voter, "voter");
  const depositor = request.depositor === "" ? undefined : parse(ctx, request.depositor, "depositor");
  const { rows, page } = state.proposals.paginate(ctx, request.pagination, {
    filter: (id, { status }) =>
      (!STATUSES.includes(proposalStatus) || status === proposalStatus) &&
      (voter === undefined || state.votes.has(ctx, [id, voter])) &&
      (depositor === undefined || state.deposits.has(ctx, [id, depositor])),
  });
  return { proposals: rows.map(([, found]) => found), pagination: page };
}

export function vote(_keeper: GovKeeper, ctx: Read, request: Request<"Vote">) {
  requireId(request.proposalId);
  const found = state.votes.get(ctx, [request.proposalId, parse(ctx, request.voter, "voter")]);
  if (found === undefined) {
    throw new GrpcError("InvalidArgument", `voter: ${request.voter} not found for proposal: ${request.proposalId}`);
  }
  return { vote: found };
}

export function votes(_keeper: GovKeeper, ctx: Read, request: Request<"Votes">) {
  requireId(request.proposalId);
  const { rows, page } = state.votes.paginate(ctx, request.pagination, { prefix: request.proposalId });
  return { votes: rows.map(([, found]) => found), pagination: page };
}

export function params(keeper: GovKeeper, ctx: Read, request: Request<"Params">) {
  const all = keeper.params(ctx);
  const { minDeposit, maxDepositPeriod, votingPeriod, quorum, threshold, vetoThreshold } = all;
  switch (request.paramsType) {
    case "deposit":
      return { params: all, depositParams: { minDeposit, maxDepositPeriod } };
    case "voting":
      return { params: all, votingParams: { votingPeriod } };
    case "tallying":
      return { params: all, tallyParams: { quorum, threshold, vetoThreshold } };
    case "":
      return { params: all };
    default:
      throw new GrpcError("InvalidArgument", `unknown params type: ${request.paramsType}`);
  }
}

export function deposit(_keeper: GovKeeper, ctx: Read, request: Request<"Deposit">) {
  requireId(request.proposalId);
  const depositor = parse(ctx, request.depositor, "depositor");
  const found = state.deposits.get(ctx, [request.proposalId, depositor]);
  if (found === undefined) {
    const at = `("${request.proposalId}", "${ctx.addresses.account(depositor)}")`;
    throw new GrpcError(
      "NotFound",
      `collections: not found: key '${at}' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Deposit`,
    );
  }
  return { deposit: found };
}

export function deposits(_keeper: GovKeeper, ctx: Read, request: Request<"Deposits">) {
  requireId(request.proposalId);
  const { rows, page } = state.deposits.paginate(ctx, request.pagination, { prefix: request.proposalId });
  return { deposits: rows.map(([, found]) => found), pagination: page };
}

export function tallyResult(keeper: GovKeeper, ctx: Read, request: Request<"TallyResult">) {
  return { tally: resultOf(keeper, ctx, find(ctx, request.proposalId)) };
}

function resultOf(keeper: GovKeeper, ctx: Read, found: Proposal): TallyResult {
  switch (found.status) {
    case Status.PROPOSAL_STATUS_DEPOSIT_PERIOD:
      return NO_VOTES;
    case Status.PROPOSAL_STATUS_PASSED:
    case Status.PROPOSAL_STATUS_REJECTED:
    case Status.PROPOSAL_STATUS_FAILED:
      return found.finalTallyResult ?? NO_VOTES;
    default:
      return tally(keeper, ctx, found).result;
  }
}
