// Owns getting blocks for the attribution commands: those that the home keeps, and with --peers those that its peers have,
// which are then kept too, as long as there is room. Whose blocks they are, and what is in them, is sources.ts's.

import type { BlockStore } from "../../node/data/block-store.ts";
import type { BlockExchange } from "../../node/data/exchange.ts";
import { hex } from "../../proto/bytes.ts";
import { keepBlock, openStore } from "../data/store.ts";
import { CliError } from "../errors.ts";
import type { Settings } from "../settings.ts";

/** How long peers have for a block, and how long one that nobody gave is not asked for again. Milliseconds. */
const FETCH_MS = 10_000;
const PAUSE_MS = 60_000;
/** How many blocks are remembered that nobody gave. */
const MAX_ABSENT = 100_000;

/** The blocks a command can get at. */
export class HomeBlocks {
  readonly #store: BlockStore;
  readonly #peers: { readonly exchange: BlockExchange; readonly stop: () => Promise<void> } | undefined;
  /** When a block was last asked for in vain. */
  readonly #absent = new Map<string, number>();

  private constructor(
    store: BlockStore,
    peers: { readonly exchange: BlockExchange; readonly stop: () => Promise<void> } | undefined,
  ) {
    this.#store = store;
    this.#peers = peers;
  }

  /** Throws CliError when the home keeps no blocks, or no peer can be reached. */
  static async open(settings: Settings): Promise<HomeBlocks> {
    const store = await openStore(settings);
    if (settings.text("peers") === undefined) return new HomeBlocks(store, undefined);
    // Loaded late: without peers no part of the network is needed.
    const { connectExchange } = await import("../data/fetch.ts");
    return new HomeBlocks(store, await connectExchange(settings, store));
  }

  /** A block, or undefined when neither the home nor a peer has it. */
  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    return (await this.#store.get(digest)) ?? (await this.#fetch(digest));
  }

  async #fetch(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const name = hex(digest);
    const asked = this.#absent.get(name);
    if (this.#peers === undefined || (asked !== undefined && performance.now() - asked < PAUSE_MS)) return undefined;
    const { bytes } = await this.#peers.exchange.fetch(digest, FETCH_MS);
    if (bytes === undefined) {
      if (this.#absent.size >= MAX_ABSENT) this.#absent.clear();
      this.#absent.set(name, performance.now());
      return undefined;
    }
    try {
      await keepBlock(this.#store, bytes, "loose");
    } catch (error) {
      // Without room it is used all the same.
      if (!(error instanceof CliError)) throw error;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#peers?.stop();
  }
}
