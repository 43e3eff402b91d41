/** Proposals of every kind, deposits and votes. Owns the choice; what a proposal changes is proposals.ts. */
import { packAny } from "../../../proto/codec.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { ABSTAIN, NO, VETO, YES } from "../../support/governance.ts";
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import { someProposal } from "./proposals.ts";

type Proposal = Messages["cosmos.gov.v1.Proposal"];

function proposals(world: AppWorld, status: number): readonly Proposal[] {
  return world.chain.query(
    "/cosmos.gov.v1.Query/Proposals",
    [
      "cosmos.gov.v1.QueryProposalsRequest",
      { proposalStatus: status, voter: "", depositor: "", pagination: { limit: 30n, reverse: true } },
    ],
    "cosmos.gov.v1.QueryProposalsResponse",
  ).proposals;
}

/** One that is voted on, or a tenth of the time one that is not. */
function someVotedOn(world: AppWorld): Proposal | undefined {
  const status = world.random.chance(0.95)
    ? Status.PROPOSAL_STATUS_VOTING_PERIOD
    : Status.PROPOSAL_STATUS_DEPOSIT_PERIOD;
  const found = proposals(world, status);
  return found.length === 0 ? undefined : world.random.pick(found);
}

/** Those with much stake vote more often: proposals are to pass now and then. */
function someVoter(world: AppWorld): string {
  const staked = world.people.slice(0, 4).filter((name) => world.isFree(name));
  return staked.length > 0 && world.random.chance(0.5) ? world.random.pick(staked) : world.someone();
}

function someOption(world: AppWorld): number {
  return world.random.chance(0.75) ? YES : world.random.pick([ABSTAIN, NO, VETO]);
}

export const govOperations: readonly Operation[] = [
  {
    name: "gov.SubmitProposal",
    weight: 4,
    plan: (world) => {
      const from = world.someone();
      const messages = world.random.chance(0.15) ? [] : [someProposal(world)];
      const value = {
        messages: messages.map(([name, inner]) => packAny(name, inner as never)),
        initialDeposit: [world.coin(BigInt(100 + world.random.below(6000)))],
        proposer: world.address(from),
        metadata: messages.length === 0 ? "words" : "",
        title: "A title",
        summary: "A summary",
        expedited: world.random.chance(0.2),
      };
      return { from, message: ["cosmos.gov.v1.MsgSubmitProposal", value] };
    },
  },
  {
    name: "gov.SubmitProposal (v1beta1)",
    weight: 1,
    plan: (world) => {
      const from = world.someone();
      const content = packAny("cosmos.gov.v1beta1.TextProposal", { title: "A title", description: "Words" });
      const initialDeposit = [world.coin(BigInt(100 + world.random.below(2000)))];
      const value = { content, initialDeposit, proposer: world.address(from) };
      return { from, message: ["cosmos.gov.v1beta1.MsgSubmitProposal", value] };
    },
  },
  {
    name: "gov.Deposit",
    weight: 4,
    plan: (world) => {
      const from = world.someone();
      const isWaiting = world.random.chance(0.7);
      const open = proposals(
        world,
        isWaiting ? Status.PROPOSAL_STATUS_DEPOSIT_PERIOD : Status.PROPOSAL_STATUS_VOTING_PERIOD,
      );
      if (open.length === 0) return undefined;
      const amount = [world.coin(BigInt(20 + world.random.below(2000)))];
      const value = { proposalId: world.random.pick(open).id, depositor: world.address(from), amount };
      return { from, message: ["cosmos.gov.v1.MsgDeposit", value] };
    },
  },
  {
    name: "gov.Vote",
    weight: 10,
    plan: (world) => {
      const from = someVoter(world);
      const proposalId = someVotedOn(world)?.id;
      if (proposalId === undefined) return undefined;
      const value = { proposalId, voter: world.address(from), option: someOption(world), metadata: "" };
      return { from, message: ["cosmos.gov.v1.MsgVote", value] };
    },
  },
  {
    name: "gov.VoteWeighted",
    weight: 3,
    plan: (world) => {
      const from = someVoter(world);
      const proposalId = someVotedOn(world)?.id;
      if (proposalId === undefined) return undefined;
      const options = [
        { option: YES, weight: "0.7" },
        { option: world.random.pick([ABSTAIN, NO, VETO]), weight: "0.3" },
      ];
      const value = { proposalId, voter: world.address(from), options, metadata: "" };
      return { from, message: ["cosmos.gov.v1.MsgVoteWeighted", value] };
    },
  },
  {
    name: "gov.Deposit, Vote and VoteWeighted (v1beta1)",
    weight: 4,
    plan: (world) => {
      const from = someVoter(world);
      const proposalId = someVotedOn(world)?.id;
      if (proposalId === undefined) return undefined;
      const who = world.address(from);
      const kind = world.random.below(3);
      if (kind === 0) {
        const amount = [world.coin(BigInt(20 + world.random.below(2000)))];
        return { from, message: ["cosmos.gov.v1beta1.MsgDeposit", { proposalId, depositor: who, amount }] };
      }
      if (kind === 1) {
        const option = someOption(world);
        return { from, message: ["cosmos.gov.v1beta1.MsgVote", { proposalId, voter: who, option }] };
      }
      const options = [
        { option: YES, weight: "600000000000000000" },
        { option: world.random.pick([ABSTAIN, NO, VETO]), weight: "400000000000000000" },
      ];
      return { from, message: ["cosmos.gov.v1beta1.MsgVoteWeighted", { proposalId, voter: who, options }] };
    },
  },
  {
    name: "gov.CancelProposal",
    weight: 1,
    plan: (world) => {
      const proposal = someVotedOn(world);
      const from = proposal && world.nameOf(proposal.proposer);
      if (proposal === undefined || from === undefined) return undefined;
      const value = { proposalId: proposal.id, proposer: proposal.proposer };
      return { from, message: ["cosmos.gov.v1.MsgCancelProposal", value] };
    },
  },
];
