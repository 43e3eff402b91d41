// Storage in memory: what a database guarantees, and no more. Owns batches that are there as a whole or not at all, the
// time they take, and the ways in which they fail.

import type { BlockBatch, ChainState, Storage, StoredBlock } from "../../node/ports.ts";
import { nativeHex as hex } from "./native-hex.ts";

/** What is durable. It outlives the process that wrote it. */
export class MemoryDatabase {
  state: ChainState | undefined;
  readonly blocks = new Map<bigint, BlockBatch>();
  readonly validators = new Map<bigint, ChainState["validators"]>();
  /** The application's keys, by lower-case hex. */
  readonly records = new Map<string, Uint8Array>();
}

export class MemoryStorage implements Storage {
  readonly #database: MemoryDatabase;
  /** Set by a crash: this process writes nothing more. */
  dead = false;
  /** Called before a batch is made durable; throws to die there. A promise is waited for: the disk takes its time. */
  beforeCommit: () => void | Promise<void> = () => {};
  afterCommit: () => void | Promise<void> = () => {};

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  async loadChainState(): Promise<ChainState | undefined> {
    return this.#database.state;
  }

  async commitGenesis(state: ChainState): Promise<void> {
    if (this.dead) return new Promise(() => {});
    this.#database.state = state;
    this.#database.validators.set(state.initialHeight, state.validators);
    this.#database.validators.set(state.initialHeight + 1n, state.nextValidators);
  }

  async commitBlock(batch: BlockBatch): Promise<void> {
    await this.beforeCommit();
    // A dead process never hears that its write failed; it just does not go on.
    if (this.dead) return new Promise(() => {});
    this.#database.state = batch.state;
    this.#database.blocks.set(batch.height, batch);
    this.#database.validators.set(batch.height + 2n, batch.state.nextValidators);
    for (const { key, value } of batch.appWrites) {
      if (value === undefined) this.#database.records.delete(hex(key));
      else this.#database.records.set(hex(key), value);
    }
    await this.afterCommit();
  }

  async loadBlock(height: bigint): Promise<StoredBlock | undefined> {
    return this.#database.blocks.get(height);
  }

  async loadValidators(height: bigint): Promise<ChainState["validators"] | undefined> {
    return this.#database.validators.get(height);
  }
}
