// A disk for tests: records in a map, written in whole batches.

import type { RecordSource, StateWrite } from "../../../chain/store/ports.ts";
import { hex } from "../../../proto/bytes.ts";

export class MemoryRecords implements RecordSource {
  readonly records = new Map<string, Uint8Array>();
  reads = 0;

  get(key: Uint8Array): Uint8Array | undefined {
    this.reads++;
    return this.records.get(hex(key));
  }

  write(batch: readonly StateWrite[]): void {
    for (const { key, value } of batch) {
      if (value === undefined) this.records.delete(hex(key));
      else this.records.set(hex(key), value.slice());
    }
  }

  copy(): MemoryRecords {
    const copy = new MemoryRecords();
    for (const [key, value] of this.records) copy.records.set(key, value);
    return copy;
  }

  /** How many records have keys that begin with `prefix`. */
  count(prefix: string): number {
    const start = Buffer.from(prefix).toString("hex");
    return [...this.records.keys()].filter((key) => key.startsWith(start)).length;
  }
}
