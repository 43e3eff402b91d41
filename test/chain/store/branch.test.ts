// Branches over branches against plain sorted maps, and the guard against writing under an iterator.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MultiBranch } from "../../../chain/store/branch.ts";
import { type KeyRange, type KVRead, type MultiRead, prefixEnd } from "../../../chain/store/kv.ts";
import { PlainStore } from "../../../chain/store/plain-store.ts";
import { keyBytes, keyText, SortedKeys } from "../../../chain/store/sorted-keys.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { randomBytes, randomNumbers } from "./random.ts";

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function base(entries: Readonly<Record<string, string>> = {}): MultiRead {
  const stores = new Map<string, PlainStore>();
  return {
    kv: (name) => {
      let store = stores.get(name);
      if (store === undefined) {
        store = new PlainStore();
        store.apply(Object.entries(entries).map(([key, value]) => ({ key: utf8(key), value: utf8(value) })));
        stores.set(name, store);
      }
      return store;
    },
  };
}

/** What a store holds in a range, by the model. */
function expected(model: ReadonlyMap<string, string>, range: KeyRange): [string, string][] {
  const start = range.start === undefined ? "" : hex(range.start);
  const end = range.end === undefined ? undefined : hex(range.end);
  const entries = [...model].filter(([key]) => key >= start && (end === undefined || key < end));
  entries.sort((a, b) => compareText(a[0], b[0]));
  return range.reverse === true ? entries.reverse() : entries;
}

function expectSame(kv: KVRead, model: ReadonlyMap<string, string>, range: KeyRange): void {
  const wanted = expected(model, range);
  expect([...kv.iterate(range)].map(([key, value]) => [hex(key), hex(value)])).toEqual(wanted);
  expect([...kv.keys(range)].map(hex)).toEqual(wanted.map(([key]) => key));
}

type Layer = { readonly branch: MultiBranch; readonly model: Map<string, string> };

// Few short keys over a small alphabet: collisions, prefixes of one another, and bytes at both ends.
const keys = fc
  .uint8Array({ minLength: 1, maxLength: 3 })
  .map((bytes) => bytes.map((byte) => [0, 1, 127, 128, 255][byte % 5]!));
const values = fc.uint8Array({ maxLength: 3 });
const bound = fc.option(keys, { nil: undefined });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("set" as const), key: keys, value: values }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("delete" as const), key: keys }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("branch" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("write" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("walk" as const), start: bound, end: bound, reverse: fc.boolean() }),
  },
);

describe("a branch", () => {
  test("nested branches read, walk, write down and drop as stacked maps do", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const below = new PlainStore();
        below.apply([0, 1, 128, 255].map((byte) => ({ key: Uint8Array.of(byte), value: Uint8Array.of(byte) })));
        const bottom = new MultiBranch({ kv: () => below });
        const layers: Layer[] = [
          {
            branch: bottom,
            model: new Map([0, 1, 128, 255].map((byte) => [hex(Uint8Array.of(byte)), hex(Uint8Array.of(byte))])),
          },
        ];
        for (const next of steps) {
          const { branch, model } = layers[layers.length - 1]!;
          const kv = branch.kv("s");
          switch (next.do) {
            case "set":
              kv.set(next.key, next.value);
              model.set(hex(next.key), hex(next.value));
              break;
            case "delete":
              kv.delete(next.key);
              model.delete(hex(next.key));
              break;
            case "branch":
              if (layers.length < 6) layers.push({ branch: branch.branch(), model: new Map(model) });
              break;
            case "write":
              if (layers.length === 1) break;
              branch.write();
              layers.pop();
              layers[layers.length - 1] = { branch: layers[layers.length - 1]!.branch, model };
              break;
            case "drop":
              if (layers.length === 1) break;
              branch.discard();
              layers.pop();
              break;
            case "walk":
              expectSame(kv, model, next);
              break;
          }
          for (const key of [Uint8Array.of(0), Uint8Array.of(1, 1), Uint8Array.of(255)]) {
            const value = layers[layers.length - 1]!.model.get(hex(key));
            const top = layers[layers.length - 1]!.branch.kv("s");
            expect(top.has(key)).toBe(value !== undefined);
            expect(top.get(key)).toEqual(value === undefined ? undefined : unhex(value));
          }
        }
        while (layers.length > 1) {
          const { branch, model } = layers.pop()!;
          branch.write();
          layers[layers.length - 1] = { branch: layers[layers.length - 1]!.branch, model };
        }
        const changes = bottom.changes().get("s") ?? [];
        expect(changes.map(({ key }) => hex(key))).toEqual(changes.map(({ key }) => hex(key)).toSorted(compareText));
        below.apply(changes);
        expectSame(below, layers[0]!.model, {});
      }),
      { numRuns: 300 },
    );
  });

  test("changes come by store and key in byte order, net", () => {
    const branch = new MultiBranch(base());
    const inner = branch.branch();
    for (const key of ["b", "a", "~", "Z"]) inner.kv("two").set(utf8(key), utf8("1"));
    inner.kv("two").set(Uint8Array.of(255), utf8("last"));
    inner.kv("one").set(utf8("k"), utf8("1"));
    inner.kv("one").delete(utf8("k"));
    inner.kv("untouched").get(utf8("k"));
    inner.write();
    const changes = branch.changes();
    expect([...changes.keys()]).toEqual(["one", "two"]);
    expect(changes.get("two")!.map(({ key }) => hex(key))).toEqual(["5a", "61", "62", "7e", "ff"]);
    expect(changes.get("one")).toEqual([{ key: utf8("k"), value: undefined }]);
    expect(inner.changes().size).toBe(0);
  });

  test("a walk sees changes made before it, hides what they delete, and stops where the range says", () => {
    const branch = new MultiBranch(base({ a: "1", b: "2", c: "3", d: "4" }));
    const kv = branch.kv("s");
    kv.delete(utf8("b"));
    kv.set(utf8("bb"), utf8("new"));
    kv.set(utf8("c"), utf8("33"));
    const text = (range: KeyRange): string[] =>
      [...kv.iterate(range)].map(([key, value]) => `${Buffer.from(key)}=${Buffer.from(value)}`);
    expect(text({})).toEqual(["a=1", "bb=new", "c=33", "d=4"]);
    expect(text({ start: utf8("b"), end: utf8("d"), reverse: true })).toEqual(["c=33", "bb=new"]);
    expect(text({ start: utf8("d"), end: utf8("a") })).toEqual([]);
  });
});

