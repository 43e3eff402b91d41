// Gas meters, and what the store's operations cost: figures from the Cosmos SDK (store/types/gas.go, store/gaskv).

import { describe, expect, test } from "vitest";
import { MultiBranch } from "../../../chain/store/branch.ts";
import {
  chargedDelete,
  chargedGet,
  chargedHas,
  chargedIterate,
  chargedKeys,
  chargedSet,
  type Place,
  type StoreWriter,
} from "../../../chain/store/charged.ts";
import {
  GasOverflow,
  gasMeter,
  infiniteGasMeter,
  KV_GAS,
  MAX_GAS,
  OutOfGas,
  TRANSIENT_KV_GAS,
} from "../../../chain/store/gas.ts";
import { PlainStore } from "../../../chain/store/plain-store.ts";
import { utf8 } from "../../../proto/bytes.ts";

const place: Place = { store: "s", name: "test", prices: KV_GAS };

function context(limit = MAX_GAS): StoreWriter {
  const branch = new MultiBranch({ kv: () => new PlainStore() });
  return { kv: (store) => branch.kv(store), gas: gasMeter(limit) };
}

describe("a gas meter", () => {
  test("counts up to its limit and throws with what was being paid for", () => {
    const meter = gasMeter(10n);
    meter.consume(10n, "first");
    expect([meter.consumed, meter.remaining(), meter.isOutOfGas(), meter.isPastLimit()]).toEqual([
      10n,
      0n,
      true,
      false,
    ]);
    expect(() => meter.consume(1n, "ReadFlat")).toThrow(new OutOfGas("ReadFlat"));
    expect([meter.consumed, meter.remaining(), meter.isPastLimit()]).toEqual([11n, 0n, true]);
  });

  test("gives back no more than was used", () => {
    const meter = gasMeter(10n);
    meter.consume(5n, "a");
    meter.refund(3n, "a");
    expect(meter.consumed).toBe(2n);
    expect(() => meter.refund(3n, "a")).toThrow("negative gas consumed");
    expect(() => meter.consume(-1n, "a")).toThrow("negative gas");
  });

  test("without a limit still cannot pass 64 bits", () => {
    const meter = infiniteGasMeter();
    meter.consume(MAX_GAS, "a");
    expect(() => meter.consume(1n, "b")).toThrow(GasOverflow);
    expect(meter.consumed).toBe(MAX_GAS);
    expect(() => gasMeter(MAX_GAS + 1n)).toThrow("not an unsigned 64-bit number");
  });
});

describe("store operations cost what the SDK charges", () => {
  const cost = (ctx: StoreWriter, action: () => void): bigint => {
    const before = ctx.gas.consumed;
    action();
    return ctx.gas.consumed - before;
  };
  const key = utf8("key");
  const value = utf8("value");

  test("single keys", () => {
    const ctx = context();
    expect(cost(ctx, () => chargedGet(ctx, place, key))).toBe(1000n + 3n * 3n);
    expect(cost(ctx, () => chargedSet(ctx, place, key, value))).toBe(2000n + 30n * 8n);
    expect(cost(ctx, () => chargedGet(ctx, place, key))).toBe(1000n + 3n * 8n);
    expect(cost(ctx, () => chargedHas(ctx, place, key))).toBe(1000n);
    expect(cost(ctx, () => chargedDelete(ctx, place, key))).toBe(1000n);
  });

  test("a walk over n entries pays the first twice and n + 1 steps", () => {
    const ctx = context();
    expect(cost(ctx, () => [...chargedIterate(ctx, place, {})])).toBe(30n);
    for (const name of ["a", "bb", "ccc"]) chargedSet(ctx, place, utf8(name), value);
    // 6, 7 and 8 bytes; the first is paid when it is found and again when the walk moves on.
    expect(cost(ctx, () => [...chargedIterate(ctx, place, {})])).toBe(3n * (6n + 6n + 7n + 8n) + 30n * 4n);
    expect(cost(ctx, () => [...chargedKeys(ctx, place, {})])).toBe(3n * (1n + 1n + 2n + 3n) + 30n * 4n);
    // Stopping at the first entry pays for finding it alone.
    expect(
      cost(ctx, () => {
        for (const _ of chargedIterate(ctx, place, {})) break;
      }),
    ).toBe(3n * 6n + 30n);
  });

  test("transient stores are cheaper", () => {
    const ctx = context();
    const transient = { ...place, prices: TRANSIENT_KV_GAS };
    expect(cost(ctx, () => chargedSet(ctx, transient, key, value))).toBe(200n + 3n * 8n);
    expect(cost(ctx, () => chargedGet(ctx, transient, key))).toBe(100n);
  });

  test("a write that cannot be paid does not happen", () => {
    const ctx = context(2000n);
    expect(() => chargedSet(ctx, place, key, value)).toThrow(new OutOfGas("WritePerByte"));
    expect(ctx.kv("s").has(key)).toBe(false);
  });
});
