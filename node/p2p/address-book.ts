/**
 * Addresses of nodes: those heard of, and those at which a node was met. It owns the bounds that keep one liar, or one who rents many
 * addresses in one place, from filling it, the choice of whom to dial, and the file. It does not dial (peer-exchange.ts).
 */
import type { Logger } from "../log.ts";
import { type PeerAddress, parsePeerAddress, peerAddressText } from "./identity.ts";
import { groupOf, isRoutable } from "./ip-group.ts";
import {
  ADDRESS_RETRY_MAX_MS,
  ADDRESS_RETRY_MIN_MS,
  MAX_DIAL_FAILURES,
  MAX_DIAL_FAILURES_MET,
  MAX_HEARD_ADDRESSES,
  MAX_HEARD_PER_GROUP,
  MAX_HEARD_PER_SOURCE,
  MAX_MET_ADDRESSES,
  MAX_MET_PER_GROUP,
} from "./limits.ts";
import { readStoredJson, writeStoredJson } from "./stored-json.ts";

/** What is known of one node. */
interface Entry {
  readonly id: string;
  readonly address: PeerAddress;
  /** The group of the address, and of whoever told of it. */
  readonly group: string;
  readonly source: string;
  /** Whether the node was met there. */
  met: boolean;
  failures: number;
  /** Unix milliseconds of the last try; 0 when there was none. */
  triedAt: number;
}

/** A node's address with its id, which the book always has. */
export type BookAddress = PeerAddress & { readonly id: string };

export interface AddressBookOptions {
  /** Undefined keeps the book in memory. */
  readonly path: string | undefined;
  /** Whether only addresses that anyone could dial are taken. */
  readonly strict: boolean;
  /** Ids that are never remembered: this node's, and private ones. */
  readonly excluded: ReadonlySet<string>;
}

const WHAT = "the address book";

export class AddressBook {
  readonly #options: AddressBookOptions;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #random: () => number;
  /** By node id, the one heard of first coming first. */
  readonly #entries = new Map<string, Entry>();
  #changed = false;

