// A disk in memory that can lose what was not synced, and fail. Owns the difference between what a process reads back and
// what survives a power cut: bytes after the last fsync may be gone, torn at any byte, or written sector by sector in any
// order, and names whose directory was not synced may be the old ones. Owns the faults of a disk too: operations that
// fail with EIO or ENOSPC, an fsync that fails and leaves pages marked clean, an fsync that lies, bits that flip.

import { type AppendFile, EXIT_STORAGE_FAILURE, FatalError, type FileSystem } from "../../node/ports.ts";
import type { Random } from "./random.ts";

/** Thrown by the operation at which a test wants the process to die. */
export class PowerCut extends Error {
  override name = "PowerCut";
}

/** What may become of one operation: the power goes, the device fails, the disk is full. */
export type DiskFault = "cut" | "EIO" | "ENOSPC";

/** Bytes as they stand in some buffer; what lies beyond `length` in the buffer is nobody's. */
interface Extent {
  readonly buffer: Uint8Array;
  readonly length: number;
}

interface Inode {
  bytes: Extent;
  /** What an fsync has made safe. */
  durable: Extent;
  /** Ranges whose write failed: the cache shows them, no later fsync writes them (Rebello et al., ATC 2020). */
  lost: readonly (readonly [from: number, to: number])[];
}

const NOTHING: Extent = { buffer: new Uint8Array(0), length: 0 };
const SECTOR_BYTES = 512;

/** The platter. Processes use it through `mount`, which a crash makes useless. */
export class MemoryDisk {
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  readonly #faults = new Map<number, DiskFault>();
  /** Operations that change something, counted over all mounts. */
  operations = 0;
  syncs = 0;
  /** The operation (by number) that throws PowerCut instead of being done. */
  cutAt: number | undefined;
  /** While true every write fails with ENOSPC. */
  isFull = false;
  /** While true fsync says yes and makes nothing durable. */
  lies = false;
  /** Whether a power cut leaves sectors written in any order, and not only a file torn at some byte. */
  reorders = false;
  /** Decides how much of a failing write is done; none of it without. */
  random: Random | undefined;

  /** Makes the operation with this number fail, once. `disk.operations` is the number of the next one. */
  failAt(operation: number, fault: DiskFault): void {
    this.#faults.set(operation, fault);
  }

  /** Takes back the faults that have not come yet. */
  clearFaults(): void {
    this.#faults.clear();
    this.cutAt = undefined;
    this.isFull = false;
  }

