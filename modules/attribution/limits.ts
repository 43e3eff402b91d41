/** Owns the named limits and gas charges of the attribution module. */

/** The longest output the parameters may admit, in bytes. */
export const MAX_OUTPUT_BYTES = 4096;

/** The most spans the parameters may admit in one settlement. */
export const MAX_SPANS = 256;

/** Hashes a path may have: two for each level of the tallest tree, over 2^24 bytes of text. */
export const MAX_PATH_HASHES = 48;

/** The longest time a use may stay open by the parameters, in seconds: 30 days. */
export const MAX_USE_TIMEOUT_SECONDS = 2_592_000;

/** Denominations one claim pays at most; what is left waits for the next claim. */
export const MAX_DENOMS_PER_CLAIM = 16;

/** The parts of a split sum to this. */
export const PARTS_PER_MILLION = 1_000_000;

/** Gas for hashing one chunk or two child hashes, of the order of the EVM's SHA-256 price for as many bytes. */
export const GAS_PER_HASH = 120n;

/** Gas for lexing one byte of an output, or comparing one byte of a span. */
export const GAS_PER_BYTE = 1n;

/** Gas for checking the receipt: the SDK's default for a secp256k1 signature (auth params sig_verify_cost_secp256k1). */
export const GAS_PER_RECEIPT = 1000n;

/** The longest match of a batch, in bytes. With it the texts that show a match fit a challenge of 8 KB. */
export const MAX_MATCH_BYTES = 1024;

/** The longest stretch of one share, in bytes, unless the share holds at most one token. */
export const MAX_STRETCH_BYTES = 1024;

/** The longest term a table may list, in bytes. */
export const MAX_TERM_BYTES = 32;

/** Terms a table may list. */
export const MAX_TABLE_TERMS = 1024;

/** Length of every passage of a record but the last, in bytes. */
export const PASSAGE_BYTES = 1024;

/** How much of a prompt is read as a query, in bytes. */
export const MAX_QUERY_BYTES = 512;

/** Different terms of a query that are scored; the others are passed over. */
export const MAX_QUERY_TERMS = 32;

/** Examples whose Shapley values are counted, the nearest ones. */
export const MAX_NEIGHBOURS = 64;

/** Features an example may have; with its label it fits one passage. */
export const MAX_FEATURES = 1023;

/** Tokens a match may have by the parameters. */
export const MAX_MATCH_TOKENS = 256;

/** In how many records a match may stand and be paid, by the parameters: a list of one more fits a challenge of 8 KB. */
export const MAX_OCCURRENCES = 128;

/** Passages a retrieval may pay by the parameters. */
export const MAX_PASSAGES = 64;

/** Uses of one batch. */
export const MAX_BATCH_USES = 256;

/** Shares of one batch, and payees. */
export const MAX_BATCH_SHARES = 1n << 22n;

/** The longest output or prompt that a receipt may name, in bytes. */
export const MAX_RECEIPT_TEXT_BYTES = 1n << 20n;

/** The most units one use may come to. */
export const MAX_UNITS = 1n << 32n;

/** Amounts in parameters and fees are below this, so that sums of a batch stay below 2^128. */
export const MAX_AMOUNT = 1n << 100n;

/** The longest time payees may have to claim, by the parameters, in seconds: ten years. */
export const MAX_CLAIM_SECONDS = 315_360_000;

/** Challenges of a batch that may wait for answers, by the parameters. */
export const MAX_OPEN_CHALLENGES = 256;

/** Shares an audit may ask for, by the parameters. */
export const MAX_AUDIT_SHARES = 16;

/** Lots that one block draws, and deadlines that it works off; the others wait for the next block. */
export const MAX_DUE_PER_BLOCK = 64;

/** Records that one message may credit with lineage. */
export const MAX_LINEAGE_CLAIMS = 128;

/** Gas for scoring a passage: a thousand bytes to lex and a logarithm for each term of a query. */
export const GAS_PER_SCORE = 20_000n;
