// Owns the transaction commands that are made by hand, because simd's words for them are not their message's fields: proposals of what only governance
// may do, grants, the rewards of all delegations, coins for many. Every other command is derived (derive/tx-commands.ts).
import { type Command, Option } from "commander";
import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import { packAny } from "../../proto/codec.ts";
import type { MethodInfo } from "../../proto/descriptor.ts";
import { messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { addFieldFlags, fieldFromTexts, fieldsFromFlags, flagName } from "../derive/fields.ts";
import { keyLookup } from "../derive/key-lookup.ts";
import { firstSentence, kebabCase, paragraph } from "../derive/names.ts";
import { requestFromJson } from "../derive/query-commands.ts";
import { messageOf, usageError } from "../errors.ts";
import { parseJson } from "../files.ts";
import { option, txOptions, wholeBigint, wholeNumber, withOptions } from "../options.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { runMessages, senderAddress } from "./build.ts";
import { createValidatorMessage } from "./create-validator.ts";
import { addDraftProposal } from "./draft-proposal.ts";
import { allowanceJson, allowanceOptions, authorizationOptions, grantJson, messagesOfFile } from "./grants.ts";
import { addLegacyProposal } from "./legacy-proposal.ts";
import { addAddVersion, addRegisterModel } from "./model-registration.ts";
import { authorityOf, flaggedProposal, proposalOptions, submitProposalMessage } from "./submit-proposal.ts";
import type { Any } from "./transaction.ts";
import { periodsOfFile } from "./vesting-periods.ts";
import { weightedOptions } from "./weighted-vote.ts";

type MessageName = keyof Messages & string;

/** Commands in the place of those that would be derived, by the message they send. */
export const commandsByMessage: { readonly [Name in MessageName]?: (group: Command, method: MethodInfo) => void } = {
  "cosmos.staking.v1beta1.MsgCreateValidator": addCreateValidator,
  "cosmos.staking.v1beta1.MsgEditValidator": addEditValidator,
  "cosmos.gov.v1.MsgSubmitProposal": addSubmitProposal,
  "cosmos.gov.v1.MsgVoteWeighted": addWeightedVote,
  "cosmos.authz.v1beta1.MsgGrant": addGrant,
  "cosmos.authz.v1beta1.MsgExec": addExec,
  "cosmos.feegrant.v1beta1.MsgGrantAllowance": addAllowance,
  "cosmos.bank.v1beta1.MsgMultiSend": addMultiSend,
  "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward": addWithdrawRewards,
  "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade": addSoftwareUpgrade,
  "tributary.model.v1.MsgRegisterModel": addRegisterModel,
  "tributary.model.v1.MsgAddVersion": addAddVersion,
  "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount": addPeriodicVesting,
};

/** A command of simd's with the flags of transactions and more; `messagesOf` gives what to send. A first argument that is a key stands for --from. */
function addCommand(
  group: Command,
  usage: string,
  help: { readonly summary: string; readonly description: string },
  options: Parameters<typeof withOptions>[1],
  messagesOf: (settings: Settings, args: readonly (string | string[] | undefined)[]) => Promise<readonly Any[]>,
): Command {
  const command = group.command(usage).summary(help.summary).description(help.description);
  return withOptions(command, [...options, ...txOptions()]).action(async (...received: unknown[]) => {
    const made = received.at(-1) as Command;
    const args = received.slice(0, -2) as (string | string[] | undefined)[];
    if (/^\S+ <\S*key-or-address>/.test(usage)) made.setOptionValue("from", args[0]);
    const settings = new Settings(made);
    await runMessages(settings, await messagesOf(settings, args));
  });
}

/** A message given as JSON with its `@type`. */
function packed({ "@type": type, ...fields }: { readonly [member: string]: Json }): Any {
  const name = String(type).slice(1) as MessageName;
  return packAny(name, requestFromJson(name, fields) as never);
}

function helpOf({ comment }: MethodInfo, more = "") {
  return { summary: firstSentence(comment), description: `${paragraph(comment)}${more === "" ? "" : `\n\n${more}`}` };
}

function addCreateValidator(group: Command, method: MethodInfo): void {
  const more =
    'The file is JSON: {"pubkey": {"@type":"/cosmos.crypto.ed25519.PubKey","key":"..."} (from `tributaryd comet show-validator`), "amount": "1000000uopen", "moniker": "mine", "identity": "", "website": "", "security": "", "details": "", "commission-rate": "0.1", "commission-max-rate": "0.2", "commission-max-change-rate": "0.01", "min-self-delegation": "1"}';
  addCommand(group, "create-validator <file>", helpOf(method, more), [], async (settings, [file]) => [
    createValidatorMessage(settings, String(file), await senderAddress(settings)),
  ]);
}

/** The texts of a validator's description, by simd's flags for them. */
const descriptionFlags = {
  "new-moniker": "moniker",
  identity: "identity",
  website: "website",
  "security-contact": "security_contact",
  details: "details",
} as const;

function addEditValidator(group: Command, method: MethodInfo): void {
  const message = method.request as MessageName;
  const filled = new Set(["validatorAddress", "description"]);
  const texts = Object.entries(descriptionFlags).map(([flag, name]) =>
    option(`--${flag} <text>`, `The validator's new ${name.replace("_", " ")}`),
  );
  const whole = option("--description <json>", "All of these at once, as JSON");
  const command = addCommand(group, "edit-validator", helpOf(method), [...texts, whole], async (settings) => {
    const codec = settings.addresses();
    const kept = "[do-not-modify]";
    const given = Object.entries(descriptionFlags).map(([flag, name]) => [name, settings.text(flag) ?? kept]);
    const json = settings.text("description");
    const description =
      json === undefined ? Object.fromEntries(given) : await field(settings, method, "description", [json]);
    const validator_address = codec.validator(codec.parseAccount(await senderAddress(settings)));
    const rest = await fieldsFromFlags(settings, message, filled, keyLookup(settings));
    return [packed({ "@type": `/${message}`, description, validator_address, ...rest })];
  });
  addFieldFlags(command, message, filled);
}

function addWeightedVote(group: Command, method: MethodInfo): void {
  const more =
    "Options look like yes=0.6,no=0.3,abstain=0.05,no_with_veto=0.05; JSON of the message's is taken as well.";
  const usage = "weighted-vote <proposal-id> <weighted-options...>";
  const metadata = option("--metadata <text>", "Why, or where that is said");
  addCommand(group, usage, helpOf(method, more), [metadata], async (settings, [proposal, given]) => {
    const texts = [given ?? []].flat();
    const isJson = texts.some((text) => /^\s*[[{]|\.json$/.test(text));
    return [
      packed({
        "@type": `/${method.request}`,
        proposal_id: String(proposal),
        voter: await senderAddress(settings),
        options: isJson ? await field(settings, method, "options", texts) : weightedOptions(texts.join(",")),
        metadata: settings.text("metadata") ?? "",
      }),
    ];
  });
}

function addSubmitProposal(group: Command, method: MethodInfo): void {
  const more =
    'The file is JSON: {"messages": [{"@type": "/cosmos.bank.v1beta1.MsgUpdateParams", "authority": "..." (from `tributaryd query upgrade authority`), "params": {...}}], "metadata": "", "deposit": "10000000uopen", "title": "...", "summary": "...", "expedited": false}. A proposal without messages needs metadata.';
  addCommand(group, "submit-proposal <file>", helpOf(method, more), [], async (settings, [file]) => [
    submitProposalMessage(String(file), await senderAddress(settings)),
  ]);
  addDraftProposal(group);
  addLegacyProposal(group);
}

/** A command that proposes a message which only governance may send: its fields are arguments up to the first list, and flags behind it. */
export function addProposalCommand(group: Command, { name, request, comment }: MethodInfo): void {
  const message = request as MessageName;
  const fields = messageInfo(message).fields.filter(({ protoName }) => protoName !== "authority");
  const list = fields.findIndex(({ repeated }) => repeated === true);
  const args = list < 0 ? fields : fields.slice(0, list + 1);
  const words = args.map((field) => (field.repeated === true ? `<${flagName(field)}...>` : `<${flagName(field)}>`));
  const filled = new Set(["authority", ...args.map((field) => field.name)]);
  const help = {
    summary: `Propose: ${firstSentence(comment)}`,
    description: `Submits a proposal of this message: ${paragraph(comment)}`,
  };
  const usage = [`${kebabCase(name)}-proposal`, ...words].join(" ");
  const command = addCommand(group, usage, help, proposalOptions(), async (settings, given) => {
    const keys = keyLookup(settings);
    const json: { [field: string]: Json } = await fieldsFromFlags(settings, message, filled, keys);
    for (const [index, field] of args.entries())
      json[field.protoName] = await fieldFromTexts(field, [given[index] ?? []].flat(), flagName(field), keys);
    const proposal = { "@type": `/${request}`, authority: authorityOf(settings), ...json };
    // Read as the message it is, so that a mistake is named before it is packed into a proposal.
    packed(proposal);
    return [await proposed(settings, proposal)];
  });
  addFieldFlags(command, message, filled);
}

async function proposed(settings: Settings, message: Json): Promise<Any> {
  return flaggedProposal(settings, message, await senderAddress(settings));
}

function addSoftwareUpgrade(group: Command, method: MethodInfo): void {
  const options = [
    option("--upgrade-height <height>", "The height at which the chain goes on with another program").argParser(
      wholeBigint,
    ),
    option("--upgrade-info <text>", "Where the program is, in Cosmovisor's form"),
    option("--no-validate", "Accepted for scripts: the info is passed on as it stands"),
    new Option("--no-checksum-required").hideHelp(),
    new Option("--daemon-name <name>").hideHelp(),
    ...proposalOptions(),
  ];
  addCommand(group, "software-upgrade <name>", helpOf(method), options, async (settings, [name]) => {
    const height = settings.bigint("upgrade-height");
    if (height === undefined) throw usageError("an upgrade has a height", "give it with --upgrade-height");
    // Go's zero time: the field is there for ever, and must say nothing.
    const time = "0001-01-01T00:00:00Z";
    const plan = { name: String(name), time, height: height.toString(), info: settings.text("upgrade-info") ?? "" };
    const authority = authorityOf(settings);
    return [await proposed(settings, { "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", authority, plan })];
  });
  const cancel = {
    summary: "Propose to cancel the planned upgrade",
    description: "Submits a proposal to cancel the planned upgrade.",
  };
  const made = addCommand(group, "cancel-software-upgrade", cancel, proposalOptions(), async (settings) => [
    await proposed(settings, {
      "@type": "/cosmos.upgrade.v1beta1.MsgCancelUpgrade",
      authority: authorityOf(settings),
    }),
  ]);
  made.alias("cancel-upgrade-proposal");
}

function addGrant(group: Command, method: MethodInfo): void {
  const more =
    "The authorization is send, generic, delegate, unbond or redelegate with the flags below, or a whole grant as JSON or a file of it.";
  addCommand(
    group,
    "grant <grantee> <authorization>",
    helpOf(method, more),
    authorizationOptions(),
    async (settings, [who, what]) => {
      const [grantee, text] = [await addressOf(settings, who), String(what)];
      const grant = /^\s*\{|\.json$/.test(text)
        ? await field(settings, method, "grant", [text])
        : grantJson(settings, text);
      return [packed({ "@type": `/${method.request}`, granter: await senderAddress(settings), grantee, grant })];
    },
  );
}

function addExec(group: Command, method: MethodInfo): void {
  const more = "Messages are JSON, or one file of a transaction made with --generate-only.";
  addCommand(group, "exec <messages...>", helpOf(method, more), [], async (settings, [given]) => {
    const texts = [given ?? []].flat();
    const msgs = texts.flatMap((text) =>
      /^\s*[[{]/.test(text) ? ([parseJson(text, "messages")].flat() as Json[]) : messagesOfFile(text),
    );
    return [packed({ "@type": `/${method.request}`, grantee: await senderAddress(settings), msgs })];
  });
}

function addAllowance(group: Command, method: MethodInfo): void {
  const more = "Without an allowance as JSON or a file of it, the flags below say what it is.";
  addCommand(
    group,
    "grant <granter-key-or-address> <grantee> [allowance]",
    helpOf(method, more),
    allowanceOptions(),
    async (settings, [, who, text]) => {
      const allowance =
        text === undefined
          ? allowanceJson(settings, Date.now())
          : await field(settings, method, "allowance", [String(text)]);
      const [granter, grantee] = [await senderAddress(settings), await addressOf(settings, who)];
      return [packed({ "@type": `/${method.request}`, granter, grantee, allowance })];
    },
  );
}

function addMultiSend(group: Command, method: MethodInfo): void {
  const more = "Every receiver gets the amount, or with --split an equal part of it, cut to whole coins.";
  const usage = "multi-send <from-key-or-address> <to-addresses-and-amount...>";
  const options = [option("--split", "Divide the amount among the receivers")];
  addCommand(group, usage, helpOf(method, more), options, async (settings, [, given]) => {
    const texts = [given ?? []].flat();
    if (texts.length < 2) throw usageError("there is no receiver", `the usage is \`${usage}\`; nothing was sent`);
    const receivers = await Promise.all(texts.slice(0, -1).map((who) => addressOf(settings, who)));
    const parts = settings.isSet("split") ? BigInt(receivers.length) : 1n;
    const each = coinsOf(texts.at(-1) ?? "").map(({ denom, amount }) => ({ denom, amount: amount / parts }));
    if (each.some(({ amount }) => amount === 0n)) throw usageError("the amount is too small to be divided");
    const total = each.map(({ denom, amount }) => ({ denom, amount: amount * BigInt(receivers.length) }));
    const json = (coins: typeof each): Json => coinsToMessages(coins).map((coin) => ({ ...coin }));
    return [
      packed({
        "@type": `/${method.request}`,
        inputs: [{ address: await senderAddress(settings), coins: json(total) }],
        outputs: receivers.map((address) => ({ address, coins: json(each) })),
      }),
    ];
  });
}

function addWithdrawRewards(group: Command, method: MethodInfo): void {
  const commission = option("--commission", "Withdraw the validator's commission as well");
  const usage = "withdraw-rewards <validator-address>";
  addCommand(group, usage, helpOf(method), [commission], async (settings, [who]) => {
    const validator_address = (await keyLookup(settings)(String(who), "validator")) ?? String(who);
    const own = { "@type": "/cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", validator_address };
    return [
      withdrawal(await senderAddress(settings), validator_address),
      ...(settings.isSet("commission") ? [packed(own)] : []),
    ];
  });
  const help = {
    summary: "Withdraw the rewards of all your delegations",
    description: "Asks the node for the validators you stake with, and withdraws the rewards from each.",
  };
  const most = option("--max-msgs <count>", "Refuse if there are more validators than so many (0: any number)");
  addCommand(group, "withdraw-all-rewards", help, [most.argParser(wholeNumber)], async (settings) => {
    if (settings.isSet("offline")) throw usageError("the validators are asked for, which --offline forbids");
    const delegatorAddress = await senderAddress(settings);
    const { validators } = await new RpcClient(settings.nodeUrl()).query(
      "/cosmos.distribution.v1beta1.Query/DelegatorValidators",
      "cosmos.distribution.v1beta1.QueryDelegatorValidatorsRequest",
      "cosmos.distribution.v1beta1.QueryDelegatorValidatorsResponse",
      { delegatorAddress },
    );
    if (validators.length === 0) throw usageError(`${delegatorAddress} stakes with no validator`, "nothing was sent");
    const limit = Number(settings.flag("max-msgs") ?? 0);
    if (limit > 0 && validators.length > limit) {
      throw usageError(
        `${delegatorAddress} stakes with ${validators.length} validators, more than --max-msgs ${limit}`,
        "one transaction withdraws from all: raise the number, or use withdraw-rewards; nothing was sent",
      );
    }
    return validators.map((validator) => withdrawal(delegatorAddress, validator));
  });
}

function addPeriodicVesting(group: Command, method: MethodInfo): void {
  const more =
    'Instead of a start and periods, one file of JSON: {"start_time": 1800000000, "periods": [{"coins": "10uopen", "length_seconds": 2592000}]}.';
  const usage = "create-periodic-vesting-account <to-address> <start-time-or-file> [vesting-periods...]";
  addCommand(group, usage, helpOf(method, more), [], async (settings, [who, what, given]) => {
    const parties = { from_address: await senderAddress(settings), to_address: await addressOf(settings, who) };
    const texts = [given ?? []].flat();
    if (/^\d+$/.test(String(what))) {
      if (texts.length === 0) throw usageError("there is no period", `the usage is \`${usage}\`; nothing was sent`);
      const vesting_periods = await field(settings, method, "vesting_periods", texts);
      return [packed({ "@type": `/${method.request}`, ...parties, start_time: String(what), vesting_periods })];
    }
    return [packed({ "@type": `/${method.request}`, ...parties, ...periodsOfFile(String(what)) })];
  });
}

function withdrawal(delegatorAddress: string, validatorAddress: string): Any {
  return packAny("cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", { delegatorAddress, validatorAddress });
}

/** The JSON of a field given as JSON or as the name of a file. */
async function field(settings: Settings, method: MethodInfo, name: string, texts: readonly string[]): Promise<Json> {
  const info = messageInfo(method.request as MessageName).fields.find(({ protoName }) => protoName === name);
  if (info === undefined) throw new Error(`${method.request} has no field ${name}`);
  return fieldFromTexts(info, texts, name, keyLookup(settings));
}

/** An account's address, or that of a key. */
async function addressOf(settings: Settings, who: string | string[] | undefined): Promise<string> {
  const text = String(who);
  return (await keyLookup(settings)(text, "account")) ?? text;
}

function coinsOf(text: string) {
  try {
    return parseCoins(text);
  } catch (error) {
    throw usageError(messageOf(error), "coins look like 1000uopen,5ushare; nothing was sent");
  }
}
