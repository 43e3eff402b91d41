// Owns: gov's messages, checked in the order and with the words of the SDK (x/gov/keeper/msg_server.go). Does not own: what they do to the state
// (keeper/).

import { authorityText, requireAuthority } from "../../../chain/module/authority.ts";
import type { Write } from "../../../chain/module/context.ts";
import { orUncoded, sdkErrors, TxError } from "../../../chain/module/errors.ts";
import { accountAddress } from "../../../chain/module/message-addresses.ts";
import { KV_GAS } from "../../../chain/store/gas.ts";
import { areValidCoins, type Coin, type CoinMessage, formatCoins } from "../../../chain/types/coin.ts";
import { parseInteger } from "../../../chain/types/int.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { carryOut, readContent } from "../keeper/content.ts";
import { addDeposit, requireDepositDenoms, requireInitialDeposit } from "../keeper/deposits.ts";
import type { GovKeeper } from "../keeper/keeper.ts";
import { cancelProposal as cancel, submitProposal as submit } from "../keeper/proposals.ts";
import { addVote, requireOption, requireWeights, wholeVote } from "../keeper/votes.ts";
import { MAX_METADATA_BYTES, PROPOSAL_WRITES } from "../limits.ts";
import { state, validateParams } from "../state.ts";

type Message<Name extends string> = Messages[`cosmos.gov.v1.Msg${Name}` & keyof Messages];

export function submitProposal(keeper: GovKeeper, ctx: Write, message: Message<"SubmitProposal">) {
  const { messages, metadata, title, summary, expedited } = message;
  if (title === "") throw sdkErrors.invalidRequest.because("proposal title cannot be empty");
  if (summary === "") throw sdkErrors.invalidRequest.because("proposal summary cannot be empty");
  const proposer = accountAddress(ctx, "proposer", message.proposer);
  if (messages.length === 0 && metadata === "") {
    throw errors.noProposalMsgs.because("either metadata or Msgs length must be non-nil");
  }
  requireSameWords(metadata, title, summary);
  const deposit = coinsOf(message.initialDeposit);
  const params = keeper.params(ctx);
  requireInitialDeposit(params, deposit, expedited);
  requireDepositDenoms(params, deposit);
  const proposal = submit(keeper, ctx, { messages, metadata, title, summary, proposer, expedited });
  const bytes = encode("cosmos.gov.v1.Proposal", proposal).length;
  ctx.gas.consume(PROPOSAL_WRITES * KV_GAS.writePerByte * BigInt(bytes), "submit proposal");
  if (addDeposit(keeper, ctx, proposal.id, proposer, deposit)) {
    ctx.emit("submit_proposal", [["voting_period_start", proposal.id.toString()]]);
  }
  return { proposalId: proposal.id };
}

/** Metadata that is JSON of the recommended form must name the same title and summary (gov/5). Any other metadata is left alone. */
function requireSameWords(metadata: string, title: string, summary: string): void {
  // Longer metadata is refused anyway, unread.
  if (metadata === "" || utf8Length(metadata) > MAX_METADATA_BYTES) return;
  const words = proposalWords(metadata);
  if (words === undefined) return;
  if (words.title !== title) {
    throw errors.invalidProposalContent.because(`metadata title '${words.title}' must equal proposal title '${title}'`);
  }
  if (words.summary !== summary) {
    throw errors.invalidProposalContent.because(
      `metadata summary '${words.summary}' must equal proposal summary '${summary}'`,
    );
  }
}

const WORDS = ["title", "summary", "details", "proposal_forum_url", "vote_option_context"] as const;

/** Title and summary of metadata in the recommended form, or undefined for any other (x/gov/types/metadata.go). */
function proposalWords(metadata: string): { readonly title: string; readonly summary: string } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(metadata);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || Array.isArray(parsed)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(parsed ?? {}));
  const text = (value: unknown): boolean => value === undefined || value === null || typeof value === "string";
  if (!WORDS.every((name) => text(fields.get(name)))) return undefined;
  const authors = fields.get("authors") ?? [];
  if (!Array.isArray(authors) || !authors.every(text)) return undefined;
  return { title: (fields.get("title") ?? "") as string, summary: (fields.get("summary") ?? "") as string };
}

export function cancelProposal(keeper: GovKeeper, ctx: Write, message: Message<"CancelProposal">) {
  const { proposalId, proposer } = message;
  accountAddress(ctx, "proposer", proposer);
  cancel(keeper, ctx, proposalId, proposer);
  ctx.emit("cancel_proposal", [
    ["sender", proposer],
    ["proposal_id", proposalId.toString()],
  ]);
  return { proposalId, canceledTime: ctx.time, canceledHeight: ctx.height };
}

export function execLegacyContent(_keeper: GovKeeper, ctx: Write, message: Message<"ExecLegacyContent">) {
  const expected = authorityText(ctx);
  if (message.authority !== expected) {
    throw errors.invalidSigner.because(`expected ${expected} got ${message.authority}`);
  }
  if (message.content === undefined) throw errors.invalidProposalContent.because("missing content");
  let content: ReturnType<typeof readContent>;
  try {
    content = readContent(message.content);
  } catch (error) {
    if (error instanceof TxError) throw errors.invalidProposalContent.because(error.log);
    throw error;
  }
  carryOut(content);
  return {};
}

export function vote(_keeper: GovKeeper, ctx: Write, message: Message<"Vote">) {
  const voter = accountAddress(ctx, "voter", message.voter);
  requireOption(message.option);
  addVote(ctx, message.proposalId, voter, wholeVote(message.option), message.metadata);
  return {};
}

export function voteWeighted(_keeper: GovKeeper, ctx: Write, message: Message<"VoteWeighted">) {
  const voter = accountAddress(ctx, "voter", message.voter);
  if (message.options.length === 0) throw sdkErrors.invalidRequest.because("[]");
  requireWeights(message.options);
  addVote(ctx, message.proposalId, voter, message.options, message.metadata);
  return {};
}

export function deposit(keeper: GovKeeper, ctx: Write, message: Message<"Deposit">) {
  const depositor = accountAddress(ctx, "depositor", message.depositor);
  const coins = coinsOf(message.amount);
  if (coins.length === 0 || !areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
  if (addDeposit(keeper, ctx, message.proposalId, depositor, coins)) {
    ctx.emit("proposal_deposit", [["voting_period_start", message.proposalId.toString()]]);
  }
  return {};
}

export function updateParams(_keeper: GovKeeper, ctx: Write, { authority, params }: Message<"UpdateParams">) {
  requireAuthority(ctx, authority);
  orUncoded(() => validateParams(params, ctx.addresses));
  state.params.set(ctx, params);
  return {};
}

/** The coins of a message, unchecked but for their amounts being whole numbers. Throws sdk/10. */
function coinsOf(messages: readonly CoinMessage[]): readonly Coin[] {
  try {
    return messages.map(({ denom, amount }) => ({ denom, amount: parseInteger(amount) }));
  } catch {
    throw sdkErrors.invalidCoins.because(messages.map(({ denom, amount }) => amount + denom).join(","));
  }
}
