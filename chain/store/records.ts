// Owns: the records in which the multistore persists: their keys and their bytes. Every key begins with "s", which the
// node leaves to the application. Does not own when they are written (multistore.ts) or the checkpoint's inside
// (checkpoint.ts).
//
//   "sm"                               format: schema number, first version, stores, changes of the stores
//   "sh"                               head: latest and oldest version, checkpoint under way
//   "sc"                               checkpoint: its version, roots, and how many chunks each store has
//   "sk" version store-index chunk     one chunk of a checkpoint
//   "sd" version                       one version: app hash, and each changed store's root and changes
//   "sv" store key leaf-version        the value written to a key at a version
//
// Numbers in keys are big-endian, so records of one kind lie in order.

import { concat, utf8 } from "../../proto/bytes.ts";
import { ByteReader, ByteWriter, RecordError } from "./byte-stream.ts";
import type { StoreHash } from "./commit-info.ts";
import type { LeafChange } from "./iavl/tree.ts";
import { MAX_STORE_NAME_BYTES, type StoreName } from "./limits.ts";
import type { RecordSource, StateReader } from "./ports.ts";

/**
 * The number of the format of all these records. Another number is refused at load; before 1.0 there is no migration.
 * Raise it with any change of format, and never use a number again.
 */
export const STORE_SCHEMA = 1;
/** The same, of a state whose stores an upgrade has changed: programs from before that must not touch it. */
export const CHANGED_STORES_SCHEMA = 2;

const KIND = { format: "sm", head: "sh", checkpoint: "sc", chunk: "sk", version: "sd", value: "sv" } as const;

export const formatKey: Uint8Array = utf8(KIND.format);
export const headKey: Uint8Array = utf8(KIND.head);
export const checkpointKey: Uint8Array = utf8(KIND.checkpoint);
const chunkPrefix = utf8(KIND.chunk);
const versionPrefix = utf8(KIND.version);
const valuePrefix = utf8(KIND.value);

/** The key of one chunk of a checkpoint. */
export function chunkKey(version: bigint, storeIndex: number, chunk: number): Uint8Array {
  return concat(chunkPrefix, bigEndian(version, 8), bigEndian(BigInt(storeIndex), 2), bigEndian(BigInt(chunk), 4));
}

/** The key of one version's record. */
export function versionKey(version: bigint): Uint8Array {
  return concat(versionPrefix, bigEndian(version, 8));
}

/** What the keys of all value records of a store begin with. */
export function valuePrefixOf(store: StoreName): Uint8Array {
  const name = utf8(store);
  if (name.length > MAX_STORE_NAME_BYTES) throw new Error(`the name of store ${store} is too long`);
  return concat(valuePrefix, Uint8Array.of(name.length), name);
}

/** The key of one value's record. The leaf version has a fixed width at the end, so no two triples share a key. */
export function valueKey(prefix: Uint8Array, key: Uint8Array, leafVersion: bigint): Uint8Array {
  const bytes = new Uint8Array(prefix.length + key.length + 8);
  bytes.set(prefix);
  bytes.set(key, prefix.length);
  let low = Number(leafVersion & 0xffff_ffffn);
  let high = Number(leafVersion >> 32n);
  for (let i = bytes.length - 1; i >= bytes.length - 4; i--, low >>>= 8) bytes[i] = low & 0xff;
  for (let i = bytes.length - 5; i >= bytes.length - 8; i--, high >>>= 8) bytes[i] = high & 0xff;
  return bytes;
}

/** The reader of values over a source of records. */
export function stateReader(records: RecordSource): StateReader {
  const prefixes = new Map<StoreName, Uint8Array>();
  return {
    read: (store, key, leafVersion) => {
      const prefix = prefixes.get(store) ?? valuePrefixOf(store);
      prefixes.set(store, prefix);
      return records.get(valueKey(prefix, key, leafVersion));
    },
  };
}

/** Stores that begin or end with a version. */
export interface StoreChange {
  readonly version: bigint;
  readonly added: readonly StoreName[];
  readonly removed: readonly StoreName[];
}

/** What a data folder was begun with, and what upgrades made of it. */
export interface Format {
  readonly schema: number;
  readonly initialVersion: bigint;
  /** Those of the first version, in byte order. */
  readonly stores: readonly StoreName[];
  /** In ascending order of versions. */
  readonly changes: readonly StoreChange[];
}

/** The format of these stores: a folder whose stores never changed stays readable for the program that began it. */
export function formatOf(
  initialVersion: bigint,
  stores: readonly StoreName[],
  changes: readonly StoreChange[] = [],
): Format {
  const schema = changes.length === 0 ? STORE_SCHEMA : CHANGED_STORES_SCHEMA;
  return { schema, initialVersion, stores, changes };
}

export function encodeFormat({ schema, initialVersion, stores, changes }: Format): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(schema);
  writer.bigVarint(initialVersion);
  writeNames(writer, stores);
  if (schema === STORE_SCHEMA) return writer.take();
  writer.varint(changes.length);
  for (const { version, added, removed } of changes) {
    writer.bigVarint(version);
    writeNames(writer, added);
    writeNames(writer, removed);
  }
  return writer.take();
}

/** Only the schema number is read from a record of another schema. */
export function decodeFormat(bytes: Uint8Array): Format {
  const reader = new ByteReader(bytes);
  const schema = reader.varint();
  if (schema !== STORE_SCHEMA && schema !== CHANGED_STORES_SCHEMA) {
    return { schema, initialVersion: 0n, stores: [], changes: [] };
  }
  const initialVersion = reader.bigVarint();
  const stores = readNames(reader);
  const changes: StoreChange[] = [];
  let last = initialVersion;
  for (let count = schema === STORE_SCHEMA ? 0 : reader.varint(); count > 0; count--) {
    const change = { version: reader.bigVarint(), added: readNames(reader), removed: readNames(reader) };
    if (change.version <= last) throw new RecordError("the changes of stores are not in order");
    last = change.version;
    changes.push(change);
  }
  reader.end();
  return { schema, initialVersion, stores, changes };
}

