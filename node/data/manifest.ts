/**
 * Owns the manifest of a set of records: a CBOR block that links their blocks by name, so that one identifier stands for all of them and
 * any IPFS tool can walk them. It does not own which records are put together.
 */
import { type Cid, cidOf, DAG_CBOR } from "./cid.ts";
import { type CborValue, decodeCbor, encodeCbor, Link } from "./dag-cbor.ts";
import { MAX_MANIFEST_RECORDS } from "./limits.ts";

/** One record of a manifest. */
export interface ManifestRecord {
  /** The path by which its contributor knows it. */
  readonly name: string;
  readonly cid: Cid;
  /** Bytes of the block. */
  readonly length: number;
}

/** A block that is no manifest; the message says why. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** The block of a manifest and what names it. Records keep their order. */
export function encodeManifest(records: readonly ManifestRecord[]): {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
} {
  if (records.length > MAX_MANIFEST_RECORDS) {
    throw new ManifestError(`${records.length} records are more than the ${MAX_MANIFEST_RECORDS} of a manifest`);
  }
  const entries = records.map(({ name, cid, length }) => ({ cid: new Link(cid), name, length }));
  const bytes = encodeCbor({ records: entries, version: 1 });
  return { cid: cidOf(DAG_CBOR, bytes), bytes };
}

/** Reads a manifest. Throws ManifestError, CborError or CidError. */
export function decodeManifest(bytes: Uint8Array): readonly ManifestRecord[] {
  const { version, records } = fields(decodeCbor(bytes));
  if (version !== 1) throw new ManifestError("it is no manifest of version 1");
  if (!Array.isArray(records) || records.length > MAX_MANIFEST_RECORDS) throw new ManifestError("it lists no records");
  return records.map((entry: CborValue) => {
    const { name, cid, length } = fields(entry);
    if (typeof name !== "string" || !(cid instanceof Link) || typeof length !== "number") {
      throw new ManifestError("a record has no name, link or length");
    }
    return { name, cid: cid.cid, length };
  });
}

function fields(value: CborValue): { readonly [key: string]: CborValue } {
  if (typeof value !== "object" || Array.isArray(value) || value instanceof Uint8Array || value instanceof Link) {
    throw new ManifestError("it is no manifest");
  }
  return value as { readonly [key: string]: CborValue };
}
