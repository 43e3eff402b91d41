/**
 * Owns a data folder that is being made from a snapshot: the application's records in many batches, then, in one, all that makes it the
 * folder of a node that has just stored block H. Until that last batch it is the folder of nobody. Does not own whether the state is the
 * right one, nor where the folder comes to stand (node/sync).
 */
import type { ChainState } from "../../chain/types/chain-state.ts";
import { fromHex, hex } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import type { CrashPoints } from "../engine/crash-points.ts";
import type { BlockBatch, PastHeader, StateWrite } from "../ports.ts";
import { Database } from "./database.ts";
import { encodeParams, encodeState, encodeValidators, pointers } from "./state-records.ts";
import { blockWrites } from "./state-rows.ts";
import { bytesKey, heightKey, singleKey, table, uint64Bytes } from "./tables.ts";

/** The block a restored node begins with, and the state after it. */
export type RestoredBlock = Pick<
  BlockBatch,
  "height" | "block" | "blockBytes" | "blockId" | "seenCommit" | "extendedCommit" | "state"
>;

export class RestoredStorage {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Creates the folder, which must not exist or be empty. Throws StorageError. */
  static async create(path: string, chainId: string, points?: CrashPoints): Promise<RestoredStorage> {
    return new RestoredStorage(await Database.open(path, { chainId }, points));
  }

  /** Adds records of the application. */
  async writeRecords(writes: readonly StateWrite[]): Promise<void> {
    await this.#database.write(writes.map(({ key, value }) => ({ key: bytesKey(table.application, key), value })));
  }

  /** Adds what is known of heights before the block. */
  async writePast(past: readonly PastHeader[]): Promise<void> {
    const sets = new Map(past.map(({ header, validators }) => [hex(header.validatorsHash), validators]));
    await this.#database.write([
      ...past.map(({ header }) => ({
        key: heightKey(table.pastHeaders, header.height),
        value: encode("tendermint.types.Header", header),
      })),
      ...[...sets].map(([hash, set]) => ({
        key: bytesKey(table.pastValidators, fromHex(hash)),
        value: encodeValidators(set),
      })),
    ]);
  }

  /** One record of the application. */
  record(key: Uint8Array): Uint8Array | undefined {
    return this.#database.get(bytesKey(table.application, key));
  }

  /** The last batch: the block, its commit, and the chain's state with the validators of it and the two heights after it. */
  async finish(restored: RestoredBlock): Promise<void> {
    const { height, state } = restored;
    const sets: readonly ChainState["validators"][] = [state.lastValidators, state.validators, state.nextValidators];
    await this.#database.write([
      ...blockWrites(restored),
      { key: singleKey(table.chainState), value: encodeState(state) },
      ...sets.flatMap((set, ahead) => {
        const at = height + BigInt(ahead);
        const params = ahead === 1 ? at : undefined;
        return [
          { key: heightKey(table.validatorSets, at), value: encodeValidators(set) },
          { key: heightKey(table.heightPointers, at), value: pointers(at, params) },
        ];
      }),
      { key: heightKey(table.consensusParams, height + 1n), value: encodeParams(state.consensusParams) },
      { key: singleKey(table.base), value: uint64Bytes(height) },
    ]);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
