// Owns the ten accounts of a development chain. Their keys are derived from their names, so that everybody has them: they
// are public by design and worth nothing anywhere else. It stores nothing.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { JsonValue } from "../../proto/json.ts";
import { cosmosCoinType, derivePrivateKey, hdPath, mnemonicFromEntropy } from "../keys/derivation.ts";

/** Names of the accounts, in order. The first also operates the validator. */
export const devAccountNames = [
  ...(["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"] as const),
] as const;
export type DevAccountName = (typeof devAccountNames)[number];

/** What each account begins with, of each of the two coins: one million. */
export const devAccountCoins = 1_000_000_000_000n;
/** What the first account delegates to the validator, in uopen. */
export const devSelfDelegation = 100_000_000_000n;

/** What a development chain is made from. */
export interface DevPreset {
  readonly chain_id: string;
  readonly denom: string;
  readonly second_denom: string;
  readonly denom_metadata: JsonValue;
  /** Written down because deriving ten keys would take a third of the time to the first block; a test derives them. */
  readonly addresses: { readonly [name in DevAccountName]: string };
}

/** The preset beside the others, genesis/networks/dev.json. */
export function readDevPreset(): DevPreset {
  return JSON.parse(readFileSync(new URL("../../genesis/networks/dev.json", import.meta.url), "utf8")) as DevPreset;
}

/** The mnemonic of a name: the entropy is the SHA-256 of a sentence with the name in it. */
export function devMnemonic(name: DevAccountName): string {
  return mnemonicFromEntropy(createHash("sha256").update(`tributary development account ${name}`, "utf8").digest());
}

/** A development account with its public secret. */
export class DevAccount {
  readonly name: DevAccountName;
  /** Account address as text. */
  readonly address: string;
  #privateKey: Uint8Array | undefined;

  constructor(name: DevAccountName, address: string) {
    this.name = name;
    this.address = address;
  }

  get mnemonic(): string {
    return devMnemonic(this.name);
  }

  /** 32 bytes; derived when first asked for, which takes some tens of milliseconds. */
  get privateKey(): Uint8Array {
    this.#privateKey ??= derivePrivateKey(this.mnemonic, hdPath(cosmosCoinType, 0, 0));
    return this.#privateKey;
  }
}

/** All accounts. */
export function devAccounts(preset: DevPreset): readonly DevAccount[] {
  return devAccountNames.map((name) => new DevAccount(name, preset.addresses[name]));
}
