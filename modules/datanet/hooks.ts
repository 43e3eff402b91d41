/**
 * Owns what datanet tells other modules: that what a contributor may earn by is about to change. Streaming splits
 * settle what was earned before, by the weights that are still in the state. It does not own who listens (modules/app.ts).
 */
import type { Write } from "../../chain/module/context.ts";

/** What a contributor's records count for in a datanet: those that may earn. */
export interface Weight {
  readonly records: bigint;
  readonly bytes: bigint;
}

/** What a listener may want to hear. */
export interface DatanetHooks {
  /** The weight of `contributor` in the datanet is `before` now and will be `after`. */
  beforeWeightChanged(ctx: Write, datanetId: bigint, contributor: Uint8Array, before: Weight, after: Weight): void;
}

/** All listeners, told one after another. A listener that throws undoes what it was told of. */
export class DatanetHookList implements DatanetHooks {
  #listeners: readonly DatanetHooks[] | undefined;

  /** Once, when the modules are built: listeners are built after datanet, which they use. */
  listen(listeners: readonly DatanetHooks[]): void {
    if (this.#listeners !== undefined) throw new Error("datanet's listeners are named twice");
    this.#listeners = listeners;
  }

  beforeWeightChanged(...call: Parameters<DatanetHooks["beforeWeightChanged"]>): void {
    for (const listener of this.#listeners ?? []) listener.beforeWeightChanged(...call);
  }
}
