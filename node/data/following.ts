/**
 * Owns following datanets: every record the chain has of them is looked for among the peers, checked, and pinned, the newest chain state
 * again and again. What nobody has now is asked for again later. Does not own how blocks travel (exchange.ts) nor where they lie.
 */
import { hex } from "../../proto/bytes.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Logger } from "../log.ts";
import type { Peer } from "../p2p/peer.ts";
import { type BlockStore, StoreFullError } from "./block-store.ts";
import type { BlockExchange } from "./exchange.ts";
import {
  AWAITED_RETRY_MS,
  FOLLOW_INTERVAL_MS,
  FOLLOW_PAGE,
  MAX_AWAITED_BLOCKS,
  MAX_DIGESTS_ASKED,
  MAX_FETCHES_AT_ONCE,
} from "./limits.ts";

type Record = Messages["tributary.datanet.v1.Record"];

/** What following uses. */
export interface FollowingNeeds {
  readonly store: Pick<BlockStore, "length" | "put" | "keep">;
  readonly exchange: Pick<BlockExchange, "lengths" | "fetchFrom">;
  readonly peers: () => readonly Peer[];
  readonly log: Logger;
  /** A record of the chain's last state; undefined when there is none of that number yet. */
  readonly record: (datanetId: bigint, number: bigint) => Record | undefined;
}

/** A block that is wanted and not here. */
interface Awaited {
  readonly digest: Uint8Array;
  /** When it was asked for last; undefined when it was not. Monotonic milliseconds. */
  triedMs: number | undefined;
}

/** What was struck or taken down is nobody's to pass on; what is suspended may come back when records are looked at again. */
function isWanted({ status }: Record): boolean {
  return status === RecordStatus.RECORD_STATUS_PENDING || status === RecordStatus.RECORD_STATUS_FINAL;
}

export class Following {
  readonly #needs: FollowingNeeds;
  /** The number of the next record to look at, by datanet. */
  readonly #next: Map<bigint, bigint>;
  readonly #awaited = new Map<string, Awaited>();
  #running: Promise<void> | undefined;
  #stopped = false;
  #endPause: () => void = () => undefined;
  /** While there is no room nothing is fetched. Monotonic milliseconds. */
  #fullUntilMs = 0;
  /** Some that nobody had were forgotten for others: records are looked at once more from the first on. */
  #hasForgotten = false;

  constructor(datanets: readonly bigint[], needs: FollowingNeeds) {
    this.#needs = needs;
    this.#next = new Map(datanets.map((datanet) => [datanet, 1n]));
  }

  /** Follows until it is stopped. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is fetched or written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let moved = false;
      try {
        moved = (await this.#lookAtRecords()) || (await this.#fetchAwaited());
      } catch (error) {
        // The disk's trouble is the operator's to see; the chain does not depend on these files.
        this.#needs.log.error({ err: error }, "keeping texts met trouble; trying again");
      }
      if (!moved) await this.#pause(FOLLOW_INTERVAL_MS);
    }
  }

  /** Notes what is not here of the next records. True when there were any. */
  async #lookAtRecords(): Promise<boolean> {
    let seen = 0;
    for (const [datanet, first] of this.#next) {
      let number = first;
      for (; seen < FOLLOW_PAGE && this.#awaited.size < MAX_AWAITED_BLOCKS && !this.#stopped; number += 1n) {
        const record = this.#needs.record(datanet, number);
        if (record === undefined) break;
        seen += 1;
        if (!isWanted(record)) continue;
        const digest = record.contentHash;
        // What came by another way is pinned where it lies.
        if (!(await this.#needs.store.keep(digest, "pinned")))
          this.#awaited.set(hex(digest), { digest, triedMs: undefined });
      }
      this.#next.set(datanet, number);
    }
    if (this.#awaited.size >= MAX_AWAITED_BLOCKS) this.#forgetTried();
    else if (seen === 0 && this.#hasForgotten) {
      this.#hasForgotten = false;
      for (const datanet of this.#next.keys()) this.#next.set(datanet, 1n);
    }
    return seen > 0;
  }

  /** Texts that nobody gives must not keep those of later records out. */
  #forgetTried(): void {
    for (const [name, { triedMs }] of this.#awaited) {
      if (triedMs === undefined) continue;
      this.#awaited.delete(name);
      this.#hasForgotten = true;
    }
  }

  /** Asks all peers for the blocks that wait longest, several at once. True when one came. */
  async #fetchAwaited(): Promise<boolean> {
    const nowMs = performance.now();
    const due = [...this.#awaited.values()]
      .filter(({ triedMs }) => triedMs === undefined || nowMs - triedMs > AWAITED_RETRY_MS)
      .slice(0, MAX_DIGESTS_ASKED);
    const peers = this.#needs.peers();
    if (due.length === 0 || peers.length === 0 || this.#stopped || nowMs < this.#fullUntilMs) return false;
    for (const one of due) {
      one.triedMs = nowMs;
      // Last in the order of waiting.
      this.#awaited.delete(hex(one.digest));
      this.#awaited.set(hex(one.digest), one);
    }
    const digests = due.map(({ digest }) => digest);
    const holders = await Promise.all(
      peers.map(async (peer) => ({ peer, lengths: (await this.#needs.exchange.lengths(peer, digests)) ?? [] })),
    );
    const useful = holders.filter(({ lengths }) => lengths.some((length) => length > 0));
    const todo = new Set(digests.keys());
    let came = false;
    await Promise.all(
      useful.slice(0, MAX_FETCHES_AT_ONCE).map(async ({ peer, lengths }) => {
        for (const index of [...todo]) {
          const length = lengths[index] ?? 0;
          if (this.#stopped || !peer.open || performance.now() < this.#fullUntilMs) return;
          // Another peer may have taken it on meanwhile.
          if (length === 0 || !todo.delete(index)) continue;
          if (await this.#fetchOne(peer, digests[index]!, length)) came = true;
        }
      }),
    );
    return came;
  }

  async #fetchOne(peer: Peer, digest: Uint8Array, length: number): Promise<boolean> {
    const block = await this.#needs.exchange.fetchFrom(peer, digest, length);
    const awaited = this.#awaited.get(hex(digest));
    if (typeof block === "string") {
      // Another peer may do better at once.
      if (awaited !== undefined && block !== "did not answer in time") awaited.triedMs = undefined;
      return false;
    }
    try {
      await this.#needs.store.put(block, "pinned");
    } catch (error) {
      if (!(error instanceof StoreFullError)) throw error;
      this.#needs.log.warn({ reason: error.message }, "texts are no longer kept: raise data.budget_bytes");
      this.#fullUntilMs = performance.now() + AWAITED_RETRY_MS;
      return false;
    }
    this.#awaited.delete(hex(digest));
    return true;
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopped) this.#endPause();
    });
  }
}
