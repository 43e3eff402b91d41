// Owns: slashing's numbers that are not parameters, with their source.

/** Blocks of one stored piece of a validator's record of misses (x/slashing/types/keys.go: MissedBlockBitmapChunkSize). */
export const MISSED_BLOCKS_CHUNK = 1024n;

/** The end of the jail of a validator that signed two blocks of one height: the last second of the year 9999 (x/evidence/types: DoubleSignJailEndTime). */
export const DOUBLE_SIGN_JAIL_END = { seconds: 253_402_300_799n, nanos: 0 };

/** The shortest window and jail that a genesis may begin with (x/slashing/types/genesis.go). */
export const MIN_GENESIS_WINDOW = 10n;
export const MIN_GENESIS_JAIL_SECONDS = 60n;
