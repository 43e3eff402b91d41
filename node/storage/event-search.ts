/**
 * Owns searching the event index: `tx_search` and `block_search`. Bounded by rows and time, and yielding to the event
 * loop, so that no query holds up consensus. Does not own the query language (event-query.ts, passed in as
 * conditions) nor how rows are written (event-index.ts).
 */

import type { Database } from "./database.ts";
import { type Hit, unpackHits } from "./event-index.ts";
import { conditionAccepts } from "./event-match.ts";
import type { Condition, EventQuery } from "./event-query.ts";
import { searchBatchRows } from "./limits.ts";
import {
  eventPrefix,
  heightKey,
  heightOfKey,
  prefixEnd,
  readEventKey,
  readUint64,
  type Table,
  table,
} from "./tables.ts";

/** Bounds of one search. */
export interface SearchBounds {
  readonly maximumRows: number;
  readonly timeoutMs: number;
}

/** The query would read more than a search may; the message says how to narrow it. */
export class SearchTooBroadError extends Error {
  override readonly name = "SearchTooBroadError";
}

/** Heights a query admits, both ends included. */
interface HeightRange {
  readonly lowest: bigint;
  readonly highest: bigint;
}

const maximumHeight = (1n << 63n) - 1n;

/** Counts rows and time of one search. */
class Budget {
  private rows = 0;
  private readonly bounds: SearchBounds;
  private readonly deadline: number;

  constructor(bounds: SearchBounds) {
    this.bounds = bounds;
    this.deadline = performance.now() + bounds.timeoutMs;
  }

  spend(): void {
    this.rows += 1;
    if (this.rows > this.bounds.maximumRows || ((this.rows & 0xff) === 0 && performance.now() > this.deadline)) {
      throw new SearchTooBroadError("the search is too broad; narrow it, for example by a range of heights");
    }
  }
}

/** Cuts the conditions on one height attribute off a query: the range they leave, and the other conditions. */
function splitHeights(query: EventQuery, attribute: string): { range: HeightRange; others: readonly Condition[] } {
  let lowest = 0n;
  let highest = maximumHeight;
  const others: Condition[] = [];
  for (const condition of query) {
    const { tag, operator, argument } = condition;
    if (tag !== attribute || operator === "EXISTS" || argument?.kind !== "number") {
      others.push(condition);
      continue;
    }
    const [whole = "0", fraction = ""] = argument.text.split(".");
    const floor = BigInt(whole);
    const exact = !/[1-9]/.test(fraction);
    // For whole heights, h > 5.5 is h >= 6 and h < 5.5 is h <= 5.
    const above = operator === ">" || (operator === ">=" && !exact) ? floor + 1n : floor;
    const below = operator === "<" && exact ? floor - 1n : floor;
    if (operator === "=" && !exact) highest = -1n;
    if ((operator === "=" || operator === ">" || operator === ">=") && above > lowest) lowest = above;
    if ((operator === "=" || operator === "<" || operator === "<=") && below < highest) highest = below;
  }
  return { range: { lowest, highest }, others };
}

/** The attributes' event type, as far as a condition tells: everything before the last dot. */
const eventTypeOf = (tag: string): string => tag.slice(0, Math.max(0, tag.lastIndexOf(".")));

/** Position of a transaction: its block and its index there. */
export interface TxPosition {
  readonly height: bigint;
  readonly txIndex: number;
}

/**
 * All transactions that meet the query, ascending. As in CometBFT 0.38, conditions on attributes of one event type
 * must be met by one event; conditions on different types by any events of the transaction.
 */
export async function searchTransactions(
  database: Database,
  query: EventQuery,
  bounds: SearchBounds,
): Promise<readonly TxPosition[]> {
  const budget = new Budget(bounds);
  const { range, others } = splitHeights(query, "tx.height");
  if (range.lowest > range.highest) return [];
  const conditions = others.filter(({ tag, operator }) => !(tag === "tx.height" && operator === "EXISTS"));
  if (conditions.length === 0) return await transactionsInRange(database, range, budget);
  let found: Map<string, TxPosition> | undefined;
  for (const group of groupByEventType(conditions)) {
    const matches = await groupMatches(database, group, range, budget);
    found = found === undefined ? matches : intersect(found, matches);
    if (found.size === 0) return [];
  }
  return [...(found ?? new Map<string, TxPosition>()).values()].sort(byPosition);
}

function byPosition(left: TxPosition, right: TxPosition): number {
  if (left.height !== right.height) return left.height < right.height ? -1 : 1;
  return left.txIndex - right.txIndex;
}

function groupByEventType(conditions: readonly Condition[]): readonly (readonly Condition[])[] {
  const groups = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const type = eventTypeOf(condition.tag);
    const group = groups.get(type);
    if (group === undefined) groups.set(type, [condition]);
    else group.push(condition);
  }
  return [...groups.values()];
}

