/**
 * Peers that are dialled for ever: at the start and whenever they are gone, after a wait that grows and is spread at random, so that a
 * node that comes back is not dialled by everyone at one moment. It owns the waits; dialling is the switch's.
 */
import type { Logger } from "../log.ts";
import { type PeerAddress, peerAddressText } from "./identity.ts";
import {
  FAULT_AVOIDANCE_MS,
  MAX_PERSISTENT_PEERS,
  REDIAL_MAX_MS,
  REDIAL_MIN_MS,
  STABLE_CONNECTION_MS,
} from "./limits.ts";
import type { Peer } from "./peer.ts";

interface Redial {
  readonly address: PeerAddress;
  timer: NodeJS.Timeout | undefined;
  waitMs: number;
  lastError: string;
}

export class PersistentPeers {
  readonly #redials: Redial[];
  readonly #maxMs: number;
  readonly #dial: (address: PeerAddress) => Promise<void>;
  readonly #log: Logger;
  #stopped = false;

  constructor(
    options: { readonly addresses: readonly PeerAddress[]; readonly maxDialPeriodMs: number },
    dependencies: { readonly dial: (address: PeerAddress) => Promise<void>; readonly log: Logger },
  ) {
    this.#redials = options.addresses.map(redialOf);
    this.#maxMs = options.maxDialPeriodMs === 0 ? REDIAL_MAX_MS : options.maxDialPeriodMs;
    this.#dial = dependencies.dial;
    this.#log = dependencies.log;
  }

  start(): void {
    for (const redial of this.#redials) this.#later(redial, 0);
  }

  /** One more, from now on. */
  add(address: PeerAddress): void {
    const known = this.#redials.some((redial) => peerAddressText(redial.address) === peerAddressText(address));
    if (known || this.#redials.length >= MAX_PERSISTENT_PEERS) return;
    const redial = redialOf(address);
    this.#redials.push(redial);
    this.#later(redial, 0);
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#redials) clearTimeout(timer);
  }

  /** Whether a node is one of them, by its id. */
  has(nodeId: string): boolean {
    return this.#redials.some(({ address }) => address.id === nodeId);
  }

  /** A peer that we dialled is gone: soon again when it had stayed, later each time when it had not. */
  left(peer: Peer): void {
    const redial = this.#redials.find(({ address }) => address === peer.dialled || address.id === peer.nodeId);
    if (redial === undefined) return;
    const stayed = peer.hello !== undefined && performance.now() - peer.openedMs >= STABLE_CONNECTION_MS;
    redial.waitMs = stayed ? REDIAL_MIN_MS : Math.min(redial.waitMs * 2, this.#maxMs);
    this.#later(redial, peer.faulty ? Math.max(FAULT_AVOIDANCE_MS, redial.waitMs) : redial.waitMs);
  }

  #later(redial: Redial, afterMs: number): void {
    if (this.#stopped) return;
    clearTimeout(redial.timer);
    // Between three quarters and all of the wait.
    redial.timer = setTimeout(() => void this.#try(redial), afterMs * (0.75 + Math.random() / 4));
    redial.timer.unref();
  }

  async #try(redial: Redial): Promise<void> {
    const { address } = redial;
    try {
      await this.#dial(address);
      redial.lastError = "";
      // It is looked after again now and then, whatever became of this connection.
      this.#later(redial, this.#maxMs);
    } catch (error) {
      if (this.#stopped) return;
      const reason = (error as Error).message;
      // The same failure is told once, not at every try.
      if (reason !== redial.lastError)
        this.#log.warn(
          { peer: peerAddressText(address), err: reason },
          "cannot reach a persistent peer; trying again: check its address, and that it runs",
        );
      redial.lastError = reason;
      redial.waitMs = Math.min(redial.waitMs * 2, this.#maxMs);
      this.#later(redial, redial.waitMs);
    }
  }
}

function redialOf(address: PeerAddress): Redial {
  return { address, timer: undefined, waitMs: REDIAL_MIN_MS, lastError: "" };
}
