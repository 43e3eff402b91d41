// Prints what one changed key costs the state at 10^4, 10^5 and 10^6 keys: medians of microseconds per changed key for
// stage and commit, bytes of memory per key, bytes written per change, and the time to load. Run it alone with
// `node test/bench/iavl.bench-run.ts [keys ...]`; it asserts nothing.

import { hash } from "node:crypto";
import { MultiStore } from "../../chain/store/multistore.ts";
import type { StateWrite } from "../../chain/store/ports.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { MemoryRecords } from "../chain/store/memory-records.ts";
import { randomNumbers } from "../chain/store/random.ts";

/** SHA-256 of node:crypto as text of one character per byte: the cheapest form it has (no Buffer is made). */
const hasher: Hasher = {
  hash: (bytes) => Uint8Array.from(hash("sha256", bytes, "buffer")),
  batch: (preimages) => preimages.map((bytes) => Uint8Array.from(hash("sha256", bytes, "buffer"))),
  batchInto: (preimages, ends, count, digests) => {
    const out = Buffer.from(digests.buffer, digests.byteOffset, digests.length);
    for (let i = 0, start = 0; i < count; i++) {
      const end = ends[i]!;
      out.write(hash("sha256", preimages.subarray(start, end), "binary"), i * 32, 32, "latin1");
      start = end;
    }
  },
};

/** A bank balance's key: prefix, length-prefixed address made from a number, denomination. */
function balanceKey(account: number): Uint8Array {
  const address = hash("sha256", `account ${account}`, "buffer").subarray(0, 20);
  return Uint8Array.from([2, 20, ...address, 0x75, 0x6f, 0x70, 0x65, 0x6e]);
}

/** Keeps what loading needs. Values go nowhere: a map of a million of them would measure the collector, not the store. */
class BenchRecords extends MemoryRecords {
  override write(batch: readonly StateWrite[]): void {
    super.write(batch.filter(({ key }) => key[1] !== 0x76));
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
const cpuMicroseconds = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from);
  return user + system;
};

function fill(store: MultiStore, keys: readonly Uint8Array[], records: MemoryRecords): void {
  for (let at = 0; at < keys.length; at += 100_000) {
    const branch = store.branch();
    for (const key of keys.slice(at, at + 100_000))
      branch.kv("bank").set(key, Uint8Array.of(0x31, 0x30, 0x30, 0x30, 0x30));
    const staged = store.stage(branch);
    store.commit(staged);
    records.write(staged.writes);
  }
}

/** Lets the compiler see everything once, so that the first size is not measured cold. */
function measureQuietly(): void {
  const { log } = console;
  console.log = () => undefined;
  measure(5000);
  console.log = log;
}

/** Changes in a block. */
const blocks = [1000, 5000];

function measure(count: number): void {
  const random = randomNumbers(count);
  const keys = Array.from({ length: count }, (_, i) => balanceKey(i));
  const records = new BenchRecords();
  const options = { stores: ["bank"], keepRecent: 1, cacheBytes: 0 };
  const store = MultiStore.load(options, { records, hasher });
  fill(store, keys, records);
  const bytesPerKey = store.memoryBytes / store.keyCount;
  for (const changes of blocks) {
    const micros: number[] = [];
    const written: number[] = [];
    for (let block = 0; block < 15; block++) {
      const branch = store.branch();
      for (let i = 0; i < changes; i++) {
        branch.kv("bank").set(
          keys[random(count)]!,
          Uint8Array.from(String(random(1e9)), (digit) => digit.charCodeAt(0)),
        );
      }
      const start = process.cpuUsage();
      const staged = store.stage(branch);
      store.commit(staged);
      micros.push(cpuMicroseconds(start) / changes);
      written.push(
        staged.writes.reduce((sum, write: StateWrite) => sum + write.key.length + (write.value?.length ?? 0), 0) /
          changes,
      );
      records.write(staged.writes);
    }
    console.log(
      `${count} keys, ${changes} changes a block: ${median(micros).toFixed(1)} us CPU per changed key (stage and commit), ` +
        `${median(written).toFixed(0)} bytes written per change`,
    );
  }
  const start = performance.now();
  const loaded = MultiStore.load(options, { records, hasher });
  console.log(
    `${count} keys: ${bytesPerKey.toFixed(0)} bytes of memory per key after filling, ` +
      `${(loaded.memoryBytes / loaded.keyCount).toFixed(0)} after loading; ` +
      `loaded and checked in ${(performance.now() - start).toFixed(0)} ms`,
  );
}

measureQuietly();
const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [10_000, 100_000, 1_000_000]) measure(size);
