// Owns: cutting a walk over a collection into pages, with the Cosmos SDK's rules (types/query: Paginate,
// FilteredPaginate, CollectionPaginate). Does not own the walk (collections.ts).

import type { Messages } from "../../proto/types.gen.ts";
import { DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS, MAX_PAGE_VISITS, MAX_TREE_NODES } from "./limits.ts";

export type PageRequest = Messages["cosmos.base.query.v1beta1.PageRequest"];
export type PageResponse = Messages["cosmos.base.query.v1beta1.PageResponse"];

/** The page request contradicts itself; a query answers it as an invalid argument. */
export class PageError extends Error {
  override readonly name = "PageError";
}

/** One page of rows. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly page: PageResponse;
}

/** What a page is cut from. Keys are relative to the collection and to the prefix asked for. */
export interface PageSource<Row> {
  /** Rows in the wanted direction, beginning with `from` (inclusive) or at the end the direction starts from. */
  walk(from: Uint8Array | undefined, reverse: boolean): Iterable<PageStep<Row>>;
  /** How many rows there are in all, where that is known without a walk. */
  count?(): number | undefined;
  /** The key of the row at a place in the wanted direction, counted from 0, where that is known without a walk. */
  keyAt?(index: number, reverse: boolean): Uint8Array | undefined;
}

/** One step of the walk. `row` is made only for rows that are wanted; `undefined` when the filter refuses it. */
export interface PageStep<Row> {
  readonly key: Uint8Array;
  row(): Row | undefined;
}

/** No store has more rows, so that any offset up to it is an exact number. */
const MAX_OFFSET = BigInt(MAX_TREE_NODES);
const EMPTY: Uint8Array = new Uint8Array(0);

/**
 * Cuts one page. Without a limit, 100 rows and the total. `key` continues where the last page's `nextKey` said; together
 * with an offset it is refused. The total is given only when it is asked for and no key is, as in the SDK.
 * `filtered`: rows may be refused; limit, offset and total then count accepted rows.
 */
export function paginate<Row>(source: PageSource<Row>, request: PageRequest | undefined, filtered: boolean): Page<Row> {
  const offset = request?.offset ?? 0n;
  const from = request !== undefined && request.key.length > 0 ? request.key : undefined;
  if (offset > 0n && from !== undefined) {
    throw new PageError("invalid request, either offset or key is expected, got both");
  }
  const asked = request?.limit ?? 0n;
  const limit = asked === 0n ? DEFAULT_PAGE_ROWS : asked > MAX_PAGE_ROWS ? MAX_PAGE_ROWS : asked;
  const countTotal = from === undefined && (asked === 0n || request?.countTotal === true);
  const total = countTotal && !filtered ? source.count?.() : undefined;

  const rows: Row[] = [];
  let nextKey: Uint8Array = EMPTY;
  let accepted = 0n;
  let visited = 0n;
  const reverse = request?.reverse === true;
  let first = from;
  if (offset > 0n && !filtered && source.keyAt !== undefined) {
    // Rows before the offset are passed over at once: walking over them would hold up whoever else the thread serves.
    first = offset > MAX_OFFSET ? undefined : source.keyAt(Number(offset), reverse);
    if (first === undefined) return { rows, page: { nextKey, total: countTotal ? BigInt(total ?? 0) : 0n } };
    accepted = offset;
  }
  for (const step of source.walk(first, reverse)) {
    const full = accepted >= offset + limit;
    if (full && nextKey.length === 0 && !filtered) nextKey = step.key;
    // Past the page, walking on is only for counting what is not known otherwise.
    if (full && (!countTotal || total !== undefined) && nextKey.length > 0) break;
    if (filtered && visited >= MAX_PAGE_VISITS) {
      if (nextKey.length === 0) nextKey = step.key;
      break;
    }
    visited += 1n;
    const wanted = accepted >= offset && !full;
    const row = filtered || wanted ? step.row() : undefined;
    if (filtered && row === undefined) continue;
    if (wanted) rows.push(row as Row);
    if (full && filtered && nextKey.length === 0) {
      nextKey = step.key;
      if (!countTotal) break;
    }
    accepted += 1n;
  }
  return { rows, page: { nextKey, total: countTotal ? (total === undefined ? accepted : BigInt(total)) : 0n } };
}
