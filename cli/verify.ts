// Owns `tributaryd verify`: checking a certificate of a contribution without asking anyone, against validators the caller trusts, and the files
// it is about. The checks of the certificate itself are client/certificate.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { rawCidText } from "../chain/types/cid.ts";
import { textRoot } from "../chain/types/text-tree.ts";
import { formatTime } from "../chain/types/time.ts";
import {
  type Certificate,
  CertificateError,
  readCertificate,
  type VerifiedBatch,
  verifyCertificate,
} from "../client/certificate.ts";
import { nodeHasher } from "../node/crypto.ts";
import { fromHex, hex } from "../proto/bytes.ts";
import { maxCertificateBytes } from "./contribute/limits.ts";
import { CliError, messageOf, usageError } from "./errors.ts";
import { readJsonFile } from "./files.ts";
import { option, outputOption, withOptions } from "./options.ts";
import { printData } from "./output.ts";
import { Settings } from "./settings.ts";

/** Fills in the `verify` command. */
export function addVerifyCommand(command: Command): void {
  withOptions(command, [
    option(
      "--validators-hash <hashes>",
      "Hash of a validator set you trust, as `validators_hash` of a block shows it; several separated by commas",
    ),
    option("--folder <folder>", "Check too that these are the files: their roots are computed anew"),
    outputOption(),
  ]).action((path: string, _options: unknown, made: Command) => verify(new Settings(made), path));
}

function verify(settings: Settings, path: string): void {
  const trusted = trustedHashes(settings.text("validators-hash"));
  const { certificate, batches } = checked(path);
  const folder = settings.text("folder");
  if (folder !== undefined) checkFiles(certificate, folder);
  const unknown = [...new Set(batches.map(({ validatorsHash }) => validatorsHash))].filter(
    (hash) => !trusted.includes(hash),
  );
  if (unknown.length > 0) {
    throw new CliError(
      `the certificate agrees with itself, but was signed by validators you have not said you trust: ${unknown.join(", ").toUpperCase()}`,
      "compare with `validators_hash` of those blocks from somebody you trust, then give it with --validators-hash",
    );
  }
  const records = batches.flatMap((batch) =>
    batch.records.map((record) => ({
      number: record.number.toString(),
      file: record.name,
      cid: rawCidText(record.contentHash),
      bytes: record.length.toString(),
      height: batch.height.toString(),
      // Earlier than the block for what was committed to first: from there the record counts.
      claim_height: record.claimHeight.toString(),
      time: formatTime(batch.time),
      tx_hash: batch.txHash.toUpperCase(),
    })),
  );
  const { chain_id, contributor, datanet_id } = certificate;
  printData(
    { valid: true, chain_id, datanet_id, contributor, files_checked: folder !== undefined, records },
    settings.output(),
  );
}

function checked(path: string): { readonly certificate: Certificate; readonly batches: readonly VerifiedBatch[] } {
  try {
    const certificate = readCertificate(readJsonFile(path, maxCertificateBytes));
    for (const { cid, content_hash } of certificate.batches.flatMap(({ records }) => records)) {
      if (rawCidText(fromHex(content_hash)) !== cid)
        throw new CertificateError(`${cid} is not the identifier of its hash`);
    }
    return { certificate, batches: verifyCertificate(certificate) };
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    throw new CliError(`${path} does not hold: ${messageOf(error)}`, "get it again from whoever gave it to you");
  }
}

/** Throws CliError at the first file that is not the recorded text. Sealed texts have the root of what was sealed. */
function checkFiles({ batches }: Certificate, folder: string): void {
  for (const { file, text_root } of batches.flatMap(({ records }) => records)) {
    const text = new Uint8Array(readFileSync(join(folder, file)));
    if (text.length === 0 || hex(textRoot(text, nodeHasher())) !== text_root) {
      throw new CliError(`${join(folder, file)} is not the text that was recorded`, "the certificate itself holds");
    }
  }
}

function trustedHashes(given: string | undefined): readonly string[] {
  const hashes = (given ?? "").split(",").map((hash) => hash.trim().toLowerCase());
  const named = hashes.filter((hash) => hash !== "");
  for (const hash of named) {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw usageError(`--validators-hash ${hash} is not 64 hexadecimal digits`);
  }
  return named;
}