  mount(): FileSystem & { dead: boolean } {
    const disk = this;
    const handle = {
      dead: false,
      readFile: (path: string) => {
        const inode = disk.#names.get(path);
        return inode && slice(inode.bytes);
      },
      list: (directory: string) =>
        [...disk.#names.keys()]
          .filter((path) => path.startsWith(`${directory}/`))
          .map((path) => path.slice(directory.length + 1))
          .sort((a, b) => (a < b ? -1 : 1)),
      makeDirectory: () => {},
      openAppend: (path: string): AppendFile => {
        let inode = disk.#names.get(path);
        if (inode === undefined) {
          change("open", path);
          inode = { bytes: NOTHING, durable: NOTHING, lost: [] };
          disk.#names.set(path, inode);
        }
        return openFile(inode, path);
      },
      rename: (from: string, to: string) => {
        change("rename", from);
        const inode = disk.#names.get(from);
        if (inode === undefined) throw new Error(`rename of ${from}, which is not there`);
        disk.#names.delete(from);
        disk.#names.set(to, inode);
      },
      remove: (path: string) => {
        if (!disk.#names.has(path)) return;
        change("remove", path);
        disk.#names.delete(path);
      },
      syncDirectory: (directory: string) => {
        change("sync", directory);
        disk.syncs++;
        if (disk.lies) return;
        const inside = (path: string): boolean => path.startsWith(`${directory}/`);
        for (const path of [...disk.#durableNames.keys()]) if (inside(path)) disk.#durableNames.delete(path);
        for (const [path, inode] of disk.#names) if (inside(path)) disk.#durableNames.set(path, inode);
      },
    };
    const change = (verb: string, path: string, onFailure?: () => void): void => {
      if (handle.dead) throw new PowerCut("this process is dead");
      const number = disk.operations++;
      const fault = number === disk.cutAt ? "cut" : disk.#faultAt(number, verb);
      if (fault === undefined) return;
      if (fault === "cut") {
        handle.dead = true;
        throw new PowerCut(`power cut at operation ${number}`);
      }
      onFailure?.();
      throw new FatalError(`cannot ${verb} ${path}: ${fault}`, EXIT_STORAGE_FAILURE);
    };
    const openFile = (inode: Inode, path: string): AppendFile => ({
      get size() {
        return inode.bytes.length;
      },
      append(bytes) {
        change("write", path, () => {
          // What a full disk took of it stays.
          const taken = disk.random?.below(bytes.length + 1) ?? 0;
          inode.bytes = appended(inode, bytes.subarray(0, taken));
        });
        inode.bytes = appended(inode, bytes);
      },
      sync() {
        change("sync", path, () => {
          inode.lost = [...inode.lost, [Math.min(inode.durable.length, inode.bytes.length), inode.bytes.length]];
        });
        disk.syncs++;
        if (!disk.lies) inode.durable = written(inode);
      },
      truncate(size) {
        change("truncate", path);
        inode.bytes = { buffer: inode.bytes.buffer, length: Math.min(size, inode.bytes.length) };
        inode.lost = inode.lost.flatMap(([from, to]) => (from < size ? [[from, Math.min(to, size)] as const] : []));
      },
      close() {},
    });
    return handle;
  }

  /** The power comes back: of everything not synced, some random part is there. */
  crash(random: Random): void {
    const names = new Map<string, Inode>();
    for (const path of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      const now = this.#names.get(path);
      const durable = this.#durableNames.get(path);
      // A name that changed without a directory sync may be the old one or the new one.
      const inode = now === durable || random.chance(0.5) ? now : durable;
      if (inode !== undefined) names.set(path, inode);
    }
    for (const inode of new Set(names.values())) {
      inode.bytes = survivorOf(inode, random, this.reorders);
      inode.durable = inode.bytes;
      inode.lost = [];
    }
    this.#names = names;
    this.#durableNames = new Map(names);
  }

  /** Time passes: everything written so far becomes durable, as if each file and directory had been synced. */
  settle(): void {
    for (const inode of this.#names.values()) {
      inode.durable = written(inode);
    }
    this.#durableNames = new Map(this.#names);
  }

  /** Loses all files under a directory, as a failed disk or an operator's mistake would. */
  lose(directory: string): void {
    for (const path of [...this.#names.keys()]) if (path.startsWith(`${directory}/`)) this.#names.delete(path);
    this.#durableNames = new Map(this.#names);
  }

  /** Flips one bit of a file. */
  flip(path: string, bit: number): void {
    const bytes = this.read(path);
    if (bytes === undefined || bytes.length === 0) return;
    const at = (bit >> 3) % bytes.length;
    bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    this.write(path, bytes);
  }

  /** Whether a power cut now would take nothing from the file, as far as the disk admits. */
  isDurable(path: string): boolean {
    const inode = this.#names.get(path);
    if (inode === undefined) return false;
    if (this.lies) return true;
    const { bytes, durable, lost } = inode;
    const same = durable.buffer === bytes.buffer && durable.length === bytes.length && lost.length === 0;
    return same && this.#durableNames.get(path) === inode;
  }

  read(path: string): Uint8Array | undefined {
    const inode = this.#names.get(path);
    return inode && slice(inode.bytes);
  }

  write(path: string, bytes: Uint8Array): void {
    const extent = { buffer: bytes.slice(), length: bytes.length };
    const inode: Inode = { bytes: extent, durable: extent, lost: [] };
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
  }

  paths(): readonly string[] {
    return [...this.#names.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  #faultAt(number: number, verb: string): DiskFault | undefined {
    const fault = this.#faults.get(number);
    this.#faults.delete(number);
    if (fault !== undefined) return fault;
    return this.isFull && (verb === "write" || verb === "open" || verb === "sync") ? "ENOSPC" : undefined;
  }
}

function slice({ buffer, length }: Extent): Uint8Array {
  return buffer.slice(0, length);
}

/** The file with more at its end. What is durable is never overwritten: a file that was cut goes on in another buffer. */
function appended({ bytes, durable }: Inode, more: Uint8Array): Extent {
  const length = bytes.length + more.length;
  const isShared = durable.buffer === bytes.buffer && durable.length > bytes.length;
  let { buffer } = bytes;
  if (isShared || length > buffer.length) {
    buffer = new Uint8Array(Math.max(256, 2 * length));
    buffer.set(bytes.buffer.subarray(0, bytes.length));
  }
  buffer.set(more, bytes.length);
  return { buffer, length };
}

/** What an fsync writes: everything but pages that are marked clean without having been written. */
function written({ bytes, lost }: Inode): Extent {
  if (lost.length === 0) return bytes;
  const buffer = slice(bytes);
  for (const [from, to] of lost) buffer.fill(0, from, to);
  return { buffer, length: bytes.length };
}

function survivorOf(inode: Inode, random: Random, reorders: boolean): Extent {
  const { durable } = inode;
  const bytes = written(inode);
  if (durable.buffer === bytes.buffer && durable.length === bytes.length) return bytes;
  const shared = commonLength(bytes, durable);
  if (shared === bytes.length) return random.chance(0.5) ? durable : bytes;
  if (!reorders || random.chance(0.5)) {
    // Torn at some byte.
    const kept = random.below(bytes.length - shared + 1);
    if (shared < durable.length && kept === 0) return durable;
    return { buffer: bytes.buffer.slice(0, shared + kept), length: shared + kept };
  }
  // Sectors reach the platter in any order, and the length of the file by itself.
  const length = random.chance(0.5) ? bytes.length : Math.max(shared, random.below(bytes.length + 1));
  const buffer = new Uint8Array(length);
  buffer.set(durable.buffer.subarray(0, Math.min(durable.length, length)));
  buffer.set(bytes.buffer.subarray(0, shared));
  for (let from = shared - (shared % SECTOR_BYTES); from < length; from += SECTOR_BYTES) {
    if (random.chance(0.5)) buffer.set(bytes.buffer.subarray(from, Math.min(from + SECTOR_BYTES, length)), from);
  }
  return { buffer, length };
}

function commonLength(a: Extent, b: Extent): number {
  const limit = Math.min(a.length, b.length);
  if (a.buffer === b.buffer) return limit;
  let length = 0;
  while (length < limit && a.buffer[length] === b.buffer[length]) length++;
  return length;
}
