// Owns the ten accounts of a development chain. Their keys are derived from their names, so that everybody has them: they
// are public by design and worth nothing anywhere else. It stores nothing.
import { createHash } from "node:crypto";
import { secp256k1Address } from "../../chain/types/public-key.ts";
import { cosmosCoinType, derivePrivateKey, hdPath, mnemonicFromEntropy, publicKeyOf } from "../keys/derivation.ts";

/** Names of the accounts, in order. The first also operates the validator. */
export const devAccountNames = [
  "alice",
  "bob",
  "carol",
  "dave",
  "erin",
  "frank",
  "grace",
  "heidi",
  "ivan",
  "judy",
] as const;
export type DevAccountName = (typeof devAccountNames)[number];

/** What each account begins with, in uopen: one million OPEN. */
export const devAccountCoins = 1_000_000_000_000n;
/** What the first account delegates to the validator, in uopen. */
export const devSelfDelegation = 100_000_000_000n;
/** The chain id of a development chain. */
export const devChainId = "tributary-dev-1";

/** A development account with its public secret. */
export interface DevAccount {
  readonly name: DevAccountName;
  readonly mnemonic: string;
  readonly privateKey: Uint8Array;
  /** Account address, 20 bytes. */
  readonly address: Uint8Array;
}

/** The mnemonic of a name: the entropy is the SHA-256 of a sentence with the name in it. */
export function devMnemonic(name: DevAccountName): string {
  return mnemonicFromEntropy(createHash("sha256").update(`tributary development account ${name}`, "utf8").digest());
}

/** All accounts. Derivation takes a few milliseconds each. */
export function devAccounts(): readonly DevAccount[] {
  return devAccountNames.map((name) => {
    const mnemonic = devMnemonic(name);
    const privateKey = derivePrivateKey(mnemonic, hdPath(cosmosCoinType, 0, 0));
    return { name, mnemonic, privateKey, address: secp256k1Address(publicKeyOf(privateKey)) };
  });
}
