// Owns `tributaryd contribute`: from a folder of texts to records on the chain and a certificate in a file, with one question before anything is
// sent. The steps are folder.ts, chain.ts, submit.ts or commit.ts, and certificate.ts.
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import { rawCidText } from "../../chain/types/cid.ts";
import type { Certificate } from "../../client/certificate.ts";
import { sealText } from "../../node/data/content-key.ts";
import { contentKey } from "../data/keys.ts";
import { keepBlock, openStore } from "../data/store.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { option, txOptions, withOptions } from "../options.ts";
import { notice, printData } from "../output.ts";
import { confirm } from "../prompt.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import { signerOf } from "../tx/build.ts";
import { certify } from "./certificate.ts";
import {
  blockGasLimit,
  copyLine,
  type Datanet,
  fileLine,
  findDatanet,
  knownFiles,
  mustJoin,
  novelFiles,
  recordBond,
  sponsor,
} from "./chain.ts";
import { quoteCommitted, resumeCommitted, submitCommitted } from "./commit.ts";
import { type PreparedFile, prepareFolder } from "./folder.ts";
import { ownNotices } from "./notices.ts";
import type { PendingFile, PendingPlace } from "./pending.ts";
import { feeText, type Plan, type Quote, quote, type SentBatch, submit } from "./submit.ts";

/** Fills in the `contribute` command. */
export function addContributeCommand(command: Command): void {
  withOptions(command, [
    option("--datanet <datanet>", "The datanet, by name or number").makeOptionMandatory(),
    option("--licence <licence>", "The licence of these texts (default: the datanet's)"),
    option("--class <class>", "The class of these texts, where the datanet has classes"),
    option("--payout-address <address>", "Where the earnings go, from now on, of all your texts"),
    new Option("--commit", "Commit to the texts before showing them, as some datanets ask for anyway"),
    option("--certificate <file>", "Where the certificate is written (default: <folder>.certificate.json)"),
    ...txOptions(),
  ])
    .option("--no-keep", "Do not keep the texts in this home's blocks")
    .action(async (folder: string, options: { keep: boolean }, made: Command) => {
      await contribute(new Settings(made), resolve(folder), options.keep);
    });
}

async function contribute(settings: Settings, folder: string, keep: boolean): Promise<void> {
  for (const flag of ["offline", "generate-only", "dry-run", "unordered"]) {
    if (settings.isSet(flag))
      throw usageError(`--${flag} is not for contribute`, "`tributaryd tx datanet contribute` takes it");
  }
  const target = resolve(settings.text("certificate") ?? `${basename(folder)}.certificate.json`);
  if (existsSync(target)) {
    throw new CliError(`${target} exists already`, "name another with --certificate; nothing was sent");
  }
  const signer = await signerOf(settings);
  const client = new RpcClient(settings.nodeUrl());
  const chainId = (await client.call<{ node_info: { network: string } }>("status")).node_info.network;
  const datanet = await findDatanet(client, settings.text("datanet") ?? "");
  const plan: Plan = {
    ...{ settings, client, signer, datanet },
    join: await mustJoin(client, datanet, signer.address),
    payoutAddress: settings.text("payout-address") ?? "",
    feeGranter: settings.setting("fee-granter") ?? (await sponsor(client, datanet, signer.address)),
  };
  for (const line of await ownNotices(client, datanet.id, signer.address)) notice(line);
  const place = { chainId, contributor: signer.address, datanetId: datanet.id };
  const sent: SentBatch[] = [];
  const told = (batch: SentBatch): void => {
    sent.push(batch);
    notice(`${batch.records.length} records in block ${batch.height}, transaction ${batch.hash}`);
  };
  const pending: PendingFile[] = [];
  try {
    pending.push(...(await resumeCommitted(plan, place, told)));
    pending.push(...(await contributeNew(plan, place, { folder, keep, isResumed: pending.length > 0 }, told)));
  } catch (error) {
    if (sent.length === 0) throw error;
    writeCertificate(target, await certify(client, place, sent));
    throw new CliError(
      `after ${sent.length} transactions with records: ${messageOf(error)}`,
      `what was recorded is certified in ${target}; run the command again with another --certificate for the rest`,
    );
  }
  if (sent.length > 0) writeCertificate(target, await certify(client, place, sent));
  // Only now is nothing of them needed any more.
  for (const file of pending) file.remove();
  if (sent.length === 0) {
    throw new CliError(`${folder} has no text that is new to ${datanet.name}`, "nothing was sent");
  }
  report(settings, datanet, sent, target);
}

