/** Which records batches may cite, from a node's answers that are written here; what is asked is counted. */
import { describe, expect, test } from "vitest";
import type { ChainSession } from "../../attribution/chain-session.ts";
import { CitableRecords } from "../../attribution/citable-records.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";

interface Row {
  readonly number: bigint;
  finalAt: bigint;
  status: number;
  closedAt: bigint;
}

/** A node with one datanet, whose answers follow what the test changes. */
class FakeNode {
  now = 0n;
  readonly rows: Row[] = [];
  readonly versions = new Map<bigint, { readonly extends: bigint; readonly ranges: readonly object[] }>();
  readonly asked: string[] = [];

  /** What was struck or removed was so in the last second of its window, unless it is said when. */
  add(finalAt: bigint, status: number = RecordStatus.RECORD_STATUS_PENDING, closedAt = finalAt - 1n): void {
    this.rows.push({ number: BigInt(this.rows.length + 1), finalAt, status, closedAt });
  }

  get session(): ChainSession {
    const answers = {
      blockTime: async () => this.now,
      query: async (rpc: string, request: { pagination?: { offset: bigint; limit: bigint }; version?: bigint }) => {
        this.asked.push(rpc.split("/")[1]!);
        if (rpc.endsWith("/Version")) return { version: this.versions.get(request.version!) };
        const offset = Number(request.pagination!.offset);
        return { records: this.rows.slice(offset, offset + Number(request.pagination!.limit)) };
      },
    };
    return answers as unknown as ChainSession;
  }
}

const lineage = (recordCount: bigint, version = 0n) => [{ datanetId: 1n, recordCount, version }];

/** The numbers from 1 to 10 that may be cited. */
async function cited(records: CitableRecords, node: FakeNode, recordCount: bigint, asOf: bigint, version = 0n) {
  const may = await records.of(node.session, { lineage: lineage(recordCount, version), asOf });
  return Array.from({ length: 10 }, (_, i) => i + 1).filter((i) => may({ datanetId: 1n, number: BigInt(i) }));
}

describe("records may be cited", () => {
  test("whose window had ended by then, of the model's, and not struck", async () => {
    const node = new FakeNode();
    const { RECORD_STATUS_DUPLICATE, RECORD_STATUS_REMOVED, RECORD_STATUS_REJECTED } = RecordStatus;
    node.now = 100n;
    for (const finalAt of [10n, 10n, 20n]) node.add(finalAt);
    node.add(20n, RECORD_STATUS_DUPLICATE);
    node.add(30n, RECORD_STATUS_REMOVED);
    node.add(30n, RECORD_STATUS_REJECTED);
    node.add(30n);
    const records = new CitableRecords();
    expect(await cited(records, node, 7n, 9n)).toEqual([]);
    expect(await cited(records, node, 7n, 10n)).toEqual([1, 2]);
    expect(await cited(records, node, 7n, 29n)).toEqual([1, 2, 3]);
    // What was taken down later had its place before.
    expect(await cited(records, node, 7n, 30n)).toEqual([1, 2, 3, 5, 7]);
    expect(await cited(records, node, 5n, 30n)).toEqual([1, 2, 3, 5]);
    const other = await records.of(node.session, { lineage: lineage(7n), asOf: 30n });
    expect(other({ datanetId: 2n, number: 1n })).toBe(false);
    expect(other({ datanetId: 1n, number: 0n })).toBe(false);
  });

  test("and not those that were struck in it; a strike after it takes nothing from the batches", async () => {
    const node = new FakeNode();
    node.now = 100n;
    for (const closedAt of [19n, 20n, 50n]) node.add(20n, RecordStatus.RECORD_STATUS_DUPLICATE, closedAt);
    expect(await cited(new CitableRecords(), node, 3n, 60n)).toEqual([2, 3]);
  });

  test("and those whose window is open are asked for again, the others never", async () => {
    const node = new FakeNode();
    node.now = 15n;
    node.add(10n);
    node.add(20n);
    // A window that was shorter, after a change of the parameters.
    node.add(12n);
    const records = new CitableRecords();
    expect(await cited(records, node, 3n, 15n)).toEqual([1, 3]);
    node.rows[1]!.status = RecordStatus.RECORD_STATUS_MISDECLARED;
    node.now = 30n;
    expect(await cited(records, node, 3n, 25n)).toEqual([1, 3]);
    expect(node.asked).toEqual(["Records", "Records"]);
    expect(await cited(records, node, 3n, 25n)).toEqual([1, 3]);
    expect(node.asked).toHaveLength(2);
  });

  test("of a model with fewer records after one with more, both stay right", async () => {
    const node = new FakeNode();
    node.now = 5n;
    for (let i = 0; i < 6; i++) node.add(10n);
    const records = new CitableRecords();
    const large = await records.of(node.session, { lineage: lineage(6n), asOf: 12n });
    node.now = 6n;
    expect(await cited(records, node, 2n, 12n)).toEqual([1, 2]);
    expect(large({ datanetId: 1n, number: 6n })).toBe(true);
  });

  test("of a published version in its ranges and those of the versions it extends", async () => {
    const node = new FakeNode();
    node.now = 50n;
    for (let i = 0; i < 10; i++) node.add(10n);
    const range = (first: bigint, last: bigint) => ({ first, last });
    node.versions.set(1n, { extends: 0n, ranges: [range(1n, 2n), range(4n, 4n)] });
    node.versions.set(2n, { extends: 1n, ranges: [range(6n, 8n)] });
    const records = new CitableRecords();
    expect(await cited(records, node, 8n, 20n, 2n)).toEqual([1, 2, 4, 6, 7, 8]);
    expect(await cited(records, node, 4n, 20n, 1n)).toEqual([1, 2, 4]);
    expect(node.asked.filter((name) => name === "Version")).toHaveLength(2);
  });
});
