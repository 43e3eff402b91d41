// Owns: what gov stores, with the Cosmos SDK's prefixes and key layouts (x/gov/types/keys.go), and its parameters' defaults and bounds
// (x/gov/types/v1/params.go). Does not own: what is done with it (keeper/).

import { item, key, map, schema, sequence, set, value } from "../../chain/store/collections.ts";
import type { AddressCodec } from "../../chain/types/address.ts";
import { type Coin, coinsFromMessages, formatCoins, isAllGte, validateCoins } from "../../chain/types/coin.ts";
import { Dec } from "../../chain/types/dec.ts";
import { type Duration, durationToNanoseconds } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";

export type Params = Messages["cosmos.gov.v1.Params"];
export type Proposal = Messages["cosmos.gov.v1.Proposal"];
export type Deposit = Messages["cosmos.gov.v1.Deposit"];
export type Vote = Messages["cosmos.gov.v1.Vote"];
export type WeightedVoteOption = Messages["cosmos.gov.v1.WeightedVoteOption"];
export type TallyResult = Messages["cosmos.gov.v1.TallyResult"];

/** The module account that holds deposits and signs what proposals run. */
export const GOV_ACCOUNT = "gov";

const timeThenProposal = key.pair(key.time, key.uint64);
const proposalThenAccount = key.pair(key.uint64, key.prefixedAddress);

export const state = schema("gov", {
  proposals: map(0x00, key.uint64, value.proto("cosmos.gov.v1.Proposal")),
  /** By the end of their voting period: proposals that are voted on. The value repeats the number. */
  activeQueue: map(0x01, timeThenProposal, value.uint64),
  /** By the end of their deposit period: proposals that wait for deposits. */
  inactiveQueue: map(0x02, timeThenProposal, value.uint64),
  /** The number of the next proposal. */
  proposalId: sequence(0x03),
  votingPeriodProposals: set(0x04, key.uint64),
  deposits: map(0x10, proposalThenAccount, value.proto("cosmos.gov.v1.Deposit")),
  votes: map(0x20, proposalThenAccount, value.proto("cosmos.gov.v1.Vote")),
  params: item(0x30, value.proto("cosmos.gov.v1.Params")),
  constitution: item(0x31, value.string),
});

export const NO_VOTES: TallyResult = { yesCount: "0", abstainCount: "0", noCount: "0", noWithVetoCount: "0" };

const DAY: Duration = { seconds: 86_400n, nanos: 0 };
const TWO_DAYS: Duration = { seconds: 172_800n, nanos: 0 };

/** The SDK's defaults with this chain's coin. */
export const DEFAULT_PARAMS: Params = {
  minDeposit: [{ denom: "uopen", amount: "10000000" }],
  maxDepositPeriod: TWO_DAYS,
  votingPeriod: TWO_DAYS,
  quorum: "0.334000000000000000",
  threshold: "0.500000000000000000",
  vetoThreshold: "0.334000000000000000",
  minInitialDepositRatio: "0.000000000000000000",
  proposalCancelRatio: "0.500000000000000000",
  proposalCancelDest: "",
  expeditedVotingPeriod: DAY,
  expeditedThreshold: "0.667000000000000000",
  expeditedMinDeposit: [{ denom: "uopen", amount: "50000000" }],
  burnVoteQuorum: false,
  burnProposalDepositPrevote: false,
  burnVoteVeto: true,
  minDepositRatio: "0.010000000000000000",
};

/** Reads a ratio of the parameters. Throws a sentence that begins with `otherwise`. */
function decimal(text: string, otherwise: string): Dec {
  try {
    return Dec.parse(text);
  } catch (error) {
    throw new Error(`${otherwise}: ${(error as Error).message}`);
  }
}

function coinsOf(messages: Params["minDeposit"], otherwise: string): readonly Coin[] {
  try {
    const coins = coinsFromMessages(messages);
    validateCoins(coins);
    if (coins.length > 0) return coins;
  } catch {
    // Any malformed coin is the same refusal.
  }
  throw new Error(`${otherwise}: ${messages.map(({ denom, amount }) => amount + denom).join(",")}`);
}

/** Throws unless the ratio lies above zero (or at it, when `orZero`) and not above one. */
function requireRatio(ratio: Dec, name: string, orZero: boolean): void {
  if (orZero ? ratio.isNegative() : !ratio.isPositive()) {
    throw new Error(`${name} ${orZero ? "cannot be negative" : "must be positive"}: ${ratio}`);
  }
  if (ratio.greaterThan(Dec.one)) throw new Error(`${name} too large: ${ratio}`);
}

function requirePeriod(period: Duration | undefined, name: string): bigint {
  if (period === undefined) throw new Error(`${name} must not be nil`);
  const nanoseconds = durationToNanoseconds(period);
  if (nanoseconds <= 0n) throw new Error(`${name} must be positive: ${nanoseconds}ns`);
  return nanoseconds;
}

/** Throws a sentence for the first parameter that is out of range. Without `addresses`, an account among them is not read. */
export function validateParams(params: Params, addresses?: AddressCodec): void {
  const minDeposit = coinsOf(params.minDeposit, "invalid minimum deposit");
  const expedited = coinsOf(params.expeditedMinDeposit, "invalid expedited minimum deposit");
  if (isAllGte(minDeposit, expedited)) {
    throw new Error(`expedited minimum deposit must be greater than minimum deposit: ${formatCoins(expedited)}`);
  }
  requirePeriod(params.maxDepositPeriod, "maximum deposit period");
  requireRatio(decimal(params.quorum, "invalid quorum string"), "quorum", true);
  const threshold = decimal(params.threshold, "invalid threshold string");
  requireRatio(threshold, "vote threshold", false);
  const expeditedThreshold = decimal(params.expeditedThreshold, "invalid expedited threshold string");
  requireRatio(expeditedThreshold, "expedited vote threshold", false);
  if (expeditedThreshold.lessOrEqual(threshold)) {
    throw new Error(
      `expedited vote threshold ${expeditedThreshold}, must be greater than the regular threshold ${threshold}`,
    );
  }
  requireRatio(decimal(params.vetoThreshold, "invalid vetoThreshold string"), "veto threshold", false);
  const voting = requirePeriod(params.votingPeriod, "voting period");
  if (requirePeriod(params.expeditedVotingPeriod, "expedited voting period") >= voting) {
    throw new Error("expedited voting period must be strictly less than the regular voting period");
  }
  const initial = decimal(params.minInitialDepositRatio, "invalid minimum initial deposit ratio of proposal");
  requireRatio(initial, "minimum initial deposit ratio of proposal", true);
  requireRatio(decimal(params.proposalCancelRatio, "invalid burn rate of cancel proposal"), "burn rate", true);
  // The SDK does not look at this one, and then refuses every deposit when it is no number.
  const each = decimal(params.minDepositRatio, "invalid minimum deposit ratio");
  if (each.isNegative()) throw new Error(`minimum deposit ratio cannot be negative: ${each}`);
  if (params.proposalCancelDest === "" || addresses === undefined) return;
  try {
    addresses.parseAccount(params.proposalCancelDest);
  } catch {
    throw new Error(`deposits destination address is invalid: ${params.proposalCancelDest}`);
  }
}
