/** Owns what the messages of batches, challenges and claims are read as. Uses' messages are module.ts's; what they do is the keeper's. */
import type { Write } from "../../chain/module/context.ts";
import { accountField } from "../../chain/module/message-fields.ts";
import { type CoinMessage, coinsToMessages, coinToMessage } from "../../chain/types/coin.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BatchFacts } from "./challenge/batch-facts.ts";
import { type Decision, decideOmission, decideRank, decideShare, type Shown } from "./challenge/decision.ts";
import { decidePayout } from "./challenge/payout-decision.ts";
import { errors } from "./errors.ts";
import type { AttributionKeeper } from "./keeper.ts";
import { MAX_LINEAGE_CLAIMS } from "./limits.ts";
import { tableFlaw } from "./proof/term-table.ts";
import { state } from "./state.ts";

type Message<Name extends string> = Messages[`tributary.attribution.v1.${Name}` & keyof Messages];

/** Who challenges which batch. */
interface Challenging {
  readonly challenger: string;
  readonly batchId: bigint;
}

function feeCoin(keeper: AttributionKeeper, ctx: Write, amount: bigint): CoinMessage {
  return coinToMessage({ denom: keeper.ledger.denom(ctx), amount });
}

export function ackUse(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgAckUse">) {
  accountField(ctx, "sender", message.sender);
  const charge = keeper.acknowledge(ctx, message.useId, message, message.sender);
  return { charge: feeCoin(keeper, ctx, charge?.amount ?? 0n), isOffence: charge === undefined };
}

export function postBatch(keeper: AttributionKeeper, ctx: Write, { host, ...input }: Message<"MsgPostBatch">) {
  accountField(ctx, "host", host);
  const batch = keeper.batches.post(ctx, keeper.params(ctx), host, input);
  return { batchId: batch.id, bond: feeCoin(keeper, ctx, BigInt(batch.bond)) };
}

/** The handler of a challenge that decides at once: `decision` says what the message shows. */
function deciding<Evidence>(decision: (facts: BatchFacts, shown: Evidence, hasher: Hasher) => Decision) {
  return (keeper: AttributionKeeper, ctx: Write, message: Evidence & Challenging) => {
    const { challenger, batchId } = message;
    accountField(ctx, "challenger", challenger);
    const bounty = keeper.challenges.decide(ctx, keeper.params(ctx), challenger, batchId, (facts, hasher) =>
      decision(facts, message, hasher),
    );
    return { bounty: feeCoin(keeper, ctx, bounty) };
  };
}

export const challengeShare = deciding(decideShare);
export const challengeOmission = deciding(decideOmission);
export const challengeRank = deciding(decideRank);
export const challengePayout = deciding(({ commitment }, shown: Shown<"MsgChallengePayout">, hasher) =>
  decidePayout(commitment, shown, hasher),
);

/** Shows a match that an inline settlement left out. */
export function challengeSettlement(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgChallengeSettlement">) {
  accountField(ctx, "challenger", message.challenger);
  const penalty = keeper.settlements.challenge(ctx, keeper.params(ctx), message.challenger, message);
  const nothing = { denom: keeper.ledger.denom(ctx), amount: 0n };
  return { taken: coinToMessage(penalty?.taken ?? nothing), bounty: coinToMessage(penalty?.informer ?? nothing) };
}

export function disputeLineage(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgDisputeLineage">) {
  accountField(ctx, "challenger", message.challenger);
  const { id, answerBy } = keeper.disputes.open(ctx, keeper.params(ctx), message.challenger, message);
  return { disputeId: id, answerBy };
}

export function answerDispute(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgAnswerDispute">) {
  accountField(ctx, "owner", message.owner);
  keeper.disputes.answer(ctx, message.owner, message);
  return {};
}

export function demand(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgDemand">) {
  accountField(ctx, "challenger", message.challenger);
  const { id, answerBy } = keeper.challenges.demand(
    ctx,
    keeper.params(ctx),
    message.challenger,
    message.batchId,
    message,
  );
  return { challengeId: id, answerBy };
}

export function challengeCommonness(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgChallengeCommonness">) {
  accountField(ctx, "challenger", message.challenger);
  const { id, answerBy } = keeper.challenges.commonness(
    ctx,
    keeper.params(ctx),
    message.challenger,
    message.batchId,
    message,
  );
  return { challengeId: id, answerBy };
}

export function respond(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgRespond">) {
  accountField(ctx, "host", message.host);
  keeper.challenges.respond(ctx, message.host, message.challengeId, message);
  return {};
}

/** Names listed places whose texts the host cannot get. */
export function contestOccurrences(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgContestOccurrences">) {
  const { host, challengeId, contested } = message;
  accountField(ctx, "host", host);
  return { showBy: keeper.challenges.contest(ctx, keeper.params(ctx), host, challengeId, contested).answerBy };
}

/** Shows contested places to hold the match. */
export function showOccurrences(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgShowOccurrences">) {
  const { challenger, challengeId } = message;
  accountField(ctx, "challenger", challenger);
  const { left, bounty } = keeper.challenges.show(ctx, keeper.params(ctx), challenger, challengeId, message);
  return { left, bounty: feeCoin(keeper, ctx, bounty) };
}

/** Credits a payee and, when its earnings are worth it, pays it in the same transaction. */
export function claimPayout(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgClaimPayout">) {
  accountField(ctx, "sender", message.sender);
  const { beneficiary } = message.payee.payee;
  // A false batch that nobody challenged may name what is no account: nobody can claim that, and it is swept.
  const account = beneficiary === "" ? undefined : accountField(ctx, "payee's beneficiary", beneficiary);
  const amount = keeper.batches.claimPayout(ctx, message.batchId, message.payee);
  const isWorthPaying = account !== undefined && keeper.ledger.isWorthPaying(ctx, account);
  const paid = isWorthPaying ? keeper.ledger.payOut(ctx, account).paid : [];
  return { credited: feeCoin(keeper, ctx, amount), paid: coinsToMessages(paid) };
}

export function claimLineage(keeper: AttributionKeeper, ctx: Write, message: Message<"MsgClaimLineage">) {
  accountField(ctx, "sender", message.sender);
  const { numbers } = message;
  if (numbers.length < 1 || numbers.length > MAX_LINEAGE_CLAIMS) {
    throw errors.invalidClaim.because(`${numbers.length} records, 1 to ${MAX_LINEAGE_CLAIMS} are accepted`);
  }
  const sum = keeper.pools.claim(ctx, message, numbers);
  const credited = feeCoin(keeper, ctx, sum);
  ctx.emit("lineage_claimed", [
    ["datanet_id", message.datanetId.toString()],
    ["record_count", message.recordCount.toString()],
    ["amount", `${credited.amount}${credited.denom}`],
  ]);
  return { credited };
}

export function registerTable(_: AttributionKeeper, ctx: Write, { creator, table }: Message<"MsgRegisterTable">) {
  accountField(ctx, "creator", creator);
  const flaw = tableFlaw(table);
  if (flaw !== undefined) throw errors.invalidTable.because(flaw);
  const id = (state.tables.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
  state.tables.set(ctx, id, { ...table, id, creator });
  ctx.emit("table_registered", [
    ["table_id", id.toString()],
    ["creator", creator],
    ["terms", table.terms.length.toString()],
  ]);
  return { tableId: id };
}
