/**
 * Owns datanets as the module sees them that settles uses (modules/attribution): what their validators' scores are worth
 * and the accesses that uses pay for, beside what the keeper tells everybody. It does not own settlements or money.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { DatanetKeeper } from "../keeper.ts";
import { accessAtOnce } from "./access.ts";
import { attestedPpm } from "./curation.ts";

/** The datanets' keeper, for the module that settles uses. */
export function attributed(keeper: DatanetKeeper) {
  return {
    datanet: (ctx: Read, datanetId: bigint) => keeper.datanet(ctx, datanetId),
    findRecord: (ctx: Read, datanetId: bigint, number: bigint) => keeper.findRecord(ctx, datanetId, number),
    isEarning: keeper.isEarning,
    isInVersion: (ctx: Read, datanetId: bigint, version: bigint, number: bigint): boolean =>
      keeper.isInVersion(ctx, datanetId, version, number),
    payoutAddress: (ctx: Read, contributor: Uint8Array): Uint8Array => keeper.payoutAddress(ctx, contributor),
    /** What a record's scores are worth, in parts per million; undefined while no validator has scored it. Throws datanet/9. */
    attestedPpm: (ctx: Read, datanetId: bigint, number: bigint): number | undefined =>
      attestedPpm(keeper, ctx, datanetId, number),
    /** Counts licensed accesses that were paid for as a use: units of the datanet's token, made and spent at once. */
    accessAtOnce: (ctx: Write, holder: Uint8Array, datanetId: bigint, units: bigint): void => {
      accessAtOnce(ctx, holder, datanetId, units);
    },
  };
}
