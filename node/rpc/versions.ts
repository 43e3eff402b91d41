/**
 * Owns the versions this node claims to speak. Clients choose decoders and refuse nodes by them: CosmJS by the prefix
 * of CometBFT's version, Hermes by the ranges of the SDK's and ibc-go's.
 */

/** CometBFT protocol level. */
export const cometVersion = "0.38.25";
/** Cosmos SDK level. */
export const sdkVersion = "v0.53.4";
/** ibc-go level that relayers may assume once IBC is served. */
export const ibcVersion = "v10.3.0";
/** Block protocol of every header (CometBFT version/version.go). */
export const blockProtocol = 11n;
/** Peer protocol (CometBFT version/version.go). */
export const peerProtocol = 8n;
