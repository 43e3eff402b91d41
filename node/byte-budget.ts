/**
 * A bound on what many hold together: whoever takes it beyond the bound makes the one that holds most give up. It counts; what giving
 * up means is the owner's.
 */
export class ByteBudget<Holder> {
  readonly #limit: number;
  readonly #evict: (holder: Holder) => void;
  readonly #held = new Map<Holder, number>();
  #total = 0;

  constructor(limit: number, evict: (holder: Holder) => void) {
    this.#limit = limit;
    this.#evict = evict;
  }

  /** The bytes that all hold. */
  get total(): number {
    return this.#total;
  }

  /** Changes what a holder holds. */
  change(holder: Holder, bytes: number): void {
    const held = (this.#held.get(holder) ?? 0) + bytes;
    this.#total += bytes;
    if (held === 0) this.#held.delete(holder);
    else this.#held.set(holder, held);
    while (this.#total > this.#limit) {
      let [largest, most] = [holder, 0];
      for (const [other, amount] of this.#held) if (amount > most) [largest, most] = [other, amount];
      this.release(largest);
      this.#evict(largest);
    }
  }

  /** Forgets a holder and all it holds. */
  release(holder: Holder): void {
    this.#total -= this.#held.get(holder) ?? 0;
    this.#held.delete(holder);
  }
}
