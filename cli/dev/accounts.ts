// Owns the ten accounts of a development chain. Their keys are derived from their names (mnemonics.ts), so that everybody
// has them: they are public by design and worth nothing anywhere else. It stores nothing.
import { readFileSync } from "node:fs";
import type { JsonValue } from "../../proto/json.ts";

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
  /**
   * Address, and private key in hexadecimal. Written down because deriving ten keys would take a third of the time to the
   * first block; a test derives them.
   */
  readonly accounts: { readonly [name in DevAccountName]: { readonly address: string; readonly private_key: string } };
}

/** The preset beside the others, genesis/networks/dev.json. */
export function readDevPreset(): DevPreset {
  return JSON.parse(readFileSync(new URL("../../genesis/networks/dev.json", import.meta.url), "utf8")) as DevPreset;
}

/** A development account with its public secret. */
export interface DevAccount {
  readonly name: DevAccountName;
  /** Account address as text. */
  readonly address: string;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** All accounts. */
export function devAccounts(preset: DevPreset): readonly DevAccount[] {
  return devAccountNames.map((name) => {
    const { address, private_key } = preset.accounts[name];
    return { name, address, privateKey: new Uint8Array(Buffer.from(private_key, "hex")) };
  });
}
