/** Owns the named limits of the model module. Lengths of text are in UTF-8 bytes. */

export const MAX_NAME_BYTES = 64;

export const MAX_URI_BYTES = 512;

export const MAX_ENDPOINT_BYTES = 256;

/** Datanet versions one model version may name. */
export const MAX_LINEAGE = 16;

/** Models one version may be derived from directly. */
export const MAX_PARENTS = 8;

/** Generations of parents above one version. */
export const MAX_DEPTH = 8;

/** Ancestors and datanets that one version may owe, over all generations. */
export const MAX_STACK = 64;

/** Published datanet versions, their parents over all generations included, that one model version may pay. */
export const MAX_VERSION_VISITS = 256;

/** What the weights of a lineage sum to at most, but for a unit each. */
export const LINEAGE_WEIGHT = 1_000_000_000_000n;

/** The least that datanets for which no share is declared have together, beside all that is declared, in parts per million. */
export const MIN_BY_RECORDS_PPM = 500_000n;

/** Models that are looked at to find whether a new parent descends from the model itself. */
export const MAX_ANCESTRY_VISITS = 256;

/** Shares are counted in parts of this. */
export const PARTS_PER_MILLION = 1_000_000;

/** Length of a SHA-256 hash, in bytes. */
export const HASH_BYTES = 32;

/** Checking one secp256k1 signature, as the SDK charges for a transaction's (auth params sig_verify_cost_secp256k1). */
export const GAS_PER_SIGNATURE = 1000n;

/** Adapters one host may keep loaded beside one base model. */
export const MAX_SLOTS = 1024;

/** Base models one host may offer slots for: a change of its bond ranks each of them anew. */
export const MAX_OFFERS_PER_HOST = 32;

/** Parts of one bond, or of one backer's backing of one model, that may wait to be paid at a time. */
export const MAX_WITHDRAWALS = 8;

/** Withdrawals of bonds and of backing that the end of one block pays at most, of each. */
export const MAX_PAID_PER_BLOCK = 100;

/** Rows of a ranked list: what is given when nothing is asked for, and the most. */
export const DEFAULT_RANKED = 20;
export const MAX_RANKED = 100;

/** More than the height of any block. */
export const MAX_HEIGHT = 0x7fff_ffff_ffff_ffffn;

/** The largest weight a list is ordered by; more counts as this. */
export const MAX_WEIGHT = 0xffff_ffff_ffff_ffffn;

/** The highest penalty of one offence, in parts per million: something is always left, so that shares keep a worth. */
export const MAX_PENALTY_PPM = 900_000;

/** The longest time a parameter may set, in seconds: four years. */
export const MAX_SECONDS = 126_230_400n;

/** Shares one backing may have: penalties make shares worth less than a unit, and more of them are made for the same money. */
export const MAX_SHARES = 1n << 160n;

/** Offers of a base model that are looked at to find the hosts of an adapter. */
export const MAX_HOSTS_VISITED = 256;

/** Hosts that are looked at for a use that names none, the heaviest bond first: who opens it pays for each. */
export const MAX_HOSTS_ROUTED = 16;

/** The highest price of one use, in the smallest unit of its denomination. */
export const MAX_PRICE = 1n << 128n;

/** Linear curves count prices in parts of this, so that a share may cost less than a unit. */
export const PRICE_SCALE = 1_000_000_000_000n;

/** The highest base and slope of a linear curve. */
export const MAX_CURVE_PRICE = 1n << 64n;

/** The most shares of a curve, real and virtual, and the largest virtual reserve. */
export const MAX_CURVE_SHARES = 1n << 80n;

/** The smallest reserve, and the fewest shares, that a curve may end in a pool with: their root makes more shares than stay locked. */
export const MIN_GRADUATION = 10_000n;

export const MAX_NOTE_BYTES = 256;

/** Milestones that the end of one block decides at most. */
export const MAX_DECIDED_PER_BLOCK = 100;
