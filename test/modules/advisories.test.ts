/**
 * One test for each published weakness of chains of this kind that concerns transactions or genesis, by its number: what was possible there is not here.
 * Those that have theirs beside their module are listed, and must be there.
 */
import { expect, test } from "vitest";
import { newGenesis } from "../../genesis/build.ts";
import { validateGenesis } from "../../genesis/validate.ts";
import { definitions } from "../../modules/app.ts";
import { type Any, encode, packAny } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import { filesUnder, read } from "../architecture/tree.ts";
import { ChainHarness, consensusParams, type MessageToSend } from "../support/chain-harness.ts";
import { genesisTextOf } from "../support/genesis-text.ts";
import { coins, decide, govAddress, govChain, govParams, proposalOf, submit, wait } from "../support/governance.ts";
import { createValidator, operatorOf, stake, THREE_WEEKS_NS } from "../support/staking-chain.ts";

/** cosmos.gov.v1.ProposalStatus. */
const [REJECTED, FAILED] = [4, 5];
const payment = (chain: ChainHarness, from: string, to: string): MessageToSend => [
  "cosmos.bank.v1beta1.MsgSend",
  { fromAddress: chain.address(from), toAddress: chain.address(to), amount: coins("5") },
];
const execOf = (chain: ChainHarness, grantee: string, msgs: readonly Any[]): MessageToSend => [
  "cosmos.authz.v1beta1.MsgExec",
  { grantee: chain.address(grantee), msgs: [...msgs] },
];
const packed = ([name, value]: MessageToSend): Any => packAny(name, value as never);

test("ASA-2024-012: messages nested hundreds deep are refused, not followed until the stack ends", () => {
  const chain = ChainHarness.start({ balances: { alice: "100uopen", bob: "100uopen" } });
  let message = payment(chain, "alice", "bob");
  for (let depth = 0; depth < 300; depth++) message = execOf(chain, "alice", [packed(message)]);
  const tx = chain.sign("alice", message, { gas: 10_000_000n });
  const refused = { codespace: "sdk", code: 2, log: "Any values nested deeper than 16: tx parse error" };
  expect(chain.check(tx)).toMatchObject(refused);
  expect(chain.block([tx])[0]).toMatchObject(refused);
  expect(chain.balance("bob", "uopen")).toBe(100n);
});

test("ASA-2024-013: Anys inside Anys in fields that nobody knows are refused", () => {
  const chain = ChainHarness.start({ balances: { alice: "100uopen" } });
  let any = packAny("cosmos.bank.v1beta1.MsgSend", {});
  for (let depth = 0; depth < 300; depth++)
    any = { typeUrl: "/google.protobuf.Any", value: encode("google.protobuf.Any", any) };
  const bodyBytes = encode("cosmos.tx.v1beta1.TxBody", { messages: [any], nonCriticalExtensionOptions: [any] });
  const tx = encode("cosmos.tx.v1beta1.TxRaw", { bodyBytes, authInfoBytes: new Uint8Array(0), signatures: [] });
  expect(chain.check(tx)).toMatchObject({ codespace: "sdk", code: 2 });
  expect(chain.block([tx])[0]).toMatchObject({ codespace: "sdk", code: 2 });
});

test("Elderflower: nobody's coins move by a message inside another that they have not signed or allowed", () => {
  const chain = ChainHarness.start({ balances: { alice: "100uopen", bob: "100uopen" } });
  const theft = packed(payment(chain, "bob", "alice"));
  const attempts = [
    execOf(chain, "alice", [theft]),
    execOf(chain, "alice", [packed(payment(chain, "alice", "bob")), theft]),
    execOf(chain, "alice", [packed(execOf(chain, "bob", [theft]))]),
    execOf(chain, "alice", [packed(execOf(chain, "alice", [theft]))]),
  ];
  for (const attempt of attempts) {
    expect(chain.run("alice", attempt)).toMatchObject({ codespace: "authz", code: 2 });
    expect([chain.balance("alice", "uopen"), chain.balance("bob", "uopen")]).toEqual([100n, 100n]);
  }
});

