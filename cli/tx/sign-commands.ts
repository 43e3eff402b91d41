// Owns `tx sign` and `tx sign-batch`: one key's signature on transactions made with --generate-only, alone, beside others or as a member of a multisig.
// Joining members' signatures is in multisig-commands.ts.
import type { Command } from "commander";
import { addCoins, type Coin, coinsToMessages, newCoins } from "../../chain/types/coin.ts";
import { usageError } from "../errors.ts";
import { findKey } from "../keys/commands.ts";
import { option, txOptions, withOptions } from "../options.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { type Signer, signAlone, signerOf, signingFacts } from "./build.ts";
import { emit, emitLines, outputDocument, readTx, readTxLines } from "./documents.ts";
import { signatureDocument } from "./multisig.ts";
import {
  authInfoOf,
  bodyOf,
  requiredSigners,
  type SigningFacts,
  type SignMode,
  sequenceFor,
  signBytes,
  signMode,
  signModeOf,
  singleSigner,
  type Tx,
  txToJson,
  unsignedTx,
  withSigners,
} from "./transaction.ts";

/** Adds `sign` and `sign-batch` to the `tx` commands. */
export function addSignCommands(tx: Command): void {
  addSign(tx);
  addSignBatch(tx);
}

function addSign(tx: Command): void {
  withOptions(tx.command("sign <file>").description("Sign a transaction made with --generate-only"), [
    ...txOptions(),
    option("--multisig <key>", "Sign as a member of this multisig (name or address)"),
    outputDocument(),
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
        const address = await multisigAddress(settings, multisig);
        const facts = await signingFacts(settings, client, address, document, offline);
        emit(settings, await signAsMember(settings, document, signer, address, facts));
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
        emit(settings, await signedDocument(settings, document, signer, mode, facts));
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
      .command("sign-batch <files...>")
      .description("Sign transactions made with --generate-only, one a line, with one sequence after the other"),
    [
      ...txOptions(),
      option("--multisig <key>", "Sign as a member of this multisig (name or address); prints signatures only"),
      outputDocument(),
    ],
  )
    .option("--signature-only", "Print the signatures only, as documents")
    .option("--append", "Make one transaction of all messages and sign it; gas and fees are added up")
    .action(signBatch);
}

async function signBatch(files: string[], _options: unknown, command: Command): Promise<void> {
  const settings = new Settings(command);
  const read = readTxLines(files);
  const documents = settings.isSet("append") ? [joined(read, settings.setting("note") ?? "")] : read;
  const signer = await signerOf(settings);
  const multisig = settings.text("multisig");
  const account = multisig === undefined ? signer.address : await multisigAddress(settings, multisig);
  const mode = signModeOf(settings.text("sign-mode"));
  for (const [index, document] of documents.entries()) {
    const required = requiredSigners(document, settings.addresses());
    if (required.length === 1 && required[0] === account) continue;
    throw usageError(
      `transaction ${index + 1} must be signed by ${required.join(" and ")}, and --${multisig === undefined ? "from" : "multisig"} is ${account}`,
      "nothing was signed",
    );
  }
  const client = new RpcClient(settings.nodeUrl());
  const facts = await signingFacts(settings, client, account, documents[0]!, settings.isSet("offline"));
  const signed: Json[] = [];
  let { sequence } = facts;
  for (const document of documents) {
    const own = { ...facts, sequence: sequenceFor(document, sequence) };
    signed.push(
      multisig === undefined
        ? await signedDocument(settings, document, signer, mode, own)
        : await signAsMember(settings, document, signer, account, own),
    );
    if (!bodyOf(document).unordered) sequence += 1n;
  }
  emitLines(settings, signed);
}

/** One transaction of all messages, as `sign-batch --append` makes it: gas and fees are sums, notes and heights are left behind. */
function joined(documents: readonly Tx[], memo: string): Tx {
  const fees = documents.map((one) => authInfoOf(one).fee);
  const coins = fees.map((fee) =>
    newCoins(...(fee?.amount ?? []).map((coin) => ({ ...coin, amount: BigInt(coin.amount) }))),
  );
  return unsignedTx({
    messages: documents.flatMap((one) => bodyOf(one).messages),
    memo,
    timeoutHeight: 0n,
    fee: {
      amount: coinsToMessages(coins.reduce<readonly Coin[]>(addCoins, [])),
      gasLimit: fees.reduce((sum, fee) => sum + (fee?.gasLimit ?? 0n), 0n),
      payer: "",
      granter: "",
    },
  });
}

/** The transaction signed by its only signer, or with --signature-only the signature. */
async function signedDocument(
  settings: Settings,
  document: Tx,
  signer: Signer,
  mode: SignMode,
  facts: SigningFacts,
): Promise<Json> {
  const signed = await signAlone(settings, document, signer, mode, facts);
  if (!settings.isSet("signature-only")) return txToJson(signed);
  return signatureDocument(signer.key.publicKey, signed.signatures[0]!, facts.sequence, mode);
}

/** One member's signature over a transaction of the multisig. */
async function signAsMember(
  settings: Settings,
  document: Tx,
  signer: Signer,
  multisig: string,
  facts: SigningFacts,
): Promise<Json> {
  const required = requiredSigners(document, settings.addresses());
  if (required.length !== 1 || required[0] !== multisig) {
    throw usageError(
      `the transaction is to be signed by ${required.join(" and ")}, not by the multisig ${multisig}`,
      "nothing was signed",
    );
  }
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
