// Owns every bound the command line puts on what it reads. It holds no behaviour.

/** Longest line accepted from standard input (a mnemonic, a passphrase, a confirmation), in characters. */
export const maxInputLineCharacters = 64 * 1024;
/** Shortest passphrase of the file backend and of exported keys, in characters (the SDK's client/input). */
export const minPassphraseCharacters = 8;
/** How often a wrong passphrase may be typed before the command gives up. */
export const maxPassphraseAttempts = 3;
/** Longest name of a key, in characters: it becomes a file name. */
export const maxKeyNameCharacters = 128;
/** Largest file read as a key, a transaction or a message, in bytes. */
export const maxInputFileBytes = 16 * 1024 * 1024;
/** Largest answer accepted from a node, in bytes. */
export const maxResponseBytes = 128 * 1024 * 1024;
/** How long one request to a node may take, in milliseconds. */
export const requestTimeoutMs = 30_000;
/** How long `query wait-tx` waits when nothing else is said, in milliseconds. */
export const waitTxTimeoutMs = 15_000;
/** Gas limit of a transaction when nothing else is said (SDK client/flags). */
export const defaultGasLimit = 200_000n;
/** Most members of a multisig key (the SDK refuses more signatures than `tx_sig_limit`, 7 by default; keys may be larger). */
export const maxMultisigMembers = 64;
/** Most gentx files collected at once. */
export const maxGentxFiles = 10_000;
/** Lowest cost accepted in a bcrypt key hash; below it the hash is treated as damaged. */
export const bcryptCost = 10;
/** PBES2 iterations of key files (the Go keyring writes 8192 and refuses none). */
export const keyFileIterations = 8192;
/** Most PBES2 iterations accepted when opening a key file. */
export const maxKeyFileIterations = 1_000_000;
/** Bytes of the headers of a request to a host; connections it takes at a time; requests of one connection; requests that ask the chain at a time. */
export const maxAskHeaderBytes = 8 * 1024;
export const maxAskConnections = 256;
export const maxAskRequestsPerConnection = 32;
export const maxAskLookups = 32;
