/** Every bound of the peer-to-peer layer, with its reason. It owns numbers only. */

/** Largest frame but for block answers: a 64 KiB part or a batch of transactions with room to spare. Bytes. */
export const MAX_FRAME_BYTES = 1_048_576;
/** Largest frame of a peer that has not said Hello yet: anyone can open a stream. Bytes. */
export const MAX_HELLO_FRAME_BYTES = 16_384;
/** What a frame counts against a peer's share of bytes beside its own: reading a tiny one costs as much as that many bytes. */
export const FRAME_COST_BYTES = 256;
/**
 * Values with a length (bytes, texts, messages) that a frame may hold: some, and one for so many bytes. An absent signature of a certificate
 * has two in six bytes; empty values would be one in two bytes, and a hundred bytes of memory each.
 */
export const FRAME_VALUES = 1_024;
export const FRAME_BYTES_PER_VALUE = 3;
export const MAX_FRAME_VALUES = 65_536;
/** The same for questions and answers by named kinds: what they list (blocks, transactions, hashes, addresses) has that many bytes each. */
export const ANSWER_BYTES_PER_VALUE = 16;
/** Streams one connection may open to us. Each peer needs one; a second may come while the first is being closed. */
export const MAX_STREAMS_PER_CONNECTION = 2;
/** Largest block answer: CometBFT's hard block limit would be 100 MiB; ours follows the default `block.max_bytes` of 22,020,096 with its commit. Bytes. */
export const MAX_BLOCK_ANSWER_BYTES = 24 * 1_048_576;
/** Bytes of blocks in one answer; a block that is larger by itself is sent alone (CONSENSUS A7). */
export const BLOCK_RESPONSE_TARGET_BYTES = 10 * 1_048_576;
/** Blocks asked for at once (CONSENSUS A7). */
export const MAX_BLOCKS_PER_REQUEST = 5;
/** Requests for blocks that one peer may make of us a second, and bytes of blocks it gets. */
export const BLOCK_REQUESTS_PER_SECOND = 100;
export const BLOCK_BYTES_PER_SECOND = 16 * 1_048_576;
/** A peer that has not answered a block request by then is passed over. */
export const BLOCK_REQUEST_TIMEOUT_MS = 10_000;
/** A stream on which no Hello arrives by then is closed. */
export const HELLO_TIMEOUT_MS = 10_000;
/** What a relay keeps for peers that nobody can dial: how many, how long one connection through it may last, and its bytes. */
export const RELAY_RESERVATIONS = 16;
export const RELAY_DURATION_MS = 7_200_000;
export const RELAY_BYTES = 256 * 1_048_576;
/** Bytes waiting to be written to one peer; beyond it gossip to that peer is dropped (repair is pulled, so nothing is lost). */
export const MAX_SEND_QUEUE_BYTES = 8 * 1_048_576;
/** Peers that dialled us and that we dialled: CometBFT's defaults are 40 and 10. CONSENSUS.md A8. */
export const MAX_INBOUND_PEERS = 40;
export const MAX_OUTBOUND_PEERS = 10;
/** Inbound peers from one address other than loopback, unless `allow_duplicate_ip`. */
export const MAX_PEERS_PER_ADDRESS = 3;
/** An inbound peer that brought this many things first has shown what it is worth: it has a place in the half kept for such peers. */
export const PROVEN_USEFULNESS = 8;
/** An inbound peer that has brought nothing for this long gives its place up when another peer wants it. */
export const UNPROVEN_STAY_MS = 60_000;
/** Sockets beyond the peers' places that may be in their handshake, and of those from one address. */
export const MAX_PENDING_SOCKETS = 32;
export const MAX_PENDING_SOCKETS_PER_ADDRESS = 4;
/** Inbound sockets a second, and at once, from everywhere and from one address: a handshake costs about a millisecond. */
export const INBOUND_SOCKETS_PER_SECOND = 50;
export const INBOUND_SOCKETS_BURST = 100;
export const INBOUND_SOCKETS_PER_ADDRESS_PER_SECOND = 5;
export const INBOUND_SOCKETS_PER_ADDRESS_BURST = 10;
/** Addresses whose sockets are counted; beyond it the one seen longest ago is forgotten. */
export const MAX_COUNTED_ADDRESSES = 4_096;
/** Streams of all protocols that a connection may have open to us: ours, identify, gossip, relay, with room for those that close. */
export const MAX_MUXED_STREAMS = 32;
/** A handshake, and each negotiation of a stream's protocol, must be over by then. */
export const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Bytes that all peers together may have half-received, in work or waiting to be written. */
export const MAX_BUFFERED_BYTES = 64 * 1_048_576;
/** A peer with less than this in its queue is sent to even when all queues together are full. */
export const SMALL_QUEUE_BYTES = 262_144;
/** Consensus messages of one peer that the engine has not judged yet; more are dropped, and pulled again if they matter. */
export const MAX_UNJUDGED_MESSAGES = 1_000;
export const MAX_UNJUDGED_BYTES = 4 * 1_048_576;

