// Owns `genesis migrate`: the genesis of an earlier SDK in the form of a later one, on stdout or in a file. What changes is in genesis/migrate.ts.
import type { Command } from "commander";
import { moduleAddress } from "../../chain/types/address.ts";
import { GenesisError, parseGenesisDocument } from "../../chain/types/genesis-doc.ts";
import { parseTime, ZERO_TIME } from "../../chain/types/time.ts";
import { type MigrationFacts, migrated, migrationTargets } from "../../genesis/migrate.ts";
import type { GenesisInParts } from "../../genesis/state-parts.ts";
import { compactGenesisPieces, genesisTextPieces } from "../../genesis/write-pieces.ts";
import { JsonError, type JsonValue } from "../../proto/json.ts";
import { commandModules } from "../derive/modules.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { writePiecesAtomic } from "../files.ts";
import { option, withOptions } from "../options.ts";
import { printRaw } from "../output.ts";
import { Settings } from "../settings.ts";
import { explained, readGenesis } from "./genesis-file.ts";

/** Adds `migrate` to the `genesis` commands. */
export function addMigrate(genesis: Command): void {
  withOptions(
    genesis
      .command("migrate <target-version> <genesis-file>")
      .description(
        `Bring a genesis to the form of a later SDK and print it: ${migrationTargets().join(", ")}, one after the other; CometBFT's form becomes the SDK's`,
      ),
    [
      option("--genesis-time <time>", "Replace genesis_time, such as 2026-01-31T12:00:00Z"),
      option("--chain-id <id>", "Replace chain_id"),
      option("--output-document <file>", "Write it to a file instead of stdout"),
      option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
    ],
  ).action(migrate);
}

async function migrate(target: string, path: string, _options: unknown, command: Command): Promise<void> {
  const settings = new Settings(command);
  const known = migrationTargets();
  if (!known.includes(target)) {
    throw usageError(
      `there is no migration to ${JSON.stringify(target)}`,
      `the versions known are ${known.join(", ")}; nothing was changed`,
    );
  }
  const genesis = readGenesis(path);
  const document = renamed(settings, genesis.document);
  try {
    parseGenesisDocument(document, ZERO_TIME);
  } catch (error) {
    if (!(error instanceof GenesisError)) throw error;
    throw new CliError(
      `${path}: ${error.message}`,
      "the consensus parameters must already be those of CometBFT 0.38; nothing was changed",
    );
  }
  const facts = await factsOf(settings);
  const parts = explained(path, () => stateOf(path, genesis, target, facts));
  const file = settings.text("output-document");
  explained(path, () => {
    if (file !== undefined && file !== "") writePiecesAtomic(file, genesisTextPieces(document, parts));
    else for (const piece of compactGenesisPieces(document, parts)) printRaw(piece);
  });
}

function renamed(settings: Settings, document: GenesisInParts["document"]): GenesisInParts["document"] {
  const time = settings.text("genesis-time") ?? "";
  const chainId = settings.text("chain-id") ?? "";
  if (time !== "") {
    try {
      parseTime(time);
    } catch (error) {
      throw usageError(`--genesis-time: ${messageOf(error)}`, "it looks like 2026-01-31T12:00:00Z");
    }
  }
  return {
    ...document,
    ...(time === "" ? {} : { genesis_time: time }),
    ...(chainId === "" ? {} : { chain_id: chainId }),
  };
}

async function factsOf(settings: Settings): Promise<MigrationFacts> {
  const gov = (await commandModules()).find(({ name }) => name === "gov")?.defaultGenesis();
  const { params } = gov as { readonly params: { readonly [member: string]: JsonValue } };
  return { authority: settings.addresses().account(moduleAddress("gov")), govParams: params };
}

function stateOf(path: string, { parts }: GenesisInParts, target: string, facts: MigrationFacts) {
  try {
    const changed = migrated(parts, target, facts);
    if (changed === undefined) throw new Error(`no migration to ${target}`);
    return changed;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CliError(`${path}: ${error.message}`, "is it a genesis of the version before? Nothing was changed");
  }
}
