/** One upgrade that everybody wants, early in every run, so that each goes through a halt and on with another program. Owns its steps. */
import { packAny } from "../../../proto/codec.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import { govAddress, YES } from "../../support/governance.ts";
import type { Plan } from "../operation.ts";
import type { AppWorld } from "../world.ts";

/** What its transactions are counted under. */
export const AGREED_UPGRADE = "an upgrade that everybody wants";
const PROPOSED_IN = 2;
/** Heights from the proposal to the halt: the expedited vote is over by then. */
const DUE_AFTER = 15n;

/** Who does what for it in a block of the run: first the proposal, then the votes of the first validators. */
export function agreedUpgrade(world: AppWorld, block: number): readonly Plan[] {
  const voters = world.people.slice(0, 4);
  const [proposer] = voters;
  if (!world.mayUpgrade || proposer === undefined) return [];
  if (block === PROPOSED_IN) {
    const plan = { name: "agreed", height: world.chain.height + DUE_AFTER, info: "" };
    const message = packAny("cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority: govAddress(world.chain), plan });
    const value = {
      messages: [message],
      initialDeposit: [world.coin(5000n)],
      proposer: world.address(proposer),
      title: AGREED_UPGRADE,
      summary: "A summary",
      expedited: true,
    };
    return [{ from: proposer, message: ["cosmos.gov.v1.MsgSubmitProposal", value] }];
  }
  if (block !== PROPOSED_IN + 1) return [];
  const { proposals } = world.chain.query(
    "/cosmos.gov.v1.Query/Proposals",
    ["cosmos.gov.v1.QueryProposalsRequest", { proposalStatus: Status.PROPOSAL_STATUS_VOTING_PERIOD }],
    "cosmos.gov.v1.QueryProposalsResponse",
  );
  const proposalId = proposals.find(({ title }) => title === AGREED_UPGRADE)?.id;
  if (proposalId === undefined) return [];
  return voters.map((from) => ({
    from,
    message: ["cosmos.gov.v1.MsgVote", { proposalId, voter: world.address(from), option: YES, metadata: "" }],
  }));
}
