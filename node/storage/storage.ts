/**
 * Owns the node's persistent data as the engine, RPC and sync see it: blocks, commits, chain state, validators,
 * parameters, results, the index, and the application's records, all in one database, one synced atomic batch a block.
 * Does not own the database's mechanics (database.ts), the key space (tables.ts) nor index rows (event-index.ts).
 * Transaction step 14.
 */

import { chainStateFromProto } from "../../chain/types/chain-state.ts";
import { type ConsensusParams, consensusParamsFromProto } from "../../chain/types/params.ts";
import { incrementProposerPriority, validatorSetFromProto } from "../../chain/types/validator-set.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { sha256 } from "../crypto.ts";
import type { CrashPoints } from "../engine/crash-points.ts";
import type {
  Block,
  BlockBatch,
  ChainState,
  Commit,
  FinalizeBlockResponse,
  PastHeader,
  Storage,
  StoredBlock,
} from "../ports.ts";
import { Database, type DatabaseIdentity, StorageError, type Write } from "./database.ts";
import { eventRows } from "./event-index.ts";
import type { EventQuery } from "./event-query.ts";
import {
  packPosition,
  type SearchBounds,
  searchBlockHeights,
  searchTransactions,
  type TxPosition,
  unpackPosition,
} from "./event-search.ts";
import { prunedHeightsPerBlock, searchesAtOnce, searchesWaiting, validatorCheckpointInterval } from "./limits.ts";
import { SearchSlots } from "./search-slots.ts";
import { encodeParams, encodeState, encodeValidators, pointers } from "./state-records.ts";
import { applicationBatches, blockWrites } from "./state-rows.ts";
import {
  bytesKey,
  decidedTables,
  executedTables,
  heightKey,
  readUint64,
  singleKey,
  table,
  uint64Bytes,
} from "./tables.ts";
import { nthField } from "./wire-walk.ts";

export type BlockMeta = Messages["tendermint.types.BlockMeta"];
export type ValidatorSet = ChainState["validators"];
export type ExecTxResult = Messages["tendermint.abci.ExecTxResult"];

/** A transaction with its result, as `tx` and `tx_search` show it. */
export interface IndexedTx extends TxPosition {
  readonly tx: Uint8Array;
  readonly result: ExecTxResult;
}

/** Field numbers of what is read without decoding the whole (tendermint/types/block.proto, abci/types.proto). */
const blockDataField = 2;
const dataTxsField = 1;
const responseTxResultsField = 2;

/** The storage of one node. Reads are synchronous; only searches and writes wait. */
export class NodeStorage implements Storage {
  private readonly database: Database;
  private state: ChainState | undefined;
  private lowest: bigint;
  private readonly searches = new SearchSlots({ atOnce: searchesAtOnce, waiting: searchesWaiting });

  private constructor(database: Database) {
    this.database = database;
    const stored = database.get(singleKey(table.chainState));
    this.state = stored === undefined ? undefined : chainStateFromProto(decode("tendermint.state.State", stored));
    const base = database.get(singleKey(table.base));
    this.lowest = base === undefined ? 0n : readUint64(base);
  }

