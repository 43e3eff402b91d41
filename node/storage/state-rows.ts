/**
 * Owns the rows of one block, as storage writes them with every block and as a restored state begins with one. Does not own when they are
 * written (storage.ts, restored.ts) nor the rows of the chain's state (state-records.ts).
 */
import { encode } from "../../proto/codec.ts";
import type { BlockBatch, StateWrite } from "../ports.ts";
import type { Write } from "./database.ts";
import { applicationBatchBytes } from "./limits.ts";
import { bytesKey, heightKey, table, uint64Bytes } from "./tables.ts";

/** A block with its commit. */
export function blockWrites({
  height,
  block,
  blockBytes,
  blockId,
  seenCommit,
  extendedCommit,
}: Pick<
  BlockBatch,
  "height" | "block" | "blockBytes" | "blockId" | "seenCommit" | "extendedCommit"
>): readonly Write[] {
  const meta = {
    blockId,
    blockSize: BigInt(blockBytes.length),
    header: block.header,
    numTxs: BigInt(block.data.txs.length),
  };
  const extended = extendedCommit && encode("tendermint.types.ExtendedCommit", extendedCommit);
  return [
    ...(extended === undefined ? [] : [{ key: heightKey(table.extendedCommits, height), value: extended }]),
    { key: heightKey(table.blocks, height), value: blockBytes },
    { key: heightKey(table.blockMetas, height), value: encode("tendermint.types.BlockMeta", meta) },
    { key: bytesKey(table.blockHashes, blockId.hash), value: uint64Bytes(height) },
    { key: heightKey(table.seenCommits, height), value: encode("tendermint.types.Commit", seenCommit) },
  ];
}

/** The application's records, in batches of about `applicationBatchBytes`. */
export function* applicationBatches(writes: Iterable<StateWrite>): Generator<readonly Write[], void, undefined> {
  let batch: Write[] = [];
  let bytes = 0;
  for (const { key, value } of writes) {
    batch.push({ key: bytesKey(table.application, key), value });
    bytes += key.length + (value?.length ?? 0);
    if (bytes < applicationBatchBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
