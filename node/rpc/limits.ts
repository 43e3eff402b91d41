/**
 * Owns every bound of the JSON-RPC server. Sizes are bytes, times are milliseconds. The values are CometBFT 0.38's
 * defaults (config/config.go, rpc/core/env.go) unless a comment says otherwise; config.toml overrides what it names.
 */

/** Entries in one page when the request does not say. */
export const defaultPerPage = 30;
/** Entries in one page at most; a larger request is lowered to it. */
export const maximumPerPage = 100;
/** Characters of an event query. */
export const maximumQueryLength = 512;
/** Headers one `blockchain` call returns. */
export const maximumBlockchainHeaders = 20n;
/** Bytes of genesis JSON in one `genesis_chunked` answer, before base64. */
export const genesisChunkBytes = 16 * 1024 * 1024;
/** Bytes of one request body or WebSocket message (`max_body_bytes`). */
export const maximumBodyBytes = 1_000_000;
/** Bytes of requests on their way in and of answers not yet read, of all clients of a port together; whoever holds most gives up. Ours. */
export const maximumHeldBytes = 64 * 1024 * 1024;
/** Pieces a body may come in: some, and one for so many bytes. A piece costs a call out of the parser, whatever its size. Ours. */
export const freeBodyPieces = 256;
export const bodyBytesPerPiece = 64;
/** How deep a request may nest and how many values it may hold; Go's decoder stops at a depth of 10,000. Ours. */
export const maximumJsonDepth = 64;
export const maximumJsonValues = 32_768;
/** Longer requests are read in their turn: reading a megabyte takes some milliseconds. Ours. */
export const slicedJsonBytes = 16_384;
/** Characters of a request's id: each event of a subscription repeats it. Ours. */
export const maximumIdLength = 1_024;
/** Frames and chunks of one WebSocket message. Ours. */
export const maximumMessageFrames = 1_024;
export const maximumMessageChunks = 4_096;
/** Requests in one batch (`max_request_batch_size`). */
export const maximumBatchSize = 10;
/** Bytes of all headers of one HTTP request (`max_header_bytes`). */
export const maximumHeaderBytes = 1 << 16;
/** Open HTTP and WebSocket connections together (`max_open_connections`; CometBFT allows 900). */
export const maximumOpenConnections = 900;
/** Requests on one connection whose answers are still owed; more end the connection. Ours. */
export const maximumPipelinedRequests = 32;
/** Bytes of the blocks in one answer of `block_search`; more are refused. Ours. */
export const maximumFoundBlockBytes = 16 * 1024 * 1024;
/** Clients holding subscriptions (`max_subscription_clients`). */
export const maximumSubscriptionClients = 100;
/** Subscriptions of one client (`max_subscriptions_per_client`). */
export const maximumSubscriptionsPerClient = 5;
/** Time a client has to send its request, headers included. */
export const requestTimeoutMs = 10_000;
/**
 * Silence in either direction after which a connection is cut, so that one who does not read an answer cannot hold it in
 * memory for ever. Above the longest wait for an answer, that of `broadcast_tx_commit`.
 */
export const idleTimeoutMs = 30_000;
/** Time `broadcast_tx_commit` waits for the block (`timeout_broadcast_tx_commit`). */
export const broadcastCommitTimeoutMs = 10_000;
/** Silence after which a WebSocket is closed; a ping goes out after nine tenths of it. */
export const webSocketReadTimeoutMs = 30_000;
/** Unsent bytes on one WebSocket above which its subscriptions are cancelled: the reader is too slow. Ours. */
export const webSocketSlowBytes = 4 * 1024 * 1024;
/** Unsent bytes above which the WebSocket is cut off. Ours. */
export const webSocketCutBytes = 16 * 1024 * 1024;
/** Requests of one WebSocket waiting for their turn before reading pauses. Ours. */
export const webSocketQueueLength = 16;
/** Index rows one search may read before it is refused as too broad. Ours: CometBFT has no bound. */
export const maximumSearchRows = 100_000;
/** Time one search may take before it is refused as too broad. Ours. */
export const searchTimeoutMs = 10_000;

/** Addresses in one dial_peers or dial_seeds. */
export const maximumPeersDialled = 50;
