// Owns `tributaryd comet`: the identities in the home folder, as CometBFT's own commands print them.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { CliError } from "./errors.ts";
import { readJsonFile } from "./files.ts";
import type { HomePaths } from "./home.ts";
import { option, outputOption, withOptions } from "./options.ts";
import { printData, printLine } from "./output.ts";
import { Settings } from "./settings.ts";
import { formatVersions } from "./version.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** Reads a member of a key file, checked for type and length. */
function keyBytes(path: string, member: "priv_key" | "pub_key", type: string, length: number): Uint8Array {
  if (!existsSync(path))
    throw new CliError(
      `${path} does not exist`,
      "make the home folder with `tributaryd init`, or name another with --home",
    );
  const json = readJsonFile(path) as { readonly [key: string]: { readonly type?: unknown; readonly value?: unknown } };
  const key = json[member];
  if (key?.type !== type || typeof key.value !== "string") {
    throw new CliError(`${path} holds no ${type}`, "restore it from a backup; it was not changed");
  }
  const bytes = new Uint8Array(Buffer.from(key.value, "base64"));
  if (bytes.length !== length)
    throw new CliError(`${path}: the key has ${bytes.length} bytes instead of ${length}`, "restore it from a backup");
  return bytes;
}

/** The node's id: 40 hexadecimal digits, the address of its ed25519 key. */
export function nodeId(paths: HomePaths): string {
  const key = keyBytes(paths.nodeKey, "priv_key", "tendermint/PrivKeyEd25519", 64);
  return Buffer.from(sha256(key.subarray(32)).subarray(0, 20)).toString("hex");
}

/** The validator's consensus public key, 32 bytes. */
export function validatorPublicKey(paths: HomePaths): Uint8Array {
  return keyBytes(paths.privValidatorKey, "pub_key", "tendermint/PubKeyEd25519", 32);
}

/** The key as the JSON that create-validator takes. */
export function validatorKeyJson(paths: HomePaths): { "@type": string; key: string } {
  return { "@type": "/cosmos.crypto.ed25519.PubKey", key: Buffer.from(validatorPublicKey(paths)).toString("base64") };
}

/** Adds the `comet` commands to their group. */
export async function addCometCommands(comet: Command): Promise<void> {
  comet
    .command("show-node-id")
    .description("Print this node's id")
    .action((_options: unknown, command: Command) => printLine(nodeId(new Settings(command).paths)));

  comet
    .command("show-validator")
    .description("Print this node's validator key")
    .action((_options: unknown, command: Command) =>
      printLine(JSON.stringify(validatorKeyJson(new Settings(command).paths))),
    );

  withOptions(comet.command("show-address").description("Print this node's consensus address"), [
    option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
  ]).action((_options: unknown, command: Command) => {
    const settings = new Settings(command);
    printLine(settings.addresses().consensus(sha256(validatorPublicKey(settings.paths)).slice(0, 20)));
  });

  withOptions(comet.command("version").description("Print the protocol versions"), [outputOption()]).action(
    (_options: unknown, command: Command) =>
      printData(
        { tendermint: formatVersions.cometBft.slice(1), abci: "2.0.0", block_protocol: 11, p2p_protocol: 8 },
        new Settings(command).output(),
      ),
  );

  // The keys above are read by other commands too, which have no use for a light client.
  (await import("./light.ts")).addLightCommand(comet);
  (await import("./reset.ts")).addResetCommands(comet);
}
