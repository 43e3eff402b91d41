// The real disk behind the FileSystem port. Owns the mapping to Node's synchronous calls and nothing else. Failures are
// thrown as FatalError: after a failed write or fsync the page cache no longer says what is on disk (Rebello et al.,
// "Can applications recover from fsync failures?", ATC 2020), so nothing here is retried.

import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { type AppendFile, EXIT_STORAGE_FAILURE, FatalError, type FileSystem } from "../ports.ts";
import { plainBytes } from "./binary.ts";

export const disk: FileSystem = {
  readFile(path) {
    return orFatal("read", path, () => {
      try {
        return plainBytes(readFileSync(path));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  },
  list(path) {
    return orFatal("list", path, () => {
      try {
        return readdirSync(path).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    });
  },
  makeDirectory(path) {
    orFatal("create", path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
  },
  openAppend(path, mode) {
    return orFatal("open", path, () => new DiskFile(path, mode));
  },
  rename(from, to) {
    orFatal("rename", from, () => renameSync(from, to));
  },
  remove(path) {
    orFatal("remove", path, () => rmSync(path, { force: true }));
  },
  syncDirectory(path) {
    orFatal("sync", path, () => {
      const descriptor = openSync(path, "r");
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  },
};

class DiskFile implements AppendFile {
  readonly #path: string;
  readonly #descriptor: number;
  #size: number;

  constructor(path: string, mode: number) {
    this.#path = path;
    this.#descriptor = openSync(path, "a", mode);
    this.#size = fstatSync(this.#descriptor).size;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): void {
    orFatal("write", this.#path, () => {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
      this.#size += bytes.length;
    });
  }

  sync(): void {
    orFatal("sync", this.#path, () => fsyncSync(this.#descriptor));
  }

  truncate(size: number): void {
    orFatal("truncate", this.#path, () => {
      ftruncateSync(this.#descriptor, size);
      this.#size = size;
    });
  }

  close(): void {
    orFatal("close", this.#path, () => closeSync(this.#descriptor));
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function orFatal<Result>(verb: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FatalError(`cannot ${verb} ${path}: ${reason}`, EXIT_STORAGE_FAILURE, { cause: error });
  }
}