/** Contributes what the folder has that is new. Gives the files of pending commitments that are of no more use. */
async function contributeNew(
  before: Plan,
  place: PendingPlace,
  { folder, keep, isResumed }: { folder: string; keep: boolean; isResumed: boolean },
  told: (batch: SentBatch) => void,
): Promise<readonly PendingFile[]> {
  const { settings, client, datanet, signer } = before;
  // What was pending may have joined.
  const plan = isResumed ? { ...before, join: await mustJoin(client, datanet, signer.address) } : before;
  const files = await newFiles(plan, place.chainId, folder);
  if (files.length === 0) return [];
  const blockGas = await blockGasLimit(client);
  const isCommitted = datanet.commitFirst || settings.isSet("commit");
  const cost = await (isCommitted ? quoteCommitted : quote)(plan, files, blockGas);
  await agree(settings, plan, files, cost, isCommitted);
  if (keep) await keepTexts(settings, files);
  if (isCommitted) return await submitCommitted(plan, place, files, cost.filesPerTx, told);
  await submit(plan, files, cost.filesPerTx, told);
  return [];
}

/** The texts of the folder that the datanet would take; says of the others why not. */
async function newFiles(
  { settings, client, datanet, signer }: Plan,
  chainId: string,
  folder: string,
): Promise<readonly PreparedFile[]> {
  const { files, left } = prepareFolder(folder, {
    licence: settings.text("licence") ?? "",
    class: settings.text("class") ?? "",
    seal: sealOf(settings, chainId, datanet),
  });
  for (const { name, reason } of left) notice(`left out: ${name}: ${reason}`);
  const { known, fresh } = await knownFiles(client, datanet, files);
  for (const one of known) notice(`left out: ${fileLine(one, signer.address)}`);
  const { novel, copies } = await novelFiles(client, datanet, fresh);
  for (const one of copies) notice(`left out: ${copyLine(one)}`);
  return novel;
}

/** Says what it costs and asks. Throws CliError when the answer is no. */
async function agree(
  settings: Settings,
  plan: Plan,
  files: readonly PreparedFile[],
  cost: Quote,
  isCommitted: boolean,
): Promise<void> {
  const { datanet, client, feeGranter } = plan;
  const bond = await recordBond(client, datanet);
  const bonds = files.reduce((sum, { input }) => sum + bond.amountOf(input.length), 0n);
  const bytes = files.reduce((sum, { input }) => sum + input.length, 0n);
  notice(
    `${files.length} texts, ${bytes} bytes, to datanet ${datanet.id} (${datanet.name}), licence ${settings.text("licence") ?? datanet.licence}`,
  );
  notice(`${cost.transactions} transactions, about ${cost.gas} gas; fees about ${feeText(cost.fee)}`);
  if (feeGranter !== undefined) notice(`the fees are paid by ${feeGranter}`);
  notice(
    `bonds of ${bonds}${bond.denom}, given back after ${bond.seconds} seconds unless a text proves to be a copy or nobody shows it when it is demanded`,
  );
  if (isCommitted) {
    notice(
      `committed to before they are shown: deposits of ${bond.deposit}${bond.denom} for each ${cost.filesPerTx} texts, given back when they are revealed, within ${bond.revealSeconds} seconds`,
    );
  }
  const { joinFee } = datanet;
  if (plan.join) notice(`joining costs ${joinFee === undefined ? "nothing" : `${joinFee.amount}${joinFee.denom}`}`);
  if (settings.isSet("yes")) return;
  if (!(await confirm("record them for good"))) throw new CliError("aborted", "nothing was signed or sent");
}

/** How texts of a private datanet are sealed. Throws CliError when this home has no content key for it. */
function sealOf(
  settings: Settings,
  chainId: string,
  { id: datanetId, isPrivate, keyVersion }: Datanet,
): ((text: Uint8Array) => Uint8Array) | undefined {
  if (!isPrivate) return undefined;
  const place = { chainId, datanetId, keyVersion };
  const key = contentKey(settings, place);
  return (text) => sealText(text, key, place);
}

/** Before anything is sent: a text nobody can show later earns nothing. */
async function keepTexts(settings: Settings, files: readonly PreparedFile[]): Promise<void> {
  const store = await openStore(settings);
  for (const { block } of files) await keepBlock(store, block, "pinned");
}

function writeCertificate(target: string, certificate: Certificate): void {
  writeFileAtomic(target, `${JSON.stringify(certificate, null, 1)}\n`);
}

function report(settings: Settings, datanet: Datanet, sent: readonly SentBatch[], target: string): void {
  const records = sent.flatMap((batch) =>
    batch.records.map(({ file, number }) => ({
      number: number.toString(),
      file: file.name,
      cid: rawCidText(file.input.contentHash),
      tx_hash: batch.hash,
    })),
  );
  printData({ datanet_id: datanet.id.toString(), records, certificate: target }, settings.output());
}
