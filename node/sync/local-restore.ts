/**
 * Owns going back to the height of a snapshot on this node's own disk, where the node has the block of that height and the one after it, or
 * stands at that height: nobody else is asked. The new data folder is built aside and takes the old one's place by renames. Does not own
 * the snapshot nor what signing may do afterwards: the sign journal stays as it is.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { SnapshotError } from "../../chain/store/snapshot-import.ts";
import { partsOfBlock } from "../../chain/types/block.ts";
import { makeBlock } from "../../chain/types/chain-state.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import type { Header } from "../../chain/types/header.ts";
import { LightSourceError } from "../light/rpc-source.ts";
import type { PastHeader } from "../ports.ts";
import type { NodeStorage } from "../storage/storage.ts";
import { fetchPast, type PastSource } from "./past-headers.ts";
import { type ApplicationOver, chainStateOf, finishFolder, restoreRecords } from "./restore.ts";
import { SNAPSHOT_FORMAT, type SnapshotStore, syncPath } from "./snapshot-store.ts";

/** What is restored, and where. */
export interface LocalRestoreOptions {
  readonly height: bigint;
  readonly databasePath: string;
  /** A folder on the same disk to work in. */
  readonly workFolder: string;
}

/** Restores, closes `storage`, and gives the path where the old data folder is now. Throws SnapshotError, with nothing changed. */
export async function restoreLocally(
  { height, databasePath, workFolder }: LocalRestoreOptions,
  needs: {
    readonly storage: NodeStorage;
    readonly snapshots: SnapshotStore;
    readonly applicationOver: ApplicationOver;
    readonly hasher: Hasher;
  },
): Promise<string> {
  const { storage, snapshots, applicationOver, hasher } = needs;
  const snapshot = snapshots.find(height, SNAPSHOT_FORMAT);
  if (snapshot === undefined)
    throw new SnapshotError(`there is no snapshot of height ${height} in ${snapshots.directory}`);
  const last = await storage.loadBlock(height);
  const header = headerAfter(storage, height, hasher);
  const state = storage.chainState;
  if (last === undefined || header === undefined || state === undefined) {
    throw new SnapshotError(
      `this home does not have block ${height} and the header after it, which say what the state must be; begin anew with state sync instead`,
    );
  }
  mkdirSync(workFolder, { recursive: true, mode: 0o700 });
  const path = join(workFolder, "restored.db");
  const { chainId, initialHeight } = state;
  const chunks = async function* () {
    for (let index = 0; index < snapshot.chunks; index++) {
      const chunk = snapshots.chunk(height, SNAPSHOT_FORMAT, index);
      if (chunk === undefined) throw new SnapshotError(`chunk ${index} of the snapshot is missing`);
      yield chunk;
    }
  };
  const restored = await restoreRecords(
    { path, chainId, initialHeight, height, applicationOver },
    chunks(),
    header.appHash,
  );
  try {
    const application = applicationOver({ get: (key) => restored.record(key) });
    const { bytes, blockId } = partsOfBlock(last.block, hasher);
    const after = chainStateOf(application, header, last.block.header, initialHeight);
    const past = { sources: [pastOf(storage)], log: { info: () => undefined, warn: () => undefined } };
    const write = (headers: readonly PastHeader[]) => restored.writePast(headers);
    await fetchPast({ state: after, last: last.block.header }, { ...past, write });
    await finishFolder(restored, after, {
      block: last.block,
      bytes,
      blockId,
      commit: last.extendedCommit ?? last.seenCommit,
    });
  } finally {
    await restored.close();
  }
  await storage.close();
  const old = `${databasePath}.before-restore-${Date.now()}`;
  renameSync(databasePath, old);
  renameSync(path, databasePath);
  await syncPath(dirname(databasePath));
  if (existsSync(workFolder)) rmSync(workFolder, { recursive: true, force: true });
  return old;
}

/** What this home itself knows of the heights before the snapshot: they are not in the new folder, but evidence may speak of them. */
function pastOf(storage: NodeStorage): PastSource {
  const headerAt = async (height: bigint) =>
    storage.blockMeta(height)?.header ?? (await storage.loadPast(height))?.header;
  return {
    name: "this home",
    headers: async (lowest, highest) => {
      const found: Header[] = [];
      for (let height = highest; height >= lowest; height--) {
        const header = await headerAt(height);
        if (header !== undefined) found.push(header);
      }
      return found;
    },
    validators: async (height) => {
      const found = storage.validators(height) ?? (await storage.loadPast(height))?.validators;
      if (found === undefined) throw new LightSourceError(`this home does not know who signed height ${height}`);
      return found;
    },
  };
}

/** The header after a height: of the stored block, or of the block that would be made now. */
function headerAfter(storage: NodeStorage, height: bigint, hasher: Hasher): Header | undefined {
  const state = storage.chainState;
  if (state === undefined || state.lastBlockHeight < height) return undefined;
  if (state.lastBlockHeight > height) return storage.blockMeta(height + 1n)?.header;
  const commit = storage.seenCommit(height);
  return commit && makeBlock(state, [], commit, [], state.validators.validators[0]!.address, hasher).header;
}
