import { expect, test } from "vitest";
import { EventHub } from "../../../node/rpc/event-hub.ts";
import type { Json } from "../../../node/rpc/json.ts";
import type { RequestId, Subscriber } from "../../../node/rpc/method.ts";
import { parseEventQuery } from "../../../node/storage/event-query.ts";

/** A client that remembers what it was sent; `backlog` is what it has not read. */
class Client implements Subscriber {
  backlog = 0;
  readonly sent: (readonly [RequestId, Json])[] = [];
  readonly failures: (readonly [RequestId, string])[] = [];
  deliver(id: RequestId, result: Json): void {
    this.sent.push([id, result]);
  }
  fail(id: RequestId, reason: string): void {
    this.failures.push([id, reason]);
  }
  backlogBytes(): number {
    return this.backlog;
  }
}

const options = { maximumClients: 3, maximumSubscriptionsPerClient: 2, slowBytes: 1_000 };
const blocks = "tm.event = 'NewBlock'";
const transfers = "transfer.amount > 5";

function publish(
  hub: EventHub,
  attributes: Readonly<Record<string, readonly string[]>>,
  onRender: () => void = () => undefined,
): void {
  hub.publish({
    attributes: new Map(Object.entries(attributes)),
    data: () => {
      onRender();
      return { type: "t", value: {} };
    },
  });
}

test("every matching subscription is told under its own id and query, and the data is rendered once, if at all", () => {
  const hub = new EventHub(options);
  const [one, two] = [new Client(), new Client()];
  hub.subscribe(one, "a", blocks, parseEventQuery(blocks));
  hub.subscribe(one, "b", transfers, parseEventQuery(transfers));
  hub.subscribe(two, 7, transfers, parseEventQuery(transfers));
  let rendered = 0;
  const render = (): void => {
    rendered += 1;
  };
  publish(hub, { "tm.event": ["Tx"], "transfer.amount": ["9uopen"] }, render);
  expect(rendered).toBe(1);
  expect([one.sent.map(([id]) => id), two.sent.map(([id]) => id)]).toEqual([["b"], [7]]);
  expect(two.sent[0]?.[1]).toMatchObject({ query: transfers, events: { "transfer.amount": ["9uopen"] } });
  publish(hub, { "tm.event": ["Nothing"] }, render);
  expect(rendered).toBe(1);
});

test("a reader that is too slow is told and dropped; the others notice nothing", () => {
  const hub = new EventHub(options);
  const [slow, quick] = [new Client(), new Client()];
  for (const client of [slow, quick]) hub.subscribe(client, 1, blocks, parseEventQuery(blocks));
  slow.backlog = 1_001;
  publish(hub, { "tm.event": ["NewBlock"] });
  publish(hub, { "tm.event": ["NewBlock"] });
  expect(slow.failures).toEqual([
    [1, "subscription was canceled (reason: client is not pulling messages fast enough)"],
  ]);
  expect([slow.sent.length, quick.sent.length, hub.clientCount]).toEqual([0, 2, 1]);
});

test("clients and their subscriptions are bounded, and places become free again", () => {
  const hub = new EventHub(options);
  const clients = Array.from({ length: 4 }, () => new Client());
  for (const client of clients.slice(0, 3)) hub.subscribe(client, 1, blocks, parseEventQuery(blocks));
  expect(() => hub.subscribe(clients[3]!, 1, blocks, parseEventQuery(blocks))).toThrow(
    "max_subscription_clients 3 reached",
  );
  hub.subscribe(clients[0]!, 2, transfers, parseEventQuery(transfers));
  const third = "tm.event = 'Tx'";
  expect(() => hub.subscribe(clients[0]!, 3, third, parseEventQuery(third))).toThrow(
    "max_subscriptions_per_client 2 reached",
  );
  hub.drop(clients[1]!);
  hub.subscribe(clients[3]!, 1, blocks, parseEventQuery(blocks));
  hub.close();
  expect([hub.clientCount, clients[3]?.failures.length]).toEqual([0, 1]);
});
