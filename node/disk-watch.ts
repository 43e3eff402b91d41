/**
 * Owns watching the free space of the data disk: below one mark new transactions are refused, below a lower one the node
 * stops cleanly while it still can. Does not own what happens then.
 */

import { statfsSync } from "node:fs";
import { lowDiskBytes, stopDiskBytes } from "./storage/limits.ts";

/** How the disk stands. */
export type DiskLevel = "enough" | "low" | "stop";

/** Free bytes for this user on the disk of `path`, or undefined when the system does not say. */
export function freeDiskBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** What that many free bytes mean. */
export function diskLevel(freeBytes: number | undefined): DiskLevel {
  if (freeBytes === undefined || freeBytes >= lowDiskBytes) return "enough";
  return freeBytes >= stopDiskBytes ? "low" : "stop";
}

/** Looks at the disk now and every `intervalMs`, and tells of each change of level. */
export function watchDisk(
  path: string,
  intervalMs: number,
  onChange: (level: DiskLevel, freeBytes: number) => void,
): { readonly level: () => DiskLevel; stop(): void } {
  let level: DiskLevel = "enough";
  const look = (): void => {
    const free = freeDiskBytes(path);
    const next = diskLevel(free);
    if (next === level) return;
    level = next;
    onChange(next, free ?? 0);
  };
  look();
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return { level: () => level, stop: () => clearInterval(timer) };
}
