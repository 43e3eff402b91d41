// Owns: the shape of an event inside the core, the log a transaction or a block collects them in, and the `message`
// event that opens every message's events. Does not own: the order ante → messages (chain/app/run-tx.ts).

import type { Messages } from "../../proto/types.gen.ts";

/** Key and value, both plain strings: native events are not JSON-quoted. */
export type EventAttribute = readonly [key: string, value: string];

/** One event as modules emit it. */
export interface Event {
  readonly type: string;
  readonly attributes: readonly EventAttribute[];
}

/** Collects events in the order of their emission. */
export class EventLog {
  readonly #events: Event[] = [];

  emit(type: string, attributes: readonly EventAttribute[]): void {
    this.#events.push({ type, attributes });
  }

  append(events: readonly Event[]): void {
    for (const event of events) this.#events.push(event);
  }

  list(): readonly Event[] {
    return this.#events;
  }
}

/** The events in ABCI form. Every attribute of a delivered transaction and of a block's two ends is indexed, as the SDK does unless app.toml says otherwise. */
export function toAbciEvents(events: readonly Event[], index = true): Messages["tendermint.abci.Event"][] {
  return events.map((event) => ({
    type: event.type,
    attributes: event.attributes.map(([key, value]) => ({ key, value, index })),
  }));
}

/** The same events with one more attribute at the end of each. */
export function withAttribute(events: readonly Event[], attribute: EventAttribute): Event[] {
  return events.map((event) => ({ type: event.type, attributes: [...event.attributes, attribute] }));
}

/**
 * The events of one message as baseapp orders them (createEvents): first `message` with action, sender and, unless the
 * handler itself named a module, the module's name from the type URL; then the handler's; each with its `msg_index`.
 */
export function messageEvents(
  typeUrl: string,
  sender: string | undefined,
  handlerEvents: readonly Event[],
  messageIndex: number,
): Event[] {
  const attributes: EventAttribute[] = [["action", typeUrl]];
  if (sender !== undefined) attributes.push(["sender", sender]);
  const namesModule = handlerEvents.some((event) => event.attributes.some(([key]) => key === "module"));
  const module = typeUrl.split(".")[1];
  if (!namesModule && module !== undefined) attributes.push(["module", module]);
  const all: Event[] = [{ type: "message", attributes }, ...handlerEvents];
  return withAttribute(all, ["msg_index", messageIndex.toString()]);
}
