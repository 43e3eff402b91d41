/**
 * Proposals that everybody wants: one upgrade early in every run, so that each goes through a halt and on with another
 * program, and every few blocks a message of one of this chain's own modules that only governance may send. Owns their steps:
 * proposed in one block, voted for by all validators in the next, looked at some blocks later.
 */
import { packAny } from "../../../proto/codec.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { govAddress, YES } from "../../support/governance.ts";
import type { Plan } from "../operation.ts";
import type { AppWorld } from "../world.ts";

/** What its transactions are counted under. */
export const AGREED = "a proposal that everybody wants";
const UPGRADE = "an upgrade";
const PROPOSED_IN = 2;
/** Heights from the proposal to the halt: the expedited vote is over by then. */
const DUE_AFTER = 15n;
/** Blocks from one proposal of governance to the next, and into these until it is proposed. */
const EVERY = 16;
const AT = 6;
const BONDED = 3;
const TABLES = [1n, 2n, 3n];

type Maker = (world: AppWorld, authority: string) => MessageToSend | undefined;

/** The messages that governance alone may send, by the operation they are counted as. */
const GOVERNED: readonly (readonly [name: string, maker: Maker])[] = [
  ["model.Slash", slash],
  [
    "attribution.UpdateParams",
    (world, authority) => {
      const { params } = world.ask("attribution", "Params");
      const known = TABLES.filter((tableId) => world.seek("attribution", "Table", { tableId }) !== undefined);
      const tableId = world.some(known) ?? params.rules.tableId;
      const rules = { ...params.rules, tableId, neighbours: 1 + world.random.below(5) };
      return ["tributary.attribution.v1.MsgUpdateParams", { authority, params: { ...params, rules } }];
    },
  ],
  ["model.Slash", slash],
  [
    "datanet.UpdateParams",
    (world, authority) => {
      const { params } = world.ask("datanet", "Params");
      const maxDeadlinesPerBlock = 1 + world.random.below(20);
      return ["tributary.datanet.v1.MsgUpdateParams", { authority, params: { ...params, maxDeadlinesPerBlock } }];
    },
  ],
  [
    "model.UpdateParams",
    (world, authority) => {
      const { params } = world.ask("model", "Params");
      const curveFeePpm = world.random.below(30_000);
      return ["tributary.model.v1.MsgUpdateParams", { authority, params: { ...params, curveFeePpm } }];
    },
  ],
  [
    "tokenpool.UpdateParams",
    (world, authority) => {
      const { params } = world.ask("tokenpool", "Params");
      const feePpm = world.random.below(20_000);
      return ["tributary.tokenpool.v1.MsgUpdateParams", { authority, params: { ...params, feePpm } }];
    },
  ],
];

/** What governance's messages are counted as. */
export const governedNames: readonly string[] = [...new Set(GOVERNED.map(([name]) => name))];

/** Somebody with a bond did something wrong, about a model of theirs or about none. */
function slash(world: AppWorld, authority: string): MessageToSend | undefined {
  const bonded = world.people.filter(
    (name) => world.ask("model", "Operator", { operator: world.address(name) }).operator.bond !== "0",
  );
  const name = world.some(bonded);
  if (name === undefined) return undefined;
  const operator = world.address(name);
  const own = world.ask("model", "Models").models.filter(({ owner, host }) => owner === operator || host === operator);
  const informer = world.random.chance(0.5) ? world.address(world.random.pick(world.people)) : "";
  const offence = 1 + world.random.below(4);
  return [
    "tributary.model.v1.MsgSlash",
    { authority, operator, modelId: world.some(own)?.id ?? 0n, offence, informer },
  ];
}

/** What is proposed in a block; undefined for nothing. */
function proposed(
  world: AppWorld,
  block: number,
): { readonly title: string; readonly message: MessageToSend } | undefined {
  const authority = govAddress(world.chain);
  if (block === PROPOSED_IN && world.mayUpgrade) {
    const plan = { name: "agreed", height: world.chain.height + DUE_AFTER, info: "" };
    return { title: UPGRADE, message: ["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority, plan }] };
  }
  if (block % EVERY !== AT) return undefined;
  const [title, maker] = GOVERNED[Math.floor(block / EVERY) % GOVERNED.length]!;
  const message = maker(world, authority);
  return message && { title, message };
}

function isProposed(block: number): boolean {
  return block === PROPOSED_IN || block % EVERY === AT;
}

function isAgreed({ title }: Messages["cosmos.gov.v1.Proposal"]): boolean {
  return title === UPGRADE || governedNames.includes(title);
}

function proposals(world: AppWorld, proposalStatus: number) {
  const pagination = { limit: 30n, reverse: true };
  const request = ["cosmos.gov.v1.QueryProposalsRequest", { proposalStatus, pagination }] as const;
  const path = "/cosmos.gov.v1.Query/Proposals";
  return world.chain.query(path, request, "cosmos.gov.v1.QueryProposalsResponse").proposals.filter(isAgreed);
}

/** Who does what for agreed proposals in a block of the run. */
export function agreedPlans(world: AppWorld, block: number): readonly Plan[] {
  const [proposer] = world.people;
  const wanted = proposed(world, block);
  if (wanted !== undefined && proposer !== undefined) {
    const value = {
      messages: [packAny(wanted.message[0], wanted.message[1] as never)],
      initialDeposit: [world.coin(5000n)],
      proposer: world.address(proposer),
      title: wanted.title,
      summary: "A summary",
      expedited: true,
    };
    return [{ from: proposer, message: ["cosmos.gov.v1.MsgSubmitProposal", value] }];
  }
  const open = isProposed(block - 1) ? proposals(world, Status.PROPOSAL_STATUS_VOTING_PERIOD) : [];
  const proposalId = open[0]?.id;
  if (proposalId === undefined) return [];
  const voters = world.validators().flatMap(({ status, operatorAddress }) => {
    const name = world.nameOf(operatorAddress);
    return status === BONDED && name !== undefined ? [name] : [];
  });
  return [...new Set(voters)].map((from) => ({
    from,
    message: ["cosmos.gov.v1.MsgVote", { proposalId, voter: world.address(from), option: YES, metadata: "" }],
  }));
}

/** What became of a governance message that was proposed a while ago: undefined for success, or why it failed. */
export interface Verdict {
  readonly name: string;
  readonly failure: string | undefined;
}

/** What became of the last proposal of governance's own messages, before the next is proposed; nothing if it is not decided. */
export function verdict(world: AppWorld, block: number): Verdict | undefined {
  if (block % EVERY !== AT - 1) return undefined;
  const decided = [Status.PROPOSAL_STATUS_PASSED, Status.PROPOSAL_STATUS_FAILED, Status.PROPOSAL_STATUS_REJECTED]
    .flatMap((status) => proposals(world, status))
    .filter(({ title }) => title !== UPGRADE)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const last = decided[0];
  // One that was looked at before is of an earlier round.
  if (last === undefined || (last.votingEndTime?.seconds ?? 0n) < world.lastVerdict) return undefined;
  world.lastVerdict = world.now;
  if (last.status === Status.PROPOSAL_STATUS_PASSED) return { name: last.title, failure: undefined };
  return { name: last.title, failure: last.failedReason === "" ? "it was rejected" : last.failedReason };
}
