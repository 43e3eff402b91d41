/** Owns the layout of the model store. */
import { indexed, item, key, map, schema, sequence, set, value } from "../../chain/store/collections.ts";
import { MilestoneStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_WEIGHT } from "./limits.ts";

export type Params = Messages["tributary.model.v1.Params"];
export type Model = Messages["tributary.model.v1.Model"];
export type Version = Messages["tributary.model.v1.Version"];
export type Lineage = Messages["tributary.model.v1.Lineage"];
export type Parent = Messages["tributary.model.v1.Parent"];
export type StackShare = Messages["tributary.model.v1.StackShare"];
export type LineageWeight = Messages["tributary.model.v1.LineageWeight"];
export type Operator = Messages["tributary.model.v1.Operator"];
export type Offer = Messages["tributary.model.v1.Offer"];
export type Backing = Messages["tributary.model.v1.Backing"];
export type Curve = Messages["tributary.model.v1.Curve"];
export type Milestone = Messages["tributary.model.v1.Milestone"];
export type Position = Messages["tributary.model.v1.Position"];

export const state = schema("model", {
  params: item(0x00, value.proto("tributary.model.v1.Params")),
  models: map(0x01, key.uint64, value.proto("tributary.model.v1.Model")),
  versions: indexed(0x02, key.pair(key.uint64, key.uint32), value.proto("tributary.model.v1.Version"), {
    /** By weights, the earliest registration first. */
    weights: {
      prefix: 0x03,
      by: key.pair(key.bytes, key.int64),
      of: (version): readonly [Uint8Array, bigint] => [version.weightsHash, version.height],
    },
    /** By weights and who signed for them: nobody registers the same twice. */
    signer: {
      prefix: 0x0c,
      by: key.pair(key.bytes, key.bytes),
      of: (version): readonly [Uint8Array, Uint8Array] => [version.weightsHash, version.pubKey],
      unique: true,
    },
  }),
  /** Which model was ever derived from which: the derived one first. */
  derived: set(0x04, key.pair(key.uint64, key.uint64)),
  operators: map(0x05, key.address, value.proto("tributary.model.v1.Operator")),
  bondWithdrawals: indexed(0x06, key.uint64, value.proto("tributary.model.v1.BondWithdrawal"), {
    operator: { prefix: 0x07, by: key.string, of: (row): string => row.operator },
    end: { prefix: 0x08, by: key.int64, of: (row): bigint => row.completesAt },
  }),
  offers: indexed(0x09, key.pair(key.address, key.uint64), value.proto("tributary.model.v1.Offer"), {
    /** By base model, then the heaviest bond first. */
    rank: {
      prefix: 0x0a,
      by: key.pair(key.uint64, key.uint64),
      of: (offer): readonly [bigint, bigint] => [offer.modelId, MAX_WEIGHT - offer.weight],
    },
  }),
  mounts: map(0x0b, key.pair(key.address, key.uint64), value.proto("tributary.model.v1.Mount")),
  backings: indexed(0x0d, key.uint64, value.proto("tributary.model.v1.Backing"), {
    /** The heaviest first; models that are not listed have no place. */
    rank: {
      prefix: 0x0e,
      by: key.uint64,
      of: (backing): bigint | undefined => (backing.listed ? MAX_WEIGHT - backing.weight : undefined),
    },
  }),
  epochStarts: map(0x0f, key.pair(key.uint64, key.uint64), value.proto("tributary.model.v1.EpochStart")),
  positions: map(0x10, key.pair(key.uint64, key.address), value.proto("tributary.model.v1.Position")),
  unbackings: indexed(0x11, key.uint64, value.proto("tributary.model.v1.Unbacking"), {
    owner: {
      prefix: 0x12,
      by: key.pair(key.string, key.uint64),
      of: (row): readonly [string, bigint] => [row.backer, row.modelId],
    },
    end: { prefix: 0x13, by: key.int64, of: (row): bigint => row.completesAt },
  }),
  withdrawals: sequence(0x14),
  curves: map(0x15, key.uint64, value.proto("tributary.model.v1.Curve")),
  milestones: indexed(0x16, key.pair(key.uint64, key.uint64), value.proto("tributary.model.v1.Milestone"), {
    /** Those that are still to be decided. */
    end: {
      prefix: 0x17,
      by: key.int64,
      of: (row): bigint | undefined =>
        row.status === MilestoneStatus.MILESTONE_STATUS_OPEN ? row.decidesAt : undefined,
    },
  }),
});
