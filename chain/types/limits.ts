/**
 * Owns every size limit and fixed width of the chain's data types. Values are consensus: they are CometBFT 0.38's
 * (types/block.go, types/part_set.go, types/params.go, types/vote_set.go, crypto/merkle) and the Cosmos SDK's.
 * It owns no behaviour; the files beside it apply these numbers.
 */

/** The block protocol this chain speaks (CometBFT version.BlockProtocol). */
export const BLOCK_PROTOCOL = 11n;

/** Bytes of a SHA-256 digest; every hash in a header is this long or empty. */
export const HASH_BYTES = 32;

/** Bytes of a validator address and of a key-derived account address. */
export const ADDRESS_BYTES = 20;

/** Addresses whose other form is remembered for the next transactions: at least so many, at most twice as many. */
export const RECENT_ADDRESSES = 4_096;

/** Longest address the SDK accepts (its length travels in one byte). */
export const MAX_ADDRESS_BYTES = 255;

/** Longest bech32 text the SDK decodes, in characters. */
export const MAX_BECH32_CHARACTERS = 1023;

/** Longest chain id, in UTF-8 bytes. */
export const MAX_CHAIN_ID_BYTES = 50;

/** Longest signature in votes, proposals and commits, in bytes. */
export const MAX_SIGNATURE_BYTES = 64;

/** Longest vote extension, in bytes. */
export const MAX_VOTE_EXTENSION_BYTES = 1024 * 1024;

/** Most votes, and so most validators, one commit may hold. */
export const MAX_VOTES = 10_000;

/** Bytes of every block part but the last. */
export const BLOCK_PART_BYTES = 65_536;

/** Upper bound of `block.max_bytes`, in bytes (100 MiB). */
export const MAX_BLOCK_BYTES = 104_857_600;

/** Most parts a block can have. */
export const MAX_BLOCK_PARTS = 1_601;

/** Largest encoded header with a 50-byte chain id, in bytes. */
export const MAX_HEADER_BYTES = 626n;

/** Protobuf overhead of the block's four fields, in bytes. */
export const MAX_BLOCK_OVERHEAD_BYTES = 11n;

/** Largest encoded commit without its signatures, in bytes. */
export const MAX_COMMIT_OVERHEAD_BYTES = 94n;

/** Largest encoded commit signature, in bytes, and the tag and length before each of them. */
export const MAX_COMMIT_SIGNATURE_BYTES = 109n;
export const COMMIT_SIGNATURE_FRAME_BYTES = 2n;

/** Largest sum of voting powers: MaxInt64 / 8. It keeps the priority arithmetic far from overflow. */
export const MAX_TOTAL_VOTING_POWER = 1_152_921_504_606_846_975n;

/** The distance between two proposer priorities is at most this factor times the total power. */
export const PRIORITY_WINDOW_FACTOR = 2n;

/** Most sibling hashes one Merkle proof may carry. */
export const MAX_AUNTS = 100;

/** Bounds of a signed 64-bit integer. */
export const MAX_INT64 = 9_223_372_036_854_775_807n;
export const MIN_INT64 = -9_223_372_036_854_775_808n;

/** Bits in the magnitude of a math.Int. */
export const MAX_INT_BITS = 256;

/** Decimal digits of the largest math.Int; longer text is refused before it is converted. */
export const MAX_INT_DIGITS = 78;

/** Decimal places of a Dec. */
export const DEC_PLACES = 18;

/** Bits in the magnitude of a scaled Dec: 256 for the whole part and 59 below it. */
export const MAX_DEC_BITS = 315;

/** Newton steps of Dec.approxRoot before it gives its best guess. */
export const MAX_ROOT_ITERATIONS = 300;

/** Shortest and longest denomination, in characters. */
export const MIN_DENOM_CHARACTERS = 3;
export const MAX_DENOM_CHARACTERS = 128;

/** Longest text a list of coins is parsed from, in characters, and the most coins in it. */
export const MAX_COINS_TEXT_CHARACTERS = 65_536;
export const MAX_COINS = 1_024;

/** Most bits of a compact bit array (the signers of one multisig). */
export const MAX_COMPACT_BITS = 1_024;

/** Most signing steps a light client takes towards one height before it gives up. */
export const MAX_LIGHT_STEPS = 1_000;

/** Length of every chunk of a text but the last, in bytes. Consensus: it is part of what a text root means. */
export const TEXT_CHUNK_BYTES = 128;
