// What one changed key costs the committed state: staging (trees, roots, records) and committing, beside the memory a
// key takes, the bytes written per change and the time to load. Records are kept in memory: the disk is measured alone.

import { hash } from "node:crypto";
import { MultiStore } from "../../chain/store/multistore.ts";
import type { StateWrite } from "../../chain/store/ports.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { MemoryRecords } from "../chain/store/memory-records.ts";
import { randomNumbers } from "../chain/store/random.ts";
import { against, cpuMicroseconds, type Effort, type Figure, figure, oneDigest, type Section } from "./measure.ts";

/** A bank balance's key: prefix, length-prefixed address made from a number, denomination. */
function balanceKey(account: number): Uint8Array {
  const address = hash("sha256", `account ${account}`, "buffer").subarray(0, 20);
  return Uint8Array.from([2, 20, ...address, 0x75, 0x6f, 0x70, 0x65, 0x6e]);
}

/** Keeps what loading needs. Values go nowhere: a map of a million of them would measure the collector, not the store. */
class StructureRecords extends MemoryRecords {
  override write(batch: readonly StateWrite[]): void {
    super.write(batch.filter(({ key }) => key[1] !== 0x76));
  }
}

const bytesOf = (writes: readonly StateWrite[]): number =>
  writes.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);

function fill(store: MultiStore, keys: readonly Uint8Array[], records: MemoryRecords): void {
  for (let at = 0; at < keys.length; at += 100_000) {
    const branch = store.branch();
    for (const key of keys.slice(at, at + 100_000)) branch.kv("bank").set(key, Uint8Array.of(0x31, 0x30, 0x30, 0x30));
    const staged = store.stage(branch);
    store.commit(staged);
    records.write(staged.writes);
  }
}

interface Measured {
  readonly micros: readonly number[];
  readonly bytes: readonly number[];
}

/** Blocks of random changes to keys that are there. */
function change(
  store: MultiStore,
  keys: readonly Uint8Array[],
  records: MemoryRecords,
  changes: number,
  blocks: number,
) {
  const random = randomNumbers(keys.length);
  const measured = { micros: [] as number[], bytes: [] as number[] };
  for (let block = 0; block < blocks; block++) {
    const branch = store.branch();
    for (let index = 0; index < changes; index++) {
      const digits = String(random(1e9));
      branch.kv("bank").set(
        keys[random(keys.length)]!,
        Uint8Array.from(digits, (digit) => digit.charCodeAt(0)),
      );
    }
    let writes: readonly StateWrite[] = [];
    const micros = cpuMicroseconds(() => {
      const staged = store.stage(branch);
      store.commit(staged);
      writes = staged.writes;
    });
    measured.micros.push(micros / changes);
    measured.bytes.push(bytesOf(writes) / changes);
    records.write(writes);
  }
  return measured satisfies Measured;
}

function measure(count: number, hasher: Hasher, digest: Figure, blocks: number): readonly Figure[] {
  const keys = Array.from({ length: count }, (_, account) => balanceKey(account));
  const records = new StructureRecords();
  const options = { stores: ["bank"], keepRecent: 10, cacheBytes: 0 };
  const store = MultiStore.load(options, { records, hasher });
  fill(store, keys, records);
  const perKey = store.memoryBytes / store.keyCount;
  const of = (text: string): string => `${text}, ${count.toLocaleString("en")} keys`;
  const figures: Figure[] = [];
  for (const changes of [1_000, 5_000]) {
    const { micros, bytes } = change(store, keys, records, changes, blocks);
    const name = of(`IAVL commit per changed key, blocks of ${changes.toLocaleString("en")}`);
    figures.push(against(digest, oneDigest, figure(name, "µs CPU", micros)));
    if (changes === 5_000) figures.push(figure(of("bytes written per changed key"), "bytes", bytes));
  }
  figures.push(figure(of("memory of the tree per key"), "bytes", [perKey]));
  const micros = cpuMicroseconds(() => void MultiStore.load(options, { records, hasher }));
  figures.push(figure(of("loading from records in a map, roots checked"), "ms CPU", [micros / 1000]));
  return figures;
}

/** The state's figures at 10^4, 10^5 and 10^6 keys; quickly, at 10^4 alone. */
export function benchIavl(effort: Effort, hasher: Hasher, digest: Figure): Section {
  const sizes = effort === "quick" ? [10_000] : [10_000, 100_000, 1_000_000];
  return {
    title: "State: changes to random keys of one store, trees and records in memory",
    figures: sizes.flatMap((size) => measure(size, hasher, digest, effort === "quick" ? 3 : 15)),
  };
}
