/**
 * Owns the settings of `[p2p]` in config.toml, with CometBFT's names and defaults; the relay settings are ours. Does not own what they
 * mean to the peer network (node/p2p/policy.ts).
 */

import { MAX_INBOUND_PEERS, MAX_OUTBOUND_PEERS } from "./p2p/limits.ts";
import { setting } from "./setting.ts";

/** The settings of `[p2p]`, in the order of the file. */
export const peerSettings = {
  peerAddress: setting(
    "config",
    "p2p.laddr",
    "text",
    "tcp://0.0.0.0:26656",
    "Where peers connect; empty accepts none.",
  ),
  externalAddress: setting(
    "config",
    "p2p.external_address",
    "text",
    "",
    "The address peers should be told, when it is not the one listened on.",
  ),

  seeds: setting(
    "config",
    "p2p.seeds",
    "text",
    "",
    "Nodes asked for the addresses of others when none are known: id@host:port, separated by commas.",
  ),
  persistentPeers: setting(
    "config",
    "p2p.persistent_peers",
    "text",
    "",
    "Peers to stay connected to: id@host:port, separated by commas.",
  ),
  addressBookStrict: setting(
    "config",
    "p2p.addr_book_strict",
    "boolean",
    true,
    "Remember and tell only addresses that anyone on the internet could dial; false on a private network.",
  ),
  addressBookFile: setting(
    "config",
    "p2p.addr_book_file",
    "text",
    "config/addrbook.json",
    "Where known addresses are kept.",
  ),
  maximumInboundPeers: setting(
    "config",
    "p2p.max_num_inbound_peers",
    "number",
    MAX_INBOUND_PEERS,
    "Peers that dialled this node. Half of the places are kept for those that brought something new.",
  ),
  maximumOutboundPeers: setting(
    "config",
    "p2p.max_num_outbound_peers",
    "number",
    MAX_OUTBOUND_PEERS,
    "Peers that this node looks for by itself; persistent ones are not counted.",
  ),
  unconditionalPeerIds: setting(
    "config",
    "p2p.unconditional_peer_ids",
    "text",
    "",
    "Node ids, separated by commas, that always have a place and are never banned.",
  ),
  persistentPeersMaximumDialPeriodMs: setting(
    "config",
    "p2p.persistent_peers_max_dial_period",
    "duration",
    0,
    "Longest wait before a persistent peer is dialled again; 0s is the default of 10s.",
  ),
  peerExchange: setting("config", "p2p.pex", "boolean", true, "Exchange addresses with peers and look for more peers."),
  seedMode: setting(
    "config",
    "p2p.seed_mode",
    "boolean",
    false,
    "Be a seed: give every peer addresses, then part, and look for more addresses.",
  ),
  privatePeerIds: setting(
    "config",
    "p2p.private_peer_ids",
    "text",
    "",
    "Node ids, separated by commas, whose addresses are told to nobody: the validator behind a sentry.",
  ),
  allowDuplicateIp: setting(
    "config",
    "p2p.allow_duplicate_ip",
    "boolean",
    false,
    "Take more than three peers from one address; this machine's own address has no such bound.",
  ),
  relay: setting(
    "config",
    "p2p.relay",
    "boolean",
    false,
    "Pass on connections for peers that nobody can dial, such as phones; costs bandwidth.",
  ),
  useRelays: setting(
    "config",
    "p2p.use_relays",
    "boolean",
    false,
    "Be reachable through the relays among this node's peers, when nobody can dial it.",
  ),
} as const;
