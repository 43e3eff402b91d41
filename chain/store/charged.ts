// Transaction step 12: each read and write is paid for.
// Owns: reading and writing a store while paying for it: the one place where store gas is charged, on logical bytes, so
// that no cache below can change a price (SDK store/gaskv). Does not own the prices (gas.ts).

import { GAS_DESCRIPTOR, type GasMeter, type KVGasPrices } from "./gas.ts";
import type { Entry, KeyRange, KVRead, KVWrite } from "./kv.ts";
import type { StoreName } from "./limits.ts";

/** What reading needs: the stores of one consistent state and the meter that pays. */
export interface StoreReader {
  kv(store: StoreName): KVRead;
  readonly gas: GasMeter;
}

/** What writing needs. */
export interface StoreWriter extends StoreReader {
  kv(store: StoreName): KVWrite;
}

/** Where a collection lives: its store, its name in the schema, and what touching the store costs. */
export interface Place {
  readonly store: StoreName;
  readonly name: string;
  readonly prices: KVGasPrices;
}

/** Reads a value and pays for it; an absent key pays for its own bytes. */
export function chargedGet(ctx: StoreReader, place: Place, key: Uint8Array): Uint8Array | undefined {
  const { prices } = place;
  ctx.gas.consume(prices.readFlat, GAS_DESCRIPTOR.readFlat);
  const value = ctx.kv(place.store).get(key);
  const length = key.length + (value === undefined ? 0 : value.length);
  ctx.gas.consume(prices.readPerByte * BigInt(length), GAS_DESCRIPTOR.readPerByte);
  return value;
}

/** Asks whether a key is there, for a flat price. */
export function chargedHas(ctx: StoreReader, place: Place, key: Uint8Array): boolean {
  ctx.gas.consume(place.prices.has, GAS_DESCRIPTOR.has);
  return ctx.kv(place.store).has(key);
}

/** Pays for a write and makes it. */
export function chargedSet(ctx: StoreWriter, place: Place, key: Uint8Array, value: Uint8Array): void {
  const { prices } = place;
  ctx.gas.consume(prices.writeFlat, GAS_DESCRIPTOR.writeFlat);
  ctx.gas.consume(prices.writePerByte * BigInt(key.length + value.length), GAS_DESCRIPTOR.writePerByte);
  ctx.kv(place.store).set(key, value);
}

/** Pays for a deletion, whether or not the key is there, and makes it. */
export function chargedDelete(ctx: StoreWriter, place: Place, key: Uint8Array): void {
  ctx.gas.consume(place.prices.delete, GAS_DESCRIPTOR.delete);
  ctx.kv(place.store).delete(key);
}

/**
 * Entries of a range, paid as the SDK's gas iterator does: the first entry when it is found and every entry again when
 * the walk moves past it, each with the flat price of a step.
 */
export function* chargedIterate(ctx: StoreReader, place: Place, range: KeyRange): Generator<Entry, void, undefined> {
  const { gas } = ctx;
  const { prices } = place;
  const pay = (entry: Entry | undefined): void => {
    if (entry !== undefined) {
      const length = BigInt(entry[0].length + entry[1].length);
      gas.consume(prices.readPerByte * length, GAS_DESCRIPTOR.valuePerByte);
    }
    gas.consume(prices.iterateNextFlat, GAS_DESCRIPTOR.iterateNextFlat);
  };
  let first = true;
  for (const entry of ctx.kv(place.store).iterate(range)) {
    if (first) pay(entry);
    first = false;
    yield entry;
    pay(entry);
  }
  if (first) pay(undefined);
}

/** As `chargedIterate` for keys alone: only the keys' bytes are paid. */
export function* chargedKeys(ctx: StoreReader, place: Place, range: KeyRange): Generator<Uint8Array, void, undefined> {
  const { gas } = ctx;
  const { prices } = place;
  const pay = (key: Uint8Array | undefined): void => {
    if (key !== undefined) gas.consume(prices.readPerByte * BigInt(key.length), GAS_DESCRIPTOR.valuePerByte);
    gas.consume(prices.iterateNextFlat, GAS_DESCRIPTOR.iterateNextFlat);
  };
  let first = true;
  for (const key of ctx.kv(place.store).keys(range)) {
    if (first) pay(key);
    first = false;
    yield key;
    pay(key);
  }
  if (first) pay(undefined);
}
