// Owns the transaction commands of the modules: one per rpc of a module's Msg service, made from the descriptors and the
// module's `cli` hints. The field that names the signer is filled in from --from.
import type { Command } from "commander";
import { packAny } from "../../proto/codec.ts";
import type { FieldInfo, MethodInfo } from "../../proto/descriptor.ts";
import { findService, messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { usageError } from "../errors.ts";
import { txOptions, withOptions } from "../options.ts";
import { Settings } from "../settings.ts";
import { runMessages, senderAddress } from "../tx/build.ts";
import { tellHost } from "../tx/open-use.ts";
import { addProposalCommand, commandsByMessage } from "../tx/simd-commands.ts";
import type { Json } from "../yaml.ts";
import { addFieldFlags, fieldFromTexts, fieldsFromFlags, flagName } from "./fields.ts";
import { keyLookup } from "./key-lookup.ts";
import { type CommandHint, commandModules, hintOf } from "./modules.ts";
import { firstSentence, kebabCase, paragraph } from "./names.ts";
import { positionalFields, requestFromJson } from "./query-commands.ts";

type MessageName = keyof Messages & string;

/** What is told on standard error before some messages are sent. */
const tellBefore: {
  readonly [Name in MessageName]?: (settings: Settings, message: Messages[Name]) => Promise<void>;
} = { "tributary.attribution.v1.MsgOpenUse": tellHost };

/** Adds a group for every module that handles messages. */
export async function addModuleTxCommands(tx: Command): Promise<void> {
  for (const module of await commandModules()) {
    const service = findService(`${module.proto}.Msg`);
    if (service === undefined) continue;
    const methods = service.methods.filter((method) => hintOf(module, method.name).hidden !== true);
    if (methods.length === 0) continue;
    const group = tx.command(module.name).description(`Transactions of the ${module.name} module`);
    for (const method of methods) {
      const add = commandsByMessage[method.request as MessageName];
      if (add !== undefined) add(group, method);
      else if (isGated(method)) addProposalCommand(group, method);
      else addMethod(group, method, hintOf(module, method.name));
    }
  }
}

/** Messages only the chain's authority may send are proposed. */
function isGated(method: MethodInfo): boolean {
  const { signers = [] } = messageInfo(method.request as MessageName);
  return signers.length === 1 && signers[0] === "authority";
}

function addMethod(group: Command, method: MethodInfo, hint: CommandHint): void {
  const request = method.request as MessageName;
  const info = messageInfo(request);
  const signer = info.fields.find(
    (field) => field.type === "string" && field.repeated !== true && (info.signers ?? []).includes(field.protoName),
  );
  const args = positionalFields(request, hint);
  const words = args.map((field, index) => {
    const word = field === signer ? `${flagName(field).replace(/-address$/, "")}-key-or-address` : flagName(field);
    // Only the last argument may be given several times; a list before it is one text with commas.
    return `[${word}${field.repeated === true && index === args.length - 1 ? "..." : ""}]`;
  });
  const usage = [hint.name ?? kebabCase(method.name), ...words].join(" ");
  const command = group.command(usage).summary(firstSentence(method.comment)).description(paragraph(method.comment));
  for (const alias of hint.aliases ?? []) command.alias(alias);
  const filled = new Set(args.map((field) => field.name));
  if (signer !== undefined) filled.add(signer.name);
  addFieldFlags(command, request, filled);
  withOptions(command, txOptions());
  command.action(async (...received: unknown[]) => {
    const made = received.at(-1) as Command;
    const signerIndex = signer === undefined ? -1 : args.indexOf(signer);
    const namesSigner = signerIndex >= 0 ? received[signerIndex] : undefined;
    // A signer given as an argument goes before --from, as `tx bank send` has it.
    const operator =
      typeof namesSigner === "string" && isOperator(new Settings(made), namesSigner) ? namesSigner : undefined;
    if (typeof namesSigner === "string" && operator === undefined) made.setOptionValue("from", namesSigner);
    const settings = new Settings(made);
    const keys = keyLookup(settings);
    const json = await fieldsFromFlags(settings, request, filled, keys);
    if (signer !== undefined)
      json[signer.protoName] = operator ?? addressFor(settings, signer, await senderAddress(settings));
    for (const [index, field] of args.entries()) {
      if (field === signer) {
        if (namesSigner === undefined) throw missingArgument(field, usage);
        continue;
      }
      const value = received[index];
      if (value === undefined) {
        if (field.repeated === true) continue;
        throw missingArgument(field, usage);
      }
      const texts = Array.isArray(value) ? value.map(String) : [String(value)];
      if (texts.length > 0) json[field.protoName] = await fieldFromTexts(field, texts, flagName(field), keys);
    }
    const message = requestFromJson(request, json as { readonly [field: string]: Json });
    await tellBefore[request]?.(settings, message as never);
    await runMessages(settings, [packAny(request, message as never)]);
  });
}

/** Whether a text is an operator's address, which names a validator and no key: the key is --from's. */
function isOperator(settings: Settings, text: string): boolean {
  try {
    settings.addresses().parseValidator(text);
    return true;
  } catch {
    return false;
  }
}

function missingArgument(field: FieldInfo, usage: string) {
  return usageError(`missing required argument ${flagName(field)}`, `the usage is \`${usage}\`; nothing was sent`);
}

/** The sender's address in the form the signer field has: some messages are signed by a validator's operator address. */
function addressFor(settings: Settings, field: FieldInfo, account: string): string {
  if (field.scalar !== "cosmos.ValidatorAddressString") return account;
  const codec = settings.addresses();
  return codec.validator(codec.parseAccount(account));
}
