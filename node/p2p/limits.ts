/** Every bound of the peer-to-peer layer, with its reason. It owns numbers only. */
import { MAX_SNAPSHOT_CHUNK_BYTES } from "../sync/limits.ts";

/** Largest frame but for block answers: a 64 KiB part or a batch of transactions with room to spare. Bytes. */
export const MAX_FRAME_BYTES = 1_048_576;
/** Largest frame of a peer that has not said Hello yet: anyone can open a stream. Bytes. */
export const MAX_HELLO_FRAME_BYTES = 16_384;
/** What a frame counts against a peer's share of bytes beside its own: reading a tiny one costs as much as that many bytes. */
export const FRAME_COST_BYTES = 256;
/** Streams one connection may open to us. Each peer needs one; a second may come while the first is being closed. */
export const MAX_STREAMS_PER_CONNECTION = 2;
/** Largest block answer: CometBFT's hard block limit would be 100 MiB; ours follows the default `block.max_bytes` of 22,020,096 with its commit. Bytes. */
export const MAX_BLOCK_FRAME_BYTES = 24 * 1_048_576;
/** Largest answer with a chunk of a snapshot: a chunk of MAX_SNAPSHOT_CHUNK_BYTES and what names it. Bytes. */
export const MAX_CHUNK_FRAME_BYTES = MAX_SNAPSHOT_CHUNK_BYTES + 1_024;
/** Snapshots a node tells a peer of, the newest first, and takes note of from one peer (CometBFT's recentSnapshots). */
export const MAX_SNAPSHOTS_TOLD = 10;
/** Chunk requests of one peer that wait their turn; one that is not answered is asked of another peer. */
export const MAX_WAITING_CHUNK_REQUESTS = 4;
/** Bytes of block answers put in one frame before the server stops adding blocks. */
export const BLOCK_RESPONSE_TARGET_BYTES = 2 * 1_048_576;
/** Blocks asked for at once. */
export const MAX_BLOCKS_PER_REQUEST = 64;
/** A peer that has not answered a block request by then is passed over. */
export const BLOCK_REQUEST_TIMEOUT_MS = 10_000;
/** A stream on which no Hello arrives by then is closed. */
export const HELLO_TIMEOUT_MS = 10_000;
/** Bytes waiting to be written to one peer; beyond it gossip to that peer is dropped (repair is pulled, so nothing is lost). */
export const MAX_SEND_QUEUE_BYTES = 8 * 1_048_576;
/** Connected peers, those that dialled us and those we dialled together. CONSENSUS.md A8: at most 40 in, 10 out. */
export const MAX_INBOUND_PEERS = 40;
/** Inbound peers from one address other than loopback. */
export const MAX_PEERS_PER_ADDRESS = 3;
/** First and longest wait before a persistent peer is dialled again. */
export const REDIAL_MIN_MS = 500;
export const REDIAL_MAX_MS = 10_000;
/** How long a node that broke the rules is neither dialled nor taken in. It may have been repaired meanwhile, so not for ever. */
export const FAULT_AVOIDANCE_MS = 60_000;
/** Nodes remembered as faulty; beyond it the one remembered longest is forgiven. */
export const MAX_AVOIDED_PEERS = 1_024;
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
/** Block requests of one peer that wait their turn; a peer needs one at a time. */
export const MAX_WAITING_BLOCK_REQUESTS = 4;
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
/** While consensus stands still, what is missing is pulled this often (CONSENSUS.md A5: every 250 to 500 ms). */
export const REPAIR_INTERVAL_MS = 300;
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
