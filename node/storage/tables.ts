/**
 * Owns the key space of the node's one database: a byte per table, and how keys within a table are built. A table's
 * number, once written to a disk, is never given to another table. Does not own values.
 */

/** The table numbers. All integers in keys are big-endian, so that LevelDB's byte order is numeric order. */
export const table = {
  /** Schema number and chain id. */
  meta: 0x00,
  /** Height → proto(tendermint.types.Block). */
  blocks: 0x01,
  /** Height → proto(tendermint.types.BlockMeta). */
  blockMetas: 0x02,
  /** Block hash → height. */
  blockHashes: 0x03,
  /** Height → proto(tendermint.types.Commit): the commit this node decided by. */
  seenCommits: 0x04,
  /** One record: proto(tendermint.state.State) after the last block. */
  chainState: 0x05,
  /** Height → the heights where its validator set and its parameters are stored in full. */
  heightPointers: 0x06,
  /** Height → proto(tendermint.types.ValidatorSet), where it changed and at checkpoints. */
  validatorSets: 0x07,
  /** Height → proto(tendermint.types.ConsensusParams), where they changed. */
  consensusParams: 0x08,
  /** Height → proto(tendermint.abci.ResponseFinalizeBlock). */
  responses: 0x09,
  /** Transaction hash → height and index. */
  txHashes: 0x0a,
  /** Attribute, value, height → the transactions of that block that have it. */
  txEvents: 0x0b,
  /** Height → number of transactions, for blocks that have any. */
  txHeights: 0x0c,
  /** Attribute, value, height → nothing: events of the block itself. */
  blockEvents: 0x0d,
  /** One record: the lowest height whose block is kept. */
  base: 0x0e,
  /** Height → proto(tendermint.types.ExtendedCommit), at heights with vote extensions. */
  extendedCommits: 0x0f,
  /** Height → proto(tendermint.types.Header), of heights before the first block, for evidence. */
  pastHeaders: 0x10,
  /** validators_hash of a header → proto(tendermint.types.ValidatorSet), for the same. */
  pastValidators: 0x11,
  /** The application's writes, keyed by the application. */
  application: 0x40,
} as const;

export type Table = (typeof table)[keyof typeof table];

/** Where executing a block leaves rows of its height, and where deciding it does. */
export const executedTables: readonly Table[] = [
  ...[table.responses, table.txHashes, table.txEvents, table.txHeights, table.blockEvents],
];
export const decidedTables: readonly Table[] = [
  ...[table.blocks, table.blockMetas, table.blockHashes, table.seenCommits],
];

/** The key of a table's only record. */
export function singleKey(number: Table): Uint8Array {
  return Uint8Array.of(number);
}

/** A key of a table ordered by height. Heights are not negative. */
export function heightKey(number: Table, height: bigint): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = number;
  new DataView(key.buffer).setBigUint64(1, height);
  return key;
}

/** The height in a key made by `heightKey`. */
export function heightOfKey(key: Uint8Array): bigint {
  return readUint64(key, 1);
}

/** A key of raw bytes. */
export function bytesKey(number: Table, bytes: Uint8Array): Uint8Array {
  const key = new Uint8Array(1 + bytes.length);
  key[0] = number;
  key.set(bytes, 1);
  return key;
}

/** Eight bytes, big-endian. */
export function uint64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** Reads eight big-endian bytes. */
export function readUint64(bytes: Uint8Array, offset = 0): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset);
}

/**
 * The start of index keys for an attribute ("type.key") and, when given, one value. Both are NUL-terminated with NUL
 * inside escaped as 00 ff, so no attribute or value is a prefix of another and order is that of the texts.
 */
export function eventPrefix(number: Table, attribute: string, value?: string): Uint8Array {
  const parts = [Buffer.of(number), escaped(attribute)];
  if (value !== undefined) parts.push(escaped(value));
  return Buffer.concat(parts);
}

function escaped(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (!bytes.includes(0)) return Buffer.concat([bytes, Buffer.of(0, 1)]);
  const out: number[] = [];
  for (const byte of bytes) {
    out.push(byte);
    if (byte === 0) out.push(0xff);
  }
  out.push(0, 1);
  return Buffer.from(out);
}

/** An index key: the prefix of attribute and value, then the height. */
export function eventKey(number: Table, attribute: string, value: string, height: bigint): Uint8Array {
  return Buffer.concat([eventPrefix(number, attribute, value), uint64Bytes(height)]);
}

/** The value and height in an index key whose attribute prefix has `prefixLength` bytes. */
export function readEventKey(
  key: Uint8Array,
  prefixLength: number,
): { readonly value: string; readonly height: bigint } {
  const height = readUint64(key, key.length - 8);
  // Between prefix and height stands the escaped value with its two terminating bytes.
  const raw = Buffer.from(key.subarray(prefixLength, key.length - 10));
  if (!raw.includes(0)) return { value: raw.toString("utf8"), height };
  const out: number[] = [];
  for (let index = 0; index < raw.length; index += 1) {
    out.push(raw[index] ?? 0);
    if (raw[index] === 0) index += 1;
  }
  return { value: Buffer.from(out).toString("utf8"), height };
}

/** The first key after all keys that begin with `prefix`. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const end = Uint8Array.from(prefix);
  for (let index = end.length - 1; index >= 0; index -= 1) {
    const byte = end[index] ?? 0;
    if (byte < 0xff) {
      end[index] = byte + 1;
      return end.subarray(0, index + 1);
    }
  }
  throw new Error("a prefix of ff bytes alone has no end");
}
