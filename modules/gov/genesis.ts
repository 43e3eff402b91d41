// Owns: gov's genesis (x/gov/genesis.go). Does not own: the balances that deposits are checked against (bank).

import type { Read, Write } from "../../chain/module/context.ts";
import {
  addCoins,
  type Coin,
  coinsFromMessages,
  coinsToMessages,
  formatCoins,
  isAllGte,
  mulCoins,
} from "../../chain/types/coin.ts";
import { durationFromNanoseconds, durationToNanoseconds } from "../../chain/types/time.ts";
import { V1ProposalStatus as Status } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { GovKeeper } from "./keeper/keeper.ts";
import { DEFAULT_PARAMS, GOV_ACCOUNT, type Params, state, validateParams } from "./state.ts";

type GenesisState = Messages["cosmos.gov.v1.GenesisState"];

export function defaultGenesis() {
  return { startingProposalId: 1n, params: DEFAULT_PARAMS };
}

/** The SDK's default of the deposit for an expedited proposal, in deposits for any other (DefaultMinExpeditedDepositTokensRatio). */
const EXPEDITED_DEPOSITS = 5n;

/**
 * The parameters of a genesis. One from before SDK 0.50 has none for expedited proposals and cancelling: it gets the defaults, in its own coins
 * and within its own voting period (x/gov/migrations/v5).
 */
function paramsOf({ params }: GenesisState): Params {
  if (params === undefined) throw new Error("gov's parameters are missing");
  const { expeditedMinDeposit, expeditedThreshold, expeditedVotingPeriod, votingPeriod } = params;
  if (expeditedMinDeposit.length > 0 || expeditedThreshold !== "" || expeditedVotingPeriod !== undefined) return params;
  const half = durationToNanoseconds(votingPeriod ?? { seconds: 0n, nanos: 0 }) / 2n;
  const usual = durationToNanoseconds(DEFAULT_PARAMS.expeditedVotingPeriod ?? { seconds: 0n, nanos: 0 });
  return {
    ...params,
    expeditedMinDeposit: coinsToMessages(mulCoins(coinsFromMessages(params.minDeposit), EXPEDITED_DEPOSITS)),
    expeditedVotingPeriod: durationFromNanoseconds(half < usual ? half : usual),
    expeditedThreshold: DEFAULT_PARAMS.expeditedThreshold,
    proposalCancelRatio: params.proposalCancelRatio || DEFAULT_PARAMS.proposalCancelRatio,
    minDepositRatio: params.minDepositRatio || DEFAULT_PARAMS.minDepositRatio,
  };
}

/** Throws for bad parameters, anything that stands twice, and votes or deposits on a proposal that is not there. */
export function validateGenesis(genesis: GenesisState): void {
  if (genesis.startingProposalId === 0n) throw new Error("starting proposal id must be greater than 0");
  const ids = new Set<bigint>();
  for (const { id } of genesis.proposals) {
    if (ids.has(id)) throw new Error(`duplicate proposal id: ${id}`);
    ids.add(id);
  }
  const once = (what: string, rows: readonly (readonly [id: bigint, who: string])[]): void => {
    const seen = new Set<string>();
    for (const [id, who] of rows) {
      if (!ids.has(id)) throw new Error(`${what} of ${who} has non-existent proposal id: ${id}`);
      if (seen.has(`${id} ${who}`)) throw new Error(`duplicate ${what}: ${who} on proposal ${id}`);
      seen.add(`${id} ${who}`);
    }
  };
  once(
    "deposit",
    genesis.deposits.map(({ proposalId, depositor }) => [proposalId, depositor]),
  );
  once(
    "vote",
    genesis.votes.map(({ proposalId, voter }) => [proposalId, voter]),
  );
  validateParams(paramsOf(genesis));
}

/** Writes the state. The account must hold the deposits; it may hold more, because anyone may send it coins. */
export function initGenesis(keeper: GovKeeper, ctx: Write, genesis: GenesisState): void {
  validateGenesis(genesis);
  const params = paramsOf(genesis);
  validateParams(params, ctx.addresses);
  state.params.set(ctx, params);
  state.proposalId.set(ctx, genesis.startingProposalId);
  state.constitution.set(ctx, genesis.constitution);
  const account = keeper.uses.accounts.ensureModuleAccount(ctx, GOV_ACCOUNT);
  let total: readonly Coin[] = [];
  for (const deposit of genesis.deposits) {
    state.deposits.set(ctx, [deposit.proposalId, ctx.addresses.parseAccount(deposit.depositor)], deposit);
    total = addCoins(total, coinsFromMessages(deposit.amount));
  }
  for (const vote of genesis.votes) {
    state.votes.set(ctx, [vote.proposalId, ctx.addresses.parseAccount(vote.voter)], vote);
  }
  for (const proposal of genesis.proposals) {
    const { id, status, depositEndTime, votingEndTime } = proposal;
    if (status === Status.PROPOSAL_STATUS_DEPOSIT_PERIOD) {
      if (depositEndTime === undefined) throw new Error(`proposal ${id} does not say when its deposit period ends`);
      state.inactiveQueue.set(ctx, [depositEndTime, id], id);
    }
    if (status === Status.PROPOSAL_STATUS_VOTING_PERIOD) {
      if (votingEndTime === undefined) throw new Error(`proposal ${id} does not say when its voting period ends`);
      state.activeQueue.set(ctx, [votingEndTime, id], id);
    }
    keeper.saveProposal(ctx, proposal);
  }
  const balance = keeper.uses.bank.balances(ctx, account);
  if (!isAllGte(balance, total)) {
    throw new Error(`expected module account was ${formatCoins(balance)} but we got ${formatCoins(total)}`);
  }
}

export function exportGenesis(keeper: GovKeeper, ctx: Read) {
  const values = <Value>(rows: Iterable<readonly [unknown, Value]>): Value[] => [...rows].map(([, row]) => row);
  return {
    startingProposalId: state.proposalId.peek(ctx),
    deposits: values(state.deposits.iterate(ctx)),
    votes: values(state.votes.iterate(ctx)),
    proposals: values(state.proposals.iterate(ctx)),
    params: keeper.params(ctx),
    constitution: state.constitution.get(ctx) ?? "",
  };
}
