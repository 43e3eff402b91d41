/**
 * Owns the methods that exist on WebSockets only: subscribe, unsubscribe, unsubscribe_all.
 */

import type { RpcEnvironment } from "../environment.ts";
import { readQuery } from "../environment.ts";
import { type Call, type Method, method, RequestError, type Subscriber } from "../method.ts";

/** The methods of this file, on a node. */
export function subscriptionMethods({ hub }: Pick<RpcEnvironment, "hub">): readonly Method[] {
  const options = { webSocketOnly: true, immediate: true };
  return [
    method(
      "subscribe",
      { query: "string" },
      ({ query }, call) => {
        hub.subscribe(subscriberOf(call), call.id, query, parsed(query));
        return {};
      },
      options,
    ),
    method(
      "unsubscribe",
      { query: "string" },
      ({ query }, call) => {
        hub.unsubscribe(subscriberOf(call), parsed(query));
        return {};
      },
      options,
    ),
    method(
      "unsubscribe_all",
      {},
      (_values, call) => {
        hub.unsubscribeAll(subscriberOf(call));
        return {};
      },
      options,
    ),
  ];
}

function subscriberOf(call: Call): Subscriber {
  if (call.subscriber === undefined) throw new RequestError("subscriptions need a WebSocket");
  return call.subscriber;
}

function parsed(query: string): ReturnType<typeof readQuery> {
  try {
    return readQuery(query);
  } catch (error) {
    if (!(error instanceof RequestError) || error.message === "maximum query length exceeded") throw error;
    throw new RequestError(`failed to parse query: ${error.message}`);
  }
}