  constructor(
    options: AddressBookOptions,
    dependencies: { readonly log: Logger; readonly now?: () => number; readonly random?: () => number },
  ) {
    this.#options = options;
    this.#log = dependencies.log;
    this.#now = dependencies.now ?? Date.now;
    this.#random = dependencies.random ?? Math.random;
    const stored = options.path && readStoredJson(options.path, WHAT, parseBook, this.#log);
    for (const entry of stored || []) {
      if (!this.#isWelcome(entry.address)) continue;
      this.#makeRoom(entry);
      this.#entries.set(entry.id, entry);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Takes note of an address that somebody at `sourceHost` told. True when it is new. */
  hear(address: PeerAddress, sourceHost: string): boolean {
    if (!this.#isWelcome(address)) return false;
    const { id } = address;
    // The first address heard stays until it fails: a liar must not redirect a node that others know.
    const known = this.#entries.get(id);
    if (known !== undefined && (known.met || known.failures === 0)) return false;
    const group = groupOf(address.host);
    const entry = { id, address, group, source: groupOf(sourceHost), met: false, failures: 0, triedAt: 0 };
    this.#entries.delete(id);
    this.#makeRoom(entry);
    this.#entries.set(id, entry);
    this.#changed = true;
    return true;
  }

  /** The node was met at this address: the key was proven there. */
  met(address: PeerAddress): void {
    if (!this.#isWelcome(address)) return;
    const { id } = address;
    const group = groupOf(address.host);
    const entry = { id, address, group, source: group, met: true, failures: 0, triedAt: this.#now() };
    this.#entries.delete(id);
    this.#makeRoom(entry);
    this.#entries.set(id, entry);
    this.#changed = true;
  }

  /** The node could not be reached. */
  failed(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.failures += 1;
    entry.triedAt = this.#now();
    if (entry.failures >= (entry.met ? MAX_DIAL_FAILURES_MET : MAX_DIAL_FAILURES)) this.#entries.delete(id);
    this.#changed = true;
  }

  /** Forgets a node, because of what it did. */
  forget(id: string): void {
    this.#changed = this.#entries.delete(id) || this.#changed;
  }

  /**
   * A node to dial: as often one that was met as one that was only heard of, so that neither a flood of new addresses nor old
   * acquaintances alone decide whom this node knows. Not one of `ids`, nor of the blocks of addresses in `groups`.
   */
  pick(ids: ReadonlySet<string>, groups: ReadonlySet<string>): BookAddress | undefined {
    const now = this.#now();
    const able = [...this.#entries.values()].filter((entry) => {
      const waitMs = Math.min(ADDRESS_RETRY_MIN_MS * 2 ** entry.failures, ADDRESS_RETRY_MAX_MS);
      const isTaken = ids.has(entry.id) || (isRoutable(entry.address.host) && groups.has(entry.group));
      return !isTaken && (entry.triedAt === 0 || entry.triedAt + waitMs <= now);
    });
    const met = able.filter((entry) => entry.met);
    const heard = able.filter((entry) => !entry.met);
    const [first, second] = this.#random() < 0.5 ? [met, heard] : [heard, met];
    const pool = first.length > 0 ? first : second;
    const chosen = pool[Math.floor(this.#random() * pool.length)];
    if (chosen !== undefined) chosen.triedAt = now;
    return chosen && { ...chosen.address, id: chosen.id };
  }

  /** Addresses to tell somebody, at random; nodes that were met, when there are enough of them, are half of it. */
  sample(count: number, except: string): PeerAddress[] {
    const shuffled = [...this.#entries.values()]
      .filter(({ id, failures }) => id !== except && failures === 0)
      .map((entry) => ({ entry, order: this.#random() }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ entry }) => entry);
    const met = shuffled.filter((entry) => entry.met).slice(0, Math.ceil(count / 2));
    const rest = shuffled.filter((entry) => !met.includes(entry)).slice(0, count - met.length);
    return [...met, ...rest].map(({ address }) => address);
  }

  /** Writes the file if anything changed. */
  save(): void {
    const { path } = this.#options;
    if (!this.#changed || path === undefined) return;
    this.#changed = false;
    const addresses = [...this.#entries.values()].map(({ address, source, met, failures, triedAt }) => ({
      address: peerAddressText(address),
      source,
      met,
      failures,
      tried_at: triedAt,
    }));
    writeStoredJson(path, WHAT, { addresses }, this.#log);
  }

  #isWelcome(address: PeerAddress): address is BookAddress {
    const { strict, excluded } = this.#options;
    return address.id !== undefined && !excluded.has(address.id) && (!strict || isRoutable(address.host));
  }

  /** Before an entry comes in: whoever has more than a share loses its oldest. */
  #makeRoom(entry: Entry): void {
    const alike = [...this.#entries.values()].filter(({ met }) => met === entry.met);
    const inGroup = alike.filter(({ group }) => group === entry.group);
    if (entry.met) {
      if (inGroup.length >= MAX_MET_PER_GROUP && isRoutable(entry.address.host)) this.#entries.delete(inGroup[0]!.id);
      else if (alike.length >= MAX_MET_ADDRESSES) this.#entries.delete(alike[0]!.id);
      return;
    }
    const fromSource = alike.filter(({ source }) => source === entry.source);
    if (fromSource.length >= MAX_HEARD_PER_SOURCE) this.#entries.delete(fromSource[0]!.id);
    else if (inGroup.length >= MAX_HEARD_PER_GROUP) this.#entries.delete(inGroup[0]!.id);
    else if (alike.length >= MAX_HEARD_ADDRESSES) this.#entries.delete(oldestOfLargest(alike).id);
  }
}

/** The oldest entry of the source that told most: who fills the book pays for it. */
function oldestOfLargest(entries: readonly Entry[]): Entry {
  const counts = new Map<string, number>();
  for (const { source } of entries) counts.set(source, (counts.get(source) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return entries.find(({ source }) => counts.get(source) === most)!;
}

function parseBook(json: unknown): Entry[] {
  const { addresses } = json as {
    addresses: readonly { readonly [key in "address" | "source" | "met" | "failures" | "tried_at"]?: unknown }[];
  };
  return addresses.slice(0, MAX_HEARD_ADDRESSES + MAX_MET_ADDRESSES).map((stored) => {
    const { source, met, failures, tried_at: triedAt } = stored;
    const address = parsePeerAddress(String(stored.address));
    if (address.id === undefined || typeof source !== "string" || typeof met !== "boolean")
      throw new Error("an entry is not an address");
    if (!Number.isSafeInteger(failures) || !Number.isSafeInteger(triedAt)) throw new Error("an entry has no counts");
    return {
      id: address.id,
      address,
      group: groupOf(address.host),
      source,
      met,
      failures: Math.max(0, Number(failures)),
      // What was reached is dialled again at once. A clock that was wrong must not put an address off for years.
      triedAt: failures === 0 ? 0 : Math.min(Number(triedAt), Date.now()),
    };
  });
}