/** A checkpoint that is being written over several versions: what a crash would leave behind. */
export interface PartialCheckpoint {
  readonly version: bigint;
  /** Chunks written so far, by store index. */
  readonly chunks: readonly number[];
}

/** Where the state stands. */
export interface Head {
  readonly latest: bigint;
  readonly oldest: bigint;
  readonly partial: PartialCheckpoint | undefined;
}

export function encodeHead({ latest, oldest, partial }: Head): Uint8Array {
  const writer = new ByteWriter();
  writer.bigVarint(latest);
  writer.bigVarint(oldest);
  writer.bigVarint(partial?.version ?? 0n);
  writeNumbers(writer, partial?.chunks ?? []);
  return writer.take();
}

export function decodeHead(bytes: Uint8Array): Head {
  const reader = new ByteReader(bytes);
  const latest = reader.bigVarint();
  const oldest = reader.bigVarint();
  const version = reader.bigVarint();
  const chunks = readNumbers(reader);
  reader.end();
  return { latest, oldest, partial: version === 0n ? undefined : { version, chunks } };
}

/** A whole checkpoint. */
export interface Checkpoint {
  readonly version: bigint;
  /** Chunks by store index. */
  readonly chunks: readonly number[];
  readonly appHash: Uint8Array;
}

export function encodeCheckpoint({ version, chunks, appHash }: Checkpoint): Uint8Array {
  const writer = new ByteWriter();
  writer.bigVarint(version);
  writeNumbers(writer, chunks);
  writer.counted(appHash);
  return writer.take();
}

export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const reader = new ByteReader(bytes);
  const version = reader.bigVarint();
  const chunks = readNumbers(reader);
  const appHash = reader.counted().slice();
  reader.end();
  return { version, chunks, appHash };
}

/** One store's part of a version. */
export interface StoreChanges extends StoreHash {
  /** In ascending byte order of keys. */
  readonly changes: readonly LeafChange[];
}

/** One version: enough to make its trees from those of the version before. Unchanged stores are left out. */
export interface VersionRecord {
  readonly appHash: Uint8Array;
  readonly stores: readonly StoreChanges[];
}

/**
 * Keys share their beginning with the key before. A value stands for itself when that is no longer than its hash, so a
 * version can be replayed after the value's own record is pruned.
 */
export function encodeVersion(
  appHash: Uint8Array,
  stores: readonly (StoreChanges & { readonly values: readonly (Uint8Array | undefined)[] })[],
): Uint8Array {
  const writer = new ByteWriter(1024);
  writer.counted(appHash);
  writer.varint(stores.length);
  for (const { name, hash, changes, values } of stores) {
    writer.text(name);
    writer.counted(hash);
    writer.varint(changes.length);
    let before: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < changes.length; i++) {
      const { key, valueHash, valueLength } = changes[i]!;
      const shared = sharedLength(before, key);
      writer.varint(shared);
      writer.counted(key.subarray(shared));
      before = key;
      writer.varint(valueHash === undefined ? 0 : valueLength + 1);
      if (valueHash === undefined) continue;
      writer.raw(valueLength <= 32 ? values[i]! : valueHash);
    }
  }
  return writer.take();
}

/** `hashValue` makes the hashes of short values, which the record holds instead. */
export function decodeVersion(bytes: Uint8Array, hashValue: (value: Uint8Array) => Uint8Array): VersionRecord {
  const reader = new ByteReader(bytes);
  const appHash = reader.counted().slice();
  const stores: StoreChanges[] = [];
  for (let count = reader.varint(); count > 0; count--) {
    const name = reader.text();
    const hash = reader.counted().slice();
    const changes: LeafChange[] = [];
    let before: Uint8Array = new Uint8Array(0);
    for (let left = reader.varint(); left > 0; left--) {
      const shared = reader.varint();
      if (shared > before.length) throw new RecordError("a key in a version record has no beginning");
      const key = concat(before.subarray(0, shared), reader.counted());
      before = key;
      const tag = reader.varint();
      if (tag === 0) {
        changes.push({ key, valueHash: undefined, valueLength: 0 });
        continue;
      }
      const valueLength = tag - 1;
      const valueHash = valueLength <= 32 ? hashValue(reader.raw(valueLength)) : reader.raw(32);
      changes.push({ key, valueHash, valueLength });
    }
    stores.push({ name, hash, changes });
  }
  reader.end();
  return { appHash, stores };
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < most && a[shared] === b[shared]) shared++;
  return shared;
}

function writeNumbers(writer: ByteWriter, numbers: readonly number[]): void {
  writer.varint(numbers.length);
  for (const number of numbers) writer.varint(number);
}

function readNumbers(reader: ByteReader): readonly number[] {
  const numbers: number[] = [];
  for (let count = reader.varint(); count > 0; count--) numbers.push(reader.varint());
  return numbers;
}

function writeNames(writer: ByteWriter, names: readonly StoreName[]): void {
  writer.varint(names.length);
  for (const name of names) writer.text(name);
}

function readNames(reader: ByteReader): readonly StoreName[] {
  const names: StoreName[] = [];
  for (let count = reader.varint(); count > 0; count--) names.push(reader.text());
  return names;
}

function bigEndian(value: bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}