  /** Opens or creates `path`. Throws StorageError with one clear line. */
  static async open(path: string, identity: DatabaseIdentity, points?: CrashPoints): Promise<NodeStorage> {
    const database = await Database.open(path, identity, points);
    try {
      return new NodeStorage(database);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** The last committed height; 0n before the first block. */
  get height(): bigint {
    return this.state?.lastBlockHeight ?? 0n;
  }

  /** The lowest height whose block is kept; 0n before the first block. */
  get base(): bigint {
    return this.lowest;
  }

  /** The state after the last block, without waiting. */
  get chainState(): ChainState | undefined {
    return this.state;
  }

  async loadChainState(): Promise<ChainState | undefined> {
    return this.state;
  }

  async commitGenesis(state: ChainState): Promise<void> {
    // Before the first block it may be stored again: a start that failed after this point (a port in use) left it behind.
    if (this.state !== undefined && this.state.lastBlockHeight > 0n)
      throw new StorageError(`the genesis state cannot be stored over block ${this.state.lastBlockHeight}`);
    const first = state.initialHeight;
    await this.database.write([
      { key: singleKey(table.chainState), value: encodeState(state) },
      { key: heightKey(table.validatorSets, first), value: encodeValidators(state.validators) },
      { key: heightKey(table.validatorSets, first + 1n), value: encodeValidators(state.nextValidators) },
      { key: heightKey(table.consensusParams, first), value: encodeParams(state.consensusParams) },
      { key: heightKey(table.heightPointers, first), value: pointers(first, first) },
      { key: heightKey(table.heightPointers, first + 1n), value: pointers(first + 1n, undefined) },
    ]);
    this.state = state;
  }

  async commitBlock(batch: BlockBatch): Promise<void> {
    const { height, state } = batch;
    const expected = this.nextHeight();
    if (height !== expected || state.lastBlockHeight !== height) {
      throw new StorageError(`block ${height} was to be stored where ${expected} follows; nothing was written`);
    }
    for (const writes of applicationBatches(batch.appWritesBefore ?? [])) await this.database.write(writes);
    const lowest = this.lowest === 0n ? height : this.lowest;
    const pruned = this.pruneWrites(lowest, batch.retainHeight, height);
    await this.database.write([
      // First, so that a hash that leaves with an old block and returns with this one stays.
      ...pruned.writes,
      ...blockWrites(batch),
      {
        key: heightKey(table.responses, height),
        value: encode("tendermint.abci.ResponseFinalizeBlock", batch.response),
      },
      ...this.stateWrites(height, state),
      ...this.indexWrites(batch),
      ...batch.appWrites.map(({ key, value }) => ({ key: bytesKey(table.application, key), value })),
      { key: singleKey(table.base), value: uint64Bytes(pruned.base) },
    ]);
    this.state = state;
    this.lowest = pruned.base;
  }

  /**
   * Goes back by one height: `state` is the one after the block before the last, `appWrites` take the application there.
   * The last block stays, to be executed again, unless `removeBlock`.
   */
  async rollBack(state: ChainState, appWrites: BlockBatch["appWrites"], removeBlock: boolean): Promise<void> {
    const height = this.height;
    if (state.lastBlockHeight + 1n !== height) throw new StorageError("only the last block can be rolled back");
    const removed: ReadonlySet<number | undefined> = new Set(
      removeBlock ? [...executedTables, ...decidedTables] : executedTables,
    );
    const validatorsStored = this.pointersAt(height + 1n)?.validators;
    await this.database.write([
      ...this.pruneHeight(height).filter(({ key }) => removed.has(key[0])),
      { key: heightKey(table.heightPointers, height + 2n), value: undefined },
      {
        key: heightKey(table.heightPointers, height + 1n),
        value: pointers(validatorsStored ?? height + 1n, undefined),
      },
      { key: singleKey(table.chainState), value: encodeState(state) },
      ...appWrites.map(({ key, value }) => ({ key: bytesKey(table.application, key), value })),
    ]);
    this.state = state;
  }

  /** Makes the application's changes, deletes blocks below `retain` (0n none) in bounded batches, gives the space back. */
  async prune(appWrites: BlockBatch["appWrites"], retain: bigint): Promise<void> {
    await this.database.write(appWrites.map(({ key, value }) => ({ key: bytesKey(table.application, key), value })));
    while (this.lowest < retain && this.lowest < this.height) {
      const { writes, base } = this.pruneWrites(this.lowest, retain, this.height);
      await this.database.write([...writes, { key: singleKey(table.base), value: uint64Bytes(base) }]);
      this.lowest = base;
    }
    await this.database.compact();
  }

  private nextHeight(): bigint {
    if (this.state === undefined) throw new StorageError("a block was to be stored before the genesis state");
    const { initialHeight, lastBlockHeight } = this.state;
    return lastBlockHeight === 0n ? initialHeight : lastBlockHeight + 1n;
  }

  /** Chain state, and where validators of height + 2 and parameters of height + 1 stand in full. */
  private stateWrites(height: bigint, state: ChainState): readonly Write[] {
    const writes: Write[] = [{ key: singleKey(table.chainState), value: encodeState(state) }];
    const validatorsHeight = height + 2n;
    const changed = state.lastHeightValidatorsChanged === validatorsHeight;
    const before = this.pointersAt(height + 1n);
    let validatorsStored = before?.validators;
    if (changed || validatorsStored === undefined || validatorsHeight % validatorCheckpointInterval === 0n) {
      validatorsStored = validatorsHeight;
      const value = encodeValidators(state.nextValidators);
      writes.push({ key: heightKey(table.validatorSets, validatorsHeight), value });
    }
    const paramsHeight = height + 1n;
    let paramsStored = this.pointersAt(height)?.params;
    if (paramsStored === undefined || state.lastHeightConsensusParamsChanged === paramsHeight) {
      paramsStored = paramsHeight;
      writes.push({ key: heightKey(table.consensusParams, paramsHeight), value: encodeParams(state.consensusParams) });
    }
    // The pointer of height + 1 had its validators since the last block and gets its parameters now.
    const next = pointers(before?.validators ?? validatorsStored, paramsStored);
    writes.push({ key: heightKey(table.heightPointers, paramsHeight), value: next });
    writes.push({
      key: heightKey(table.heightPointers, validatorsHeight),
      value: pointers(validatorsStored, undefined),
    });
    return writes;
  }

  private indexWrites(batch: BlockBatch): readonly Write[] {
    const { height, block, response } = batch;
    const writes: Write[] = [...eventRows(height, response)];
    for (const [txIndex, tx] of block.data.txs.entries()) {
      const hash = sha256(tx);
      // A transaction that once succeeded is found as that, even if the same bytes later fail (CometBFT's indexer).
      if (response.txResults[txIndex]?.code !== 0 && this.transaction(hash)?.result.code === 0) continue;
      writes.push({ key: bytesKey(table.txHashes, hash), value: packPosition({ height, txIndex }) });
    }
    return writes;
  }

  /** Deletes for heights below the retention height, a bounded number of them. */
  private pruneWrites(base: bigint, retain: bigint, height: bigint): { writes: readonly Write[]; base: bigint } {
    // The newest block is kept whatever the application says.
    const target = retain > height ? height : retain;
    if (target <= base) return { writes: [], base };
    const end = target - base > prunedHeightsPerBlock ? base + prunedHeightsPerBlock : target;
    const writes: Write[] = [];
    for (let old = base; old < end; old += 1n) writes.push(...this.pruneHeight(old));
    return { writes, base: end };
  }

  private pruneHeight(height: bigint): readonly Write[] {
    const gone = (key: Uint8Array): Write => ({ key, value: undefined });
    const meta = this.blockMeta(height);
    const block = this.block(height);
    const response = this.response(height);
    const { blocks, blockMetas, seenCommits, extendedCommits, responses, heightPointers } = table;
    const writes = [blocks, blockMetas, seenCommits, extendedCommits, responses, heightPointers].map((number) =>
      gone(heightKey(number, height)),
    );
    if (meta !== undefined) writes.push(gone(bytesKey(table.blockHashes, meta.blockId.hash)));
    for (const [txIndex, tx] of (block?.data.txs ?? []).entries()) {
      const key = bytesKey(table.txHashes, sha256(tx));
      const position = this.database.get(key);
      // The same bytes may also stand in a later block, whose entry stays.
      if (position === undefined) continue;
      const stored = unpackPosition(position);
      if (stored.height === height && stored.txIndex === txIndex) writes.push(gone(key));
    }
    if (response !== undefined) writes.push(...eventRows(height, response).map(({ key }) => gone(key)));
    return writes;
  }

  async loadBlock(height: bigint): Promise<StoredBlock | undefined> {
    const meta = this.blockMeta(height);
    const block = this.block(height);
    const seenCommit = this.seenCommit(height);
    if (meta === undefined || block === undefined || seenCommit === undefined) return undefined;
    const extendedCommit = this.read(heightKey(table.extendedCommits, height), "tendermint.types.ExtendedCommit");
    return { blockId: meta.blockId, block, seenCommit, extendedCommit };
  }

  async loadValidators(height: bigint): Promise<ValidatorSet | undefined> {
    return this.validators(height);
  }

  async loadPast(height: bigint): Promise<PastHeader | undefined> {
    const header = this.read(heightKey(table.pastHeaders, height), "tendermint.types.Header");
    if (header === undefined) return undefined;
    const set = this.read(bytesKey(table.pastValidators, header.validatorsHash), "tendermint.types.ValidatorSet");
    return set && { header, validators: validatorSetFromProto(set) };
  }

  /** Header, id and sizes of a block; undefined when it is not kept. */
  blockMeta(height: bigint): BlockMeta | undefined {
    return this.read(heightKey(table.blockMetas, height), "tendermint.types.BlockMeta");
  }

  /** A whole block; undefined when it is not kept. */
  block(height: bigint): Block | undefined {
    return this.read(heightKey(table.blocks, height), "tendermint.types.Block");
  }

  /** The height of the block with this hash; undefined when it is not kept. */
  heightOf(blockHash: Uint8Array): bigint | undefined {
    const stored = this.database.get(bytesKey(table.blockHashes, blockHash));
    return stored === undefined ? undefined : readUint64(stored);
  }

  /** The commit this node decided the block by. */
  seenCommit(height: bigint): Commit | undefined {
    return this.read(heightKey(table.seenCommits, height), "tendermint.types.Commit");
  }

  /** The commit all nodes agree on: it stands in the next block, so the newest block has none. */
  canonicalCommit(height: bigint): Commit | undefined {
    return this.block(height + 1n)?.lastCommit;
  }

  /** What FinalizeBlock gave; undefined when it is not kept. */
  response(height: bigint): FinalizeBlockResponse | undefined {
    return this.read(heightKey(table.responses, height), "tendermint.abci.ResponseFinalizeBlock");
  }

  /** The validators that sign `height`, known up to two heights above the last block. */
  validators(height: bigint): ValidatorSet | undefined {
    const stored = this.pointersAt(height)?.validators;
    if (stored === undefined) return undefined;
    const bytes = this.database.get(heightKey(table.validatorSets, stored));
    if (bytes === undefined) throw new StorageError(`the validators of height ${stored} are missing from the database`);
    let set = validatorSetFromProto(decode("tendermint.types.ValidatorSet", bytes));
    // One turn at a time, as the chain took them: several at once would rescale priorities only once.
    for (let turn = stored; turn < height; turn += 1n) set = incrementProposerPriority(set, 1);
    return set;
  }

  /** The consensus parameters of `height`, known up to one height above the last block. */
  consensusParams(height: bigint): ConsensusParams | undefined {
    const stored = this.pointersAt(height)?.params;
    if (stored === undefined) return undefined;
    const message = this.read(heightKey(table.consensusParams, stored), "tendermint.types.ConsensusParams");
    if (message === undefined)
      throw new StorageError(`the parameters of height ${stored} are missing from the database`);
    return consensusParamsFromProto(message);
  }

  private pointersAt(height: bigint): { validators: bigint; params: bigint | undefined } | undefined {
    const stored = this.database.get(heightKey(table.heightPointers, height));
    if (stored === undefined) return undefined;
    return { validators: readUint64(stored), params: stored.length > 8 ? readUint64(stored, 8) : undefined };
  }

  /** A committed transaction by its hash. */
  transaction(hash: Uint8Array): IndexedTx | undefined {
    const stored = this.database.get(bytesKey(table.txHashes, hash));
    return stored === undefined ? undefined : this.transactionAt(unpackPosition(stored));
  }

  /** A committed transaction by its place, read without decoding its neighbours. */
  transactionAt(position: TxPosition): IndexedTx | undefined {
    const block = this.database.get(heightKey(table.blocks, position.height));
    const response = this.database.get(heightKey(table.responses, position.height));
    if (block === undefined || response === undefined) return undefined;
    const data = nthField(block, blockDataField, 0);
    const tx = data === undefined ? undefined : nthField(data, dataTxsField, position.txIndex);
    const result = nthField(response, responseTxResultsField, position.txIndex);
    if (tx === undefined || result === undefined) return undefined;
    return { ...position, tx: Uint8Array.from(tx), result: decode("tendermint.abci.ExecTxResult", result) };
  }

  /** Places of all transactions that meet the query, ascending. Throws SearchTooBroadError at a bound. */
  async searchTransactions(query: EventQuery, bounds: SearchBounds): Promise<readonly TxPosition[]> {
    return await this.searches.run(() => searchTransactions(this.database, query, bounds));
  }

  /** Heights of all kept blocks whose events meet the query, ascending. Throws SearchTooBroadError at a bound. */
  async searchBlocks(query: EventQuery, bounds: SearchBounds): Promise<readonly bigint[]> {
    if (this.height === 0n) return [];
    const kept = { lowest: this.base, highest: this.height };
    return await this.searches.run(() => searchBlockHeights(this.database, query, kept, bounds));
  }

  /** One of the application's records, by the key the application wrote it under. */
  applicationRecord(key: Uint8Array): Uint8Array | undefined {
    return this.database.get(bytesKey(table.application, key));
  }

  private read<Name extends keyof Messages>(key: Uint8Array, name: Name): Messages[Name] | undefined {
    const stored = this.database.get(key);
    return stored === undefined ? undefined : decode(name, stored);
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}
