// Owns `tributaryd tx`: the commands on transactions as such (sign, multi-sign, broadcast, encode, decode, simulate). The
// commands of the modules come from their definitions (derive/tx-commands.ts).
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { addModuleTxCommands } from "../derive/tx-commands.ts";
import { CliError, usageError } from "../errors.ts";
import { parseJson, readTextFile } from "../files.ts";
import { findKey } from "../keys/commands.ts";
import { asMultisig } from "../keys/public-key.ts";
import { maxInputFileBytes } from "../limits.ts";
import { option, txOptions, withOptions } from "../options.ts";
import { notice, printData, printLine, printRaw } from "../output.ts";
import { readAllInput } from "../prompt.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import { type Json, toYaml } from "../yaml.ts";
import { sendAndPrint, signAlone, signerOf, signingFacts } from "./build.ts";
import { joinSignatures, readSignatures, signatureDocument } from "./multisig.ts";
import { accountNumbers, simulate } from "./send.ts";
import {
  authInfoOf,
  bodyOf,
  requiredSigners,
  sequenceFor,
  signBytes,
  signMode,
  signModeOf,
  singleSigner,
  type Tx,
  txBytes,
  txFromBytes,
  txFromJson,
  txToJson,
  withSigners,
} from "./transaction.ts";

/** Adds the `tx` commands to their group. */
export async function addTxCommands(tx: Command): Promise<void> {
  await addModuleTxCommands(tx);
  addSign(tx);
  addSignBatch(tx);
  addMultiSign(tx);
  addBroadcast(tx);
  addEncoding(tx);
  addSimulate(tx);
}

function inputText(file: string): string {
  return file === "-" ? readAllInput(maxInputFileBytes) : readTextFile(file);
}

function readTx(file: string): Tx {
  return txFromJson(parseJson(inputText(file), file), file);
}

/** Prints a document, or writes it to --output-document. */
function emit(settings: Settings, value: Json): void {
  const path = settings.text("output-document");
  const text = settings.output("json") === "json" ? `${JSON.stringify(value)}\n` : toYaml(value);
  if (path === undefined || path === "") printData(value, settings.output("json"));
  else writeFileSync(path, text, { mode: 0o644 });
}

function addSign(tx: Command): void {
  withOptions(tx.command("sign <file>").description("Sign a transaction made with --generate-only"), [
    ...txOptions(),
    option("--multisig <key>", "Sign as a member of this multisig (name or address)"),
    option("--output-document <file>", "Write the result to a file instead of stdout"),
  ])
    .option("--signature-only", "Print the signature only, as a document")
    .option("--overwrite", "Replace the signatures that are there")
    .action(async (file: string, _options: unknown, command: Command) => {
      const settings = new Settings(command);
      const document = readTx(file);
      const signer = await signerOf(settings);
      const client = new RpcClient(settings.nodeUrl());
      const offline = settings.isSet("offline");
      const multisig = settings.text("multisig");
      if (multisig !== undefined) {
        emit(settings, await signAsMember(settings, document, multisig, client, offline));
        return;
      }
      const required = requiredSigners(document, settings.addresses());
      const mode = signModeOf(settings.text("sign-mode"));
      const place = required.indexOf(signer.address);
      if (place < 0) {
        throw usageError(
          `the transaction must be signed by ${required.join(" and ")}, and --from is ${signer.address}`,
          "nothing was signed",
        );
      }
      const facts = await signingFacts(settings, client, signer.address, document, offline);
      if (required.length === 1) {
        const signed = await signAlone(settings, document, signer, mode, facts);
        emit(
          settings,
          settings.isSet("signature-only")
            ? signatureDocument(signer.key.publicKey, signed.signatures[0]!, facts.sequence, mode)
            : txToJson(signed),
        );
        return;
      }
      if (mode === signMode.direct) {
        throw usageError(
          `the transaction has ${required.length} signers, and direct signatures cover all signers at once`,
          `sign with --sign-mode amino-json, one signer after the other in this order: ${required.join(", ")}`,
        );
      }
      const keepEarlier = !settings.isSet("overwrite");
      const infos = keepEarlier ? [...authInfoOf(document).signerInfos] : [];
      const signatures = keepEarlier ? [...document.signatures] : [];
      if (infos.length !== place) {
        throw usageError(
          `signatures must be added in this order: ${required.join(", ")}; ${infos.length} are there`,
          `sign as ${required[infos.length] ?? "nobody"} next`,
        );
      }
      infos.push(singleSigner(signer.key.publicKey, mode, facts.sequence));
      signatures.push(await (await settings.keyring()).sign(signer.key.name, signBytes(document, mode, facts)));
      emit(settings, txToJson(withSigners(document, infos, signatures)));
    });
}

