/**
 * Who may open a socket to this node, before a handshake costs anything: sockets at once and a second, from everywhere and from one
 * address. It owns the counting; who may stay as a peer is slots.ts.
 */
import { isLoopback } from "./ip-group.ts";
import {
  INBOUND_SOCKETS_BURST,
  INBOUND_SOCKETS_PER_ADDRESS_BURST,
  INBOUND_SOCKETS_PER_ADDRESS_PER_SECOND,
  INBOUND_SOCKETS_PER_SECOND,
  MAX_COUNTED_ADDRESSES,
  MAX_PEERS_PER_ADDRESS,
  MAX_PENDING_SOCKETS,
  MAX_PENDING_SOCKETS_PER_ADDRESS,
} from "./limits.ts";
import { Quota } from "./quota.ts";

export interface InboundGateOptions {
  /** Inbound places for peers, unconditional ones included. */
  readonly places: number;
  readonly allowDuplicateIp: boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

export class InboundGate {
  readonly #options: InboundGateOptions;
  readonly #all = new Quota({ ratePerSecond: INBOUND_SOCKETS_PER_SECOND, burst: INBOUND_SOCKETS_BURST });
  readonly #rates = new Map<string, Quota>();
  readonly #open = new Map<string, number>();
  #openCount = 0;
  /** Sockets turned away since the start. */
  refused = 0;

  constructor(options: InboundGateOptions) {
    this.#options = options;
  }

  /** Whether a socket from `host` may go on; if so, call the returned function when it is closed. */
  enter(host: string): (() => void) | undefined {
    const nowMs = this.#options.nowMs();
    const open = this.#open.get(host) ?? 0;
    const refusal =
      this.#openCount >= this.#options.places + MAX_PENDING_SOCKETS ||
      // What one address sends in vain must not use up everybody's share.
      this.#isTooMuchOf(host, open, nowMs) ||
      !this.#all.take(1, nowMs);
    if (refusal) {
      this.refused += 1;
      return undefined;
    }
    this.#open.set(host, open + 1);
    this.#openCount += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#openCount -= 1;
      const still = this.#open.get(host)! - 1;
      if (still === 0) this.#open.delete(host);
      else this.#open.set(host, still);
    };
  }

  #isTooMuchOf(host: string, open: number, nowMs: number): boolean {
    // Whoever is on this machine is its owner's; a local network of many nodes is one address.
    if (isLoopback(host)) return false;
    if (!this.#options.allowDuplicateIp && open >= MAX_PEERS_PER_ADDRESS + MAX_PENDING_SOCKETS_PER_ADDRESS) return true;
    const rate =
      this.#rates.get(host) ??
      new Quota({
        ratePerSecond: INBOUND_SOCKETS_PER_ADDRESS_PER_SECOND,
        burst: INBOUND_SOCKETS_PER_ADDRESS_BURST,
      });
    this.#rates.delete(host);
    this.#rates.set(host, rate);
    if (this.#rates.size > MAX_COUNTED_ADDRESSES) this.#rates.delete(this.#rates.keys().next().value!);
    return !rate.take(1, nowMs);
  }
}
