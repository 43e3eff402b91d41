// Owns: the first form of gov's messages, each as the message of v1 that says the same (x/gov/keeper/msg_server.go, legacyMsgServer).

import { authorityText } from "../../../chain/module/authority.ts";
import type { Write } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { packAny } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { readContent, validateContent } from "../keeper/content.ts";
import type { GovKeeper } from "../keeper/keeper.ts";
import * as v1 from "./v1.ts";

type Message<Name extends string> = Messages[`cosmos.gov.v1beta1.Msg${Name}` & keyof Messages];

export function submitProposal(keeper: GovKeeper, ctx: Write, message: Message<"SubmitProposal">) {
  if (message.content === undefined) throw errors.invalidProposalContent.because("missing content");
  const content = readContent(message.content);
  validateContent(content);
  const carriesOut = { content: message.content, authority: authorityText(ctx) };
  return v1.submitProposal(keeper, ctx, {
    messages: [packAny("cosmos.gov.v1.MsgExecLegacyContent", carriesOut)],
    initialDeposit: message.initialDeposit,
    proposer: message.proposer,
    metadata: "",
    title: content.title,
    summary: content.description,
    expedited: false,
  });
}

export function vote(keeper: GovKeeper, ctx: Write, { proposalId, voter, option }: Message<"Vote">) {
  return v1.vote(keeper, ctx, { proposalId, voter, option, metadata: "" });
}

export function voteWeighted(keeper: GovKeeper, ctx: Write, message: Message<"VoteWeighted">) {
  const options = message.options.map(({ option, weight }) => ({ option, weight: Dec.fromWire(weight).toString() }));
  return v1.voteWeighted(keeper, ctx, {
    proposalId: message.proposalId,
    voter: message.voter,
    options,
    metadata: "",
  });
}

export function deposit(keeper: GovKeeper, ctx: Write, message: Message<"Deposit">) {
  return v1.deposit(keeper, ctx, message);
}
