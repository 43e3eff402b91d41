/** What an operator decides about peers, with the defaults of CometBFT's `[p2p]` section. It owns the choices' names and defaults only. */
import type { PeerAddress } from "./identity.ts";
import { MAX_INBOUND_PEERS, MAX_OUTBOUND_PEERS } from "./limits.ts";

export interface PeerPolicy {
  readonly maxInbound: number;
  /** Peers this node looks for by itself; persistent ones are not counted. */
  readonly maxOutbound: number;
  /** Whether more than three peers may come from one address. */
  readonly allowDuplicateIp: boolean;
  /** Node ids that always have a place. */
  readonly unconditional: ReadonlySet<string>;
  /** Node ids that are told to nobody: the validators behind a sentry. */
  readonly private: ReadonlySet<string>;
  /** Whether addresses are exchanged with peers. */
  readonly exchange: boolean;
  /** Nodes asked for addresses when none are known. */
  readonly seeds: readonly PeerAddress[];
  /** Whether this node gives addresses and then parts, looking for more meanwhile. */
  readonly seedMode: boolean;
  /** Whether only addresses that anyone could dial are remembered and told. */
  readonly strictAddresses: boolean;
  /** The longest wait before a persistent peer is dialled again; 0 leaves the default. Milliseconds. */
  readonly persistentMaxDialPeriodMs: number;
  /** Whether this node passes on connections for peers that nobody can dial. */
  readonly relay: boolean;
  /** Whether this node asks the relays among its peers to be reachable through them. */
  readonly useRelays: boolean;
  /** Where what is learnt of peers is kept; undefined keeps it in memory. */
  readonly addressBookFile: string | undefined;
  readonly bansFile: string | undefined;
}

export const defaultPolicy: PeerPolicy = {
  maxInbound: MAX_INBOUND_PEERS,
  maxOutbound: MAX_OUTBOUND_PEERS,
  allowDuplicateIp: false,
  unconditional: new Set(),
  private: new Set(),
  exchange: false,
  seeds: [],
  seedMode: false,
  strictAddresses: true,
  persistentMaxDialPeriodMs: 0,
  relay: false,
  useRelays: false,
  addressBookFile: undefined,
  bansFile: undefined,
};
