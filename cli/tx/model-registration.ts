// Owns `tx model register-model` and `tx model add-version`: the owner's key signs for the weights (ADR-036) as well as for the transaction, and a file of
// weights may stand where their hash does. What is signed is modules/model/registration.ts's.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import { arbitrarySignBytes } from "../../chain/types/arbitrary-signature.ts";
import { registrationText } from "../../modules/model/registration.ts";
import { base64, fromHex } from "../../proto/bytes.ts";
import { packAny, unpackAny } from "../../proto/codec.ts";
import type { MethodInfo } from "../../proto/descriptor.ts";
import { messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { addFieldFlags, fieldFromTexts, fieldsFromFlags, flagName } from "../derive/fields.ts";
import { keyLookup } from "../derive/key-lookup.ts";
import { firstSentence, paragraph } from "../derive/names.ts";
import { requestFromJson } from "../derive/query-commands.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { parseJson, readJsonFile } from "../files.ts";
import { txOptions, withOptions } from "../options.ts";
import { notice } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { runMessages, signerOf } from "./build.ts";

type Request = "tributary.model.v1.MsgRegisterModel" | "tributary.model.v1.MsgAddVersion";
type Fields = { [field: string]: Json };

/** Fields that the command itself fills in: the signer's, and those with a short form. */
const FILLED: readonly string[] = ["owner", "weightsHash", "lineage", "parents", "pubKey", "signature"];

/** Adds `register-model`. */
export function addRegisterModel(group: Command, method: MethodInfo): void {
  addWeightsCommand(group, method, "register-model", ["name", "weights_hash", "price"], async (_settings, fields) =>
    String(fields.name),
  );
}

/** Adds `add-version`. */
export function addAddVersion(group: Command, method: MethodInfo): void {
  const command = addWeightsCommand(group, method, "add-version", ["model_id", "weights_hash"], modelName);
  withOptions(command, [
    new Option("--model-name <name>", "The model's name, which is signed (default: the node is asked)"),
  ]);
}

/** `positional` are the fields that are arguments; `nameOf` gives the model's name, which is part of what is signed. */
function addWeightsCommand(
  group: Command,
  { request: requestName, comment }: MethodInfo,
  command: string,
  positional: readonly string[],
  nameOf: (settings: Settings, fields: Fields) => Promise<string>,
): Command {
  const request = requestName as Request;
  const args = positional.map((name) => messageInfo(request).fields.find(({ protoName }) => protoName === name)!);
  const words = args.map((field) => (field.protoName === "weights_hash" ? "<weights>" : `<${flagName(field)}>`));
  const more =
    "The weights are a file, which is hashed here and sent nowhere, or the SHA-256 of one. The key of --from signs for them.";
  const made = group
    .command([command, ...words].join(" "))
    .summary(firstSentence(comment))
    .description(`${paragraph(comment)}\n\n${more}`);
  const filled = new Set([...FILLED, ...args.map(({ name }) => name)]);
  addFieldFlags(made, request, filled);
  const several = (text: string, before: string[] | undefined) => [...(before ?? []), text];
  withOptions(made, [
    new Option(
      "--lineage <datanet:records[:share]>",
      "A datanet it was trained on, how many of its records, from the first, and the millionths of revenue declared for it; or JSON, or a file of it. Once for each",
    ).argParser(several),
    new Option(
      "--parents <model:share>",
      "A model it was derived from, and the millionths of revenue declared for it; or JSON, or a file of it. Once for each",
    ).argParser(several),
    ...txOptions(),
  ]);
  return made.action(async (...received: unknown[]) => {
    const settings = new Settings(received.at(-1) as Command);
    const keys = keyLookup(settings);
    const fields: Fields = await fieldsFromFlags(settings, request, filled, keys);
    let weightsHash = new Uint8Array(0);
    for (const [index, field] of args.entries()) {
      const text = String(received[index]);
      if (field.protoName === "weights_hash") weightsHash = await hashOf(text);
      else fields[field.protoName] = await fieldFromTexts(field, [text], flagName(field), keys);
    }
    fields.weights_hash = base64(weightsHash);
    fields.lineage = rowsOf(settings, "lineage", ["datanet_id", "record_count", "share_ppm"], 2);
    fields.parents = rowsOf(settings, "parents", ["model_id", "share_ppm"], 2);
    Object.assign(fields, await signed(settings, await nameOf(settings, fields), weightsHash));
    await runMessages(settings, [packAny(request, requestFromJson(request, fields) as never)]);
  });
}

/** The owner's address, key and signature for the weights. */
async function signed(settings: Settings, name: string, weightsHash: Uint8Array): Promise<Fields> {
  const { key, address } = await signerOf(settings);
  const { name: type, value } = unpackAny(key.publicKey);
  if (type !== "cosmos.crypto.secp256k1.PubKey") {
    throw new CliError(`${key.name} is no single secp256k1 key`, "a model is registered by one; nothing was sent");
  }
  const text = registrationText(await chainIdOf(settings), name, weightsHash);
  const signature = await (await settings.keyring()).sign(key.name, arbitrarySignBytes(address, text));
  notice(`signed by ${key.name}: ${text.replaceAll("\n", "; ")}`);
  const { key: publicKey } = value as Messages["cosmos.crypto.secp256k1.PubKey"];
  return { owner: address, pub_key: base64(publicKey), signature: base64(signature) };
}

async function chainIdOf(settings: Settings): Promise<string> {
  if (!settings.isSet("offline")) {
    const client = new RpcClient(settings.nodeUrl());
    return (await client.call<{ node_info: { network: string } }>("status")).node_info.network;
  }
  const named = settings.chainId();
  if (named === undefined) throw usageError("--offline needs --chain-id", "the chain's name is part of what is signed");
  return named;
}

async function modelName(settings: Settings, fields: Fields): Promise<string> {
  const named = settings.text("model-name");
  if (named !== undefined) return named;
  if (settings.isSet("offline")) throw usageError("--offline needs --model-name", "the model's name is signed");
  const { model } = await new RpcClient(settings.nodeUrl()).query(
    "/tributary.model.v1.Query/Model",
    "tributary.model.v1.QueryModelRequest",
    "tributary.model.v1.QueryModelResponse",
    { modelId: BigInt(String(fields.model_id)) },
  );
  return model.name;
}

/** The SHA-256 that a text is, or that of the file it names. */
async function hashOf(text: string): Promise<Uint8Array<ArrayBuffer>> {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return new Uint8Array(fromHex(text));
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(text), hash);
  } catch (error) {
    throw usageError(`weights: ${messageOf(error)}`, "give a file, or its SHA-256 as 64 hexadecimal digits");
  }
  return new Uint8Array(hash.digest());
}

/** Rows such as `1:42`: numbers of these fields, of which the first `least` must be given. JSON, also in a file, is taken as it stands. */
function rowsOf(settings: Settings, flag: string, names: readonly string[], least: number): readonly Json[] {
  const given = settings.flag(flag);
  const texts: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  return texts.map(String).flatMap((text): readonly Json[] => {
    if (/^\s*[[{]/.test(text)) return [parseJson(text, `--${flag}`) as Json].flat() as Json[];
    if (text.endsWith(".json")) return [readJsonFile(text) as Json].flat() as Json[];
    const parts = text.split(":");
    if (parts.length < least || parts.length > names.length || parts.some((part) => !/^\d{1,20}$/.test(part))) {
      throw usageError(`--${flag}: ${JSON.stringify(text)} is not understood`, `it has the form ${names.join(":")}`);
    }
    return [Object.fromEntries(parts.map((part, i) => [names[i]!, names[i] === "share_ppm" ? Number(part) : part]))];
  });
}
