/**
 * Owns matching the event query language against values: one condition against one value, and a whole query against the
 * events of one item (CometBFT 0.38, libs/pubsub/query). Does not own parsing (event-query.ts) nor where events come
 * from. Every function takes time linear in the length of its input.
 */

import { impossible } from "../../chain/types/impossible.ts";
import { type Argument, type Condition, type EventQuery, parseDate, parseTime } from "./event-query.ts";

/** Whether one attribute value satisfies the condition. A value of another kind than the argument's does not. */
export function conditionAccepts(condition: Condition, value: string): boolean {
  const { operator, argument } = condition;
  if (argument === undefined) return true;
  if (operator === "CONTAINS") return value.includes(argument.text);
  const order = compareValue(value, argument);
  if (order === undefined) return false;
  switch (operator) {
    case "=":
      return order === 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "EXISTS":
      return true;
    default:
      return impossible(operator);
  }
}

/** −1, 0 or 1 as value is below, equal to or above the argument; undefined when they cannot be compared. */
function compareValue(value: string, argument: Argument): number | undefined {
  switch (argument.kind) {
    case "string":
      return value === argument.text ? 0 : undefined;
    case "number":
      return compareDecimals(leadingNumber(value), leadingNumber(argument.text));
    case "timestamp":
      return compareBigints(parseTime(value), argument.nanoseconds);
    case "datestamp":
      return compareBigints(parseDate(value), argument.nanoseconds);
    default:
      return impossible(argument);
  }
}

function compareBigints(left: bigint | undefined, right: bigint): number | undefined {
  if (left === undefined) return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const isDigit = (character: string): boolean => character >= "0" && character <= "9" && character.length === 1;

/** A non-negative decimal in canonical form: no leading zeros before the point, no trailing ones after it. */
interface Decimal {
  readonly whole: string;
  readonly fraction: string;
}

/** The number a value starts with: "8", "8.045stake" and "4.0" are numbers, "-3" and "stake" are not. */
function leadingNumber(text: string): Decimal | undefined {
  let end = 0;
  while (end < text.length && isDigit(text.charAt(end))) end += 1;
  if (end === 0) return undefined;
  const whole = text.slice(0, end);
  let fraction = "";
  if (text.charAt(end) === ".") {
    let stop = end + 1;
    while (stop < text.length && isDigit(text.charAt(stop))) stop += 1;
    fraction = text.slice(end + 1, stop);
  }
  return { whole: withoutLeadingZeros(whole), fraction: withoutTrailingZeros(fraction) };
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length && digits.charAt(start) === "0") start += 1;
  return digits.slice(start);
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === "0") end -= 1;
  return digits.slice(0, end);
}

function compareDecimals(left: Decimal | undefined, right: Decimal | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left.whole.length !== right.whole.length) return left.whole.length < right.whole.length ? -1 : 1;
  if (left.whole !== right.whole) return left.whole < right.whole ? -1 : 1;
  if (left.fraction === right.fraction) return 0;
  return left.fraction < right.fraction ? -1 : 1;
}

/** Events of one item, flattened: "type.attribute" to every value it took, in order. */
export type FlatEvents = ReadonlyMap<string, readonly string[]>;

/** Whether every condition is met by some value. A bare event type meets EXISTS. No event meets nothing. */
export function matchesEvents(query: EventQuery, events: FlatEvents): boolean {
  if (events.size === 0) return false;
  let types: ReadonlySet<string> | undefined;
  for (const condition of query) {
    const values = events.get(condition.tag) ?? [];
    if (values.some((value) => conditionAccepts(condition, value))) continue;
    types ??= eventTypes(events);
    if (types.has(condition.tag) && conditionAccepts(condition, "")) continue;
    return false;
  }
  return true;
}

function eventTypes(events: FlatEvents): ReadonlySet<string> {
  const types = new Set<string>();
  for (const composite of events.keys()) {
    const dot = composite.lastIndexOf(".");
    if (dot > 0) types.add(composite.slice(0, dot));
  }
  return types;
}
