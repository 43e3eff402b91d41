/**
 * Owns the certificate of a contribution: what stands in it, and checking it without asking anyone. It shows that records stood in the state
 * of a chain after a block that validators signed, and which transaction brought them. It runs in browsers. It does not own getting one
 * (`tributaryd contribute`), nor whether the validators are those of the chain meant: the caller says whom it trusts.
 *
 * Each batch is one transaction in a block of height h. The header of h+1 is signed by its validators (commit), holds the hash of the header
 * of h, which holds the root of its transactions, and the app hash after h, to which the record's proof (ICS-23) leads.
 */
import { verifyQueryProof } from "../chain/store/proof.ts";
import { verifyCommitLight } from "../chain/types/commit.ts";
import { nobleVerifier } from "../chain/types/crypto.ts";
import { sha256 } from "../chain/types/hash.ts";
import { type Header, headerHash, validateHeader } from "../chain/types/header.ts";
import { validateLightBlock } from "../chain/types/light-block.ts";
import { verifyMerkleProof } from "../chain/types/merkle.ts";
import { validatorSetFromProto } from "../chain/types/validator-set.ts";
import { concat, equalBytes, fromBase64, hex, utf8 } from "../proto/bytes.ts";
import { decode, unpackAny } from "../proto/codec.ts";
import type { Messages } from "../proto/types.gen.ts";

/** What a file of this kind begins with. */
export const CERTIFICATE_TYPE = "tributary/contribution-certificate";

/** Bounds of what is read. A batch has at most the records of one block. */
const MAX_BATCHES = 10_000;
const MAX_BATCH_RECORDS = 16_384;

/** One record of a certificate. Bytes are in base64, hashes in hexadecimal, 64-bit numbers in decimal. */
export interface CertificateRecord {
  /** Its number in the datanet. */
  readonly number: string;
  /** The path it was contributed under. */
  readonly file: string;
  readonly cid: string;
  readonly content_hash: string;
  readonly text_root: string;
  readonly length: string;
  /** The record as the chain holds it: tributary.datanet.v1.Record. */
  readonly record: string;
  /** cosmos.ics23.v1.CommitmentProof of it under the root of the module's store. */
  readonly proof: string;
}

/** The records one transaction brought. */
export interface CertificateBatch {
  readonly height: string;
  readonly tx_hash: string;
  readonly tx: string;
  /** tendermint.crypto.Proof of the transaction under the header's data hash. */
  readonly tx_proof: string;
  /** tendermint.types.Header of the transaction's block. */
  readonly header: string;
  /** tendermint.types.LightBlock of the next block. */
  readonly light_block: string;
  /** cosmos.ics23.v1.CommitmentProof of the module's store under the app hash. */
  readonly store_proof: string;
  readonly records: readonly CertificateRecord[];
}

/** The whole certificate, as it stands in a JSON file. */
export interface Certificate {
  readonly type: typeof CERTIFICATE_TYPE;
  readonly version: 1;
  readonly chain_id: string;
  readonly contributor: string;
  readonly datanet_id: string;
  readonly batches: readonly CertificateBatch[];
}

/** A certificate that does not hold; the message says where and why. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/** What a certificate that holds says. */
export interface VerifiedBatch {
  readonly height: bigint;
  readonly txHash: string;
  /** When the next block was made. */
  readonly time: Header["time"];
  /** Hash of the validator set that signed, in lower-case hexadecimal. */
  readonly validatorsHash: string;
  readonly records: readonly Messages["tributary.datanet.v1.Record"][];
}

/** Reads the form of a certificate. Throws CertificateError. */
export function readCertificate(json: unknown): Certificate {
  const whole = fields(json, "the certificate");
  if (whole.type !== CERTIFICATE_TYPE || whole.version !== 1) {
    throw new CertificateError("it is no certificate of a contribution that this program knows");
  }
  for (const name of ["chain_id", "contributor"]) text(whole, name, /^.{1,256}$/);
  text(whole, "datanet_id", /^\d{1,20}$/);
  for (const [index, one] of items(whole.batches, "batches", MAX_BATCHES).entries()) {
    const batch = fields(one, `batch ${index + 1}`);
    text(batch, "height", /^\d{1,19}$/);
    text(batch, "tx_hash", /^[0-9A-Fa-f]{64}$/);
    for (const name of ["tx", "tx_proof", "header", "light_block", "store_proof"]) text(batch, name, BASE64);
    for (const entry of items(batch.records, "records", MAX_BATCH_RECORDS)) {
      const record = fields(entry, "a record");
      for (const name of ["number", "length"]) text(record, name, /^\d{1,20}$/);
      for (const name of ["content_hash", "text_root"]) text(record, name, /^[0-9a-f]{64}$/);
      for (const name of ["file", "cid"]) text(record, name, /^[\s\S]{0,4096}$/);
      for (const name of ["record", "proof"]) text(record, name, BASE64);
    }
  }
  return json as Certificate;
}

/**
 * Checks all of it but who the validators are: `validatorsHash` of each batch is for the caller to compare with what it trusts. Throws
 * CertificateError.
 */
export function verifyCertificate(certificate: Certificate): readonly VerifiedBatch[] {
  return certificate.batches.map((batch, index) => within(`batch ${index + 1}`, () => verifyBatch(certificate, batch)));
}

