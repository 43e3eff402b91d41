// A disk in memory that can lose what was not synced. Owns the difference between what a process reads back and what
// survives a power cut: bytes after the last fsync may be gone or torn, and so may names whose directory was not synced.

import type { AppendFile, FileSystem } from "../../node/ports.ts";
import type { Random } from "./random.ts";

/** Thrown by the operation at which a test wants the process to die. */
export class PowerCut extends Error {
  override name = "PowerCut";
}

interface Inode {
  bytes: Uint8Array;
  /** What an fsync has made safe. */
  durable: Uint8Array;
}

const EMPTY = new Uint8Array(0);

/** The platter. Processes use it through `mount`, which a crash makes useless. */
export class MemoryDisk {
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  /** Operations that change something, counted over all mounts. */
  operations = 0;
  syncs = 0;
  /** The operation (by number) that throws PowerCut instead of being done. */
  cutAt: number | undefined;

  mount(): FileSystem & { dead: boolean } {
    const disk = this;
    const handle = {
      dead: false,
      readFile: (path: string) => disk.#names.get(path)?.bytes.slice(),
      list: (directory: string) =>
        [...disk.#names.keys()]
          .filter((path) => path.startsWith(`${directory}/`))
          .map((path) => path.slice(directory.length + 1))
          .sort((a, b) => (a < b ? -1 : 1)),
      makeDirectory: () => {},
      openAppend: (path: string): AppendFile => {
        let inode = disk.#names.get(path);
        if (inode === undefined) {
          change();
          inode = { bytes: EMPTY, durable: EMPTY };
          disk.#names.set(path, inode);
        }
        return openFile(inode);
      },
      rename: (from: string, to: string) => {
        change();
        const inode = disk.#names.get(from);
        if (inode === undefined) throw new Error(`rename of ${from}, which is not there`);
        disk.#names.delete(from);
        disk.#names.set(to, inode);
      },
      remove: (path: string) => {
        if (!disk.#names.has(path)) return;
        change();
        disk.#names.delete(path);
      },
      syncDirectory: (directory: string) => {
        change();
        disk.syncs++;
        const inside = (path: string): boolean => path.startsWith(`${directory}/`);
        for (const path of [...disk.#durableNames.keys()]) if (inside(path)) disk.#durableNames.delete(path);
        for (const [path, inode] of disk.#names) if (inside(path)) disk.#durableNames.set(path, inode);
      },
    };
    const change = (): void => {
      if (handle.dead) throw new PowerCut("this process is dead");
      if (disk.operations++ === disk.cutAt) {
        handle.dead = true;
        throw new PowerCut(`power cut at operation ${disk.cutAt}`);
      }
    };
    const openFile = (inode: Inode): AppendFile => ({
      get size() {
        return inode.bytes.length;
      },
      append(bytes) {
        change();
        const joined = new Uint8Array(inode.bytes.length + bytes.length);
        joined.set(inode.bytes);
        joined.set(bytes, inode.bytes.length);
        inode.bytes = joined;
      },
      sync() {
        change();
        disk.syncs++;
        inode.durable = inode.bytes;
      },
      truncate(size) {
        change();
        inode.bytes = inode.bytes.slice(0, size);
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
      const shared = commonLength(inode.bytes, inode.durable);
      const kept = inode.bytes.length > shared ? random.below(inode.bytes.length - shared + 1) : 0;
      const survived = inode.bytes.slice(0, shared + kept);
      inode.bytes = shared < inode.durable.length && kept === 0 ? inode.durable : survived;
      inode.durable = inode.bytes;
    }
    this.#names = names;
    this.#durableNames = new Map(names);
  }

  /** The process dies but the machine does not: nothing written is lost. */
  kill(): void {
    for (const inode of this.#names.values()) inode.durable = inode.bytes;
    this.#durableNames = new Map(this.#names);
  }

  /** Loses all files under a directory, as a failed disk or an operator's mistake would. */
  lose(directory: string): void {
    for (const path of [...this.#names.keys()]) if (path.startsWith(`${directory}/`)) this.#names.delete(path);
    this.#durableNames = new Map(this.#names);
  }

  /** Whether a power cut now would take nothing from the file. */
  isDurable(path: string): boolean {
    const inode = this.#names.get(path);
    return inode !== undefined && this.#durableNames.get(path) === inode && inode.durable === inode.bytes;
  }

  read(path: string): Uint8Array | undefined {
    return this.#names.get(path)?.bytes.slice();
  }

  write(path: string, bytes: Uint8Array): void {
    const inode = { bytes, durable: bytes };
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
  }

  paths(): readonly string[] {
    return [...this.#names.keys()].sort((a, b) => (a < b ? -1 : 1));
  }
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}
