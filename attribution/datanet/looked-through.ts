/**
 * Owns how far a watcher of records has come, in a file for each datanet beside its index, so that a restart does not look at
 * everything anew. A file that is not there or broken means from the first record on: that costs time and nothing else.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "looked-through";

/** The numbers up to which all records were looked at. */
export class LookedThrough {
  readonly #folder: string;

  /** `folder` is that of the indexes. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** 0 for a datanet that was never looked at. */
  of(datanetId: bigint): bigint {
    const path = this.#path(datanetId);
    const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
    return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
  }

  set(datanetId: bigint, number: bigint): void {
    const path = this.#path(datanetId);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(`${path}.tmp`, `${number}\n`);
    renameSync(`${path}.tmp`, path);
  }

  #path(datanetId: bigint): string {
    return join(this.#folder, `datanet-${datanetId}`, FILE);
  }
}
