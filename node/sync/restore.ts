/**
 * Owns making a data folder from a snapshot's chunks and a verified header: decompression, the records in batches, the comparison of the
 * app hash, and the folder's last batch, which makes it a node's. Nothing of it is seen by a node before that folder is renamed (by
 * whoever asked). Does not own the stream's meaning (chain/store) nor where chunks and headers come from.
 */
import { rmSync } from "node:fs";
import { createInflate } from "node:zlib";
import type { ChainApplication } from "../../chain/app/application.ts";
import { SnapshotError, type StateImport } from "../../chain/store/snapshot-import.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import type { Header } from "../../chain/types/header.ts";
import { consensusParamsHash } from "../../chain/types/params.ts";
import { equalTime } from "../../chain/types/time.ts";
import { validatorSetHash } from "../../chain/types/validator-set.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { CrashPoints } from "../engine/crash-points.ts";
import { bareCommit } from "../engine/extensions.ts";
import type { Block, BlockId, Commit, ExtendedCommit, StateWrite } from "../ports.ts";
import { RestoredStorage } from "../storage/restored.ts";
import { MAX_RESTORED_BYTES, RESTORE_BATCH_BYTES } from "./limits.ts";

/** Makes the application over the records of a folder. */
export type ApplicationOver = (records: { get(key: Uint8Array): Uint8Array | undefined }) => ChainApplication;

/** What is restored, and against what it is checked. */
export interface RestoreOptions {
  /** Where the folder is made; removed first if it is there. */
  readonly path: string;
  readonly chainId: string;
  readonly initialHeight: bigint;
  readonly height: bigint;
  readonly applicationOver: ApplicationOver;
  readonly points?: CrashPoints | undefined;
}

/** The block of the snapshot's height with a commit for it, extended where that height has vote extensions. */
export interface LastBlock {
  readonly block: Block;
  readonly bytes: Uint8Array;
  readonly blockId: BlockId;
  readonly commit: Commit | ExtendedCommit;
}

/** Writes all records. Resolves with the open folder; rejects with SnapshotError, the folder gone, when the stream is not that state. */
export async function restoreRecords(
  { path, chainId, initialHeight, height, applicationOver, points }: RestoreOptions,
  compressed: AsyncIterable<Uint8Array>,
  appHash: Uint8Array,
): Promise<RestoredStorage> {
  rmSync(path, { recursive: true, force: true });
  const importing = applicationOver({ get: () => undefined }).snapshotState.importAt(height, initialHeight);
  const storage = await RestoredStorage.create(path, chainId, points);
  try {
    await writeStream(importing, compressed, storage);
    if (!equalBytes(importing.appHash, appHash)) {
      throw new SnapshotError(`the snapshot of height ${height} does not have the app hash of that height`);
    }
    return storage;
  } catch (error) {
    await storage.close();
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

async function writeStream(
  importing: StateImport,
  compressed: AsyncIterable<Uint8Array>,
  storage: RestoredStorage,
): Promise<void> {
  let batch: StateWrite[] = [];
  let batchBytes = 0;
  const put = async (writes: Iterable<StateWrite>) => {
    for (const write of writes) {
      batch.push(write);
      batchBytes += write.key.length + (write.value?.length ?? 0);
      if (batchBytes < RESTORE_BATCH_BYTES) continue;
      await storage.writeRecords(batch);
      batch = [];
      batchBytes = 0;
    }
  };
  let unfolded = 0;
  for await (const bytes of inflated(compressed)) {
    unfolded += bytes.length;
    if (unfolded > MAX_RESTORED_BYTES)
      throw new SnapshotError(`the snapshot unfolds to more than ${MAX_RESTORED_BYTES} bytes`);
    await put(importing.add(bytes));
  }
  await put(importing.finish());
  await put(importing.finalRecords());
  await storage.writeRecords(batch);
}

/** The stream without zlib; what is no such stream is a SnapshotError. */
async function* inflated(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflate();
  const feeding = (async () => {
    for await (const bytes of compressed) {
      if (inflate.destroyed) return;
      if (!inflate.write(bytes)) await new Promise<void>((resolve) => onceEither(inflate, resolve));
    }
    inflate.end();
  })().catch((error: Error) => inflate.destroy(error));
  try {
    for await (const bytes of inflate) yield bytes as Uint8Array;
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      throw new SnapshotError(`the snapshot does not decompress: ${error.message}`);
    throw error;
  } finally {
    inflate.destroy();
    await feeding;
  }
}

/** Resolves when the stream takes more, or takes nothing any more. */
function onceEither(stream: NodeJS.EventEmitter, resolve: () => void): void {
  const done = () => {
    for (const name of ["drain", "close", "error"]) stream.off(name, done);
    resolve();
  };
  for (const name of ["drain", "close", "error"]) stream.on(name, done);
}

/**
 * The chain's state after the snapshot's block, whose header is `lastHeader`; `header`, of the next block, was verified. Validators come
 * from the restored state, with their priorities; headers prove who they are. Throws SnapshotError where the two do not fit.
 */
export function chainStateOf(
  application: ChainApplication,
  header: Header,
  lastHeader: Header,
  initialHeight: bigint,
): ChainState {
  const facts = application.snapshotState.engineFacts();
  if (facts === undefined) throw new SnapshotError("the snapshot's state does not tell the validators");
  const { lastValidators, validators, nextValidators, consensusParams } = facts;
  const { block, evidence, validator, version, abci } = consensusParams;
  if (block === undefined || evidence === undefined || validator === undefined || version === undefined) {
    throw new SnapshotError("the snapshot's state does not tell the consensus parameters");
  }
  const params = { block, evidence, validator, version, abci: abci ?? { voteExtensionsEnableHeight: 0n } };
  const fits =
    equalBytes(validatorSetHash(lastValidators), lastHeader.validatorsHash) &&
    equalBytes(validatorSetHash(validators), header.validatorsHash) &&
    equalBytes(validatorSetHash(nextValidators), header.nextValidatorsHash) &&
    equalBytes(consensusParamsHash(params), header.consensusHash) &&
    equalTime(facts.time, lastHeader.time);
  if (!fits) throw new SnapshotError(`the snapshot's state does not fit the header of height ${header.height}`);
  return {
    chainId: header.chainId,
    initialHeight,
    lastBlockHeight: lastHeader.height,
    lastBlockId: header.lastBlockId,
    lastBlockTime: lastHeader.time,
    validators,
    nextValidators,
    lastValidators,
    lastHeightValidatorsChanged: header.height + 1n,
    consensusParams: params,
    lastHeightConsensusParamsChanged: header.height,
    lastResultsHash: header.lastResultsHash,
    appHash: header.appHash,
    appVersion: header.version.app,
  };
}

/** The last batch of the folder. */
export async function finishFolder(
  storage: RestoredStorage,
  state: ChainState,
  { block, bytes, blockId, commit }: LastBlock,
): Promise<void> {
  const seenCommit = bareCommit(commit);
  const extendedCommit = "signatures" in commit ? undefined : commit;
  const height = state.lastBlockHeight;
  await storage.finish({ height, block, blockBytes: bytes, blockId, seenCommit, extendedCommit, state });
}
