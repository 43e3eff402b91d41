// Owns the query commands of the modules: one per rpc of a module's Query service, made from the descriptors and the
// module's `cli` hints. No module is named here. The services of the node itself have their commands in the same way.
import type { Command } from "commander";
import type { MethodInfo } from "../../proto/descriptor.ts";
import { fromJson } from "../../proto/json.ts";
import { findService, messageInfo, serviceInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { messageOf, usageError } from "../errors.ts";
import { queryOptions, withOptions } from "../options.ts";
import { printData } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { answerJson } from "./answer-json.ts";
import { addFieldFlags, fieldFromTexts, fieldsFromFlags, flagName } from "./fields.ts";
import { keyLookup } from "./key-lookup.ts";
import { type CommandHint, commandModules, hintOf } from "./modules.ts";
import { firstSentence, kebabCase, paragraph } from "./names.ts";

type MessageName = keyof Messages & string;

/** Adds a group for every module that answers queries. */
export async function addModuleQueryCommands(query: Command): Promise<void> {
  for (const module of await commandModules()) {
    const service = findService(`${module.proto}.Query`);
    if (service === undefined || service.methods.length === 0) continue;
    const group = query.command(module.name).description(`Ask the ${module.name} module`);
    for (const method of service.methods) {
      const hint = hintOf(module, method.name);
      if (hint.hidden !== true) addMethod(group, `/${module.proto}.Query/${method.name}`, method, hint);
    }
  }
  addNodeQueryCommands(query);
}

/** The services that the node itself answers, under simd's words for them; what is absent has no command. */
const nodeServices = {
  "cosmos.base.node.v1beta1.Service": { Config: {}, Status: {} },
  "cosmos.base.tendermint.v1beta1.Service": {
    GetNodeInfo: { name: "node-info" },
    GetSyncing: { name: "syncing" },
    GetLatestBlock: { name: "block-latest" },
    GetBlockByHeight: { name: "block-by-height", args: ["height"] },
    GetLatestValidatorSet: {
      name: "validator-set",
      aliases: ["validator-set-latest", "comet-validator-set", "cometbft-validator-set", "tendermint-validator-set"],
    },
    GetValidatorSetByHeight: { name: "validator-set-by-height", args: ["height"] },
  },
} as const satisfies { readonly [service: string]: { readonly [rpc: string]: CommandHint } };

/** Adds `query node` and `query consensus comet`. */
function addNodeQueryCommands(query: Command): void {
  addService(query.command("node").description("Ask the node about itself"), "cosmos.base.node.v1beta1.Service");
  const consensus = query.commands.find((command) => command.name() === "consensus") ?? query.command("consensus");
  addService(
    consensus.command("comet").description("Ask the node about blocks and validators"),
    "cosmos.base.tendermint.v1beta1.Service",
  );
}

function addService(group: Command, service: keyof typeof nodeServices): void {
  const hints: { readonly [rpc: string]: CommandHint } = nodeServices[service];
  for (const method of serviceInfo(service).methods) {
    const hint = hints[method.name];
    if (hint !== undefined) addMethod(group, `/${service}/${method.name}`, method, hint);
  }
}

function addMethod(group: Command, path: string, method: MethodInfo, hint: CommandHint): void {
  const request = method.request as MessageName;
  const response = method.response as MessageName;
  const args = positionalFields(request, hint.queryArgs === undefined ? hint : { ...hint, args: hint.queryArgs });
  const needed = args.length - (hint.optionalArgs ?? 0);
  const usage = [
    hint.name ?? kebabCase(method.name),
    ...args.map((field) => `[${flagName(field)}${field.repeated === true ? "..." : ""}]`),
  ];
  const command = group
    .command(usage.join(" "))
    .summary(firstSentence(method.comment))
    .description(paragraph(method.comment));
  for (const alias of hint.aliases ?? []) command.alias(alias);
  const positional = new Set(args.map((field) => field.name));
  addFieldFlags(command, request, positional);
  withOptions(command, queryOptions());
  command.action(async (...received: unknown[]) => {
    const made = received.at(-1) as Command;
    const settings = new Settings(made);
    const keys = keyLookup(settings);
    const json: { [field: string]: Json } = await fieldsFromFlags(settings, request, positional, keys);
    for (const [index, field] of args.entries()) {
      const value = received[index];
      if (value === undefined) {
        if (field.repeated === true || index >= needed) continue;
        throw usageError(`missing required argument ${flagName(field)}`, `the usage is \`${usage.join(" ")}\``);
      }
      const texts = Array.isArray(value) ? value.map(String) : [String(value)];
      if (texts.length > 0) json[field.protoName] = await fieldFromTexts(field, texts, flagName(field), keys);
    }
    const answer = await new RpcClient(settings.nodeUrl()).query(
      path,
      request,
      response,
      requestFromJson(request, json) as never,
      settings.bigint("height") ?? 0n,
    );
    printData(answerJson(response, answer), settings.output());
  });
}

/** The fields a hint makes arguments, in its order. */
export function positionalFields(message: MessageName, hint: CommandHint) {
  const { fields } = messageInfo(message);
  return (hint.args ?? []).map((name) => {
    const field = fields.find((one) => one.name === name || one.protoName === name);
    if (field === undefined) throw new Error(`a command hint names ${name}, which ${message} does not have`);
    return field;
  });
}

/** The message of a request, with a refusal in terms of the command line. */
export function requestFromJson<Name extends MessageName>(
  name: Name,
  json: { readonly [field: string]: Json },
): Messages[Name] {
  try {
    return fromJson(name, json as never);
  } catch (error) {
    throw usageError(messageOf(error), "check the arguments and flags; nothing was sent");
  }
}
