/** Owns what must always hold of datanets. */
import type { Read } from "../../chain/module/context.ts";
import { exportAll, validate } from "./genesis.ts";
import type { DatanetKeeper } from "./keeper.ts";

export const invariants = {
  /** Numbers have no gaps, and every datanet counts its records, their bytes and its members rightly. */
  counts: (_: DatanetKeeper, ctx: Read): string | undefined => {
    try {
      validate(exportAll(ctx));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
};
