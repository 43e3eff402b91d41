// Payments that are sent through whichever node is up, and believed once a node reports them committed. Owns the sending and
// the list of what was reported; whether it is still true later is for the campaigns to ask.

import { createHash } from "node:crypto";
import { nextSend, type Sender } from "../bench/sends.ts";
import { pause } from "./chance.ts";
import { broadcast, rpc } from "./nodes.ts";

/** A node that may be up. */
export interface Entrance {
  readonly rpcUrl: string | undefined;
}

export interface LoadOptions {
  readonly chainId: string;
  /** Who is paid. */
  readonly sink: string;
  readonly nodes: readonly Entrance[];
  readonly senders: readonly Sender[];
  /** Transactions of one sender that wait for a block at once. */
  readonly window: number;
  /** Between two looks of one sender, in milliseconds. */
  readonly pauseMs: number;
}

interface Waiting {
  readonly tx: Uint8Array;
  readonly hash: string;
}

/** What `tx` answers, as far as it matters here. */
export interface TxAnswer {
  readonly height: string;
  readonly tx_result: { readonly code: number; readonly log: string };
}

/** Sends from several accounts through whichever node is up, and believes a transaction when a node reports it committed. */
export class Load {
  /** Heights at which transactions were reported, by hash. */
  readonly confirmed = new Map<string, number>();
  /** Payments that got into a block and failed there: a proposer took them without those before them. Their sender stops. */
  readonly failed: string[] = [];
  readonly #options: LoadOptions;
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    await Promise.all(this.#options.senders.map((sender, index) => this.#send(sender, index)));
  }

  /** Keeps a window of transactions of one account on their way, in the order of their sequences. */
  async #send(sender: Sender, index: number): Promise<void> {
    const { sink, chainId, nodes, window, pauseMs } = this.#options;
    const waiting: Waiting[] = [];
    for (let tries = index; ; tries += 1) {
      const fresh = !this.#stopped && waiting.length < window >> 1;
      while (fresh && waiting.length < window) {
        const { tx } = nextSend(sender, sink, chainId);
        waiting.push({ tx, hash: createHash("sha256").update(tx).digest("hex").toUpperCase() });
      }
      const url = nodes[(tries >> 3) % nodes.length]?.rpcUrl;
      if (url !== undefined) await this.#confirm(url, waiting, fresh || tries % 8 === index % 8);
      if (this.#stopped || this.failed.length > 0) return;
      await pause(pauseMs);
    }
  }

  /**
   * Asks a node for the oldest transactions and, now and then, sends all again: what a killed process held in memory is
   * gone. A node that is down, and a transaction it knows already, are both daily business here.
   */
  async #confirm(url: string, waiting: Waiting[], again: boolean): Promise<void> {
    if (again) {
      for (const { tx } of waiting) await broadcast(url, "broadcast_tx_async", tx).catch(() => undefined);
    }
    for (let oldest = waiting[0]; oldest !== undefined; oldest = waiting[0]) {
      const found = await rpc<TxAnswer>(url, `tx?hash=0x${oldest.hash}`).catch(() => undefined);
      if (found === undefined) return;
      if (found.tx_result.code !== 0) {
        this.failed.push(`payment ${oldest.hash} failed in block ${found.height}: ${found.tx_result.log}`);
        return;
      }
      this.confirmed.set(oldest.hash, Number(found.height));
      waiting.shift();
    }
  }
}
