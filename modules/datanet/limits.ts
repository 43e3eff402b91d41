/** Owns the named limits and gas charges of the datanet module. Lengths of text are in UTF-8 bytes. */

/** A datanet's name: the part of a client's configuration that people type. */
export const DATANET_NAME = /^[a-z][a-z0-9-]{2,63}$/;

/** An SPDX expression is rarely longer. */
export const MAX_LICENCE_BYTES = 128;

export const MAX_TERMS_BYTES = 512;

/** A record's name, a path or an address. */
export const MAX_RECORD_NAME_BYTES = 256;

/** The name of a class of records, of a quota's class and of a version. */
export const MAX_CLASS_BYTES = 64;

/** A note, a reason or a statement; also an address on the web. */
export const MAX_NOTE_BYTES = 512;

/** Curators, and likewise validators, of one datanet. */
export const MAX_ROLE_MEMBERS = 16;

/** Records in one message. */
export const MAX_RECORDS_PER_MESSAGE = 128;

/** The longest text, in bytes: 16 MiB. Proofs count on it (modules/attribution/limits.ts, MAX_PATH_HASHES). */
export const MAX_RECORD_BYTES = 1n << 24n;

/** Length of a SHA-256 hash and of a text root, in bytes. */
export const HASH_BYTES = 32;

/** Length of a semantic signature, in bytes: 64 bits. */
export const SEMANTIC_SIGNATURE_BYTES = 8;

/** The secret part of a commitment, in bytes: long enough not to be guessed. */
export const MIN_SALT_BYTES = 16;
export const MAX_SALT_BYTES = 64;

/** Open commitments of one account in one datanet: more would be a way to lay claim to whatever may come. */
export const MAX_OPEN_COMMITMENTS = 64;

/** Tokens in one k-gram of a fingerprint. Consensus: it is part of what a fingerprint means. */
export const GRAM_TOKENS = 8;

/** Consecutive k-grams of which a fingerprint holds the least. Consensus. */
export const WINDOW_GRAMS = 25;

/** Equal tokens that a fingerprint cannot fail to notice: WINDOW_GRAMS + GRAM_TOKENS − 1. Ldup of the design. */
export const DUPLICATE_TOKENS = 32;

/** Entries of one fingerprint; of a longer text it has the least hashes. One bit of a 64-bit mask each. */
export const MAX_FINGERPRINT_ENTRIES = 64;

/** Bytes of text that one opening shows at most. */
export const MAX_OPENING_BYTES = 8192;

/** Hashes a path may have: two for each level of the tallest tree, over 2^25 bytes of a segment. */
export const MAX_OPENING_PATH = 40;

/** The longest text of a segment, in bytes, the zero bytes between records included. */
export const MAX_SEGMENT_BYTES = 1n << 25n;

/** Records in one segment. */
export const MAX_SEGMENT_RECORDS = 4096n;

/** The most tokens that the parameters may admit in a segment. */
export const MAX_SEGMENT_TOKENS = 1n << 20n;

/** Bytes by which suffixes of a segment are ordered; those that agree so far are ordered by position. Consensus. */
export const SUFFIX_BYTES = 256;

/**
 * Demands about one segment, or one record, that may wait for answers. Each holds a bond of which a part burns, so that keeping all
 * places taken until the window ends costs more than either is bonded with.
 */
export const MAX_OPEN_DEMANDS = 64;

/** Ranges of one version. */
export const MAX_VERSION_RANGES = 256;

/** Records that one version adds to the one it extends. */
export const MAX_VERSION_RECORDS = 16_384n;

/** Records whose bytes one change counts, when one has held up those behind it; the next block goes on. */
export const MAX_COUNTED_AT_ONCE = 1024n;

/** Versions that a version extends, one upon another. */
export const MAX_EXTENSIONS = 64;

/** Parents of one version, and the longest chain of them. */
export const MAX_PARENTS = 8;
export const MAX_LINEAGE_DEPTH = 8;

/** Quotas, and classes counted, of one version. */
export const MAX_QUOTAS = 64;

/** Length of an X25519 public key, in bytes. */
export const ENCRYPTION_KEY_BYTES = 32;

/** A wrapped content key: an ephemeral key, a nonce, the key and a tag are 92 bytes; others may need more. */
export const MAX_WRAPPED_KEY_BYTES = 256;

/** Records of one newcomer that a fund pays bonds for. */
export const MAX_SPONSORED_BONDS = 1024;

/** A takedown's bond doubles with every dismissed notice, this often at most. */
export const MAX_BOND_DOUBLINGS = 20;

/** The longest time of a window, in seconds: 365 days. */
export const MAX_WINDOW_SECONDS = 31_536_000n;

/** The highest bond that parameters or a datanet may ask for, so that sums of bonds stay within 64 bits. */
export const MAX_BOND = 1n << 50n;

/** The most that a KiB of a record may add to its bond: with the longest text as much as MAX_BOND. */
export const MAX_BOND_PER_KIB = 1n << 36n;

/** Bytes of the unit by which bonds grow with texts. */
export const BOND_UNIT_BYTES = 1024n;

/** The most deadlines the parameters may have one block settle. */
export const MAX_DEADLINES_PER_BLOCK = 10_000;

/** Parts per million that are the whole. */
export const PARTS_PER_MILLION = 1_000_000;

/** Gas for hashing one chunk, two child hashes or one k-gram, as the attribution module charges. */
export const GAS_PER_HASH = 120n;

/** Gas for lexing or comparing one byte of an opening. */
export const GAS_PER_BYTE = 1n;
