// Owns: every bound of the store, with its reason. Does not own: gas prices (gas.ts).

/** The name of a store: a module's store key, as in `/store/<name>/key`. */
export type StoreName = string;

/** Longest key in bytes (Cosmos SDK store/types/validity.go). */
export const MAX_KEY_BYTES = 65_535;
/** Longest value in bytes (Cosmos SDK store/types/validity.go). */
export const MAX_VALUE_BYTES = 2_147_483_646;
/** Longest name of a store in bytes: it precedes every value record, and its length takes one byte. */
export const MAX_STORE_NAME_BYTES = 64;
/** Branches over branches: a transaction, its messages, and what they attempt. A deeper nest is a runaway recursion. */
export const MAX_BRANCH_DEPTH = 64;

/** Rows in a page when the request names no limit (Cosmos SDK types/query, DefaultLimit). */
export const DEFAULT_PAGE_ROWS = 100n;
/**
 * Most rows in one page; a greater limit gets this many and a next key. A thousand cold rows take some tens of
 * milliseconds of the one thread that also runs consensus.
 */
export const MAX_PAGE_ROWS = 1_000n;
/** Most rows a filtered page looks at before it answers with what it has and a next key. */
export const MAX_PAGE_VISITS = 10_000n;

/** Versions a tree can number, counted from the first (31-bit). */
export const MAX_RELATIVE_VERSION = 0x7fff_fffe;
/** Nodes of one tree: child links are 31-bit. */
export const MAX_TREE_NODES = 0x7fff_fff0;
/** Height of one tree. An AVL tree of 2^31 leaves is at most 45 high. */
export const MAX_TREE_HEIGHT = 64;

/** Steps from leaf to root that a proof may have when its specification names no limit (ICS-23). */
export const DEFAULT_PROOF_DEPTH = 128;
/** Largest proof that is decoded at all, in bytes. A value inside may be large; a path is at most some kilobytes. */
export const MAX_PROOF_BYTES = 16_777_216;

/** Bytes of one checkpoint record, about: LevelDB prefers records well under its 4 MB tables. */
export const CHECKPOINT_CHUNK_BYTES = 65_536;

/** One piece of a snapshot's stream, about, and the nodes it has at most: about a millisecond of the consensus thread. */
export const SNAPSHOT_PIECE_BYTES = 65_536;
export const SNAPSHOT_PIECE_NODES = 256;
/** Longest item of a snapshot's stream, in bytes (Cosmos SDK store/snapshots, snapshotMaxItemSize). */
export const MAX_SNAPSHOT_ITEM_BYTES = 64_000_000;
/** Leaves of a snapshot that are hashed together when it is restored, and the bytes of their values. */
export const IMPORT_BATCH_LEAVES = 512;
export const IMPORT_BATCH_BYTES = 4_194_304;
