// The bounds on what is read from bytes and JSON. Each is far above what honest data needs and far below what could
// exhaust the stack or memory.

/** How deep messages may nest, packed Any values included. Also keeps recursion off the end of the stack. */
export const MESSAGE_DEPTH_MAX = 64;

/** How deep Any values may nest inside Any values where they are opened (transaction bodies). */
export const ANY_DEPTH_MAX = 16;

/** The most bytes one message may take: CometBFT's largest block, 100 MiB, with room for what carries it. */
export const MESSAGE_BYTES_MAX = 112 * 1024 * 1024;

/**
 * How many values with a length (bytes, texts, messages) one message may hold, at all depths. Two bytes make an empty value that takes a
 * hundred in memory; a block of the largest size would need transactions of 84 bytes to come here.
 */
export const MESSAGE_VALUES_MAX = 262_144;

/** The same for one module's state in a genesis file, which the operator trusts: as many as the bytes of a message have room for. */
export const GENESIS_VALUES_MAX = MESSAGE_BYTES_MAX >> 1;

/** How deep JSON may nest where a message is read from it. */
export const JSON_DEPTH_MAX = 128;

/** math.Int holds at most this many bits (cosmossdk.io/math, MaxBitLen). */
export const INT_BITS_MAX = 256;

/** math.LegacyDec holds at most this many bits once it is scaled by 10^18 (cosmossdk.io/math, maxDecBitLen). */
export const DEC_BITS_MAX = 315;

/** How many decimal places a math.LegacyDec has. */
export const DEC_PLACES = 18;

/** The largest buffer of a writer that is kept for the next message; one grown beyond it is given back. */
export const SPARE_WRITER_BYTES_MAX = 64 * 1024;

/** Bytes of JSON text that are looked at together where the text is too long to hold. */
export const JSON_WINDOW_BYTES = 262_144;
