// Owns: gov's error table; codes and texts from cosmos-sdk x/gov/types/errors.go.

import { AUTHORITY_MODULE, INVALID_SIGNER } from "../../chain/module/authority.ts";
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors(AUTHORITY_MODULE, {
  inactiveProposal: { code: 3, text: "inactive proposal" },
  invalidProposalContent: { code: 5, text: "invalid proposal content" },
  invalidVote: { code: 7, text: "invalid vote option" },
  noProposalHandlerExists: { code: 9, text: "no handler exists for proposal type" },
  unroutableProposalMsg: { code: 10, text: "proposal message not recognized by router" },
  noProposalMsgs: { code: 11, text: "no messages proposed" },
  invalidSigner: INVALID_SIGNER,
  metadataTooLong: { code: 15, text: "metadata too long" },
  minDepositTooSmall: { code: 16, text: "minimum deposit is too small" },
  invalidProposer: { code: 18, text: "invalid proposer" },
  votingPeriodEnded: { code: 20, text: "voting period already ended" },
  invalidProposal: { code: 21, text: "invalid proposal" },
  summaryTooLong: { code: 22, text: "summary too long" },
  invalidDepositDenom: { code: 23, text: "invalid deposit denom" },
});
