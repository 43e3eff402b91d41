/** Owns the layout of the attribution store. */
import { indexed, item, key, map, schema, sequence, set, value } from "../../chain/store/collections.ts";
import { UseStatus } from "../../proto/enums.gen.ts";

export const state = schema("attribution", {
  params: item(0x00, value.proto("tributary.attribution.v1.Params")),
  uses: indexed(0x01, key.uint64, value.proto("tributary.attribution.v1.Use"), {
    /** Open uses by model. */
    open: {
      prefix: 0x02,
      by: key.uint64,
      of: (use): bigint | undefined => (use.status === UseStatus.USE_STATUS_OPEN ? use.modelId : undefined),
    },
  }),
  /** By use: the key to prove a payout with is 03 and the use's number, big-endian. */
  payouts: map(0x03, key.uint64, value.proto("tributary.attribution.v1.Payout")),
  earnings: map(0x04, key.pair(key.address, key.string), value.proto("tributary.attribution.v1.Earnings")),
  /** By number: the key to prove a batch with is 05 and its number, big-endian. */
  batches: map(0x05, key.uint64, value.proto("tributary.attribution.v1.Batch")),
  /** Challenges that wait for an answer. */
  challenges: indexed(0x06, key.uint64, value.proto("tributary.attribution.v1.Challenge"), {
    batch: { prefix: 0x07, by: key.uint64, of: (challenge): bigint => challenge.batchId },
  }),
  challengeCount: sequence(0x08),
  /** What a time brings: the second in which it is due, what (`Due`), and of which number. */
  due: set(0x09, key.pair(key.uint64, key.pair(key.uint64, key.uint64))),
  /** By batch and group of 64 payees: a bit for each that was paid. */
  claimed: map(0x0a, key.pair(key.uint64, key.uint64), value.uint64),
  tables: map(0x0b, key.uint64, value.proto("tributary.attribution.v1.TermTable")),
  /** By datanet and version. */
  pools: map(0x0c, key.pair(key.uint64, key.uint64), value.proto("tributary.attribution.v1.LineagePool")),
  /** By datanet, version and record: the pool's accumulator when the record was last paid. */
  lineageClaims: map(0x0d, key.pair(key.pair(key.uint64, key.uint64), key.uint64), value.int),
  /** The same for what attested scores pay. */
  attestedClaims: map(0x0e, key.pair(key.pair(key.uint64, key.uint64), key.uint64), value.int),
  /** By datanet, version and record: those that have left. */
  leavers: set(0x13, key.pair(key.pair(key.uint64, key.uint64), key.uint64)),
  /** What was ever given to backers of models. */
  backed: item(0x0f, value.int),
  /** Disputes about lineages that are open or were proved; beside one that was proved a version has no other. */
  disputes: indexed(0x10, key.uint64, value.proto("tributary.attribution.v1.LineageDispute"), {
    version: {
      prefix: 0x11,
      by: key.pair(key.uint64, key.uint32),
      of: (dispute): readonly [bigint, number] => [dispute.modelId, dispute.modelVersion],
    },
  }),
  /** By version of a model and record: the dispute in which it was shown that the version's lineage leaves the record out. */
  omissions: map(0x14, key.pair(key.pair(key.uint64, key.uint32), key.pair(key.uint64, key.uint64)), value.uint64),
  /** By host. */
  exposures: map(0x12, key.address, value.proto("tributary.attribution.v1.InlineExposure")),
});

/** What can be due in `state.due`, in the order in which a block works it off. */
export const Due = {
  /** The lot that decides whether a batch is audited. */
  AUDIT: 0n,
  /** The end of the time to answer a challenge. */
  ANSWER: 1n,
  /** The end of a batch's window. */
  BATCH: 2n,
  /** The end of the time to claim from a final batch. */
  SWEEP: 3n,
  /** The end of the time to answer a dispute about a lineage. */
  DISPUTE: 4n,
} as const;

/** Where `state.omissions` has a record of a version. */
export function omissionKey(
  { modelId, modelVersion }: { readonly modelId: bigint; readonly modelVersion: number },
  { datanetId, number }: { readonly datanetId: bigint; readonly number: bigint },
) {
  return [
    [modelId, modelVersion],
    [datanetId, number],
  ] as const;
}
