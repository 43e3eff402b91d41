import { describe, expect, test } from "vitest";
import { matchesEvents } from "../../../node/storage/event-match.ts";
import {
  EventQueryError,
  formatEventQuery,
  parseEventQuery,
  scanEventQuery,
} from "../../../node/storage/event-query.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

interface QueryVectors {
  readonly parse_valid: readonly (readonly [string, boolean])[];
  readonly scanner_errors: readonly string[];
  readonly apiEvents: Readonly<Record<string, readonly string[]>>;
  readonly matches: readonly { query: string; events: readonly string[] | "apiEvents"; matches: boolean }[];
}

/** "type|key=value|key=value" to the flattened form; "<now>" stands for this moment in the query's own format. */
function flatten(events: readonly string[], query: string): Map<string, string[]> {
  const flat = new Map<string, string[]>();
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  for (const event of events) {
    const [type, ...attributes] = event.split("|");
    for (const attribute of attributes) {
      const at = attribute.indexOf("=");
      const key = `${type}.${attribute.slice(0, at)}`;
      const value = attribute.slice(at + 1).replace("<now>", query.includes("DATE") ? now.slice(0, 10) : now);
      flat.set(key, [...(flat.get(key) ?? []), value]);
    }
  }
  return flat;
}

describeVectors("the event query language agrees with CometBFT's own tests", () => {
  const vectors = vector<QueryVectors>("rpc/event_query_language.json");

  test("the parser accepts and refuses what CometBFT does", () => {
    for (const [text, valid] of vectors.parse_valid) {
      if (valid) expect(() => parseEventQuery(text), text).not.toThrow();
      else expect(() => parseEventQuery(text), text).toThrow(EventQueryError);
    }
  });

  test("the scanner refuses malformed tokens", () => {
    for (const text of vectors.scanner_errors) expect(() => scanEventQuery(text), text).toThrow(EventQueryError);
  });

  test("queries match the events they match in CometBFT", () => {
    for (const { query, events, matches } of vectors.matches) {
      const flat =
        events === "apiEvents"
          ? new Map(Object.entries(vectors.apiEvents).map(([key, values]) => [key, [...values]]))
          : flatten(events, query);
      expect(matchesEvents(parseEventQuery(query), flat), `${query} on ${JSON.stringify(events)}`).toBe(matches);
    }
  });

  test("a malformed query is refused with CometBFT's text", () => {
    const recorded = vector<{ error: { data: string } }>(
      "rpc/kvstore_fixtures/v0_38/incoming/subscribe_malformed.json",
    );
    expect(() => parseEventQuery("malformed query")).toThrow(
      recorded.error.data.replace("failed to parse query: ", ""),
    );
  });
});

describe("event queries", () => {
  test("spelling differences do not make two subscriptions", () => {
    const spellings = ["tm.event='Tx' AND tx.height>5", "tm.event = 'Tx'  AND  tx.height > 5"];
    const canonical = spellings.map((text) => formatEventQuery(parseEventQuery(text)));
    expect(new Set(canonical).size).toBe(1);
    expect(formatEventQuery(parseEventQuery(canonical[0] ?? ""))).toBe(canonical[0]);
  });

  test("numbers beyond 64 bits compare exactly", () => {
    const events = new Map([["transfer.amount", ["100000000000000000000000000000000000001uopen"]]]);
    expect(matchesEvents(parseEventQuery("transfer.amount > 100000000000000000000000000000000000000"), events)).toBe(
      true,
    );
    expect(matchesEvents(parseEventQuery("transfer.amount > 100000000000000000000000000000000000001"), events)).toBe(
      false,
    );
  });

  test("parsing and matching a long query and a long value end at once", () => {
    const query = parseEventQuery(Array.from({ length: 1000 }, () => "a.b = 1").join(" AND "));
    expect(query).toHaveLength(1000);
    expect(matchesEvents(query, new Map([["a.b", ["1".repeat(100_000)]]]))).toBe(false);
  });
});