test("GHSA-x5vx-95h7-rv4p: a proposal whose messages cannot be carried out fails, and the chain goes on", () => {
  const chain = govChain();
  const authority = govAddress(chain);
  const content = { typeUrl: "/cosmos.gov.v1beta1.TextProposal", value: new Uint8Array([10, 200]) };
  const bad: readonly MessageToSend[] = [
    ["cosmos.distribution.v1beta1.MsgCommunityPoolSpend", { authority, recipient: "", amount: coins("1") }],
    ["cosmos.gov.v1.MsgExecLegacyContent", { authority, content }],
    ["cosmos.authz.v1beta1.MsgExec", { grantee: authority, msgs: [packed(payment(chain, "bob", "alice"))] }],
  ];
  for (const message of bad) {
    let status: number;
    try {
      status = decide(chain, [message]).status;
    } catch (error) {
      // Refused when it was submitted: the better end.
      expect((error as Error).message).toMatch(/^(gov|sdk)\/\d+: /);
      continue;
    }
    expect(status).toBe(FAILED);
    chain.checkInvariants();
  }
  const before = chain.height;
  chain.block([]);
  expect(chain.height).toBe(before + 1n);
});

test("ISA-2025-002: a vote over no stake at all divides nothing by zero", () => {
  const chain = ChainHarness.start({
    balances: { bob: "1000000uopen" },
    appState: { gov: { starting_proposal_id: "1", params: govParams() } },
  });
  const id = submit(chain, []);
  chain.runOk("bob", [
    "cosmos.gov.v1.MsgVote",
    { proposalId: id, voter: chain.address("bob"), option: 1, metadata: "" },
  ]);
  wait(chain, 100n);
  expect(proposalOf(chain, id)).toMatchObject({
    status: REJECTED,
    finalTallyResult: { yesCount: "0", noCount: "0", abstainCount: "0", noWithVetoCount: "0" },
  });
  chain.checkInvariants();
});

test("ASA-2024-010: sums as large as an integer may be stop no block", () => {
  const most = (1n << 256n) - 1n;
  const half = most / 2n;
  const names = ChainHarness.genesis();
  const coin = (denom: string, amount: bigint) => ({ denom, amount: amount.toString() });
  const chain = ChainHarness.start({
    balances: { alice: "0uopen", val1: "0uopen" },
    appState: {
      bank: {
        balances: [
          { address: names.address("alice"), coins: [coin("uhuge", most), coin("uopen", 1_000_000_000n)] },
          { address: names.address("val1"), coins: [coin("uopen", 1_000_000_000n)] },
        ],
      },
    },
  });
  chain.runOk("val1", createValidator(chain, "val1", "5000000"));
  const amount = coins(half.toString(), "uhuge");
  const depositor = chain.address("alice");
  const attempts: readonly MessageToSend[] = [
    ["cosmos.distribution.v1beta1.MsgFundCommunityPool", { depositor, amount }],
    [
      "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool",
      { depositor, validatorAddress: operatorOf(chain, "val1"), amount },
    ],
    [
      "cosmos.gov.v1.MsgSubmitProposal",
      { proposer: depositor, initialDeposit: amount, metadata: "words", title: "t", summary: "s" },
    ],
    ["cosmos.bank.v1beta1.MsgSend", { fromAddress: depositor, toAddress: chain.address("val1"), amount }],
    ["cosmos.bank.v1beta1.MsgSend", { fromAddress: depositor, toAddress: chain.address("val1"), amount }],
  ];
  // Each either does all of what it says or none of it, and every block is made.
  for (const message of attempts) {
    const height = chain.height;
    chain.run("alice", message);
    chain.block([]);
    expect(chain.height).toBe(height + 2n);
    chain.checkInvariants();
  }
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "1000000"));
  chain.runOk("val1", [
    "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission",
    { validatorAddress: operatorOf(chain, "val1") },
  ]);
  chain.block([], { nanoseconds: THREE_WEEKS_NS });
  chain.checkInvariants();
});

