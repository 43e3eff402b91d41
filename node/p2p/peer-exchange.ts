/**
 * Finding peers: addresses are asked of peers and of seeds, kept in the address book, and dialled until there are enough outbound peers.
 * It owns when to ask and whom to dial; the book owns what is believed. A node in seed mode gives addresses and parts.
 */
import type { Logger } from "../log.ts";
import type { AddressBook } from "./address-book.ts";
import { NodeIdentityError, type PeerAddress, parsePeerAddress, peerAddressText } from "./identity.ts";
import { groupOf } from "./ip-group.ts";
import {
  ADDRESS_BOOK_SAVE_MS,
  MAX_ADDRESS_TEXT_BYTES,
  MAX_ADDRESSES_TOLD,
  MAX_EXCHANGE_DIALS,
  SEED_STAY_MS,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { PeerPolicy } from "./policy.ts";
import { NoAnswerError, type RequestKind, type Requests } from "./requests.ts";

const peersKind: RequestKind<"tributary.p2p.v1.PeersRequest", "tributary.p2p.v1.PeersResponse"> = {
  name: "peers",
  question: "tributary.p2p.v1.PeersRequest",
  answer: "tributary.p2p.v1.PeersResponse",
  maxQuestionBytes: 16,
  maxAnswerBytes: MAX_ADDRESSES_TOLD * (MAX_ADDRESS_TEXT_BYTES + 4),
  perSecond: 0.1,
  burst: 2,
  answerBytesPerSecond: MAX_ADDRESSES_TOLD * MAX_ADDRESS_TEXT_BYTES,
  timeoutMs: 10_000,
};

export interface ExchangeNeeds {
  readonly book: AddressBook;
  readonly requests: Requests;
  readonly peers: () => readonly Peer[];
  readonly dial: (address: PeerAddress) => Promise<void>;
  /** Whether a peer stays whatever happens: it is not one that this looks after. */
  readonly isUnconditional: (nodeId: string) => boolean;
  /** Addresses by which this node is reached through a relay. */
  readonly relayedAddresses: () => readonly string[];
  readonly log: Logger;
}

export class PeerExchange {
  readonly #policy: PeerPolicy;
  readonly #needs: ExchangeNeeds;
  readonly #timers = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;
  #savedMs = performance.now();
  #stopped = false;

  constructor(policy: PeerPolicy, needs: ExchangeNeeds) {
    this.#policy = policy;
    this.#needs = needs;
  }

  start(): void {
    this.#needs.requests.serve(peersKind, (peer) => this.#tell(peer));
    this.#later(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#needs.book.save();
  }

  /** A peer said Hello: its address is worth remembering, and it may know others. */
  joined(peer: Peer): void {
    const { book } = this.#needs;
    const address = addressOf(peer);
    if (address !== undefined) {
      // Where we dialled it, its key was proven; what an inbound peer says of its port is only heard.
      if (peer.outbound) book.met(address);
      else book.hear(address, peer.host);
    }
    void this.#ask(peer);
    if (this.#policy.seedMode) this.#closeLater(peer);
  }

  // ------------------------------------------------------------ telling

  #tell(peer: Peer): { addresses: string[] } {
    const known = this.#needs.book.sample(MAX_ADDRESSES_TOLD - 1, peer.nodeId).map(peerAddressText);
    return { addresses: [...this.#needs.relayedAddresses().slice(0, 1), ...known] };
  }

  /** A seed has many to serve: each peer may ask once, and then makes room. */
  #closeLater(peer: Peer): void {
    if (this.#needs.isUnconditional(peer.nodeId)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      peer.close("this node is a seed: it gives addresses and parts");
    }, SEED_STAY_MS);
    timer.unref();
    this.#timers.add(timer);
  }

  // ------------------------------------------------------------ asking

  async #ask(peer: Peer): Promise<void> {
    let news = false;
    try {
      const { addresses } = await this.#needs.requests.ask(peer, peersKind, {});
      if (addresses.length > MAX_ADDRESSES_TOLD) peer.fault("it told more addresses than it may");
      for (const text of addresses) news = (peer.open && this.#hear(peer, text)) || news;
    } catch (error) {
      // A node that does not exchange addresses refuses; that is its right.
      if (!(error instanceof NoAnswerError)) throw error;
    }
    const { seeds } = this.#policy;
    if (peer.dialled !== undefined && seeds.includes(peer.dialled) && !this.#needs.isUnconditional(peer.nodeId))
      peer.close("the seed was asked");
    if (news) this.#later(0);
  }

  /** One address; true when it is new. */
  #hear(peer: Peer, text: string): boolean {
    try {
      if (text.length > MAX_ADDRESS_TEXT_BYTES) throw new NodeIdentityError("too long");
      return this.#needs.book.hear(parsePeerAddress(text), peer.host);
    } catch (error) {
      if (!(error instanceof NodeIdentityError)) throw error;
      peer.fault("it told an address that is none", "mid");
      return false;
    }
  }

  // ------------------------------------------------------------ dialling

  #later(afterMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), afterMs);
    this.#timer.unref();
  }

  /** Looks whether there are enough peers, and does something about it. */
  #look(): void {
    const { book, peers } = this.#needs;
    const connected = peers();
    const wanted = this.#policy.maxOutbound - connected.filter((peer) => this.#isOwnChoice(peer)).length;
    let dialled = 0;
    const ids = new Set(connected.map(({ nodeId }) => nodeId));
    const groups = new Set(connected.filter(({ outbound }) => outbound).map(({ host }) => groupOf(host)));
    for (; dialled < Math.min(wanted, MAX_EXCHANGE_DIALS); dialled += 1) {
      const address = book.pick(ids, groups);
      if (address === undefined) break;
      ids.add(address.id);
      groups.add(groupOf(address.host));
      void this.#dial(address);
    }
    if (wanted > 0 && dialled === 0) this.#askAround(connected);
    if (performance.now() - this.#savedMs > ADDRESS_BOOK_SAVE_MS) {
      this.#savedMs = performance.now();
      book.save();
    }
    const { exchangeEagerMs, exchangeIntervalMs } = this.#policy;
    const everyMs = connected.length === 0 ? exchangeEagerMs : exchangeIntervalMs;
    this.#later(everyMs * (0.75 + Math.random() / 2));
  }

  /** Nobody left to dial: some peer may know more, and without peers a seed does. */
  #askAround(connected: readonly Peer[]): void {
    const peer = connected[Math.floor(Math.random() * connected.length)];
    if (peer !== undefined) {
      void this.#ask(peer);
      return;
    }
    const { seeds } = this.#policy;
    const seed = seeds[Math.floor(Math.random() * seeds.length)];
    if (seed === undefined) return;
    this.#needs.dial(seed).catch((error: Error) => {
      this.#needs.log.warn({ seed: peerAddressText(seed), err: error.message }, "cannot reach a seed; trying again");
    });
  }

  #isOwnChoice(peer: Peer): boolean {
    return peer.outbound && !this.#needs.isUnconditional(peer.nodeId);
  }

  async #dial(address: PeerAddress & { readonly id: string }): Promise<void> {
    try {
      await this.#needs.dial(address);
    } catch {
      // Addresses that are heard are often old; which ones is no news to an operator.
      this.#needs.book.failed(address.id);
    }
  }
}

/** Where a peer can be dialled: where we dialled it, or the port it says it listens on at the address it came from. */
function addressOf(peer: Peer): PeerAddress | undefined {
  const said = peer.hello?.listenAddress ?? "";
  try {
    if (said.startsWith("/")) {
      const relayed = parsePeerAddress(said);
      return relayed.id === peer.nodeId ? relayed : undefined;
    }
    if (peer.outbound) return peer.dialled && { ...peer.dialled, id: peer.nodeId };
    const { port } = parsePeerAddress(said);
    return { id: peer.nodeId, host: peer.host, port };
  } catch {
    // It listens nowhere, or says so in a form that means nothing.
    return undefined;
  }
}
