/**
 * Owns knowing when a chain has a new block: told by the node over a WebSocket, and by the clock when it is not. It does
 * not own what is done then.
 */
import { Comet38Client } from "@cosmjs/tendermint-rpc";

/** Wakes whoever waits at the next block. */
export class BlockSignal {
  readonly #client: Comet38Client | undefined;
  readonly #unsubscribe: () => void;
  #wake: () => void = () => undefined;

  private constructor(client: Comet38Client | undefined) {
    this.#client = client;
    const stream = client?.subscribeNewBlockHeader();
    const listener = { next: () => this.#wake(), error: () => undefined, complete: () => undefined };
    stream?.addListener(listener);
    this.#unsubscribe = () => stream?.removeListener(listener);
  }

  /** Listens at a node's http or https address. One that has no WebSocket leaves the clock. */
  static async at(rpcUrl: string): Promise<BlockSignal> {
    try {
      return new BlockSignal(await Comet38Client.connect(rpcUrl.replace(/^http/, "ws")));
    } catch {
      return new BlockSignal(undefined);
    }
  }

  /** Resolves at the next block, or after `patienceMs`. */
  async next(patienceMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  close(): void {
    this.#unsubscribe();
    this.#client?.disconnect();
  }
}
