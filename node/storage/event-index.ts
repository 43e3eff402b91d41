/**
 * Owns the rows of the event index that one block makes: by attribute and value for transactions and for the block,
 * by hash and by height for transactions. The same function says what to write and, at pruning, what to delete.
 * Does not own searching (event-search.ts).
 *
 * One row holds every transaction of a block that has an attribute value, so that common values (a message's action)
 * cost one row a block, not one a transaction.
 */

import type { FinalizeBlockResponse } from "../ports.ts";
import type { Write } from "./database.ts";
import { maximumIndexedValueBytes } from "./limits.ts";
import { eventKey, heightKey, table, uint64Bytes } from "./tables.ts";

type AbciEvent = FinalizeBlockResponse["events"][number];

/** Where a transaction has an attribute: its index in the block and the event's index in the transaction. */
export interface Hit {
  readonly txIndex: number;
  readonly eventIndex: number;
}

const hitBytes = 8;

/** The index rows of one block, transaction hashes excepted. */
export function eventRows(height: bigint, response: FinalizeBlockResponse): readonly Write[] {
  const hits = new Map<string, { attribute: string; value: string; found: Hit[] }>();
  for (const [txIndex, result] of response.txResults.entries()) {
    for (const [eventIndex, attribute, value] of indexed(result.events)) {
      const name = `${attribute}\u0000${value}`;
      const row = hits.get(name);
      if (row === undefined) hits.set(name, { attribute, value, found: [{ txIndex, eventIndex }] });
      else row.found.push({ txIndex, eventIndex });
    }
  }
  const rows: Write[] = [];
  for (const { attribute, value, found } of hits.values()) {
    rows.push({ key: eventKey(table.txEvents, attribute, value, height), value: packHits(found) });
  }
  for (const [eventIndex, attribute, value] of indexed(response.events)) {
    // A block meets a condition or not; only the first event with it is kept, as for transactions of one block.
    const key = eventKey(table.blockEvents, attribute, value, height);
    rows.push({ key, value: packHits([{ txIndex: 0, eventIndex }]) });
  }
  if (response.txResults.length > 0) {
    rows.push({ key: heightKey(table.txHeights, height), value: uint64Bytes(BigInt(response.txResults.length)) });
  }
  return rows;
}

/** Attributes marked for indexing, with the index of their event. */
function* indexed(events: readonly AbciEvent[]): Generator<readonly [number, string, string]> {
  for (const [eventIndex, event] of events.entries()) {
    if (event.type === "") continue;
    for (const { key, value, index } of event.attributes) {
      if (!index || key === "" || Buffer.byteLength(value) > maximumIndexedValueBytes) continue;
      yield [eventIndex, `${event.type}.${key}`, value];
    }
  }
}

function packHits(hits: readonly Hit[]): Uint8Array {
  const bytes = new Uint8Array(hits.length * hitBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, { txIndex, eventIndex }] of hits.entries()) {
    view.setUint32(index * hitBytes, txIndex);
    view.setUint32(index * hitBytes + 4, eventIndex);
  }
  return bytes;
}

/** The transactions of a row, in order. */
export function unpackHits(bytes: Uint8Array): readonly Hit[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / hitBytes) }, (_, index) => ({
    txIndex: view.getUint32(index * hitBytes),
    eventIndex: view.getUint32(index * hitBytes + 4),
  }));
}
