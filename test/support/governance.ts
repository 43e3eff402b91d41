/** A chain with stake to vote with and short periods, and the steps of a proposal's life. Owns test data only. */
import { moduleAddress } from "../../chain/types/address.ts";
import { gov } from "../../modules/gov/module.ts";
import { decode, packAny } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainHarness, HarnessOptions, MessageToSend } from "./chain-harness.ts";
import { createValidator, newChain, stake } from "./staking-chain.ts";

export const SECOND_NS = 1_000_000_000n;
export const VOTING_SECONDS = 100n;
export const EXPEDITED_SECONDS = 50n;
export const DEPOSIT_SECONDS = 60n;
/** VoteOption of cosmos.gov.v1. */
export const [YES, ABSTAIN, NO, VETO] = [1, 2, 3, 4] as const;

/** Parameters as genesis JSON: 1,000 uopen begin a vote, 5,000 an expedited one. */
export function govParams(changes: { readonly [name: string]: JsonValue } = {}): JsonValue {
  const { params } = gov.defaultGenesis() as { readonly params: { readonly [name: string]: JsonValue } };
  return {
    ...params,
    min_deposit: [{ denom: "uopen", amount: "1000" }],
    expedited_min_deposit: [{ denom: "uopen", amount: "5000" }],
    max_deposit_period: `${DEPOSIT_SECONDS}s`,
    voting_period: `${VOTING_SECONDS}s`,
    expedited_voting_period: `${EXPEDITED_SECONDS}s`,
    ...changes,
  };
}

/** 10,000,000 uopen are bonded: val1's own 5,000,000 and alice's 2,000,000 with val1, val2's own 3,000,000. bob has none. */
export function govChain(
  changes: { readonly [name: string]: JsonValue } = {},
  appState: { readonly [module: string]: JsonValue } = {},
  options: HarnessOptions = {},
): ChainHarness {
  const chain = newChain({ ...appState, gov: { starting_proposal_id: "1", params: govParams(changes) } }, options);
  chain.runOk("val1", createValidator(chain, "val1", "5000000"));
  chain.runOk("val2", createValidator(chain, "val2", "3000000"));
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
  return chain;
}

export const govAddress = (chain: ChainHarness): string => chain.addresses.account(moduleAddress("gov"));

export const coins = (amount: string, denom = "uopen") => [{ denom, amount }];

/** A message that submits a proposal of these messages. */
export function submission(
  chain: ChainHarness,
  from: string,
  messages: readonly MessageToSend[],
  changes: object = {},
): MessageToSend {
  return [
    "cosmos.gov.v1.MsgSubmitProposal",
    {
      messages: messages.map(([name, value]) => packAny(name, value as never)),
      initialDeposit: coins("1000"),
      proposer: chain.address(from),
      metadata: messages.length === 0 ? "words" : "",
      title: "A title",
      summary: "A summary",
      ...changes,
    },
  ];
}

/** Submits a proposal as bob and gives its number. */
export function submit(chain: ChainHarness, messages: readonly MessageToSend[], changes: object = {}): bigint {
  const { data } = chain.runOk("bob", submission(chain, "bob", messages, changes));
  const [response] = decode("cosmos.base.abci.v1beta1.TxMsgData", data).msgResponses;
  if (response === undefined) throw new Error("a submission has no response");
  return decode("cosmos.gov.v1.MsgSubmitProposalResponse", response.value).proposalId;
}

export function voteOf(chain: ChainHarness, who: string, proposalId: bigint, option: number): MessageToSend {
  return ["cosmos.gov.v1.MsgVote", { proposalId, voter: chain.address(who), option, metadata: "" }];
}

/** One block after so many seconds. */
export function wait(chain: ChainHarness, seconds: bigint): void {
  chain.block([], { nanoseconds: seconds * SECOND_NS });
}

export function proposalOf(chain: ChainHarness, proposalId: bigint): Messages["cosmos.gov.v1.Proposal"] {
  const { proposal } = chain.query(
    "/cosmos.gov.v1.Query/Proposal",
    ["cosmos.gov.v1.QueryProposalRequest", { proposalId }],
    "cosmos.gov.v1.QueryProposalResponse",
  );
  if (proposal === undefined) throw new Error(`proposal ${proposalId} is not there`);
  return proposal;
}

/** Submits a proposal, has val1 vote yes with 70 %, lets the voting period pass, and gives what became of it. */
export function decide(
  chain: ChainHarness,
  messages: readonly MessageToSend[],
  changes: object = {},
): Messages["cosmos.gov.v1.Proposal"] {
  const id = submit(chain, messages, changes);
  chain.runOk("val1", voteOf(chain, "val1", id, YES));
  wait(chain, VOTING_SECONDS);
  return proposalOf(chain, id);
}

/** Events of the last block, of one type, as objects. */
export function blockEvents(chain: ChainHarness, type: string): readonly { readonly [key: string]: string }[] {
  return (chain.lastBlock?.events ?? [])
    .filter((event) => event.type === type)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])));
}
