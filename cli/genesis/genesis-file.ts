// Owns the genesis file of a home folder: reading it where it lies, replacing it whole, and telling what chain it makes.
import { existsSync } from "node:fs";
import type { GenesisPart } from "../../chain/module/genesis-part.ts";
import { type AppGenesis, GenesisFormError, genesisText } from "../../genesis/app-genesis.ts";
import { type GenesisInParts, genesisInParts, piecesOf } from "../../genesis/state-parts.ts";
import { compactStatePieces, genesisTextPieces, type PartsInPieces } from "../../genesis/write-pieces.ts";
import { fileSource } from "../../node/genesis-file.ts";
import type { JsonValue } from "../../proto/json.ts";
import { JsonText, JsonTextError } from "../../proto/json-text.ts";
import { CliError } from "../errors.ts";
import { writeFileAtomic, writePiecesAtomic } from "../files.ts";
import { noticePieces } from "../output.ts";

/** The text of a genesis file, of which only what is looked at is held. */
export function genesisFileText(path: string): JsonText {
  if (!existsSync(path))
    throw new CliError(`${path} does not exist`, "make one with `tributaryd init`, or name another home with --home");
  return new JsonText(fileSource(path));
}

/** The genesis of a home folder, in the SDK's form; the modules' state stays in the file. */
export function readGenesis(path: string): GenesisInParts {
  return explained(path, () => genesisInParts(genesisFileText(path)));
}

/** Runs something that reads a genesis file; what is wrong with the file is said with its name. */
export function explained<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonTextError)
      throw new CliError(`${path} is ${error.message}`, "correct the file; it was not changed");
    if (error instanceof GenesisFormError)
      throw new CliError(`${path}: ${error.message}`, "correct the file; it was not changed");
    throw error;
  }
}

/** Replaces the genesis of a home folder, whole or not at all. */
export function writeGenesis(path: string, genesis: AppGenesis): void {
  writeFileAtomic(path, genesisText(genesis));
}

/** As `writeGenesis`, of a genesis in parts, some of them changed. What comes from the file is read from the one that is replaced. */
export function writeGenesisInParts(path: string, { document, parts }: GenesisInParts, changed: PartsInPieces): void {
  explained(path, () => writePiecesAtomic(path, genesisTextPieces(document, withChanged(parts, changed))));
}

/** The parts in their order as pieces, those that changed among them. */
export function* withChanged(
  parts: Iterable<readonly [module: string, part: JsonValue | GenesisPart]>,
  changed: PartsInPieces,
): Generator<PartsInPieces extends Iterable<infer Item> ? Item : never, void, undefined> {
  const left = new Map(changed);
  for (const [module, part] of parts) {
    yield [module, left.has(module) ? left.get(module) : piecesOf(module, part)];
    left.delete(module);
  }
  yield* left;
}

/** What `init` and `collect-gentxs` print on stderr, as simd does. */
export function printChainInfo(info: {
  readonly moniker: string;
  readonly chainId: string;
  readonly nodeId: string;
  readonly gentxsFolder: string;
  readonly appState: PartsInPieces;
}): void {
  // simd prints the members sorted.
  const others = JSON.stringify({
    chain_id: info.chainId,
    gentxs_dir: info.gentxsFolder,
    moniker: info.moniker,
    node_id: info.nodeId,
  });
  noticePieces(['{"app_message":', compactStatePieces(info.appState), `,${others.slice(1)}\n`]);
}
