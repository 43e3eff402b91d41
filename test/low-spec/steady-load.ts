// Payments at a steady rate over JSON-RPC, signed as they are sent. Owns the rate and what became of each request; a
// sequence that the chain does not expect is corrected from its answer.

import { Agent, request } from "node:http";
import { nextSend, type Sender } from "../bench/sends.ts";
import { pause } from "../e2e/chance.ts";

/** Requests under way at most: a node that answers slowly is not drowned, and what could not be sent is counted. */
const MOST_UNDER_WAY = 400;
const TICK_MS = 20;

export interface LoadFigures {
  /** Accepted by the node's check. */
  readonly accepted: number;
  readonly refused: number;
  /** Requests that failed as such. */
  readonly failed: number;
  /** Not sent, since too many were under way. */
  readonly skipped: number;
  /** Reasons of refusals, each with how often. */
  readonly reasons: Readonly<Record<string, number>>;
}

export class SteadyLoad {
  readonly #url: string;
  readonly #senders: readonly Sender[];
  readonly #chainId: string;
  readonly #perSecond: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #busy = new Set<Sender>();
  readonly #reasons: Record<string, number> = {};
  #figures = { accepted: 0, refused: 0, failed: 0, skipped: 0 };
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(url: string, senders: readonly Sender[], options: { chainId: string; perSecond: number }) {
    this.#url = url;
    this.#senders = senders;
    this.#chainId = options.chainId;
    this.#perSecond = options.perSecond;
  }

  start(): void {
    const startedMs = performance.now();
    let due = 0;
    this.#timer = setInterval(() => {
      const wanted = Math.floor(((performance.now() - startedMs) / 1_000) * this.#perSecond);
      for (; due < wanted; due += 1) this.#sendOne();
    }, TICK_MS);
  }

  /** Sends nothing more; resolves when every answer is there. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#busy.size > 0) await pause(TICK_MS);
    this.#agent.destroy();
  }

  get figures(): LoadFigures {
    return { ...this.#figures, reasons: { ...this.#reasons } };
  }

  #sendOne(): void {
    if (this.#busy.size >= MOST_UNDER_WAY) {
      this.#figures.skipped += 1;
      return;
    }
    // The next sender that waits for no answer, so that sequences stay in order.
    for (let tries = 0; tries < this.#senders.length; tries += 1) {
      const sender = this.#senders[this.#next++ % this.#senders.length]!;
      if (this.#busy.has(sender)) continue;
      void this.#send(sender);
      return;
    }
    this.#figures.skipped += 1;
  }

  async #send(sender: Sender): Promise<void> {
    this.#busy.add(sender);
    const { tx } = nextSend(sender, this.#senders[0]!.address, this.#chainId);
    const params = { tx: Buffer.from(tx).toString("base64") };
    try {
      const answer = await this.#post(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "broadcast_tx_sync", params }));
      const { result, error } = JSON.parse(answer) as Answer;
      if (result?.code === 0) {
        this.#figures.accepted += 1;
        return;
      }
      this.#figures.refused += 1;
      const reason = result?.log ?? error?.data ?? "no reason";
      const kind = reason.replace(/\d+/g, "N").slice(0, 100);
      this.#reasons[kind] = (this.#reasons[kind] ?? 0) + 1;
      const expected = /expected (\d+)/.exec(reason)?.[1];
      sender.sequence = expected === undefined ? sender.sequence - 1n : BigInt(expected);
    } catch {
      // Whether it arrived is not known; the answer to the next one will tell.
      this.#figures.failed += 1;
    } finally {
      this.#busy.delete(sender);
    }
  }

  async #post(body: string): Promise<string> {
    return await new Promise((resolve, reject) => {
      const call = request(this.#url, { method: "POST", agent: this.#agent, timeout: 30_000 }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve(Buffer.concat(chunks).toString()));
        answer.on("error", reject);
      });
      call.on("timeout", () => call.destroy(new Error("no answer")));
      call.on("error", reject);
      call.end(body);
    });
  }
}

interface Answer {
  readonly result?: { readonly code: number; readonly log: string };
  readonly error?: { readonly data?: string };
}
