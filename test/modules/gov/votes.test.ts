// Votes and what they come to, through whole transactions and blocks. Expected values are arithmetic over the stake that test/support/governance.ts
// describes (val1 7,000,000 of which 2,000,000 are alice's, val2 3,000,000), texts and codes those of the SDK 0.53 (x/gov).
import { describe, expect, test } from "vitest";
import type { ChainHarness, MessageToSend } from "../../support/chain-harness.ts";
import {
  ABSTAIN,
  blockEvents,
  coins,
  decide,
  EXPEDITED_SECONDS,
  govAddress,
  govChain,
  NO,
  proposalOf,
  submission,
  submit,
  VETO,
  VOTING_SECONDS,
  voteOf,
  wait,
  YES,
} from "../../support/governance.ts";

const [PASSED, REJECTED, VOTING] = [3, 4, 2];

/** Lets these accounts vote on a new text proposal and gives what became of it. */
function outcome(
  votes: readonly (readonly [who: string, option: number])[],
  params: Parameters<typeof govChain>[0] = {},
): { readonly chain: ChainHarness; readonly id: bigint; readonly proposal: ReturnType<typeof proposalOf> } {
  const chain = govChain(params);
  const id = submit(chain, []);
  for (const [who, option] of votes) chain.runOk(who, voteOf(chain, who, id, option));
  wait(chain, VOTING_SECONDS);
  chain.checkInvariants();
  return { chain, id, proposal: proposalOf(chain, id) };
}

/** bob's balance when he has his deposit back: what newChain gives him. */
const BOB = 1_000_000_000n;

describe("counting", () => {
  test("a validator votes for those who delegate to it", () => {
    const { proposal, chain, id } = outcome([["val1", YES]]);
    expect(proposal.status).toBe(PASSED);
    expect(proposal.finalTallyResult).toEqual({
      yesCount: "7000000",
      abstainCount: "0",
      noCount: "0",
      noWithVetoCount: "0",
    });
    expect(blockEvents(chain, "active_proposal")).toEqual([
      { proposal_id: id.toString(), proposal_result: "proposal_passed", proposal_log: "passed", mode: "EndBlock" },
    ]);
    expect(chain.balance("bob", "uopen")).toBe(BOB);
  });

  test("who delegates and votes takes that stake from the validator's vote", () => {
    const { proposal } = outcome([
      ["val1", YES],
      ["alice", NO],
    ]);
    // 5 of 7 voted yes.
    expect(proposal.status).toBe(PASSED);
    expect(proposal.finalTallyResult).toMatchObject({ yesCount: "5000000", noCount: "2000000" });
  });

  test("half of what is decided is not more than half", () => {
    const { proposal } = outcome([
      ["val1", YES],
      ["val2", NO],
      ["alice", NO],
    ]);
    expect(proposal).toMatchObject({
      status: REJECTED,
      finalTallyResult: { yesCount: "5000000", noCount: "5000000" },
      failedReason: "proposal did not get enough votes to pass",
    });
  });

  test("the last vote of an account counts, and one without stake counts nothing", () => {
    const { proposal } = outcome([
      ["val1", NO],
      ["bob", NO],
      ["val1", YES],
    ]);
    expect(proposal).toMatchObject({ status: PASSED, finalTallyResult: { yesCount: "7000000", noCount: "0" } });
  });

  test("too few voters reject, and the deposit comes back unless the parameter says that it is burnt", () => {
    // 2 of 10 is below 0.334.
    const kept = outcome([["alice", YES]]);
    expect(kept.proposal.status).toBe(REJECTED);
    expect(kept.chain.balance("bob", "uopen")).toBe(BOB);
    const burnt = outcome([["alice", YES]], { burn_vote_quorum: true });
    expect(burnt.proposal.status).toBe(REJECTED);
    expect(burnt.chain.balance("bob", "uopen")).toBe(BOB - 1000n);
    expect(burnt.chain.balance(govAddress(burnt.chain), "uopen")).toBe(0n);
  });

  test("abstentions make a quorum and decide nothing", () => {
    const { proposal, chain } = outcome([["val1", ABSTAIN]]);
    expect(proposal).toMatchObject({ status: REJECTED, finalTallyResult: { abstainCount: "7000000" } });
    expect(chain.balance("bob", "uopen")).toBe(BOB);
    const decided = outcome([
      ["val1", ABSTAIN],
      ["val2", YES],
    ]);
    expect(decided.proposal.status).toBe(PASSED);
  });

  test("a third of vetoes rejects and burns the deposit; less does not", () => {
    // 3 of 10 is below 0.334, 5 of 10 above.
    const less = outcome([
      ["val1", YES],
      ["val2", VETO],
    ]);
    expect(less.proposal.status).toBe(PASSED);
    const vetoed = outcome([
      ["val1", YES],
      ["val2", VETO],
      ["alice", VETO],
    ]);
    expect(vetoed.proposal).toMatchObject({ status: REJECTED, finalTallyResult: { noWithVetoCount: "5000000" } });
    expect(vetoed.chain.balance("bob", "uopen")).toBe(BOB - 1000n);
    const spared = outcome(
      [
        ["val2", VETO],
        ["alice", VETO],
      ],
      { burn_vote_veto: false },
    );
    expect(spared.proposal.status).toBe(REJECTED);
    expect(spared.chain.balance("bob", "uopen")).toBe(BOB);
  });

  test("a weighted vote splits the stake, each part rounded by itself and counted down to whole units", () => {
    const chain = govChain();
    const proposalId = submit(chain, []);
    const options = [
      { option: YES, weight: "0.600000000000000001" },
      { option: NO, weight: "0.399999999999999999" },
    ];
    const weighted: MessageToSend = [
      "cosmos.gov.v1.MsgVoteWeighted",
      { proposalId, voter: chain.address("val1"), options, metadata: "why" },
    ];
    const { events } = chain.runOk("val1", weighted);
    const told = events.find(({ type }) => type === "proposal_vote")?.attributes.map(({ key, value }) => [key, value]);
    expect(told).toEqual([
      ["voter", chain.address("val1")],
      ["option", '[{"option":1,"weight":"0.600000000000000001"},{"option":3,"weight":"0.399999999999999999"}]'],
      ["proposal_id", "1"],
      ["msg_index", "0"],
    ]);
    // The validator's own delegation counts as a voter's and alice's as the validator's: 5,000,000 and 2,000,000 by the same weights.
    wait(chain, VOTING_SECONDS);
    const yes = (7_000_000n * 600000000000000001n) / 10n ** 18n;
    const no = (7_000_000n * 399999999999999999n) / 10n ** 18n;
    expect(proposalOf(chain, proposalId).finalTallyResult).toMatchObject({ yesCount: `${yes}`, noCount: `${no}` });
    chain.checkInvariants();
  });

  test("a validator outside the set has no vote, nor have those who delegate to it", () => {
    const chain = govChain();
    const id = submit(chain, []);
    chain.runOk("val2", [
      "cosmos.staking.v1beta1.MsgUndelegate",
      {
        delegatorAddress: chain.address("val2"),
        validatorAddress: chain.addresses.validator(chain.addresses.parseAccount(chain.address("val2"))),
        amount: { denom: "uopen", amount: "3000000" },
      },
    ]);
    chain.runOk("val2", voteOf(chain, "val2", id, NO));
    wait(chain, VOTING_SECONDS);
    expect(proposalOf(chain, id).finalTallyResult).toMatchObject({ noCount: "0" });
  });
});

