/**
 * Owns live subscriptions: who listens to which query, the bounds on clients and subscriptions, delivery to those whose
 * query matches, and cancelling readers that are too slow. Does not own what events contain (node/rpc/block-events.ts)
 * nor the socket. Nothing between socket and disk depends on it: it is fed after a block is durable.
 */

import { type FlatEvents, matchesEvents } from "../storage/event-match.ts";
import { type EventQuery, formatEventQuery } from "../storage/event-query.ts";
import type { Json } from "./json.ts";
import { RequestError, type RequestId, type Subscriber } from "./method.ts";

/** The bounds; defaults stand in node/rpc/limits.ts. */
export interface EventHubOptions {
  readonly maximumClients: number;
  readonly maximumSubscriptionsPerClient: number;
  /** Unsent bytes at which a client's subscriptions are cancelled. */
  readonly slowBytes: number;
}

/** One event: the reserved and the application's attributes to match on, and its data, rendered only when wanted. */
export interface Event {
  readonly attributes: FlatEvents;
  readonly data: () => Json;
}

interface Subscription {
  readonly id: RequestId;
  /** The query as the client wrote it: answers repeat it. */
  readonly text: string;
  readonly query: EventQuery;
}

/** The subscriptions of all clients. */
export class EventHub {
  private readonly options: EventHubOptions;
  /** By client, then by the canonical spelling of the query. */
  private readonly clients = new Map<Subscriber, Map<string, Subscription>>();

  constructor(options: EventHubOptions) {
    this.options = options;
  }

  /** Number of clients with at least one subscription. */
  get clientCount(): number {
    return this.clients.size;
  }

  /** Adds a subscription. Throws RequestError with CometBFT's text at a bound or for a repeated query. */
  subscribe(client: Subscriber, id: RequestId, text: string, query: EventQuery): void {
    const held = this.clients.get(client);
    if (held === undefined && this.clients.size >= this.options.maximumClients) {
      throw new RequestError(`max_subscription_clients ${this.options.maximumClients} reached`);
    }
    if (held !== undefined && held.size >= this.options.maximumSubscriptionsPerClient) {
      throw new RequestError(`max_subscriptions_per_client ${this.options.maximumSubscriptionsPerClient} reached`);
    }
    const key = formatEventQuery(query);
    if (held?.has(key)) throw new RequestError("already subscribed");
    if (held === undefined) this.clients.set(client, new Map([[key, { id, text, query }]]));
    else held.set(key, { id, text, query });
  }

  /** Ends one subscription. Throws RequestError when there is none. */
  unsubscribe(client: Subscriber, query: EventQuery): void {
    const held = this.clients.get(client);
    if (held === undefined || !held.delete(formatEventQuery(query))) throw new RequestError("subscription not found");
    if (held.size === 0) this.clients.delete(client);
  }

  /** Ends all of a client's subscriptions. Throws RequestError when there are none. */
  unsubscribeAll(client: Subscriber): void {
    if (!this.clients.delete(client)) throw new RequestError("subscription not found");
  }

  /** Forgets a client whose connection ended. */
  drop(client: Subscriber): void {
    this.clients.delete(client);
  }

  /** Delivers one event to every subscription it matches. */
  publish(event: Event): void {
    let data: Json | undefined;
    let attributes: Json | undefined;
    for (const [client, held] of this.clients) {
      for (const subscription of held.values()) {
        if (!matchesEvents(subscription.query, event.attributes)) continue;
        if (client.backlogBytes() > this.options.slowBytes) {
          this.cancelSlow(client, held);
          break;
        }
        data ??= event.data();
        attributes ??= Object.fromEntries(event.attributes);
        client.deliver(subscription.id, { query: subscription.text, data, events: attributes });
      }
    }
  }

  private cancelSlow(client: Subscriber, held: ReadonlyMap<string, Subscription>): void {
    this.clients.delete(client);
    for (const { id } of held.values()) {
      client.fail(id, "subscription was canceled (reason: client is not pulling messages fast enough)");
    }
  }

  /** Tells every subscriber that the node stops. */
  close(): void {
    for (const [client, held] of this.clients) {
      for (const { id } of held.values()) client.fail(id, "subscription was canceled (reason: node is stopping)");
    }
    this.clients.clear();
  }
}
