// Owns: what distribution stores, with the Cosmos SDK's prefixes and key layouts (x/distribution/types/keys.go), and its parameters' defaults.
// Does not own: what is done with it (keeper/).

import { item, key, map, schema, value } from "../../chain/store/collections.ts";
import { Dec } from "../../chain/types/dec.ts";
import type { Messages } from "../../proto/types.gen.ts";

export type Params = Messages["cosmos.distribution.v1beta1.Params"];
export type StartingInfo = Messages["cosmos.distribution.v1beta1.DelegatorStartingInfo"];

const operator = key.prefixedValidatorAddress;

export const state = schema("distribution", {
  feePool: item(0x00, value.proto("cosmos.distribution.v1beta1.FeePool")),
  /** The consensus address of the last block's proposer. */
  previousProposer: item(0x01, value.proto("tributary.store.v1.BytesValue")),
  outstandingRewards: map(0x02, operator, value.proto("cosmos.distribution.v1beta1.ValidatorOutstandingRewards")),
  withdrawAddresses: map(0x03, key.prefixedAddress, value.bytes),
  startingInfos: map(
    0x04,
    key.pair(operator, key.prefixedAddress),
    value.proto("cosmos.distribution.v1beta1.DelegatorStartingInfo"),
  ),
  /** By the number of the period, which the SDK writes in little-endian. */
  historicalRewards: map(
    0x05,
    key.pair(operator, key.uint64LittleEndian),
    value.proto("cosmos.distribution.v1beta1.ValidatorHistoricalRewards"),
  ),
  currentRewards: map(0x06, operator, value.proto("cosmos.distribution.v1beta1.ValidatorCurrentRewards")),
  commissions: map(0x07, operator, value.proto("cosmos.distribution.v1beta1.ValidatorAccumulatedCommission")),
  /** By height and by the number of the period that the slash ended. */
  slashEvents: map(
    0x08,
    key.triple(operator, key.uint64, key.uint64),
    value.proto("cosmos.distribution.v1beta1.ValidatorSlashEvent"),
  ),
  params: item(0x09, value.proto("cosmos.distribution.v1beta1.Params")),
});

/** The SDK's defaults: a fiftieth for the community. */
export const DEFAULT_PARAMS: Params = {
  communityTax: Dec.parse("0.02").toWire(),
  baseProposerReward: Dec.zero.toWire(),
  bonusProposerReward: Dec.zero.toWire(),
  withdrawAddrEnabled: true,
};

/** Throws a sentence for a tax out of range (x/distribution/types/params.go). */
export function validateParams({ communityTax }: Params): void {
  const tax = Dec.fromWire(communityTax);
  if (tax.isNegative()) throw new Error(`community tax must be positive: ${tax}`);
  if (tax.greaterThan(Dec.one)) throw new Error(`community tax too large: ${tax}`);
}