describe("writing under a live iterator", () => {
  const filled = (): MultiBranch => new MultiBranch(base({ a: "1", b: "2", c: "3" }));
  const message = "a store was written while one of its iterators was live";

  test("throws on the same branch, on the branch below it, and when a child is written down", () => {
    const branch = filled();
    const child = branch.branch();
    const grandchild = child.branch();
    grandchild.kv("s").set(utf8("x"), utf8("1"));
    const walk = child.kv("s").iterate()[Symbol.iterator]();
    walk.next();
    expect(() => child.kv("s").set(utf8("z"), utf8("1"))).toThrow(message);
    expect(() => child.kv("s").delete(utf8("a"))).toThrow(message);
    expect(() => branch.kv("s").set(utf8("z"), utf8("1"))).toThrow(message);
    expect(() => grandchild.write()).toThrow(message);
    expect(() => child.discard()).toThrow(message);
    const other = child.kv("other");
    expect(() => other.set(utf8("z"), utf8("1"))).not.toThrow();
    walk.return?.();
    expect(() => child.kv("s").set(utf8("z"), utf8("1"))).not.toThrow();
  });

  test("is free again after the end, a break, a throw and a first-element read", () => {
    const branch = filled();
    const kv = branch.kv("s");
    for (const _ of kv.iterate()) break;
    kv.set(utf8("a"), utf8("1"));
    expect(() => {
      for (const _ of kv.keys()) throw new Error("stop");
    }).toThrow("stop");
    kv.set(utf8("a"), utf8("1"));
    const [first] = kv.iterate();
    expect(first).toBeDefined();
    kv.set(utf8("a"), utf8("1"));
    expect([...kv.iterate()]).toHaveLength(3);
    kv.delete(utf8("a"));
  });
});

describe("bounds", () => {
  test("empty keys, keys too long, values that are no bytes and nests too deep are refused", () => {
    const branch = new MultiBranch(base());
    const kv = branch.kv("s");
    expect(() => kv.set(new Uint8Array(0), utf8("1"))).toThrow("a key must not be empty");
    expect(() => kv.set(new Uint8Array(65_536), utf8("1"))).toThrow("too long");
    expect(() => kv.set(utf8("a"), undefined as unknown as Uint8Array)).toThrow("must be bytes");
    kv.set(new Uint8Array(65_535), utf8("1"));
    expect([...kv.keys()][0]).toHaveLength(65_535);
    let deep = branch;
    expect(() => {
      for (let i = 0; i < 100; i++) deep = deep.branch();
    }).toThrow("branches nest deeper than 64");
    expect(() => branch.write()).toThrow("stage it instead");
  });

  test("the end of a prefix is the first key after all that begin with it", () => {
    expect(prefixEnd(utf8("a"))).toEqual(utf8("b"));
    expect(prefixEnd(Uint8Array.of(1, 255, 255))).toEqual(Uint8Array.of(2));
    expect(prefixEnd(Uint8Array.of(255, 255))).toBeUndefined();
    expect(prefixEnd(new Uint8Array(0))).toBeUndefined();
  });
});

describe("sorted keys", () => {
  test("ten thousand keys added and removed in random order walk in byte order, over any range", () => {
    const random = randomNumbers(11);
    const set = new SortedKeys();
    const model = new Set<string>();
    for (let i = 0; i < 10_000; i++) {
      const key = keyText(randomBytes(random, 1 + random(4), 256));
      if (model.has(key)) {
        set.remove(key);
        model.delete(key);
      } else {
        set.add(key);
        model.add(key);
      }
    }
    const sorted = [...model].sort(compareText);
    expect([...set.walk()]).toEqual(sorted);
    expect([...set.walk({ reverse: true })]).toEqual(sorted.toReversed());
    for (let i = 0; i < 50; i++) {
      const start = randomBytes(random, random(3), 256);
      const end = randomBytes(random, 1 + random(3), 256);
      const wanted = sorted.filter((key) => key >= keyText(start) && key < keyText(end));
      expect([...set.walk({ start, end })]).toEqual(wanted);
      expect([...set.walk({ start, end, reverse: true })]).toEqual(wanted.toReversed());
    }
    expect([...new SortedKeys(model).walk()]).toEqual(sorted);
    expect(() => set.remove("not there at all")).toThrow("not in the set");
  });

  test("a key as text and back is the same key, whatever its length", () => {
    for (const length of [0, 1, 1023, 1024, 1025, 5000]) {
      const key = randomBytes(randomNumbers(length), length, 256);
      expect(keyBytes(keyText(key))).toEqual(key);
    }
  });
});
