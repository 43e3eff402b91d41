// Owns MsgSubmitProposal as the command line makes it: from simd's proposal.json, and from the flags of commands that propose one message. Does not
// own what a proposal may hold (modules/gov).
import type { Option } from "commander";
import { moduleAddress } from "../../chain/types/address.ts";
import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import { packAny } from "../../proto/codec.ts";
import { fromJson } from "../../proto/json.ts";
import { messageOf, usageError } from "../errors.ts";
import { readJsonFile } from "../files.ts";
import { option } from "../options.ts";
import type { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import type { Any } from "./transaction.ts";

/** The members of proposal.json. */
const members = ["messages", "metadata", "deposit", "title", "summary", "expedited"];

/** What is proposed, and what is said about it; `deposit` is coins as text. */
interface Proposal {
  readonly messages?: unknown;
  readonly metadata?: unknown;
  readonly deposit?: unknown;
  readonly title?: unknown;
  readonly summary?: unknown;
  readonly expedited?: unknown;
}

/** The message of a proposal.json, submitted by the account `proposer`. */
export function submitProposalMessage(file: string, proposer: string): Any {
  const json = readJsonFile(file);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw usageError(`${file} does not hold a JSON object`);
  const stranger = Object.keys(json).find((name) => !members.includes(name));
  if (stranger !== undefined) {
    throw usageError(
      `${file}: there is no member ${JSON.stringify(stranger)}`,
      `the members are ${members.join(", ")}; nothing was sent`,
    );
  }
  try {
    return proposalMessage(json, proposer);
  } catch (error) {
    throw usageError(`${file}: ${messageOf(error)}`, "nothing was sent");
  }
}

/** The flags of a command that proposes a message, as simd names them. */
export function proposalOptions(): readonly Option[] {
  return [
    option("--title <text>", "The proposal's title"),
    option("--summary <text>", "What the proposal is for"),
    option("--metadata <text>", "Where more is said about it"),
    option("--deposit <coins>", "Its first deposit, such as 10000000uopen"),
    option("--expedited", "Vote in less time, with more votes needed"),
    option("--authority <address>", "Who carries it out (default: the governance module)"),
  ];
}

/** The account that carries proposals out. */
export function authorityOf(settings: Settings): string {
  return settings.text("authority") ?? settings.addresses().account(moduleAddress("gov"));
}

/** The proposal of one message, given as JSON with its `@type`, with the flags of `proposalOptions`. */
export function flaggedProposal(settings: Settings, message: Json, proposer: string): Any {
  const text = (name: string): string => settings.text(name) ?? "";
  try {
    return proposalMessage(
      {
        messages: [message],
        metadata: text("metadata"),
        deposit: text("deposit"),
        title: text("title"),
        summary: text("summary"),
        expedited: settings.isSet("expedited"),
      },
      proposer,
    );
  } catch (error) {
    throw usageError(messageOf(error), "check the arguments and flags; nothing was sent");
  }
}

/** Throws in terms of the JSON. */
function proposalMessage(given: Proposal, proposer: string): Any {
  const { messages = [], metadata = "", deposit = "", title = "", summary = "", expedited = false } = given;
  const name = "cosmos.gov.v1.MsgSubmitProposal";
  const initial_deposit = coinsToMessages(parseCoins(String(deposit)));
  const json = { messages, initial_deposit, proposer, metadata, title, summary, expedited };
  return packAny(name, fromJson(name, json as never));
}
