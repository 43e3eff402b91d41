/**
 * Owns making snapshots while the node runs: at which heights, one at a time, in slices between which blocks are made; compression runs
 * in a thread of its own (zlib's). Does not own the stream (chain/store) nor the files (snapshot-store.ts). A snapshot that fails is
 * told and given up: the chain goes on.
 */
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createDeflate } from "node:zlib";
import type { SnapshotState } from "../../chain/app/committed.ts";
import type { StateExport } from "../../chain/store/snapshot-export.ts";
import type { Logger } from "../log.ts";
import type { Snapshot, SnapshotStore } from "./snapshot-store.ts";

/** zlib's effort, as the SDK has it (snapshotCompressionLevel). */
const COMPRESSION_LEVEL = 7;

/** When snapshots are made. */
export interface SnapshotMakerOptions {
  /** Every so many heights; 0 never. */
  readonly interval: bigint;
  /** How many are kept; 0 all. */
  readonly keepRecent: number;
}

export class SnapshotMaker {
  readonly #options: SnapshotMakerOptions;
  readonly #state: SnapshotState;
  readonly #store: SnapshotStore;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #making: Promise<void> | undefined;

  constructor(
    options: SnapshotMakerOptions,
    needs: { readonly state: SnapshotState; readonly store: SnapshotStore; readonly log: Logger },
  ) {
    this.#options = options;
    this.#state = needs.state;
    this.#store = needs.store;
    this.#log = needs.log;
  }

  /** A height was committed and is durable. */
  committed(height: bigint): void {
    const { interval } = this.#options;
    if (interval === 0n || height % interval !== 0n || this.#stop.signal.aborted) return;
    if (this.#making !== undefined) {
      this.#log.warn(
        { height: String(height) },
        "no snapshot is made of this height: the one before is still being written. A greater state-sync.snapshot-interval would fit this machine better",
      );
      return;
    }
    this.#making = this.#make(height).finally(() => {
      this.#making = undefined;
    });
  }

  /** Gives up what is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#making;
  }

  async #make(height: bigint): Promise<void> {
    const began = performance.now();
    try {
      const snapshot = await writeSnapshot(this.#state.exportAt(height), this.#store, this.#stop.signal);
      await this.#store.prune(this.#options.keepRecent);
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      this.#log.info({ height: String(height), chunks: snapshot.chunks, seconds }, "made a snapshot");
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.error({ height: String(height), reason }, "a snapshot could not be made; blocks are not affected");
    }
  }
}

/** Writes a snapshot of a version, which is released at the end, and gives its description. Rejects when `signal` aborts. */
export async function writeSnapshot(
  state: StateExport,
  store: SnapshotStore,
  signal: AbortSignal = new AbortController().signal,
): Promise<Snapshot> {
  try {
    const writer = await store.begin(state.version);
    try {
      await pipeline(
        async function* () {
          for (const piece of state.pieces()) {
            yield piece;
            // Whatever waits, a vote perhaps, goes before the next piece.
            await nextTurn();
          }
        },
        createDeflate({ level: COMPRESSION_LEVEL }),
        async (compressed: AsyncIterable<Uint8Array>) => {
          for await (const bytes of compressed) await writer.add(bytes);
        },
        { signal },
      );
      return await writer.finish();
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  } finally {
    state.release();
  }
}
