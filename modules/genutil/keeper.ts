// Owns: what genutil needs from its neighbours. Does not own: staking's state.

import type { ValidatorUpdate, Write } from "../../chain/module/context.ts";

/** What genutil needs from its neighbours, and no more. */
export interface GenutilUses {
  /** The validator updates that the transactions just run have caused. */
  readonly validatorUpdates: (ctx: Write) => readonly ValidatorUpdate[];
}

export class GenutilKeeper {
  readonly uses: GenutilUses;

  constructor(uses: GenutilUses) {
    this.uses = uses;
  }
}
