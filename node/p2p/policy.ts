/** What an operator decides about peers: the `[p2p]` section of config.toml as the network uses it. It decides nothing by itself. */
import { isAbsolute, join } from "node:path";
import type { NodeConfig } from "../config.ts";
import { NodeIdentityError, type PeerAddress, parsePeerAddress, parsePeerList } from "./identity.ts";
import {
  EXCHANGE_EAGER_MS,
  EXCHANGE_INTERVAL_MS,
  HELLO_TIMEOUT_MS,
  MAX_INBOUND_PEERS,
  MAX_OUTBOUND_PEERS,
} from "./limits.ts";

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
  /** Where others can dial this node, when it is not where it listens; a peer that is met through a relay is told it. */
  readonly externalAddress: PeerAddress | undefined;
  /** How long a peer may take to say Hello, and a connection to be used. Milliseconds. */
  readonly helloTimeoutMs: number;
  /** How often this node looks whether it has enough peers, while it has some and while it has none. Milliseconds. */
  readonly exchangeIntervalMs: number;
  readonly exchangeEagerMs: number;
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
  externalAddress: undefined,
  helloTimeoutMs: HELLO_TIMEOUT_MS,
  exchangeIntervalMs: EXCHANGE_INTERVAL_MS,
  exchangeEagerMs: EXCHANGE_EAGER_MS,
  addressBookFile: undefined,
  bansFile: undefined,
};

/** The policy of a home folder's configuration. Throws NodeIdentityError with the setting that is wrong. */
export function policyOf(config: NodeConfig, home: string): PeerPolicy {
  const book = config.addressBookFile;
  return {
    ...defaultPolicy,
    maxInbound: config.maximumInboundPeers,
    maxOutbound: config.maximumOutboundPeers,
    allowDuplicateIp: config.allowDuplicateIp,
    unconditional: nodeIds("p2p.unconditional_peer_ids", config.unconditionalPeerIds),
    private: nodeIds("p2p.private_peer_ids", config.privatePeerIds),
    exchange: config.peerExchange,
    seeds: parsePeerList(config.seeds, "p2p.seeds"),
    seedMode: config.seedMode,
    strictAddresses: config.addressBookStrict,
    persistentMaxDialPeriodMs: config.persistentPeersMaximumDialPeriodMs,
    relay: config.relay,
    useRelays: config.useRelays,
    externalAddress:
      config.externalAddress === "" ? undefined : parsePeerAddress(config.externalAddress, "p2p.external_address"),
    addressBookFile: isAbsolute(book) ? book : join(home, book),
    bansFile: join(home, "data", "banned_peers.json"),
  };
}

function nodeIds(setting: string, text: string): ReadonlySet<string> {
  const ids = text
    .split(",")
    .map((id) => id.trim().toLowerCase())
    .filter((id) => id !== "");
  for (const id of ids)
    if (!/^[0-9a-f]{40}$/.test(id))
      throw new NodeIdentityError(
        `${setting}: "${id}" is not a node id: it has 40 hex digits, as \`tributaryd comet show-node-id\` gives it`,
      );
  return new Set(ids);
}
