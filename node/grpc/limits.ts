/**
 * Owns the bounds of the gRPC server. Sizes are bytes, times milliseconds. What the SDK's server bounds has its default
 * (server/config/config.go); the rest is ours.
 */

/** Bytes of one request (`max-recv-msg-size` is 10 MiB there; a query is small, and a transaction within the mempool's bound). */
export const maximumRequestBytes = 1_048_576;
/** Requests in one stream of reflection. */
export const maximumReflectionRequests = 1_000;
/** Streams that one connection may have open. */
export const maximumConcurrentStreams = 100;
/** Bytes of the headers of one request. */
export const maximumHeaderBytes = 16_384;
/** Time a client has to send its request. */
export const requestTimeoutMs = 10_000;
/** Silence after which a connection is closed; clients connect again by themselves. */
export const idleTimeoutMs = 120_000;