function intersect<T>(left: ReadonlyMap<string, T>, right: ReadonlyMap<string, T>): Map<string, T> {
  const [small, large] = left.size < right.size ? [left, right] : [right, left];
  return new Map([...small].filter(([key]) => large.has(key)));
}

/** Transactions with one event that meets all conditions of a group. */
async function groupMatches(
  database: Database,
  group: readonly Condition[],
  range: HeightRange,
  budget: Budget,
): Promise<Map<string, TxPosition>> {
  let found: Map<string, TxPosition> | undefined;
  // Equalities first: they leave the least for the others.
  const ordered = [...group].sort((left, right) => Number(right.operator === "=") - Number(left.operator === "="));
  for (const condition of ordered) {
    const matches = new Map<string, TxPosition>();
    for await (const { height, hits } of rowsMeeting(database, table.txEvents, condition, range, budget)) {
      for (const { txIndex, eventIndex } of hits) {
        const key = `${height}/${txIndex}/${eventIndex}`;
        if (found === undefined || found.has(key)) matches.set(key, { height, txIndex });
      }
    }
    found = matches;
    if (found.size === 0) break;
  }
  const positions = new Map<string, TxPosition>();
  for (const position of found?.values() ?? []) positions.set(`${position.height}/${position.txIndex}`, position);
  return positions;
}

interface Row {
  readonly height: bigint;
  readonly hits: readonly Hit[];
}

/** Index rows whose attribute value meets the condition, within the heights. */
async function* rowsMeeting(
  database: Database,
  rows: Table,
  condition: Condition,
  range: HeightRange,
  budget: Budget,
): AsyncGenerator<Row> {
  const attributePrefix = eventPrefix(rows, condition.tag);
  const exact = condition.operator === "=" && condition.argument?.kind === "string";
  const prefix = exact ? eventPrefix(rows, condition.tag, condition.argument?.text ?? "") : attributePrefix;
  // With one value the keys are ordered by height, so the range narrows the scan itself.
  const start = exact ? Buffer.concat([prefix, heightSuffix(range.lowest)]) : prefix;
  const end =
    exact && range.highest < maximumHeight
      ? Buffer.concat([prefix, heightSuffix(range.highest + 1n)])
      : prefixEnd(prefix);
  for await (const [key, value] of database.scan(start, end, searchBatchRows)) {
    budget.spend();
    const { value: text, height } = readEventKey(key, attributePrefix.length);
    if (height < range.lowest || height > range.highest) continue;
    if (!exact && !conditionAccepts(condition, text)) continue;
    yield { height, hits: unpackHits(value) };
  }
}

function heightSuffix(height: bigint): Uint8Array {
  return heightKey(table.meta, height).subarray(1);
}

async function transactionsInRange(
  database: Database,
  range: HeightRange,
  budget: Budget,
): Promise<readonly TxPosition[]> {
  const found: TxPosition[] = [];
  const start = heightKey(table.txHeights, range.lowest);
  const end =
    range.highest < maximumHeight
      ? heightKey(table.txHeights, range.highest + 1n)
      : prefixEnd(Uint8Array.of(table.txHeights));
  for await (const [key, value] of database.scan(start, end, searchBatchRows)) {
    const count = Number(readUint64(value));
    for (let txIndex = 0; txIndex < count; txIndex += 1) {
      budget.spend();
      found.push({ height: heightOfKey(key), txIndex });
    }
  }
  return found;
}

/** All heights whose block events meet the query, ascending. `kept` are the heights that are stored. */
export async function searchBlockHeights(
  database: Database,
  query: EventQuery,
  kept: HeightRange,
  bounds: SearchBounds,
): Promise<readonly bigint[]> {
  const budget = new Budget(bounds);
  const { range, others } = splitHeights(query, "block.height");
  let { lowest, highest } = range;
  if (kept.lowest > lowest) lowest = kept.lowest;
  if (kept.highest < highest) highest = kept.highest;
  if (lowest > highest) return [];
  const conditions = others.filter(({ tag, operator }) => !(tag === "block.height" && operator === "EXISTS"));
  let found: Set<bigint> | undefined;
  for (const condition of conditions) {
    const matches = new Set<bigint>();
    for await (const { height } of rowsMeeting(database, table.blockEvents, condition, { lowest, highest }, budget)) {
      if (found === undefined || found.has(height)) matches.add(height);
    }
    found = matches;
    if (found.size === 0) return [];
  }
  if (found !== undefined) return [...found].sort((left, right) => (left < right ? -1 : 1));
  const all: bigint[] = [];
  for (let height = lowest; height <= highest; height += 1n) {
    budget.spend();
    all.push(height);
  }
  return all;
}

/** A transaction's place as the index keeps it: height and index, big-endian. */
export function packPosition({ height, txIndex }: TxPosition): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, height);
  view.setUint32(8, txIndex);
  return bytes;
}

/** The place in bytes made by `packPosition`. */
export function unpackPosition(bytes: Uint8Array): TxPosition {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { height: view.getBigUint64(0), txIndex: view.getUint32(8) };
}
