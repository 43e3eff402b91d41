/**
 * Owns the transactions that wait, and their order: the best price first, each signer's own transactions one after
 * another. Finds what gives way when there is no room. Does not own which transactions are let in (mempool.ts).
 */

/** A transaction that waits. */
export interface Waiting {
  readonly key: string;
  readonly tx: Uint8Array;
  readonly gasWanted: bigint;
  /** Names of its signers; empty when the application does not tell. */
  readonly signers: readonly string[];
  /** What it pays, and for how much gas; only compared, never charged. */
  readonly fee: number;
  readonly gas: number;
  /** Height of the last block, and the monotonic clock, when it came in. */
  readonly height: bigint;
  readonly sinceMs: number;
  /** Larger than that of everything that came before. */
  readonly arrival: number;
}

/** Fee per gas; 0 when no gas is asked for. */
export function priceOf({ fee, gas }: Pick<Waiting, "fee" | "gas">): number {
  return gas > 0 ? fee / gas : 0;
}

/** A transaction with everything that waits behind it: it can only leave together with them. */
interface Package {
  readonly head: Waiting;
  fee: number;
  gas: number;
}

/** Transactions by hash in order of arrival, and each signer's in order of arrival, which is that of its sequences. */
export class WaitingTransactions {
  readonly #all = new Map<string, Waiting>();
  readonly #bySigner = new Map<string, Waiting[]>();
  #bytes = 0;
  /** Every package, worked out when first asked for after a change. */
  #packages: Map<Waiting, Package> | undefined;
  #cheapest: Package | undefined;

  get count(): number {
    return this.#all.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Waiting | undefined {
    return this.#all.get(key);
  }

  /** In order of arrival. */
  values(): IterableIterator<Waiting> {
    return this.#all.values();
  }

  /** A signer's transactions, the first to run first. */
  of(signer: string): readonly Waiting[] {
    return this.#bySigner.get(signer) ?? [];
  }

  add(waiting: Waiting): void {
    this.#all.set(waiting.key, waiting);
    this.#bytes += waiting.tx.length;
    for (const signer of waiting.signers) {
      const own = this.#bySigner.get(signer);
      if (own === undefined) this.#bySigner.set(signer, [waiting]);
      else own.push(waiting);
    }
    this.#packages = undefined;
  }

  remove(key: string): Waiting | undefined {
    const waiting = this.#all.get(key);
    if (waiting === undefined) return undefined;
    this.#all.delete(key);
    this.#bytes -= waiting.tx.length;
    for (const signer of waiting.signers) {
      const left = this.of(signer).filter((other) => other !== waiting);
      if (left.length === 0) this.#bySigner.delete(signer);
      else this.#bySigner.set(signer, left);
    }
    this.#packages = undefined;
    return waiting;
  }

  /** The transaction and all that wait behind it, in order of arrival. */
  withDependents(head: Waiting): readonly Waiting[] {
    const found = new Set([head]);
    for (const waiting of found) {
      for (const signer of waiting.signers) {
        const own = this.of(signer);
        for (const later of own.slice(own.indexOf(waiting) + 1)) found.add(later);
      }
    }
    return [...found];
  }

  /**
   * All transactions in the order a block takes them: the highest price among those that wait for no other, the earlier
   * one when prices are equal. `take` answers whether the transaction is taken; what waits behind one that is not comes
   * no more.
   */
  forEachInFeeOrder(take: (waiting: Waiting) => boolean): void {
    const waitsFor = new Map<Waiting, number>();
    const ready = new PriceHeap();
    for (const waiting of this.#all.values()) {
      const others = waiting.signers.filter((signer) => this.of(signer)[0] !== waiting).length;
      if (others === 0) ready.push(waiting);
      else waitsFor.set(waiting, others);
    }
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      if (!take(next)) continue;
      for (const signer of next.signers) {
        const own = this.of(signer);
        const follower = own[own.indexOf(next) + 1];
        if (follower === undefined) continue;
        const left = (waitsFor.get(follower) ?? 1) - 1;
        waitsFor.set(follower, left);
        if (left === 0) ready.push(follower);
      }
    }
  }

  /**
   * What has to leave for `transactions` and `bytes` to have room, cheapest first and always with what waits behind it:
   * undefined when even that does not pay less than `price`, or would take away what `signers` build on.
   */
  givesWay(
    room: { readonly transactions: number; readonly bytes: number },
    price: number,
    signers: readonly string[],
  ): readonly Waiting[] | undefined {
    if (room.transactions <= 0 && room.bytes <= 0) return [];
    const packages = this.#worked();
    // Most of a flood ends here, without a look at every package.
    if (this.#cheapest === undefined || priceOf(this.#cheapest) >= price) return undefined;
    const leaving = new Set<Waiting>();
    let bytes = 0;
    const enough = (): boolean => leaving.size >= room.transactions && bytes >= room.bytes;
    const consider = ({ head }: Package): void => {
      const all = this.withDependents(head);
      if (all.some((one) => one.signers.some((signer) => signers.includes(signer)))) return;
      for (const one of all) {
        if (!leaving.has(one)) bytes += one.tx.length;
        leaving.add(one);
      }
    };
    consider(this.#cheapest);
    if (enough()) return [...leaving];
    const cheaper = [...packages.values()].filter((one) => priceOf(one) < price);
    for (const one of cheaper.sort((left, right) => priceOf(left) - priceOf(right))) {
      consider(one);
      if (enough()) return [...leaving];
    }
    return undefined;
  }

  /**
   * The packages, and the cheapest. Where a transaction waits behind the same one through two signers, what follows it
   * counts twice; that shifts a price, and never what leaves together.
   */
  #worked(): Map<Waiting, Package> {
    if (this.#packages !== undefined) return this.#packages;
    const packages = new Map<Waiting, Package>();
    this.#cheapest = undefined;
    for (const waiting of [...this.#all.values()].reverse()) {
      const own: Package = { head: waiting, fee: waiting.fee, gas: waiting.gas };
      for (const signer of waiting.signers) {
        const queue = this.of(signer);
        const follower = queue.length === 1 ? undefined : queue[queue.indexOf(waiting) + 1];
        const behind = follower && packages.get(follower);
        own.fee += behind?.fee ?? 0;
        own.gas += behind?.gas ?? 0;
      }
      packages.set(waiting, own);
      // Of equal ones the last to come is the first to leave.
      if (this.#cheapest === undefined || priceOf(own) < priceOf(this.#cheapest)) this.#cheapest = own;
    }
    this.#packages = packages;
    return packages;
  }
}

/** A binary heap, the best price on top, the earliest of equal ones. */
class PriceHeap {
  readonly #entries: Waiting[] = [];

  push(entry: Waiting): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#comesBefore(at, above)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  pop(): Waiting | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined || entries.length === 0) return top;
    entries[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let best = at;
      if (left < entries.length && this.#comesBefore(left, best)) best = left;
      if (right < entries.length && this.#comesBefore(right, best)) best = right;
      if (best === at) return top;
      this.#swap(at, best);
      at = best;
    }
  }

  #comesBefore(one: number, other: number): boolean {
    const [left, right] = [this.#entries[one], this.#entries[other]];
    if (left === undefined || right === undefined) return false;
    const difference = priceOf(left) - priceOf(right);
    return difference === 0 ? left.arrival < right.arrival : difference > 0;
  }

  #swap(one: number, other: number): void {
    const [left, right] = [this.#entries[one], this.#entries[other]];
    if (left === undefined || right === undefined) return;
    this.#entries[one] = right;
    this.#entries[other] = left;
  }
}
