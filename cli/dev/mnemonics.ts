// Owns the words of the development accounts, from which their keys are derived.
import { createHash } from "node:crypto";
import { mnemonicFromEntropy } from "../keys/derivation.ts";
import type { DevAccountName } from "./accounts.ts";

/** The mnemonic of a name: the entropy is the SHA-256 of a sentence with the name in it. */
export function devMnemonic(name: DevAccountName): string {
  return mnemonicFromEntropy(createHash("sha256").update(`tributary development account ${name}`, "utf8").digest());
}