/** Persistent peers that may be added while the node runs, the configured ones included. */
export const MAX_PERSISTENT_PEERS = 256;
/** First and longest wait before a persistent peer is dialled again. */
export const REDIAL_MIN_MS = 500;
export const REDIAL_MAX_MS = 10_000;
/** Scores, as Lodestar has them: what a fault costs, and at which score a peer is disconnected, and banned. */
export const FAULT_POINTS = { fatal: -200, low: -10, mid: -5, high: -1 } as const;
export const LOWEST_SCORE = -100;
export const DISCONNECT_SCORE = -20;
export const BAN_SCORE = -50;
/** Credit is capped low: a peer cannot save up goodwill and then spend it on harm (CVE-2022-47547). */
export const HIGHEST_SCORE = 10;
/** A score halves in this time. */
export const SCORE_HALF_LIFE_MS = 600_000;
/** How long a ban lasts, and how many are remembered; beyond it the one that ends first is lifted. */
export const BAN_MS = 1_800_000;
export const MAX_BANS = 1_024;
/** Banned nodes of one address, other than loopback, after which the address itself is refused: a new identity costs nothing. */
export const BANS_PER_ADDRESS = 3;
/** Nodes whose score is remembered. */
export const MAX_SCORES = 4_096;
/** How long a persistent peer that broke the rules is left alone: it is throttled and never banned. */
export const FAULT_AVOIDANCE_MS = 60_000;
/** A connection that lived this long makes the next dial to that peer an early one again. */
export const STABLE_CONNECTION_MS = 2_000;
/** Bytes a second that one peer may send us on average, and its burst. A catching-up node takes block answers beyond this only if it asked. */
export const PEER_BYTES_PER_SECOND = 4 * 1_048_576;
export const PEER_BURST_BYTES = 32 * 1_048_576;
/** Requests a second that one peer may make of us. */
export const PEER_REQUESTS_PER_SECOND = 20;
/**
 * Milliseconds a second that one peer may cost us with transactions that are not admitted, and at once. Honest peers pass
 * on what they admitted themselves; beyond this a peer's transactions are left unseen, since checking them holds up consensus.
 */
