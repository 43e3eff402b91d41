// A control group that bounds processes to a small machine's CPU and memory, by hand where this process is root: version 2
// where the system mounts it with controllers, else version 1. Owns the group's files.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";

export interface Bounds {
  /** CPU cores; undefined leaves the CPU unbounded. */
  readonly cores: number | undefined;
  /** Bytes of memory, none of it swap; undefined leaves it unbounded. */
  readonly memoryBytes: number | undefined;
  /** Weight against other processes of the machine, 1024 for one ordinary process. */
  readonly shares: number;
}

/** What the group used. */
export interface GroupUse {
  /** Bytes now and at most, with the page cache that the system charges to the group. */
  readonly memoryBytes: number;
  readonly memoryPeakBytes: number;
  /** How often the bound was reached, which costs the group some of its page cache first. */
  readonly memoryLimitHits: number;
  readonly outOfMemoryKills: number;
  /** Milliseconds of CPU, and of waiting because the bound was reached. */
  readonly cpuMs: number;
  readonly throttledMs: number;
}

export interface Group {
  /** Words that, put before a command line, run it inside the group. */
  readonly prefix: readonly string[];
  use(): GroupUse;
  /** Removes it; its processes must be gone. */
  remove(): void;
}

const ROOT = "/sys/fs/cgroup";
const PERIOD_US = 100_000;

function numberIn(path: string, name?: string): number {
  try {
    const text = readFileSync(path, "utf8");
    const found = name === undefined ? text : new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1];
    return Number(found ?? 0);
  } catch {
    // Some kernels leave a figure out.
    return 0;
  }
}

function write(path: string, value: string | number): void {
  writeFileSync(path, String(value));
}

/** Makes a group. Throws with a plain sentence where that is not possible. */
export function makeGroup(name: string, bounds: Bounds): Group {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new Error("bounding a process needs Linux and root: run it as root, or in a container with a memory limit");
  const controllers = existsSync(`${ROOT}/cgroup.controllers`)
    ? readFileSync(`${ROOT}/cgroup.controllers`, "utf8").split(/\s+/)
    : [];
  return controllers.includes("memory") ? version2(name, bounds) : version1(name, bounds);
}

function prefixFor(files: readonly string[]): readonly string[] {
  // The shell enters the group and then becomes the program, which thereby keeps its process id.
  return ["sh", "-c", `${files.map((file) => `echo $$ > ${file}`).join(" && ")} && exec "$@"`, "sh"];
}

function version2(name: string, { cores, memoryBytes, shares }: Bounds): Group {
  const path = `${ROOT}/${name}`;
  write(`${ROOT}/cgroup.subtree_control`, "+cpu +memory");
  mkdirSync(path, { recursive: true });
  if (cores !== undefined) write(`${path}/cpu.max`, `${cores * PERIOD_US} ${PERIOD_US}`);
  if (memoryBytes !== undefined) {
    write(`${path}/memory.max`, memoryBytes);
    if (existsSync(`${path}/memory.swap.max`)) write(`${path}/memory.swap.max`, 0);
  }
  // 1024 shares are weight 39 by the kernel's own conversion.
  write(`${path}/cpu.weight`, Math.min(10_000, Math.max(1, Math.round(1 + ((shares - 2) * 9_999) / 262_142))));
  return {
    prefix: prefixFor([`${path}/cgroup.procs`]),
    use: () => ({
      memoryBytes: numberIn(`${path}/memory.current`),
      memoryPeakBytes: numberIn(`${path}/memory.peak`),
      memoryLimitHits: numberIn(`${path}/memory.events`, "max"),
      outOfMemoryKills: numberIn(`${path}/memory.events`, "oom_kill"),
      cpuMs: numberIn(`${path}/cpu.stat`, "usage_usec") / 1_000,
      throttledMs: numberIn(`${path}/cpu.stat`, "throttled_usec") / 1_000,
    }),
    remove: () => rmdirSync(path),
  };
}

function version1(name: string, { cores, memoryBytes, shares }: Bounds): Group {
  const [cpu, account, memory] = ["cpu", "cpuacct", "memory"].map((part) => `${ROOT}/${part}/${name}`) as [
    string,
    string,
    string,
  ];
  for (const path of [cpu, account, memory]) mkdirSync(path, { recursive: true });
  if (cores !== undefined) {
    write(`${cpu}/cpu.cfs_period_us`, PERIOD_US);
    write(`${cpu}/cpu.cfs_quota_us`, cores * PERIOD_US);
  }
  write(`${cpu}/cpu.shares`, shares);
  if (memoryBytes !== undefined) {
    write(`${memory}/memory.limit_in_bytes`, memoryBytes);
    const withSwap = `${memory}/memory.memsw.limit_in_bytes`;
    if (existsSync(withSwap)) write(withSwap, memoryBytes);
    write(`${memory}/memory.swappiness`, 0);
  }
  return {
    prefix: prefixFor([cpu, account, memory].map((path) => `${path}/cgroup.procs`)),
    use: () => ({
      memoryBytes: numberIn(`${memory}/memory.usage_in_bytes`),
      memoryPeakBytes: numberIn(`${memory}/memory.max_usage_in_bytes`),
      memoryLimitHits: numberIn(`${memory}/memory.failcnt`),
      outOfMemoryKills: numberIn(`${memory}/memory.oom_control`, "oom_kill"),
      cpuMs: numberIn(`${account}/cpuacct.usage`) / 1_000_000,
      throttledMs: numberIn(`${cpu}/cpu.stat`, "throttled_time") / 1_000_000,
    }),
    remove: () => {
      for (const path of [cpu, account, memory]) rmdirSync(path);
    },
  };
}
