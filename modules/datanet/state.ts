/** Owns the layout of the datanet store. */
import { indexed, item, key, map, schema, sequence, set, value } from "../../chain/store/collections.ts";
import { NoticeStatus, RecordStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";

type Record = Messages["tributary.datanet.v1.Record"];

/**
 * A text is taken until its record is struck as a copy or as misdeclared, or rejected: then somebody may submit it anew. One
 * that was taken down, or that nobody showed, stays taken: else whoever had a record removed could bring its text as his own.
 */
const HOLDING: ReadonlySet<number> = new Set([
  RecordStatus.RECORD_STATUS_PENDING,
  RecordStatus.RECORD_STATUS_FINAL,
  RecordStatus.RECORD_STATUS_SUSPENDED,
  RecordStatus.RECORD_STATUS_REMOVED,
  RecordStatus.RECORD_STATUS_WITHHELD,
]);

function holdsItsText({ status }: Record): boolean {
  return HOLDING.has(status);
}

/** A notice holds bonds and waits for something. */
function isOpen({ status }: Messages["tributary.datanet.v1.Notice"]): boolean {
  return status === NoticeStatus.NOTICE_STATUS_OPEN || status === NoticeStatus.NOTICE_STATUS_COUNTERED;
}

const byDatanet = key.pair(key.uint64, key.uint64);
const byRecordAndAccount = key.triple(key.uint64, key.uint64, key.address);

export const state = schema("datanet", {
  datanets: indexed(0x01, key.uint64, value.proto("tributary.datanet.v1.Datanet"), {
    name: { prefix: 0x02, by: key.string, of: (datanet): string => datanet.name, unique: true },
  }),
  /** By datanet and number: walking a datanet's records walks them from the earliest on. */
  records: indexed(0x03, byDatanet, value.proto("tributary.datanet.v1.Record"), {
    contentHash: {
      prefix: 0x04,
      by: key.pair(key.uint64, key.bytes),
      of: (record): readonly [bigint, Uint8Array] | undefined =>
        holdsItsText(record) ? [record.datanetId, record.contentHash] : undefined,
      unique: true,
    },
    /** A text root names its text as surely as the hash does; without it one text could be claimed under a false hash. */
    textRoot: {
      prefix: 0x05,
      by: key.pair(key.uint64, key.bytes),
      of: (record): readonly [bigint, Uint8Array] | undefined =>
        holdsItsText(record) ? [record.datanetId, record.textRoot] : undefined,
      unique: true,
    },
  }),
  members: map(0x06, key.pair(key.uint64, key.address), value.proto("tributary.datanet.v1.Member")),
  /** Accounts that are paid at another address, as its text. */
  payoutAddresses: map(0x07, key.address, value.string),
  params: item(0x08, value.proto("tributary.datanet.v1.Params")),
  accumulators: map(0x09, key.uint64, value.proto("tributary.datanet.v1.Accumulator")),
  /** By datanet, level and index: the roots of perfect trees of 256, 65,536 and so on records. */
  accumulatorNodes: map(0x0a, key.triple(key.uint64, key.uint32, key.uint64), value.bytes),
  fingerprints: map(0x0b, byDatanet, value.proto("tributary.datanet.v1.Fingerprint")),
  /** By datanet and hash: the number of the record that had the k-gram first. */
  grams: map(0x0c, byDatanet, value.uint64),
  commitmentCount: sequence(0x0d),
  commitments: indexed(0x0e, key.uint64, value.proto("tributary.datanet.v1.Commitment"), {
    /** By datanet and contributor. */
    contributor: {
      prefix: 0x0f,
      by: key.pair(key.uint64, key.string),
      of: (commitment): readonly [bigint, string] => [commitment.datanetId, commitment.contributor],
    },
  }),
  attestations: map(
    0x10,
    key.triple(key.uint64, key.uint64, key.pair(key.address, key.uint32)),
    value.proto("tributary.datanet.v1.Attestation"),
  ),
  curationVotes: map(0x11, byRecordAndAccount, value.proto("tributary.datanet.v1.CurationVote")),
  scores: map(0x12, byRecordAndAccount, value.proto("tributary.datanet.v1.Score")),
  notices: indexed(0x13, key.uint64, value.proto("tributary.datanet.v1.Notice"), {
    /** By datanet. */
    datanet: { prefix: 0x14, by: key.uint64, of: (notice): bigint => notice.datanetId },
    /** The one notice about a record that is neither upheld nor dismissed. */
    open: {
      prefix: 0x1e,
      by: byDatanet,
      of: (notice): readonly [bigint, bigint] | undefined =>
        isOpen(notice) ? [notice.datanetId, notice.number] : undefined,
      unique: true,
    },
  }),
  segments: map(0x15, byDatanet, value.proto("tributary.datanet.v1.Segment")),
  placements: map(0x16, byDatanet, value.proto("tributary.datanet.v1.Placement")),
  versions: map(0x17, byDatanet, value.proto("tributary.datanet.v1.Version")),
  encryptionKeys: map(0x18, key.address, value.bytes),
  /** By datanet, grantee and key version. */
  accessGrants: map(
    0x19,
    key.triple(key.uint64, key.address, key.uint32),
    value.proto("tributary.datanet.v1.AccessGrant"),
  ),
  tokenSupplies: map(0x1a, key.uint64, value.proto("tributary.datanet.v1.TokenSupply")),
  accesses: map(0x1b, key.pair(key.uint64, key.address), value.proto("tributary.datanet.v1.Access")),
  newcomers: map(0x1c, key.pair(key.uint64, key.address), value.proto("tributary.datanet.v1.Newcomer")),
  demands: indexed(0x1f, key.uint64, value.proto("tributary.datanet.v1.Demand"), {
    /** By datanet and segment; those of records are of segment 0. */
    segment: {
      prefix: 0x20,
      by: byDatanet,
      of: (demand): readonly [bigint, bigint] => [demand.datanetId, demand.segment],
    },
    /** Those of records, by datanet and number. */
    record: {
      prefix: 0x22,
      by: byDatanet,
      of: (demand): readonly [bigint, bigint] | undefined =>
        demand.segment === 0n ? [demand.datanetId, demand.number] : undefined,
    },
  }),
  demandCount: sequence(0x21),
  /** By time in seconds, kind (keeper/deadlines.ts), and the two numbers that name what is due. */
  deadlines: set(0x1d, key.triple(key.uint64, key.uint32, byDatanet)),
});
