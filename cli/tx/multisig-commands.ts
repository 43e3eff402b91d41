// Owns `tx multi-sign` and `tx multisign-batch`: members' signatures, checked and joined into transactions of their multisig. Making one member's
// signature is in sign-commands.ts.
import { type Command, Option } from "commander";
import { usageError } from "../errors.ts";
import { parseJson } from "../files.ts";
import { findKey } from "../keys/commands.ts";
import { type AnyPublicKey, asMultisig, type MultisigKey } from "../keys/public-key.ts";
import { txOptions, withOptions } from "../options.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import { signingFacts } from "./build.ts";
import { emit, emitLines, inputLines, inputText, outputDocument, readTx, readTxLines } from "./documents.ts";
import { joinedDocument, joinSignatures, readSignatures, type SignatureDescriptor } from "./multisig.ts";
import { accountNumbers } from "./send.ts";
import { bodyOf, type SigningFacts, sequenceFor, signBytes, signMode, type Tx, txToJson } from "./transaction.ts";

/** Adds `multi-sign` and `multisign-batch` to the `tx` commands. */
export function addMultisigCommands(tx: Command): void {
  withOptions(
    tx
      .command("multi-sign <file> <multisig> <signatures...>")
      .alias("multisign")
      .description("Join members' signatures into a transaction of their multisig"),
    [...txOptions(), outputDocument()],
  )
    .option("--signature-only", "Print the joined signature only, as a document")
    .option("--skip-signature-verification", "Join the signatures without checking them against the transaction")
    .action(multiSign);
  withOptions(
    tx
      .command("multisign-batch <file> <multisig> <signatures...>")
      .alias("multi-sign-batch")
      .description(
        "Join members' signatures into transactions of their multisig, one a line, with one sequence after the other",
      ),
    [...txOptions(), outputDocument(), new Option("--multisig <address>").hideHelp()],
  )
    .option("--no-auto-increment", "Every transaction has the same sequence")
    .action(multiSignBatch);
}

interface Multisig {
  readonly publicKey: AnyPublicKey;
  readonly multisig: MultisigKey;
  readonly address: string;
}

async function multisigOf(settings: Settings, name: string): Promise<Multisig> {
  const record = await findKey(settings, name);
  const multisig = asMultisig(record.publicKey);
  if (multisig === undefined)
    throw usageError(`${record.name} is not a multisig`, "make one with `keys add --multisig`");
  return { publicKey: record.publicKey, multisig, address: settings.addresses().account(record.address) };
}

async function multiSign(file: string, name: string, files: string[], _options: unknown, command: Command) {
  const settings = new Settings(command);
  const document = readTx(file);
  const key = await multisigOf(settings, name);
  const signatures = files.flatMap((path) => readSignatures(parseJson(inputText(path), path), path));
  const client = new RpcClient(settings.nodeUrl());
  if (settings.isSet("skip-signature-verification")) {
    const sequence = await sequenceAlone(settings, client, key.address, document);
    show(settings, joinSignatures(document, key, signatures, sequence, undefined));
    return;
  }
  const facts = await signingFacts(settings, client, key.address, document, settings.isSet("offline"));
  show(settings, join(document, key, signatures, facts));
}

/** Prints the transaction, or with --signature-only the multisig's signature on it. */
function show(settings: Settings, tx: Tx): void {
  emit(settings, settings.isSet("signature-only") ? joinedDocument(tx) : txToJson(tx));
}

/** The sequence of an account, where nothing else need be known of it. */
async function sequenceAlone(settings: Settings, client: RpcClient, address: string, document: Tx): Promise<bigint> {
  if (bodyOf(document).unordered) return 0n;
  const given = settings.bigint("sequence");
  if (given !== undefined) return given;
  if (settings.isSet("offline")) throw usageError("--offline needs --sequence");
  return (await accountNumbers(client, address)).sequence;
}

/** Every member signs amino JSON over the multisig's own number and sequence. */
function join(document: Tx, key: Multisig, signatures: readonly SignatureDescriptor[], facts: SigningFacts): Tx {
  return joinSignatures(document, key, signatures, facts.sequence, signBytes(document, signMode.aminoJson, facts));
}

async function multiSignBatch(
  file: string,
  name: string,
  files: string[],
  options: { readonly autoIncrement: boolean },
  command: Command,
): Promise<void> {
  const settings = new Settings(command);
  const documents = readTxLines([file]);
  const key = await multisigOf(settings, name);
  const batches = files.map((path) => {
    const signatures = inputLines(path).flatMap((line) => readSignatures(parseJson(line, path), path));
    if (signatures.length === documents.length) return signatures;
    throw usageError(
      `${path} holds ${signatures.length} signatures, and ${file} ${documents.length} transactions`,
      "a member signs all of them with `tx sign-batch --multisig`; nothing was signed",
    );
  });
  const client = new RpcClient(settings.nodeUrl());
  const facts = await signingFacts(settings, client, key.address, documents[0]!, settings.isSet("offline"));
  let { sequence } = facts;
  const joined = documents.map((document, index) => {
    const own = { ...facts, sequence: sequenceFor(document, sequence) };
    if (options.autoIncrement && !bodyOf(document).unordered) sequence += 1n;
    return join(
      document,
      key,
      batches.flatMap((signatures) => signatures[index] ?? []),
      own,
    );
  });
  emitLines(settings, joined.map(txToJson));
}