function addSignBatch(tx: Command): void {
  withOptions(
    tx
      .command("sign-batch <file>")
      .description("Sign transactions made with --generate-only, one a line, with one sequence after the other"),
    [...txOptions(), option("--output-document <file>", "Write the result to a file instead of stdout")],
  ).action(async (file: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const lines = inputText(file)
      .split("\n")
      .filter((line) => line.trim() !== "");
    const documents = lines.map((line, index) => {
      const source = `${file}, transaction ${index + 1}`;
      return txFromJson(parseJson(line, source), source);
    });
    const [first] = documents;
    if (first === undefined) throw usageError(`${file} holds no transaction`);
    const signer = await signerOf(settings);
    const mode = signModeOf(settings.text("sign-mode"));
    const client = new RpcClient(settings.nodeUrl());
    const facts = await signingFacts(settings, client, signer.address, first, settings.isSet("offline"));
    const signed: string[] = [];
    let { sequence } = facts;
    for (const [index, document] of documents.entries()) {
      const required = requiredSigners(document, settings.addresses());
      if (required.length !== 1 || required[0] !== signer.address)
        throw usageError(
          `transaction ${index + 1} must be signed by ${required.join(" and ")}, and --from is ${signer.address}`,
          "nothing was signed",
        );
      const own = { ...facts, sequence: sequenceFor(document, sequence) };
      signed.push(`${JSON.stringify(txToJson(await signAlone(settings, document, signer, mode, own)))}\n`);
      if (!bodyOf(document).unordered) sequence += 1n;
    }
    const path = settings.text("output-document");
    if (path === undefined || path === "") printRaw(signed.join(""));
    else writeFileSync(path, signed.join(""), { mode: 0o644 });
  });
}

/** One member's signature over a transaction of the multisig. */
async function signAsMember(
  settings: Settings,
  document: Tx,
  multisig: string,
  client: RpcClient,
  offline: boolean,
): Promise<Json> {
  const signer = await signerOf(settings);
  const address = await multisigAddress(settings, multisig);
  const required = requiredSigners(document, settings.addresses());
  if (required.length !== 1 || required[0] !== address) {
    throw usageError(
      `the transaction is to be signed by ${required.join(" and ")}, not by the multisig ${address}`,
      "nothing was signed",
    );
  }
  const facts = await signingFacts(settings, client, address, document, offline);
  const signature = await (await settings.keyring()).sign(
    signer.key.name,
    signBytes(document, signMode.aminoJson, facts),
  );
  return signatureDocument(signer.key.publicKey, signature, facts.sequence, signMode.aminoJson);
}

async function multisigAddress(settings: Settings, nameOrAddress: string): Promise<string> {
  try {
    settings.addresses().parseAccount(nameOrAddress);
    return nameOrAddress;
  } catch {
    return settings.addresses().account((await findKey(settings, nameOrAddress)).address);
  }
}