export const REFUSED_CHECK_MS_PER_SECOND = 100;
export const REFUSED_CHECK_BURST_MS = 1_000;
/** Transactions are collected this long, or until that many bytes, before they leave in one frame. */
export const TX_COALESCE_MS = 5;
export const TX_COALESCE_BYTES = 65_536;
/** Questions of one kind that wait for their turn with one peer; another one is refused. */
export const MAX_WAITING_REQUESTS = 4;
/** Blocks whose parts or transactions are kept for peers: those proposed for the height in progress and the one below. */
export const MAX_PROPOSED_BLOCKS = 16;
/** Compact proposals kept until their proposal has been checked. Bytes of all peers together; one for each peer. */
export const MAX_HELD_COMPACT_BYTES = 8 * 1_048_576;
/** Missing transactions of one block asked for at once, and the bytes of one answer. */
export const MAX_TRANSACTIONS_ASKED = 16_384;
export const MAX_BLOCK_TRANSACTIONS_BYTES = 4 * 1_048_576;
/** A peer that has not sent a block's missing transactions by then is passed over: the round waits for the block. */
export const BLOCK_TRANSACTIONS_TIMEOUT_MS = 500;
/** Transactions that went by lately, kept for blocks that name them: bytes, those of the last seconds of a busy chain. */
export const RECENT_TRANSACTION_BYTES = 8 * 1_048_576;
/** Transactions of the pool told to a peer that has just joined: number, and bytes of one frame. */
export const MAX_POOL_TRANSACTIONS_TOLD = 5_000;
export const POOL_FRAME_BYTES = 262_144;
/** When the transaction that has waited longest is still the same after this long, the first of the pool are sent again to two peers. */
export const STUCK_POOL_MS = 2_000;
/** Recently seen items remembered for each peer, so that nothing is sent back to where it came from. */
export const SEEN_PER_PEER = 16_384;
/** The gossiped announcement of a committed block is two varints and a hash. Bytes. */
export const MAX_ANNOUNCEMENT_BYTES = 256;
/** While consensus stands still, what is missing is pulled at a random moment between these (CONSENSUS.md A5). */
export const REPAIR_MIN_MS = 250;
export const REPAIR_MAX_MS = 500;
/** Requests for repair and bytes of answers that one peer gets a second: one that pretends to lag costs little. */
export const REPAIRS_PER_SECOND = 8;
export const REPAIR_BYTES_PER_SECOND = 1_048_576;
/** One answer to a request for repair. Bytes. */
export const MAX_REPAIR_ANSWER_BYTES = 524_288;
/** A node one block behind waits this long for consensus to decide the block by itself before it fetches it. */
export const LIVE_GRACE_MS = 250;
/** A clock this far from the median of the peers' is worth a warning, and with that far a validator does not start. */
export const CLOCK_WARN_MS = 2_000;
export const CLOCK_WRONG_MS = 30_000;
/** Peers whose clocks are compared before anything is said, where that many are to be expected. */
export const CLOCKS_NEEDED = 3;
/** Peers are asked for their time when they join and this often; an answer that takes longer says nothing. */
export const CLOCK_INTERVAL_MS = 600_000;
export const CLOCK_TIMEOUT_MS = 5_000;
/** How long after its start a validator whose clock is wrong still refuses to run; later it only says so. */
export const CLOCK_REFUSAL_MS = 120_000;
/** Addresses in the book: those heard of, and those at which a node was met. */
export const MAX_HEARD_ADDRESSES = 1_024;
export const MAX_MET_ADDRESSES = 256;
/** Addresses of one block of addresses (/16 of IPv4, /32 of IPv6) in each of the two, and addresses heard from one such block. */
export const MAX_HEARD_PER_GROUP = 32;
export const MAX_MET_PER_GROUP = 8;
export const MAX_HEARD_PER_SOURCE = 64;
/** Addresses in one answer, as CometBFT's maxGetSelection allows some more, and the length of one. */
export const MAX_ADDRESSES_TOLD = 100;
export const MAX_ADDRESS_TEXT_BYTES = 256;
/** A node that could not be reached this often, and never was, is forgotten; one that was met once is kept longer. */
export const MAX_DIAL_FAILURES = 3;
export const MAX_DIAL_FAILURES_MET = 12;
/** First and longest wait before an address is tried again. */
export const ADDRESS_RETRY_MIN_MS = 30_000;
export const ADDRESS_RETRY_MAX_MS = 3_600_000;
/** How often a node looks whether it has enough peers (CometBFT's ensurePeersPeriod), and how often while it has none. */
export const EXCHANGE_INTERVAL_MS = 30_000;
export const EXCHANGE_EAGER_MS = 3_000;
/** Addresses dialled at once. */
export const MAX_EXCHANGE_DIALS = 4;
/** How long a seed stays connected to a peer that it has given addresses. */
export const SEED_STAY_MS = 10_000;
/** The address book is written this often when it changed. */
export const ADDRESS_BOOK_SAVE_MS = 120_000;

/** Addresses at which peers saw a node that listens nowhere, the newest ones: more would be dialled by whoever wants to meet it. */
export const MAX_OBSERVED_ADDRESSES = 3;
