// Owns `tx validate-signatures`: who must sign a transaction, who has, and whether the signatures hold, line by line as simd prints it
// (x/auth/client/cli/validate_sigs.go). The check itself is the chain's (chain/app/signatures.ts).
import type { Command } from "commander";
import { accountKeyAddress, decodeAccountKey } from "../../chain/app/account-key.ts";
import { signatureData, verifySignature } from "../../chain/app/signatures.ts";
import { decodeTx } from "../../chain/app/tx.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { CliError, messageOf } from "../errors.ts";
import { txOptions, withOptions } from "../options.ts";
import { notice, printLine } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import { signingFacts } from "./build.ts";
import { readTx } from "./documents.ts";
import { authInfoOf, requiredSigners, type SignerInfo, type Tx, txBytes } from "./transaction.ts";

/** Adds `validate-signatures` to the `tx` commands. */
export function addValidateSignatures(tx: Command): void {
  withOptions(
    tx
      .command("validate-signatures <file>")
      .description(
        "Show who must sign a transaction and who has, and check the signatures; with --offline only their order",
      ),
    txOptions(),
  ).action(async (file: string, _options: unknown, command: Command) => {
    if (!(await printAndCheck(new Settings(command), readTx(file))))
      throw new CliError("signatures validation failed", "sign with `tributaryd tx sign`; nothing was sent");
  });
}

async function printAndCheck(settings: Settings, document: Tx): Promise<boolean> {
  const signers = requiredSigners(document, settings.addresses());
  printLine("Signers:");
  for (const [index, signer] of signers.entries()) printLine(`  ${index}: ${signer}`);
  printLine("");
  printLine("Signatures:");
  const { signerInfos } = authInfoOf(document);
  let isGood = signerInfos.length === signers.length && document.signatures.length === signers.length;
  for (const [index, info] of signerInfos.entries()) {
    const address = addressOf(settings, info);
    const fits = address !== undefined && address === signers[index];
    if (!fits) isGood = false;
    else if (isGood && !settings.isSet("offline")) {
      const flaw = await flawOf(settings, document, index, info, address);
      if (flaw !== undefined) {
        notice(`failed to verify signature: ${flaw}`);
        return false;
      }
    }
    const sanity = fits ? "OK" : "ERROR: signature does not match its respective signer";
    printLine(`  ${index}: ${address ?? ""}\t\t\t[${sanity}]`);
  }
  printLine("");
  return isGood;
}

/** The account of a signer's key; undefined when the transaction names no key. */
function addressOf(settings: Settings, { publicKey }: SignerInfo): string | undefined {
  return publicKey === undefined
    ? undefined
    : settings.addresses().account(accountKeyAddress(decodeAccountKey(publicKey)));
}

/** Why a signature does not hold over this transaction on the node's chain; undefined when it does. */
async function flawOf(
  settings: Settings,
  document: Tx,
  index: number,
  { publicKey, modeInfo }: SignerInfo,
  address: string,
): Promise<string | undefined> {
  const signer = await signingFacts(settings, new RpcClient(settings.nodeUrl()), address, document, false);
  try {
    const data = signatureData(modeInfo!, document.signatures[index]!);
    verifySignature(
      decodeTx(txBytes(document), settings.addresses()),
      decodeAccountKey(publicKey!),
      data,
      signer,
      (job) => nobleVerifier[job.kind](job.publicKey, job.message, job.signature),
    );
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