describe("an expedited proposal", () => {
  const expedited = { expedited: true, initialDeposit: coins("5000") };

  test("passes early with two thirds", () => {
    const chain = govChain();
    const id = submit(chain, [], expedited);
    chain.runOk("val1", voteOf(chain, "val1", id, YES));
    chain.runOk("val2", voteOf(chain, "val2", id, NO));
    // 7 of 10 is more than 0.667.
    wait(chain, EXPEDITED_SECONDS);
    expect(proposalOf(chain, id)).toMatchObject({ status: PASSED, expedited: true });
    chain.checkInvariants();
  });

  test("that fails goes on as a regular one, without the votes it had and with its deposits", () => {
    const chain = govChain();
    const id = submit(chain, [], expedited);
    const start = proposalOf(chain, id).votingStartTime?.seconds ?? 0n;
    for (const [who, option] of [
      ["val1", YES],
      ["alice", NO],
      ["val2", NO],
    ] as const)
      chain.runOk(who, voteOf(chain, who, id, option));
    wait(chain, EXPEDITED_SECONDS);
    const regular = proposalOf(chain, id);
    expect(regular).toMatchObject({ status: VOTING, expedited: false, finalTallyResult: { yesCount: "5000000" } });
    expect(regular.votingEndTime?.seconds).toBe(start + VOTING_SECONDS);
    expect(blockEvents(chain, "active_proposal")).toMatchObject([
      { proposal_result: "expedited_proposal_rejected", proposal_log: "expedited proposal converted to regular" },
    ]);
    expect(chain.balance("bob", "uopen")).toBe(BOB - 5000n);
    chain.checkInvariants();
    chain.runOk("val1", voteOf(chain, "val1", id, YES));
    wait(chain, VOTING_SECONDS);
    expect(proposalOf(chain, id)).toMatchObject({ status: PASSED, finalTallyResult: { yesCount: "7000000" } });
    expect(chain.balance("bob", "uopen")).toBe(BOB);
    chain.checkInvariants();
  });
});

