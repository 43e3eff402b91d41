// Owns MsgSubmitProposal as the command line makes it: from simd's proposal.json. Does not own what a proposal may hold (modules/gov).
import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import { packAny } from "../../proto/codec.ts";
import { fromJson } from "../../proto/json.ts";
import { messageOf, usageError } from "../errors.ts";
import { readJsonFile } from "../files.ts";
import type { Any } from "./transaction.ts";

/** The members of proposal.json. */
const members = ["messages", "metadata", "deposit", "title", "summary", "expedited"];

/** The message of a proposal.json, submitted by the account `proposer`. */
export function submitProposalMessage(file: string, proposer: string): Any {
  const json = readJsonFile(file);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw usageError(`${file} does not hold a JSON object`);
  const given = json as { readonly [name: string]: unknown };
  const stranger = Object.keys(given).find((name) => !members.includes(name));
  if (stranger !== undefined) {
    throw usageError(
      `${file}: there is no member ${JSON.stringify(stranger)}`,
      `the members are ${members.join(", ")}; nothing was sent`,
    );
  }
  const { messages = [], metadata = "", deposit = "", title = "", summary = "", expedited = false } = given;
  try {
    const name = "cosmos.gov.v1.MsgSubmitProposal";
    const initialDeposit = coinsToMessages(parseCoins(String(deposit)));
    return packAny(
      name,
      fromJson(name, {
        messages,
        initial_deposit: initialDeposit,
        proposer,
        metadata,
        title,
        summary,
        expedited,
      } as never),
    );
  } catch (error) {
    throw usageError(`${file}: ${messageOf(error)}`, "nothing was sent");
  }
}