function verifyBatch(certificate: Certificate, batch: CertificateBatch): VerifiedBatch {
  const block = decode("tendermint.types.LightBlock", fromBase64(batch.light_block));
  const { signedHeader } = block;
  if (signedHeader?.header === undefined || signedHeader.commit === undefined) throw new CertificateError("no header");
  const { header: next, commit } = { header: signedHeader.header, commit: signedHeader.commit };
  const validators = validatorSetFromProto(block.validatorSet);
  validateLightBlock({ signedHeader: { header: next, commit }, validators }, certificate.chain_id);
  verifyCommitLight(certificate.chain_id, validators, commit.blockId, next.height, commit, nobleVerifier);

  const header = decode("tendermint.types.Header", fromBase64(batch.header));
  validateHeader(header);
  const hash = headerHash(header);
  if (header.chainId !== certificate.chain_id || header.height !== BigInt(batch.height)) {
    throw new CertificateError("the header is of another block");
  }
  if (next.height !== header.height + 1n || hash === undefined || !equalBytes(hash, next.lastBlockId.hash)) {
    throw new CertificateError("the signed block does not follow the transaction's");
  }

  const tx = fromBase64(batch.tx);
  const txHash = sha256(tx);
  if (hex(txHash) !== batch.tx_hash.toLowerCase()) throw new CertificateError("the transaction has another hash");
  verifyMerkleProof(decode("tendermint.crypto.Proof", fromBase64(batch.tx_proof)), header.dataHash, txHash);

  const contributed = contributedHashes(certificate, tx);
  const records = batch.records.map((record) =>
    within(`record ${record.number}`, () => verifyRecord(certificate, batch, record, next.appHash, contributed)),
  );
  return {
    height: header.height,
    txHash: hex(txHash),
    time: next.time,
    validatorsHash: hex(next.validatorsHash),
    records,
  };
}

function verifyRecord(
  certificate: Certificate,
  { store_proof }: CertificateBatch,
  claimed: CertificateRecord,
  appHash: Uint8Array,
  contributed: ReadonlyMap<string, bigint>,
): Messages["tributary.datanet.v1.Record"] {
  const value = fromBase64(claimed.record);
  const key = recordKey(BigInt(certificate.datanet_id), BigInt(claimed.number));
  verifyQueryProof(appHash, utf8(STORE), key, value, [
    { type: "ics23:iavl", key, data: fromBase64(claimed.proof) },
    { type: "ics23:simple", key: utf8(STORE), data: fromBase64(store_proof) },
  ]);
  const record = decode("tributary.datanet.v1.Record", value);
  const isAsClaimed =
    record.contributor === certificate.contributor &&
    record.name === claimed.file &&
    hex(record.contentHash) === claimed.content_hash &&
    hex(record.textRoot) === claimed.text_root &&
    record.length.toString() === claimed.length;
  if (!isAsClaimed) throw new CertificateError("the chain holds something else than the certificate says");
  if (contributed.get(claimed.content_hash) !== record.commitmentId)
    throw new CertificateError("the transaction did not bring it");
  return record;
}

/**
 * The content hashes that a transaction contributes in the contributor's name, each with the commitment it reveals, zero for
 * none. A reveal does not name its datanet: the proven record names the commitment, which is of one datanet.
 */
function contributedHashes({ contributor, datanet_id }: Certificate, tx: Uint8Array): ReadonlyMap<string, bigint> {
  const { bodyBytes } = decode("cosmos.tx.v1beta1.TxRaw", tx);
  const hashes = new Map<string, bigint>();
  for (const any of decode("cosmos.tx.v1beta1.TxBody", bodyBytes).messages) {
    const { name, value } = unpackAny(any);
    if (name === "tributary.datanet.v1.MsgContribute") {
      const message = value as Messages["tributary.datanet.v1.MsgContribute"];
      if (message.contributor !== contributor || message.datanetId.toString() !== datanet_id) continue;
      for (const { contentHash } of message.records) hashes.set(hex(contentHash), 0n);
    } else if (name === "tributary.datanet.v1.MsgReveal") {
      const message = value as Messages["tributary.datanet.v1.MsgReveal"];
      if (message.contributor !== contributor) continue;
      for (const { contentHash } of message.records) hashes.set(hex(contentHash), message.commitmentId);
    }
  }
  return hashes;
}

/** The store and the key of a record in it (modules/datanet/state.ts): prefix 3, datanet and number as 8 bytes each, big-endian. */
const STORE = "datanet";
const RECORDS_PREFIX = 3;

/** The key of a record in the state of `datanet`. */
export function recordKey(datanetId: bigint, number: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, datanetId);
  view.setBigUint64(8, number);
  return concat(Uint8Array.of(RECORDS_PREFIX), bytes);
}

// ------------------------------------------------------------ form

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function fields(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CertificateError(`${where} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function items(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) {
    throw new CertificateError(`${where} is no list of 1 to ${most}`);
  }
  return value;
}

function text(object: Readonly<Record<string, unknown>>, name: string, form: RegExp): void {
  const value = object[name];
  if (typeof value !== "string" || !form.test(value)) throw new CertificateError(`${name} is missing or malformed`);
}

/** Every check below throws its own kind of error: here they become one, with the place. */
function within<Result>(where: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw new CertificateError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
