/** Proposals, deposits and votes by message. Owns rows of the table only. */
import { AddressCodec, moduleAddress } from "../../../chain/types/address.ts";
import { packAny } from "../../../proto/codec.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { accountOf, type ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { ABSTAIN, coins, govChain, NO, submission, submit, voteOf, YES } from "../../support/governance.ts";
import { burnt, type EventRow, moduleOf, ofMessage, ofMessages, sent, type Told } from "../../support/told-events.ts";

const PROPOSALS = "x/gov/keeper/proposal.go, x/gov/keeper/deposit.go";
const VOTES = "x/gov/keeper/vote.go";
const CANCELS = "x/gov/keeper/msg_server.go; x/gov/keeper/deposit.go, ChargeDeposit";

interface Names {
  readonly bob: string;
  readonly gov: string;
}

const namesOf = (chain: ChainHarness): Names => ({ bob: chain.address("bob"), gov: moduleOf(chain, "gov") });

const submitted = ({ bob }: Names, messages = ""): Told => [
  "submit_proposal",
  "proposal_id=1",
  `proposal_proposer=${bob}`,
  `proposal_messages=${messages}`,
];

const deposited = ({ bob, gov }: Names, amount: string): Told[] => [
  ...sent(bob, gov, amount),
  ["proposal_deposit", `depositor=${bob}`, `amount=${amount}`, "proposal_id=1"],
];

/** Runs a message of bob's, after what must be there before, and gives what it emitted beside what is expected of it. */
function row(
  when: string,
  source: string,
  message: (chain: ChainHarness) => MessageToSend,
  own: (names: Names, chain: ChainHarness) => Told[],
  params: { readonly [name: string]: JsonValue } = {},
): EventRow {
  const run = () => {
    const chain = govChain(params);
    const sending = message(chain);
    const told = ofMessages(chain.runOk("bob", sending));
    const names = namesOf(chain);
    return { told, expected: ofMessage(`/${sending[0]}`, names.bob, "gov", own(names, chain)) };
  };
  return { when, source, run };
}

const cancel = (chain: ChainHarness): MessageToSend => {
  submit(chain, [], { initialDeposit: coins("901") });
  return ["cosmos.gov.v1.MsgCancelProposal", { proposalId: 1n, proposer: chain.address("bob") }];
};

const cancelled = ({ bob }: Names): Told => ["cancel_proposal", `sender=${bob}`, "proposal_id=1"];

const weighted = (chain: ChainHarness): MessageToSend => {
  submit(chain, []);
  const options = [
    { option: YES, weight: "0.7" },
    { option: NO, weight: "0.3" },
  ];
  const voter = chain.address("bob");
  return ["cosmos.gov.v1.MsgVoteWeighted", { proposalId: 1n, voter, options, metadata: "" }];
};

const voted = ({ bob }: Names, options: string): Told => [
  "proposal_vote",
  `voter=${bob}`,
  `option=[${options}]`,
  "proposal_id=1",
];

const spending = (chain: ChainHarness): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
  { authority: moduleOf(chain, "gov"), recipient: chain.address("bob"), amount: coins("5") },
];

const TEXT = { title: "A title", description: "A description" };

const olderSubmission = (chain: ChainHarness, amount: string): MessageToSend => [
  "cosmos.gov.v1beta1.MsgSubmitProposal",
  {
    content: packAny("cosmos.gov.v1beta1.TextProposal", TEXT),
    initialDeposit: coins(amount),
    proposer: chain.address("bob"),
  },
];

/** A message of bob's about proposal 1, which has so much of a deposit of 1,000. */
const about = (amount: string, message: (bob: string) => MessageToSend) => (chain: ChainHarness) => {
  submit(chain, [], { initialDeposit: coins(amount) });
  return message(chain.address("bob"));
};

