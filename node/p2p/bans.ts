/**
 * Nodes that are neither dialled nor taken in for a while, kept over restarts. It owns how long, how many, and the file; why a node is
 * banned is the switch's decision.
 */
import type { Logger } from "../log.ts";
import { isLoopback } from "./ip-group.ts";
import { BAN_MS, BANS_PER_ADDRESS, MAX_BANS } from "./limits.ts";
import { readStoredJson, writeStoredJson } from "./stored-json.ts";

/** One ban, as it stands in the file. */
export interface Ban {
  /** 40 hex digits. */
  readonly id: string;
  /** Where the node was when it was banned; empty when that says nothing. */
  readonly host: string;
  /** Milliseconds of Unix time. */
  readonly until: number;
  readonly reason: string;
}

const WHAT = "the list of banned peers";

export class Bans {
  readonly #path: string | undefined;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #bans = new Map<string, Ban>();

  /** Reads the file; without a path bans last as long as the process. `now` is Unix time in milliseconds. */
  constructor(path: string | undefined, dependencies: { readonly log: Logger; readonly now?: () => number }) {
    this.#path = path;
    this.#log = dependencies.log;
    this.#now = dependencies.now ?? Date.now;
    for (const ban of (path && readStoredJson(path, WHAT, parseBans, this.#log)) || []) this.#bans.set(ban.id, ban);
    this.#expire();
  }

  /** Bans a node. */
  add(id: string, host: string, reason: string): void {
    this.#bans.set(id, { id, host, until: this.#now() + BAN_MS, reason });
    this.#expire();
    while (this.#bans.size > MAX_BANS) {
      const [first] = [...this.#bans.values()].toSorted((a, b) => a.until - b.until);
      this.#bans.delete(first!.id);
    }
    if (this.#path !== undefined) writeStoredJson(this.#path, WHAT, { bans: this.list() }, this.#log);
  }

  /** Whether a node is banned now. */
  has(id: string): boolean {
    const ban = this.#bans.get(id);
    return ban !== undefined && ban.until > this.#now();
  }

  /** Whether so many nodes of an address were banned that the address is refused. */
  hasAddress(host: string): boolean {
    if (host === "" || isLoopback(host)) return false;
    const now = this.#now();
    let bans = 0;
    for (const ban of this.#bans.values()) if (ban.host === host && ban.until > now) bans += 1;
    return bans >= BANS_PER_ADDRESS;
  }

  list(): readonly Ban[] {
    return [...this.#bans.values()];
  }

  #expire(): void {
    const now = this.#now();
    for (const { id, until } of this.#bans.values()) if (until <= now) this.#bans.delete(id);
  }
}

function parseBans(json: unknown): Ban[] {
  const { bans } = json as { bans: readonly Ban[] };
  return bans.slice(0, MAX_BANS).map(({ id, host, until, reason }) => {
    if (
      typeof id !== "string" ||
      !/^[0-9a-f]{40}$/.test(id) ||
      typeof host !== "string" ||
      !Number.isSafeInteger(until) ||
      typeof reason !== "string"
    )
      throw new Error("an entry is not a ban");
    // A clock that was wrong when it was written must not ban for years.
    return { id, host, until: Math.min(until, Date.now() + BAN_MS), reason };
  });
}
