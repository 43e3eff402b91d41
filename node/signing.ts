/**
 * Owns whether this node may sign: opening the sign journal of its consensus key, making it for a key that has signed
 * nothing, and going on without signing when the journal cannot vouch for the past. Signing itself is the engine's.
 */

import { dirname } from "node:path";
import { comparePositions, JournalError, SignJournal } from "./engine/sign-journal.ts";
import { Signer } from "./engine/signer.ts";
import type { ValidatorKey } from "./engine/validator-key.ts";
import { nodePaths, readSignState } from "./home.ts";
import type { EngineLog, FileSystem } from "./ports.ts";

/**
 * Opens the signer of `key` in a home whose last block has this height, 0 without any. The journal is made only in a home
 * without blocks whose priv_validator_state.json says up to where the key has signed; in every other case a missing or
 * damaged journal means that this node only follows.
 */
export function openSigner(
  options: { readonly home: string; readonly chainId: string; readonly height: bigint },
  needs: { readonly key: ValidatorKey | undefined; readonly files: FileSystem; readonly log: EngineLog },
): Signer | undefined {
  const { key, files, log } = needs;
  if (key === undefined) return undefined;
  const paths = nodePaths(options.home);
  const journalOptions = { path: paths.signJournal, chainId: options.chainId, address: key.address };
  try {
    const isNew = options.height === 0n && files.readFile(paths.signJournal) === undefined;
    const past = isNew ? readSignState(paths.signState) : undefined;
    const journal =
      past === undefined
        ? SignJournal.open(journalOptions, { files, log })
        : SignJournal.create(journalOptions, files, past.floor, past.record);
    supersede(paths.signState, journal, files);
    const signed = journal.highest.height;
    // While a block is made its height is signed at. Beyond that, blocks that this key signed for are gone.
    if (signed > options.height + 1n) {
      log.error(
        `this key has signed up to height ${signed}, but this home holds blocks only up to ${options.height}: some were lost. Nothing is signed before the chain is past that height. Let it sync from peers or, where this is the only validator, stop and restore the data folder from a copy`,
      );
    }
    return new Signer({ chainId: options.chainId }, { key, journal });
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    log.error(`${error.message}. This node follows the chain without signing.`);
    return undefined;
  }
}

/**
 * Sets CometBFT's sign state aside once there is a journal: it stays as it was while the journal grows, and in a home whose
 * data was removed but for this file, as CometBFT's operators do it, it would pass the key off as one that signed nothing.
 */
function supersede(path: string, journal: SignJournal, files: FileSystem): void {
  const past = readSignState(path);
  if (past === undefined) return;
  if (comparePositions(past.floor, journal.highest) > 0) {
    journal.close();
    throw new JournalError(
      `${path} says that the key has signed at height ${past.floor.height}, which the sign journal beside it does not know. Run: tributaryd sign-state init --min-height ${past.floor.height}, or remove that file if it is of another key`,
    );
  }
  files.rename(path, `${path}.superseded`);
  files.syncDirectory(dirname(path));
}
