// Proposals by command: submitted, paid for, voted on and decided. Owns that for every scenario here, and the scenario of a
// text proposal and a change of parameters.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkNode } from "../network/network-node.ts";
import type { Scenario } from "./scenario.ts";
import { DENOM, demand, type StakeNetwork } from "./stake-network.ts";

/** The deposit that begins the vote, in the default parameters. */
const DEPOSIT = 10_000_000n;

/** What a proposal.json says besides its deposit. */
interface Proposal {
  readonly title: string;
  readonly metadata?: string;
  readonly messages?: readonly object[];
}

/** The account that may change parameters and plan upgrades: the gov module's. */
export async function authority(network: StakeNetwork): Promise<string> {
  const { address } = await network.query<{ address: string }>("upgrade", "authority");
  return address;
}

interface ProposalAnswer {
  readonly proposal: { readonly id: string; readonly status: string; readonly failed_reason?: string };
}

/** Submits with half of the deposit and adds the other half; the vote has begun afterwards. Resolves with the id. */
async function propose(network: StakeNetwork, proposer: NetworkNode, proposal: Proposal): Promise<string> {
  const { title, metadata = "", messages = [] } = proposal;
  const file = join(proposer.home.path, "proposal.json");
  const half = `${DEPOSIT / 2n}${DENOM}`;
  writeFileSync(file, JSON.stringify({ messages, metadata, deposit: half, title, summary: title }));
  await network.send(proposer, "gov", "submit-proposal", file);
  const { proposals } = await network.query<{ proposals: { id: string; title: string }[] }>("gov", "proposals");
  const found = proposals.find((one) => one.title === title);
  if (found === undefined) throw new Error(`the proposal ${title} is not listed`);
  await network.send(proposer, "gov", "deposit", found.id, half);
  const { proposal: begun } = await network.query<ProposalAnswer>("gov", "proposal", found.id);
  demand(begun.status === "PROPOSAL_STATUS_VOTING_PERIOD", `the vote on ${title} began, status ${begun.status}`);
  return found.id;
}

/** Carries a proposal to its end: half of the genesis' validators vote yes. Resolves with the id of the one that passed. */
export async function pass(network: StakeNetwork, voters: readonly NetworkNode[], proposal: Proposal): Promise<string> {
  const id = await propose(network, voters[0]!, proposal);
  await Promise.all(voters.map((voter) => network.send(voter, "gov", "vote", id, "yes")));
  let status = "";
  let reason = "";
  await network.until(async () => {
    const { proposal: now } = await network.query<ProposalAnswer>("gov", "proposal", id);
    status = now.status;
    reason = now.failed_reason ?? "";
    return status !== "PROPOSAL_STATUS_VOTING_PERIOD";
  }, `a decision on ${proposal.title}`);
  demand(status === "PROPOSAL_STATUS_PASSED", `${proposal.title} passed; it is ${status} ${reason}`);
  return id;
}

interface SlashingParams {
  readonly params: { readonly [name: string]: string };
}

/** What being away costs once the scenario is through; validator-life.ts asks the chain what it is. */
const DOWNTIME_FRACTION = "0.020000000000000000";

export const governance: Scenario = {
  name: "governance",
  run: async (network, say) => {
    const [first, second, third, fourth] = network.validators as [NetworkNode, NetworkNode, NetworkNode, NetworkNode];
    const { params } = await network.query<SlashingParams>("slashing", "params");
    const changed = { ...params, slash_fraction_downtime: DOWNTIME_FRACTION };
    demand(params.slash_fraction_downtime !== DOWNTIME_FRACTION, "the change changes something");
    const update = {
      "@type": "/cosmos.slashing.v1beta1.MsgUpdateParams",
      authority: await authority(network),
      params: changed,
    };
    const [text, change] = await Promise.all([
      pass(network, [first, second], { title: "Words", metadata: "that something be said" }),
      pass(network, [third, fourth], { title: "What being away costs", messages: [update] }),
    ]);
    say(`proposal ${text}, a text, passed`);
    const after = await network.query<SlashingParams>("slashing", "params");
    for (const [name, value] of Object.entries(changed))
      demand(after.params[name] === value, `slashing's ${name} is ${value} after the vote, not ${after.params[name]}`);
    say(
      `proposal ${change} passed: being away costs ${DOWNTIME_FRACTION}, which was ${params.slash_fraction_downtime}`,
    );
  },
};
