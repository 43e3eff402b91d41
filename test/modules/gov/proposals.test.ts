// Proposals from submission to effect, and what is refused, through whole transactions and blocks. Texts, codes and events are those of the SDK 0.53
// (x/gov/keeper), amounts are arithmetic over the parameters that test/support/governance.ts sets.
import { describe, expect, test } from "vitest";
import type { Write } from "../../../chain/module/context.ts";
import { moduleAddress } from "../../../chain/types/address.ts";
import { createModules } from "../../../modules/app.ts";
import { nodeHasher, nodeVerifier } from "../../../node/crypto.ts";
import { packAny } from "../../../proto/codec.ts";
import type { MessageName } from "../../../proto/types.gen.ts";
import { ChainHarness, consensusParams, type MessageToSend } from "../../support/chain-harness.ts";
import {
  blockEvents,
  coins,
  DEPOSIT_SECONDS,
  decide,
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

const [DEPOSIT, VOTING, PASSED, FAILED] = [1, 2, 3, 5];
const BOB = 1_000_000_000n;
const prefix = "failed to execute message; message index: 0: ";

const depositOf = (chain: ChainHarness, who: string, proposalId: bigint, amount: string): MessageToSend => [
  "cosmos.gov.v1.MsgDeposit",
  { proposalId, depositor: chain.address(who), amount: coins(amount) },
];

const send = (chain: ChainHarness, amount: string): MessageToSend => [
  "cosmos.bank.v1beta1.MsgSend",
  { fromAddress: govAddress(chain), toAddress: chain.address("bob"), amount: coins(amount) },
];

describe("a proposal that passes takes effect in the same block", () => {
  test("parameters of auth, bank, the engine and governance itself", () => {
    const chain = govChain();
    const authority = govAddress(chain);
    const authParams = {
      maxMemoCharacters: 100n,
      txSigLimit: 3n,
      txSizeCostPerByte: 11n,
      sigVerifyCostEd25519: 500n,
      sigVerifyCostSecp256k1: 900n,
    };
    const { params: govParams } = chain.query(
      "/cosmos.gov.v1.Query/Params",
      ["cosmos.gov.v1.QueryParamsRequest", { paramsType: "" }],
      "cosmos.gov.v1.QueryParamsResponse",
    );
    const engine = consensusParams({ maxGas: 77_000_000n });
    const proposal = decide(chain, [
      ["cosmos.auth.v1beta1.MsgUpdateParams", { authority, params: authParams }],
      ["cosmos.bank.v1beta1.MsgUpdateParams", { authority, params: { sendEnabled: [], defaultSendEnabled: false } }],
      [
        "cosmos.bank.v1beta1.MsgSetSendEnabled",
        { authority, sendEnabled: [{ denom: "uopen", enabled: true }], useDefaultFor: [] },
      ],
      ["cosmos.consensus.v1.MsgUpdateParams", { authority, ...engine }],
      [
        "cosmos.gov.v1.MsgUpdateParams",
        { authority, params: { ...govParams, quorum: "0.200000000000000000" } as never },
      ],
    ]);
    expect([proposal.status, proposal.failedReason]).toEqual([PASSED, ""]);
    const told = blockEvents(chain, "update_consensus_params");
    expect(told).toMatchObject([{ authority, mode: "EndBlock" }]);
    // What CometBFT 0.38's ConsensusParams.String() printed for these values in a Go program; the version is always empty here.
    expect(told[0]?.parameters).toBe(
      'block:<max_bytes:22020096 max_gas:77000000 > evidence:<max_age_num_blocks:100000 max_age_duration:<seconds:172800 > max_bytes:1048576 > validator:<pub_key_types:"ed25519" > version:<> abci:<> ',
    );
    // The engine is told at once, and the new limit is in force from the next block on.
    expect(chain.lastBlock?.consensusParamUpdates?.block?.maxGas).toBe(77_000_000n);
    const found = {
      auth: chain.query(
        "/cosmos.auth.v1beta1.Query/Params",
        ["cosmos.auth.v1beta1.QueryParamsRequest", {}],
        "cosmos.auth.v1beta1.QueryParamsResponse",
      ).params,
      bank: chain.query(
        "/cosmos.bank.v1beta1.Query/Params",
        ["cosmos.bank.v1beta1.QueryParamsRequest", {}],
        "cosmos.bank.v1beta1.QueryParamsResponse",
      ).params,
      engine: chain.query(
        "/cosmos.consensus.v1.Query/Params",
        ["cosmos.consensus.v1.QueryParamsRequest", {}],
        "cosmos.consensus.v1.QueryParamsResponse",
      ).params,
      gov: chain.query(
        "/cosmos.gov.v1.Query/Params",
        ["cosmos.gov.v1.QueryParamsRequest", { paramsType: "tallying" }],
        "cosmos.gov.v1.QueryParamsResponse",
      ),
    };
    expect(found.auth).toEqual(authParams);
    expect(found.bank?.defaultSendEnabled).toBe(false);
    expect(found.engine?.block?.maxGas).toBe(77_000_000n);
    expect(found.gov.tallyParams?.quorum).toBe("0.200000000000000000");
    chain.runOk("bob", [
      "cosmos.bank.v1beta1.MsgSend",
      { fromAddress: chain.address("bob"), toAddress: chain.address("alice"), amount: coins("1") },
    ]);
    expect(chain.run("bob", voteOf(chain, "bob", 1n, YES), { memo: "x".repeat(101) }).log).toContain(
      "maximum number of characters is 100",
    );
    chain.checkInvariants();
  });

  test("parameters of the chain's own modules, as far as they may change", () => {
    const chain = govChain();
    const authority = govAddress(chain);
    const attribution = () =>
      chain.query(
        "/tributary.attribution.v1.Query/Params",
        ["tributary.attribution.v1.QueryParamsRequest", {}],
        "tributary.attribution.v1.QueryParamsResponse",
      ).params;
    const params = { ...attribution(), maxSpans: 7 };
    const done = decide(chain, [
      ["tributary.tokenpool.v1.MsgUpdateParams", { authority, params: { feePpm: 1234, anchorDenom: "uopen" } }],
      ["tributary.attribution.v1.MsgUpdateParams", { authority, params }],
    ]);
    expect([done.status, done.failedReason]).toEqual([PASSED, ""]);
    const pool = chain.query(
      "/tributary.tokenpool.v1.Query/Params",
      ["tributary.tokenpool.v1.QueryParamsRequest", {}],
      "tributary.tokenpool.v1.QueryParamsResponse",
    );
    expect([pool.params.feePpm, attribution().maxSpans]).toEqual([1234, 7]);
    const other = { ...params, feeDenom: "usd" };
    expect(decide(chain, [["tributary.attribution.v1.MsgUpdateParams", { authority, params: other }]])).toMatchObject({
      status: FAILED,
      failedReason: "attribution: fees stay in uopen, they cannot be in usd: invalid request",
    });
    expect(
      decide(chain, [
        ["tributary.tokenpool.v1.MsgUpdateParams", { authority, params: { feePpm: 1_000_001, anchorDenom: "uopen" } }],
      ]).failedReason,
    ).toContain("fee_ppm 1000001 is above");
    chain.checkInvariants();
  });

  test("coins that the account holds, and with a message that fails nothing at all", () => {
    const chain = govChain();
    chain.runOk("alice", [
      "cosmos.bank.v1beta1.MsgSend",
      { fromAddress: chain.address("alice"), toAddress: govAddress(chain), amount: coins("500") },
    ]);
    expect(decide(chain, [send(chain, "300")]).status).toBe(PASSED);
    expect(chain.balance("bob", "uopen")).toBe(BOB + 300n);
    expect(blockEvents(chain, "transfer").some(({ amount }) => amount === "300uopen")).toBe(true);
    // 200 are left, so the second of two sends of 150 fails and takes the first with it.
    const failed = decide(chain, [send(chain, "150"), send(chain, "150")]);
    expect(failed).toMatchObject({
      status: FAILED,
      failedReason: "spendable balance 50uopen is smaller than 150uopen: insufficient funds",
    });
    expect(blockEvents(chain, "active_proposal")).toMatchObject([
      {
        proposal_result: "proposal_failed",
        proposal_log: `passed, but msg 1 (/cosmos.bank.v1beta1.MsgSend) failed on execution: ${failed.failedReason}`,
      },
    ]);
    expect(blockEvents(chain, "transfer").some(({ amount }) => amount === "150uopen")).toBe(false);
    expect(chain.balance("bob", "uopen")).toBe(BOB + 300n);
    chain.checkInvariants();
  });

  test("a text of the first form, which changes nothing", () => {
    const chain = govChain();
    const content = packAny("cosmos.gov.v1beta1.TextProposal", { title: "Words", description: "More words" });
    chain.runOk("bob", [
      "cosmos.gov.v1beta1.MsgSubmitProposal",
      { content, initialDeposit: coins("1000"), proposer: chain.address("bob") },
    ]);
    chain.runOk("val1", ["cosmos.gov.v1beta1.MsgVote", { proposalId: 1n, voter: chain.address("val1"), option: YES }]);
    wait(chain, VOTING_SECONDS);
    expect(proposalOf(chain, 1n)).toMatchObject({
      status: PASSED,
      title: "Words",
      summary: "More words",
      metadata: "",
    });
    const { proposal } = chain.query(
      "/cosmos.gov.v1beta1.Query/Proposal",
      ["cosmos.gov.v1beta1.QueryProposalRequest", { proposalId: 1n }],
      "cosmos.gov.v1beta1.QueryProposalResponse",
    );
    expect(proposal).toMatchObject({ proposalId: 1n, content, status: PASSED, finalTallyResult: { yes: "7000000" } });
  });
});

describe("nothing in a proposal stops the chain", () => {
  const handlers: readonly (readonly [string, (ctx: Write) => never, string])[] = [
    [
      "throws what is no refusal",
      () => {
        throw new TypeError("a defect, in words that another version of the host may choose differently");
      },
      "handling x/gov proposal msg [/cosmos.bank.v1beta1.MsgSetSendEnabled] PANICKED",
    ],
    [
      "never ends",
      (ctx) => {
        for (;;) ctx.gas.consume(1_000_000n, "work");
      },
      "out of gas in location: work; gasWanted: 500000000",
    ],
  ];
  test.each(handlers)("a message that %s fails the proposal", (_, handle, failedReason) => {
    const chain = govChain();
    const modules = createModules({ verifier: nodeVerifier(), hasher: nodeHasher() });
    const route = modules.modules
      .flatMap(({ messages }) => messages)
      .find(({ typeUrl }) => typeUrl === "/cosmos.bank.v1beta1.MsgSetSendEnabled");
    Object.assign(route as object, {
      handle: (ctx: Write) => {
        ctx.emit("left_behind", []);
        return handle(ctx);
      },
    });
    chain.restart(modules);
    const message: MessageToSend = ["cosmos.bank.v1beta1.MsgSetSendEnabled", { authority: govAddress(chain) }];
    expect(decide(chain, [message])).toMatchObject({ status: FAILED, failedReason });
    expect(blockEvents(chain, "left_behind")).toEqual([]);
    expect(chain.balance("bob", "uopen")).toBe(BOB);
    chain.block([]);
    chain.checkInvariants();
  });

  test("a proposal may deposit on another, and gets that back", () => {
    const chain = govChain();
    chain.runOk("alice", [
      "cosmos.bank.v1beta1.MsgSend",
      { fromAddress: chain.address("alice"), toAddress: govAddress(chain), amount: coins("400") },
    ]);
    const other = submit(chain, [], { initialDeposit: coins("600") });
    const deposit: MessageToSend = [
      "cosmos.gov.v1.MsgDeposit",
      { proposalId: other, depositor: govAddress(chain), amount: coins("400") },
    ];
    const quick = submit(chain, [deposit], { expedited: true, initialDeposit: coins("5000") });
    chain.runOk("val1", voteOf(chain, "val1", quick, YES));
    wait(chain, 45n);
    expect(proposalOf(chain, quick).status).toBe(PASSED);
    expect(proposalOf(chain, other).status).toBe(VOTING);
    chain.checkInvariants();
    wait(chain, VOTING_SECONDS);
    expect(proposalOf(chain, other).status).toBe(4);
    expect(chain.balance("bob", "uopen")).toBe(BOB);
    expect(chain.balance(govAddress(chain), "uopen")).toBe(400n);
    chain.checkInvariants();
  });

  test("what a proposal runs may submit the next one, and no message of it may be somebody else's", () => {
    const chain = govChain();
    const refused = chain.run(
      "bob",
      submission(chain, "bob", [
        [
          "cosmos.bank.v1beta1.MsgSend",
          { fromAddress: chain.address("alice"), toAddress: chain.address("bob"), amount: coins("1") },
        ],
      ]),
    );
    expect([refused.codespace, refused.code, refused.log]).toEqual([
      "gov",
      13,
      `${prefix}${chain.address("alice")}: expected gov account as only signer for proposal message`,
    ]);
    const nested: MessageToSend = [
      "cosmos.gov.v1.MsgSubmitProposal",
      { messages: [], initialDeposit: [], proposer: govAddress(chain), metadata: "m", title: "t", summary: "s" },
    ];
    // Without a deposit: the account has none to give, and a deposit of nothing is too small.
    expect(decide(chain, [nested])).toMatchObject({
      status: FAILED,
      failedReason: "received  but need at least one of the following: 10uopen: minimum deposit is too small",
    });
  });
});

describe("deposits", () => {
  test("begin the vote when they reach the minimum, and come back when it is over", () => {
    const chain = govChain();
    const id = submit(chain, [], { initialDeposit: coins("400") });
    expect(proposalOf(chain, id).status).toBe(DEPOSIT);
    expect(chain.run("val1", voteOf(chain, "val1", id, YES)).log).toBe(`${prefix}${id}: inactive proposal`);
    const { events } = chain.runOk("alice", depositOf(chain, "alice", id, "600"));
    const told = events.filter(({ type }) => type === "proposal_deposit");
    expect(told.map(({ attributes }) => attributes.map(({ key, value }) => `${key}=${value}`))).toEqual([
      [`depositor=${chain.address("alice")}`, "amount=600uopen", `proposal_id=${id}`, "msg_index=0"],
      [`voting_period_start=${id}`, "msg_index=0"],
    ]);
    expect(proposalOf(chain, id)).toMatchObject({ status: VOTING, totalDeposit: coins("1000") });
    expect(chain.balance(govAddress(chain), "uopen")).toBe(1000n);
    wait(chain, VOTING_SECONDS);
    expect([chain.balance("bob", "uopen"), chain.balance("alice", "uopen")]).toEqual([BOB, BOB - 2_000_000n]);
    chain.checkInvariants();
  });

  test("that stay below the minimum come back and the proposal is gone, or are burnt if the parameter says so", () => {
    for (const [burns, left] of [
      [false, BOB],
      [true, BOB - 400n],
    ] as const) {
      const chain = govChain({ burn_proposal_deposit_prevote: burns });
      const id = submit(chain, [], { initialDeposit: coins("400") });
      wait(chain, DEPOSIT_SECONDS - 1n);
      expect(proposalOf(chain, id).status).toBe(DEPOSIT);
      wait(chain, 1n);
      expect(() => proposalOf(chain, id)).toThrow(`proposal ${id} doesn't exist`);
      expect(blockEvents(chain, "inactive_proposal")).toEqual([
        { proposal_id: id.toString(), proposal_result: "proposal_dropped", mode: "EndBlock" },
      ]);
      expect(chain.balance("bob", "uopen")).toBe(left);
      chain.checkInvariants();
    }
  });

  test("are charged by the parameter's part when the proposer cancels", () => {
    const community = (chain: ChainHarness) => chain.addresses.account(moduleAddress("distribution"));
    const chain = govChain({ proposal_cancel_ratio: "0.300000000000000000" });
    const id = submit(chain, [], { initialDeposit: coins("401") });
    chain.runOk("alice", depositOf(chain, "alice", id, "33"));
    const cancel: MessageToSend = [
      "cosmos.gov.v1.MsgCancelProposal",
      { proposalId: id, proposer: chain.address("bob") },
    ];
    expect(
      chain.run("alice", ["cosmos.gov.v1.MsgCancelProposal", { proposalId: id, proposer: chain.address("alice") }]).log,
    ).toBe(`${prefix}invalid proposer ${chain.address("alice")}: invalid proposer`);
    const { events } = chain.runOk("bob", cancel);
    // 0.3 of each deposit, rounded down: 120.3 and 9.9.
    expect(events.find(({ type }) => type === "burn")?.attributes[1]?.value).toBe(`${120n + 9n}uopen`);
    expect(chain.balance("bob", "uopen")).toBe(BOB - 120n);
    expect(chain.balance("alice", "uopen")).toBe(BOB - 2_000_000n - 9n);
    expect(() => proposalOf(chain, id)).toThrow("doesn't exist");
    chain.checkInvariants();

    const funded = govChain({ proposal_cancel_dest: community(chain) });
    submit(funded, []);
    funded.runOk("val1", voteOf(funded, "val1", 1n, NO));
    const before = funded.balance(community(funded), "uopen");
    funded.runOk("bob", ["cosmos.gov.v1.MsgCancelProposal", { proposalId: 1n, proposer: funded.address("bob") }]);
    // Half of 1,000 by the default ratio.
    expect(funded.balance(community(funded), "uopen") - before).toBeGreaterThanOrEqual(500n);
    expect(funded.balance("bob", "uopen")).toBe(BOB - 500n);
    funded.checkInvariants();
  });

  const refusals: readonly (readonly [string, object, number, string])[] = [
    [
      "of too little",
      { initialDeposit: coins("9") },
      16,
      "received 9uopen but need at least one of the following: 10uopen: minimum deposit is too small",
    ],
    [
      "of another coin",
      { initialDeposit: coins("9", "usd") },
      23,
      "deposited 9usd, but gov accepts only the following denom(s): [uopen]: invalid deposit denom",
    ],
    [
      "on an expedited proposal of too little",
      { expedited: true, initialDeposit: coins("49") },
      16,
      "received 49uopen but need at least one of the following: 50uopen: minimum deposit is too small",
    ],
  ];
  test.each(refusals)("%s are refused", (_, changes, code, words) => {
    const chain = govChain();
    const result = chain.run("bob", submission(chain, "bob", [], changes));
    expect([result.codespace, result.code, result.log]).toEqual(["gov", code, prefix + words]);
  });

  test("must be enough at once where the parameter asks for it", () => {
    const chain = govChain({ min_initial_deposit_ratio: "0.250000000000000000" });
    const result = chain.run("bob", submission(chain, "bob", [], { initialDeposit: coins("249") }));
    expect(result.log).toBe(`${prefix}was (249uopen), need (250uopen): minimum deposit is too small`);
    submit(chain, [], { initialDeposit: coins("250") });
  });
});

describe("a submission is refused", () => {
  const chain = govChain();
  const content = (name: MessageName, value: object) =>
    packAny("cosmos.gov.v1.MsgExecLegacyContent", {
      content: packAny(name, value as never),
      authority: govAddress(chain),
    });
  const cases: readonly (readonly [string, object, string, number, string])[] = [
    ["without a title", { title: "" }, "sdk", 18, "proposal title cannot be empty: invalid request"],
    ["without a summary", { summary: "" }, "sdk", 18, "proposal summary cannot be empty: invalid request"],
    [
      "without anything to do or say",
      { metadata: "" },
      "gov",
      11,
      "either metadata or Msgs length must be non-nil: no messages proposed",
    ],
    ["with long metadata", { metadata: "m".repeat(256) }, "gov", 15, "got metadata with length 256: metadata too long"],
    [
      "with a long summary",
      { summary: "s".repeat(10_201) },
      "gov",
      22,
      "got summary with length 10201: summary too long",
    ],
    [
      "whose metadata has another title",
      { metadata: '{"title":"B","summary":"A summary"}' },
      "gov",
      5,
      "metadata title 'B' must equal proposal title 'A title': invalid proposal content",
    ],
    [
      "of an old content that nothing carries out",
      {
        messages: [
          content("cosmos.params.v1beta1.ParameterChangeProposal", { title: "t", description: "d", changes: [] }),
        ],
      },
      "gov",
      9,
      "params: no handler exists for proposal type",
    ],
  ];
  test.each(cases)("%s", (_, changes, codespace, code, words) => {
    const result = chain.run("bob", submission(chain, "bob", [], changes));
    expect([result.codespace, result.code, result.log]).toEqual([codespace, code, prefix + words]);
  });

  test("by the first form with a blank title", () => {
    const text = packAny("cosmos.gov.v1beta1.TextProposal", { title: " ", description: "d" });
    const result = chain.run("bob", [
      "cosmos.gov.v1beta1.MsgSubmitProposal",
      { content: text, initialDeposit: coins("1000"), proposer: chain.address("bob") },
    ]);
    expect(result.log).toBe(`${prefix}proposal title cannot be blank: invalid proposal content`);
  });

  test("and so is carrying out a content by anyone but governance", () => {
    const text = packAny("cosmos.gov.v1beta1.TextProposal", { title: "t", description: "d" });
    const result = chain.run("bob", [
      "cosmos.gov.v1.MsgExecLegacyContent",
      { content: text, authority: chain.address("bob") },
    ]);
    expect([result.codespace, result.code, result.log]).toEqual([
      "gov",
      13,
      `${prefix}expected ${govAddress(chain)} got ${chain.address("bob")}: expected gov account as only signer for proposal message`,
    ]);
  });
});

test("every query of both forms answers", () => {
  const chain = govChain();
  const id = submit(chain, [["cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority: govAddress(chain) }]]);
  submit(chain, [], { initialDeposit: coins("400") });
  chain.runOk("val2", voteOf(chain, "val2", id, VETO));
  const [bob, val2] = [chain.address("bob"), chain.address("val2")];
  const v1 = "/cosmos.gov.v1.Query/";
  const old = "/cosmos.gov.v1beta1.Query/";
  const ids = (statusAndWho: object) =>
    chain
      .query(
        `${v1}Proposals`,
        ["cosmos.gov.v1.QueryProposalsRequest", statusAndWho],
        "cosmos.gov.v1.QueryProposalsResponse",
      )
      .proposals.map((proposal) => proposal.id);
  expect([
    ids({}),
    ids({ proposalStatus: DEPOSIT }),
    ids({ voter: val2 }),
    ids({ depositor: bob }),
    ids({ depositor: val2 }),
  ]).toEqual([[1n, 2n], [2n], [1n], [1n, 2n], []]);
  expect(
    chain.query(
      `${v1}Constitution`,
      ["cosmos.gov.v1.QueryConstitutionRequest", {}],
      "cosmos.gov.v1.QueryConstitutionResponse",
    ),
  ).toEqual({ constitution: "" });
  const vote = { proposalId: id, voter: val2 };
  expect(
    chain.query(`${v1}Vote`, ["cosmos.gov.v1.QueryVoteRequest", vote], "cosmos.gov.v1.QueryVoteResponse").vote?.options,
  ).toEqual([{ option: VETO, weight: "1.000000000000000000" }]);
  expect(
    chain.query(`${old}Vote`, ["cosmos.gov.v1beta1.QueryVoteRequest", vote], "cosmos.gov.v1beta1.QueryVoteResponse")
      .vote.options,
  ).toEqual([{ option: VETO, weight: "1000000000000000000" }]);
  expect(
    chain
      .query(
        `${old}Votes`,
        ["cosmos.gov.v1beta1.QueryVotesRequest", { proposalId: id }],
        "cosmos.gov.v1beta1.QueryVotesResponse",
      )
      .votes.map(({ voter }) => voter),
  ).toEqual([val2]);
  const deposit = { proposalId: 2n, depositor: bob };
  expect(
    chain.query(`${v1}Deposit`, ["cosmos.gov.v1.QueryDepositRequest", deposit], "cosmos.gov.v1.QueryDepositResponse")
      .deposit,
  ).toEqual({ ...deposit, amount: coins("400") });
  expect(
    chain.query(
      `${old}Deposit`,
      ["cosmos.gov.v1beta1.QueryDepositRequest", deposit],
      "cosmos.gov.v1beta1.QueryDepositResponse",
    ).deposit,
  ).toEqual({ ...deposit, amount: coins("400") });
  expect(
    chain.query(
      `${v1}Deposits`,
      ["cosmos.gov.v1.QueryDepositsRequest", { proposalId: id }],
      "cosmos.gov.v1.QueryDepositsResponse",
    ).deposits,
  ).toEqual([{ ...deposit, proposalId: id, amount: coins("1000") }]);
  expect(
    chain.query(
      `${old}Deposits`,
      ["cosmos.gov.v1beta1.QueryDepositsRequest", { proposalId: id }],
      "cosmos.gov.v1beta1.QueryDepositsResponse",
    ).deposits,
  ).toEqual([{ ...deposit, proposalId: id, amount: coins("1000") }]);
  expect(
    chain.query(
      `${v1}TallyResult`,
      ["cosmos.gov.v1.QueryTallyResultRequest", { proposalId: id }],
      "cosmos.gov.v1.QueryTallyResultResponse",
    ).tally?.noWithVetoCount,
  ).toBe("3000000");
  expect(
    chain.query(
      `${old}TallyResult`,
      ["cosmos.gov.v1beta1.QueryTallyResultRequest", { proposalId: id }],
      "cosmos.gov.v1beta1.QueryTallyResultResponse",
    ).tally.noWithVeto,
  ).toBe("3000000");
  // The message of a v1 proposal stands where the content was.
  const older = chain.query(
    `${old}Proposals`,
    ["cosmos.gov.v1beta1.QueryProposalsRequest", { proposalStatus: VOTING }],
    "cosmos.gov.v1beta1.QueryProposalsResponse",
  ).proposals;
  expect(older.map(({ content }) => content?.typeUrl)).toEqual(["/cosmos.upgrade.v1beta1.MsgCancelUpgrade"]);
  const params = (paramsType: string) =>
    chain.query(
      `${old}Params`,
      ["cosmos.gov.v1beta1.QueryParamsRequest", { paramsType }],
      "cosmos.gov.v1beta1.QueryParamsResponse",
    );
  expect(params("voting").votingParams.votingPeriod).toEqual({ seconds: VOTING_SECONDS, nanos: 0 });
  expect(params("deposit").depositParams).toEqual({
    minDeposit: coins("1000"),
    maxDepositPeriod: { seconds: DEPOSIT_SECONDS, nanos: 0 },
  });
  // LegacyDec's wire form: 0.334 times 10^18.
  expect(new TextDecoder().decode(params("tallying").tallyParams.quorum)).toBe("334000000000000000");
  expect(() => params("nothing")).toThrow("unknown params type: nothing");
  expect(() => params("")).toThrow("is not a valid parameter type");
  expect(() => proposalOf(chain, 0n)).toThrow("proposal id can not be 0");
});

test("an export begins a chain with the same proposals, deposits and votes", () => {
  const chain = govChain();
  const id = submit(chain, []);
  chain.runOk("val1", voteOf(chain, "val1", id, YES));
  const exported = chain.application.exportGenesis();
  const json = exported.gov as { readonly [name: string]: unknown };
  expect(json).toMatchObject({ starting_proposal_id: "2", deposit_params: null, constitution: "" });
  expect((json.votes as unknown[]).length).toBe(1);
  expect(json.deposits).toEqual([{ proposal_id: "1", depositor: chain.address("bob"), amount: coins("1000") }]);
  const again = ChainHarness.genesis({ wholeAppState: exported as never, chainId: chain.chainId, time: chain.time });
  again.block([]);
  expect(again.application.exportGenesis().gov).toEqual(json);
  again.checkInvariants();
  wait(again, VOTING_SECONDS);
  expect(proposalOf(again, id)).toMatchObject({ status: PASSED, finalTallyResult: { yesCount: "7000000" } });
  expect(again.balance("bob", "uopen")).toBe(BOB);
  again.checkInvariants();
});