describe("a vote is refused", () => {
  const weighted = (chain: ChainHarness, options: readonly (readonly [number, string])[]): MessageToSend => [
    "cosmos.gov.v1.MsgVoteWeighted",
    {
      proposalId: 1n,
      voter: chain.address("val1"),
      options: options.map(([option, weight]) => ({ option, weight })),
    },
  ];
  const prefix = "failed to execute message; message index: 0: ";
  const cases: readonly (readonly [string, (chain: ChainHarness) => MessageToSend, number, string])[] = [
    ["on a proposal that is not there", (chain) => voteOf(chain, "val1", 9n, YES), 3, "9: inactive proposal"],
    ["without an option", (chain) => voteOf(chain, "val1", 1n, 0), 7, "VOTE_OPTION_UNSPECIFIED: invalid vote option"],
    [
      "with weights below one",
      (chain) => weighted(chain, [[YES, "0.5"]]),
      7,
      "total weight lower than 1.00: invalid vote option",
    ],
    [
      "with weights above one",
      (chain) =>
        weighted(chain, [
          [YES, "0.5"],
          [NO, "0.6"],
        ]),
      7,
      "total weight overflow 1.00: invalid vote option",
    ],
    [
      "with an option twice",
      (chain) =>
        weighted(chain, [
          [YES, "0.5"],
          [YES, "0.5"],
        ]),
      7,
      "duplicated vote option: invalid vote option",
    ],
    [
      "with a negative weight",
      (chain) =>
        weighted(chain, [
          [YES, "1.5"],
          [NO, "-0.5"],
        ]),
      7,
      'option:VOTE_OPTION_YES weight:"1.5" : invalid vote option',
    ],
    [
      "with metadata that is too long",
      (chain) => [
        "cosmos.gov.v1.MsgVote",
        { proposalId: 1n, voter: chain.address("val1"), option: YES, metadata: "x".repeat(256) },
      ],
      15,
      "got metadata with length 256: metadata too long",
    ],
  ];
  const chain = govChain();
  submit(chain, []);
  test.each(cases)("%s", (_, message, code, log) => {
    const result = chain.run("val1", message(chain));
    expect([result.codespace, result.code, result.log]).toEqual(["gov", code, prefix + log]);
  });

  test("after the voting period, and the proposal stays as it was decided", () => {
    const done = govChain();
    const { id } = decide(done, []);
    const result = done.run("val2", voteOf(done, "val2", id, NO));
    expect([result.codespace, result.code]).toEqual(["gov", 3]);
    expect(proposalOf(done, id)).toMatchObject({ status: PASSED, finalTallyResult: { noCount: "0" } });
  });
});

test("the first form of votes and proposals says the same as v1", () => {
  const chain = govChain();
  chain.runOk("bob", submission(chain, "bob", []));
  const voter = chain.address("val1");
  chain.runOk("val1", ["cosmos.gov.v1beta1.MsgVote", { proposalId: 1n, voter, option: NO }]);
  const half = "500000000000000000";
  const options = [
    { option: YES, weight: half },
    { option: VETO, weight: half },
  ];
  chain.runOk("val2", [
    "cosmos.gov.v1beta1.MsgVoteWeighted",
    { proposalId: 1n, voter: chain.address("val2"), options },
  ]);
  const { votes } = chain.query(
    "/cosmos.gov.v1.Query/Votes",
    ["cosmos.gov.v1.QueryVotesRequest", { proposalId: 1n }],
    "cosmos.gov.v1.QueryVotesResponse",
  );
  const byVoter = new Map(votes.map((vote) => [vote.voter, vote.options]));
  expect(byVoter.get(voter)).toEqual([{ option: NO, weight: "1.000000000000000000" }]);
  expect(byVoter.get(chain.address("val2"))).toEqual([
    { option: YES, weight: "0.500000000000000000" },
    { option: VETO, weight: "0.500000000000000000" },
  ]);
});

test("a deposit of the first form counts like one of v1, and the vote begins when both reach the minimum", () => {
  const chain = govChain();
  chain.runOk("bob", submission(chain, "bob", [], { initialDeposit: coins("400") }));
  const statusOf = () => proposalOf(chain, 1n).status;
  const deposit = (amount: string): MessageToSend => [
    "cosmos.gov.v1beta1.MsgDeposit",
    { proposalId: 1n, depositor: chain.address("alice"), amount: coins(amount) },
  ];
  chain.runOk("alice", deposit("590"));
  expect(statusOf()).toBe(1);
  const before = chain.balance("alice", "uopen");
  chain.runOk("alice", deposit("10"));
  expect(before - chain.balance("alice", "uopen")).toBe(10n);
  expect(statusOf()).toBe(2);
  const { deposits } = chain.query(
    "/cosmos.gov.v1.Query/Deposits",
    ["cosmos.gov.v1.QueryDepositsRequest", { proposalId: 1n }],
    "cosmos.gov.v1.QueryDepositsResponse",
  );
  expect(new Map(deposits.map(({ depositor, amount }) => [depositor, amount]))).toEqual(
    new Map([
      [chain.address("bob"), coins("400")],
      [chain.address("alice"), coins(`${590 + 10}`)],
    ]),
  );
  expect(proposalOf(chain, 1n).totalDeposit).toEqual(coins(`${400 + 590 + 10}`));
  chain.checkInvariants();
});
