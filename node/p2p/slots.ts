/**
 * Who may stay when places are few. Outbound places are apart, so that whoever dials us cannot take them; of the inbound places half are
 * kept for peers that have brought something new, since identities cost nothing and usefulness does. Pure: it decides, the switch acts.
 */
import { isLoopback } from "./ip-group.ts";
import { MAX_PEERS_PER_ADDRESS, PROVEN_USEFULNESS, UNPROVEN_STAY_MS } from "./limits.ts";

/** What the decision needs to know of an inbound peer. */
export interface InboundPeer {
  readonly host: string;
  /** New things it brought: votes, proposals, blocks, transactions. */
  readonly usefulness: number;
  /** Monotonic milliseconds. */
  readonly openedMs: number;
}

export interface SlotRules {
  readonly maxInbound: number;
  readonly allowDuplicateIp: boolean;
}

/** Welcome; welcome in the place of another one, which leaves; or not. */
export type SlotDecision<Peer> =
  | { readonly admit: true; readonly instead?: Peer }
  | { readonly admit: false; readonly reason: string };

/** Whether a newcomer from `host` gets a place among the inbound peers, unconditional ones not counted. */
export function decideSlot<Peer extends InboundPeer>(
  host: string,
  inbound: readonly Peer[],
  { maxInbound, allowDuplicateIp }: SlotRules,
  nowMs: number,
): SlotDecision<Peer> {
  if (!allowDuplicateIp && !isLoopback(host)) {
    const same = inbound.filter((other) => other.host === host).length;
    if (same >= MAX_PEERS_PER_ADDRESS)
      return { admit: false, reason: "this node has all the peers it takes from that address" };
  }
  const unproven = inbound.filter(({ usefulness }) => usefulness < PROVEN_USEFULNESS);
  const open = maxInbound - inbound.length;
  const places = Math.ceil(maxInbound / 2);
  if (open > 0 && unproven.length < places) return { admit: true };
  const [instead] = unproven
    .filter(({ usefulness, openedMs }) => usefulness === 0 && nowMs - openedMs >= UNPROVEN_STAY_MS)
    .toSorted((a, b) => a.openedMs - b.openedMs);
  if (instead !== undefined) return { admit: true, instead };
  return { admit: false, reason: "this node has all the inbound peers it takes" };
}
