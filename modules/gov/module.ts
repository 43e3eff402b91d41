// Owns: the definition of the gov module: proposals, deposits, votes, and the authority over parameters. Version as the SDK's 0.53.

import { defineModule, olderServices } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import * as invariants from "./invariants.ts";
import { endBlock } from "./keeper/end-block.ts";
import { GovKeeper, type GovUses } from "./keeper/keeper.ts";
import * as msgs from "./msgs/v1.ts";
import * as olderMsgs from "./msgs/v1beta1.ts";
import * as queries from "./queries/v1.ts";
import * as olderQueries from "./queries/v1beta1.ts";
import { GOV_ACCOUNT, state } from "./state.ts";

export const gov = defineModule({
  name: "gov",
  proto: "cosmos.gov.v1",
  version: 5,
  state,
  errors,
  keeper: (uses: GovUses) => new GovKeeper(uses),
  accounts: { [GOV_ACCOUNT]: ["burner"] },
  msgs: {
    SubmitProposal: msgs.submitProposal,
    ExecLegacyContent: msgs.execLegacyContent,
    Vote: msgs.vote,
    VoteWeighted: msgs.voteWeighted,
    Deposit: msgs.deposit,
    UpdateParams: msgs.updateParams,
    CancelProposal: msgs.cancelProposal,
  },
  queries: {
    Constitution: queries.constitution,
    Proposal: queries.proposal,
    Proposals: queries.proposals,
    Vote: queries.vote,
    Votes: queries.votes,
    Params: queries.params,
    Deposit: queries.deposit,
    Deposits: queries.deposits,
    TallyResult: queries.tallyResult,
  },
  older: olderServices<"cosmos.gov.v1beta1", GovKeeper>("cosmos.gov.v1beta1", {
    msgs: {
      SubmitProposal: olderMsgs.submitProposal,
      Vote: olderMsgs.vote,
      VoteWeighted: olderMsgs.voteWeighted,
      Deposit: olderMsgs.deposit,
    },
    queries: {
      Proposal: olderQueries.proposal,
      Proposals: olderQueries.proposals,
      Vote: olderQueries.vote,
      Votes: olderQueries.votes,
      Params: olderQueries.params,
      Deposit: olderQueries.deposit,
      Deposits: olderQueries.deposits,
      TallyResult: olderQueries.tallyResult,
    },
  }),
  genesis: { default: defaultGenesis, validate: validateGenesis, init: initGenesis, export: exportGenesis },
  endBlock,
  invariants: { ...invariants },
  cli: {
    ExecLegacyContent: { hidden: true },
    Vote: { args: ["proposalId", "option"], queryArgs: ["proposalId", "voter"] },
    VoteWeighted: { args: ["proposalId", "options"], name: "weighted-vote" },
    Deposit: { args: ["proposalId", "amount"], queryArgs: ["proposalId", "depositor"] },
    CancelProposal: { args: ["proposalId"] },
    Proposal: { args: ["proposalId"], aliases: ["proposer"] },
    Params: { args: ["paramsType"], optionalArgs: 1 },
    Votes: { args: ["proposalId"] },
    Deposits: { args: ["proposalId"] },
    TallyResult: { args: ["proposalId"], name: "tally" },
  },
});