const proposalRows: readonly EventRow[] = [
  row(
    "a proposal of two messages is submitted",
    PROPOSALS,
    (chain) => submission(chain, "bob", [spending(chain), spending(chain)], { initialDeposit: coins("400") }),
    (names) => {
      const typeUrl = ",/cosmos.distribution.v1beta1.MsgCommunityPoolSpend";
      return [submitted(names, `${typeUrl}${typeUrl}`), ...deposited(names, "400uopen")];
    },
  ),
  row(
    "a proposal is submitted with nothing deposited",
    PROPOSALS,
    (chain) => submission(chain, "bob", [], { initialDeposit: [] }),
    (names) => [submitted(names), ...deposited(names, "")],
    { min_initial_deposit_ratio: "0.000000000000000000", min_deposit_ratio: "0.000000000000000000" },
  ),
  row(
    "a proposal is submitted with all that its vote takes",
    "x/gov/keeper/msg_server.go, SubmitProposal",
    (chain) => submission(chain, "bob", []),
    (names) => [submitted(names), ...deposited(names, "1000uopen"), ["submit_proposal", "voting_period_start=1"]],
  ),
  row(
    "an older proposal is submitted",
    "x/gov/keeper/msg_server.go, legacyMsgServer",
    (chain) => olderSubmission(chain, "1000"),
    (names) => [
      submitted(names, ",/cosmos.gov.v1.MsgExecLegacyContent"),
      ...deposited(names, "1000uopen"),
      ["submit_proposal", "voting_period_start=1"],
    ],
  ),
  row(
    "more is deposited",
    PROPOSALS,
    about("400", (bob) => ["cosmos.gov.v1.MsgDeposit", { proposalId: 1n, depositor: bob, amount: coins("500") }]),
    (names) => deposited(names, "500uopen"),
  ),
  row(
    "what was missing is deposited",
    "x/gov/keeper/msg_server.go, Deposit",
    about("400", (bob) => ["cosmos.gov.v1.MsgDeposit", { proposalId: 1n, depositor: bob, amount: coins("600") }]),
    (names) => [...deposited(names, "600uopen"), ["proposal_deposit", "voting_period_start=1"]],
  ),
  row(
    "what was missing is deposited by an older message",
    "x/gov/keeper/msg_server.go, legacyMsgServer",
    about("400", (bob) => ["cosmos.gov.v1beta1.MsgDeposit", { proposalId: 1n, depositor: bob, amount: coins("600") }]),
    (names) => [...deposited(names, "600uopen"), ["proposal_deposit", "voting_period_start=1"]],
  ),
];

const voteRows: readonly EventRow[] = [
  row(
    "a vote for one option",
    VOTES,
    (chain) => {
      submit(chain, []);
      return voteOf(chain, "bob", 1n, ABSTAIN);
    },
    (names) => [voted(names, '{"option":2,"weight":"1.000000000000000000"}')],
  ),
  row("a vote for two, whose weights stand as they were written", VOTES, weighted, (names) => [
    voted(names, '{"option":1,"weight":"0.7"},{"option":3,"weight":"0.3"}'),
  ]),
  row(
    "an older vote",
    "x/gov/keeper/msg_server.go, legacyMsgServer",
    about("1000", (bob) => ["cosmos.gov.v1beta1.MsgVote", { proposalId: 1n, voter: bob, option: YES }]),
    (names) => [voted(names, '{"option":1,"weight":"1.000000000000000000"}')],
  ),
  row(
    "an older vote for two options, whose weights are decimals",
    "x/gov/keeper/msg_server.go, legacyMsgServer",
    about("1000", (bob) => [
      "cosmos.gov.v1beta1.MsgVoteWeighted",
      {
        proposalId: 1n,
        voter: bob,
        options: [
          { option: YES, weight: "700000000000000000" },
          { option: NO, weight: "300000000000000000" },
        ],
      },
    ]),
    (names) => [
      voted(names, '{"option":1,"weight":"0.700000000000000000"},{"option":3,"weight":"0.300000000000000000"}'),
    ],
  ),
];

const HALF = { proposal_cancel_ratio: "0.500000000000000000" };
const [CHARGE, REST] = ["450uopen", "451uopen"];

/** What cancelling costs goes to this account. */
const to = (account: Uint8Array) => ({ ...HALF, proposal_cancel_dest: new AddressCodec("trib").account(account) });

const cancelRows: readonly EventRow[] = [
  row(
    "a proposal is cancelled: half of the deposit is burnt",
    CANCELS,
    cancel,
    (names) => [...sent(names.gov, names.bob, REST), ...burnt(names.gov, CHARGE), cancelled(names)],
    HALF,
  ),
  row(
    "a proposal is cancelled: half of the deposit goes to everybody",
    CANCELS,
    cancel,
    (names, chain) => [
      ...sent(names.gov, names.bob, REST),
      ...sent(names.gov, moduleOf(chain, "distribution"), CHARGE),
      cancelled(names),
    ],
    to(moduleAddress("distribution")),
  ),
  row(
    "a proposal is cancelled: half of the deposit goes to an account",
    CANCELS,
    cancel,
    (names, chain) => [
      ...sent(names.gov, names.bob, REST),
      ...sent(names.gov, chain.address("alice"), CHARGE),
      cancelled(names),
    ],
    to(accountOf("alice").bytes),
  ),
  row(
    "a proposal is cancelled for nothing",
    CANCELS,
    cancel,
    (names) => [...sent(names.gov, names.bob, "901uopen"), cancelled(names)],
    { proposal_cancel_ratio: "0.000000000000000000" },
  ),
];

export const govRows: readonly EventRow[] = [...proposalRows, ...voteRows, ...cancelRows];
