// Typed collections over a branch: reading and writing, walks, indexes, pages, gas, and what a schema tells.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MultiBranch } from "../../../chain/store/branch.ts";
import {
  indexed,
  item,
  key,
  map,
  type PageRequest,
  reversedPair,
  type StoreReader,
  type StoreWriter,
  schema,
  sequence,
  set,
  value,
} from "../../../chain/store/collections.ts";
import { gasMeter, infiniteGasMeter, OutOfGas } from "../../../chain/store/gas.ts";
import { MultiStore } from "../../../chain/store/multistore.ts";
import { PageError } from "../../../chain/store/pagination.ts";
import { PlainStore } from "../../../chain/store/plain-store.ts";
import {
  decodeEntry,
  describe as describeSchema,
  exportState,
  importState,
  storeOf,
} from "../../../chain/store/schema.ts";
import { AddressCodec } from "../../../chain/types/address.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { MemoryRecords } from "./memory-records.ts";
import { nativeHasher } from "./random.ts";

const addresses = new AddressCodec("trib");
const alice = new Uint8Array(20).fill(1);
const bob = new Uint8Array(20).fill(2);

const state = schema("bank", {
  supply: map(0x00, key.string, value.int),
  balances: indexed(0x02, key.pair(key.prefixedAddress, key.string), value.int, {
    denom: reversedPair(0x03, key.string, key.prefixedAddress),
  }),
  params: item(0x05, value.proto("cosmos.bank.v1beta1.Params")),
  sendEnabled: map(0x04, key.string, value.bool),
  names: indexed("names", key.uint64, value.string, {
    byName: { prefix: "byName", by: key.string, of: (name) => name, unique: true },
    byLength: { prefix: 0x10, by: key.uint32, of: (name) => (name.length > 2 ? name.length : undefined) },
  }),
  nextId: sequence("nextId"),
  blocked: set(0x20, key.address),
});

function context(): StoreWriter {
  const branch = new MultiBranch({ kv: () => new PlainStore() });
  return { kv: (store) => branch.kv(store), gas: infiniteGasMeter() };
}

const raw = (ctx: StoreReader): string[] => [...ctx.kv("bank").iterate()].map(([k, v]) => `${hex(k)}=${hex(v)}`);

describe("items, maps, sets and sequences", () => {
  test("hold what is set, say what is absent, and forget what is deleted", () => {
    const ctx = context();
    expect(state.params.get(ctx)).toBeUndefined();
    expect(state.params.has(ctx)).toBe(false);
    state.params.set(ctx, { sendEnabled: [], defaultSendEnabled: true });
    expect(state.params.get(ctx)).toEqual({ sendEnabled: [], defaultSendEnabled: true });
    state.params.delete(ctx);
    expect(state.params.has(ctx)).toBe(false);

    state.supply.set(ctx, "uopen", 5n);
    expect(state.supply.get(ctx, "uopen")).toBe(5n);
    expect(state.supply.has(ctx, "uother")).toBe(false);
    state.supply.delete(ctx, "uopen");
    expect(state.supply.isEmpty(ctx)).toBe(true);

    state.blocked.add(ctx, alice);
    expect(state.blocked.has(ctx, alice)).toBe(true);
    expect([...state.blocked.keys(ctx)]).toEqual([alice]);

    expect([state.nextId.next(ctx), state.nextId.next(ctx), state.nextId.peek(ctx)]).toEqual([0n, 1n, 2n]);
    state.nextId.set(ctx, 10n);
    expect(state.nextId.next(ctx)).toBe(10n);
  });

  test("bytes in the store are the SDK's bank layout", () => {
    const ctx = context();
    state.supply.set(ctx, "uopen", 1_000n);
    state.balances.set(ctx, [alice, "uopen"], 7n);
    expect(raw(ctx)).toEqual([
      `00${hex(utf8("uopen"))}=${hex(utf8("1000"))}`,
      `0214${hex(alice)}${hex(utf8("uopen"))}=${hex(utf8("7"))}`,
      `03${hex(utf8("uopen"))}0014${hex(alice)}=01`,
    ]);
    expect(hex(state.balances.storeKey([alice, "uopen"]))).toBe(`0214${hex(alice)}${hex(utf8("uopen"))}`);
  });

  test("a walk keeps to its collection, its prefix, its bounds, its direction and its limit", () => {
    const ctx = context();
    for (const denom of ["a", "b", "c"]) for (const who of [alice, bob]) state.balances.set(ctx, [who, denom], 1n);
    state.params.set(ctx, { sendEnabled: [], defaultSendEnabled: true });
    const denoms = (range: Parameters<typeof state.balances.keys>[1]): string[] =>
      [...state.balances.keys(ctx, range)].map(([who, denom]) => `${who[0]}${denom}`);
    expect(denoms({})).toEqual(["1a", "1b", "1c", "2a", "2b", "2c"]);
    expect(denoms({ prefix: bob })).toEqual(["2a", "2b", "2c"]);
    expect(denoms({ prefix: bob, reverse: true, limit: 2 })).toEqual(["2c", "2b"]);
    expect(denoms({ start: [alice, "b"], end: [bob, "b"] })).toEqual(["1b", "1c", "2a"]);
    expect(denoms({ prefix: alice, start: [alice, "b"] })).toEqual(["1b", "1c"]);
    expect(denoms({ limit: 0 })).toEqual([]);
    expect(state.balances.first(ctx, { prefix: bob })).toEqual([[bob, "a"], 1n]);
    expect([...state.supply.iterate(ctx)]).toEqual([]);
  });

  test("numbers keep their 256 bits and no more, and damaged bytes are refused", () => {
    const ctx = context();
    const most = (1n << 256n) - 1n;
    for (const amount of [0n, 1n, -1n, most, -most]) {
      state.supply.set(ctx, "x", amount);
      expect(state.supply.get(ctx, "x")).toBe(amount);
    }
    expect(() => state.supply.set(ctx, "x", most + 1n)).toThrow("more than 256 bits");
    for (const text of ["", "-0", "01", "1.5", " 1", "1e3", "9".repeat(79)]) {
      ctx.kv("bank").set(state.supply.storeKey("x"), utf8(text));
      expect(() => state.supply.get(ctx, "x")).toThrow();
    }
  });
});

