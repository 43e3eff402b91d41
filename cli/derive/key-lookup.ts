// Owns turning the name of a key into an address where a command wants an address. It never asks for a passphrase: a
// keyring that would have to ask is left alone, and the text is taken as it stands.
import type { Settings } from "../settings.ts";
import type { KeyLookup } from "./fields.ts";

/** Looks names up in the keyring of the settings, when it opens without a question. */
export function keyLookup(settings: Settings): KeyLookup {
  return async (name, kind) => {
    if (settings.keyringBackend() !== "test" && settings.text("from") === undefined) return undefined;
    const keyring = await settings.keyring();
    if (!keyring.has(name)) return undefined;
    const record = await keyring.find(name);
    if (record === undefined) return undefined;
    const codec = settings.addresses();
    return kind === "account"
      ? codec.account(record.address)
      : kind === "validator"
        ? codec.validator(record.address)
        : codec.consensus(record.address);
  };
}
