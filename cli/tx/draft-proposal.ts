// Owns `tx gov draft-proposal`: questions whose answers become draft_proposal.json, for `submit-proposal`, and draft_metadata.json, as simd writes them
// (x/gov/client/cli/prompt.go). Answers are typed, or piped in, one a line.
import type { Command } from "commander";
import { decodeBech32, parseAddress } from "../../chain/types/address.ts";
import { parseCoins } from "../../chain/types/coin.ts";
import { ZERO_TIME } from "../../chain/types/time.ts";
import { fullDefault } from "../../proto/codec.ts";
import { implementationsOf, MESSAGE_INTERFACE } from "../../proto/interfaces.ts";
import { toJson } from "../../proto/json.ts";
import { type FieldInfo, messageInfo, nameOfTypeUrl } from "../../proto/registry.ts";
import type { MessageName } from "../../proto/types.gen.ts";
import { messageOf, usageError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { txOptions, wholeBigint, withOptions } from "../options.ts";
import { notice, printLine } from "../output.ts";
import { askLine } from "../prompt.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { authorityOf } from "./submit-proposal.ts";

/** What is suggested first, and the message it carries; `text` carries none, `other` asks. */
const suggestions: Readonly<Record<string, string | undefined>> = {
  text: undefined,
  "community-pool-spend": "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
  "software-upgrade": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
  "cancel-software-upgrade": "/cosmos.upgrade.v1beta1.MsgCancelUpgrade",
  other: undefined,
};

/** Stands where the metadata will be once they are published. */
const metadataPlaceholder = "ipfs://CID";

/** Adds `draft-proposal` to the commands of gov. */
export function addDraftProposal(group: Command): void {
  const command = group
    .command("draft-proposal")
    .summary("Write a draft of a proposal, asking what it is about")
    .description(
      "Asks what a proposal is about and writes draft_proposal.json, which `tx gov submit-proposal` takes, and draft_metadata.json into the working directory. The message in it is a skeleton: lists and nested values are left to be filled in.",
    )
    .option("--skip-metadata", "Ask for title and summary only, and write no draft_metadata.json");
  withOptions(command, txOptions()).action(async (_options: unknown, made: Command) => draft(new Settings(made)));
}

async function draft(settings: Settings): Promise<void> {
  const kind = await askChoice("Select proposal type", Object.keys(suggestions));
  const type =
    kind === "other"
      ? await askChoice("Select proposal message type:", implementationsOf(MESSAGE_INTERFACE))
      : suggestions[kind];
  const skip = settings.isSet("skip-metadata");
  const title = await askText("Enter proposal title");
  const authors = skip ? "" : await askText("Enter proposal authors");
  const summary = await askText("Enter proposal summary");
  const metadata = skip
    ? undefined
    : {
        title,
        authors: [authors],
        summary,
        details: await askText("Enter proposal details"),
        proposal_forum_url: await askText("Enter proposal proposal forum url"),
        vote_option_context: await askText("Enter proposal vote option context"),
      };
  const deposit = await askText("Enter proposal deposit", parseCoins);
  const messages = type === undefined ? {} : { messages: [await askMessage(settings, type)] };
  writeDraft("draft_proposal.json", {
    ...messages,
    metadata: metadataPlaceholder,
    deposit,
    title,
    summary,
    expedited: false,
  });
  if (metadata !== undefined) writeDraft("draft_metadata.json", metadata);
  printLine("The draft proposal has successfully been generated.");
  printLine("Proposals should contain off-chain metadata, please upload the metadata JSON to IPFS.");
  printLine("Then, replace the generated metadata field with the IPFS CID.");
}

/** A message whose texts and numbers are asked for. */
async function askMessage(settings: Settings, type: string): Promise<Json> {
  const name = nameOfTypeUrl(type);
  if (name === undefined) throw new Error(`no message ${type}`);
  const given: { [field: string]: unknown } = {};
  for (const field of messageInfo(name).fields) {
    const value = await askField(settings, field);
    if (value !== undefined) given[field.name] = field.repeated === true ? [value] : value;
  }
  return { "@type": type, ...(toJson(name, { ...untouched(name), ...given } as never) as object) };
}

/** A message as Go makes it before anything is put in: a time is in the year 1. */
function untouched(name: MessageName): object {
  const times = messageInfo(name).fields.flatMap(({ name: field, nullable, repeated, stdTime, typeName }) => {
    if (nullable !== false || repeated === true || typeName === undefined) return [];
    return [[field, stdTime === true ? ZERO_TIME : untouched(typeName as MessageName)]];
  });
  return { ...fullDefault(name), ...Object.fromEntries(times) };
}

/** What a field is to hold; undefined for what a skeleton leaves out. */
async function askField(settings: Settings, field: FieldInfo): Promise<unknown> {
  const label = `Enter msg ${field.protoName.replaceAll("_", " ")}`;
  switch (field.type) {
    case "string":
      return await askText(label, addressCheck(settings, field), presetOf(settings, field));
    case "int32":
    case "uint32":
      return Number(await askText(label, wholeBigint));
    case "int64":
    case "uint64":
      return BigInt(await askText(label, wholeBigint));
    default:
      return undefined;
  }
}

type Check = (text: string) => unknown;

/** Fields are known for addresses by their names, as in simd: not all say so in the schema. Any kind of address will do. */
function addressCheck(settings: Settings, { protoName }: FieldInfo): Check {
  if (!/authority|addr|sender|voter|depositor|granter|grantee|recipient/.test(protoName)) return () => undefined;
  const { prefix, validatorPrefix, consensusPrefix } = settings.addresses();
  return (text) => {
    const found = decodeBech32(text).prefix;
    parseAddress([validatorPrefix, consensusPrefix].includes(found) ? found : prefix, text);
  };
}

/** The governance module carries proposals out. */
function presetOf(settings: Settings, { protoName }: FieldInfo): string | undefined {
  return protoName === "authority" ? authorityOf(settings) : undefined;
}

/** Asks until the answer holds; one that was piped in is refused. An empty answer stands for the preset. */
async function askText(question: string, check: Check = () => undefined, preset?: string): Promise<string> {
  for (;;) {
    const typed = await askLine(preset === undefined ? `${question}:` : `${question} (${preset}):`);
    const text = typed === "" ? (preset ?? "") : typed;
    try {
      if (text === "") throw new Error("it cannot be empty");
      check(text);
      return text;
    } catch (error) {
      refuse(`${question}: ${messageOf(error)}`);
    }
  }
}

/** Asks for one of several, by its name or its number. */
async function askChoice(question: string, choices: readonly string[]): Promise<string> {
  if (process.stdin.isTTY === true) for (const [index, choice] of choices.entries()) notice(`${index + 1}. ${choice}`);
  for (;;) {
    const typed = (await askLine(`${question}:`)).trim();
    const chosen = choices.find((choice, index) => choice === typed || String(index + 1) === typed);
    if (chosen !== undefined) return chosen;
    refuse(
      `${question}: ${JSON.stringify(typed)} is none of them${choices.length > 9 ? "" : `: ${choices.join(", ")}`}`,
    );
  }
}

/** Says what was wrong with an answer: to a person, who is asked again, or by ending the command. */
function refuse(why: string): void {
  if (process.stdin.isTTY !== true) throw usageError(why, "nothing was written");
  notice(why);
}

/** As Go's encoding/json indents, which escapes what HTML would read. */
function writeDraft(name: string, value: Json): void {
  const escaped = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;
  writeFileAtomic(name, JSON.stringify(value, undefined, 1).replace(/[<>&]/g, escaped), 0o600);
}