describe("indexes", () => {
  test("follow every set, change and deletion, and leave out what they are told to", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.constantFrom("a", "bb", "ccc", "dddd", "eeee", undefined)), { maxLength: 40 }),
        (steps) => {
          const ctx = context();
          const model = new Map<bigint, string>();
          for (const [id, name] of steps) {
            const at = BigInt(id);
            if (name === undefined) {
              state.names.delete(ctx, at);
              model.delete(at);
            } else if ([...model].some(([other, taken]) => taken === name && other !== at)) {
              expect(() => state.names.set(ctx, at, name)).toThrow("has an entry");
            } else {
              state.names.set(ctx, at, name);
              model.set(at, name);
            }
          }
          for (const name of ["a", "bb", "ccc", "dddd", "eeee"]) {
            expect(state.names.by.byName.find(ctx, name)).toBe([...model].find(([, taken]) => taken === name)?.[0]);
          }
          for (const length of [1, 3, 4]) {
            const wanted = [...model]
              .filter(([, name]) => name.length === length && length > 2)
              .sort((a, b) => Number(a[0] - b[0]));
            expect([...state.names.by.byLength.entries(ctx, length)]).toEqual(wanted);
            expect([...state.names.by.byLength.keys(ctx, length, { reverse: true })]).toEqual(
              wanted.map(([id]) => id).toReversed(),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test("are walked in the order of what they index", () => {
    const ctx = context();
    for (const [id, name] of ["dddd", "ccc", "eeeee", "aaaa"].entries()) state.names.set(ctx, BigInt(id), name);
    expect([...state.names.by.byLength.iterate(ctx)]).toEqual([
      [3, 1n],
      [4, 0n],
      [4, 3n],
      [5, 2n],
    ]);
    expect([...state.names.by.byLength.iterate(ctx, { start: 4, end: 5, reverse: true })]).toEqual([
      [4, 3n],
      [4, 0n],
    ]);
    expect([...state.names.by.byName.iterate(ctx)].map(([name]) => name)).toEqual(["aaaa", "ccc", "dddd", "eeeee"]);
    expect([...state.names.by.byName.keys(ctx, "ccc")]).toEqual([1n]);
    expect(() => state.names.by.byLength.find(ctx, 4)).toThrow("is not unique");
  });

  test("of a reversed pair give the whole key back", () => {
    const ctx = context();
    state.balances.set(ctx, [alice, "a"], 1n);
    state.balances.set(ctx, [bob, "a"], 2n);
    state.balances.set(ctx, [bob, "b"], 3n);
    expect([...state.balances.by.denom.entries(ctx, "a")]).toEqual([
      [[alice, "a"], 1n],
      [[bob, "a"], 2n],
    ]);
    const { rows, page } = state.balances.by.denom.paginate(ctx, "a", {
      key: new Uint8Array(0),
      offset: 0n,
      limit: 1n,
      countTotal: true,
      reverse: false,
    });
    expect(rows).toEqual([[[alice, "a"], 1n]]);
    expect(page.total).toBe(2n);
    const next = state.balances.by.denom.paginate(ctx, "a", {
      key: page.nextKey,
      offset: 0n,
      limit: 5n,
      countTotal: false,
      reverse: false,
    });
    expect(next.rows).toEqual([[[bob, "a"], 2n]]);
  });
});

describe("pages", () => {
  const request = (fields: Partial<PageRequest>): PageRequest => ({
    key: new Uint8Array(0),
    offset: 0n,
    limit: 0n,
    countTotal: false,
    reverse: false,
    ...fields,
  });

  /** The same rows over a branch, which cannot count, and over a committed version, which can. */
  function contexts(count: number): StoreReader[] {
    const store = MultiStore.load(
      { stores: ["bank"], keepRecent: 1 },
      { records: new MemoryRecords(), hasher: nativeHasher },
    );
    const branch = store.branch();
    const open = context();
    for (const ctx of [open, { kv: (name: string) => branch.kv(name), gas: infiniteGasMeter() }]) {
      state.nextId.set(ctx, 1n);
      for (let i = 0; i < count; i++) state.names.set(ctx, BigInt(i), `name ${i}`);
      state.blocked.add(ctx, alice);
    }
    const staged = store.stage(branch);
    store.commit(staged);
    const view = store.readView();
    return [open, { kv: (name) => view.kv(name), gas: infiniteGasMeter() }];
  }

  test("cut every collection into the same rows, whatever the limit, the direction and the way of going on", () => {
    for (const ctx of contexts(25)) {
      for (const reverse of [false, true]) {
        const ids = Array.from({ length: 25 }, (_, i) => BigInt(i));
        const wanted = reverse ? ids.toReversed() : ids;
        for (const limit of [1n, 7n, 25n, 100n]) {
          const byKey: bigint[] = [];
          let from = request({ limit, reverse });
          for (;;) {
            const { rows, page } = state.names.paginate(ctx, from);
            byKey.push(...rows.map(([id]) => id));
            expect(page.total).toBe(0n);
            if (page.nextKey.length === 0) break;
            from = request({ key: page.nextKey, limit, reverse });
          }
          expect(byKey).toEqual(wanted);
          const byOffset: bigint[] = [];
          for (let offset = 0n; offset < 25n; offset += limit) {
            const { rows, page } = state.names.paginate(ctx, request({ offset, limit, reverse, countTotal: true }));
            byOffset.push(...rows.map(([id]) => id));
            expect(page.total).toBe(25n);
            expect(page.nextKey.length > 0).toBe(offset + limit < 25n);
          }
          expect(byOffset).toEqual(wanted);
        }
      }
    }
  });

  test("without a limit hold a hundred rows and the total; with a huge one no more than the bound", () => {
    for (const ctx of contexts(130)) {
      const { rows, page } = state.names.paginate(ctx, undefined);
      expect(rows).toHaveLength(100);
      expect(page.total).toBe(130n);
      expect(state.names.paginate(ctx, request({ key: page.nextKey })).rows).toHaveLength(30);
      expect(state.names.paginate(ctx, request({ limit: 0xffff_ffff_ffff_ffffn })).rows).toHaveLength(130);
      expect(state.names.paginate(ctx, request({ offset: 500n, limit: 10n, countTotal: true }))).toEqual({
        rows: [],
        page: { nextKey: new Uint8Array(0), total: 130n },
      });
    }
  });

  test("of a committed version reach any offset without walking to it", () => {
    const [, committed] = contexts(130);
    const gasOf = (offset: bigint, reverse: boolean): bigint => {
      const gas = infiniteGasMeter();
      const ctx = { kv: (name: string) => (committed as StoreReader).kv(name), gas };
      expect(state.names.paginate(ctx, request({ offset, limit: 3n, reverse })).rows).toHaveLength(
        offset < 130n ? 3 : 0,
      );
      return gas.consumed;
    };
    for (const reverse of [false, true]) {
      // Names of one, two and three digits: some bytes more, and nothing for the rows passed over.
      expect(gasOf(120n, reverse)).toBeLessThan(gasOf(0n, reverse) + 100n);
      for (const beyond of [130n, 1n << 31n, 0xffff_ffff_ffff_ffffn]) expect(gasOf(beyond, reverse)).toBe(0n);
    }
  });

  test("never hold more than a thousand rows, and a filter looks at ten thousand at most; both say where to go on", () => {
    const ctx = context();
    for (let i = 0; i < 10_050; i++) state.supply.set(ctx, `d${String(i).padStart(6, "0")}`, 1n);
    const { rows, page } = state.supply.paginate(ctx, request({ limit: 5_000n }));
    expect(rows).toHaveLength(1_000);
    expect(Buffer.from(page.nextKey).toString()).toBe("d001000");
    const none = state.supply.paginate(ctx, request({ limit: 1n }), { filter: () => false });
    expect(none.rows).toEqual([]);
    expect(Buffer.from(none.page.nextKey).toString()).toBe("d010000");
  });

  test("of a filter count accepted rows", () => {
    for (const ctx of contexts(40)) {
      const filter = (id: bigint): boolean => id % 4n === 1n;
      const first = state.names.paginate(ctx, request({ limit: 3n, countTotal: true }), { filter });
      expect(first.rows.map(([id]) => id)).toEqual([1n, 5n, 9n]);
      expect(first.page.total).toBe(10n);
      const second = state.names.paginate(ctx, request({ limit: 3n, key: first.page.nextKey }), { filter });
      expect(second.rows.map(([id]) => id)).toEqual([13n, 17n, 21n]);
      const last = state.names.paginate(ctx, request({ offset: 8n, limit: 3n }), { filter });
      expect(last.rows.map(([id]) => id)).toEqual([33n, 37n]);
      expect(last.page.nextKey).toHaveLength(0);
    }
  });

  test("refuse a key together with an offset", () => {
    const ctx = context();
    expect(() => state.names.paginate(ctx, request({ key: utf8("k"), offset: 1n }))).toThrow(
      new PageError("invalid request, either offset or key is expected, got both"),
    );
  });

  test("keep to a prefix", () => {
    const ctx = context();
    for (const denom of ["a", "b", "c"]) for (const who of [alice, bob]) state.balances.set(ctx, [who, denom], 1n);
    const { rows, page } = state.balances.paginate(ctx, request({ limit: 2n, countTotal: true }), { prefix: alice });
    expect(rows.map(([[, denom]]) => denom)).toEqual(["a", "b"]);
    expect(page.total).toBe(3n);
    expect(Buffer.from(page.nextKey).toString()).toBe("c");
  });
});

describe("gas", () => {
  test("is paid where the collection is used, as the SDK prices it", () => {
    const ctx = context();
    const cost = (action: () => void): bigint => {
      const before = ctx.gas.consumed;
      action();
      return ctx.gas.consumed - before;
    };
    expect(cost(() => state.supply.set(ctx, "uopen", 1000n))).toBe(2000n + 30n * (6n + 4n));
    expect(cost(() => state.supply.get(ctx, "uopen"))).toBe(1000n + 3n * (6n + 4n));
    expect(cost(() => state.supply.has(ctx, "uopen"))).toBe(1000n);
    expect(cost(() => state.supply.delete(ctx, "uopen"))).toBe(1000n);
  });

  test("a write that cannot be paid is not made", () => {
    const free = context();
    const poor: StoreWriter = { kv: free.kv, gas: gasMeter(1500n) };
    expect(() => state.supply.set(poor, "uopen", 1n)).toThrow(OutOfGas);
    expect(raw(free)).toEqual([]);
  });
});

describe("a schema", () => {
  test("refuses prefixes that begin one another, indexes included", () => {
    expect(() => schema("s", { a: item(0x01, value.int), b: map(0x01, key.string, value.int) })).toThrow(
      "the prefixes of a and b clash",
    );
    expect(() => schema("s", { a: map("abc", key.string, value.int), b: item(0x61, value.int) })).toThrow("clash");
    expect(() =>
      schema("s", {
        a: indexed(1, key.uint64, value.string, { x: { prefix: 2, by: key.string, of: (name) => name } }),
        b: set(2, key.uint64),
      }),
    ).toThrow("the prefixes of a.x and b clash");
    expect(() => schema("S-1", {})).toThrow("is not a store name");
    expect(() => schema("s", { a: item(256, value.int) })).toThrow("is not one byte");
  });

  test("describes every range of keys", () => {
    expect(storeOf(state)).toBe("bank");
    expect(
      describeSchema(state).map(({ name, kind, prefix, key: keys, value: values }) => [
        name,
        kind,
        hex(prefix),
        keys,
        values,
      ]),
    ).toEqual([
      ["supply", "map", "00", "string", "int"],
      ["balances", "map", "02", "pair(length-prefixed address, string)", "int"],
      ["balances.denom", "index", "03", "pair(string, length-prefixed address)", "member"],
      ["params", "item", "05", undefined, "cosmos.bank.v1beta1.Params"],
      ["sendEnabled", "map", "04", "string", "bool"],
      ["names", "map", hex(utf8("names")), "uint64", "string"],
      ["names.byName", "unique index", hex(utf8("byName")), "string", "uint64"],
      ["names.byLength", "index", "10", "pair(uint32, uint64)", "member"],
      ["nextId", "sequence", hex(utf8("nextId")), undefined, "uint64"],
      ["blocked", "set", "20", "address", "member"],
    ]);
  });

  function filled(): StoreWriter {
    const ctx = context();
    state.supply.set(ctx, "uopen", 5n);
    state.balances.set(ctx, [alice, "uopen"], 3n);
    state.balances.set(ctx, [bob, "uopen"], 2n);
    state.params.set(ctx, { sendEnabled: [], defaultSendEnabled: true });
    state.names.set(ctx, 1n, "one");
    state.nextId.set(ctx, 2n);
    state.blocked.add(ctx, bob);
    return ctx;
  }

  test("decodes every entry of its store", () => {
    const decoded = [...filled().kv("bank").iterate()].map(([k, v]) => decodeEntry(state, k, v, addresses));
    expect(decoded).toEqual([
      { collection: "supply", key: "uopen", value: "5" },
      { collection: "balances", key: [addresses.account(alice), "uopen"], value: "3" },
      { collection: "balances", key: [addresses.account(bob), "uopen"], value: "2" },
      { collection: "balances.denom", key: ["uopen", addresses.account(alice)], value: true },
      { collection: "balances.denom", key: ["uopen", addresses.account(bob)], value: true },
      { collection: "params", key: null, value: expect.objectContaining({ default_send_enabled: true }) },
      { collection: "names.byLength", key: [3, "1"], value: true },
      { collection: "blocked", key: addresses.account(bob), value: true },
      { collection: "names.byName", key: "one", value: "1" },
      { collection: "names", key: "1", value: "one" },
      { collection: "nextId", key: null, value: "2" },
    ]);
    expect(decodeEntry(state, Uint8Array.of(0x99), utf8("x"), addresses)).toBeUndefined();
    expect(() => decodeEntry(state, Uint8Array.of(0x02, 5, 1), utf8("1"), addresses)).toThrow();
    expect(() => decodeEntry(state, Uint8Array.of(0x05, 5), utf8("1"), addresses)).toThrow("bytes follow the key");
  });

  test("exports its state as JSON and imports it with every index made again", () => {
    const ctx = filled();
    const json = exportState(state, ctx, addresses);
    expect(Object.keys(json)).toEqual(["supply", "balances", "params", "names", "nextId", "blocked"]);
    const copy = context();
    importState(state, copy, JSON.parse(JSON.stringify(json)), addresses);
    expect(raw(copy)).toEqual(raw(ctx));
  });

  test("refuses to import what it does not know or what stands twice", () => {
    expect(() => importState(state, context(), { other: [] }, addresses)).toThrow('unknown collection "other"');
    expect(() => importState(state, context(), { supply: {} }, addresses)).toThrow("must be a JSON array");
    expect(() => importState(state, context(), { supply: [{ key: "a" }] }, addresses)).toThrow(
      "a row needs key and value",
    );
    const twice = [
      { key: "a", value: "1" },
      { key: "a", value: "2" },
    ];
    expect(() => importState(state, context(), { supply: twice }, addresses)).toThrow("a key stands twice");
    expect(() => importState(state, context(), { supply: [{ key: "a", value: "x" }] }, addresses)).toThrow();
  });
});
