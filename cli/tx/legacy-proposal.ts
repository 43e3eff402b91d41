// Owns `tx gov submit-legacy-proposal`: proposals of one content, in gov's first form, from flags or from simd's files (x/gov and x/params client/cli).
import type { Command } from "commander";
import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import { packAny } from "../../proto/codec.ts";
import { fromJson } from "../../proto/json.ts";
import { messageOf, usageError } from "../errors.ts";
import { readJsonFile } from "../files.ts";
import { option, txOptions, withOptions } from "../options.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { runMessages, senderAddress } from "./build.ts";

const flags = ["title", "description", "type", "deposit"] as const;

/** A proposal as its file or its flags have it. */
type Given = { readonly [member: string]: Json };

/** Adds `submit-legacy-proposal` to the commands of gov. */
export function addLegacyProposal(group: Command): void {
  const submit = group
    .command("submit-legacy-proposal")
    .summary("Submit a proposal of one content, in gov's first form")
    .description(
      'Submits a text proposal in gov\'s first form, from flags or from a file: {"title": "...", "description": "...", "type": "Text", "deposit": "10000000uopen"}. New proposals are better made with submit-proposal.',
    );
  withOptions(submit, [
    option("--title <text>", "The proposal's title"),
    option("--description <text>", "What the proposal is for"),
    option("--type <type>", "The kind of proposal: Text"),
    option("--deposit <coins>", "Its first deposit, such as 10000000uopen"),
    option("--proposal <file>", "A file that says all of this"),
    ...txOptions(),
  ]).action(async (_options: unknown, made: Command) => {
    const settings = new Settings(made);
    await submitContent(settings, textContent(givenText(settings)));
  });
  withOptions(
    submit
      .command("param-change <file>")
      .description(
        'Propose to change parameters as the params module once did; the file is JSON: {"title": "...", "description": "...", "changes": [{"subspace": "staking", "key": "MaxValidators", "value": 105}], "deposit": "10000000uopen"}. Parameters are changed by messages today: `tx staking update-params-proposal` and the like.',
      ),
    txOptions(),
  ).action(async (file: string, _options: unknown, made: Command) => {
    await submitContent(new Settings(made), parameterContent(objectOf(readJsonFile(file), file), file));
  });
}

/** A content as JSON with its `@type`, and the deposit in coins as text. */
interface Content {
  readonly content: Json;
  readonly deposit: string;
}

async function submitContent(settings: Settings, { content, deposit }: Content): Promise<void> {
  const name = "cosmos.gov.v1beta1.MsgSubmitProposal";
  const proposer = await senderAddress(settings);
  const message = () => {
    const initial_deposit = coinsToMessages(parseCoins(deposit));
    return packAny(name, fromJson(name, { content, initial_deposit, proposer } as never));
  };
  await runMessages(settings, [refusing(message)]);
}

function refusing<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    throw usageError(`the proposal does not hold: ${messageOf(error)}`, "nothing was sent");
  }
}

function objectOf(json: unknown, source: string): Given {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Given;
  throw usageError(`${source} does not hold a JSON object`, "nothing was sent");
}

/** What the flags say, or the file of --proposal, but not both. */
function givenText(settings: Settings): Given {
  const file = settings.text("proposal") ?? "";
  if (file === "") {
    // Only the flag takes the type in lower case.
    const type = settings.text("type") === "text" ? "Text" : (settings.text("type") ?? "");
    return { ...Object.fromEntries(flags.map((name) => [name, settings.text(name) ?? ""])), type };
  }
  const other = flags.find((name) => (settings.text(name) ?? "") !== "");
  if (other !== undefined) throw usageError(`--${other} says nothing beside --proposal`, "leave one of them out");
  return objectOf(readJsonFile(file), file);
}

function textContent(given: Given): Content {
  const [title, description, type, deposit] = flags.map((name) => String(given[name] ?? ""));
  for (const [name, text] of Object.entries({ type, title, description }))
    if (text === "") throw usageError(`the proposal has no ${name}`, "nothing was sent");
  if (type !== "Text") throw usageError(`there is no proposal of type ${JSON.stringify(type)}`, "the type is Text");
  return {
    content: { "@type": "/cosmos.gov.v1beta1.TextProposal", title: title ?? "", description: description ?? "" },
    deposit: deposit ?? "",
  };
}

/** Values are any JSON in the file and its text in the message. */
function parameterContent(given: Given, file: string): Content {
  const { title = "", description = "", changes = [], deposit = "" } = given;
  if (!Array.isArray(changes)) throw usageError(`${file}: changes is not a list`, "nothing was sent");
  const texts = changes.map((change: Json) => {
    const { value, ...rest } = objectOf(change, `${file}: a change`);
    return { ...rest, value: JSON.stringify(value ?? null) };
  });
  return {
    content: { "@type": "/cosmos.params.v1beta1.ParameterChangeProposal", title, description, changes: texts },
    deposit: String(deposit),
  };
}