function addMultiSign(tx: Command): void {
  withOptions(
    tx
      .command("multi-sign <file> <multisig> <signatures...>")
      .alias("multisign")
      .description("Join members' signatures into a transaction of their multisig"),
    [...txOptions(), option("--output-document <file>", "Write the result to a file instead of stdout")],
  ).action(async (file: string, multisig: string, files: string[], _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const document = readTx(file);
    const record = await findKey(settings, multisig);
    const content = asMultisig(record.publicKey);
    if (content === undefined)
      throw usageError(`${record.name} is not a multisig`, "make one with `keys add --multisig`");
    const signatures = files.flatMap((path) => readSignatures(parseJson(inputText(path), path), path));
    const given = settings.bigint("sequence");
    const isUnordered = bodyOf(document).unordered;
    if (given === undefined && !isUnordered && settings.isSet("offline"))
      throw usageError("--offline needs --sequence");
    const address = settings.addresses().account(record.address);
    const sequence = isUnordered
      ? 0n
      : (given ?? (await accountNumbers(new RpcClient(settings.nodeUrl()), address)).sequence);
    emit(
      settings,
      txToJson(joinSignatures(document, { publicKey: record.publicKey, multisig: content }, signatures, sequence)),
    );
  });
}

function addBroadcast(tx: Command): void {
  withOptions(tx.command("broadcast <file>").description("Send a signed transaction"), txOptions()).action(
    async (file: string, _options: unknown, command: Command) => {
      const settings = new Settings(command);
      const document = readTx(file);
      if (document.signatures.length === 0) {
        throw new CliError("the transaction is not signed", "sign it with `tributaryd tx sign`; nothing was sent");
      }
      await sendAndPrint(settings, new RpcClient(settings.nodeUrl()), txBytes(document));
    },
  );
}

function addEncoding(tx: Command): void {
  withOptions(
    tx.command("encode <file>").description("Print the bytes of a transaction in base64"),
    txOptions(),
  ).action((file: string) => printLine(Buffer.from(txBytes(readTx(file))).toString("base64")));

  withOptions(
    tx.command("decode <bytes>").description("Print a transaction given as base64 (or with --hex)"),
    txOptions(),
  )
    .option("-x, --hex", "The bytes are hexadecimal")
    .action((text: string, options: { hex?: boolean }, command: Command) => {
      const settings = new Settings(command);
      const input = (text === "-" ? readAllInput(maxInputFileBytes) : text).trim();
      const pattern = options.hex === true ? /^(0x)?([0-9a-fA-F]{2})+$/ : /^[A-Za-z0-9+/]+={0,2}$/;
      if (!pattern.test(input)) {
        throw usageError(
          `the bytes are not ${options.hex === true ? "hexadecimal" : "base64"}`,
          "hexadecimal bytes need --hex",
        );
      }
      const bytes = new Uint8Array(Buffer.from(input.replace(/^0x/, ""), options.hex === true ? "hex" : "base64"));
      printData(txToJson(txFromBytes(bytes)), settings.output("json"));
    });
}

function addSimulate(tx: Command): void {
  withOptions(
    tx.command("simulate <file>").description("Run a transaction on the present state without sending it"),
    txOptions(),
  ).action(async (file: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const client = new RpcClient(settings.nodeUrl());
    const document = readTx(file);
    let probe = document;
    if (document.signatures.length === 0) {
      const numbers = await Promise.all(
        requiredSigners(document, settings.addresses()).map((address) => accountNumbers(client, address)),
      );
      const infos = numbers.map((one) => singleSigner(undefined, signMode.direct, sequenceFor(document, one.sequence)));
      probe = withSigners(
        document,
        infos,
        infos.map(() => new Uint8Array(0)),
      );
    }
    const used = await simulate(client, probe);
    printData({ gas_info: { gas_used: used.toString() } }, settings.output("json"));
  });

  withOptions(
    tx.command("validate-signatures <file>").description("Show who must sign a transaction and who has"),
    txOptions(),
  ).action((file: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const document = readTx(file);
    const required = requiredSigners(document, settings.addresses());
    printData(
      {
        signers: required.map((address, index) => ({ address, signed: document.signatures[index] !== undefined })),
      },
      settings.output(),
    );
    const missing = required.slice(document.signatures.length);
    if (missing.length > 0)
      throw new CliError(`not signed yet by ${missing.join(", ")}`, "sign with `tributaryd tx sign`");
    notice("all signatures are there; the chain checks them when the transaction is sent");
  });
}
