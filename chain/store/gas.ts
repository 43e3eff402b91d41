// Owns: gas meters and the prices of reading and writing a store, as in the Cosmos SDK (store/types/gas.go).
// Does not own: who charges what. Store prices are charged by collections.ts, on logical bytes and above every cache.

/** The most gas there is: an unsigned 64-bit number, as in the SDK. */
export const MAX_GAS = 0xffff_ffff_ffff_ffffn;

/** Thrown when a meter passes its limit. `descriptor` says what was being paid for, as in the SDK's error text. */
export class OutOfGas extends Error {
  override readonly name = "OutOfGas";
  readonly descriptor: string;

  constructor(descriptor: string) {
    super(`out of gas in location: ${descriptor}`);
    this.descriptor = descriptor;
  }
}

/** Thrown when the sum no longer fits 64 bits, whatever the limit. */
export class GasOverflow extends Error {
  override readonly name = "GasOverflow";
  readonly descriptor: string;

  constructor(descriptor: string) {
    super(`gas overflow in location: ${descriptor}`);
    this.descriptor = descriptor;
  }
}

/** Counts gas up to a limit. */
export interface GasMeter {
  /** Gas used so far; after OutOfGas it includes the charge that passed the limit. */
  readonly consumed: bigint;
  /** The most that may be used; `MAX_GAS` for a meter without a limit. */
  readonly limit: bigint;
  /** Adds `amount`. Throws OutOfGas when the sum passes the limit, GasOverflow when it passes 64 bits. */
  consume(amount: bigint, descriptor: string): void;
  /** Gives `amount` back. Throws when more is given back than was used: that is a bug. */
  refund(amount: bigint, descriptor: string): void;
  /** Gas left before the limit; never negative. */
  remaining(): bigint;
  /** True once the limit is passed. */
  isPastLimit(): boolean;
  /** True once the limit is reached or passed. */
  isOutOfGas(): boolean;
}

class Meter implements GasMeter {
  readonly limit: bigint;
  #consumed = 0n;

  constructor(limit: bigint) {
    if (limit < 0n || limit > MAX_GAS) throw new Error(`gas limit ${limit} is not an unsigned 64-bit number`);
    this.limit = limit;
  }

  get consumed(): bigint {
    return this.#consumed;
  }

  consume(amount: bigint, descriptor: string): void {
    if (amount < 0n) throw new Error(`negative gas in location: ${descriptor}`);
    const sum = this.#consumed + amount;
    if (sum > MAX_GAS) {
      this.#consumed = MAX_GAS;
      throw new GasOverflow(descriptor);
    }
    this.#consumed = sum;
    if (sum > this.limit) throw new OutOfGas(descriptor);
  }

  refund(amount: bigint, descriptor: string): void {
    if (amount < 0n || amount > this.#consumed) throw new Error(`negative gas consumed in location: ${descriptor}`);
    this.#consumed -= amount;
  }

  remaining(): bigint {
    return this.#consumed >= this.limit ? 0n : this.limit - this.#consumed;
  }

  isPastLimit(): boolean {
    return this.#consumed > this.limit;
  }

  isOutOfGas(): boolean {
    return this.#consumed >= this.limit;
  }
}

/** A meter that throws OutOfGas past `limit`. */
export function gasMeter(limit: bigint): GasMeter {
  return new Meter(limit);
}

/** A meter that only counts: for begin and end of a block, genesis, and queries without a limit. */
export function infiniteGasMeter(): GasMeter {
  return new Meter(MAX_GAS);
}

/** What the operations of a key-value store cost. */
export interface KVGasPrices {
  readonly has: bigint;
  readonly delete: bigint;
  readonly readFlat: bigint;
  readonly readPerByte: bigint;
  readonly writeFlat: bigint;
  readonly writePerByte: bigint;
  readonly iterateNextFlat: bigint;
}

/** Prices of a committed store (SDK KVGasConfig). */
export const KV_GAS: KVGasPrices = {
  has: 1000n,
  delete: 1000n,
  readFlat: 1000n,
  readPerByte: 3n,
  writeFlat: 2000n,
  writePerByte: 30n,
  iterateNextFlat: 30n,
};

/** Prices of a transient or memory store (SDK TransientGasConfig). */
export const TRANSIENT_KV_GAS: KVGasPrices = {
  has: 100n,
  delete: 100n,
  readFlat: 100n,
  readPerByte: 0n,
  writeFlat: 200n,
  writePerByte: 3n,
  iterateNextFlat: 3n,
};

/** The SDK's names for what a store charges for; they appear in the out-of-gas log. */
export const GAS_DESCRIPTOR = {
  has: "Has",
  delete: "Delete",
  readFlat: "ReadFlat",
  readPerByte: "ReadPerByte",
  writeFlat: "WriteFlat",
  writePerByte: "WritePerByte",
  iterateNextFlat: "IterNextFlat",
  valuePerByte: "ValuePerByte",
} as const;