/** A genesis with one of the engine's parameters changed. */
function genesisWith(group: string, name: string, value: JsonValue) {
  const genesis = JSON.parse(JSON.stringify(fresh())) as {
    consensus: { params: { [group: string]: { [name: string]: JsonValue } } };
  };
  const params = genesis.consensus.params[group];
  if (params === undefined) throw new Error(`there are no parameters of ${group}`);
  params[name] = value;
  return validateGenesis(genesisTextOf(genesis), definitions);
}

function fresh() {
  const time = { seconds: 1_700_000_000n, nanos: 0 };
  const names = { appName: "tributary", appVersion: "0", chainId: "c-1", denom: "uopen" };
  return newGenesis(definitions, { ...names, genesisTime: time, initialHeight: 1 });
}

test("ASA-2023-002: a genesis or a proposal with blocks of no size, or of more than a hundred mebibytes, is refused", () => {
  for (const bytes of ["0", "-2", `${100 * 1024 * 1024 + 1}`])
    expect(genesisWith("block", "max_bytes", bytes).problems.map(({ path }) => path)).toEqual([
      "consensus.params.block.max_bytes",
    ]);
  expect(genesisWith("block", "max_bytes", "2000000").problems).toEqual([]);
  const chain = govChain();
  const authority = govAddress(chain);
  const params = consensusParams({ maxBytes: 100n * 1024n * 1024n + 1n });
  expect(decide(chain, [["cosmos.consensus.v1.MsgUpdateParams", { authority, ...params }]])).toMatchObject({
    status: FAILED,
    failedReason: "block.MaxBytes is too big. 104857601 > 104857600",
  });
});

test("ASA-2024-001: vote extensions begin at no height that is over, and at none below zero", () => {
  expect(genesisWith("abci", "vote_extensions_enable_height", "-1").problems).toHaveLength(1);
  const chain = govChain();
  const authority = govAddress(chain);
  const params = consensusParams();
  for (const [height, reason] of [
    [-1n, "ABCI.VoteExtensionsEnableHeight cannot be negative. Got: -1"],
    [1n, "vote extensions cannot be updated to a past or current height, enable height: 1, current height"],
  ] as const) {
    const abci = { voteExtensionsEnableHeight: height };
    const { status, failedReason } = decide(chain, [
      ["cosmos.consensus.v1.MsgUpdateParams", { authority, ...params, abci }],
    ]);
    expect(status).toBe(FAILED);
    expect(failedReason).toContain(reason);
  }
  chain.block([]);
});

test("ASA-2024-004: a new genesis hears evidence for as long as stake is bound, and one that does not is remarked upon", () => {
  const state = fresh();
  const evidence = (state.consensus as { params: { evidence: { max_age_duration: string } } }).params.evidence;
  const { unbonding_time } = (state.app_state.staking as { params: { unbonding_time: string } }).params;
  expect(unbonding_time).toBe("1814400s");
  expect(evidence.max_age_duration).toBe(`${1_814_400n * 1_000_000_000n}`);
  expect(validateGenesis(genesisTextOf(state), definitions).notices.join()).not.toContain("max_age_duration");
  const { problems, notices } = genesisWith("evidence", "max_age_duration", "172800000000000");
  expect(problems).toEqual([]);
  expect(notices.join()).toContain(
    "consensus.params.evidence.max_age_duration is 172800 s, but stake is bound for 1814400 s",
  );
});

test("those with a test beside their module have one", () => {
  const texts = filesUnder("test", (path) => path.endsWith(".test.ts") && !path.endsWith("advisories.test.ts")).map(
    read,
  );
  const elsewhere = ["ASA-2024-005", "ASA-2024-003", "Barberry"];
  expect(elsewhere.filter((id) => !texts.some((text) => text.includes(id)))).toEqual([]);
});
