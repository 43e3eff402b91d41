/**
 * Owns what this machine gives a process (memory, where a cgroup's limit counts, and cores) and how a node divides it:
 * V8's heap, worker threads, LevelDB's caches. Does not own applying it: the launcher restarts Node with the flags
 * (cli/tributaryd.mjs), node/main.ts hands the rest to the parts, `tributaryd doctor` shows it.
 */

import { availableParallelism, totalmem } from "node:os";

/** What a process may use here. */
export interface Machine {
  /** Bytes of memory: the machine's, or less where a cgroup says so. */
  readonly memoryBytes: number;
  /** Whether a cgroup (systemd's MemoryMax, a container) sets that bound. */
  readonly isLimited: boolean;
  /** Cores this process may keep busy, at least 1. */
  readonly cores: number;
}

/** How a node divides a machine. */
export interface Sizing {
  /** V8's old generation at most, in megabytes: the state tree and everything long-lived. */
  readonly heapMegabytes: number;
  /** One of the two halves of V8's young generation at most, in megabytes. Smaller rests lower and collects more often. */
  readonly youngMegabytes: number;
  /** Threads that verify signatures beside the main one. */
  readonly verifyWorkers: number;
  /** LevelDB's block cache in bytes. */
  readonly blockCacheBytes: number;
  /** What LevelDB collects before it writes a table, in bytes; it may hold two of these. */
  readonly writeBufferBytes: number;
}

const mebibyte = 1024 * 1024;
/** Below this V8 cannot run a node at all; it is given even where memory is less. */
const leastHeapMegabytes = 192;
/** Beyond this a collection takes longer than a block. */
const mostHeapMegabytes = 8_192;
/** Each worker costs 20 to 40 MB, so small machines have few whatever their cores. */
const tiers = [
  { upToMegabytes: 1_280, youngMegabytes: 2, workers: 1, blockCache: 8, writeBuffer: 4 },
  { upToMegabytes: 2_560, youngMegabytes: 4, workers: 2, blockCache: 16, writeBuffer: 4 },
  { upToMegabytes: 5_120, youngMegabytes: 8, workers: 3, blockCache: 32, writeBuffer: 8 },
  { upToMegabytes: Number.POSITIVE_INFINITY, youngMegabytes: 16, workers: 4, blockCache: 32, writeBuffer: 8 },
] as const;

/** What this process may use. */
export function readMachine(): Machine {
  const total = totalmem();
  // 0 where the system knows no such bound, a number beyond all memory where the cgroup sets none.
  const constrained = process.constrainedMemory();
  const isLimited = constrained > 0 && constrained < total;
  return { memoryBytes: isLimited ? constrained : total, isLimited, cores: Math.max(1, availableParallelism()) };
}

/** How a node divides the machine. Half of the memory is heap; the rest is code, buffers, LevelDB and the system's cache. */
export function sizingOf(machine: Machine): Sizing {
  const megabytes = Math.floor(machine.memoryBytes / mebibyte);
  const tier = tiers.find(({ upToMegabytes }) => megabytes <= upToMegabytes) ?? tiers[3];
  return {
    heapMegabytes: Math.min(mostHeapMegabytes, Math.max(leastHeapMegabytes, Math.floor(megabytes / 2))),
    youngMegabytes: tier.youngMegabytes,
    verifyWorkers: Math.min(tier.workers, machine.cores - 1),
    blockCacheBytes: tier.blockCache * mebibyte,
    writeBufferBytes: tier.writeBuffer * mebibyte,
  };
}

/** The flags Node is started with for this sizing. */
export function nodeFlags({ heapMegabytes, youngMegabytes }: Sizing): readonly string[] {
  return [`--max-old-space-size=${heapMegabytes}`, `--max-semi-space-size=${youngMegabytes}`];
}
